"""Right answers to 04_multilayer_perceptron written another way; every one must get full marks."""

import functools
import itertools

import numpy as np


def linear__einsum(x, weight, bias):
    """The indices of the formula, spelled out; no transpose."""
    return np.einsum("ni,oi->no", x, weight) + bias


def linear__number_by_number_in_float32(x, weight, bias):
    """Three loops, rounded to float32 at the end."""
    y = np.empty((x.shape[0], weight.shape[0]), dtype=np.float32)
    for n, example in enumerate(x):
        for o, row in enumerate(weight):
            total = bias[o]
            for a, b in zip(row, example, strict=True):
                total = total + a * b
            y[n, o] = total
    return y


def linear__bias_as_a_weight(x, weight, bias):
    """The bias is the weight of an extra input that is always 1."""
    ones = np.ones((len(x), 1))
    return np.hstack([x, ones]) @ np.column_stack([weight, bias]).T


def linear__columns(x, weight, bias):
    """Examples as columns, as in books, and transposed back."""
    return (weight @ x.T + bias[:, None]).T


def mlp_forward__asks_for_the_last_layer(x, weights, biases):
    """A loop over the layers, with a mask for ReLU after all but the last."""
    h = x
    for layer in range(len(weights)):
        h = h @ weights[layer].T + biases[layer]
        if layer < len(weights) - 1:
            h = h * (h > 0)
    return h


def mlp_forward__recursive(x, weights, biases):
    """The first layer, then the rest of the network, on copies of the lists."""
    h = np.inner(x, weights[0]) + biases[0]
    if len(weights) == 1:
        return h
    return mlp_forward__recursive(np.clip(h, 0, None), weights[1:], biases[1:])


def mlp_forward__example_by_example_in_float32(x, weights, biases):
    """One example at a time as a column, in float32 throughout."""
    rows = []
    for example in x.astype(np.float32):
        h = example
        for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
            if layer:
                h = np.where(h > 0, h, 0).astype(np.float32)
            h = weight.astype(np.float32) @ h + bias.astype(np.float32)
        rows.append(h)
    return np.stack(rows)


def count_parameters__loop(layer_sizes):
    """One layer at a time; the list is only read."""
    total = 0
    for layer in range(1, len(layer_sizes)):
        total += layer_sizes[layer - 1] * layer_sizes[layer]
        total += layer_sizes[layer]
    return total


def count_parameters__numpy_integer(layer_sizes):
    """Products of shifted arrays; the sum is a NumPy integer."""
    sizes = np.asarray(layer_sizes)
    return (sizes[:-1] * sizes[1:]).sum() + sizes[1:].sum()


def count_parameters__builds_the_network(layer_sizes):
    """Makes the arrays and asks them for their size."""
    arrays = []
    for inputs, outputs in itertools.pairwise(layer_sizes):
        arrays += [np.zeros((outputs, inputs)), np.zeros(outputs)]
    return sum(array.size for array in arrays)


def collapse_linear_layers__asks_the_stack(weights, biases):
    """Sends zeros and unit vectors through the stack: the answers are the bias, and the columns of the weight."""

    def _stack(x):
        for weight, bias in zip(weights, biases, strict=True):
            x = x @ weight.T + bias
        return x

    inputs = weights[0].shape[1]
    bias = _stack(np.zeros((1, inputs)))[0]
    return (_stack(np.eye(inputs)) - bias).T, bias


def collapse_linear_layers__one_matrix_per_layer(weights, biases):
    """Each affine map as one matrix with a last row 0, ..., 0, 1; the product of the matrices holds both answers."""
    matrices = []
    for weight, bias in zip(weights, biases, strict=True):
        matrix = np.zeros((weight.shape[0] + 1, weight.shape[1] + 1))
        matrix[:-1, :-1], matrix[:-1, -1], matrix[-1, -1] = weight, bias, 1
        matrices.append(matrix)
    product = functools.reduce(np.matmul, reversed(matrices))
    return [product[:-1, :-1], product[:-1, -1]]


def collapse_linear_layers__from_the_back_in_float32(weights, biases):
    """Starts with the last layer and collects what acts on each bias; rounded to float32 on the way."""
    weight, bias = weights[-1].astype(np.float32), biases[-1].astype(np.float32)
    for layer in range(len(weights) - 2, -1, -1):
        bias = (bias + weight @ biases[layer]).astype(np.float32)
        weight = (weight @ weights[layer]).astype(np.float32)
    return weight, bias
