"""Answer many calls before they are made, of which the first one is answered rightly.

Expect: failed, 3 points
Says: has shape
"""

import os

import numpy as np

from autograder.sandbox import wire


def relu(x):
    for number in range(1, 50):
        for part in wire.encode([number, "return", np.maximum(x, 0), (), {}]):
            os.write(3, part)
    return np.maximum(x, 0)
