"""Send a descriptor to the grader over the worker's own channel.

Expect: error
Says: Error
"""

import array
import os
import socket

import numpy as np


def relu(x):
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=os.dup(3))
    channel.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0]))])
    return np.maximum(x, 0)
