"""Answer with a list of a million numbers.

Expect: error
Says: too many parts
"""


def relu(x):
    return [0.0] * 1_000_000
