"""Hidden tests of 12_pooling. The oracle is PyTorch in float64; ties are resolved by a loop that reads row by row.

Images stay small: an answer written as nested loops must be quick.
"""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from autograder.suite.assertions import assert_close, assert_unchanged


def _tensor(array):
    return torch.from_numpy(np.array(array, dtype=np.float64))


def _images(rng, *shape):
    """Images whose entries, from -3 to 3, are all different by far more than rounding."""
    return rng.permutation(np.linspace(-3.0, 3.0, int(np.prod(shape)))).reshape(shape)


def _bright_images(rng, *shape):
    """Images with entries from 1 to 3, whose averages are far from zero."""
    return rng.uniform(1.0, 3.0, shape)


def _with_bright_edge(x, rows, columns):
    """The images with the last rows and columns far above everything else, by another amount in each channel."""
    x = x.copy()
    bright = 20.0 + 5 * np.arange(x.shape[1])[:, None, None]
    x[:, :, x.shape[2] - rows :] += bright
    x[:, :, :, x.shape[3] - columns :] += bright
    return x


def _with_extremes(rng, x):
    """The images, the first of them with rows of large numbers of either sign among ordinary ones."""
    x = x.copy()
    x[0, :, :2] = -rng.uniform(1.0, 2.0, x[0, :, :2].shape) * 1e4
    x[0, :, 2, ::2] = rng.uniform(1.0, 2.0, x[0, :, 2, ::2].shape) * 1e3
    return x


def _channels_last(array):
    """The same values, stored with the channels last: a view that is not contiguous."""
    return np.ascontiguousarray(np.moveaxis(array, 1, -1)).transpose(0, 3, 1, 2)


def _every_second_column(array):
    """The same values as every second column of a wider array, read from the right: a view that is not contiguous."""
    wide = np.full((*array.shape[:3], 2 * array.shape[3]), 77.0, dtype=array.dtype)
    wide[:, :, :, ::-2] = array
    return wide[:, :, :, ::-2]


# max_pool2d


@pytest.mark.points(2)
def test_max_pool2d_takes_the_largest_of_each_window(max_pool2d, rng):
    """Each output is the largest entry of its window; without a stride the windows lie side by side."""
    for shape, kernel_size in (((2, 3, 4, 8), 2), ((3, 2, 9, 6), 3)):
        x = _images(rng, *shape)
        assert_close(max_pool2d(x, kernel_size), F.max_pool2d(_tensor(x), kernel_size))


@pytest.mark.points(2)
def test_max_pool2d_with_overlapping_windows(max_pool2d, rng):
    """A stride smaller than the kernel makes the windows overlap; the last one that fits is there as well."""
    for shape, kernel_size, stride in (((2, 3, 5, 6), 2, 1), ((1, 2, 7, 5), 3, 2), ((2, 1, 7, 10), 4, 3)):
        x = _images(rng, *shape)
        assert_close(max_pool2d(x, kernel_size, stride), F.max_pool2d(_tensor(x), kernel_size, stride))
        assert_close(max_pool2d(x, kernel_size, stride=stride), F.max_pool2d(_tensor(x), kernel_size, stride))


def test_max_pool2d_with_gaps_between_the_windows(max_pool2d, rng):
    """A stride larger than the kernel leaves pixels out between the windows."""
    for shape, kernel_size, stride in (((2, 3, 8, 5), 2, 3), ((3, 1, 7, 12), 2, 5)):
        x = _images(rng, *shape)
        assert_close(max_pool2d(x, kernel_size, stride), F.max_pool2d(_tensor(x), kernel_size, stride))


def test_max_pool2d_drops_the_ragged_edge(max_pool2d, rng):
    """Rows and columns at the lower and right edge that do not fill a window are left out."""
    x = _with_bright_edge(_images(rng, 2, 3, 8, 5), 2, 2)
    assert_close(max_pool2d(x, 3), F.max_pool2d(_tensor(x), 3))
    x = _with_bright_edge(_images(rng, 1, 2, 6, 8), 1, 1)
    assert_close(max_pool2d(x, 3, 2), F.max_pool2d(_tensor(x), 3, 2))


def test_max_pool2d_of_negative_images(max_pool2d, rng):
    """A window whose entries are all negative has a negative maximum."""
    x = -_bright_images(rng, 2, 3, 6, 4)
    assert_close(max_pool2d(x, 2), F.max_pool2d(_tensor(x), 2))


def test_max_pool2d_of_large_numbers(max_pool2d, rng):
    """Entries may be far from zero on both sides, and those of other images are not affected."""
    x = _with_extremes(rng, _images(rng, 2, 3, 6, 4))
    assert_close(max_pool2d(x, 2), F.max_pool2d(_tensor(x), 2))


def test_max_pool2d_with_the_smallest_and_the_largest_window(max_pool2d, rng):
    """A window may be a single pixel, or as large as the image."""
    x = _images(rng, 2, 3, 5, 4)
    assert_close(max_pool2d(x, 1), x)
    assert_close(max_pool2d(x, 1, 2), x[:, :, ::2, ::2])
    assert_close(max_pool2d(x, 4), F.max_pool2d(_tensor(x), 4))
    x = _images(rng, 3, 1, 3, 3)
    assert_close(max_pool2d(x, 3, 1), x.max(axis=(2, 3), keepdims=True))


def test_max_pool2d_takes_float32_and_any_memory_layout(max_pool2d, rng):
    """float32 input and arrays that are not contiguous give the same values."""
    x = _images(rng, 2, 3, 6, 5)
    expected = F.max_pool2d(_tensor(x), 3, 2)
    assert_close(max_pool2d(x.astype(np.float32), 3, 2), expected)
    assert_close(max_pool2d(x=_channels_last(x), kernel_size=3, stride=2), expected)
    assert_close(max_pool2d(_every_second_column(x), 3, 2), expected)


def test_max_pool2d_leaves_its_argument_alone(max_pool2d, rng):
    """max_pool2d returns a new array and does not change the images."""
    x = _images(rng, 2, 3, 4, 6)
    assert_close(max_pool2d(x, 2), F.max_pool2d(_tensor(x), 2))
    assert_unchanged(max_pool2d, x, 2)
    assert_unchanged(max_pool2d, x, 3, stride=1)


# avg_pool2d


@pytest.mark.points(2)
def test_avg_pool2d_averages_each_window(avg_pool2d, rng):
    """Each output is the average of its window; without a stride the windows lie side by side."""
    for shape, kernel_size in (((2, 3, 4, 8), 2), ((3, 2, 9, 6), 3)):
        x = _images(rng, *shape)
        assert_close(avg_pool2d(x, kernel_size), F.avg_pool2d(_tensor(x), kernel_size))


@pytest.mark.points(2)
def test_avg_pool2d_with_overlapping_windows(avg_pool2d, rng):
    """A stride smaller than the kernel makes the windows overlap; the last one that fits is there as well."""
    for shape, kernel_size, stride in (((2, 3, 5, 6), 2, 1), ((1, 2, 7, 5), 3, 2), ((2, 1, 7, 10), 4, 3)):
        x = _images(rng, *shape)
        assert_close(avg_pool2d(x, kernel_size, stride), F.avg_pool2d(_tensor(x), kernel_size, stride))
        assert_close(avg_pool2d(x, kernel_size, stride=stride), F.avg_pool2d(_tensor(x), kernel_size, stride))


def test_avg_pool2d_with_gaps_between_the_windows(avg_pool2d, rng):
    """A stride larger than the kernel leaves pixels out between the windows."""
    for shape, kernel_size, stride in (((2, 3, 8, 5), 2, 3), ((3, 1, 7, 12), 2, 5)):
        x = _images(rng, *shape)
        assert_close(avg_pool2d(x, kernel_size, stride), F.avg_pool2d(_tensor(x), kernel_size, stride))


def test_avg_pool2d_drops_the_ragged_edge(avg_pool2d, rng):
    """Rows and columns at the lower and right edge that do not fill a window are left out."""
    x = _with_bright_edge(_images(rng, 2, 3, 8, 5), 2, 2)
    assert_close(avg_pool2d(x, 3), F.avg_pool2d(_tensor(x), 3))
    x = _with_bright_edge(_images(rng, 1, 2, 6, 8), 1, 1)
    assert_close(avg_pool2d(x, 3, 2), F.avg_pool2d(_tensor(x), 3, 2))


def test_avg_pool2d_of_large_numbers(avg_pool2d, rng):
    """Entries may be far from zero on both sides, and those of other images are not affected."""
    x = _with_extremes(rng, _images(rng, 2, 3, 6, 4))
    assert_close(avg_pool2d(x, 2), F.avg_pool2d(_tensor(x), 2))


def test_avg_pool2d_with_the_smallest_and_the_largest_window(avg_pool2d, rng):
    """A window may be a single pixel, or as large as the image."""
    x = _images(rng, 2, 3, 5, 4)
    assert_close(avg_pool2d(x, 1), x)
    assert_close(avg_pool2d(x, 1, 2), x[:, :, ::2, ::2])
    assert_close(avg_pool2d(x, 4), F.avg_pool2d(_tensor(x), 4))
    x = _bright_images(rng, 3, 1, 3, 3)
    assert_close(avg_pool2d(x, 3, 1), x.mean(axis=(2, 3), keepdims=True))


def test_avg_pool2d_takes_float32_and_any_memory_layout(avg_pool2d, rng):
    """float32 input and arrays that are not contiguous give the same values."""
    # Averages far from zero: the differences of cumulative sums, a right answer too, lose digits in float32.
    x = _bright_images(rng, 2, 3, 6, 5)
    expected = F.avg_pool2d(_tensor(x), 3, 2)
    assert_close(avg_pool2d(x.astype(np.float32), 3, 2), expected)
    assert_close(avg_pool2d(x=_channels_last(x), kernel_size=3, stride=2), expected)
    assert_close(avg_pool2d(_every_second_column(x), 3, 2), expected)


def test_avg_pool2d_leaves_its_argument_alone(avg_pool2d, rng):
    """avg_pool2d returns a new array and does not change the images."""
    x = _images(rng, 2, 3, 4, 6)
    assert_close(avg_pool2d(x, 2), F.avg_pool2d(_tensor(x), 2))
    assert_unchanged(avg_pool2d, x, 2)
    assert_unchanged(avg_pool2d, x, 3, stride=1)


# global_avg_pool2d


def _channel_averages(x):
    return F.adaptive_avg_pool2d(_tensor(x), 1)[:, :, 0, 0]


@pytest.mark.points(3)
def test_global_avg_pool2d_averages_each_channel(global_avg_pool2d, rng):
    """Each channel of each image gives one number, the average over height and width; those two axes are gone."""
    x = _images(rng, 2, 3, 4, 5)
    assert_close(global_avg_pool2d(x), _channel_averages(x))


def test_global_avg_pool2d_keeps_images_and_channels_apart(global_avg_pool2d, rng):
    """What other channels and other images hold has no influence."""
    x = _bright_images(rng, 3, 4, 5, 2) * 3.0 ** rng.permutation(np.arange(-6, 6)).reshape(3, 4, 1, 1)
    assert_close(global_avg_pool2d(x), _channel_averages(x))


def test_global_avg_pool2d_of_small_images(global_avg_pool2d, rng):
    """An image may be a single pixel, row or column, and there may be one channel or one image."""
    for shape in ((3, 2, 1, 1), (2, 1, 1, 6), (1, 3, 4, 1), (1, 1, 2, 3)):
        x = _bright_images(rng, *shape)
        assert_close(global_avg_pool2d(x), _channel_averages(x))


def test_global_avg_pool2d_of_large_numbers(global_avg_pool2d, rng):
    """Entries may be far from zero on both sides."""
    x = _with_extremes(rng, _images(rng, 3, 2, 6, 4))
    assert_close(global_avg_pool2d(x), _channel_averages(x))


def test_global_avg_pool2d_of_float32(global_avg_pool2d, rng):
    """float32 input gives the same averages."""
    x = _bright_images(rng, 2, 4, 7, 9).astype(np.float32)
    assert_close(global_avg_pool2d(x), _channel_averages(x))


def test_global_avg_pool2d_of_any_memory_layout(global_avg_pool2d, rng):
    """Arrays that are not contiguous give the same averages, and the argument may be named."""
    x = _bright_images(rng, 4, 3, 2, 5)
    assert_close(global_avg_pool2d(x=_channels_last(x)), _channel_averages(x))
    assert_close(global_avg_pool2d(_every_second_column(x)), _channel_averages(x))


def test_global_avg_pool2d_leaves_its_argument_alone(global_avg_pool2d, rng):
    """global_avg_pool2d returns a new array and does not change the images."""
    x = _bright_images(rng, 2, 3, 4, 5)
    assert_close(global_avg_pool2d(x), _channel_averages(x))
    assert_unchanged(global_avg_pool2d, x)


# max_pool2d_backward


def _upstream(rng, x, kernel_size, stride=None):
    """An upstream gradient of the right shape, of both signs, with no entry near zero."""
    shape = tuple(F.max_pool2d(_tensor(x), kernel_size, stride).shape)
    return rng.uniform(0.5, 2.0, shape) * rng.choice([-1.0, 1.0], shape)


def _autograd(grad_output, x, kernel_size, stride=None):
    """The gradient by PyTorch's autograd, for windows with one maximum each."""
    x = _tensor(x).requires_grad_()
    F.max_pool2d(x, kernel_size, stride).backward(_tensor(grad_output))
    return x.grad


def _first_maxima(grad_output, x, kernel_size, stride):
    """The gradient by reading every window row by row: a later entry has to be larger in order to win."""
    grad_x = np.zeros(x.shape)
    for n, c, u, v in np.ndindex(*grad_output.shape):
        winner = (n, c, stride * u, stride * v)
        for i, j in np.ndindex(kernel_size, kernel_size):
            pixel = (n, c, stride * u + i, stride * v + j)
            if x[pixel] > x[winner]:
                winner = pixel
        grad_x[winner] += grad_output[n, c, u, v]
    return grad_x


@pytest.mark.points(2)
def test_max_pool2d_backward_gives_all_to_the_largest(max_pool2d_backward, rng):
    """The largest pixel of each window gets all of that window's gradient, and the others get none."""
    for shape, kernel_size in (((2, 3, 4, 8), 2), ((3, 2, 9, 6), 3)):
        x = _images(rng, *shape)
        grad_output = _upstream(rng, x, kernel_size)
        assert_close(max_pool2d_backward(grad_output, x, kernel_size), _autograd(grad_output, x, kernel_size))


@pytest.mark.points(2)
def test_max_pool2d_backward_adds_up_where_windows_overlap(max_pool2d_backward, rng):
    """A pixel that is the largest of several windows gets the sum of their gradients."""
    for shape, kernel_size, stride in (((2, 3, 5, 6), 2, 1), ((1, 2, 7, 5), 3, 2), ((2, 1, 7, 10), 4, 3)):
        x = _images(rng, *shape)
        x[:, :, stride, stride] += 10.0  # the largest of the four windows in the upper left corner
        grad_output = np.abs(_upstream(rng, x, kernel_size, stride))
        expected = _autograd(grad_output, x, kernel_size, stride)
        assert_close(max_pool2d_backward(grad_output, x, kernel_size, stride), expected)
        assert_close(max_pool2d_backward(grad_output, x, kernel_size, stride=stride), expected)


def test_max_pool2d_backward_of_pixels_in_no_window(max_pool2d_backward, rng):
    """The result has the shape of the images; pixels between the windows and in the dropped edge get zero."""
    x = _with_bright_edge(_images(rng, 2, 3, 8, 5), 2, 2)
    grad_output = _upstream(rng, x, 3)
    assert_close(max_pool2d_backward(grad_output, x, 3), _autograd(grad_output, x, 3))
    x = _with_bright_edge(_images(rng, 1, 2, 6, 9), 1, 1)
    grad_output = _upstream(rng, x, 2, 3)
    assert_close(max_pool2d_backward(grad_output, x, 2, 3), _autograd(grad_output, x, 2, 3))


@pytest.mark.points(2)
def test_max_pool2d_backward_of_ties(max_pool2d_backward, rng):
    """Of several equal maxima of a window, the first gets all of the gradient and the others none."""
    x = np.full((2, 3, 4, 6), 1.5)
    grad_output = _upstream(rng, x, 2)
    assert_close(max_pool2d_backward(grad_output, x, 2), _first_maxima(grad_output, x, 2, 2))
    x = np.maximum(_images(rng, 2, 2, 7, 5), 0.0)  # as after a ReLU, with one corner all zero
    x[:, :, :3, :3] = 0.0
    grad_output = np.abs(_upstream(rng, x, 3, 2))
    assert_close(max_pool2d_backward(grad_output, x, 3, 2), _first_maxima(grad_output, x, 3, 2))


def test_max_pool2d_backward_reads_windows_row_by_row(max_pool2d_backward, rng):
    """The first of several maxima is the one furthest up, and in a row the one furthest left."""
    x = -_bright_images(rng, 2, 3, 6, 9)
    x[:, :, 1::3, 0::3] = x[:, :, 0::3, 1::3] = x[:, :, 0::3, 2::3] = 4.0
    grad_output = _upstream(rng, x, 3)
    assert_close(max_pool2d_backward(grad_output, x, 3), _first_maxima(grad_output, x, 3, 3))


def test_max_pool2d_backward_of_negative_and_large_numbers(max_pool2d_backward, rng):
    """The largest entry may be negative, and entries may be far from zero."""
    x = -_bright_images(rng, 2, 3, 6, 4)
    x[0] *= 1e4
    grad_output = _upstream(rng, x, 2)
    assert_close(max_pool2d_backward(grad_output, x, 2), _autograd(grad_output, x, 2))


def test_max_pool2d_backward_with_the_smallest_and_the_largest_window(max_pool2d_backward, rng):
    """A window may be a single pixel, or as large as the image."""
    x = _images(rng, 2, 3, 5, 4)
    for kernel_size, stride in ((1, None), (1, 2), (4, None)):
        grad_output = _upstream(rng, x, kernel_size, stride)
        expected = _autograd(grad_output, x, kernel_size, stride)
        assert_close(max_pool2d_backward(grad_output, x, kernel_size, stride), expected)


def test_max_pool2d_backward_takes_float32_and_any_memory_layout(max_pool2d_backward, rng):
    """float32 input and arrays that are not contiguous give the same values."""
    x = _images(rng, 2, 3, 6, 5)
    grad_output = np.abs(_upstream(rng, x, 3, 2))
    expected = _autograd(grad_output, x, 3, 2)
    assert_close(max_pool2d_backward(grad_output.astype(np.float32), x.astype(np.float32), 3, 2), expected)
    views = {"grad_output": _channels_last(grad_output), "x": _channels_last(x)}
    assert_close(max_pool2d_backward(**views, kernel_size=3, stride=2), expected)
    assert_close(max_pool2d_backward(_every_second_column(grad_output), _every_second_column(x), 3, 2), expected)


def test_max_pool2d_backward_leaves_its_arguments_alone(max_pool2d_backward, rng):
    """max_pool2d_backward returns a new array and changes neither the gradient passed in nor the images."""
    x = _images(rng, 2, 3, 4, 6)
    grad_output = _upstream(rng, x, 2)
    assert_close(max_pool2d_backward(grad_output, x, 2), _autograd(grad_output, x, 2))
    assert_unchanged(max_pool2d_backward, grad_output, x, 2)
    assert_unchanged(max_pool2d_backward, _upstream(rng, x, 3, 1), x, 3, stride=1)
