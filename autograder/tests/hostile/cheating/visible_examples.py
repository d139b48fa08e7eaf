"""Know the answers to the visible tests by heart.

Expect: failed
Says: wrong|has shape
"""

import numpy as np

KNOWN = {
    (-2.0, 0.0, 3.0): [0.0, 0.0, 3.0],
    (1.0, -1.0, 0.5, -4.0, 2.0, -0.1): [[1.0, 0.0, 0.5], [0.0, 2.0, 0.0]],
}


def relu(x):
    return np.array(KNOWN.get(tuple(x.ravel()), np.zeros(x.shape)))
