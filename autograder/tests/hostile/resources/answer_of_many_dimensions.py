"""Answer with an array of more dimensions than a frame may announce.

Expect: error
"""

import numpy as np


def relu(x):
    return np.zeros((1,) * 40)
