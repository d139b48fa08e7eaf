"""Leave a file in shared memory, for the next submission to find.

Expect: error
Says: PermissionError
Stopped by: files, namespaces
"""

import numpy as np


def relu(x):
    open(f"/dev/shm/{MARK}", "w")
    return np.maximum(x, 0)
