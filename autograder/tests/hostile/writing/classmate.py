"""Spoil what somebody else has handed in.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, namespaces
"""

import numpy as np


def relu(x):
    open(CLASSMATE, "w")
    return np.maximum(x, 0)
