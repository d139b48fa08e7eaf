"""Kill the parent process.

Expect: error
Says: PermissionError
"""

import os
import signal

import numpy as np


def relu(x):
    os.kill(os.getppid(), signal.SIGTERM)
    return np.maximum(x, 0)
