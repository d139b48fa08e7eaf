"""Answer with an integer of a million bits.

Expect: error
Says: too large to be sent
"""


def relu(x):
    return 1 << (1 << 20)
