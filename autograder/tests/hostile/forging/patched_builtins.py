"""Put functions of its own in the place of built-in ones.

Expect: error
Says: left out
"""

import builtins

builtins.isinstance = lambda *_: True
builtins.len = lambda _: 0
builtins.abs = builtins.max = builtins.sum = builtins.all = builtins.any = lambda *_, **__: True


def relu(x):
    return x + 1
