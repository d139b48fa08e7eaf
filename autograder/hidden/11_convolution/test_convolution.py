"""Hidden tests of 11_convolution. The oracle is PyTorch in float64; sizes are counted or follow from PyTorch's shapes.

Images and kernels stay small: an answer written as nested loops must be quick. In the tests of conv2d_backward and
conv_transpose2d the padding is less than the kernel size: some right answers convolve with a frame of
kernel - 1 - padding zeros.
"""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from autograder.suite.assertions import assert_close, assert_equal, assert_unchanged, unpack


def _tensor(array):
    return torch.from_numpy(np.array(array, dtype=np.float64))


def _positions(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """How many starts leave the whole kernel inside the padded input, counted one by one."""
    last = input_size + 2 * padding - 1
    return sum(start + dilation * (kernel_size - 1) <= last for start in range(0, last + 1, stride))


def _channels_last(array):
    """The same values, stored with the channels last: a view that is not contiguous."""
    return np.ascontiguousarray(np.moveaxis(array, 1, -1)).transpose(0, 3, 1, 2)


# conv_output_size


def test_conv_output_size_with_the_defaults(conv_output_size, rng):
    """Without stride, padding and dilation given, the kernel moves by one entry, without padding or gaps."""
    kernel_size = int(rng.integers(3, 8))
    input_size = kernel_size + int(rng.integers(5, 40))
    assert_close(conv_output_size(input_size, kernel_size), _positions(input_size, kernel_size))


@pytest.mark.points(2)
def test_conv_output_size_rounds_the_last_step_down(conv_output_size, rng):
    """A last step that would leave the input does not count; one that just reaches its end does."""
    for stride in (2, 3, 5):
        steps, kernel_size = int(rng.integers(4, 12)), int(rng.integers(2, 6))
        for rest in (0, 1, stride - 1):
            size = kernel_size + steps * stride + rest
            assert_close(conv_output_size(size, kernel_size, stride), _positions(size, kernel_size, stride))


@pytest.mark.points(2)
def test_conv_output_size_padding_counts_on_both_ends(conv_output_size, rng):
    """The padding is added on each of the two ends."""
    size = int(rng.integers(10, 30))
    assert_close(conv_output_size(size, 3, padding=1), _positions(size, 3, padding=1))
    assert_close(conv_output_size(size, 4, 2, 3), _positions(size, 4, 2, 3))
    assert_close(conv_output_size(3, 1, stride=2, padding=3), _positions(3, 1, 2, 3))


@pytest.mark.points(2)
def test_conv_output_size_dilation_widens_the_kernel(conv_output_size, rng):
    """A dilated kernel spans its weights and the gaps between them, but no gap after the last weight."""
    size = int(rng.integers(20, 40))
    for kernel_size, stride, padding, dilation in ((3, 1, 0, 2), (4, 2, 1, 3), (2, 3, 2, 5), (1, 2, 0, 7)):
        expected = _positions(size, kernel_size, stride, padding, dilation)
        assert_close(conv_output_size(size, kernel_size, stride, padding, dilation), expected)


def test_conv_output_size_is_one_when_the_kernel_just_fits(conv_output_size):
    """A kernel that fills the padded input has exactly one position."""
    assert_close(conv_output_size(6, 6), 1)
    assert_close(conv_output_size(1, 1, stride=3), 1)
    assert_close(conv_output_size(3, 7, padding=2), 1)
    assert_close(conv_output_size(9, 3, stride=2, dilation=4), 1)


def test_conv_output_size_is_an_integer(conv_output_size):
    """A size is an int, not a floating-point number."""
    assert_equal(conv_output_size(28, 5, stride=2, padding=2), 14)


@pytest.mark.points(2)
def test_conv_output_size_raises_when_the_kernel_does_not_fit(conv_output_size):
    """A kernel that is larger than the padded input, gaps included, raises ValueError."""
    for arguments in ((4, 5), (2, 7, 1, 2), (4, 9, 3, 2), (8, 3, 1, 0, 4), (3, 3, 2, 1, 3)):
        with pytest.raises(ValueError):
            conv_output_size(*arguments)


def test_conv_output_size_raises_for_arguments_out_of_range(conv_output_size):
    """Kernel size, stride and dilation below 1 and padding below 0 raise ValueError."""
    for wrong in ({"stride": 0}, {"stride": -1}, {"padding": -1}, {"dilation": 0}):
        with pytest.raises(ValueError):
            conv_output_size(12, 3, **wrong)
    with pytest.raises(ValueError):
        conv_output_size(12, 0)


def test_conv_output_size_raises_for_an_empty_input(conv_output_size):
    """An input without entries raises ValueError, even if the kernel would fit into its padding."""
    for input_size in (0, -2):
        with pytest.raises(ValueError):
            conv_output_size(input_size, 1, padding=2)


# same_padding


@pytest.mark.points(2)
def test_same_padding_keeps_the_size_for_odd_kernels(same_padding, rng):
    """For a kernel of odd size without dilation, the padding keeps the size of the input at stride 1."""
    for kernel_size in (3, 5, 7, 2 * int(rng.integers(4, 12)) + 1):
        expected = next(p for p in range(kernel_size) if _positions(50, kernel_size, padding=p) == 50)
        assert_close(same_padding(kernel_size), expected)


@pytest.mark.points(2)
def test_same_padding_grows_with_the_dilation(same_padding):
    """A dilated kernel spans more entries and needs more padding."""
    for kernel_size, dilation in ((3, 2), (3, 3), (5, 2), (7, 4)):
        span = dilation * kernel_size
        expected = next(p for p in range(span) if _positions(50, kernel_size, 1, p, dilation) == 50)
        assert_close(same_padding(kernel_size, dilation=dilation), expected)
        assert_close(same_padding(kernel_size, dilation), expected)


def test_same_padding_of_an_even_kernel_with_even_dilation(same_padding):
    """A kernel of even size has a whole padding when the dilation is even."""
    assert_close(same_padding(2, 2), 1)
    assert_close(same_padding(4, 2), 3)
    assert_close(same_padding(2, dilation=6), 3)


def test_same_padding_of_a_kernel_of_one_is_zero(same_padding):
    """A kernel of size 1 never needs padding, whatever the dilation."""
    assert_close(same_padding(1), 0)
    assert_close(same_padding(1, 5), 0)


def test_same_padding_is_an_integer(same_padding):
    """The padding is an int, not a floating-point number."""
    assert_equal(same_padding(9), 4)


@pytest.mark.points(2)
def test_same_padding_raises_when_it_is_not_whole(same_padding):
    """Where the padding would not be a whole number, ValueError is raised."""
    for kernel_size, dilation in ((2, 1), (4, 1), (4, 3), (2, 5)):
        with pytest.raises(ValueError):
            same_padding(kernel_size, dilation)
    with pytest.raises(ValueError):
        same_padding(6)


# pad2d


@pytest.mark.points(2)
def test_pad2d_frames_the_images_with_zeros(pad2d, rng):
    """In mode "zero" the frame is zero and the image is in the middle; batch and channels stay."""
    x = 3 + rng.random(size=(2, 3, 4, 5))
    for padding in (1, 3):
        assert_close(pad2d(x, padding, mode="zero"), F.pad(_tensor(x), (padding,) * 4))


@pytest.mark.points(2)
def test_pad2d_replicates_the_border(pad2d, rng):
    """In mode "replicate" every entry of the frame, corners included, is the nearest entry of the image."""
    x = 3 + rng.random(size=(2, 3, 4, 5))
    for padding in (1, 2):
        assert_close(pad2d(x, padding, "replicate"), F.pad(_tensor(x), (padding,) * 4, mode="replicate"))


def test_pad2d_replicates_further_than_the_image_is_wide(pad2d, rng):
    """In mode "replicate" the frame may be wider than the image."""
    x = 3 + rng.random(size=(1, 2, 2, 3))
    assert_close(pad2d(x, 5, mode="replicate"), F.pad(_tensor(x), (5,) * 4, mode="replicate"))
    pixel = 3 + rng.random(size=(2, 1, 1, 1))
    assert_close(pad2d(pixel, 2, mode="replicate"), np.broadcast_to(pixel, (2, 1, 5, 5)))


def test_pad2d_uses_zeros_by_default(pad2d, rng):
    """Without a mode the frame is zero."""
    x = -3 - rng.random(size=(3, 1, 5, 2))
    assert_close(pad2d(x, 2), F.pad(_tensor(x), (2,) * 4))


def test_pad2d_by_zero_gives_the_same_values(pad2d, rng):
    """With padding 0 the values come back as they were, in both modes."""
    x = 3 + rng.random(size=(2, 1, 3, 4))
    assert_close(pad2d(x, 0), x)
    assert_close(pad2d(x, 0, "replicate"), x)


def test_pad2d_raises_for_an_unknown_mode(pad2d, rng):
    """A mode other than "zero" and "replicate" raises ValueError."""
    x = rng.normal(size=(1, 2, 3, 4))
    for mode in ("reflect", "circular", "none"):
        with pytest.raises(ValueError):
            pad2d(x, 1, mode=mode)


def test_pad2d_takes_float32_and_any_memory_layout(pad2d, rng):
    """float32 input and images stored with the channels last are padded like any other."""
    x = _channels_last(3 + rng.random(size=(2, 3, 4, 5)))
    assert_close(pad2d(x, 1, "replicate"), F.pad(_tensor(x), (1,) * 4, mode="replicate"))
    assert_close(pad2d(x.astype(np.float32), 1), F.pad(_tensor(x), (1,) * 4))


def test_pad2d_leaves_its_argument_alone(pad2d, rng):
    """The images passed in are not changed."""
    x = rng.normal(size=(2, 1, 3, 4))
    assert_unchanged(pad2d, x, 2)
    assert_unchanged(pad2d, x, 2, mode="replicate")


# conv2d


@pytest.mark.points(3)
def test_conv2d_slides_the_kernel_over_the_image(conv2d, rng):
    """Each output is the sum over channels and kernel entries of image times kernel; the kernel is not turned round."""
    x, weight = rng.normal(size=(2, 3, 5, 7)), rng.normal(size=(4, 3, 2, 3))
    assert_close(conv2d(x, weight), F.conv2d(_tensor(x), _tensor(weight)))
    x, weight = rng.normal(size=(1, 2, 8, 4)), rng.normal(size=(3, 2, 4, 1))
    assert_close(conv2d(x, weight), F.conv2d(_tensor(x), _tensor(weight)))


def test_conv2d_adds_the_bias_once_per_output(conv2d, rng):
    """The bias of an output channel is added once to each of its outputs."""
    x, weight = rng.normal(size=(2, 3, 4, 6)), rng.normal(size=(5, 3, 3, 2))
    bias = np.array([10.0, -20.0, 30.0, 40.0, -50.0]) + rng.normal(size=5)
    assert_close(conv2d(x, weight, bias), F.conv2d(_tensor(x), _tensor(weight), _tensor(bias)))


@pytest.mark.points(2)
def test_conv2d_moves_by_the_stride_on_both_axes(conv2d, rng):
    """The kernel moves by stride rows and by stride columns, and takes every position that fits."""
    x, weight = rng.normal(size=(2, 3, 8, 9)), rng.normal(size=(4, 3, 3, 2))
    assert_close(conv2d(x, weight, stride=2), F.conv2d(_tensor(x), _tensor(weight), stride=2))
    x, weight = rng.normal(size=(1, 2, 8, 10)), rng.normal(size=(3, 2, 2, 1))
    assert_close(conv2d(x, weight, stride=3), F.conv2d(_tensor(x), _tensor(weight), stride=3))


@pytest.mark.points(2)
def test_conv2d_pads_with_zeros(conv2d, rng):
    """The image gets a frame of zeros of the given width, whatever the stride."""
    x, weight = 2 + rng.random(size=(2, 3, 4, 5)), rng.normal(size=(2, 3, 3, 2))
    assert_close(conv2d(x, weight, padding=2), F.conv2d(_tensor(x), _tensor(weight), padding=2))
    assert_close(conv2d(x, weight, None, 3, 2), F.conv2d(_tensor(x), _tensor(weight), None, 3, 2))


def test_conv2d_is_linear(conv2d, rng):
    """No activation function: negative sums come out negative."""
    x, weight = 0.5 + rng.random(size=(2, 2, 4, 5)), -0.5 - rng.random(size=(3, 2, 3, 2))
    assert_close(conv2d(x, weight), F.conv2d(_tensor(x), _tensor(weight)))


def test_conv2d_with_a_kernel_as_large_as_the_image(conv2d, rng):
    """A kernel that fills the padded image gives one output per channel, and a 1 x 1 kernel mixes channels only."""
    x, weight = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(4, 3, 4, 5))
    assert_close(conv2d(x, weight, stride=2), F.conv2d(_tensor(x), _tensor(weight), stride=2))
    x, weight = rng.normal(size=(1, 1, 1, 2)), rng.normal(size=(2, 1, 3, 4))
    assert_close(conv2d(x, weight, padding=1), F.conv2d(_tensor(x), _tensor(weight), padding=1))
    x, weight = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(4, 3, 1, 1))
    assert_close(conv2d(x, weight), F.conv2d(_tensor(x), _tensor(weight)))


def test_conv2d_takes_float32_and_any_memory_layout(conv2d, rng):
    """float32 input and arrays stored with the channels last give the same values."""
    x, weight = _channels_last(rng.normal(size=(2, 3, 5, 6))), _channels_last(rng.normal(size=(4, 3, 3, 2)))
    expected = F.conv2d(_tensor(x), _tensor(weight), stride=2, padding=1)
    assert_close(conv2d(x, weight, stride=2, padding=1), expected)
    x, weight, bias = x.astype(np.float32), weight.astype(np.float32), rng.normal(size=4).astype(np.float32)
    assert_close(conv2d(x, weight, bias), F.conv2d(_tensor(x), _tensor(weight), _tensor(bias)))


def test_conv2d_leaves_its_arguments_alone(conv2d, rng):
    """Image, kernel and bias are not changed."""
    x, weight, bias = rng.normal(size=(2, 2, 4, 5)), rng.normal(size=(3, 2, 2, 3)), rng.normal(size=3)
    assert_unchanged(conv2d, x, weight, bias)
    assert_unchanged(conv2d, x, weight, bias, stride=2, padding=1)


# conv2d_backward


def _backward_case(rng, x_shape, weight_shape, stride=1, padding=0):
    """Arguments of conv2d_backward with a random upstream gradient of the right shape."""
    x, weight = rng.normal(size=x_shape), rng.normal(size=weight_shape)
    output = F.conv2d(_tensor(x), _tensor(weight), stride=stride, padding=padding)
    return rng.normal(size=tuple(output.shape)), x, weight


def _gradients(grad_output, x, weight, stride=1, padding=0):
    """(grad_x, grad_weight, grad_bias) by PyTorch's autograd."""
    leaves = [_tensor(x), _tensor(weight), torch.zeros(len(weight), dtype=torch.float64)]
    for leaf in leaves:
        leaf.requires_grad_()
    F.conv2d(*leaves, stride=stride, padding=padding).backward(_tensor(grad_output))
    return [leaf.grad.numpy() for leaf in leaves]


def _assert_gradients(answer, expected):
    for part, wanted in zip(unpack(answer, "grad_x", "grad_weight", "grad_bias"), expected, strict=True):
        assert_close(part, wanted)


@pytest.mark.points(2)
def test_conv2d_backward_gradient_of_the_input(conv2d_backward, rng):
    """grad_x, the first part: a pixel collects what every window that contains it sends back."""
    case = _backward_case(rng, (2, 3, 5, 6), (4, 3, 2, 3))
    grad_x, _, _ = unpack(conv2d_backward(*case), "grad_x", "grad_weight", "grad_bias")
    assert_close(grad_x, _gradients(*case)[0])


@pytest.mark.points(2)
def test_conv2d_backward_gradient_of_the_kernel(conv2d_backward, rng):
    """grad_weight, the second part: a kernel entry sums over all positions and all images of the batch."""
    case = _backward_case(rng, (3, 2, 6, 5), (4, 2, 3, 2))
    _, grad_weight, _ = unpack(conv2d_backward(*case), "grad_x", "grad_weight", "grad_bias")
    assert_close(grad_weight, _gradients(*case)[1])


def test_conv2d_backward_gradient_of_the_bias(conv2d_backward, rng):
    """grad_bias, the third part: one number per output channel, summed over batch and positions."""
    case = _backward_case(rng, (3, 2, 5, 6), (4, 2, 2, 3))
    _, _, grad_bias = unpack(conv2d_backward(*case), "grad_x", "grad_weight", "grad_bias")
    assert_close(grad_bias, _gradients(*case)[2])


@pytest.mark.points(2)
def test_conv2d_backward_with_padding(conv2d_backward, rng):
    """The frame takes part in the gradient of the kernel, and is cut off the gradient of the input."""
    case = _backward_case(rng, (2, 3, 4, 6), (2, 3, 4, 3), padding=2)
    _assert_gradients(conv2d_backward(*case, padding=2), _gradients(*case, padding=2))


@pytest.mark.points(2)
def test_conv2d_backward_with_overlapping_strides(conv2d_backward, rng):
    """With a stride smaller than the kernel the windows still overlap, and the contributions add up."""
    case = _backward_case(rng, (2, 3, 7, 8), (4, 3, 3, 4), stride=2)
    _assert_gradients(conv2d_backward(*case, stride=2), _gradients(*case, stride=2))
    case = _backward_case(rng, (3, 2, 5, 7), (2, 2, 3, 5), stride=2, padding=1)
    _assert_gradients(conv2d_backward(*case, 2, 1), _gradients(*case, 2, 1))


def test_conv2d_backward_pixels_that_no_window_reaches(conv2d_backward, rng):
    """Rows and columns that no window reaches, at the far end or in between, have gradient 0 and are still there."""
    for x_shape, weight_shape, stride in (((2, 2, 6, 9), (3, 2, 3, 2), 2), ((2, 2, 7, 8), (3, 2, 1, 2), 3)):
        case = _backward_case(rng, x_shape, weight_shape, stride)
        _assert_gradients(conv2d_backward(*case, stride=stride), _gradients(*case, stride))


def test_conv2d_backward_starts_anew_with_every_call(conv2d_backward, rng):
    """Gradients of an earlier call do not show in a later one."""
    first = _backward_case(rng, (2, 1, 4, 5), (2, 1, 3, 2))
    second = _backward_case(rng, (2, 1, 4, 5), (2, 1, 3, 2))
    for case in (first, second, first):
        _assert_gradients(conv2d_backward(*case), _gradients(*case))


def test_conv2d_backward_takes_float32_and_any_memory_layout(conv2d_backward, rng):
    """float32 input and arrays stored with the channels last give the same gradients."""
    case = [_channels_last(array) for array in _backward_case(rng, (2, 3, 5, 4), (2, 3, 2, 3), padding=1)]
    _assert_gradients(conv2d_backward(*case, padding=1), _gradients(*case, padding=1))
    case = [array.astype(np.float32) for array in case]
    _assert_gradients(conv2d_backward(*case, padding=1), _gradients(*case, padding=1))


def test_conv2d_backward_leaves_its_arguments_alone(conv2d_backward, rng):
    """Upstream gradient, image and kernel are not changed."""
    case = _backward_case(rng, (2, 2, 5, 4), (3, 2, 2, 3), 2, 1)
    assert_unchanged(conv2d_backward, *case, stride=2, padding=1)
    assert_unchanged(conv2d_backward, *_backward_case(rng, (2, 2, 5, 4), (3, 2, 2, 3)))


# conv_transpose_output_size


@pytest.mark.points(2)
def test_conv_transpose_output_size_with_stride_and_kernel(conv_transpose_output_size, rng):
    """The stamps start a stride apart, and the last one is as long as the kernel."""
    for kernel_size, stride in ((3, 1), (3, 2), (4, 2), (5, 3)):
        size = int(rng.integers(4, 20))
        expected = F.conv_transpose1d(torch.ones(1, 1, size), torch.ones(1, 1, kernel_size), stride=stride).shape[-1]
        assert_close(conv_transpose_output_size(size, kernel_size, stride), expected)


def test_conv_transpose_output_size_with_the_defaults(conv_transpose_output_size, rng):
    """Without stride, padding and output padding given, the stamps start one entry apart and nothing is cut off."""
    size, kernel_size = int(rng.integers(4, 20)), int(rng.integers(2, 8))
    expected = F.conv_transpose1d(torch.ones(1, 1, size), torch.ones(1, 1, kernel_size)).shape[-1]
    assert_close(conv_transpose_output_size(size, kernel_size), expected)


@pytest.mark.points(2)
def test_conv_transpose_output_size_padding_makes_it_smaller(conv_transpose_output_size, rng):
    """The padding is cut off both ends."""
    for kernel_size, stride, padding in ((3, 1, 1), (4, 2, 1), (5, 3, 2)):
        size = int(rng.integers(4, 20))
        x, weight = torch.ones(1, 1, size), torch.ones(1, 1, kernel_size)
        expected = F.conv_transpose1d(x, weight, stride=stride, padding=padding).shape[-1]
        assert_close(conv_transpose_output_size(size, kernel_size, stride, padding), expected)
        assert_close(conv_transpose_output_size(size, kernel_size, padding=padding, stride=stride), expected)


def test_conv_transpose_output_size_of_a_kernel_smaller_than_the_stride(conv_transpose_output_size, rng):
    """After the last stamp nothing follows, also where the stamps do not touch."""
    size = int(rng.integers(4, 20))
    for kernel_size, stride in ((1, 2), (2, 5), (1, 4)):
        expected = F.conv_transpose1d(torch.ones(1, 1, size), torch.ones(1, 1, kernel_size), stride=stride).shape[-1]
        assert_close(conv_transpose_output_size(size, kernel_size, stride), expected)


@pytest.mark.points(2)
def test_conv_transpose_output_size_undoes_the_convolution(conv_transpose_output_size, rng):
    """With the rest that the convolution rounded away as output padding, the size before the convolution comes back."""
    for kernel_size, stride, padding in ((3, 2, 1), (4, 3, 1), (5, 4, 2)):
        for rest in range(1, stride):
            small = int(rng.integers(4, 20))
            large = next(n for n in range(200) if n + 2 * padding - kernel_size == (small - 1) * stride + rest)
            assert_close(conv_transpose_output_size(small, kernel_size, stride, padding, rest), large)
            assert_close(
                conv_transpose_output_size(small, kernel_size, stride, padding=padding, output_padding=rest), large
            )


def test_conv_transpose_output_size_never_raises(conv_transpose_output_size):
    """Where no layer could be built, the value of the formula comes back, even if it is zero or negative."""
    assert_close(conv_transpose_output_size(4, 3, 2, 0, output_padding=5), 14)
    assert_close(conv_transpose_output_size(5, 2, output_padding=1), 7)
    assert_close(conv_transpose_output_size(1, 2, padding=1), 0)
    assert_close(conv_transpose_output_size(2, 3, 1, 5), -6)


def test_conv_transpose_output_size_is_an_integer(conv_transpose_output_size):
    """A size is an int, not a floating-point number."""
    assert_equal(conv_transpose_output_size(7, 4, stride=2, padding=1), 14)


# conv_transpose2d


@pytest.mark.points(2)
def test_conv_transpose2d_stamps_overlap_and_add_up(conv_transpose2d, rng):
    """At stride 1 every input pixel adds its copy of the kernel to the output, summed over the input channels."""
    x, weight = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(3, 4, 2, 3))
    assert_close(conv_transpose2d(x, weight), F.conv_transpose2d(_tensor(x), _tensor(weight)))


@pytest.mark.points(2)
def test_conv_transpose2d_stamps_start_a_stride_apart(conv_transpose2d, rng):
    """With a stride the stamps start that many rows and columns apart; where they still overlap they add up."""
    x, weight = rng.normal(size=(2, 3, 3, 5)), rng.normal(size=(3, 2, 4, 3))
    assert_close(conv_transpose2d(x, weight, stride=2), F.conv_transpose2d(_tensor(x), _tensor(weight), stride=2))
    x, weight = rng.normal(size=(1, 2, 4, 3)), rng.normal(size=(2, 3, 5, 4))
    assert_close(conv_transpose2d(x, weight, None, 3), F.conv_transpose2d(_tensor(x), _tensor(weight), stride=3))


def test_conv_transpose2d_leaves_gaps_between_small_kernels(conv_transpose2d, rng):
    """Where the stride is larger than the kernel, the entries between the stamps are zero, plus the bias."""
    x, weight, bias = rng.normal(size=(2, 3, 4, 3)), rng.normal(size=(3, 2, 1, 2)), np.array([5.0, -7.0])
    expected = F.conv_transpose2d(_tensor(x), _tensor(weight), _tensor(bias), stride=3)
    assert_close(conv_transpose2d(x, weight, bias, stride=3), expected)
    assert_close(conv_transpose2d(x, weight, stride=3), F.conv_transpose2d(_tensor(x), _tensor(weight), stride=3))


@pytest.mark.points(2)
def test_conv_transpose2d_padding_is_cut_off(conv_transpose2d, rng):
    """The padding is cut off all four sides of the output."""
    x, weight = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(3, 2, 3, 4))
    expected = F.conv_transpose2d(_tensor(x), _tensor(weight), padding=2)
    assert_close(conv_transpose2d(x, weight, padding=2), expected)
    expected = F.conv_transpose2d(_tensor(x), _tensor(weight), stride=2, padding=1)
    assert_close(conv_transpose2d(x, weight, None, 2, 1), expected)


def test_conv_transpose2d_adds_the_bias_once_per_output(conv_transpose2d, rng):
    """The bias of an output channel is added once to each of its outputs, however many stamps meet there."""
    x, weight = rng.normal(size=(2, 3, 3, 4)), rng.normal(size=(3, 4, 3, 2))
    bias = np.array([10.0, -20.0, 30.0, -40.0]) + rng.normal(size=4)
    expected = F.conv_transpose2d(_tensor(x), _tensor(weight), _tensor(bias))
    assert_close(conv_transpose2d(x, weight, bias), expected)
    expected = F.conv_transpose2d(_tensor(x), _tensor(weight), _tensor(bias), stride=2, padding=1)
    assert_close(conv_transpose2d(x, weight, bias, 2, 1), expected)


def test_conv_transpose2d_of_a_single_pixel(conv_transpose2d, rng):
    """A single pixel gives one scaled copy of the kernel, the right way round."""
    x, weight = 2 + rng.random(size=(1, 1, 1, 1)), rng.normal(size=(1, 2, 3, 4))
    assert_close(conv_transpose2d(x, weight), x * weight)


def test_conv_transpose2d_takes_float32_and_any_memory_layout(conv_transpose2d, rng):
    """float32 input and arrays stored with the channels last give the same values."""
    x, weight = _channels_last(rng.normal(size=(2, 3, 4, 3))), _channels_last(rng.normal(size=(3, 2, 3, 2)))
    expected = F.conv_transpose2d(_tensor(x), _tensor(weight), stride=2, padding=1)
    assert_close(conv_transpose2d(x, weight, stride=2, padding=1), expected)
    x, weight, bias = x.astype(np.float32), weight.astype(np.float32), rng.normal(size=2).astype(np.float32)
    assert_close(conv_transpose2d(x, weight, bias), F.conv_transpose2d(_tensor(x), _tensor(weight), _tensor(bias)))


def test_conv_transpose2d_leaves_its_arguments_alone(conv_transpose2d, rng):
    """Image, kernel and bias are not changed."""
    x, weight, bias = rng.normal(size=(2, 2, 3, 4)), rng.normal(size=(2, 3, 2, 3)), rng.normal(size=3)
    assert_unchanged(conv_transpose2d, x, weight, bias)
    assert_unchanged(conv_transpose2d, x, weight, bias, stride=2, padding=1)
