"""Use up the memory with many objects.

Expect: error
Says: MemoryError
"""

import numpy as np


def relu(x):
    return [np.zeros(1 << 20) for _ in range(1 << 10)]
