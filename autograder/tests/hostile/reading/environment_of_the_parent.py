"""Read the environment of the parent process.

Expect: error
Says: (Permission|FileNotFound)Error
"""

import os

import numpy as np


def relu(x):
    open(f"/proc/{os.getppid()}/environ").read()
    return np.maximum(x, 0)
