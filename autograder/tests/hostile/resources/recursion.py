"""Recurse without end.

Expect: error
Says: RecursionError
"""


def relu(x):
    return relu(x)
