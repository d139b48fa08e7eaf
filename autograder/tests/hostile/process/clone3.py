"""Make another process with the newest of the calls for it.

Expect: error
Says: Function not implemented
"""

import ctypes
import os
import struct

import numpy as np


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = struct.pack("11Q", 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)
    child = libc.syscall(435, arguments, len(arguments))
    if child == 0:
        os._exit(0)
    if child < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return np.maximum(x, 0)
