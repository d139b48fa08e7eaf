"""Compile an expression that is nested more deeply than the compiler can go.

Expect: error
"""


def relu(x):
    return eval("(" * 100 + "-" * 100_000 + "1" + ")" * 100)
