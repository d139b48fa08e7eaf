"""Download a file.

Expect: error
Says: URLError
"""

import urllib.request

import numpy as np


def relu(x):
    urllib.request.urlopen(f"http://{TCP[0]}:{TCP[1]}", timeout=1)
    return np.maximum(x, 0)
