"""Answer with an array of text.

Expect: failed
Says: dtype
"""


def relu(x):
    return x.astype(str)
