"""Answer with an array that is mapped to a file.

Expect: failed
Says: an object of type numpy
"""

import mmap

import numpy as np


def relu(x):
    memory = np.frombuffer(mmap.mmap(-1, 4096), np.float64)
    return memory[: x.size].view(np.memmap)
