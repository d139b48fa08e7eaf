"""Be ended by a timer, between two calls.

Expect: error
Says: SIGALRM
"""

import signal
import time

import numpy as np


def relu(x):
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    time.sleep(1)
    return np.maximum(x, 0)
