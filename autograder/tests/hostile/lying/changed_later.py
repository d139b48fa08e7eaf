"""Answer with an object, and change it in a later call.

Expect: passed
"""

import numpy as np

answers = []


def relu(x):
    for answer in answers:
        answer[...] = -1
    answers.append(np.maximum(x, 0))
    return answers[-1]
