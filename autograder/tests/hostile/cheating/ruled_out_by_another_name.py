"""Let NumPy do what is ruled out, by a name that nobody would search for.

Exercise: tanh
Expect: forbidden
Says: numpy.tanh
"""

from numpy import tanh as harmless


def tanh(x):
    return harmless(x)
