"""Right answers to 14_residual_networks written another way; every one must get full marks."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def _module(weight, **options):
    """A convolution as a module, in the precision of its kernels."""
    outputs, inputs, size, _ = weight.shape
    conv = nn.Conv2d(inputs, outputs, size, bias=False, **options)
    conv.weight = nn.Parameter(weight)
    return conv


def _unfolded(x, weight, stride=1):
    """A convolution as one matrix product, with half a kernel of padding."""
    size = weight.shape[-1]
    windows = F.unfold(x, size, padding=size // 2, stride=stride)
    height, width = ((length - 1) // stride + 1 for length in x.shape[2:])
    return (weight.flatten(1) @ windows).reshape(x.shape[0], -1, height, width)


def _nine_shifts(x, weight):
    """A 3x3 convolution with padding 1 as the sum over the entries of the kernel."""
    height, width = x.shape[2:]
    padded = F.pad(x, (1, 1, 1, 1))
    total = 0
    for i in range(3):
        for j in range(3):
            seen = padded[:, :, i : i + height, j : j + width]
            total = total + torch.einsum("oc,nchw->nohw", weight[:, :, i, j], seen)
    return total


def residual_block__modules(x, weight1, weight2):
    """torch.nn modules, run without a graph."""
    branch = nn.Sequential(_module(weight1, padding=1), nn.ReLU(), _module(weight2, padding="same"))
    with torch.no_grad():
        return nn.ReLU()(branch(x).add_(x))


def residual_block__in_place_on_its_own(x, weight1, weight2):
    """Writes in place, but only into tensors that it has made itself."""
    out = F.conv2d(x, weight1, padding=1).relu_()
    out = F.conv2d(out, weight2, padding=1)
    out += x
    return out.clamp_(min=0)


def residual_block__shifts_in_single_precision(x, weight1, weight2):
    """No convolution of PyTorch: nine shifted images per kernel, in float32."""
    x, weight1, weight2 = x.float(), weight1.float(), weight2.float()
    total = _nine_shifts(_nine_shifts(x, weight1).clamp(min=0), weight2) + x
    return torch.where(total > 0, total, 0)


def projection_block__modules(x, weight1, weight2, weight_shortcut, stride):
    """torch.nn modules, detached at the end."""
    branch = nn.Sequential(_module(weight1, stride=stride, padding=1), nn.ReLU(), _module(weight2, padding=1))
    return torch.relu(branch(x) + _module(weight_shortcut, stride=stride)(x)).detach()


def projection_block__subsampled(x, weight1, weight2, weight_shortcut, stride):
    """Convolves at every position and keeps what the stride visits; the shortcut mixes the channels by einsum."""
    hidden = F.conv2d(x, weight1, padding=1)[:, :, ::stride, ::stride].relu()
    shortcut = torch.einsum("oc,nchw->nohw", weight_shortcut[:, :, 0, 0], x[:, :, ::stride, ::stride])
    total = F.conv2d(hidden, weight2, padding=1) + shortcut
    return total * (total > 0)


def projection_block__unfolded(x, weight1, weight2, weight_shortcut, stride):
    """Three matrix products over windows."""
    hidden = _unfolded(x, weight1, stride).clamp(min=0)
    return (_unfolded(hidden, weight2) + _unfolded(x, weight_shortcut, stride)).clamp(min=0)


def bottleneck_block__modules(x, weight1, weight2, weight3):
    """torch.nn modules, run without a graph."""
    branch = nn.Sequential(_module(weight1), nn.ReLU(), _module(weight2, padding=1), nn.ReLU(), _module(weight3))
    with torch.no_grad():
        return torch.relu(x + branch(x))


def bottleneck_block__dense_layers(x, weight1, weight2, weight3):
    """The one-by-one convolutions as dense layers on the channels, which are the last axis meanwhile."""
    hidden = F.linear(x.permute(0, 2, 3, 1), weight1[:, :, 0, 0]).relu()
    hidden = F.conv2d(hidden.permute(0, 3, 1, 2), weight2, padding=1).relu()
    expanded = F.linear(hidden.permute(0, 2, 3, 1), weight3[:, :, 0, 0])
    return (expanded.permute(0, 3, 1, 2) + x).relu()


def bottleneck_block__unfolded_in_double_precision(x, weight1, weight2, weight3):
    """Matrix products over windows, in float64 whatever comes in."""
    x = x.double()
    hidden = torch.maximum(_unfolded(x, weight1.double()), torch.zeros(()))
    hidden = torch.maximum(_unfolded(hidden, weight2.double()), torch.zeros(()))
    return torch.maximum(_unfolded(hidden, weight3.double()) + x, torch.zeros(()))


def plain_chain_gradient__loop(local_gradients):
    """One layer at a time, backwards, as backpropagation would."""
    gradient = torch.ones((), dtype=local_gradients.dtype)
    for local_gradient in local_gradients.flip(0):
        gradient = gradient * local_gradient
    return gradient


def plain_chain_gradient__python_float(local_gradients):
    """Python's product of Python floats."""
    return math.prod(local_gradients.tolist())


def plain_chain_gradient__autograd(local_gradients):
    """Builds the chain and asks autograd."""
    start = torch.ones((), dtype=torch.float64, requires_grad=True)
    x = start
    for local_gradient in local_gradients:
        x = local_gradient * x
    return torch.autograd.grad(x, start)[0]


def plain_chain_gradient__logarithms_and_signs(local_gradients):
    """Adds logarithms, and multiplies the signs separately."""
    return local_gradients.sign().prod() * local_gradients.abs().log().sum().exp()


def residual_chain_gradient__loop(local_gradients):
    """One step at a time: the gradient passes around the layer and through it."""
    gradient = 1.0
    for local_gradient in local_gradients.tolist():
        gradient += local_gradient * gradient
    return gradient


def residual_chain_gradient__autograd(local_gradients):
    """Builds the chain and asks autograd."""
    x = start = torch.ones((), dtype=local_gradients.dtype, requires_grad=True)
    for local_gradient in local_gradients:
        x = x + local_gradient * x
    x.backward()
    return start.grad


def residual_chain_gradient__numpy(local_gradients):
    """NumPy's product, and a NumPy scalar as the answer."""
    return np.prod(local_gradients.numpy() + 1)
