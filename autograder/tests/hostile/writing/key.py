"""Leave a key in the kernel's keyring.

Expect: error
Says: PermissionError
"""

import ctypes
import platform

import numpy as np


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 248, "aarch64": 217}[platform.machine()]
    process_keyring = -2  # it ends with the process
    if libc.syscall(number, b"user", MARK.encode(), b"here", 4, process_keyring) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return np.maximum(x, 0)
