"""Answer every call like the first one.

Expect: failed, 3 points
Says: wrong|has shape
"""

import functools

import numpy as np


@functools.cache
def first():
    return []


def relu(x):
    if not first():
        first().append(np.maximum(x, 0))
    return first()[0]
