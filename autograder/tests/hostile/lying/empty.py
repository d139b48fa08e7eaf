"""Answer with nothing, of which everything is true.

Expect: failed
Says: has shape
"""

import numpy as np


def relu(x):
    return np.zeros((0, *x.shape[1:]))
