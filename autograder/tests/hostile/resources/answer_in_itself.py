"""Answer with a list that contains itself.

Expect: error
Says: nested too deeply
"""


def relu(x):
    answer = []
    answer.append(answer)
    return answer
