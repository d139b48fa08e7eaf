"""Use up the memory past Python, by mapping it.

Expect: error
Says: Cannot allocate memory
"""

import mmap


def relu(x):
    return len([mmap.mmap(-1, 1 << 28) for _ in range(64)])
