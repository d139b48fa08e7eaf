"""Grading: submissions in, Results out."""
