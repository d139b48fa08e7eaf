"""End the process as if all had gone well.

Expect: error
Says: exit code 0
"""

import os


def relu(x):
    os._exit(0)
