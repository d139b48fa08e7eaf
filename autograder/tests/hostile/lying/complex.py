"""Answer with complex numbers, whose imaginary part a comparison may overlook.

Expect: failed
Says: real numbers are expected
"""

import numpy as np


def relu(x):
    return np.maximum(x, 0) + 0j
