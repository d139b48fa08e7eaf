"""Recurse without end, after lifting Python's own limit.

Expect: error
"""

import functools
import sys


@functools.lru_cache(None)
def forever(depth):
    return forever(depth + 1)


def relu(x):
    sys.setrecursionlimit(1 << 30)
    return forever(0)
