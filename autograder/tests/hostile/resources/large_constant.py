"""Let the compiler compute a constant that is too large.

Expect: error
"""


def relu(x):
    return eval("9" * 5000)
