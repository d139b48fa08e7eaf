"""Write a file where everybody may write.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, namespaces
"""

import numpy as np


def relu(x):
    open(f"{FOLDER}/{MARK}", "w")
    return np.maximum(x, 0)
