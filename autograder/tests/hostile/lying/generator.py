"""Answer with values that are not computed yet.

Expect: failed
Says: an object of type builtins.generator
"""


def relu(x):
    yield from x
