"""Let the fault handler end the process from a thread.

Expect: error
Says: can't start new thread
"""

import faulthandler

import numpy as np


def relu(x):
    faulthandler.enable(file=1, all_threads=True)
    try:
        faulthandler.dump_traceback_later(0.01, exit=True, file=1)
    except RuntimeError:
        raise RuntimeError("can't start new thread") from None
    return np.maximum(x, 0)
