"""Answer with an array of objects.

Expect: failed
Says: dtype object
"""

import numpy as np


class Zero:
    def __eq__(self, other):
        return True


def relu(x):
    return np.full(x.shape, Zero(), dtype=object)
