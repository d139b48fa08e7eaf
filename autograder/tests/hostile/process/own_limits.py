"""Raise a limit that was set from outside.

Expect: error
Says: Error
"""

import resource

import numpy as np


def relu(x):
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return np.maximum(x, 0)
