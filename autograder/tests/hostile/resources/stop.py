"""Stop the process, and ignore every signal that can be ignored.

Expect: timeout
Says: within 2 seconds
"""

import os
import signal


def relu(x):
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    os.kill(os.getpid(), signal.SIGSTOP)
