"""Read a file by another name of the root folder.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, namespaces
"""


def relu(x):
    raise RuntimeError(open(f"/proc/self/root{CANARY}").read())
