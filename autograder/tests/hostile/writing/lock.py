"""Lock a file that the grader may need.

Expect: error
Says: PermissionError
"""

import fcntl
import sysconfig

import numpy as np


def relu(x):
    readable = open(f"{sysconfig.get_path('stdlib')}/os.py")
    fcntl.flock(readable, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return np.maximum(x, 0)
