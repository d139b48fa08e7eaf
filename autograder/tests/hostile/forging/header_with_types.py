"""Send types of MessagePack that a decoder might turn into objects: extensions, times, maps.

Expect: error
Says: wrote into the grader's channel
"""

import os
import struct


def relu(x):
    header = b"\x93\xd6\xff\x00\x00\x00\x00\x81\xa1a\x01\xc7\x01\x05x"
    os.write(3, struct.pack("<4sII", b"AGW1", len(header), 0) + header)
