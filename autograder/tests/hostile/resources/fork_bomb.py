"""Make as many processes as there can be (here: 200 at most).

Expect: error
Says: PermissionError
"""

import os


def relu(x):
    for _ in range(200):
        if os.fork() == 0:
            os._exit(0)
