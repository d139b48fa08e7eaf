"""Answer with an array whose wrong entries are masked out.

Expect: failed
Says: an object of type numpy.ma
"""

import numpy as np


def relu(x):
    return np.ma.masked_all(x.shape)
