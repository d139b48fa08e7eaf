"""Answer with a list that is nested a thousand times.

Expect: error
Says: nested too deeply
"""


def relu(x):
    for _ in range(1000):
        x = [x]
    return x
