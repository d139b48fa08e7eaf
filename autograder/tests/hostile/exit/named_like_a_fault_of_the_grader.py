"""Raise an exception that is named like a fault of the grader, which would lead to no mark.

Expect: error
Says: SandboxError
"""


class SandboxError(Exception):
    pass


def relu(x):
    raise SandboxError("the zygote does not answer")
