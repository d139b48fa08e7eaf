"""Leave the session and the group of processes.

Expect: error
Says: PermissionError
"""

import os

import numpy as np


def relu(x):
    os.setsid()
    return np.maximum(x, 0)
