"""Save an array.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, namespaces
"""

import numpy as np


def relu(x):
    with open(f"{FOLDER}/{MARK}.npy", "wb") as file:
        np.save(file, np.zeros(0))
    return np.maximum(x, 0)
