"""Announce again that every layer of the lock-down is on.

Expect: error
Says: wrote into the grader's channel
"""

import os

from autograder.sandbox import wire


def relu(x):
    for part in wire.encode(["ready", {"files": "on"}]):
        os.write(3, part)
