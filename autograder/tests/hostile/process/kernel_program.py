"""Load a program into the kernel.

Expect: error
Says: PermissionError
"""

import ctypes
import platform

import numpy as np


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 321, "aarch64": 280}[platform.machine()]
    if libc.syscall(number, 0, ctypes.create_string_buffer(128), 128) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return np.maximum(x, 0)
