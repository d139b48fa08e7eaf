"""The instructor's dashboard: what the journal says about a class. Data and statistics here; the pages show them."""
