"""Turn back the time of a late submission.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: system calls, namespaces
"""

import os

import numpy as np


def relu(x):
    os.utime(CLASSMATE, (0, 0))
    return np.maximum(x, 0)
