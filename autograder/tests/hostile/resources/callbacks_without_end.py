"""Ask the grader for the value of a function again and again.

Topic: 05_backpropagation
Exercise: numerical_gradient
Expect: timeout
Says: within 2 seconds
"""

import time


def numerical_gradient(f, x, eps=1e-5):
    while True:
        f(x)
        time.sleep(0.02)
