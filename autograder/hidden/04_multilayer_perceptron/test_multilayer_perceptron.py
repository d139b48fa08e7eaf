"""Hidden tests of 04_multilayer_perceptron. Oracle: torch.nn.functional.linear and torch.nn.Linear in float64."""

import itertools

import numpy as np
import pytest
import torch
from torch.nn.functional import linear as torch_linear

from autograder.suite.assertions import assert_close, assert_equal, assert_unchanged, unpack


def _away_from_zero(rng, low, high, *shape):
    return rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)


def _both_signs(rng, examples, features):
    """Inputs of size 0.5 to 2; in every example but a single number, both signs occur."""
    x = rng.uniform(0.5, 2.0, (examples, features))
    x[:, ::2] *= -1
    x[1::2] *= -1
    return x


def _layer(rng, inputs, outputs):
    return _away_from_zero(rng, 0.3, 1.0, outputs, inputs), _away_from_zero(rng, 0.5, 2.0, outputs)


def _stack(rng, *sizes):
    """The lists of weights and biases of a network with these widths."""
    weights, biases = zip(*(_layer(rng, *pair) for pair in itertools.pairwise(sizes)), strict=True)
    return list(weights), list(biases)


def _network(rng, x, *widths):
    """The lists of a network whose every unit, hidden or output, is positive for half of the examples."""
    weights, biases = _stack(rng, x.shape[1], *widths)
    h = x
    for weight, bias in zip(weights, biases, strict=True):
        bias[:] = -np.median(h @ weight.T, axis=0)
        h = np.maximum(h @ weight.T + bias, 0)
    return weights, biases


def _float32(arrays):
    return [array.astype(np.float32) for array in arrays]


def _tensor(array):
    return torch.from_numpy(np.array(array, dtype=np.float64))


def _torch_layer(x, weight, bias):
    return torch_linear(_tensor(x), _tensor(weight), _tensor(bias))


def _torch_mlp(x, weights, biases):
    h = _torch_layer(x, weights[0], biases[0])
    for weight, bias in zip(weights[1:], biases[1:], strict=True):
        h = _torch_layer(torch.relu(h), weight, bias)
    return h


def _torch_collapsed(weights, biases):
    """The network's derivative at zero and its value there, which together say all about an affine map."""

    def network(x):
        for weight, bias in zip(weights, biases, strict=True):
            x = torch_linear(x, _tensor(weight), _tensor(bias))
        return x

    zero = torch.zeros(weights[0].shape[1], dtype=torch.float64)
    return torch.autograd.functional.jacobian(network, zero), network(zero)


def _assert_close(answer, expected):
    """As assert_close, with room for the float32 rounding of sums that nearly cancel."""
    assert_close(answer, expected, atol=1e-5 * float(np.abs(np.asarray(expected)).max()))


def _assert_collapsed(answer, weights, biases):
    for part, wanted in zip(unpack(answer, "weight", "bias"), _torch_collapsed(weights, biases), strict=True):
        _assert_close(part, wanted)


# linear


@pytest.mark.points(3)
def test_linear_agrees_with_torch(linear, rng):
    """linear gives every output of every example as the weighted sum of the example's inputs plus the output's bias."""
    x, (weight, bias) = _both_signs(rng, 4, 3), _layer(rng, 3, 6)
    _assert_close(linear(x, weight, bias), _torch_layer(x, weight, bias))


def test_linear_when_all_sizes_are_equal(linear, rng):
    """linear has one row of weights per output and one bias per output, also where the shapes do not give it away."""
    x, (weight, bias) = _both_signs(rng, 5, 5), _layer(rng, 5, 5)
    _assert_close(linear(x, weight, bias), _torch_layer(x, weight, bias))


def test_linear_of_zero_is_the_bias(linear, rng):
    """linear of an example of zeros is the bias."""
    weight, bias = _layer(rng, 2, 5)
    _assert_close(linear(np.zeros((3, 2)), weight, bias), np.tile(bias, (3, 1)))


def test_linear_without_a_bias(linear, rng):
    """linear with a bias of zero is the weighted sum alone, as large as it comes."""
    x, (weight, _) = 1e3 * _both_signs(rng, 3, 4), _layer(rng, 4, 2)
    _assert_close(linear(x, weight, np.zeros(2)), _torch_layer(x, weight, np.zeros(2)))


def test_linear_has_no_activation(linear, rng):
    """linear passes negative sums on as they are."""
    x, weight, bias = rng.uniform(0.5, 2.0, (4, 2)), -rng.uniform(0.5, 2.0, (3, 2)), -rng.uniform(0.5, 2.0, 3)
    _assert_close(linear(x, weight, bias), _torch_layer(x, weight, bias))


def test_linear_keeps_axes_of_length_one(linear, rng):
    """linear returns one row per example and one column per output, even if there is only one of them."""
    for examples, inputs, outputs in ((1, 3, 2), (3, 1, 2), (3, 2, 1), (1, 1, 1)):
        x, (weight, bias) = _both_signs(rng, examples, inputs), _layer(rng, inputs, outputs)
        _assert_close(linear(x, weight, bias), _torch_layer(x, weight, bias))


def test_linear_of_float32(linear, rng):
    """linear is right for float32 arrays."""
    arrays = _float32([_both_signs(rng, 5, 4), *_layer(rng, 4, 3)])
    _assert_close(linear(*arrays), _torch_layer(*arrays))


def test_linear_of_named_strided_arguments(linear, rng):
    """linear takes named arguments, and arrays that are views of other arrays."""
    x, (weight, bias) = _both_signs(rng, 3, 8).T[::2], _layer(rng, 3, 10)
    weight, bias = np.asfortranarray(weight)[::2], bias[::-2]
    _assert_close(linear(bias=bias, weight=weight, x=x), _torch_layer(x, weight, bias))


def test_linear_leaves_its_arguments_alone(linear, rng):
    """linear returns a new array and does not change its arguments."""
    x, (weight, bias) = _both_signs(rng, 4, 2), _layer(rng, 2, 3)
    _assert_close(linear(x, weight, bias), _torch_layer(x, weight, bias))
    assert_unchanged(linear, x, weight, bias)


# mlp_forward


@pytest.mark.points(3)
def test_mlp_forward_agrees_with_torch(mlp_forward, rng):
    """mlp_forward takes the input through all layers in turn, with ReLU between them and none after the last."""
    x = _both_signs(rng, 6, 3)
    weights, biases = _network(rng, x, 7, 5, 4)
    _assert_close(mlp_forward(x, weights, biases), _torch_mlp(x, weights, biases))


def test_mlp_forward_with_one_hidden_layer(mlp_forward, rng):
    """mlp_forward with two layers has ReLU after the first and nothing after the second, however large the values."""
    x = 1e3 * _both_signs(rng, 4, 2)
    weights, biases = _network(rng, x, 5, 3)
    _assert_close(mlp_forward(x, weights, biases), _torch_mlp(x, weights, biases))


@pytest.mark.points(2)
def test_mlp_forward_with_one_layer(mlp_forward, rng):
    """mlp_forward with a single layer is that layer, without any activation, before it or after it."""
    x = _both_signs(rng, 6, 3)
    weights, biases = _network(rng, x, 4)
    _assert_close(mlp_forward(x, weights, biases), _torch_mlp(x, weights, biases))


def test_mlp_forward_of_a_deep_network(mlp_forward, rng):
    """mlp_forward works for any number of layers, whatever their widths, a width of one included."""
    x = _both_signs(rng, 8, 4)
    weights, biases = _network(rng, x, 5, 5, 1, 3, 2)
    _assert_close(mlp_forward(x, weights, biases), _torch_mlp(x, weights, biases))


def test_mlp_forward_when_all_sizes_are_equal(mlp_forward, rng):
    """mlp_forward has one row of weights per output in every layer, also where the shapes do not give it away."""
    x = _both_signs(rng, 4, 4)
    weights, biases = _network(rng, x, 4, 4)
    _assert_close(mlp_forward(x, weights, biases), _torch_mlp(x, weights, biases))


def test_mlp_forward_of_zero(mlp_forward, rng):
    """mlp_forward adds the bias of every layer, the hidden ones included."""
    weights, biases = _stack(rng, 2, 6, 4, 3)
    weights, biases = [np.abs(weight) for weight in weights], [np.abs(bias) for bias in biases]
    x = np.zeros((1, 2))
    _assert_close(mlp_forward(x, weights, biases), _torch_mlp(x, weights, biases))


def test_mlp_forward_of_float32(mlp_forward, rng):
    """mlp_forward is right for float32 arrays."""
    x = _both_signs(rng, 6, 2)
    weights, biases = _network(rng, x, 4, 3)
    x, weights, biases = x.astype(np.float32), _float32(weights), _float32(biases)
    _assert_close(mlp_forward(x, weights, biases), _torch_mlp(x, weights, biases))


def test_mlp_forward_of_named_strided_arguments(mlp_forward, rng):
    """mlp_forward takes named arguments, and arrays that are views of other arrays."""
    x = _both_signs(rng, 3, 8).T[::2]
    weights, biases = _network(rng, x, 5, 2)
    weights = [np.asfortranarray(weights[0])[::-1], weights[1][:, ::-1]]
    biases = [biases[0][::-1], biases[1]]
    _assert_close(mlp_forward(biases=biases, weights=weights, x=x), _torch_mlp(x, weights, biases))


def test_mlp_forward_leaves_its_arguments_alone(mlp_forward, rng):
    """mlp_forward changes neither its input nor the lists nor the arrays in them."""
    x = _both_signs(rng, 4, 3)
    weights, biases = _network(rng, x, 5, 2)
    _assert_close(mlp_forward(x, weights, biases), _torch_mlp(x, weights, biases))
    assert_unchanged(mlp_forward, x, weights, biases)


# count_parameters


def _torch_count(layer_sizes):
    layers = (torch.nn.Linear(*pair, device="meta") for pair in itertools.pairwise(layer_sizes))
    return sum(parameter.numel() for layer in layers for parameter in layer.parameters())


@pytest.mark.points(3)
def test_count_parameters_agrees_with_torch(count_parameters, rng):
    """count_parameters counts every weight and every bias of every layer."""
    layer_sizes = rng.permutation([3, 5, 8, 13]).tolist()
    assert_equal(count_parameters(layer_sizes), _torch_count(layer_sizes))


@pytest.mark.points(2)
def test_count_parameters_of_one_layer(count_parameters, rng):
    """count_parameters of two sizes counts one layer, whichever of the two is larger."""
    small, large = int(rng.integers(2, 9)), int(rng.integers(10, 20))
    for layer_sizes in ([small, large], [large, small]):
        assert_equal(count_parameters(layer_sizes), _torch_count(layer_sizes))


def test_count_parameters_of_widths_of_one(count_parameters, rng):
    """count_parameters is right where a layer has a single input or a single output."""
    outer, inner = int(rng.integers(2, 9)), int(rng.integers(2, 9))
    for layer_sizes in ([1, 1], [1, inner, 1], [outer, 1, inner]):
        assert_equal(count_parameters(layer_sizes), _torch_count(layer_sizes))


def test_count_parameters_of_equal_widths(count_parameters, rng):
    """count_parameters counts every layer anew, even if another one has the same sizes."""
    width = int(rng.integers(4, 9))
    layer_sizes = [width + 3, width, width, width, width + 1]
    assert_equal(count_parameters(layer_sizes), _torch_count(layer_sizes))


def test_count_parameters_of_a_deep_network(count_parameters, rng):
    """count_parameters works for any number of layers."""
    layer_sizes = rng.permutation(np.arange(2, 14)).tolist()
    assert_equal(count_parameters(layer_sizes), _torch_count(layer_sizes))


def test_count_parameters_of_a_wide_network(count_parameters, rng):
    """count_parameters is exact for layers of realistic width; its argument may be named."""
    layer_sizes = [784, int(rng.integers(500, 1000)), int(rng.integers(200, 400)), 10]
    assert_equal(count_parameters(layer_sizes=layer_sizes), _torch_count(layer_sizes))


def test_count_parameters_leaves_its_argument_alone(count_parameters, rng):
    """count_parameters does not change the list of sizes."""
    layer_sizes = rng.permutation([4, 6, 9]).tolist()
    assert_equal(count_parameters(layer_sizes), _torch_count(layer_sizes))
    assert_unchanged(count_parameters, layer_sizes)


# collapse_linear_layers


@pytest.mark.points(2)
def test_collapse_linear_layers_weight_agrees_with_torch(collapse_linear_layers, rng):
    """The collapsed weight is the slope of the whole stack, one row per output and one column per input."""
    weights, biases = _stack(rng, 3, 6, 5, 4)
    weight, _ = unpack(collapse_linear_layers(weights, biases), "weight", "bias")
    _assert_close(weight, _torch_collapsed(weights, biases)[0])


@pytest.mark.points(2)
def test_collapse_linear_layers_bias_agrees_with_torch(collapse_linear_layers, rng):
    """The collapsed bias is what the whole stack makes of an input of zeros."""
    weights, biases = _stack(rng, 4, 2, 6, 3)
    _, bias = unpack(collapse_linear_layers(weights, biases), "weight", "bias")
    _assert_close(bias, _torch_collapsed(weights, biases)[1])


@pytest.mark.points(2)
def test_collapse_linear_layers_of_two_layers(collapse_linear_layers, rng):
    """Two layers collapse into one that answers every input as the two do, also if they have a single unit each."""
    for sizes in ((2, 5, 3), (1, 1, 1)):
        weights, biases = _stack(rng, *sizes)
        _assert_collapsed(collapse_linear_layers(weights, biases), weights, biases)


def test_collapse_linear_layers_when_all_sizes_are_equal(collapse_linear_layers, rng):
    """The layers are merged in the right order, also where the shapes do not give it away."""
    weights, biases = _stack(rng, 4, 4, 4, 4)
    _assert_collapsed(collapse_linear_layers(weights, biases), weights, biases)


def test_collapse_linear_layers_of_one_layer(collapse_linear_layers, rng):
    """A single layer is its own collapsed form."""
    weights, biases = _stack(rng, 5, 3)
    _assert_collapsed(collapse_linear_layers(weights, biases), weights, biases)


def test_collapse_linear_layers_of_a_deep_stack(collapse_linear_layers, rng):
    """Any number of layers collapses, a width of one included, and every bias passes through all layers behind it."""
    weights, biases = _stack(rng, 3, 4, 2, 5, 1, 4, 2)
    _assert_collapsed(collapse_linear_layers(weights, biases), weights, biases)


def test_collapse_linear_layers_of_float32(collapse_linear_layers, rng):
    """float32 layers collapse into the same layer."""
    weights, biases = map(_float32, _stack(rng, 4, 3, 5))
    _assert_collapsed(collapse_linear_layers(weights, biases), weights, biases)


def test_collapse_linear_layers_of_named_strided_arguments(collapse_linear_layers, rng):
    """Arguments may be named, and arrays may be views of other arrays."""
    weights, biases = _stack(rng, 6, 4, 5)
    weights = [np.asfortranarray(weights[0])[:, ::2], weights[1][::-1]]
    biases = [biases[0][::-1], biases[1]]
    _assert_collapsed(collapse_linear_layers(biases=biases, weights=weights), weights, biases)


def test_collapse_linear_layers_leaves_its_arguments_alone(collapse_linear_layers, rng):
    """Neither the lists nor the arrays in them are changed."""
    weights, biases = _stack(rng, 3, 5, 4, 2)
    _assert_collapsed(collapse_linear_layers(weights, biases), weights, biases)
    assert_unchanged(collapse_linear_layers, weights, biases)
