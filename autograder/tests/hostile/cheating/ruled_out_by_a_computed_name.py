"""Let NumPy do what is ruled out, by a name that is put together when it is needed.

Exercise: tanh
Expect: forbidden
Says: numpy.tanh
"""

import numpy as np


def tanh(x):
    return getattr(np, "ta" + "nh")(x)
