"""Make a system call by the numbers of another architecture, for which a filter may not be meant.

Expect: error
Says: ended its own process
"""

import ctypes
import os
import platform

import numpy as np


def relu(x):
    if platform.machine() != "x86_64":
        os._exit(1)  # there is no such thing
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(0x40000000 + 39) < 0:  # x32's getpid
        raise OSError(ctypes.get_errno(), "refused")
    return np.maximum(x, 0)
