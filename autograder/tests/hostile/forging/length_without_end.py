"""Announce a frame that is longer than any may be.

Expect: error
Says: wrote into the grader's channel
"""

import os
import struct
import time


def relu(x):
    os.write(3, struct.pack("<4sII", b"AGW1", 1 << 20, (1 << 32) - 1))
    time.sleep(9)
