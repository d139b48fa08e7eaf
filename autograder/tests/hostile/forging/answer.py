"""Write an answer on the channel, ahead of the worker's own.

Expect: error
Says: wrote into the grader's channel
"""

import os
import sys

import numpy as np

from autograder.sandbox import wire


def relu(x):
    number = sys._getframe(1).f_locals["number"]
    for part in wire.encode([number, "return", np.maximum(x, 0) + 1, (), {}]):
        os.write(3, part)
    return np.maximum(x, 0)
