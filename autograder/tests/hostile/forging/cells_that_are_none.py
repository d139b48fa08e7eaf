"""Report what stopped the cells in a form that nobody expects.

Expect: error
"""

import os

from autograder.sandbox import wire

for part in wire.encode(["loaded", [1, [2], "three"]]):
    os.write(3, part)
