"""Start as many threads as there can be (here: 200 at most).

Expect: error
Says: can't start new thread
"""

import threading

import numpy as np


def relu(x):
    for _ in range(200):
        threading.Thread(target=print).start()
    return np.maximum(x, 0)
