"""Announce a frame of 64 MiB, and never send it.

Expect: timeout
Says: within 2 seconds
"""

import os
import struct
import time


def relu(x):
    os.write(3, struct.pack("<4sII", b"AGW1", 1 << 20, 64 << 20))
    time.sleep(9)
