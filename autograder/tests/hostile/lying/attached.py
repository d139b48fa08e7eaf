"""Answer with a tensor that carries functions along.

Topic: 22_multi_task_learning
Exercise: multi_task_loss
Expect: failed
Says: wrong
"""

import torch


def multi_task_loss(losses, weights):
    answer = torch.zeros((), requires_grad=True) * 1
    answer.register_hook(lambda _: exit())
    answer.data = torch.zeros(())
    answer.passed = True
    return answer
