"""Raise an exception whose type has no name that could be read.

Expect: error
"""


class Nameless(type):
    @property
    def __name__(cls):
        raise SystemExit


class Anonymous(Exception, metaclass=Nameless):
    pass


def relu(x):
    raise Anonymous
