"""Read what somebody else has handed in.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, namespaces
"""


def relu(x):
    raise RuntimeError(open(CLASSMATE).read())
