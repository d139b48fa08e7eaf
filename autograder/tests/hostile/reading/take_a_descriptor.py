"""Take a descriptor out of the parent process with pidfd_getfd.

Expect: error
Says: PermissionError
"""

import ctypes
import os

import numpy as np


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    pidfd = libc.syscall(434, os.getppid(), 0)
    if pidfd < 0 or libc.syscall(438, pidfd, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return np.maximum(x, 0)
