"""Put a function of its own in the place of the one that answers calls.

Expect: error
Says: wrote into the grader's channel
"""

import sys

from autograder.sandbox import wire

worker = sys.modules["autograder.sandbox.worker"]
worker._answer = lambda *_: wire.encode(["passed", True])
