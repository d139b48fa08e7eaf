import math

import numpy as np


def batch_norm_train__loops(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """One number at a time, with Python's own floats."""
    n, d = x.shape
    if n == 1:
        raise ValueError("x has one row only")
    y, new_mean, new_var = np.zeros((n, d)), np.zeros(d), np.zeros(d)
    for j in range(d):
        column = x[:, j].tolist()
        mean = sum(column) / n
        squares = sum((value - mean) ** 2 for value in column)
        for i in range(n):
            y[i, j] = gamma[j] * (column[i] - mean) / math.sqrt(squares / n + eps) + beta[j]
        new_mean[j] = running_mean[j] + momentum * (mean - running_mean[j])
        new_var[j] = running_var[j] + momentum * (squares / (n - 1) - running_var[j])
    return y, new_mean, new_var


def batch_norm_train__scale_and_shift(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """One factor and one summand per feature; the variance is corrected by N / (N - 1); a list is returned."""
    if x.shape[0] <= 1:
        raise ValueError("x: a batch needs more than one example")
    n, mean = x.shape[0], np.mean(x, axis=0)
    var = np.mean((x - mean) ** 2, axis=0)
    scale = gamma * (var + eps) ** -0.5
    y = x * scale + (beta - mean * scale)
    new_mean = running_mean * (1 - momentum) + mean * momentum
    new_var = running_var * (1 - momentum) + var * momentum * n / (n - 1)
    return [y, new_mean, new_var]


def batch_norm_train__welford(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """Mean and variance in one pass over the examples (Welford), in the precision of the input."""
    if len(x) == 1:
        raise ValueError("x must hold more than one example")
    mean, squares = np.zeros_like(x[0]), np.zeros_like(x[0])
    for count, row in enumerate(x, start=1):
        difference = row - mean
        mean = mean + difference / count
        squares = squares + difference * (row - mean)
    y = (x - mean) / np.sqrt(squares / len(x) + eps) * gamma + beta
    new_var = (1 - momentum) * running_var + momentum * squares / (len(x) - 1)
    return y, (1 - momentum) * running_mean + momentum * mean, new_var


def batch_norm_eval__scale_and_shift(x, gamma, beta, running_mean, running_var, eps=1e-5):
    """The layer as one factor and one summand per feature."""
    scale = gamma / np.sqrt(running_var + eps)
    return x * scale + (beta - running_mean * scale)


def batch_norm_eval__loops(x, gamma, beta, running_mean, running_var, eps=1e-5):
    """One number at a time."""
    y = np.empty(x.shape)
    for i, row in enumerate(x):
        for j, value in enumerate(row):
            y[i, j] = gamma[j] * (value - running_mean[j]) / math.sqrt(running_var[j] + eps) + beta[j]
    return y


def batch_norm_eval__matrix(x, gamma, beta, running_mean, running_var, eps=1e-5):
    """A product with a diagonal matrix."""
    return (x - running_mean) @ np.diag(gamma / np.sqrt(running_var + eps)) + beta


def batch_norm2d_train__as_vectors(x, gamma, beta, eps=1e-5):
    """Each pixel becomes a row with one column per channel, and goes back to its place at the end."""
    n, c, h, w = x.shape
    rows = x.transpose(0, 2, 3, 1).reshape(-1, c)
    rows = gamma * (rows - rows.mean(axis=0)) / np.sqrt(rows.var(axis=0) + eps) + beta
    return rows.reshape(n, h, w, c).transpose(0, 3, 1, 2)


def batch_norm2d_train__channels(x, gamma, beta, eps=1e-5):
    """One channel at a time, written into a result of float64."""
    y = np.empty(x.shape)
    for c in range(x.shape[1]):
        channel = x[:, c]
        y[:, c] = gamma[c] * (channel - channel.mean()) / np.sqrt(channel.var() + eps) + beta[c]
    return y


def batch_norm2d_train__mean_of_means(x, gamma, beta, eps=1e-5):
    """All images are of one size, so the mean of their means is the mean; the variance is taken about that one."""
    centred = x - x.mean(axis=(2, 3), keepdims=True).mean(axis=0)
    var = (centred**2).mean(axis=(2, 3), keepdims=True).mean(axis=0)
    return centred / np.sqrt(var + eps) * gamma.reshape(1, -1, 1, 1) + beta.reshape(1, -1, 1, 1)


def batch_norm_backward__three_paths(grad_output, x, gamma, eps=1e-5):
    """As in the paper: the direct path, the path through the variance and the one through the mean, one by one."""
    n, centred = len(x), x - x.mean(axis=0)
    var = (centred**2).mean(axis=0)
    grad_hat = grad_output * gamma
    grad_var = -0.5 * (grad_hat * centred).sum(axis=0) * (var + eps) ** -1.5
    grad_mean = -grad_hat.sum(axis=0) / np.sqrt(var + eps)
    grad_x = grad_hat / np.sqrt(var + eps) + 2 / n * grad_var * centred + grad_mean / n
    return grad_x, (grad_output * centred / np.sqrt(var + eps)).sum(axis=0), grad_output.sum(axis=0)


def batch_norm_backward__jacobian(grad_output, x, gamma, eps=1e-5):
    """The whole matrix of derivatives of one feature at a time; a list is returned."""
    n, d = x.shape
    grad_x, grad_gamma, grad_beta = np.zeros((n, d)), np.zeros(d), np.zeros(d)
    for j in range(d):
        root = np.sqrt(x[:, j].var() + eps)
        x_hat = (x[:, j] - x[:, j].mean()) / root
        jacobian = (np.eye(n) - 1 / n - np.outer(x_hat, x_hat) / n) / root
        grad_x[:, j] = gamma[j] * grad_output[:, j] @ jacobian
        grad_gamma[j] = grad_output[:, j] @ x_hat
        grad_beta[j] = grad_output[:, j].sum()
    return [grad_x, grad_gamma, grad_beta]


def batch_norm_backward__over_n(grad_output, x, gamma, eps=1e-5):
    """The formula with N multiplied in, as it is often printed."""
    n = x.shape[0]
    inverse = 1 / np.sqrt(np.var(x, axis=0) + eps)
    x_hat = (x - np.mean(x, axis=0)) * inverse
    grad_gamma, grad_beta = np.einsum("nd,nd->d", grad_output, x_hat), np.einsum("nd->d", grad_output)
    grad_x = gamma * inverse / n * (n * grad_output - grad_beta - x_hat * grad_gamma)
    return grad_x, grad_gamma, grad_beta


def layer_norm__slices(x, gamma, beta, eps=1e-5):
    """One vector at a time."""

    def _one(vector):
        return gamma * (vector - vector.mean()) / np.sqrt(vector.var() + eps) + beta

    return np.apply_along_axis(_one, -1, x)


def layer_norm__rows(x, gamma, beta, eps=1e-5):
    """All vectors as the rows of one table, computed in float64."""
    rows = x.reshape(-1, x.shape[-1]).astype(np.float64)
    rows = rows - rows.mean(axis=1)[:, None]
    rows = rows / np.sqrt((rows**2).mean(axis=1) + eps)[:, None]
    return (rows * gamma + beta).reshape(x.shape)


def layer_norm__transposed(x, gamma, beta, eps=1e-5):
    """The last axis is moved to the front, where mean and variance broadcast by themselves, and back."""
    z = np.moveaxis(x, -1, 0)
    z = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + eps)
    return np.moveaxis(z, 0, -1) * gamma + beta
