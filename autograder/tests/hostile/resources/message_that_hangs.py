"""Raise an exception whose message takes for ever to make.

Expect: timeout
Says: 1 seconds of computing
"""


class Slow(Exception):
    def __str__(self):
        while True:
            pass


def relu(x):
    raise Slow
