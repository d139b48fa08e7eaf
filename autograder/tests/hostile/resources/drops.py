"""Send the answer byte by byte, so that something always arrives.

Expect: timeout
Says: within 2 seconds
"""

import os
import time

from autograder.sandbox import wire


def relu(x):
    for part in wire.encode(["return", x, (), {}]):
        for byte in bytes(part):
            os.write(3, bytes([byte]))
            time.sleep(0.02)
    while True:
        os.write(3, b"A")
        time.sleep(0.02)
