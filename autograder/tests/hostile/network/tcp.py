"""Connect to a server on this machine.

Expect: error
Says: PermissionError
"""

import socket

import numpy as np


def relu(x):
    socket.create_connection(tuple(TCP), timeout=1).close()
    return np.maximum(x, 0)
