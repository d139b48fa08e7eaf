"""Known wrong answers to 04_multilayer_perceptron; each docstring is the diagnosis that the learner reads."""

import itertools

import numpy as np


def _linear(x, weight, bias):
    return x @ weight.T + bias


def _relu(z):
    return np.maximum(z, 0)


def linear__no_bias(x, weight, bias):
    """These are the weighted sums alone: the bias is missing. Every output has one, and it is added in every row."""
    return x @ weight.T


def linear__no_transpose(x, weight, bias):
    """The weight matrix is used as if it were (inputs, outputs): NumPy complains about the shapes, or, when they
    happen to be equal, the sums run over the wrong axis. Here, as in PyTorch, it has one row per output."""
    return x @ weight + bias


def linear__reshaped(x, weight, bias):
    """The shape is right, but the weights have ended up in the wrong places. To reshape is to read the same numbers in
    the same order with other line breaks; rows become columns only by a transpose."""
    outputs, inputs = weight.shape
    return x @ weight.reshape(inputs, outputs) + bias


def linear__bias_along_the_examples(x, weight, bias):
    """The bias is added along the wrong axis: each example would get one, not each output. NumPy complains, unless
    there are just as many examples as outputs. Look at the shape of the product at the moment when you add the
    bias."""
    return (weight @ x.T + bias).T


def linear__transposed_result(x, weight, bias):
    """The numbers are right, but they come as one row per output and one column per example. The result is to look
    like x, with one example per row."""
    return weight @ x.T + bias[:, None]


def linear__relu_baked_in(x, weight, bias):
    """Negative outputs come back as 0. A dense layer has no activation of its own; the network puts one between its
    layers, where it is wanted."""
    return _relu(_linear(x, weight, bias))


def linear__accumulates_in_the_bias(x, weight, bias):
    """All rows of the result are the same, and the caller's bias has changed. The assignment of an array to a new name
    copies nothing, so += adds every example to the bias itself: add with + instead, which makes a new array."""
    rows = []
    for example in x:
        row = bias
        row += weight @ example
        rows.append(row)
    return np.array(rows)


def mlp_forward__no_activation(x, weights, biases):
    """There is no activation anywhere, so the whole network is one affine map, however many layers it has. ReLU
    belongs between the layers."""
    h = x
    for weight, bias in zip(weights, biases, strict=True):
        h = _linear(h, weight, bias)
    return h


def mlp_forward__relu_on_the_output(x, weights, biases):
    """The hidden layers are right, but no output is ever negative: ReLU is applied after the last layer too. The
    outputs are scores or predictions and may be any number."""
    h = x
    for weight, bias in zip(weights, biases, strict=True):
        h = _relu(_linear(h, weight, bias))
    return h


def mlp_forward__activation_before_linear(x, weights, biases):
    """Negative inputs are lost, because ReLU acts before the first layer has seen them. The network goes affine map
    first, activation second, although document B describes it the other way round (question 8)."""
    h = x
    for weight, bias in zip(weights, biases, strict=True):
        h = _linear(_relu(h), weight, bias)
    return h


def mlp_forward__sigmoid_hidden(x, weights, biases):
    """The hidden units are squeezed into values between 0 and 1: that is the sigmoid of the classic networks. This
    network has ReLU between its layers."""
    h = _linear(x, weights[0], biases[0])
    for weight, bias in zip(weights[1:], biases[1:], strict=True):
        h = _linear(1 / (1 + np.exp(-h)), weight, bias)
    return h


def mlp_forward__softmax_on_the_output(x, weights, biases):
    """Every row sums to 1: the scores have gone through a softmax. The network ends with the bare scores; turning them
    into probabilities is left to the loss or to the caller."""
    h = _linear(x, weights[0], biases[0])
    for weight, bias in zip(weights[1:], biases[1:], strict=True):
        h = _linear(_relu(h), weight, bias)
    z = np.exp(h - h.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def mlp_forward__one_activation(x, weights, biases):
    """Right with up to one hidden layer. With more, only the first of them has a ReLU, so that all later layers amount
    to one: every gap between two layers needs its own."""
    h = _linear(x, weights[0], biases[0])
    if len(weights) > 1:
        h = _relu(h)
    for weight, bias in zip(weights[1:], biases[1:], strict=True):
        h = _linear(h, weight, bias)
    return h


def mlp_forward__empties_the_lists(x, weights, biases):
    """The output is right, but the last layer is gone from the caller's lists: pop removes what it returns. A second
    call would run another network. Read the last layer by its index."""
    last_weight, last_bias = weights.pop(), biases.pop()
    h = x
    for weight, bias in zip(weights, biases, strict=True):
        h = _relu(_linear(h, weight, bias))
    return _linear(h, last_weight, last_bias)


def count_parameters__counts_units(layer_sizes):
    """This is the number of units. What is trained are the weights on the connections between them, and the biases."""
    return sum(layer_sizes)


def count_parameters__no_biases(layer_sizes):
    """These are the weights alone. Each layer has biases as well, which are trained like them."""
    return sum(a * b for a, b in itertools.pairwise(layer_sizes))


def count_parameters__bias_per_input(layer_sizes):
    """The weights are right, but each layer has as many biases as inputs. A bias is added to a finished sum, and there
    is one sum for every output."""
    return sum(a * b + a for a, b in itertools.pairwise(layer_sizes))


def count_parameters__bias_for_the_inputs(layer_sizes):
    """The inputs are given biases of their own: the answer is too large by their number. They are handed in, not
    computed, so nothing is added to them."""
    return sum(a * b for a, b in itertools.pairwise(layer_sizes)) + sum(layer_sizes)


def count_parameters__one_bias_per_layer(layer_sizes):
    """The weights are right, but each layer has only one bias for all its outputs. In a dense layer every output has
    its own."""
    return sum(a * b + 1 for a, b in itertools.pairwise(layer_sizes))


def count_parameters__hidden_layers_only(layer_sizes):
    """The last layer is missing. The output layer has weights and biases like the others, though it is not a hidden
    one: three sizes make two layers."""
    return sum((a + 1) * b for a, b in itertools.pairwise(layer_sizes[:-1]))


def count_parameters__takes_sizes_off_the_list(layer_sizes):
    """The number is right, but the caller's list has been used up: pop removes what it returns. Read the sizes without
    removing them."""
    total, inputs = 0, layer_sizes.pop(0)
    while layer_sizes:
        outputs = layer_sizes.pop(0)
        total += (inputs + 1) * outputs
        inputs = outputs
    return total


def collapse_linear_layers__last_layer(weights, biases):
    """What comes back is the last layer as it was. The layers before it have to be merged into it: their product with
    its weight, and their biases as they come out at the end."""
    return weights[-1], biases[-1]


def collapse_linear_layers__wrong_order(weights, biases):
    """The matrices are multiplied from first to last: NumPy complains about the shapes, or, when they happen to be
    equal, the product is another one. A column vector stands on the right, so the layer that meets it first does
    too."""
    weight, bias = weights[0], biases[0]
    for next_weight, next_bias in zip(weights[1:], biases[1:], strict=True):
        weight, bias = weight @ next_weight, next_weight @ bias + next_bias
    return weight, bias


def collapse_linear_layers__biases_just_added(weights, biases):
    """The weight is right, but the biases are added up as they are, which for layers of different width is not even
    possible. The bias of a layer is part of what the next layer gets, so every later weight acts on it."""
    weight, bias = weights[0], biases[0]
    for next_weight, next_bias in zip(weights[1:], biases[1:], strict=True):
        weight, bias = next_weight @ weight, bias + next_bias
    return weight, bias


def collapse_linear_layers__last_bias_only(weights, biases):
    """The weight is right, but only the last bias is left. Those of the earlier layers do not vanish: send an input of
    zeros through the stack and see what comes out."""
    weight = weights[0]
    for next_weight in weights[1:]:
        weight = next_weight @ weight
    return weight, biases[-1]


def collapse_linear_layers__bias_through_the_product(weights, biases):
    """The weight is right, but the bias is multiplied by the product of all matrices so far. It has not passed through
    the layers before its own: only the next layer's weight acts on it. Mind which of two lines comes first."""
    weight, bias = weights[0], biases[0]
    for next_weight, next_bias in zip(weights[1:], biases[1:], strict=True):
        weight = next_weight @ weight
        bias = weight @ bias + next_bias
    return weight, bias


def collapse_linear_layers__transposed_result(weights, biases):
    """The numbers are right, but the weight comes back as (inputs, outputs). Like every other weight here it has one
    row per output."""
    weight, bias = weights[0], biases[0]
    for next_weight, next_bias in zip(weights[1:], biases[1:], strict=True):
        weight, bias = next_weight @ weight, next_weight @ bias + next_bias
    return weight.T, bias


def collapse_linear_layers__changes_the_biases(weights, biases):
    """The result is right, but the caller's last bias has changed. The assignment of an array to a new name copies
    nothing, so += writes into the array that was handed in: add with + instead."""
    weight, bias = weights[-1], biases[-1]
    for own_weight, own_bias in zip(weights[-2::-1], biases[-2::-1], strict=True):
        bias += weight @ own_bias
        weight = weight @ own_weight
    return weight, bias
