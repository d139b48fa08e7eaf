"""Import the instructor's answers, past the finder that refuses them.

Expect: error
Says: (Permission|ModuleNotFound)Error
"""

import importlib.machinery
import sys

import numpy as np


def relu(x):
    sys.meta_path[:] = [importlib.machinery.PathFinder]
    import autograder.known_answers

    return np.maximum(x, 0)
