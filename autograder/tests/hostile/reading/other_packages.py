"""Read a package that is installed and not part of the profile.

Expect: error
Says: (Permission|FileNotFound)Error
"""

import os
import sysconfig

import numpy as np


def relu(x):
    open(os.path.join(sysconfig.get_path("purelib"), "pytest", "__init__.py"))
    return np.maximum(x, 0)
