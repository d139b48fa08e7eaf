"""Send a datagram to a server on this machine.

Expect: error
Says: PermissionError
Stopped by: system calls, namespaces
"""

import socket

import numpy as np


def relu(x):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"answer", tuple(UDP))
    return np.maximum(x, 0)
