"""Known wrong answers to 11_convolution: EXERCISE__NAME. The docstring is what the learner is told."""

import math

import numpy as np


def _check_sizes(input_size, kernel_size, stride, padding, dilation):
    if min(input_size, kernel_size, stride, dilation) < 1 or padding < 0:
        raise ValueError("argument out of range")
    if input_size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError("the kernel does not fit")


def _pad(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def _correlate(x, weight, stride=1):
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(2, 3))
    return np.einsum("ncuvij,ocij->nouv", windows[:, :, ::stride, ::stride], weight)


def _with_bias(out, bias):
    return out if bias is None else out + bias[:, None, None]


def _gradients(grad_output, x, weight, stride, padding):
    """Right gradients, that of the input still with its frame: (grad_padded, grad_weight, grad_bias)."""
    rows, columns = grad_output.shape[2:]
    padded = _pad(x, padding)
    grad_padded, grad_weight = np.zeros(padded.shape), np.zeros(weight.shape)
    for i, j in np.ndindex(*weight.shape[2:]):
        met = np.s_[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
        grad_weight[:, :, i, j] = np.einsum("nouv,ncuv->oc", grad_output, padded[met])
        grad_padded[met] += np.einsum("nouv,oc->ncuv", grad_output, weight[:, :, i, j])
    return grad_padded, grad_weight, grad_output.sum(axis=(0, 2, 3))


def _crop(array, padding):
    return array[:, :, padding : array.shape[2] - padding, padding : array.shape[3] - padding]


def _stamp(x, weight, stride):
    """The transposed convolution before it is cropped."""
    height, width = x.shape[2:]
    out = np.zeros(
        (
            len(x),
            weight.shape[1],
            (height - 1) * stride + weight.shape[2],
            (width - 1) * stride + weight.shape[3],
        )
    )
    for i, j in np.ndindex(*weight.shape[2:]):
        met = np.s_[:, :, i : i + stride * height : stride, j : j + stride * width : stride]
        out[met] += np.einsum("ncuv,co->nouv", x, weight[:, :, i, j])
    return out


# conv_output_size


def conv_output_size__divides_by_kernel_times_stride(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """The size is divided by the product of kernel size and stride. No such product occurs: only the stride
    divides, and the kernel is subtracted, because its first entry cannot start in the last few places."""
    _check_sizes(input_size, kernel_size, stride, padding, dilation)
    return (input_size + 2 * padding) // (kernel_size * stride)


def conv_output_size__padding_once(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """The padding is counted once. It is added on each of the two ends of the axis, so the input grows by twice as
    much."""
    _check_sizes(input_size, kernel_size, stride, padding, dilation)
    return (input_size + padding - dilation * (kernel_size - 1) - 1) // stride + 1


def conv_output_size__ignores_dilation(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """The dilation has no effect. A dilated kernel leaves entries out between its weights and spans more of the
    input; use that span in place of the kernel size."""
    _check_sizes(input_size, kernel_size, stride, padding, 1)
    return (input_size + 2 * padding - kernel_size) // stride + 1


def conv_output_size__rounds_up(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """The result is rounded up. A last step that would carry the kernel past the end of the input does not count:
    round down."""
    _check_sizes(input_size, kernel_size, stride, padding, dilation)
    return math.ceil((input_size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1


def conv_output_size__counts_steps_not_positions(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """The result is one too small. You count the steps that the kernel makes; the position from which it sets out
    is one more."""
    _check_sizes(input_size, kernel_size, stride, padding, dilation)
    return (input_size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride


def conv_output_size__never_raises(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """The sizes are right, but nothing is refused: for a kernel that does not fit the formula gives zero or less,
    and other impossible arguments give some number too. Check the arguments first and raise ValueError."""
    return (input_size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1


def conv_output_size__fits_the_input_without_padding(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """A kernel larger than the bare input is refused. It may reach into the padding: it has to fit into the padded
    input."""
    _check_sizes(input_size, kernel_size, stride, padding, dilation)
    _check_sizes(input_size, kernel_size, stride, 0, dilation)
    return (input_size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1


# same_padding


def same_padding__stride_minus_one(kernel_size, dilation=1):
    """The answer is always 0, which is stride - 1 at stride 1. The padding that keeps the size depends on the
    kernel and its dilation, not on the stride: it has to make up for what the kernel takes away."""
    return 0


def same_padding__always_one(kernel_size, dilation=1):
    """The answer is 1 for every kernel. That is right for a kernel of 3 without dilation; a larger kernel needs
    more."""
    if dilation * (kernel_size - 1) % 2:
        raise ValueError("not whole")
    return 1


def same_padding__ignores_dilation(kernel_size, dilation=1):
    """The dilation has no effect. A dilated kernel spans more entries than it has weights, and its span decides."""
    if kernel_size % 2 == 0:
        raise ValueError("not whole")
    return (kernel_size - 1) // 2


def same_padding__rounds_down(kernel_size, dilation=1):
    """Where the padding would not be whole, it is rounded down instead of refused. The rounded padding does not
    keep the size; the statement asks for ValueError there."""
    return dilation * (kernel_size - 1) // 2


def same_padding__both_ends_together(kernel_size, dilation=1):
    """The answer is twice what it should be: it is the padding of both ends together. The function returns the
    padding of each end."""
    if dilation * (kernel_size - 1) % 2:
        raise ValueError("not whole")
    return dilation * (kernel_size - 1)


def same_padding__refuses_every_even_kernel(kernel_size, dilation=1):
    """Every kernel of even size is refused. What must be even is the number of entries to make up for, and with an
    even dilation it is."""
    if kernel_size % 2 == 0:
        raise ValueError("kernel_size must be odd")
    return dilation * (kernel_size - 1) // 2


def same_padding__half_of_kernel_times_dilation(kernel_size, dilation=1):
    """A dilated kernel is taken to span kernel size times dilation. The last weight has no gap behind it, so that
    is too much; look at what a kernel of size 1 gives."""
    if dilation * (kernel_size - 1) % 2:
        raise ValueError("not whole")
    return kernel_size * dilation // 2


# pad2d


def pad2d__pads_every_axis(x, padding, mode="zero"):
    """All four axes are padded, so there are more images and more channels than before. Only the two spatial axes
    get a frame."""
    if mode not in ("zero", "replicate"):
        raise ValueError("mode")
    return np.pad(x, padding, mode="constant" if mode == "zero" else "edge")


def pad2d__only_after_the_end(x, padding, mode="zero"):
    """Rows and columns are added below and to the right only. The frame goes round: above and to the left as
    well."""
    if mode not in ("zero", "replicate"):
        raise ValueError("mode")
    frame = (0, padding)
    return np.pad(x, ((0, 0), (0, 0), frame, frame), mode="constant" if mode == "zero" else "edge")


def pad2d__width_only(x, padding, mode="zero"):
    """Only columns are added. The frame has rows above and below, too."""
    if mode not in ("zero", "replicate"):
        raise ValueError("mode")
    frame = (padding, padding)
    return np.pad(x, ((0, 0), (0, 0), (0, 0), frame), mode="constant" if mode == "zero" else "edge")


def pad2d__reflects(x, padding, mode="zero"):
    """In mode "replicate" the frame mirrors the inside of the image. Replicating repeats the outermost entry
    itself, again and again."""
    if mode not in ("zero", "replicate"):
        raise ValueError("mode")
    frame = (padding, padding)
    return np.pad(x, ((0, 0), (0, 0), frame, frame), mode="constant" if mode == "zero" else "reflect")


def pad2d__always_zero(x, padding, mode="zero"):
    """The mode is checked and then forgotten: the frame is zero in mode "replicate", too."""
    if mode not in ("zero", "replicate"):
        raise ValueError("mode")
    return _pad(x, padding)


def pad2d__accepts_any_mode(x, padding, mode="zero"):
    """A mode that does not exist is taken for one of the two that do. Raise ValueError, or a misspelt mode is never
    noticed."""
    frame = (padding, padding)
    return np.pad(x, ((0, 0), (0, 0), frame, frame), mode="edge" if mode == "replicate" else "constant")


def pad2d__empty_corners(x, padding, mode="zero"):
    """In mode "replicate" the sides are filled but the four corners of the frame are zero. They repeat the corners
    of the image."""
    if mode not in ("zero", "replicate"):
        raise ValueError("mode")
    out = _pad(x, padding)
    if mode == "replicate":
        height, width = x.shape[2:]
        rows, columns = slice(padding, padding + height), slice(padding, padding + width)
        for k in range(padding):
            out[:, :, k, columns], out[:, :, padding + height + k, columns] = x[:, :, 0], x[:, :, -1]
            out[:, :, rows, k], out[:, :, rows, padding + width + k] = x[:, :, :, 0], x[:, :, :, -1]
    return out


# conv2d


def conv2d__turns_the_kernel_round(x, weight, bias=None, stride=1, padding=0):
    """The kernel is turned round, as in the mathematical convolution. A convolutional layer computes the cross-
    correlation: the first kernel entry meets the first pixel of the window."""
    return _with_bias(_correlate(_pad(x, padding), weight[:, :, ::-1, ::-1], stride), bias)


def conv2d__activation_inside(x, weight, bias=None, stride=1, padding=0):
    """Negative outputs come out as 0. The layer is the weighted sum and nothing else; an activation function is a
    step of its own after it."""
    return np.maximum(_with_bias(_correlate(_pad(x, padding), weight, stride), bias), 0)


def conv2d__pads_by_stride_minus_one(x, weight, bias=None, stride=1, padding=0):
    """The image is padded by stride - 1, whatever the argument says. Padding and stride have nothing to do with
    each other; take the padding as it is given."""
    return _with_bias(_correlate(_pad(x, stride - 1), weight, stride), bias)


def conv2d__loses_the_last_position(x, weight, bias=None, stride=1, padding=0):
    """The output is a row and a column short wherever the kernel just reaches the far end. The last start that fits
    counts: compare the end of your range with the output size formula."""
    out = _correlate(_pad(x, padding), weight, 1)[:, :, :-1, :-1]
    return _with_bias(out[:, :, ::stride, ::stride], bias)


def conv2d__strides_over_rows_only(x, weight, bias=None, stride=1, padding=0):
    """The stride acts on the rows, but the kernel still visits every column. It moves by the stride along both
    axes."""
    return _with_bias(_correlate(_pad(x, padding), weight)[:, :, ::stride], bias)


def conv2d__bias_for_every_channel(x, weight, bias=None, stride=1, padding=0):
    """The bias is added once for every input channel. It belongs to the output channel: add it once, after the sum
    over the input channels."""
    out = _correlate(_pad(x, padding), weight, stride)
    return out if bias is None else out + x.shape[1] * bias[:, None, None]


def conv2d__square_image_assumed(x, weight, bias=None, stride=1, padding=0):
    """The number of output columns is computed from the height of the image, so results are cut off where the image
    is not square. Height and width each have their own output size."""
    out = _correlate(_pad(x, padding), weight, stride)
    size = (x.shape[2] + 2 * padding - weight.shape[2]) // stride + 1
    return _with_bias(out[:, :, :size, :size], bias)


# conv2d_backward


def conv2d_backward__overwrites_overlap(grad_output, x, weight, stride=1, padding=0):
    """In grad_x the windows overwrite each other: a pixel keeps only what the last window sent. A pixel that took
    part in several outputs receives the sum of what they send back."""
    _, grad_weight, grad_bias = _gradients(grad_output, x, weight, stride, padding)
    kernel_height, kernel_width = weight.shape[2:]
    grad_padded = np.zeros(_pad(x, padding).shape)
    for u, v in np.ndindex(*grad_output.shape[2:]):
        window = np.s_[:, :, u * stride : u * stride + kernel_height, v * stride : v * stride + kernel_width]
        grad_padded[window] = np.einsum("no,ocij->ncij", grad_output[:, :, u, v], weight)
    return _crop(grad_padded, padding), grad_weight, grad_bias


def conv2d_backward__averages_the_batch(grad_output, x, weight, stride=1, padding=0):
    """The gradients of kernel and bias are divided by the batch size. If the loss is a mean, that factor is already
    in the upstream gradient: sum over the batch."""
    grad_padded, grad_weight, grad_bias = _gradients(grad_output, x, weight, stride, padding)
    return _crop(grad_padded, padding), grad_weight / len(x), grad_bias / len(x)


def conv2d_backward__keeps_the_frame(grad_output, x, weight, stride=1, padding=0):
    """With padding, grad_x is larger than x: the frame is still there. It was added inside the layer; cut it off,
    so that the gradient has the shape of x."""
    return _gradients(grad_output, x, weight, stride, padding)


def conv2d_backward__kernel_the_wrong_way_round(grad_output, x, weight, stride=1, padding=0):
    """In grad_x the kernel lies the wrong way round. When an output sends its gradient back, each kernel entry goes
    to the pixel that it was multiplied with; if you write this as a convolution, check which way the kernel
    points."""
    _, grad_weight, grad_bias = _gradients(grad_output, x, weight, stride, padding)
    grad_padded, _, _ = _gradients(grad_output, x, weight[:, :, ::-1, ::-1], stride, padding)
    return _crop(grad_padded, padding), grad_weight, grad_bias


def conv2d_backward__bias_gradient_for_each_image(grad_output, x, weight, stride=1, padding=0):
    """grad_bias has one row per image. All images share the bias, so its gradient is also summed over the batch."""
    grad_padded, grad_weight, _ = _gradients(grad_output, x, weight, stride, padding)
    return _crop(grad_padded, padding), grad_weight, grad_output.sum(axis=(2, 3))


def conv2d_backward__drops_the_pixels_at_the_end(grad_output, x, weight, stride=1, padding=0):
    """grad_x is smaller than x where the stride leaves rows or columns over at the far end. Pixels that no window
    reached have gradient 0, but they have one: take the shape from x."""
    grad_padded, grad_weight, grad_bias = _gradients(grad_output, x, weight, stride, padding)
    rows = (grad_output.shape[2] - 1) * stride + weight.shape[2]
    columns = (grad_output.shape[3] - 1) * stride + weight.shape[3]
    return _crop(grad_padded[:, :, :rows, :columns], padding), grad_weight, grad_bias


def conv2d_backward__forgets_the_stride(grad_output, x, weight, stride=1, padding=0):
    """The gradients are right at stride 1 only: output (u, v) is taken to have looked at the window that starts at
    pixel (u, v). With a stride the windows start further apart."""
    grad_padded, grad_weight, grad_bias = _gradients(grad_output, x, weight, 1, padding)
    return _crop(grad_padded, padding), grad_weight, grad_bias


# conv_transpose_output_size


def conv_transpose_output_size__is_the_convolution(input_size, kernel_size, stride=1, padding=0, output_padding=0):
    """This is the output size of a convolution: it shrinks. A transposed convolution goes the other way; solve the
    convolution's formula for the size of its input."""
    return (input_size + 2 * padding - kernel_size) // stride + 1 + output_padding


def conv_transpose_output_size__padding_enlarges(input_size, kernel_size, stride=1, padding=0, output_padding=0):
    """The padding makes the result larger. It is the padding of the convolution that is mirrored here: what that
    one added, this one takes away."""
    return (input_size - 1) * stride + 2 * padding + kernel_size + output_padding


def conv_transpose_output_size__padding_once(input_size, kernel_size, stride=1, padding=0, output_padding=0):
    """The padding is taken away once. It is cut off each of the two ends."""
    return (input_size - 1) * stride - padding + kernel_size + output_padding


def conv_transpose_output_size__one_step_too_many(input_size, kernel_size, stride=1, padding=0, output_padding=0):
    """There is one step of the stride too many. Between n stamps lie n - 1 steps; what follows the start of the
    last one is the length of the kernel."""
    return input_size * stride - 2 * padding + kernel_size + output_padding


def conv_transpose_output_size__counts_like_keras(input_size, kernel_size, stride=1, padding=0, output_padding=0):
    """The result is too large where the kernel is smaller than the stride: a whole step is counted for every stamp,
    as Keras does. Here nothing follows the last stamp's kernel."""
    return input_size * stride + max(kernel_size - stride, 0) - 2 * padding + output_padding


def conv_transpose_output_size__ignores_output_padding(input_size, kernel_size, stride=1, padding=0, output_padding=0):
    """output_padding has no effect. It says which of the sizes that a convolution rounds to the same result is
    meant, and enlarges one end by that much."""
    return (input_size - 1) * stride - 2 * padding + kernel_size


def conv_transpose_output_size__refuses_large_output_padding(
    input_size, kernel_size, stride=1, padding=0, output_padding=0
):
    """The sizes are right, but arguments for which no layer could be built are refused. Such a check belongs to the
    layer; this function returns what the formula gives and never raises."""
    size = (input_size - 1) * stride - 2 * padding + kernel_size + output_padding
    if output_padding >= max(stride, 2) or size < 0:
        raise ValueError("no such layer")
    return size


# conv_transpose2d


def conv_transpose2d__upsamples_then_convolves(x, weight, bias=None, stride=1, padding=0):
    """The image is enlarged by repeating its pixels and then convolved. That is a layer of its own; in a transposed
    convolution every pixel adds one scaled copy of the kernel, a stride away from its neighbour's."""
    enlarged = np.repeat(np.repeat(x, stride, axis=2), stride, axis=3)
    height, width = weight.shape[2] - 1, weight.shape[3] - 1
    framed = np.pad(enlarged, ((0, 0), (0, 0), (height, height), (width, width)))
    return _with_bias(_crop(_correlate(framed, weight.transpose(1, 0, 2, 3)), padding), bias)


def conv_transpose2d__overwrites_overlap(x, weight, bias=None, stride=1, padding=0):
    """Where two stamps overlap, the later one replaces the earlier. They add up."""
    out = np.zeros(_stamp(x, weight, stride).shape)
    kernel_height, kernel_width = weight.shape[2:]
    for u, v in np.ndindex(*x.shape[2:]):
        window = np.s_[:, :, u * stride : u * stride + kernel_height, v * stride : v * stride + kernel_width]
        out[window] = np.einsum("nc,coij->noij", x[:, :, u, v], weight)
    return _with_bias(_crop(out, padding), bias)


def conv_transpose2d__averages_overlap(x, weight, bias=None, stride=1, padding=0):
    """Where stamps overlap, their mean is taken. They add up; the uneven brightness that this brings is a property
    of the layer."""
    count = _stamp(np.ones((1, 1, *x.shape[2:])), np.ones((1, 1, *weight.shape[2:])), stride)
    return _with_bias(_crop(_stamp(x, weight, stride) / np.maximum(count, 1), padding), bias)


def conv_transpose2d__kernel_turned_round(x, weight, bias=None, stride=1, padding=0):
    """The stamps are turned round. A single pixel of value 1 must give the kernel as it is; if you slide the kernel
    over an input with zeros in between, it is that kernel which has to be turned."""
    return _with_bias(_crop(_stamp(x, weight[:, :, ::-1, ::-1], stride), padding), bias)


def conv_transpose2d__padding_enlarges(x, weight, bias=None, stride=1, padding=0):
    """The padding is put around the output. In a transposed convolution it works the other way round: it is cut
    off."""
    return _with_bias(_pad(_stamp(x, weight, stride), padding), bias)


def conv_transpose2d__ignores_padding(x, weight, bias=None, stride=1, padding=0):
    """The padding has no effect: the output is the whole field of stamps. Cut that many rows and columns off each
    side."""
    return _with_bias(_stamp(x, weight, stride), bias)


def conv_transpose2d__bias_in_every_stamp(x, weight, bias=None, stride=1, padding=0):
    """The bias is added with every stamp, so it counts several times where stamps overlap and is missing between
    them. Add it once to each output, at the end."""
    out = _stamp(x, weight, stride)
    if bias is not None:
        count = _stamp(np.ones((1, 1, *x.shape[2:])), np.ones((1, 1, *weight.shape[2:])), stride)
        out = out + count * bias[:, None, None]
    return _crop(out, padding)
