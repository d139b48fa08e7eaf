"""Find out who else has handed in.

Expect: error
Says: (Permission|FileNotFound)Error
"""

import os

import numpy as np


def relu(x):
    os.listdir(os.path.dirname(os.path.dirname(CLASSMATE)))
    return np.maximum(x, 0)
