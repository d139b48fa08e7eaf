"""nbgrader's side: courses whose usual commands grade with our engine in place of the kernel."""
