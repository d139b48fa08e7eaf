"""Take the right to read a file away from the grader.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: system calls, namespaces
"""

import os

import numpy as np


def relu(x):
    os.chmod(CLASSMATE, 0)
    return np.maximum(x, 0)
