"""Answer with a type whose name is long and holds control characters.

Expect: failed
Says: an object of type
"""

import struct
import sys

import msgpack


def answer(module, number, *call):
    name = "\x1b]0;title\x07" + "A" * 500_000
    header = msgpack.packb(["list", [number, "return", ["unsupported", name], ["tuple", []], ["dict", []]]])
    return [struct.pack("<4sII", b"AGW1", len(header), 0) + header]


sys.modules["autograder.sandbox.worker"]._answer = answer
