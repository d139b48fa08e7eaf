"""Leave a message in an extended attribute.

Expect: error
Says: (Permission|FileNotFound)Error
"""

import os

import numpy as np


def relu(x):
    os.setxattr(CANARY, f"user.{MARK}", b"here")
    return np.maximum(x, 0)
