"""Answer with one number for all, to be spread over the expected shape.

Expect: failed
Says: came back|has shape
"""

import numpy as np


def relu(x):
    return np.zeros((1,) * x.ndim)
