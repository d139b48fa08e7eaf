"""Kill the own process.

Expect: error
Says: SIGKILL
"""

import os
import signal


def relu(x):
    os.kill(os.getpid(), signal.SIGKILL)
