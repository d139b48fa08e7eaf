"""Make another process past Python, with the C library.

Expect: error
Says: PermissionError
"""

import ctypes
import os

import numpy as np


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    child = libc.fork()
    if child == 0:
        os._exit(0)
    if child < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return np.maximum(x, 0)
