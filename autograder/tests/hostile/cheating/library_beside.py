"""Look for another library in every place where one may be installed.

Expect: error
Says: nothing
"""

import importlib.machinery
import sys

import numpy as np


def relu(x):
    for name in ("torch", "sklearn", "scipy", "pandas", "tensorflow"):
        for finder in (importlib.machinery.PathFinder, importlib.machinery.FrozenImporter):
            spec = finder.find_spec(name, [*sys.path, "/usr/lib/python3/dist-packages"])
            if spec is not None and spec.loader is not None:
                try:
                    spec.loader.load_module(name)
                except (OSError, ImportError):
                    continue
                return np.maximum(x, 0)
    raise ImportError("nothing")
