"""Send an exception past the worker, whose name and message are long and hold control characters.

Expect: error
Says: A{200}
"""

import sys

from autograder.sandbox import wire


def answer(module, number, *call):
    text = "\x1b]0;title\x07" + "A" * 500_000
    return wire.encode([number, "raise", text, text, 0, 1])


sys.modules["autograder.sandbox.worker"]._answer = answer
