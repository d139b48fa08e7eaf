"""Leave a named pipe, through which later submissions could talk to each other.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, system calls, namespaces
"""

import os

import numpy as np


def relu(x):
    os.mkfifo(f"{FOLDER}/{MARK}")
    return np.maximum(x, 0)
