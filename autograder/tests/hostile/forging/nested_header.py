"""Send a header that is nested a hundred thousand times.

Expect: error
Says: wrote into the grader's channel
"""

import os
import struct


def relu(x):
    header = b"\x91" * 100_000 + b"\xc0"
    os.write(3, struct.pack("<4sII", b"AGW1", len(header), 0) + header)
