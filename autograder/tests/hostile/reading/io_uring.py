"""Read a file with io_uring, whose requests no filter of system calls sees.

Expect: error
Says: PermissionError
"""

import ctypes

import numpy as np


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(425, 8, ctypes.create_string_buffer(120)) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return np.maximum(x, 0)
