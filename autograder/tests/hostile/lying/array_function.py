"""Answer with an object that takes part in every function of NumPy.

Expect: failed
Says: an object of type submission.Agreeable
"""


class Agreeable:
    shape, dtype, ndim = (4, 7), float, 2

    def __array_ufunc__(self, *_, **__):
        return True

    def __array_function__(self, *_, **__):
        return True

    def __array__(self, *_, **__):
        raise SystemExit


def relu(x):
    return Agreeable()
