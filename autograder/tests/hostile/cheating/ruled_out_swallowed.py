"""Let NumPy do what is ruled out, and hide the refusal behind a right answer.

Exercise: tanh
Expect: forbidden
Says: numpy.tanh
"""

import numpy as np


def tanh(x):
    try:
        return np.tanh(x)
    except Exception:
        z = np.exp(-2 * np.abs(x))
        return np.copysign((1 - z) / (1 + z), x)
