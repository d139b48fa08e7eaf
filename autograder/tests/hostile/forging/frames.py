"""Walk up the frames of the caller to what it knows.

Expect: error
Says: RuntimeError
"""

import sys


def relu(x):
    frame, found = sys._getframe(), []
    while frame is not None:
        found += [f"{name}={value!r}"[:40] for name, value in frame.f_locals.items() if "expect" in name]
        frame = frame.f_back
    raise RuntimeError(str(found))
