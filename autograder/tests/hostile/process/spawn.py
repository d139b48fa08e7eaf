"""Start a program.

Expect: error
Says: PermissionError
"""

import os

import numpy as np


def relu(x):
    os.posix_spawn("/bin/true", ["true"], {})
    return np.maximum(x, 0)
