"""Put a function of its own in the place of the one that encodes answers.

Expect: failed
Says: values are wrong
"""

import numpy as np

from autograder.sandbox import wire

encode = wire.encode


def encode_ones(message, *rest):
    if isinstance(message, list) and "return" in message:
        message[2] = np.ones(message[2].shape)
    return encode(message, *rest)


wire.encode = encode_ones


def relu(x):
    return np.maximum(x, 0)
