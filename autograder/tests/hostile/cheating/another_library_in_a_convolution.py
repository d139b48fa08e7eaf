"""Let PyTorch convolve in a topic that is solved with NumPy.

Topic: 11_convolution
Exercise: conv2d
Expect: error
Says: ModuleNotFoundError
"""


def conv2d(*args, **kwargs):
    import torch.nn.functional as F

    return F.conv2d(*args, **kwargs).numpy()
