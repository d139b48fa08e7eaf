"""Look for secrets in the environment.

Expect: error
Says: RuntimeError
"""

import os


def relu(x):
    raise RuntimeError(os.environ.get("CANARY", "nothing"))
