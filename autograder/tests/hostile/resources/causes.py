"""Raise an exception with a hundred thousand causes.

Expect: error
Says: ValueError
"""


def relu(x):
    error = ValueError("the first")
    for number in range(100_000):
        later = ValueError(number)
        later.__cause__ = error
        error = later
    raise error
