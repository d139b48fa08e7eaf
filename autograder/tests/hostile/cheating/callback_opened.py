"""Look into a function that the grader passes for what is expected.

Topic: 05_backpropagation
Exercise: numerical_gradient
Expect: error
Says: AttributeError|TypeError|LookupError
"""


def numerical_gradient(f, x, eps=1e-5):
    for cell in f.__closure__:
        if callable(cell.cell_contents):
            return cell.cell_contents(x)
    raise LookupError("only a number")
