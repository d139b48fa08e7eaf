"""Make the line of the submission that is shown in the feedback end with control characters.

Expect: error
Says: ValueError
"""


def relu(x):
    raise ValueError  # ]0;title
