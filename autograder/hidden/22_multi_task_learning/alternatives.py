"""Right answers to 22_multi_task_learning written another way; every one must get full marks."""

import math

import torch
import torch.nn.functional as F
from torch import nn


def _linear(layer):
    """The layer as a module with its own copies of the parameters."""
    outputs, inputs = layer["weight"].shape
    module = nn.Linear(inputs, outputs, dtype=layer["weight"].dtype)
    module.load_state_dict(layer)
    return module


def multi_task_forward__modules(x, trunk, heads):
    """torch.nn modules; the results require gradients."""
    hidden = nn.Sequential(_linear(trunk), nn.Tanh())(x)
    return {name: _linear(head)(hidden) for name, head in heads.items()}


def multi_task_forward__one_wide_head(x, trunk, heads):
    """All heads side by side as a single layer, whose output is split; the names come in another order."""
    names = sorted(heads)
    weight = torch.cat([heads[name]["weight"] for name in names])
    bias = torch.cat([heads[name]["bias"] for name in names])
    hidden = 2 * torch.sigmoid(2 * (x @ trunk["weight"].T + trunk["bias"])) - 1
    outputs = (hidden @ weight.T + bias).split([len(heads[name]["bias"]) for name in names], dim=1)
    return dict(zip(names, outputs, strict=True))


def multi_task_loss__dot_product(losses, weights):
    """A dot product of two vectors."""
    names = sorted(losses)
    values = torch.stack([losses[name] for name in names])
    return values @ torch.tensor([weights[name] for name in names], dtype=values.dtype)


def multi_task_loss__number(losses, weights):
    """A loop over Python numbers."""
    total = 0.0
    for name, weight in weights.items():
        total += weight * losses[name].item()
    return total


def uncertainty_weighted_loss__vectors(losses, log_vars):
    """Stacked vectors, and a division by the variance."""
    names = sorted(losses)
    loss, s = (torch.stack([by_name[name] for name in names]) for by_name in (losses, log_vars))
    return (loss / s.exp() + s).sum()


def uncertainty_weighted_loss__two_sums(losses, log_vars):
    """Standard deviations, and the log-variances as a sum of their own; a Python number."""
    sigmas = {name: torch.exp(s / 2) for name, s in log_vars.items()}
    weighted = sum(((loss.sqrt() / sigmas[name]) ** 2).item() for name, loss in losses.items())
    return weighted + math.fsum(s.item() for s in log_vars.values())


def shared_gradient__autograd(x, targets, trunk, heads, weights):
    """Autograd, with copies of the trunk that require gradients."""
    weight, bias = (trunk[name].clone().requires_grad_() for name in ("weight", "bias"))
    hidden = torch.tanh(F.linear(x, weight, bias))
    total = sum(
        weights[name] * F.mse_loss(F.linear(hidden, head["weight"], head["bias"]), targets[name])
        for name, head in heads.items()
    )
    gradients = torch.autograd.grad(total, (weight, bias))
    return dict(zip(("weight", "bias"), gradients, strict=True))


def shared_gradient__one_backward_pass_per_task(x, targets, trunk, heads, weights):
    """Modules whose gradients accumulate, one backward pass for each task."""
    layer = _linear(trunk)
    for name, target in targets.items():
        output = _linear(heads[name])(torch.tanh(layer(x)))
        (weights[name] * nn.MSELoss()(output, target)).backward()
    return {"bias": layer.bias.grad, "weight": layer.weight.grad}


def shared_gradient__row_by_row(x, targets, trunk, heads, weights):
    """By hand, one row after the other."""
    gradient = {name: torch.zeros_like(tensor) for name, tensor in trunk.items()}
    for n, row in enumerate(x):
        hidden = torch.tanh(trunk["weight"] @ row + trunk["bias"])
        for name, head in heads.items():
            error = head["weight"] @ hidden + head["bias"] - targets[name][n]
            delta = head["weight"].T @ (2 * error / targets[name].numel()) * (1 - hidden**2)
            gradient["weight"] += weights[name] * torch.outer(delta, row)
            gradient["bias"] += weights[name] * delta
    return gradient
