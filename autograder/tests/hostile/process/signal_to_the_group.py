"""Send a signal to the whole group of processes.

Expect: error
Says: PermissionError
"""

import os
import signal

import numpy as np


def relu(x):
    os.kill(0, signal.SIGCONT)
    return np.maximum(x, 0)
