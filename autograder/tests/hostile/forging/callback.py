"""Ask the grader to call a function that it has not passed.

Expect: error
Says: wrote into the grader's channel
"""

import os

from autograder.sandbox import wire


def relu(x):
    for part in wire.encode(["callback", 0, (x,), {}]):
        os.write(3, part)
