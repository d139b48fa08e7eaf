"""Make another process.

Expect: error
Says: PermissionError
"""

import os

import numpy as np


def relu(x):
    if os.fork() == 0:
        os._exit(0)
    return np.maximum(x, 0)
