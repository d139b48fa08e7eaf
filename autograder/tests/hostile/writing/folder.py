"""Make a folder.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, system calls, namespaces
"""

import os

import numpy as np


def relu(x):
    os.mkdir(f"{FOLDER}/{MARK}")
    return np.maximum(x, 0)
