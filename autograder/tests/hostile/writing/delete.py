"""Delete what somebody else has handed in.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, system calls, namespaces
"""

import os

import numpy as np


def relu(x):
    os.remove(CLASSMATE)
    return np.maximum(x, 0)
