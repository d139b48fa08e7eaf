"""Make a temporary file, as any program may.

Expect: error
Says: Error
Stopped by: files, namespaces
"""

import os
import tempfile

import numpy as np


def relu(x):
    os.close(tempfile.mkstemp(prefix=MARK, dir="/tmp")[0])
    return np.maximum(x, 0)
