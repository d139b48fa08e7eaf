"""Watch and change the worker's own functions with a trace function.

Expect: failed
Says: values are wrong
"""

import sys


def spy(frame, event, argument):
    if event == "return" and frame.f_code.co_name == "relu":
        frame.f_back.f_locals["answer"] = 0
    return spy


def relu(x):
    sys.settrace(spy)
    sys._getframe(1).f_trace = spy
    return x + 1
