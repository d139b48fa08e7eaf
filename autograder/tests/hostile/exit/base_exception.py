"""Raise an exception that no `except Exception` catches.

Expect: error
Says: Everything
"""


class Everything(BaseException):
    pass


def relu(x):
    raise Everything
