"""Answer with a tuple of a class of its own.

Expect: failed
Says: came back
"""

import collections

Answer = collections.namedtuple("ndarray", ["x"])


def relu(x):
    return Answer(x)
