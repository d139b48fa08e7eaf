"""Ask not to be ended with the process that started this one, and to be readable by others.

Expect: error
Says: PermissionError
"""

import ctypes

import numpy as np


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(1, 0, 0, 0, 0) < 0 or libc.prctl(4, 1, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return np.maximum(x, 0)
