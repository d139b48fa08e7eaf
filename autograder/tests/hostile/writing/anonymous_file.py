"""Keep data in a file without a name, which no limit of memory counts.

Expect: error
Says: PermissionError
"""

import os

import numpy as np


def relu(x):
    os.memfd_create(MARK)
    return np.maximum(x, 0)
