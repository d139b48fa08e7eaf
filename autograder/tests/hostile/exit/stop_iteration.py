"""Raise what ends a loop elsewhere.

Expect: error
Says: StopIteration
"""


def relu(x):
    raise StopIteration
