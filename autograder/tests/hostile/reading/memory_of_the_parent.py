"""Read the memory of the parent process, which has the same owner.

Expect: error
Says: PermissionError
"""

import os

import numpy as np


def relu(x):
    open(f"/proc/{os.getppid()}/mem", "rb")
    return np.maximum(x, 0)
