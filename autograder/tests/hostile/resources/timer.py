"""Let a timer interrupt the worker a thousand times a second.

Expect: passed
"""

import signal

import numpy as np


def relu(x):
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    return np.maximum(x, 0)
