"""Kill the grading session.

Expect: error
Says: Error
"""

import os
import signal

import numpy as np


def relu(x):
    os.kill(GRADER, signal.SIGTERM)
    return np.maximum(x, 0)
