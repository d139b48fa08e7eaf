"""Wait for ever, and use no computing time.

Expect: timeout
Says: within 2 seconds
"""

import time


def relu(x):
    while True:
        time.sleep(0.01)
