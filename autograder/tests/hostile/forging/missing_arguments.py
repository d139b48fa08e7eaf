"""Keep back the arguments that the grader wants to see again.

Expect: error, 6 points
Says: wrote into the grader's channel
"""

import os
import sys

import numpy as np

from autograder.sandbox import wire


def relu(x):
    call = sys._getframe(1).f_locals
    if call["want_args"]:
        for part in wire.encode([call["number"], "return", np.maximum(x, 0), (), {"y": 0}]):
            os.write(3, part)
    return np.maximum(x, 0)
