"""Leave by raising SystemExit.

Expect: error
Says: SystemExit
"""

import sys


def relu(x):
    sys.exit(0)
