"""Match a regular expression that takes exponential time.

Expect: timeout
Says: 1 seconds of computing
"""

import re

import numpy as np


def relu(x):
    re.match("(a*)*b", "a" * 40)
    return np.maximum(x, 0)
