"""Copy memory out of the grading session, in which the expected values lie.

Expect: error
Says: PermissionError
"""

import ctypes

import numpy as np


class Span(ctypes.Structure):
    _fields_ = [("start", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def relu(x):
    libc = ctypes.CDLL(None, use_errno=True)
    here, there = Span(ctypes.addressof(ctypes.create_string_buffer(8)), 8), Span(0x400000, 8)
    libc.process_vm_readv(GRADER, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
    if ctypes.get_errno() == 1:
        raise PermissionError("refused")
    return np.maximum(x, 0)
