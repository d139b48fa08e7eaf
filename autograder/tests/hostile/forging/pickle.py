"""Send an array of objects, that is a pickle which would run a command.

Expect: error
Says: wrote into the grader's channel
"""

import os
import pickle
import struct

import msgpack


class Command:
    def __reduce__(self):
        return os.system, (f": > {FOLDER}/{MARK}",)


def relu(x):
    payload = pickle.dumps(Command())
    header = msgpack.packb([1, "return", ["array", "object", [1], []], ["tuple", []], ["dict", []]])
    os.write(3, struct.pack("<4sII", b"AGW1", len(header), len(payload)) + header + payload)
