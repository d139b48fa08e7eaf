"""Become another program.

Expect: error
Says: PermissionError
"""

import os


def relu(x):
    os.execv("/bin/true", ["true"])
