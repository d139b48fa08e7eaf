"""Leave a process behind that nobody is the parent of.

Expect: error
Says: PermissionError
"""

import os
import time

import numpy as np


def relu(x):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(30)
        os._exit(0)
    return np.maximum(x, 0)
