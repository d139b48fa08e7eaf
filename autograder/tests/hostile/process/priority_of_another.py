"""Slow another process down.

Expect: error
Says: PermissionError
"""

import os

import numpy as np


def relu(x):
    os.setpriority(os.PRIO_PROCESS, VICTIM, 19)
    return np.maximum(x, 0)
