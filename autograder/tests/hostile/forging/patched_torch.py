"""Make PyTorch find every comparison true.

Topic: 22_multi_task_learning
Exercise: multi_task_loss
Expect: failed
Says: wrong
"""

import torch

torch.allclose = torch.equal = torch.isclose = lambda *_, **__: True
torch.Tensor.__eq__ = lambda *_: True
torch.testing.assert_close = lambda *_, **__: None


def multi_task_loss(losses, weights):
    return torch.zeros(())
