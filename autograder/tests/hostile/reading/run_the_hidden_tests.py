"""Run the hidden tests as a script, to get hold of the oracle.

Expect: error
Says: (Permission|FileNotFound)Error
"""

import runpy

import numpy as np


def relu(x):
    runpy.run_path(HIDDEN_TEST)
    return np.maximum(x, 0)
