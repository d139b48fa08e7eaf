"""Let a timer of the kernel send signals.

Expect: error
Says: PermissionError
"""

import ctypes

import numpy as np


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.timer_create(0, None, ctypes.byref(ctypes.c_void_p())) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return np.maximum(x, 0)
