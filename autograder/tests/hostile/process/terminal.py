"""Type into the terminal from which the grader was started.

Expect: error
Says: PermissionError
"""

import fcntl

import numpy as np


def relu(x):
    fcntl.ioctl(0, 0x5412, b"\n")  # TIOCSTI
    return np.maximum(x, 0)
