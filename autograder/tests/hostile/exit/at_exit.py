"""Register something to be run at the end, where the verdict might be read.

Expect: passed
"""

import atexit
import os

import numpy as np

atexit.register(lambda: os.write(3, b"late"))


def relu(x):
    return np.maximum(x, 0)
