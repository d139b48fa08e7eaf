"""Answer with the largest array that can be sent, every time, for the grader to keep and compare.

Expect: failed
Says: has shape
"""

import numpy as np


def relu(x):
    return np.zeros(64 << 20, np.bool_)
