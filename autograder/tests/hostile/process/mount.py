"""Hide a folder below another file system.

Expect: error
Says: PermissionError
"""

import ctypes

import numpy as np


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"none", f"{FOLDER}/missing".encode(), b"tmpfs", 0, None) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return np.maximum(x, 0)
