"""Write on the channel when an object is thrown away, in the middle of the worker's own work.

Expect: error
Says: wrote into the grader's channel
"""

import os

import numpy as np


class Late:
    def __del__(self):
        os.write(3, b"late")


def relu(x):
    Late()
    return np.maximum(x, 0)
