"""Answer with infinity, so that tolerances become infinite.

Expect: failed
Says: wrong
"""

import numpy as np


def relu(x):
    return np.full(x.shape, np.inf)
