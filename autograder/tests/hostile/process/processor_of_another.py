"""Push another process onto one processor.

Expect: error
Says: PermissionError
"""

import os

import numpy as np


def relu(x):
    os.sched_setaffinity(VICTIM, {0})
    return np.maximum(x, 0)
