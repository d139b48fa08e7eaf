"""Answer with NaN, which is neither smaller nor larger than any tolerance.

Expect: failed
Says: NaN
"""

import numpy as np


def relu(x):
    return np.full(x.shape, np.nan)
