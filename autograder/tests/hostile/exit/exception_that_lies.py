"""Raise an exception whose name, message and place are made up.

Expect: error
Says: Passed
"""


class Passed(SyntaxError):
    pass


def relu(x):
    error = Passed("all tests have passed")
    error.filename, error.lineno = "cell 999999", 1 << 70
    raise error
