"""Hidden tests of 13_convolutional_networks. Oracle: PyTorch in float64; receptive fields are followed entry by entry.

Sums of products are compared with an absolute slack of ATOL: an answer in float32 is off by some 1e-7 for each term
even where the sum is nearly 0. All values are of size 1, so that no known mistake is that small.
"""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from autograder.suite.assertions import assert_close, assert_equal, assert_unchanged, unpack

ATOL = 1e-4


def _away_from_zero(rng, *shape):
    return rng.uniform(0.3, 1.5, size=shape) * rng.choice([-1.0, 1.0], size=shape)


def _tensor(array):
    return torch.from_numpy(np.array(array, dtype=np.float64))


def _not_contiguous(array):
    """The same values as a view in which neighbours along the last axis lie far apart, in reverse order."""
    return np.repeat(array[..., ::-1], 3, axis=-1)[..., ::-3]


def _channels_last(array):
    """The same values, stored with the channels last: a view that is not contiguous."""
    return np.ascontiguousarray(np.moveaxis(array, 1, -1)).transpose(0, 3, 1, 2)


def _size(module):
    return sum(parameter.numel() for parameter in module.parameters())


# conv_parameter_count


def _conv_layer(in_channels, out_channels, kernel_size, bias=True):
    return torch.nn.Conv2d(in_channels, out_channels, kernel_size, bias=bias, device="meta")


@pytest.mark.points(3)
def test_conv_parameter_count_agrees_with_torch(conv_parameter_count, rng):
    """The layer has a kernel for each output channel, as deep as the input, and one bias for each output channel."""
    for kernel_size in (2, 3, 5):
        in_channels, out_channels = (int(size) for size in rng.permutation([4, 7, 10])[:2])
        expected = _size(_conv_layer(in_channels, out_channels, kernel_size))
        assert_equal(conv_parameter_count(in_channels, out_channels, kernel_size), expected)


@pytest.mark.points(2)
def test_conv_parameter_count_without_bias(conv_parameter_count, rng):
    """With bias=False only the weights are counted; with bias=True the biases too."""
    in_channels, out_channels = (int(size) for size in rng.permutation([3, 6, 11])[:2])
    for bias in (False, True):
        expected = _size(_conv_layer(in_channels, out_channels, 3, bias))
        assert_equal(conv_parameter_count(in_channels, out_channels, 3, bias), expected)
        assert_equal(conv_parameter_count(in_channels, out_channels, kernel_size=3, bias=bias), expected)


def test_conv_parameter_count_of_sizes_of_one(conv_parameter_count, rng):
    """The count is right for a single input channel, a single output channel and a 1 x 1 kernel."""
    channels = int(rng.integers(3, 9))
    for sizes in ((1, channels, 4), (channels, 1, 4), (channels, channels + 2, 1), (1, 1, 1)):
        assert_equal(conv_parameter_count(*sizes), _size(_conv_layer(*sizes)))


def test_conv_parameter_count_of_a_real_layer(conv_parameter_count, rng):
    """The count is an exact integer for layers of realistic width."""
    in_channels, out_channels = int(rng.integers(200, 300)), int(rng.integers(400, 600))
    expected = _size(_conv_layer(in_channels, out_channels, 3))
    assert_equal(conv_parameter_count(in_channels, out_channels, 3), expected)


# dense_parameter_count


def _dense_layer(in_features, out_features, bias=True):
    return torch.nn.Linear(in_features, out_features, bias=bias, device="meta")


@pytest.mark.points(3)
def test_dense_parameter_count_agrees_with_torch(dense_parameter_count, rng):
    """The layer has a weight for each pair of an input and an output, and a bias for each output."""
    small, large = int(rng.integers(4, 10)), int(rng.integers(12, 30))
    for sizes in ((small, large), (large, small)):
        assert_equal(dense_parameter_count(*sizes), _size(_dense_layer(*sizes)))


@pytest.mark.points(2)
def test_dense_parameter_count_without_bias(dense_parameter_count, rng):
    """With bias=False only the weights are counted; with bias=True the biases too."""
    small, large = int(rng.integers(4, 10)), int(rng.integers(12, 30))
    for bias in (False, True):
        expected = _size(_dense_layer(small, large, bias))
        assert_equal(dense_parameter_count(small, large, bias), expected)
        assert_equal(dense_parameter_count(in_features=small, out_features=large, bias=bias), expected)


def test_dense_parameter_count_of_a_single_unit(dense_parameter_count, rng):
    """The count is right for a single input and for a single output."""
    features = int(rng.integers(3, 9))
    for sizes in ((1, features), (features, 1), (1, 1)):
        assert_equal(dense_parameter_count(*sizes), _size(_dense_layer(*sizes)))


def test_dense_parameter_count_of_a_real_layer(dense_parameter_count, rng):
    """The count is an exact integer for a layer that reads flattened maps."""
    in_features, out_features = 512 * int(rng.integers(6, 9)) ** 2, int(rng.integers(2000, 5000))
    expected = _size(_dense_layer(in_features, out_features))
    assert_equal(dense_parameter_count(in_features, out_features), expected)


# conv1d_as_matrix


def _conv1d_matrix(kernel, input_size):
    """PyTorch's convolution of each unit vector is a column of the matrix."""
    units = torch.eye(input_size, dtype=torch.float64)[:, None]
    return F.conv1d(units, _tensor(kernel)[None, None])[:, 0].T


@pytest.mark.points(3)
def test_conv1d_as_matrix_agrees_with_torch(conv1d_as_matrix, rng):
    """The matrix has a row for each position of the kernel, not turned round, and multiplies the signal like conv1d."""
    for kernel_size, input_size in ((3, 7), (2, 9)):
        kernel = _away_from_zero(rng, kernel_size)
        assert_close(conv1d_as_matrix(kernel, input_size), _conv1d_matrix(kernel, input_size))


def test_conv1d_as_matrix_of_a_long_kernel(conv1d_as_matrix, rng):
    """The matrix is right for a kernel of more than half the signal; if both are equally long it has one row."""
    kernel = _away_from_zero(rng, 6)
    for input_size in (8, 6):
        assert_close(conv1d_as_matrix(kernel, input_size), _conv1d_matrix(kernel, input_size))


def test_conv1d_as_matrix_of_a_kernel_of_one(conv1d_as_matrix, rng):
    """A kernel of size 1 multiplies every input by the same number."""
    kernel = _away_from_zero(rng, 1)
    assert_close(conv1d_as_matrix(kernel, input_size=5), kernel * np.eye(5))
    assert_close(conv1d_as_matrix(kernel, input_size=1), kernel[:, None])


def test_conv1d_as_matrix_takes_float32_and_any_memory_layout(conv1d_as_matrix, rng):
    """A kernel in float32 and one that is a view into a larger array give the same matrix."""
    kernel = _away_from_zero(rng, 4)
    assert_close(conv1d_as_matrix(_not_contiguous(kernel), 9), _conv1d_matrix(kernel, 9))
    kernel = kernel.astype(np.float32)
    assert_close(conv1d_as_matrix(kernel, 9), _conv1d_matrix(kernel, 9))


def test_conv1d_as_matrix_leaves_its_argument_alone(conv1d_as_matrix, rng):
    """conv1d_as_matrix does not change the kernel."""
    kernel = _away_from_zero(rng, 3)
    assert_close(conv1d_as_matrix(kernel, 5), _conv1d_matrix(kernel, 5))
    assert_unchanged(conv1d_as_matrix, kernel, 5)


# shared_weight_gradient


def _kernel_gradient(grad_matrix, kernel_size):
    """Autograd's gradient through the matrix, built of shifted copies of the kernel."""
    kernel = torch.ones(kernel_size, dtype=torch.float64, requires_grad=True)
    rows = [F.pad(kernel, (i, len(grad_matrix) - 1 - i)) for i in range(len(grad_matrix))]
    (torch.stack(rows) * _tensor(grad_matrix)).sum().backward()
    return kernel.grad


@pytest.mark.points(3)
def test_shared_weight_gradient_sums_over_the_copies(shared_weight_gradient, rng):
    """Each kernel entry's gradient is the sum of what all of its copies in the matrix receive, and of nothing else."""
    for rows, kernel_size in ((5, 3), (4, 2), (3, 6)):
        grad_matrix = _away_from_zero(rng, rows, rows + kernel_size - 1)
        answer = shared_weight_gradient(grad_matrix, kernel_size)
        assert_close(answer, _kernel_gradient(grad_matrix, kernel_size), atol=ATOL)


@pytest.mark.points(2)
def test_shared_weight_gradient_of_a_convolution(shared_weight_gradient, rng):
    """From the gradient of the matrix product y = Mx comes the gradient that PyTorch gives the kernel of conv1d."""
    x, kernel, grad_output = _away_from_zero(rng, 9), _away_from_zero(rng, 4), _away_from_zero(rng, 6)
    weight = _tensor(kernel).requires_grad_()
    F.conv1d(_tensor(x)[None, None], weight[None, None]).backward(_tensor(grad_output)[None, None])
    assert_close(shared_weight_gradient(np.outer(grad_output, x), 4), weight.grad, atol=ATOL)


def test_shared_weight_gradient_of_a_single_position(shared_weight_gradient, rng):
    """With a single row nothing is shared: the row is the gradient."""
    grad_matrix = _away_from_zero(rng, 1, 5)
    assert_close(shared_weight_gradient(grad_matrix, kernel_size=5), grad_matrix[0], atol=ATOL)


def test_shared_weight_gradient_of_a_single_weight(shared_weight_gradient, rng):
    """A kernel of size 1 stands on the main diagonal only."""
    grad_matrix = _away_from_zero(rng, 6, 6)
    assert_close(shared_weight_gradient(grad_matrix, 1), _kernel_gradient(grad_matrix, 1), atol=ATOL)


def test_shared_weight_gradient_takes_float32_and_any_memory_layout(shared_weight_gradient, rng):
    """A matrix in float32 and one that is a view into a larger array give the same gradient."""
    grad_matrix = _away_from_zero(rng, 4, 6)
    expected = _kernel_gradient(grad_matrix, 3)
    assert_close(shared_weight_gradient(_not_contiguous(grad_matrix), 3), expected, atol=ATOL)
    assert_close(shared_weight_gradient(grad_matrix.astype(np.float32), 3), expected, atol=ATOL)


def test_shared_weight_gradient_leaves_its_argument_alone(shared_weight_gradient, rng):
    """shared_weight_gradient does not change the gradient of the matrix."""
    grad_matrix = _away_from_zero(rng, 4, 5)
    assert_close(shared_weight_gradient(grad_matrix, 2), _kernel_gradient(grad_matrix, 2), atol=ATOL)
    assert_unchanged(shared_weight_gradient, grad_matrix, 2)


# receptive_field


def _field(kernel_sizes, strides):
    """Which input entries output 0 depends on, followed down layer by layer; their extent."""
    seen = {0}
    for kernel_size, stride in zip(kernel_sizes[::-1], strides[::-1], strict=True):
        seen = {position * stride + offset for position in seen for offset in range(kernel_size)}
    return max(seen) - min(seen) + 1


@pytest.mark.points(2)
def test_receptive_field_of_stride_one(receptive_field, rng):
    """At stride 1 each layer adds one less than its kernel size."""
    for depth in (2, 3, 5):
        kernel_sizes = rng.integers(2, 8, size=depth).tolist()
        assert_close(receptive_field(kernel_sizes, [1] * depth), _field(kernel_sizes, [1] * depth))


@pytest.mark.points(3)
def test_receptive_field_with_strides(receptive_field, rng):
    """What a layer adds is multiplied by all strides before it, and not by its own."""
    for strides in ([2, 3, 1, 2], [3, 2, 2, 4]):
        kernel_sizes = rng.permutation([2, 3, 4, 5]).tolist()
        assert_close(receptive_field(kernel_sizes, strides), _field(kernel_sizes, strides))
        kernel_sizes = (rng.permutation([2, 3, 4, 5]) + 1).tolist()
        assert_close(receptive_field(kernel_sizes=kernel_sizes, strides=strides), _field(kernel_sizes, strides))


def test_receptive_field_of_one_layer_is_its_kernel(receptive_field, rng):
    """A single layer sees its kernel, whatever its stride."""
    kernel_size = int(rng.integers(3, 12))
    for stride in (1, 2, 5):
        assert_close(receptive_field([kernel_size], [stride]), kernel_size)


def test_receptive_field_without_layers_is_one(receptive_field):
    """Without layers, an entry sees itself."""
    assert_close(receptive_field([], []), 1)


def test_receptive_field_of_kernels_of_one(receptive_field, rng):
    """A kernel of size 1 adds nothing, but its stride stretches what later layers add."""
    kernel_size = int(rng.integers(3, 8))
    for kernel_sizes in ([1, kernel_size, 1], [kernel_size, 1, 4], [1, 1, 1]):
        assert_close(receptive_field(kernel_sizes, [3, 2, 1]), _field(kernel_sizes, [3, 2, 1]))


def test_receptive_field_with_gaps(receptive_field, rng):
    """Where a stride is larger than its kernel, pixels that are passed over count too."""
    strides = rng.permutation([4, 5, 6]).tolist()
    assert_close(receptive_field([2, 3, 3], strides), _field([2, 3, 3], strides))


@pytest.mark.points(2)
def test_receptive_field_of_a_real_network(receptive_field):
    """The field is right for a deep network of convolutions and pooling layers."""
    alexnet = [11, 3, 5, 3, 3, 3, 3, 3], [4, 2, 1, 2, 1, 1, 1, 2]
    vgg = [3, 3, 2, 3, 3, 2, 3, 3, 3, 2, 3, 3, 3, 2, 3, 3, 3, 2], [1, 1, 2, 1, 1, 2, *[1, 1, 1, 2] * 3]
    for kernel_sizes, strides in (alexnet, vgg):
        assert_close(receptive_field(kernel_sizes, strides), _field(kernel_sizes, strides))


def test_receptive_field_leaves_its_arguments_alone(receptive_field, rng):
    """receptive_field does not change the lists."""
    kernel_sizes, strides = rng.integers(3, 8, size=3).tolist(), rng.integers(2, 5, size=3).tolist()
    assert_close(receptive_field(kernel_sizes, strides), _field(kernel_sizes, strides))
    assert_unchanged(receptive_field, kernel_sizes, strides)


# feature_pyramid


def _assert_pyramid(answer, x, levels):
    """Every level agrees with PyTorch's average pooling of the level before."""
    level = _tensor(x)
    for part in unpack(answer, *(f"level {number}" for number in range(levels))):
        assert_close(part, level, atol=ATOL)
        level = F.avg_pool2d(level, 2) if min(level.shape[2:]) > 1 else None


@pytest.mark.points(3)
def test_feature_pyramid_averages_blocks(feature_pyramid, rng):
    """Each pixel of a level is the mean of a two by two block of the level before."""
    x = _away_from_zero(rng, 2, 3, 8, 12)
    _assert_pyramid(feature_pyramid(x, 3), x, 3)


@pytest.mark.points(2)
def test_feature_pyramid_drops_the_ragged_edge(feature_pyramid, rng):
    """A last row or column without a partner is dropped, on every level."""
    for height, width in ((7, 8), (10, 13), (7, 15)):
        x = _away_from_zero(rng, 2, 3, height, width)
        _assert_pyramid(feature_pyramid(x, 3), x, 3)


def test_feature_pyramid_has_as_many_levels_as_asked_for(feature_pyramid, rng):
    """The list holds that many arrays, the finest first."""
    x = _away_from_zero(rng, 1, 2, 9, 16)
    for levels in (2, 4):
        _assert_pyramid(feature_pyramid(x, levels=levels), x, levels)


def test_feature_pyramid_of_one_level_is_the_input(feature_pyramid, rng):
    """With a single level the list holds the input alone."""
    x = _away_from_zero(rng, 2, 1, 3, 5)
    _assert_pyramid(feature_pyramid(x, 1), x, 1)


def test_feature_pyramid_ends_with_a_single_pixel(feature_pyramid, rng):
    """The last level may be a single pixel, or a single row of them."""
    x = _away_from_zero(rng, 3, 2, 2, 3)
    _assert_pyramid(feature_pyramid(x, 2), x, 2)
    x = _away_from_zero(rng, 2, 1, 5, 19)
    _assert_pyramid(feature_pyramid(x, 3), x, 3)


def test_feature_pyramid_takes_float32_and_any_memory_layout(feature_pyramid, rng):
    """float32 input and images stored with the channels last give the same pyramid."""
    x = _channels_last(_away_from_zero(rng, 2, 3, 6, 9))
    _assert_pyramid(feature_pyramid(x, 2), x, 2)
    x = x.astype(np.float32)
    _assert_pyramid(feature_pyramid(x, 2), x, 2)


def test_feature_pyramid_leaves_its_argument_alone(feature_pyramid, rng):
    """feature_pyramid does not change its input."""
    x = _away_from_zero(rng, 1, 2, 4, 7)
    _assert_pyramid(feature_pyramid(x, 2), x, 2)
    assert_unchanged(feature_pyramid, x, 2)


# cnn_forward


def _network(rng, x_shape, out_channels, classes):
    """x and params: values of size 1, so that maps have both signs."""
    _, in_channels, height, width = x_shape
    params = {
        "conv_weight": _away_from_zero(rng, out_channels, in_channels, 3, 3),
        "conv_bias": _away_from_zero(rng, out_channels),
        "fc_weight": _away_from_zero(rng, classes, out_channels * (height // 2) * (width // 2)),
        "fc_bias": _away_from_zero(rng, classes),
    }
    return _away_from_zero(rng, *x_shape), params


def _scores(x, params):
    weights = {name: _tensor(value) for name, value in params.items()}
    maps = F.conv2d(_tensor(x), weights["conv_weight"], weights["conv_bias"], padding=1)
    pooled = F.max_pool2d(torch.relu(maps), 2)
    return F.linear(pooled.flatten(1), weights["fc_weight"], weights["fc_bias"])


@pytest.mark.points(3)
def test_cnn_forward_agrees_with_torch(cnn_forward, rng):
    """Convolution, ReLU, max pooling, flattening and dense layer, as the modules of PyTorch compute them."""
    x, params = _network(rng, (2, 3, 6, 8), 4, 5)
    assert_close(cnn_forward(x, params), _scores(x, params), atol=ATOL)


@pytest.mark.points(2)
def test_cnn_forward_cuts_off_negative_values(cnn_forward, rng):
    """ReLU comes between the convolution and the dense layer: a map that is negative throughout has no effect."""
    x, params = _network(rng, (2, 1, 4, 6), 3, 5)
    params["conv_bias"][1] = -100.0
    assert_close(cnn_forward(x, params), _scores(x, params), atol=ATOL)


@pytest.mark.points(2)
def test_cnn_forward_drops_the_ragged_edge(cnn_forward, rng):
    """Where height or width is odd, the pooling leaves the last row or column of the maps out."""
    for height, width in ((5, 6), (4, 7), (7, 3)):
        x, params = _network(rng, (2, 2, height, width), 3, 4)
        assert_close(cnn_forward(x, params), _scores(x, params), atol=ATOL)


def test_cnn_forward_pads_with_zeros(cnn_forward, rng):
    """The picture gets a frame of zeros, one pixel wide, before the convolution."""
    x, params = _network(rng, (3, 2, 2, 4), 2, 3)
    x, params["conv_weight"] = np.abs(x) + 3, np.abs(params["conv_weight"])
    assert_close(cnn_forward(x, params), _scores(x, params), atol=ATOL)


def test_cnn_forward_adds_both_biases(cnn_forward, rng):
    """Every map has a bias, added before ReLU, and every score has one."""
    x, params = _network(rng, (2, 3, 4, 2), 5, 4)
    params["conv_bias"], params["fc_bias"] = 10 * params["conv_bias"], 100 * params["fc_bias"]
    assert_close(cnn_forward(x, params), _scores(x, params), atol=ATOL)


def test_cnn_forward_lets_scores_be_negative(cnn_forward, rng):
    """Nothing follows the dense layer: scores are any real numbers."""
    x, params = _network(rng, (2, 2, 5, 4), 3, 4)
    params["fc_bias"] = np.array([-400.0, 300.0, -200.0, 100.0])
    assert_close(cnn_forward(x, params), _scores(x, params), atol=ATOL)


def test_cnn_forward_of_the_smallest_network(cnn_forward, rng):
    """One picture of two by two pixels, one channel, one map and one class still give an array of two axes."""
    x, params = _network(rng, (1, 1, 2, 2), 1, 1)
    params["conv_bias"] = np.array([20.0])
    assert_close(cnn_forward(x, params), _scores(x, params), atol=ATOL)


def test_cnn_forward_takes_float32_and_any_memory_layout(cnn_forward, rng):
    """float32 input and arrays stored with the channels last give the same scores."""
    x, params = _network(rng, (3, 2, 4, 5), 3, 4)
    x, params["conv_weight"] = _channels_last(x), _channels_last(params["conv_weight"])
    params["fc_weight"] = _not_contiguous(params["fc_weight"])
    assert_close(cnn_forward(x, params), _scores(x, params), atol=ATOL)
    x, params = x.astype(np.float32), {name: value.astype(np.float32) for name, value in params.items()}
    assert_close(cnn_forward(x, params), _scores(x, params), atol=ATOL)


def test_cnn_forward_leaves_its_arguments_alone(cnn_forward, rng):
    """cnn_forward changes neither the pictures nor the parameters."""
    x, params = _network(rng, (2, 2, 4, 6), 3, 5)
    assert_close(cnn_forward(x, params), _scores(x, params), atol=ATOL)
    assert_unchanged(cnn_forward, x, params)
