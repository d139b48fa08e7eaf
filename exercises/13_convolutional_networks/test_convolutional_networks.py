"""Visible tests: examples small enough to check by hand."""

import numpy as np


def test_conv_parameter_count_by_hand(conv_parameter_count):
    """From 3 to 8 channels with 5 x 5 kernels: 8 kernels of 3 * 25 = 75 weights, and 8 biases."""
    assert conv_parameter_count(3, 8, 5) == 608


def test_conv_parameter_count_without_bias(conv_parameter_count):
    """The same layer without biases."""
    assert conv_parameter_count(3, 8, 5, bias=False) == 600


def test_conv_parameter_count_of_a_first_layer(conv_parameter_count):
    """The first layer of VGG-16: 64 * 27 = 1728 weights and 64 biases."""
    assert conv_parameter_count(3, 64, 3) == 1792


def test_dense_parameter_count_by_hand(dense_parameter_count):
    """Three inputs and two outputs: 6 weights and 2 biases."""
    assert dense_parameter_count(3, 2) == 8
    assert dense_parameter_count(3, 2, bias=False) == 6


def test_dense_parameter_count_of_a_real_layer(dense_parameter_count):
    """The largest layer of VGG-16 reads 512 maps of 7 x 7 pixels."""
    assert dense_parameter_count(512 * 7 * 7, 4096) == 102_764_544


def test_conv1d_as_matrix_by_hand(conv1d_as_matrix):
    """A kernel of three has two positions in a signal of four."""
    expected = [[1.0, 2.0, 5.0, 0.0], [0.0, 1.0, 2.0, 5.0]]
    np.testing.assert_allclose(conv1d_as_matrix(np.array([1.0, 2.0, 5.0]), 4), expected)


def test_conv1d_as_matrix_takes_differences(conv1d_as_matrix):
    """The kernel (-1, 1) as a matrix: every output is an input minus the one to its left."""
    matrix = conv1d_as_matrix(np.array([-1.0, 1.0]), 5)
    np.testing.assert_allclose(matrix @ np.array([1.0, 4.0, 9.0, 16.0, 25.0]), [3.0, 5.0, 7.0, 9.0])


def test_conv1d_as_matrix_of_a_kernel_that_fills_the_signal(conv1d_as_matrix):
    """There is one position, so one row."""
    np.testing.assert_allclose(conv1d_as_matrix(np.array([0.5, 7.0]), 2), [[0.5, 7.0]])


def test_shared_weight_gradient_by_hand(shared_weight_gradient):
    """A kernel of two in a signal of three: two copies of each entry, 1 + 20 and 2 + 30. Nothing can move at 99."""
    grad_matrix = np.array([[1.0, 2.0, 99.0], [99.0, 20.0, 30.0]])
    np.testing.assert_allclose(shared_weight_gradient(grad_matrix, 2), [21.0, 32.0])


def test_shared_weight_gradient_of_a_single_weight(shared_weight_gradient):
    """A kernel of one stands on the main diagonal: 1 + 10 + 100."""
    grad_matrix = np.array([[1.0, 7.0, 7.0], [7.0, 10.0, 7.0], [7.0, 7.0, 100.0]])
    np.testing.assert_allclose(shared_weight_gradient(grad_matrix, 1), [111.0])


def test_receptive_field_of_two_small_kernels(receptive_field):
    """Two layers of 3 see as far as one of 5; a third makes it 7."""
    assert receptive_field([3, 3], [1, 1]) == 5
    assert receptive_field([3, 3, 3], [1, 1, 1]) == 7


def test_receptive_field_with_strides(receptive_field):
    """The stride of the first layer doubles what the second adds: 1 + 2 + 2 * 2. The second's own changes nothing."""
    assert receptive_field([3, 3], [2, 1]) == 7
    assert receptive_field([3, 3], [1, 2]) == 5


def test_receptive_field_without_layers(receptive_field):
    """A pixel sees itself."""
    assert receptive_field([], []) == 1


def test_feature_pyramid_by_hand(feature_pyramid):
    """Blocks of four: the means of the upper level, and the mean of those on top."""
    x = np.array([[[[1.0, 3.0, 0.0, 8.0], [5.0, 7.0, 4.0, 0.0], [2.0, 2.0, 9.0, 9.0], [2.0, 2.0, 9.0, 9.0]]]])
    pyramid = feature_pyramid(x, 3)
    assert len(pyramid) == 3
    np.testing.assert_allclose(pyramid[0], x)
    np.testing.assert_allclose(pyramid[1], [[[[4.0, 3.0], [2.0, 9.0]]]])
    np.testing.assert_allclose(pyramid[2], [[[[4.5]]]])


def test_feature_pyramid_drops_the_ragged_edge(feature_pyramid):
    """Two rows and three columns make a single block; the last column is left over."""
    x = np.array([[[[1.0, 2.0, 50.0], [3.0, 6.0, 50.0]]]])
    pyramid = feature_pyramid(x, 2)
    np.testing.assert_allclose(pyramid[1], [[[[3.0]]]])


def test_cnn_forward_by_hand(cnn_forward):
    """The kernel picks the pixel itself, so the maximum 4 is left, and is scored 10 * 4 + 1 and -2 * 4 + 0."""
    x = np.array([[[[1.0, -2.0], [4.0, 3.0]]]])
    kernel = np.zeros((1, 1, 3, 3))
    kernel[0, 0, 1, 1] = 1.0
    params = {
        "conv_weight": kernel,
        "conv_bias": np.array([0.0]),
        "fc_weight": np.array([[10.0], [-2.0]]),
        "fc_bias": np.array([1.0, 0.0]),
    }
    np.testing.assert_allclose(cnn_forward(x, params), [[41.0, -8.0]])


def test_cnn_forward_adds_the_bias_before_relu(cnn_forward):
    """A convolution bias of -5 makes every pixel negative: after ReLU only the bias of the dense layer is left."""
    x = np.array([[[[1.0, -2.0], [4.0, 3.0]]]])
    kernel = np.zeros((1, 1, 3, 3))
    kernel[0, 0, 1, 1] = 1.0
    params = {
        "conv_weight": kernel,
        "conv_bias": np.array([-5.0]),
        "fc_weight": np.array([[10.0], [-2.0]]),
        "fc_bias": np.array([1.0, 0.0]),
    }
    np.testing.assert_allclose(cnn_forward(x, params), [[1.0, 0.0]])


def test_cnn_forward_has_one_row_per_picture(cnn_forward):
    """Three pictures of 5 x 7 pixels with 2 channels, 4 maps, 6 classes."""
    rng = np.random.default_rng(0)
    params = {
        "conv_weight": rng.normal(size=(4, 2, 3, 3)),
        "conv_bias": rng.normal(size=4),
        "fc_weight": rng.normal(size=(6, 4 * 2 * 3)),
        "fc_bias": rng.normal(size=6),
    }
    assert cnn_forward(rng.normal(size=(3, 2, 5, 7)), params).shape == (3, 6)
