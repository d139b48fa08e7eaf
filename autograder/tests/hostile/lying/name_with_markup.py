"""Answer with an object of a class whose name is a script and markup for a terminal.

Expect: failed
Says: script
"""

Named = type("<script>alert(1)</script>[red]", (), {})


def relu(x):
    return Named()
