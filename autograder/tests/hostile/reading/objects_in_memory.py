"""Search everything that the process has in memory for secrets that were there before the fork.

Expect: error
Says: RuntimeError
"""

import gc


def relu(x):
    texts = [str(value) for value in gc.get_objects() if isinstance(value, (list, dict, tuple)) and len(value) < 50]
    raise RuntimeError(next((text for text in texts if "environment-" in text or "canary-" in text), "nothing")[:280])
