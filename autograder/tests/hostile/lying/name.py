"""Answer with an array of a class that is named like NumPy's own.

Expect: failed
Says: an object of type numpy.ndarray
"""

import numpy as np


class ndarray(np.ndarray):  # noqa: N801
    __module__ = "numpy"

    def __eq__(self, other):
        return True


def relu(x):
    return x.view(ndarray)
