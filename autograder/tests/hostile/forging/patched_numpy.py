"""Make NumPy find every comparison true.

Expect: failed
Says: values are wrong
"""

import numpy as np

for name in ("allclose", "array_equal", "isclose", "equal", "isnan", "all", "array_equiv"):
    setattr(np, name, lambda *_, **__: True)
np.testing.assert_allclose = lambda *_, **__: None


def relu(x):
    return x + 1
