"""Find the files and sockets of the parent process.

Expect: error
Says: PermissionError
"""

import os

import numpy as np


def relu(x):
    os.readlink(f"/proc/{os.getppid()}/fd/0")
    return np.maximum(x, 0)
