"""Change the root folder.

Expect: error
Says: PermissionError
"""

import os

import numpy as np


def relu(x):
    os.chroot("/")
    return np.maximum(x, 0)
