"""Put modules of its own in the place of the grader's.

Expect: failed
Says: values are wrong
"""

import sys
import types


class Agreeable(types.ModuleType):
    def __getattr__(self, name):
        return lambda *_, **__: True


for name in ("pytest", "autograder.suite.assertions", "autograder.results", "numpy", "torch"):
    sys.modules[name] = Agreeable(name)


def relu(x):
    return x + 1
