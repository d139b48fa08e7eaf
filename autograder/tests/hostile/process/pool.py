"""Compute with a pool of processes.

Expect: error
Says: Error
"""

import multiprocessing

import numpy as np


def relu(x):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        pool.map(abs, [1, 2])
    return np.maximum(x, 0)
