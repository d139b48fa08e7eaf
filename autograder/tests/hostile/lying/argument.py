"""Answer with the argument itself, so that it is compared with itself.

Expect: failed
Says: wrong
"""


def relu(x):
    return x
