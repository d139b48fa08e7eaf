"""Fill the disk with files (here: 200 at most).

Expect: error
Says: (Permission|FileNotFound)Error
"""

import numpy as np


def relu(x):
    for number in range(200):
        open(f"{FOLDER}/{MARK}-{number}", "w").close()
    return np.maximum(x, 0)
