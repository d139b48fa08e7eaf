"""Right answers to 21_transfer_learning written another way; every one must get full marks."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def load_matching_weights__loop(target, source):
    """One name at a time, with copies."""
    weights, not_copied = {}, []
    for name in sorted(target):
        if name in source and tuple(source[name].shape) == tuple(target[name].shape):
            weights[name] = source[name].clone()
        else:
            weights[name] = target[name].clone()
            not_copied.append(name)
    return weights, not_copied


def load_matching_weights__merged_dicts(target, source):
    """Filters the source and lays it over the target; the names come as a tuple."""
    fits = {n: t for n, t in source.items() if n in target and t.size() == target[n].size()}
    return target | fits, tuple(sorted(set(target) - set(fits)))


def load_matching_weights__as_parameters(target, source):
    """The result holds parameters where it can, which require gradients."""
    weights = {n: source[n] if n in source and source[n].shape == t.shape else t for n, t in target.items()}
    not_copied = [n for n in weights if weights[n] is target[n]]
    return {n: nn.Parameter(t) if t.is_floating_point() else t for n, t in weights.items()}, sorted(not_copied)


def fine_tune_step__modules(backbone, head, x, y, lr, freeze_backbone=True):
    """torch.nn modules, whose frozen parameters have requires_grad switched off."""
    layers = [nn.Linear(*weights["weight"].shape[::-1], dtype=x.dtype) for weights in (backbone, head)]
    for layer, weights in zip(layers, (backbone, head)):
        layer.load_state_dict(weights)
    layers[0].requires_grad_(not freeze_backbone)
    loss = nn.CrossEntropyLoss()(layers[1](layers[0](x).tanh()), y)
    loss.backward()
    for layer in layers:
        for parameter in layer.parameters():
            if parameter.requires_grad:
                parameter.data -= lr * parameter.grad
    return dict(layers[0].named_parameters()), dict(layers[1].named_parameters()), loss


def fine_tune_step__by_hand(backbone, head, x, y, lr, freeze_backbone=True):
    """The gradients by the chain rule, without autograd; a Python number as the loss."""
    features = torch.tanh(x @ backbone["weight"].T + backbone["bias"])
    log_probability = (features @ head["weight"].T + head["bias"]).log_softmax(1)
    loss = -log_probability[torch.arange(len(y)), y].mean().item()
    d_logits = (log_probability.exp() - F.one_hot(y, len(head["bias"]))) / len(y)
    d_hidden = d_logits @ head["weight"] * (1 - features**2)
    new_head = {
        "bias": head["bias"] - lr * d_logits.sum(0),
        "weight": head["weight"] - lr * d_logits.T @ features,
    }
    if not freeze_backbone:
        backbone = {
            "weight": backbone["weight"] - lr * d_hidden.T @ x,
            "bias": backbone["bias"] - lr * d_hidden.sum(0),
        }
    return [backbone, new_head, loss]


def fine_tune_step__autograd_in_single_precision(backbone, head, x, y, lr, freeze_backbone=True):
    """torch.autograd.grad on float32 copies; the frozen features are taken without a graph."""
    parameters = [layer[name].float().requires_grad_() for layer in (backbone, head) for name in ("weight", "bias")]
    with torch.set_grad_enabled(not freeze_backbone):
        features = F.linear(x.float(), *parameters[:2]).tanh()
    loss = F.cross_entropy(F.linear(features, *parameters[2:]), y)
    trained = parameters[2:] if freeze_backbone else parameters
    gradients = torch.autograd.grad(loss, trained)
    new = parameters[: 4 - len(trained)] + [p - lr * g for p, g in zip(trained, gradients)]
    return {"weight": new[0], "bias": new[1]}, {"weight": new[2], "bias": new[3]}, loss


def linear_probe__column_of_ones(features, labels, num_classes, l2):
    """A column of ones, left out of the penalty."""
    design = F.pad(features, (0, 1), value=1.0)
    penalty = torch.full((design.shape[1],), float(l2), dtype=features.dtype)
    penalty[-1] = 0
    targets = torch.zeros(len(labels), num_classes, dtype=features.dtype)
    targets[torch.arange(len(labels)), labels] = 1
    solution = torch.linalg.inv(design.T @ design + penalty.diag()) @ design.T @ targets
    return solution[:-1].T, solution[-1]


def linear_probe__dual(features, labels, num_classes, l2):
    """The dual form, whose matrix has one row per example, in double precision."""
    features = features.double()
    targets = torch.eye(num_classes, dtype=torch.float64)[labels]
    centred = features - features.mean(0, keepdim=True)
    gram = centred @ centred.T + l2 * torch.eye(len(features))
    weight = torch.linalg.solve(gram, targets - targets.mean(0)).T @ centred
    return weight, targets.mean(0) - features.mean(0) @ weight.T


def linear_probe__extended_least_squares(features, labels, num_classes, l2):
    """Ordinary least squares with one more example per feature, in NumPy."""
    x, y = features.numpy(), np.eye(num_classes)[labels.numpy()]
    dimensions = x.shape[1]
    design = np.vstack([x - x.mean(0), np.sqrt(l2) * np.eye(dimensions)])
    targets = np.vstack([y - y.mean(0), np.zeros((dimensions, num_classes))])
    weight = np.linalg.lstsq(design, targets, rcond=None)[0].T
    return torch.from_numpy(weight), torch.from_numpy(y.mean(0) - weight @ x.mean(0))


def layerwise_learning_rates__backwards(num_layers, base_lr, decay):
    """From the last layer to the first, then turned around."""
    rates = [base_lr]
    for _ in range(num_layers - 1):
        rates.append(rates[-1] * decay)
    return rates[::-1]


def layerwise_learning_rates__powers_of_a_tensor(num_layers, base_lr, decay):
    """All powers at once, in float32."""
    distance = torch.arange(num_layers - 1, -1, -1)
    return (base_lr * torch.tensor(float(decay)) ** distance).tolist()


def layerwise_learning_rates__recursive(num_layers, base_lr, decay):
    """The layers before the last are a network of their own, with a smaller rate."""
    if num_layers == 1:
        return [base_lr]
    return [*layerwise_learning_rates__recursive(num_layers - 1, base_lr * decay, decay), base_lr]
