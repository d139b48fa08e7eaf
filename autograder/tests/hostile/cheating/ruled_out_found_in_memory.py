"""Find what is ruled out among all objects of the process.

Exercise: tanh
Expect: error
Says: StopIteration
"""

import gc

import numpy as np


def tanh(x):
    objects = (value for container in gc.get_objects() for value in gc.get_referents(container))
    return next(value for value in objects if isinstance(value, np.ufunc) and value.__name__ == "tanh")(x)
