"""Answer with an array of structures.

Expect: failed
Says: dtype
"""

import numpy as np


def relu(x):
    return np.zeros(x.shape, [("a", "f4"), ("b", "O")])
