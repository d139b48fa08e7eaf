"""Answer with a tensor that has no memory of the usual kind.

Topic: 22_multi_task_learning
Exercise: multi_task_loss
Expect: failed
Says: torch.Tensor
"""

import torch


def multi_task_loss(losses, weights):
    return torch.empty((), device="meta")
