"""Right answers to 18_autoencoders written another way; every one must get full marks."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def _module(weight, bias):
    """A dense layer as a module, in the precision of its weights."""
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight, layer.bias = nn.Parameter(weight.clone()), nn.Parameter(bias.clone())
    return layer


def encode__modules(x, params):
    """torch.nn modules; the result requires a gradient."""
    return nn.Sequential(_module(params["enc_weight"], params["enc_bias"]), nn.Tanh())(x)


def encode__through_the_sigmoid_in_single_precision(x, params):
    """tanh as a stretched sigmoid, in float32 throughout."""
    x, weight, bias = x.float(), params["enc_weight"].float(), params["enc_bias"].float()
    return 2 * torch.sigmoid(2 * (x @ weight.T + bias)) - 1


def encode__loop(x, params):
    """One number at a time, with the math module."""
    rows = [
        [math.tanh(float(row @ weight + bias)) for weight, bias in zip(params["enc_weight"], params["enc_bias"])]
        for row in x
    ]
    return torch.tensor(rows, dtype=x.dtype)


def decode__modules(code, params):
    """A torch.nn module, run without a graph."""
    with torch.no_grad():
        return _module(params["dec_weight"], params["dec_bias"])(code)


def decode__einsum_in_place_on_its_own(code, params):
    """A sum over named axes; the bias is added in place, to a new tensor."""
    out = torch.einsum("nk,dk->nd", code, params["dec_weight"])
    out += params["dec_bias"]
    return out


def decode__columns(code, params):
    """Feature by feature, in float32."""
    code, weights, biases = code.float(), params["dec_weight"].float(), params["dec_bias"].float()
    return torch.stack([code @ weight + bias for weight, bias in zip(weights, biases)], dim=1)


def reconstruction_loss__functional(x, reconstruction):
    """PyTorch's sum of squares, divided by the number of examples."""
    return F.mse_loss(reconstruction, x, reduction="sum") / len(x)


def reconstruction_loss__python_number(x, reconstruction):
    """One example at a time in float32; the result is a Python number."""
    costs = [float(torch.dot(a - b, a - b)) for a, b in zip(x.float(), reconstruction.float())]
    return sum(costs) / len(costs)


def reconstruction_loss__norms(x, reconstruction):
    """The mean of the squared distances, through their norms."""
    return torch.linalg.vector_norm(x - reconstruction, dim=1).pow(2).mean()


def autoencoder_train_step__backward(x, params, lr):
    """backward() and a step under no_grad; the new parameters require gradients."""
    params = {name: value.detach().clone().requires_grad_() for name, value in params.items()}
    code = torch.tanh(F.linear(x, params["enc_weight"], params["enc_bias"]))
    reconstruction = F.linear(code, params["dec_weight"], params["dec_bias"])
    loss = ((reconstruction - x) ** 2).sum(dim=1).mean()
    loss.backward()
    with torch.no_grad():
        for value in params.values():
            value -= lr * value.grad
    return params, loss


def autoencoder_train_step__by_hand(x, params, lr):
    """No autograd: the gradients from the chain rule."""
    enc_weight, enc_bias, dec_weight, dec_bias = (
        params[name] for name in ("enc_weight", "enc_bias", "dec_weight", "dec_bias")
    )
    code = torch.tanh(x @ enc_weight.T + enc_bias)
    error = code @ dec_weight.T + dec_bias - x
    d_out = 2 * error / x.shape[0]
    d_pre = (d_out @ dec_weight) * (1 - code**2)
    new_params = {
        "dec_bias": dec_bias - lr * d_out.sum(0),
        "dec_weight": dec_weight - lr * d_out.T @ code,
        "enc_bias": enc_bias - lr * d_pre.sum(0),
        "enc_weight": enc_weight - lr * d_pre.T @ x,
    }
    return new_params, (error**2).sum() / x.shape[0]


def autoencoder_train_step__example_by_example(x, params, lr):
    """The gradients of the examples, one after the other, in float32; a list comes back, and the loss is a number."""
    x = x.float()
    params = {name: value.detach().float().requires_grad_() for name, value in params.items()}
    total = 0.0
    for row in x:
        code = torch.tanh(params["enc_weight"] @ row + params["enc_bias"])
        cost = (params["dec_weight"] @ code + params["dec_bias"] - row).square().sum() / len(x)
        cost.backward()
        total += cost.item()
    return [{name: (value - lr * value.grad).detach() for name, value in params.items()}, total]


def mask_noise__bernoulli(x, p, generator):
    """A Bernoulli number per entry, 1 for those to keep."""
    return x * torch.bernoulli(torch.full_like(x, 1 - p), generator=generator)


def mask_noise__one_row_at_a_time(x, p, generator):
    """Row by row, in float64, zeros written into a copy."""
    noisy = x.clone()
    for row in noisy:
        row[torch.rand(len(row), generator=generator, dtype=torch.float64) < p] = 0
    return noisy


def mask_noise__masked_fill(x, p, generator):
    """In-place Bernoulli numbers, True for those to zero."""
    drop = torch.empty(x.shape, dtype=torch.bool).bernoulli_(p, generator=generator)
    return x.masked_fill(drop, 0.0)


def linear_autoencoder__covariance(x, code_size):
    """The eigenvectors of the covariance matrix with the largest eigenvalues."""
    mean = x.mean(dim=0)
    covariance = (x - mean).T @ (x - mean) / (x.shape[0] - 1)
    directions = torch.linalg.eigh(covariance).eigenvectors[:, -code_size:]
    return mean + (x - mean) @ directions @ directions.T


def linear_autoencoder__truncated(x, code_size):
    """The singular values that are not wanted are set to zero, in NumPy."""
    array = x.numpy()
    mean = array.mean(axis=0, keepdims=True)
    u, s, vt = np.linalg.svd(array - mean, full_matrices=False)
    s[code_size:] = 0
    return torch.from_numpy(u @ np.diag(s) @ vt + mean)


def linear_autoencoder__examples_among_each_other(x, code_size):
    """The eigenvectors of the products of examples, (N, N), project from the left; in float32."""
    x = x.float()
    mean = x.mean(0)
    gram = (x - mean) @ (x - mean).T
    left = torch.linalg.eigh(gram)[1].flip(1)[:, :code_size]
    return mean + left @ (left.T @ (x - mean))


def anomaly_scores__functional(x, reconstruction):
    """PyTorch's squared errors without a reduction."""
    return F.mse_loss(reconstruction, x, reduction="none").mean(dim=-1)


def anomaly_scores__loop(x, reconstruction):
    """One example at a time, in float32."""
    pairs = zip(x.float(), reconstruction.float())
    return torch.tensor([float(((b - a) ** 2).sum()) / len(a) for a, b in pairs])


def anomaly_scores__einsum(x, reconstruction):
    """The squared length of each error, divided by the number of features."""
    error = x - reconstruction
    return torch.einsum("nd,nd->n", error, error) / x.shape[1]
