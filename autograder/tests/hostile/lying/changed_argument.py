"""Change the argument in place, so that what is expected is computed from it.

Expect: failed
Says: wrong
"""

import numpy as np


def relu(x):
    x[...] = 0
    return np.zeros(x.shape)
