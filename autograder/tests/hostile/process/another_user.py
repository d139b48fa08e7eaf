"""Become another user.

Expect: error
Says: PermissionError
"""

import os

import numpy as np


def relu(x):
    os.setuid(12345)
    return np.maximum(x, 0)
