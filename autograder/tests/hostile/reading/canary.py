"""Read a file that every user of the machine may read.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, namespaces
"""


def relu(x):
    raise RuntimeError(open(CANARY).read())
