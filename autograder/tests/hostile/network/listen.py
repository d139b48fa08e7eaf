"""Wait for an accomplice.

Expect: error
Says: PermissionError
"""

import socket

import numpy as np


def relu(x):
    socket.create_server(("127.0.0.1", 0)).close()
    return np.maximum(x, 0)
