"""Answer with an array that is larger than an answer may be.

Expect: error
Says: too large to be sent
"""

import numpy as np


def relu(x):
    return np.zeros((64 << 20) + 1, np.uint8)
