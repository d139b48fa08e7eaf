"""Hidden tests of 09_normalization. Oracle: torch.nn.functional in float64, and its autograd for the gradients."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from autograder.suite.assertions import assert_close, assert_unchanged, unpack

#: Room for the rounding of float32: entries near zero are differences of numbers of size 1 to 10.
FLOAT32 = {"rtol": 1e-4, "atol": 1e-4}
#: Room for the rounding of a float32 mean of numbers near 1e4, about 1e-3; noise instead of a variance is far outside.
FAR_FROM_ZERO = {"rtol": 2e-2, "atol": 2e-2}


def _signed(rng, low, high, *shape):
    """Numbers of size low to high, every second one negative, in random order."""
    values = rng.uniform(low, high, size=math.prod(shape))
    values[::2] *= -1
    return rng.permutation(values).reshape(shape)


def _columns(rng, rows, columns):
    """Columns of mean 10 to 40 on either side of zero, with standard deviations from about 4 to 20, none like another.

    A variance of this size hides eps, so that only the tests of eps see whether and where it is added.
    """
    spread = rng.permuted(np.tile(np.linspace(-1, 1, rows), (columns, 1)), axis=1).T
    spread = spread + rng.uniform(-0.1, 0.1, (rows, columns))
    scales = rng.permutation(np.linspace(6.0, 30.0, columns))
    return _signed(rng, 10.0, 40.0, columns) + scales * spread


def _images(rng, n, c, h, w):
    """Images in which the level differs from channel to channel, from image to image and from place to place."""
    noise = _signed(rng, 0.2, 1.0, n, c, h, w)
    levels = _signed(rng, 1.0, 3.0, c, 1, 1) + _signed(rng, 1.0, 2.0, n, 1, 1, 1) + _signed(rng, 0.5, 1.5, h, w)
    return 10 * (levels + rng.permutation(np.linspace(0.5, 2.0, c))[:, None, None] * noise)


def _parameters(rng, size):
    """A scale and a shift, with both signs among them."""
    return _signed(rng, 0.5, 2.0, size), _signed(rng, 0.5, 2.0, size)


def _running(rng, size):
    """A running mean and variance that are far from those of any batch here."""
    return rng.uniform(60.0, 90.0, size), rng.uniform(600.0, 900.0, size)


def _far_from_zero(rng, copies, groups):
    """(8 * copies, groups), float32: each column has variance 3.5 around a whole number near 1e4 or -1e4.

    In float32 the squares are multiples of 8, and so is their mean less the squared mean: it is never close to 3.5.
    """
    deviations = np.array([-3, -2, -1, 0, 0, 1, 2, 3] * copies)
    offsets = rng.integers(9500, 10500, groups) * rng.permutation([1, -1] * groups)[:groups]
    x = np.stack([offset + rng.permutation(deviations) for offset in offsets], axis=1)
    return x.astype(np.float32)


def _other_layouts(array):
    """The same values in memory in another order, and as every second entry of a larger array."""
    spaced = np.full((*array.shape[:-1], 2 * array.shape[-1]), np.nan)
    spaced[..., ::2] = array
    return np.asfortranarray(array), spaced[..., ::2]


def _float32(*arrays):
    return tuple(array.astype(np.float32) for array in arrays)


def _tensor(array):
    return torch.from_numpy(np.array(array, dtype=np.float64))


def _train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """What torch returns in training, and the running statistics that it leaves."""
    mean, var = _tensor(running_mean), _tensor(running_var)
    y = F.batch_norm(_tensor(x), mean, var, _tensor(gamma), _tensor(beta), True, momentum, eps)
    return y, mean, var


def _eval(x, gamma, beta, running_mean, running_var, eps=1e-5):
    parameters = map(_tensor, (running_mean, running_var, gamma, beta))
    return F.batch_norm(_tensor(x), *parameters, training=False, eps=eps)


def _train2d(x, gamma, beta, eps=1e-5):
    return F.batch_norm(_tensor(x), None, None, _tensor(gamma), _tensor(beta), training=True, eps=eps)


def _backward(grad_output, x, gamma, eps=1e-5):
    """grad_x, grad_gamma and grad_beta by automatic differentiation."""
    leaves = [_tensor(array).requires_grad_() for array in (x, gamma, np.zeros_like(gamma))]
    y = F.batch_norm(leaves[0], None, None, leaves[1], leaves[2], training=True, eps=eps)
    return torch.autograd.grad(y, leaves, _tensor(grad_output))


def _layer_norm(x, gamma, beta, eps=1e-5):
    return F.layer_norm(_tensor(x), (x.shape[-1],), _tensor(gamma), _tensor(beta), eps)


def _trained(answer):
    return unpack(answer, "y", "running_mean", "running_var")


def _gradients(answer):
    return unpack(answer, "grad_x", "grad_gamma", "grad_beta")


# batch_norm_train


@pytest.mark.points(3)
def test_batch_norm_train_normalizes_each_feature(batch_norm_train, rng):
    """Each feature is normalized with its own mean and biased variance over the batch, then scaled and shifted."""
    arguments = (_columns(rng, 7, 5), *_parameters(rng, 5), *_running(rng, 5))
    y, _, _ = _trained(batch_norm_train(*arguments))
    assert_close(y, _train(*arguments)[0])


@pytest.mark.points(2)
def test_batch_norm_train_updates_the_running_mean(batch_norm_train, rng):
    """The running mean moves towards the mean of the batch, by the share that momentum says."""
    arguments = (_columns(rng, 6, 4), *_parameters(rng, 4), *_running(rng, 4))
    _, running_mean, _ = _trained(batch_norm_train(*arguments, 0.3))
    assert_close(running_mean, _train(*arguments, 0.3)[1])
    _, running_mean, _ = _trained(batch_norm_train(*arguments))
    assert_close(running_mean, _train(*arguments)[1])


@pytest.mark.points(2)
def test_batch_norm_train_updates_the_running_variance(batch_norm_train, rng):
    """The running variance moves towards the unbiased variance of the batch, by the share that momentum says."""
    arguments = (_columns(rng, 5, 3), *_parameters(rng, 3), *_running(rng, 3))
    for momentum in (0.3, 1.0, 0.0):
        _, _, running_var = _trained(batch_norm_train(*arguments, momentum=momentum))
        assert_close(running_var, _train(*arguments, momentum)[2])


def test_batch_norm_train_adds_eps_under_the_root(batch_norm_train, rng):
    """eps is added to the variance, before the root is taken; when none is given, it is that of the signature."""
    arguments, eps = (0.1 * _columns(rng, 7, 5), *_parameters(rng, 5), *_running(rng, 5)), rng.uniform(0.3, 0.8)
    assert_close(_trained(batch_norm_train(*arguments, 0.2, eps))[0], _train(*arguments, 0.2, eps)[0])
    assert_close(_trained(batch_norm_train(*arguments, eps=eps))[0], _train(*arguments, eps=eps)[0])
    nearly_constant = (1e-3 * arguments[0], *arguments[1:])
    assert_close(_trained(batch_norm_train(*nearly_constant))[0], _train(*nearly_constant)[0])


def test_batch_norm_train_of_a_constant_feature(batch_norm_train, rng):
    """A feature that is the same in all examples comes out as its shift; the other features are as usual."""
    arguments = (_columns(rng, 6, 3), *_parameters(rng, 3), *_running(rng, 3))
    arguments[0][:, 1] = 2.5
    assert_close(_trained(batch_norm_train(*arguments))[0], _train(*arguments)[0])


def test_batch_norm_train_needs_two_examples(batch_norm_train, rng):
    """A batch of a single example raises ValueError; a batch of two does not."""
    arguments = (_columns(rng, 2, 3), *_parameters(rng, 3), *_running(rng, 3))
    assert_close(_trained(batch_norm_train(*arguments))[0], _train(*arguments)[0])
    with pytest.raises(ValueError):
        batch_norm_train(arguments[0][:1], *arguments[1:])


def test_batch_norm_train_of_float32_and_of_any_layout(batch_norm_train, rng):
    """The answer is right for float32 input, and does not depend on how the input lies in memory."""
    arguments = (_columns(rng, 6, 4), *_parameters(rng, 4), *_running(rng, 4))
    for layout in _other_layouts(arguments[0]):
        assert_close(_trained(batch_norm_train(layout, *arguments[1:]))[0], _train(*arguments)[0])
    arguments = _float32(*arguments)
    assert_close(_trained(batch_norm_train(*arguments))[0], _train(*arguments)[0], **FLOAT32)


def test_batch_norm_train_far_from_zero(batch_norm_train, rng):
    """Features that lie far from zero in float32 are normalized like any other."""
    arguments = (_far_from_zero(rng, 1, 3), *_float32(*_parameters(rng, 3), *_running(rng, 3)))
    assert_close(_trained(batch_norm_train(*arguments))[0], _train(*arguments)[0], **FAR_FROM_ZERO)


def test_batch_norm_train_leaves_its_arguments_alone(batch_norm_train, rng):
    """The input and the running statistics that were passed in stay as they are; new arrays are returned."""
    arguments = (_columns(rng, 6, 4), *_parameters(rng, 4), *_running(rng, 4))
    assert_close(_trained(batch_norm_train(*arguments))[0], _train(*arguments)[0])
    assert_unchanged(batch_norm_train, *arguments)


# batch_norm_eval


@pytest.mark.points(3)
def test_batch_norm_eval_uses_the_running_statistics(batch_norm_eval, rng):
    """Each feature is normalized with its running mean and running variance, then scaled and shifted."""
    arguments = (_columns(rng, 7, 5), *_parameters(rng, 5), *_running(rng, 5))
    assert_close(batch_norm_eval(*arguments), _eval(*arguments))


@pytest.mark.points(2)
def test_batch_norm_eval_of_one_example(batch_norm_eval, rng):
    """An example gets the same output alone as in a batch."""
    x, *arguments = (_columns(rng, 3, 4), *_parameters(rng, 4), *_running(rng, 4))
    expected = _eval(x, *arguments)
    for i in range(3):
        assert_close(batch_norm_eval(x[i : i + 1], *arguments), expected[i : i + 1])


@pytest.mark.points(2)
def test_batch_norm_eval_adds_eps_under_the_root(batch_norm_eval, rng):
    """eps is added to the running variance, before the root is taken."""
    arguments = (_columns(rng, 6, 4), *_parameters(rng, 4), rng.uniform(6.0, 9.0, 4), rng.uniform(0.1, 1.0, 4))
    assert_close(batch_norm_eval(*arguments, 0.4), _eval(*arguments, 0.4))
    assert_close(batch_norm_eval(*arguments, eps=1.5), _eval(*arguments, 1.5))


def test_batch_norm_eval_by_default(batch_norm_eval, rng):
    """When no eps is given, it is that of the signature, which shows for features of very small or no variance."""
    x, running_mean = 1e-4 * _columns(rng, 6, 4), 1e-3 * _signed(rng, 1.0, 4.0, 4)
    arguments = (x, *_parameters(rng, 4), running_mean, np.array([4e-6, 0.0, 1.0, 1e-5]))
    assert_close(batch_norm_eval(*arguments), _eval(*arguments))


def test_batch_norm_eval_of_float32_and_of_any_layout(batch_norm_eval, rng):
    """The answer is right for float32 input, and does not depend on how the input lies in memory."""
    arguments = (_columns(rng, 6, 4), *_parameters(rng, 4), *_running(rng, 4))
    for layout in _other_layouts(arguments[0]):
        assert_close(batch_norm_eval(layout, *arguments[1:]), _eval(*arguments))
    arguments = _float32(*arguments)
    assert_close(batch_norm_eval(*arguments), _eval(*arguments), **FLOAT32)


def test_batch_norm_eval_leaves_its_arguments_alone(batch_norm_eval, rng):
    """The input and the running statistics stay as they are; a new array is returned."""
    arguments = (_columns(rng, 6, 4), *_parameters(rng, 4), *_running(rng, 4))
    assert_close(batch_norm_eval(*arguments), _eval(*arguments))
    assert_unchanged(batch_norm_eval, *arguments)


# batch_norm2d_train


@pytest.mark.points(3)
def test_batch_norm2d_train_normalizes_each_channel(batch_norm2d_train, rng):
    """Each channel has one mean and one biased variance over all images and positions, a scale and a shift."""
    x, gamma, beta = _images(rng, 3, 4, 2, 5), *_parameters(rng, 4)
    assert_close(batch_norm2d_train(x, gamma, beta), _train2d(x, gamma, beta))


@pytest.mark.points(2)
def test_batch_norm2d_train_of_one_image(batch_norm2d_train, rng):
    """A single image is normalized over its positions."""
    x, gamma, beta = _images(rng, 1, 3, 4, 2), *_parameters(rng, 3)
    assert_close(batch_norm2d_train(x, gamma, beta), _train2d(x, gamma, beta))


def test_batch_norm2d_train_of_single_pixels(batch_norm2d_train, rng):
    """For images of one pixel it is the batch norm of vectors."""
    x, gamma, beta = _columns(rng, 6, 4)[:, :, None, None], *_parameters(rng, 4)
    assert_close(batch_norm2d_train(x, gamma, beta), _train2d(x, gamma, beta))


def test_batch_norm2d_train_adds_eps_under_the_root(batch_norm2d_train, rng):
    """eps is added to the variance, before the root is taken."""
    x, gamma, beta = 0.1 * _images(rng, 2, 5, 3, 4), *_parameters(rng, 5)
    assert_close(batch_norm2d_train(x, gamma, beta, 0.4), _train2d(x, gamma, beta, 0.4))
    assert_close(batch_norm2d_train(x, gamma, beta, eps=1.5), _train2d(x, gamma, beta, 1.5))


def test_batch_norm2d_train_by_default(batch_norm2d_train, rng):
    """When no eps is given, it is that of the signature, which shows for channels of very small or no variance."""
    x, gamma, beta = 1e-4 * _images(rng, 2, 3, 4, 5), *_parameters(rng, 3)
    x[:, 1] = 2.5
    assert_close(batch_norm2d_train(x, gamma, beta), _train2d(x, gamma, beta))


def test_batch_norm2d_train_of_float32_and_of_any_layout(batch_norm2d_train, rng):
    """The answer is right for float32 input, and does not depend on how the input lies in memory."""
    x, gamma, beta = _images(rng, 3, 4, 2, 5), *_parameters(rng, 4)
    channels_last = np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    for layout in (channels_last, *_other_layouts(x)):
        assert_close(batch_norm2d_train(layout, gamma, beta), _train2d(x, gamma, beta))
    x, gamma, beta = _float32(x, gamma, beta)
    assert_close(batch_norm2d_train(x, gamma, beta), _train2d(x, gamma, beta), **FLOAT32)


def test_batch_norm2d_train_far_from_zero(batch_norm2d_train, rng):
    """Channels that lie far from zero in float32 are normalized like any other."""
    x = _far_from_zero(rng, 2, 3).reshape(8, 1, 2, 3).transpose(0, 3, 1, 2)
    gamma, beta = _float32(*_parameters(rng, 3))
    assert_close(batch_norm2d_train(x, gamma, beta), _train2d(x, gamma, beta), **FAR_FROM_ZERO)


def test_batch_norm2d_train_leaves_its_arguments_alone(batch_norm2d_train, rng):
    """The images and the parameters stay as they are; a new array is returned."""
    x, gamma, beta = _images(rng, 2, 3, 4, 5), *_parameters(rng, 3)
    assert_close(batch_norm2d_train(x, gamma, beta), _train2d(x, gamma, beta))
    assert_unchanged(batch_norm2d_train, x, gamma, beta)


# batch_norm_backward


def _backward_arguments(rng, rows, columns):
    """A gradient, an input and a scale; grad_output has a mean, and a part along the normalized input."""
    x = _columns(rng, rows, columns)
    x_hat = (x - x.mean(axis=0)) / x.std(axis=0)
    grad_output = _signed(rng, 0.5, 2.0, rows, columns)
    grad_output -= grad_output.mean(axis=0) + x_hat * (grad_output * x_hat).mean(axis=0)
    grad_output += _signed(rng, 0.5, 1.5, columns) + x_hat * _signed(rng, 0.5, 1.5, columns)
    return grad_output, x, _signed(rng, 0.5, 2.0, columns)


@pytest.mark.points(3)
def test_batch_norm_backward_of_the_input(batch_norm_backward, rng):
    """The gradient of the input counts that mean and variance move with the input, for all examples of the batch."""
    arguments = _backward_arguments(rng, 7, 5)
    grad_x, _, _ = _gradients(batch_norm_backward(*arguments))
    assert_close(grad_x, _backward(*arguments)[0])


def test_batch_norm_backward_of_the_scale(batch_norm_backward, rng):
    """The gradient of gamma sums grad_output times the normalized input over the batch."""
    arguments = _backward_arguments(rng, 6, 4)
    _, grad_gamma, _ = _gradients(batch_norm_backward(*arguments))
    assert_close(grad_gamma, _backward(*arguments)[1])


def test_batch_norm_backward_of_the_shift(batch_norm_backward, rng):
    """The gradient of beta sums grad_output over the batch."""
    arguments = _backward_arguments(rng, 5, 4)
    _, _, grad_beta = _gradients(batch_norm_backward(*arguments))
    assert_close(grad_beta, _backward(*arguments)[2])


def test_batch_norm_backward_ignores_what_all_examples_share(batch_norm_backward, rng):
    """When grad_output is the same for all examples of a feature, the gradient of the input is zero."""
    _, x, gamma = _backward_arguments(rng, 6, 4)
    grad_output = np.repeat(_signed(rng, 0.5, 2.0, 1, 4), 6, axis=0)
    grad_x, _, grad_beta = _gradients(batch_norm_backward(grad_output, x, gamma))
    assert_close(grad_x, np.zeros((6, 4)), atol=1e-5)
    assert_close(grad_beta, 6 * grad_output[0])


@pytest.mark.points(2)
def test_batch_norm_backward_uses_eps(batch_norm_backward, rng):
    """eps stands under the root, in the input's gradient as in the normalized input; by default as in the signature."""
    grad_output, x, gamma = _backward_arguments(rng, 6, 4)
    for scale, eps in ((0.1, (0.4,)), (1e-4, ())):
        answer = _gradients(batch_norm_backward(grad_output, scale * x, gamma, *eps))
        for part, expected in zip(answer, _backward(grad_output, scale * x, gamma, *eps), strict=True):
            assert_close(part, expected)


def test_batch_norm_backward_of_two_examples(batch_norm_backward, rng):
    """The gradients are right for a batch of two, even if one feature is the same in both."""
    grad_output, x, gamma = _backward_arguments(rng, 2, 3)
    grad_output, x = grad_output + _signed(rng, 0.5, 1.5, 2, 3), 0.1 * x
    x[:, 1] = 2.5
    expected = _backward(grad_output, x, gamma, 0.5)
    for part, wanted in zip(_gradients(batch_norm_backward(grad_output, x, gamma, eps=0.5)), expected, strict=True):
        assert_close(part, wanted, atol=1e-6)


def test_batch_norm_backward_of_float32_and_of_any_layout(batch_norm_backward, rng):
    """The gradients are right for float32 input, and do not depend on how the input lies in memory."""
    grad_output, x, gamma = _backward_arguments(rng, 6, 4)
    for grad_layout, layout in zip(_other_layouts(grad_output), _other_layouts(x), strict=True):
        grad_x, _, _ = _gradients(batch_norm_backward(grad_layout, layout, gamma))
        assert_close(grad_x, _backward(grad_output, x, gamma)[0])
    arguments = _float32(grad_output, x, gamma)
    grad_x, _, _ = _gradients(batch_norm_backward(*arguments))
    assert_close(grad_x, _backward(*arguments)[0], **FLOAT32)


def test_batch_norm_backward_far_from_zero(batch_norm_backward, rng):
    """The gradients are right for features that lie far from zero in float32."""
    grad_output, _, gamma = _float32(*_backward_arguments(rng, 8, 3))
    x = _far_from_zero(rng, 1, 3)
    grad_x, grad_gamma, _ = _gradients(batch_norm_backward(grad_output, x, gamma))
    expected = _backward(grad_output, x, gamma)
    assert_close(grad_x, expected[0], **FAR_FROM_ZERO)
    assert_close(grad_gamma, expected[1], rtol=2e-2, atol=0.1)


def test_batch_norm_backward_leaves_its_arguments_alone(batch_norm_backward, rng):
    """The gradient and the input that were passed in stay as they are; new arrays are returned."""
    arguments = _backward_arguments(rng, 6, 4)
    grad_x, _, _ = _gradients(batch_norm_backward(*arguments))
    assert_close(grad_x, _backward(*arguments)[0])
    assert_unchanged(batch_norm_backward, *arguments)


# layer_norm


@pytest.mark.points(3)
def test_layer_norm_normalizes_each_row(layer_norm, rng):
    """Each row is normalized with its own mean and biased variance; scale and shift belong to the columns."""
    x, gamma, beta = _columns(rng, 5, 4).T, *_parameters(rng, 5)
    assert_close(layer_norm(x, gamma, beta), _layer_norm(x, gamma, beta))


@pytest.mark.points(2)
def test_layer_norm_of_any_number_of_axes(layer_norm, rng):
    """Mean and variance are taken over the last axis only, whatever the number of axes."""
    rows, gamma, beta = _columns(rng, 5, 24).T, *_parameters(rng, 5)
    for shape in ((4, 6, 5), (2, 3, 4, 5)):
        x = rows.reshape(shape)
        assert_close(layer_norm(x, gamma, beta), _layer_norm(x, gamma, beta))


def test_layer_norm_of_a_vector(layer_norm, rng):
    """A single vector is normalized too, alone or as a batch of one."""
    x, gamma, beta = _columns(rng, 6, 1)[:, 0], *_parameters(rng, 6)
    assert_close(layer_norm(x, gamma, beta), _layer_norm(x, gamma, beta))
    assert_close(layer_norm(x[None], gamma, beta), _layer_norm(x[None], gamma, beta))


@pytest.mark.points(2)
def test_layer_norm_adds_eps_under_the_root(layer_norm, rng):
    """eps is added to the variance, before the root is taken."""
    x, gamma, beta = 0.1 * _columns(rng, 6, 3).T, *_parameters(rng, 6)
    assert_close(layer_norm(x, gamma, beta, 0.4), _layer_norm(x, gamma, beta, 0.4))
    assert_close(layer_norm(x, gamma, beta, eps=1.5), _layer_norm(x, gamma, beta, 1.5))


def test_layer_norm_by_default(layer_norm, rng):
    """When no eps is given, it is that of the signature, which shows for rows of very small or no variance."""
    x, gamma, beta = 1e-4 * _columns(rng, 6, 4).T, *_parameters(rng, 6)
    x[1] = 2.5
    assert_close(layer_norm(x, gamma, beta), _layer_norm(x, gamma, beta))


def test_layer_norm_of_one_feature(layer_norm, rng):
    """A row of one number has nothing to be compared with: it comes out as the shift."""
    x, gamma, beta = _signed(rng, 1.0, 4.0, 3, 1), *_parameters(rng, 1)
    assert_close(layer_norm(x, gamma, beta), np.repeat(beta[None], 3, axis=0))


def test_layer_norm_of_float32_and_of_any_layout(layer_norm, rng):
    """The answer is right for float32 input, and does not depend on how the input lies in memory."""
    x, gamma, beta = _columns(rng, 6, 8).T.reshape(4, 2, 6), *_parameters(rng, 6)
    for layout in _other_layouts(x):
        assert_close(layer_norm(layout, gamma, beta), _layer_norm(x, gamma, beta))
    x, gamma, beta = _float32(x, gamma, beta)
    assert_close(layer_norm(x, gamma, beta), _layer_norm(x, gamma, beta), **FLOAT32)


def test_layer_norm_far_from_zero(layer_norm, rng):
    """Rows that lie far from zero in float32 are normalized like any other."""
    x = _far_from_zero(rng, 1, 3).T
    gamma, beta = _float32(*_parameters(rng, 8))
    assert_close(layer_norm(x, gamma, beta), _layer_norm(x, gamma, beta), **FAR_FROM_ZERO)


def test_layer_norm_leaves_its_arguments_alone(layer_norm, rng):
    """The input and the parameters stay as they are; a new array is returned."""
    x, gamma, beta = _columns(rng, 6, 4).T, *_parameters(rng, 6)
    assert_close(layer_norm(x, gamma, beta), _layer_norm(x, gamma, beta))
    assert_unchanged(layer_norm, x, gamma, beta)
