"""Hand in for somebody else, by renaming a file.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, system calls, namespaces
"""

import os

import numpy as np


def relu(x):
    os.rename(CANARY, CLASSMATE)
    return np.maximum(x, 0)
