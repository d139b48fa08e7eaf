"""Let NumPy do what is ruled out, by way of the module that holds it.

Exercise: tanh
Expect: forbidden
Says: numpy.tanh
"""

import sys


def tanh(x):
    return vars(sys.modules["numpy._core._multiarray_umath"])["tanh"](x)
