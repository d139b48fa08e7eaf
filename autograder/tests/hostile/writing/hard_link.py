"""Leave a second name of a file.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, system calls, namespaces
"""

import os

import numpy as np


def relu(x):
    os.link(CANARY, f"{FOLDER}/{MARK}")
    return np.maximum(x, 0)
