"""Send a signal to every process there is.

Expect: error
Says: PermissionError
"""

import os
import signal

import numpy as np


def relu(x):
    os.kill(-1, signal.SIGCONT)  # which harms nothing, if it is possible
    return np.maximum(x, 0)
