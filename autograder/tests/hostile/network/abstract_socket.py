"""Talk to a service through a socket that has no file.

Expect: error
Says: PermissionError
"""

import socket

import numpy as np


def relu(x):
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"answer", ABSTRACT_SOCKET)
    return np.maximum(x, 0)
