"""Ask the grader to call functions that it has not passed, by their numbers.

Topic: 05_backpropagation
Exercise: numerical_gradient
Expect: error
Says: wrote into the grader's channel
"""

import os

from autograder.sandbox import wire


def numerical_gradient(f, x, eps=1e-5):
    for part in wire.encode(["callback", -1, (x,), {}]):
        os.write(3, part)
