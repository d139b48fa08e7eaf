"""Kill a process by naming its thread.

Expect: error
Says: PermissionError
"""

import ctypes
import platform
import signal

import numpy as np


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    tkill = {"x86_64": 200, "aarch64": 130}[platform.machine()]
    if libc.syscall(tkill, VICTIM, signal.SIGKILL) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return np.maximum(x, 0)
