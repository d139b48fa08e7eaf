"""Close the channel.

Expect: error
Says: ended its own process
"""

import os

import numpy as np


def relu(x):
    os.close(3)
    return np.maximum(x, 0)
