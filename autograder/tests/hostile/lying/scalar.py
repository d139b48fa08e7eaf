"""Answer with a number that is equal to everything.

Expect: failed
Says: an object of type submission.Any
"""


class Any(float):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


def relu(x):
    return Any(0)
