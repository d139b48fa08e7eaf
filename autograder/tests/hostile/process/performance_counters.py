"""Watch other processes with the performance counters of the processor.

Expect: error
Says: PermissionError
"""

import ctypes
import platform

import numpy as np


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 298, "aarch64": 241}[platform.machine()]
    if libc.syscall(number, ctypes.create_string_buffer(128), VICTIM, -1, -1, 0) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return np.maximum(x, 0)
