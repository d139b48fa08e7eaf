"""Take the right to open files away from another process of the same user.

Expect: error
Says: PermissionError
Stopped by: system calls, namespaces
"""

import resource

import numpy as np


def relu(x):
    resource.prlimit(VICTIM, resource.RLIMIT_NOFILE, (9, 9))
    return np.maximum(x, 0)
