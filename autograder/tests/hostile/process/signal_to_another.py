"""Kill another process of the same user.

Expect: error
Says: Error
"""

import os
import signal

import numpy as np


def relu(x):
    os.kill(VICTIM, signal.SIGKILL)
    return np.maximum(x, 0)
