"""Take the right to open files away from the grading session.

Expect: error
Says: Error
"""

import resource

import numpy as np


def relu(x):
    resource.prlimit(GRADER, resource.RLIMIT_CORE, (0, 0))
    return np.maximum(x, 0)
