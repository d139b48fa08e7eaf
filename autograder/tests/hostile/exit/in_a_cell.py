"""End the process while the submission is loaded.

Expect: error
Says: left out: the code ended its own process
"""

import os

os._exit(0)
