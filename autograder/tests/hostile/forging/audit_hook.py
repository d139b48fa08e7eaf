"""Refuse everything that Python reports to audit hooks, for good.

Expect: passed
"""

import sys

import numpy as np


def refuse(event, arguments):
    if event != "object.__getattr__":
        raise RuntimeError(event)


sys.addaudithook(refuse)


def relu(x):
    return np.maximum(x, 0)
