"""Fail with wrong answers as if nothing had been begun.

Expect: not_started
"""


def relu(x):
    raise NotImplementedError("nothing to see here")
