"""Unpack a small text into a large buffer.

Expect: error
Says: MemoryError
"""

import zlib


def relu(x):
    return zlib.decompress(zlib.compress(bytes(1 << 20)), bufsize=1 << 34)
