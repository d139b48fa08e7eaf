"""Run a command of the shell.

Expect: failed
Says: None
"""

import os


def relu(x):
    os.system(f": > {FOLDER}/{MARK}")
