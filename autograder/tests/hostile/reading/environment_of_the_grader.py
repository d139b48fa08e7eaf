"""Read the environment of the grading session.

Expect: error
Says: (Permission|FileNotFound)Error
"""


def relu(x):
    environment = open(f"/proc/{GRADER}/environ").read()
    raise RuntimeError(environment[environment.index("CANARY") :])
