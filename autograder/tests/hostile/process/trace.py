"""Attach to another process as a debugger.

Expect: error
Says: PermissionError
"""

import ctypes

import numpy as np


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    seize = 0x4206  # which does not stop the process
    if libc.ptrace(seize, VICTIM, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return np.maximum(x, 0)
