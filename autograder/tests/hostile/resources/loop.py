"""Compute for ever, and swallow every exception.

Expect: timeout
Says: 1 seconds of computing
"""


def relu(x):
    while True:
        try:
            pass
        except BaseException:
            pass
