"""Let the kernel send a signal to the grader whenever the channel has something to read.

Expect: error
Says: PermissionError
"""

import fcntl

import numpy as np


def relu(x):
    fcntl.fcntl(3, fcntl.F_SETOWN, GRADER)
    return np.maximum(x, 0)
