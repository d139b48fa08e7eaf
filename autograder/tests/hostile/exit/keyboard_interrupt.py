"""Leave by raising KeyboardInterrupt.

Expect: error
Says: KeyboardInterrupt
"""


def relu(x):
    raise KeyboardInterrupt
