"""Talk to the host of a virtual machine.

Expect: error
Says: PermissionError
"""

import socket

import numpy as np


def relu(x):
    socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).close()
    return np.maximum(x, 0)
