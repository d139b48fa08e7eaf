"""Use up the memory with one array.

Expect: error
Says: MemoryError
"""

import numpy as np


def relu(x):
    return np.zeros(1 << 32)
