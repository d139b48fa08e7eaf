"""Ask the grader for the value of a function at 64 MiB, and read no answer.

Topic: 05_backpropagation
Exercise: numerical_gradient
Expect: timeout
Says: within 2 seconds
"""

import os

import numpy as np

from autograder.sandbox import wire


def numerical_gradient(f, x, eps=1e-5):
    for _ in range(100):
        for part in wire.encode(["callback", 0, (np.zeros(8 << 20),), {}]):
            view = memoryview(part)
            while view:
                view = view[os.write(3, view) :]
