"""Answer with an object that says that it is an array.

Expect: failed
Says: an object of type submission.Pretender
"""

import numpy as np


class Pretender:
    @property
    def __class__(self):
        return np.ndarray


def relu(x):
    return Pretender()
