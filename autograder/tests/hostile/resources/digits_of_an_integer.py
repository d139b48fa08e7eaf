"""Write out an integer of ten million digits, after lifting Python's own limit.

Expect: timeout
Says: 1 seconds of computing
"""

import sys

import numpy as np


def relu(x):
    sys.set_int_max_str_digits(0)
    return np.maximum(x, len(str(1 << (1 << 25))) * 0)
