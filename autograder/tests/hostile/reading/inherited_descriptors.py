"""Read what the processes before have left open.

Expect: error
Says: RuntimeError: \[\]
"""

import os


def relu(x):
    found = []
    for descriptor in range(4, 4096):
        try:
            found.append((descriptor, os.fstat(descriptor).st_ino))
        except OSError:
            continue
    raise RuntimeError(str(found))
