"""Print without end (here: 256 MiB), which is no reason to lose the mark.

Expect: passed
"""

import os
import sys

import numpy as np


def relu(x):
    for _ in range(32):
        print("x" * (1 << 20))
        sys.stderr.write("x" * (1 << 20))
        os.write(1, b"x" * (1 << 20))
        os.write(2, b"x" * (1 << 20))
    return np.maximum(x, 0)
