"""Grade deep-learning exercises with hidden tests that never meet the learner's code."""

__version__ = "0.1.0"
