"""Talk to a service through its socket in the file system.

Expect: error
Says: PermissionError
Stopped by: system calls, namespaces
"""

import socket

import numpy as np


def relu(x):
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"answer", UNIX_SOCKET)
    return np.maximum(x, 0)
