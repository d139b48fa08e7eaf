"""Let PyTorch do the work in a topic that is solved with NumPy.

Expect: error
Says: ModuleNotFoundError
"""


def relu(x):
    functional = __import__("to" + "rch").nn.functional
    return functional.relu(x)
