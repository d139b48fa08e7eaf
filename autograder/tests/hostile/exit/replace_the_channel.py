"""Put the null device in the place of the channel, so that the grader waits for an answer.

Expect: error
Says: ended its own process
"""

import os

import numpy as np


def relu(x):
    os.dup2(0, 3)
    return np.maximum(x, 0)
