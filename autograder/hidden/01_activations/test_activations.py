import math

import numpy as np
import pytest
import torch

from autograder.suite.assertions import assert_close, assert_unchanged


def _both_signs(rng, *shape):
    """A zero, and else numbers of size 0.5 to 3, every second one negative, in random order."""
    x = rng.uniform(0.5, 3.0, math.prod(shape))
    x[::2] *= -1
    x[-1] = 0
    return rng.permutation(x).reshape(shape)


def _ordinary_and_extreme(rng):
    """A row of ordinary numbers, and a row of numbers far from zero on both sides."""
    return np.stack([_both_signs(rng, 4), rng.permutation([-1e4, -1e3, 1e3, 1e4])])


def _not_contiguous(rng):
    """Three axes of different length, in another order than in memory."""
    return _both_signs(rng, 2, 3, 5).transpose(2, 0, 1)


@pytest.mark.points(3)
def test_sigmoid_agrees_with_torch(sigmoid, rng):
    """sigmoid is one divided by one plus e to the power of minus x, for every entry by itself."""
    x = _both_signs(rng, 4, 7)
    assert_close(sigmoid(x), torch.sigmoid(torch.from_numpy(x)))


@pytest.mark.points(2)
def test_sigmoid_of_large_inputs(sigmoid, rng):
    """sigmoid is right for inputs far from zero, on both sides."""
    x = _ordinary_and_extreme(rng)
    assert_close(sigmoid(x), torch.sigmoid(torch.from_numpy(x)))


def test_sigmoid_of_float32(sigmoid, rng):
    """sigmoid is right for float32 input, large inputs included."""
    x = _ordinary_and_extreme(rng).astype(np.float32)
    assert_close(sigmoid(x), torch.sigmoid(torch.from_numpy(x).double()))


def test_sigmoid_of_any_shape(sigmoid, rng):
    """sigmoid keeps the shape of its input, whatever the number of axes."""
    for x in (_not_contiguous(rng), rng.uniform(0.5, 3.0, 1)):
        assert_close(sigmoid(x), torch.sigmoid(torch.from_numpy(x)))


def test_sigmoid_leaves_its_input_alone(sigmoid, rng):
    """sigmoid returns a new array and does not change its input."""
    x = _both_signs(rng, 3, 4)
    assert_close(sigmoid(x), torch.sigmoid(torch.from_numpy(x)))
    assert_unchanged(sigmoid, x)


@pytest.mark.points(3)
def test_tanh_agrees_with_torch(tanh, rng):
    """tanh is the difference of e^x and e^-x divided by their sum, for every entry by itself."""
    x = _both_signs(rng, 4, 7)
    assert_close(tanh(x), torch.tanh(torch.from_numpy(x)))


@pytest.mark.points(2)
def test_tanh_of_large_inputs(tanh, rng):
    """tanh is right for inputs far from zero, on both sides."""
    x = _ordinary_and_extreme(rng)
    assert_close(tanh(x), torch.tanh(torch.from_numpy(x)))


def test_tanh_of_float32(tanh, rng):
    """tanh is right for float32 input, whose exponentials overflow much sooner."""
    x = _ordinary_and_extreme(rng).astype(np.float32)
    assert_close(tanh(x), torch.tanh(torch.from_numpy(x).double()))


def test_tanh_of_any_shape(tanh, rng):
    """tanh keeps the shape of its input, whatever the number of axes."""
    for x in (_not_contiguous(rng), rng.uniform(0.5, 3.0, 1)):
        assert_close(tanh(x), torch.tanh(torch.from_numpy(x)))


def test_tanh_leaves_its_input_alone(tanh, rng):
    """tanh returns a new array and does not change its input."""
    x = _both_signs(rng, 3, 4)
    assert_close(tanh(x), torch.tanh(torch.from_numpy(x)))
    assert_unchanged(tanh, x)


@pytest.mark.points(3)
def test_relu_agrees_with_torch(relu, rng):
    """relu keeps positive inputs as they are and turns negative ones into zero."""
    x = _both_signs(rng, 4, 7)
    assert_close(relu(x), torch.relu(torch.from_numpy(x)))


def test_relu_of_large_inputs(relu, rng):
    """relu has no upper limit: a large input comes out as large as it went in."""
    x = _ordinary_and_extreme(rng)
    assert_close(relu(x), torch.relu(torch.from_numpy(x)))


def test_relu_of_float32(relu, rng):
    """relu is right for float32 input."""
    x = _both_signs(rng, 3, 5).astype(np.float32)
    assert_close(relu(x), torch.relu(torch.from_numpy(x).double()))


def test_relu_of_any_shape(relu, rng):
    """relu keeps the shape of its input, whatever the number of axes."""
    for x in (_not_contiguous(rng), rng.uniform(0.5, 3.0, 1)):
        assert_close(relu(x), torch.relu(torch.from_numpy(x)))


def test_relu_leaves_its_input_alone(relu, rng):
    """relu returns a new array and does not change its input."""
    x = _both_signs(rng, 3, 4)
    assert_close(relu(x), torch.relu(torch.from_numpy(x)))
    assert_unchanged(relu, x)


@pytest.mark.points(2)
def test_leaky_relu_agrees_with_torch(leaky_relu, rng):
    """leaky_relu keeps positive inputs and multiplies negative ones by the slope that it is given."""
    x, slope = _both_signs(rng, 4, 7), rng.uniform(0.1, 0.3)
    assert_close(leaky_relu(x, slope), torch.nn.functional.leaky_relu(torch.from_numpy(x), slope))


@pytest.mark.points(2)
def test_leaky_relu_by_default(leaky_relu, rng):
    """leaky_relu uses the slope of the signature when none is given."""
    x = _both_signs(rng, 3, 5)
    assert_close(leaky_relu(x), torch.nn.functional.leaky_relu(torch.from_numpy(x)))


def test_leaky_relu_with_a_steep_slope(leaky_relu, rng):
    """leaky_relu is right for a slope above one."""
    x, slope = _both_signs(rng, 3, 5), rng.uniform(1.5, 3.0)
    assert_close(leaky_relu(x, negative_slope=slope), torch.nn.functional.leaky_relu(torch.from_numpy(x), slope))


def test_leaky_relu_without_a_slope_is_relu(leaky_relu, rng):
    """leaky_relu with a slope of zero is relu."""
    x = _both_signs(rng, 3, 5)
    assert_close(leaky_relu(x, negative_slope=0.0), torch.relu(torch.from_numpy(x)))


def test_leaky_relu_of_float32(leaky_relu, rng):
    """leaky_relu is right for float32 input."""
    x = _both_signs(rng, 3, 5).astype(np.float32)
    assert_close(leaky_relu(x, 0.25), torch.nn.functional.leaky_relu(torch.from_numpy(x).double(), 0.25))


def test_leaky_relu_of_any_shape(leaky_relu, rng):
    """leaky_relu keeps the shape of its input, whatever the number of axes."""
    for x in (_not_contiguous(rng), rng.uniform(-3.0, -0.5, 1)):
        assert_close(leaky_relu(x, 0.25), torch.nn.functional.leaky_relu(torch.from_numpy(x), 0.25))


def test_leaky_relu_leaves_its_input_alone(leaky_relu, rng):
    """leaky_relu returns a new array and does not change its input."""
    x = _both_signs(rng, 3, 4)
    assert_close(leaky_relu(x, 0.25), torch.nn.functional.leaky_relu(torch.from_numpy(x), 0.25))
    assert_unchanged(leaky_relu, x, 0.25)


@pytest.mark.points(3)
def test_softmax_agrees_with_torch(softmax, rng):
    """softmax turns every slice along the last axis into exponentials divided by their sum."""
    x = _both_signs(rng, 4, 7)
    assert_close(softmax(x), torch.softmax(torch.from_numpy(x), -1))


@pytest.mark.points(2)
def test_softmax_along_any_axis(softmax, rng):
    """softmax works along the axis that it is given, counted from the front or from the back."""
    x = _both_signs(rng, 3, 4, 5)
    assert_close(softmax(x, axis=0), torch.softmax(torch.from_numpy(x), 0))
    assert_close(softmax(x, 1), torch.softmax(torch.from_numpy(x), 1))
    assert_close(softmax(x, axis=-2), torch.softmax(torch.from_numpy(x), -2))


@pytest.mark.points(2)
def test_softmax_of_large_scores(softmax, rng):
    """softmax is right when the scores of one row are large and those of another are not."""
    x = rng.uniform(-1.0, 1.0, (4, 5)) + np.array([[0.0], [1e3], [1e4], [5.0]])
    assert_close(softmax(x), torch.softmax(torch.from_numpy(x), -1))


def test_softmax_of_very_negative_scores(softmax, rng):
    """softmax is right when all scores of a row are far below zero."""
    x = rng.uniform(-1.0, 1.0, (3, 5)) - np.array([[0.0], [1e3], [1e4]])
    assert_close(softmax(x), torch.softmax(torch.from_numpy(x), -1))


def test_softmax_of_distant_scores(softmax, rng):
    """softmax is right when the scores of one slice lie far apart."""
    x = _ordinary_and_extreme(rng).ravel()
    assert_close(softmax(x), torch.softmax(torch.from_numpy(x), -1))


def test_softmax_of_float32(softmax, rng):
    """softmax is right for float32 input, large scores included."""
    # exp overflows at 89 in float32. Much larger scores would reject the stable exp(x - logsumexp(x)) for its rounding.
    x = (rng.uniform(-1.0, 1.0, (3, 5)) + np.array([[0.0], [120.0], [-120.0]])).astype(np.float32)
    assert_close(softmax(x), torch.softmax(torch.from_numpy(x).double(), -1))


def test_softmax_of_any_shape(softmax, rng):
    """softmax takes a vector as well as an array of more axes, and a single class has probability one."""
    for x in (_both_signs(rng, 6), _not_contiguous(rng), _both_signs(rng, 3, 1)):
        assert_close(softmax(x), torch.softmax(torch.from_numpy(x), -1))


def test_softmax_leaves_its_input_alone(softmax, rng):
    """softmax returns a new array and does not change its input."""
    x = _both_signs(rng, 3, 4)
    assert_close(softmax(x), torch.softmax(torch.from_numpy(x), -1))
    assert_unchanged(softmax, x)
