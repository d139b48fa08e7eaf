"""Pretend to write: nothing of what the worker sends arrives.

Expect: error
Says: left out: it did not end
"""

import os

import numpy as np

os.write = lambda descriptor, data: len(data)


def relu(x):
    return np.maximum(x, 0)
