"""Ask the kernel about the network.

Expect: error
Says: PermissionError
"""

import socket

import numpy as np


def relu(x):
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()
    return np.maximum(x, 0)
