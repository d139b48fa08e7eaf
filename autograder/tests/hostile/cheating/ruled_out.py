"""Let NumPy do what the statement asks to do by hand.

Exercise: tanh
Expect: forbidden
Says: numpy.tanh
"""

import numpy as np


def tanh(x):
    return np.tanh(x)
