"""Read a file past Python, with the C library.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, namespaces
"""

import ctypes
import os


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.open(CANARY.encode(), os.O_RDONLY)
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), "refused")
    raise RuntimeError(os.read(descriptor, 100))
