"""Answer with an object of a class whose name tells a terminal what to do.

Expect: failed
Says: an object of type
"""

Named = type("\x1b]0;title\x07\u202eedoc", (), {})


def relu(x):
    return Named()
