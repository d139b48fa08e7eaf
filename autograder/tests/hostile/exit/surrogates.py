"""Raise an exception whose message cannot be written as UTF-8.

Expect: error
"""


def relu(x):
    raise ValueError("\ud800")
