"""Send replies that have the words of the protocol and not its form.

Expect: error
Says: wrote into the grader's channel
"""

import os
import sys

from autograder.sandbox import wire


def relu(x):
    number = sys._getframe(1).f_locals["number"]
    for part in wire.encode([number, "raise", "ValueError"]):
        os.write(3, part)
