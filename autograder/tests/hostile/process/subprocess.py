"""Start a program, the usual way.

Expect: error
Says: PermissionError
"""

import subprocess

import numpy as np


def relu(x):
    subprocess.run(["true"])
    return np.maximum(x, 0)
