"""Leave a link to the hidden tests where they can be read later.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, system calls, namespaces
"""

import os

import numpy as np


def relu(x):
    os.symlink(HIDDEN_TEST, f"{FOLDER}/{MARK}")
    return np.maximum(x, 0)
