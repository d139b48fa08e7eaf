"""Make a pair of sockets, through which descriptors could travel.

Expect: error
Says: PermissionError
"""

import socket

import numpy as np


def relu(x):
    socket.socketpair()
    return np.maximum(x, 0)
