"""Plant a module where every Python of the machine looks for one.

Expect: error
Says: PermissionError|Read-only
"""

import os
import sysconfig

import numpy as np


def relu(x):
    path = os.path.join(sysconfig.get_path("purelib"), "numpy", "__init__.py")
    os.close(os.open(path, os.O_WRONLY))  # changes nothing, if it is possible
    return np.maximum(x, 0)
