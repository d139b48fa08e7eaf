"""Compute for ever in one operation, in which Python looks at no signal.

Expect: timeout
Says: 1 seconds of computing
"""

import numpy as np


def relu(x):
    return np.maximum(x, 3**40_000_000 % 1)
