"""Handle the page faults of the kernel, which helps to exploit it.

Expect: error
Says: PermissionError
"""

import ctypes
import platform

import numpy as np


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 323, "aarch64": 282}[platform.machine()]
    if libc.syscall(number, 1) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return np.maximum(x, 0)
