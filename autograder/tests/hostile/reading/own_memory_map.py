"""Learn from the list of mapped files where things lie.

Expect: error
Says: PermissionError
"""

import numpy as np


def relu(x):
    open("/proc/self/maps").read()
    return np.maximum(x, 0)
