"""Leave a segment of shared memory that outlives the process.

Expect: error
Says: PermissionError
Stopped by: system calls, namespaces
"""

import ctypes

import numpy as np


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.shmget(SYSV_KEY, 4096, 0o1666) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return np.maximum(x, 0)
