"""Give a function of the grader what it does not expect, and hope that its error tells something.

Topic: 05_backpropagation
Exercise: numerical_gradient
Expect: error
Says: CallbackFailed|RuntimeError
"""


def numerical_gradient(f, x, eps=1e-5):
    told = [f(2**5000), f("text"), f([[["deep"]]]), f({"a": x}), f(x, x, x), f(key=x), f()]
    raise RuntimeError(str(told))
