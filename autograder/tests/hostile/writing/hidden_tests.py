"""Empty the hidden tests, so that every submission passes.

Expect: error
Says: (Permission|FileNotFound)Error
"""

import numpy as np


def relu(x):
    open(HIDDEN_TEST, "r+b")  # open for writing is enough to show it; nothing is lost if this is possible
    return np.maximum(x, 0)
