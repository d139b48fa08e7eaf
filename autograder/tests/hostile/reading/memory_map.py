"""Read a file by mapping it into memory as an array.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, namespaces
"""

import numpy as np


def relu(x):
    raise RuntimeError(np.memmap(CANARY, mode="r").tobytes())
