"""Kill a process through a descriptor of it.

Expect: error
Says: PermissionError
"""

import os
import signal

import numpy as np


def relu(x):
    signal.pidfd_send_signal(os.pidfd_open(VICTIM), signal.SIGKILL)
    return np.maximum(x, 0)
