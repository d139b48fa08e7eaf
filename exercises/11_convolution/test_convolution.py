"""Visible tests: examples small enough to check by hand."""

import numpy as np
import pytest


def test_conv_output_size_counts_the_kernel_positions(conv_output_size):
    """A kernel of 3 starts at entries 0, 1 and 2 of 5; at stride 2 it starts at 0 and 2."""
    assert conv_output_size(5, 3) == 3
    assert conv_output_size(5, 3, stride=2) == 2


def test_conv_output_size_rounds_down(conv_output_size):
    """Size 32, kernel 3, stride 2, padding 1: floor(31 / 2) + 1 = 16."""
    assert conv_output_size(32, 3, 2, 1) == 16


def test_conv_output_size_of_a_dilated_kernel(conv_output_size):
    """With dilation 2 a kernel of 3 spans 5 entries, so it has 3 positions in 7."""
    assert conv_output_size(7, 3, dilation=2) == 3


def test_conv_output_size_raises_when_the_kernel_does_not_fit(conv_output_size):
    """A kernel of 5 does not fit into 2 entries with 1 zero on each end."""
    with pytest.raises(ValueError):
        conv_output_size(2, 5, padding=1)


def test_same_padding_keeps_the_size(same_padding):
    """A kernel of 3 needs 1 entry on each end, a kernel of 5 needs 2, and one of 3 with dilation 4 needs 4."""
    assert same_padding(3) == 1
    assert same_padding(5) == 2
    assert same_padding(3, dilation=4) == 4


def test_same_padding_raises_when_it_would_not_be_whole(same_padding):
    """A kernel of 2 would need half an entry on each end."""
    with pytest.raises(ValueError):
        same_padding(2)


def test_pad2d_with_zeros(pad2d):
    """One image of 1 x 2 pixels with a frame of zeros, one pixel wide."""
    x = np.array([[[[1.0, 2.0]]]])
    expected = [[[[0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 2.0, 0.0], [0.0, 0.0, 0.0, 0.0]]]]
    np.testing.assert_allclose(pad2d(x, 1), expected)


def test_pad2d_with_copies_of_the_border(pad2d):
    """The same image, each pixel of the frame a copy of the nearest one of the image."""
    x = np.array([[[[1.0, 2.0]]]])
    expected = [[[[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]]]]
    np.testing.assert_allclose(pad2d(x, 1, mode="replicate"), expected)


def test_pad2d_raises_for_an_unknown_mode(pad2d):
    """There are two modes and no third."""
    with pytest.raises(ValueError):
        pad2d(np.ones((1, 1, 2, 2)), 1, mode="nearest")


def test_conv2d_by_hand(conv2d):
    """A 1 x 2 kernel (1, 10) on a 2 x 3 image: each pixel plus ten times its right neighbour."""
    x = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    weight = np.array([[[[1.0, 10.0]]]])
    np.testing.assert_allclose(conv2d(x, weight), [[[[21.0, 32.0], [54.0, 65.0]]]])


def test_conv2d_adds_the_channels_and_then_the_bias(conv2d):
    """Two input channels, one kernel of 1 x 1 pixels: 2 * 3 + 5 * 7 + 100."""
    x = np.array([[[[3.0]], [[7.0]]]])
    weight = np.array([[[[2.0]], [[5.0]]]])
    np.testing.assert_allclose(conv2d(x, weight, bias=np.array([100.0])), [[[[141.0]]]])


def test_conv2d_with_stride_and_padding(conv2d):
    """A kernel of ones, 3 x 3, on a 3 x 3 image of ones with a frame of zeros: at stride 2 it sees the four corners."""
    x = np.ones((1, 1, 3, 3))
    weight = np.ones((1, 1, 3, 3))
    np.testing.assert_allclose(conv2d(x, weight, stride=2, padding=1), [[[[4.0, 4.0], [4.0, 4.0]]]])


def test_conv2d_backward_by_hand(conv2d_backward):
    """One row of three pixels, a kernel of two, two output pixels: the middle pixel gets two contributions."""
    x = np.array([[[[1.0, 2.0, 3.0]]]])
    weight = np.array([[[[5.0, 7.0]]]])
    grad_output = np.array([[[[1.0, 10.0]]]])
    grad_x, grad_weight, grad_bias = conv2d_backward(grad_output, x, weight)
    np.testing.assert_allclose(grad_x, [[[[5.0, 57.0, 70.0]]]])
    np.testing.assert_allclose(grad_weight, [[[[21.0, 32.0]]]])
    np.testing.assert_allclose(grad_bias, [11.0])


def test_conv2d_backward_has_the_shapes_of_the_arguments(conv2d_backward):
    """A gradient has the shape of what it belongs to, also where padding and stride change the size of the output."""
    x = np.ones((2, 3, 6, 5))
    weight = np.ones((4, 3, 3, 2))
    grad_x, grad_weight, grad_bias = conv2d_backward(np.ones((2, 4, 3, 3)), x, weight, stride=2, padding=1)
    assert grad_x.shape == x.shape
    assert grad_weight.shape == weight.shape
    assert grad_bias.shape == (4,)


def test_conv_transpose_output_size_by_hand(conv_transpose_output_size):
    """Three stamps of 4 entries, 2 apart, reach 8 entries far; padding 1 cuts off one at each end."""
    assert conv_transpose_output_size(3, 4, stride=2) == 8
    assert conv_transpose_output_size(3, 4, stride=2, padding=1) == 6


def test_conv_transpose_output_size_with_output_padding(conv_transpose_output_size):
    """Sizes 7 and 8 both shrink to 4 with kernel 3, stride 2, padding 1: output_padding tells them apart."""
    assert conv_transpose_output_size(4, 3, 2, 1) == 7
    assert conv_transpose_output_size(4, 3, 2, 1, output_padding=1) == 8


def test_conv_transpose2d_stamps_the_kernel(conv_transpose2d):
    """Two pixels, 1 and 10, stamp the kernel (1, 2, 3); at stride 2 the stamps share one entry, 3 + 10."""
    x = np.array([[[[1.0, 10.0]]]])
    weight = np.array([[[[1.0, 2.0, 3.0]]]])
    np.testing.assert_allclose(conv_transpose2d(x, weight, stride=2), [[[[1.0, 2.0, 13.0, 20.0, 30.0]]]])


def test_conv_transpose2d_cuts_off_the_padding(conv_transpose2d):
    """One pixel of value 2 stamps 3 x 3 entries; padding 1 leaves the middle one, and the bias comes on top."""
    x = np.array([[[[2.0]]]])
    weight = np.arange(9.0).reshape(1, 1, 3, 3)
    np.testing.assert_allclose(conv_transpose2d(x, weight, bias=np.array([0.5]), padding=1), [[[[8.5]]]])
