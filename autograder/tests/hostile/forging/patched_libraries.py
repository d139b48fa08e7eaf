"""Break the libraries with which the worker packs its answers.

Expect: error
"""

import json
import struct

import msgpack
import numpy as np


def broken(*_, **__):
    raise SystemExit


msgpack.packb = json.dumps = struct.pack = broken


def relu(x):
    return np.maximum(x, 0)
