"""Answer with a tensor of a class that is equal to everything.

Topic: 22_multi_task_learning
Exercise: multi_task_loss
Expect: failed
Says: an object of type submission.Equal
"""

import torch


class Equal(torch.Tensor):
    @classmethod
    def __torch_function__(cls, *_, **__):
        return True


def multi_task_loss(losses, weights):
    return torch.zeros(()).as_subclass(Equal)
