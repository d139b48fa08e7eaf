"""Open as many files as there can be (here: 5000 at most).

Expect: error
Says: Too many open files
"""

import os

import numpy as np


def relu(x):
    for _ in range(5000):
        os.dup(0)
    return np.maximum(x, 0)
