"""Answer with an array that is equal to everything.

Expect: failed
Says: an object of type submission.Equal
"""

import numpy as np


class Equal(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)

    __ne__ = __lt__ = __gt__ = lambda self, other: np.zeros(self.shape, bool)


def relu(x):
    return x.view(Equal)
