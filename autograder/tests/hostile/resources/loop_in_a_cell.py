"""Compute for ever while the submission is loaded.

Expect: error
Says: left out: it did not end within 1 seconds
"""

while True:
    pass
