"""Read the solution.

Expect: error
Says: (Permission|FileNotFound)Error
Stopped by: files, namespaces
"""


def relu(x):
    lines = [line for line in open(SOLUTION) if line.startswith("    ") and "np." in line]
    raise RuntimeError("".join(lines)[:280])
