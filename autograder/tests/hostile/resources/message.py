"""Raise an exception whose message is 64 MiB long.

Expect: error
Says: ValueError
"""


def relu(x):
    raise ValueError("x" * (64 << 20))
