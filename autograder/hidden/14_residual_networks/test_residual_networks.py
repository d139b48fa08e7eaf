"""Hidden tests of 14_residual_networks. Oracle: torch.nn modules in float64 for the blocks, autograd for the
chains."""

import numpy as np
import pytest
import torch
from torch import nn

from autograder.suite.assertions import assert_close, assert_unchanged

#: Signs of channels 0 to 3. Two tensors with these two patterns meet with every combination of signs at every pixel.
ALTERNATING, IN_PAIRS = (1, -1, 1, -1), (1, 1, -1, -1)


def _sized(rng, *shape):
    """Numbers of size 0.5 to 1.5 and of either sign."""
    return rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape)


def _signed(array, signs):
    """The array with its first four entries along the first axis equal, but for these signs."""
    array[:4] = array[0] * np.reshape(signs, (4, *[1] * (array.ndim - 1)))
    return array


def _images(rng, batch, channels, height, width, signs=None):
    x = _sized(rng, channels, batch, height, width)
    return torch.from_numpy((x if signs is None else _signed(x, signs)).swapaxes(0, 1).copy())


def _kernels(rng, outputs, inputs, size, signs=None):
    """Kernels that keep the size of what they are applied to."""
    weight = _sized(rng, outputs, inputs, size, size) / np.sqrt(inputs * size * size)
    return torch.from_numpy(weight if signs is None else _signed(weight, signs))


def _centre(*factors):
    """3x3 kernels that multiply each channel by a factor of its own."""
    weight = torch.zeros(len(factors), len(factors), 3, 3, dtype=torch.float64)
    weight[range(len(factors)), range(len(factors)), 1, 1] = torch.tensor(factors, dtype=torch.float64)
    return weight


def _not_contiguous(tensor):
    """An equal tensor with its axes in another order in memory."""
    return tensor.permute(2, 3, 1, 0).contiguous().permute(3, 2, 0, 1)


def _conv(weight, stride=1):
    """The convolution as a module, with half a kernel of padding."""
    outputs, inputs, size, _ = weight.shape
    conv = nn.Conv2d(inputs, outputs, size, stride, padding=size // 2, bias=False, dtype=torch.float64)
    conv.weight = nn.Parameter(weight.double(), requires_grad=False)
    return conv


def _residual(x, weight1, weight2):
    branch = nn.Sequential(_conv(weight1), nn.ReLU(), _conv(weight2))
    return nn.ReLU()(branch(x.double()) + x.double())


def _projection(x, weight1, weight2, weight_shortcut, stride):
    branch = nn.Sequential(_conv(weight1, stride), nn.ReLU(), _conv(weight2))
    return nn.ReLU()(branch(x.double()) + _conv(weight_shortcut, stride)(x.double()))


def _bottleneck(x, weight1, weight2, weight3):
    branch = nn.Sequential(_conv(weight1), nn.ReLU(), _conv(weight2), nn.ReLU(), _conv(weight3))
    return nn.ReLU()(branch(x.double()) + x.double())


def _chain_gradient(local_gradients, shortcut):
    """The gradient by autograd, through layers that multiply by their local gradient."""
    start = torch.ones((), dtype=torch.float64, requires_grad=True)
    x = start
    for local_gradient in local_gradients.tolist():
        x = shortcut * x + local_gradient * x
    return torch.autograd.grad(x, start)[0]


def _random_signs(rng, low, high, length, negative):
    """Numbers of size low to high, `negative` of them below zero, in random order."""
    signs = rng.permutation(np.where(np.arange(length) < negative, -1.0, 1.0))
    return torch.from_numpy(signs * rng.uniform(low, high, length))


@pytest.mark.points(3)
def test_residual_block_agrees_with_torch(residual_block, rng):
    """residual_block adds its input to the output of two convolutions with a ReLU in between, and applies a ReLU to
    the sum."""
    x = _images(rng, 2, 5, 6, 7, ALTERNATING)
    weight1, weight2 = _kernels(rng, 5, 5, 3, ALTERNATING), _kernels(rng, 5, 5, 3, IN_PAIRS)
    assert_close(residual_block(x, weight1, weight2), _residual(x, weight1, weight2))


def test_residual_block_with_other_sizes(residual_block, rng):
    """residual_block works for any number of images and channels and for images of any height and width."""
    for batch, channels, height, width in ((3, 2, 7, 4), (1, 3, 1, 6), (2, 1, 5, 2), (1, 2, 1, 1)):
        x = _images(rng, batch, channels, height, width)
        weight1, weight2 = _kernels(rng, channels, channels, 3), _kernels(rng, channels, channels, 3)
        weight2 = weight2.abs() * torch.sign(x[0, :, 0, 0])[:, None, None, None]  # keeps some of the outputs positive
        assert_close(residual_block(x, weight1, weight2), _residual(x, weight1, weight2))


def test_residual_block_with_a_branch_of_zero(residual_block, rng):
    """residual_block with a branch that gives zero leaves positive inputs as they are and turns negative ones into
    zero."""
    x = _images(rng, 2, 4, 3, 5, ALTERNATING)
    weight1 = _kernels(rng, 4, 4, 3)
    assert_close(residual_block(x, weight1, torch.zeros(4, 4, 3, 3, dtype=torch.float64)), x.clamp(min=0))


def test_residual_block_with_a_negative_branch(residual_block, rng):
    """residual_block lets the branch take away from a positive input, as well as add to it."""
    x = _images(rng, 2, 3, 4, 5).abs()
    scale = torch.tensor([0.25, 0.5, 1.5], dtype=torch.float64)[:, None, None]
    assert_close(residual_block(x, _centre(1.0, 1.0, 1.0), _centre(-0.75, -0.5, 0.5)), scale * x)


def test_residual_block_of_float32(residual_block, rng):
    """residual_block is right for float32 tensors."""
    x = _images(rng, 2, 4, 5, 3, ALTERNATING).float()
    weight1, weight2 = _kernels(rng, 4, 4, 3).float(), _kernels(rng, 4, 4, 3, IN_PAIRS).float()
    assert_close(residual_block(x, weight1, weight2), _residual(x, weight1, weight2))


def test_residual_block_of_a_tensor_that_is_not_contiguous(residual_block, rng):
    """residual_block does not depend on how its input lies in memory."""
    x = _not_contiguous(_images(rng, 3, 4, 2, 5, ALTERNATING))
    weight1, weight2 = _kernels(rng, 4, 4, 3), _kernels(rng, 4, 4, 3, IN_PAIRS)
    assert_close(residual_block(x, weight1, weight2), _residual(x, weight1, weight2))


def test_residual_block_leaves_its_arguments_alone(residual_block, rng):
    """residual_block returns a new tensor and changes neither its input nor its weights."""
    x = _images(rng, 1, 4, 3, 2, ALTERNATING)
    weight1, weight2 = _kernels(rng, 4, 4, 3), _kernels(rng, 4, 4, 3, IN_PAIRS)
    assert_close(residual_block(x, weight1, weight2), _residual(x, weight1, weight2))
    assert_unchanged(residual_block, x, weight1, weight2)


def _projection_arguments(rng, batch, inputs, outputs, height, width):
    """Images and kernels; branch and shortcut meet with all combinations of signs if there are four outputs or
    more."""
    signs = (ALTERNATING, IN_PAIRS) if outputs >= 4 else (None, None)
    return (
        _images(rng, batch, inputs, height, width),
        _kernels(rng, outputs, inputs, 3),
        _kernels(rng, outputs, outputs, 3, signs[0]),
        _kernels(rng, outputs, inputs, 1, signs[1]),
    )


@pytest.mark.points(3)
def test_projection_block_agrees_with_torch(projection_block, rng):
    """projection_block adds a strided convolution of its input to the branch, whose first convolution has the same
    stride, and applies a ReLU to the sum."""
    arguments = _projection_arguments(rng, 2, 3, 5, 8, 7)
    assert_close(projection_block(*arguments, 2), _projection(*arguments, 2))


@pytest.mark.points(2)
def test_projection_block_with_other_strides(projection_block, rng):
    """projection_block uses the stride that it is given, be it one or more than two."""
    for stride, height, width in ((1, 4, 6), (3, 7, 9), (4, 9, 5)):
        arguments = _projection_arguments(rng, 2, 3, 5, height, width)
        assert_close(projection_block(*arguments, stride=stride), _projection(*arguments, stride))


def test_projection_block_with_other_sizes(projection_block, rng):
    """projection_block works for images of odd and of even size, for a single one, and also if it has fewer channels
    at the end."""
    for batch, inputs, outputs, height, width in ((1, 4, 2, 5, 6), (3, 1, 4, 6, 5), (1, 2, 4, 1, 3), (2, 5, 4, 1, 1)):
        arguments = _projection_arguments(rng, batch, inputs, outputs, height, width)
        assert_close(projection_block(*arguments, 2), _projection(*arguments, 2))


def test_projection_block_of_the_shortcut_alone(projection_block, rng):
    """projection_block with a branch that gives zero is the strided one-by-one convolution and the last ReLU."""
    x, weight1, _, weight_shortcut = _projection_arguments(rng, 2, 3, 4, 5, 7)
    weight2 = torch.zeros(4, 4, 3, 3, dtype=torch.float64)
    expected = nn.ReLU()(_conv(weight_shortcut)(x)[:, :, ::2, ::2])
    assert_close(projection_block(x, weight1, weight2, weight_shortcut, 2), expected)


def test_projection_block_of_the_branch_alone(projection_block, rng):
    """projection_block with a shortcut of zero is its branch and the last ReLU: the stride is that of the first
    convolution, the second visits every position."""
    x, weight1, weight2, _ = _projection_arguments(rng, 2, 3, 4, 7, 5)
    weight_shortcut = torch.zeros(4, 3, 1, 1, dtype=torch.float64)
    hidden = nn.ReLU()(_conv(weight1)(x)[:, :, ::2, ::2])
    assert_close(projection_block(x, weight1, weight2, weight_shortcut, 2), nn.ReLU()(_conv(weight2)(hidden)))


def test_projection_block_of_float32(projection_block, rng):
    """projection_block is right for float32 tensors."""
    arguments = [argument.float() for argument in _projection_arguments(rng, 2, 3, 4, 5, 6)]
    assert_close(projection_block(*arguments, 2), _projection(*arguments, 2))


def test_projection_block_of_a_tensor_that_is_not_contiguous(projection_block, rng):
    """projection_block does not depend on how its input lies in memory."""
    x, *weights = _projection_arguments(rng, 2, 3, 4, 5, 6)
    x = _not_contiguous(x)
    assert_close(projection_block(x, *weights, 2), _projection(x, *weights, 2))


def test_projection_block_leaves_its_arguments_alone(projection_block, rng):
    """projection_block returns a new tensor and changes neither its input nor its weights."""
    arguments = _projection_arguments(rng, 1, 2, 4, 4, 3)
    assert_close(projection_block(*arguments, 2), _projection(*arguments, 2))
    assert_unchanged(projection_block, *arguments, 2)


def _bottleneck_arguments(rng, batch, channels, middle, height, width):
    """Images and kernels; branch and shortcut meet with all combinations of signs if there are four channels or
    more."""
    signs = (ALTERNATING, IN_PAIRS) if channels >= 4 else (None, None)
    return (
        _images(rng, batch, channels, height, width, signs[0]),
        _kernels(rng, middle, channels, 1),
        _kernels(rng, middle, middle, 3),
        _kernels(rng, channels, middle, 1, signs[1]),
    )


@pytest.mark.points(3)
def test_bottleneck_block_agrees_with_torch(bottleneck_block, rng):
    """bottleneck_block adds its input to the output of three convolutions, with a ReLU after the first and the
    second, and applies a ReLU to the sum."""
    arguments = _bottleneck_arguments(rng, 2, 6, 3, 5, 7)
    assert_close(bottleneck_block(*arguments), _bottleneck(*arguments))


@pytest.mark.points(2)
def test_bottleneck_block_activates_twice_in_its_branch(bottleneck_block, rng):
    """bottleneck_block turns negative numbers into zero after the first and after the second convolution."""
    x = _images(rng, 2, 4, 3, 5, ALTERNATING)
    mixing = _kernels(rng, 4, 4, 1, IN_PAIRS)
    for sign in (1.0, -1.0):
        arguments = x, sign * mixing, _centre(1.0, -1.0, 1.0, -1.0), _kernels(rng, 4, 4, 1)
        assert_close(bottleneck_block(*arguments), _bottleneck(*arguments))


def test_bottleneck_block_with_other_sizes(bottleneck_block, rng):
    """bottleneck_block works for images of any size and for any number of channels in the middle."""
    for batch, channels, middle, height, width in ((1, 4, 1, 6, 3), (3, 2, 5, 1, 4), (2, 4, 4, 2, 2), (1, 5, 2, 1, 1)):
        arguments = _bottleneck_arguments(rng, batch, channels, middle, height, width)
        assert_close(bottleneck_block(*arguments), _bottleneck(*arguments))


def test_bottleneck_block_with_a_branch_of_zero(bottleneck_block, rng):
    """bottleneck_block with a branch that gives zero leaves positive inputs as they are and turns negative ones into
    zero."""
    x, weight1, weight2, weight3 = _bottleneck_arguments(rng, 2, 4, 3, 5, 4)
    assert_close(bottleneck_block(x, weight1, weight2, torch.zeros_like(weight3)), x.clamp(min=0))


def test_bottleneck_block_with_a_negative_branch(bottleneck_block, rng):
    """bottleneck_block lets the branch take away from a positive input, as well as add to it."""
    x = _images(rng, 2, 3, 4, 5).abs()
    identity = torch.eye(3, dtype=torch.float64)[:, :, None, None]
    factors = torch.tensor([-0.75, -0.5, 0.5], dtype=torch.float64)[:, None, None]
    expected = x + factors * x
    assert_close(bottleneck_block(x, identity, _centre(1.0, 1.0, 1.0), factors[:, None] * identity), expected)


def test_bottleneck_block_of_float32(bottleneck_block, rng):
    """bottleneck_block is right for float32 tensors."""
    arguments = [argument.float() for argument in _bottleneck_arguments(rng, 2, 4, 3, 5, 6)]
    assert_close(bottleneck_block(*arguments), _bottleneck(*arguments))


def test_bottleneck_block_of_a_tensor_that_is_not_contiguous(bottleneck_block, rng):
    """bottleneck_block does not depend on how its input lies in memory."""
    x, *weights = _bottleneck_arguments(rng, 3, 4, 2, 6, 5)
    x = _not_contiguous(x)
    assert_close(bottleneck_block(x, *weights), _bottleneck(x, *weights))


def test_bottleneck_block_leaves_its_arguments_alone(bottleneck_block, rng):
    """bottleneck_block returns a new tensor and changes neither its input nor its weights."""
    arguments = _bottleneck_arguments(rng, 1, 4, 2, 3, 5)
    assert_close(bottleneck_block(*arguments), _bottleneck(*arguments))
    assert_unchanged(bottleneck_block, *arguments)


@pytest.mark.points(3)
def test_plain_chain_gradient_agrees_with_autograd(plain_chain_gradient, rng):
    """plain_chain_gradient multiplies the local gradients of all layers."""
    for negative in (2, 3):
        local_gradients = _random_signs(rng, 1.2, 2.5, 6, negative)
        assert_close(plain_chain_gradient(local_gradients), _chain_gradient(local_gradients, 0))


def test_plain_chain_gradient_of_deep_chains(plain_chain_gradient, rng):
    """plain_chain_gradient vanishes with many small local gradients, explodes with many large ones, and is right
    either way."""
    for low, high in ((0.3, 0.6), (1.5, 2.5)):
        local_gradients = _random_signs(rng, low, high, 40, 13)
        assert_close(plain_chain_gradient(local_gradients), _chain_gradient(local_gradients, 0))


def test_plain_chain_gradient_with_a_layer_of_zero(plain_chain_gradient, rng):
    """plain_chain_gradient is zero if the gradient of a single layer is."""
    local_gradients = _random_signs(rng, 0.5, 2.0, 5, 2)
    local_gradients[rng.integers(5)] = 0
    assert_close(plain_chain_gradient(local_gradients), torch.zeros((), dtype=torch.float64))


def test_plain_chain_gradient_of_one_layer(plain_chain_gradient, rng):
    """plain_chain_gradient of a single layer is the local gradient of that layer, as a single number."""
    for negative in (0, 1):
        local_gradients = _random_signs(rng, 0.5, 2.0, 1, negative)
        assert_close(plain_chain_gradient(local_gradients), local_gradients[0])


def test_plain_chain_gradient_of_float32(plain_chain_gradient, rng):
    """plain_chain_gradient is right for float32 tensors, also for one with gaps in memory."""
    local_gradients = _random_signs(rng, 0.5, 2.0, 14, 5).float()
    for chain in (local_gradients, local_gradients[::2]):
        assert_close(plain_chain_gradient(chain), _chain_gradient(chain, 0))


def test_plain_chain_gradient_leaves_its_argument_alone(plain_chain_gradient, rng):
    """plain_chain_gradient does not change its argument."""
    local_gradients = _random_signs(rng, 1.2, 2.5, 4, 1)
    assert_close(plain_chain_gradient(local_gradients), _chain_gradient(local_gradients, 0))
    assert_unchanged(plain_chain_gradient, local_gradients)


@pytest.mark.points(3)
def test_residual_chain_gradient_agrees_with_autograd(residual_chain_gradient, rng):
    """residual_chain_gradient multiplies the gradients of all steps; each step has its layer and a shortcut."""
    for negative in (0, 2):
        local_gradients = _random_signs(rng, 0.4, 0.8, 6, negative)
        assert_close(residual_chain_gradient(local_gradients), _chain_gradient(local_gradients, 1))


@pytest.mark.points(2)
def test_residual_chain_gradient_of_real_layers(residual_chain_gradient, rng):
    """residual_chain_gradient is what autograd finds for a chain of layers that are not linear."""
    start = torch.tensor(rng.uniform(0.2, 0.5), dtype=torch.float64, requires_grad=True)
    x, local_gradients = start, []
    for weight in _random_signs(rng, 0.3, 0.9, 5, 2).tolist():
        layer = torch.sin(weight * x)
        local_gradients.append(torch.autograd.grad(layer, x, retain_graph=True)[0])
        x = x + layer
    answer = residual_chain_gradient(torch.stack(local_gradients))
    assert_close(answer, torch.autograd.grad(x, start)[0])


def test_residual_chain_gradient_explodes(residual_chain_gradient, rng):
    """residual_chain_gradient grows with every layer if the local gradients are positive."""
    local_gradients = _random_signs(rng, 0.2, 0.5, 50, 0)
    assert_close(residual_chain_gradient(local_gradients), _chain_gradient(local_gradients, 1))


def test_residual_chain_gradient_vanishes(residual_chain_gradient, rng):
    """residual_chain_gradient vanishes if every layer takes away a part of what its shortcut brings, and is zero if
    one of them takes away all of it."""
    local_gradients = _random_signs(rng, 0.3, 0.6, 40, 40)
    assert_close(residual_chain_gradient(local_gradients), _chain_gradient(local_gradients, 1))
    local_gradients[rng.integers(40)] = -1
    assert_close(residual_chain_gradient(local_gradients), torch.zeros((), dtype=torch.float64))


def test_residual_chain_gradient_of_large_negative_layers(residual_chain_gradient, rng):
    """residual_chain_gradient changes its sign with every layer that takes away more than its shortcut brings."""
    for negative in (1, 2):
        local_gradients = _random_signs(rng, 2.5, 4.0, 5, negative)
        assert_close(residual_chain_gradient(local_gradients), _chain_gradient(local_gradients, 1))


def test_residual_chain_gradient_of_layers_that_do_nothing(residual_chain_gradient):
    """residual_chain_gradient is one if all local gradients are zero: the shortcuts alone pass everything on."""
    for length in (1, 30):
        answer = residual_chain_gradient(torch.zeros(length, dtype=torch.float64))
        assert_close(answer, torch.ones((), dtype=torch.float64))


def test_residual_chain_gradient_of_one_layer(residual_chain_gradient, rng):
    """residual_chain_gradient of a single layer has that layer and its shortcut, and is a single number."""
    for negative in (0, 1):
        local_gradients = _random_signs(rng, 1.5, 3.0, 1, negative)
        assert_close(residual_chain_gradient(local_gradients), _chain_gradient(local_gradients, 1))


def test_residual_chain_gradient_of_float32(residual_chain_gradient, rng):
    """residual_chain_gradient is right for float32 tensors, also for one with gaps in memory."""
    local_gradients = _random_signs(rng, 0.2, 0.6, 14, 5).float()
    for chain in (local_gradients, local_gradients[::2]):
        assert_close(residual_chain_gradient(chain), _chain_gradient(chain, 1))


def test_residual_chain_gradient_leaves_its_argument_alone(residual_chain_gradient, rng):
    """residual_chain_gradient does not change its argument."""
    local_gradients = _random_signs(rng, 0.3, 0.6, 4, 1)
    assert_close(residual_chain_gradient(local_gradients), _chain_gradient(local_gradients, 1))
    assert_unchanged(residual_chain_gradient, local_gradients)
