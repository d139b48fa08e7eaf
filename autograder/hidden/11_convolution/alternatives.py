"""Right answers to 11_convolution written another way; every one must get full marks."""

import math

import numpy as np

# conv_output_size


def conv_output_size__counts_with_a_range(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """Counts the starts of the kernel instead of computing their number."""
    if input_size < 1 or kernel_size < 1 or stride < 1 or padding < 0 or dilation < 1:
        raise ValueError("input_size, kernel_size, stride, padding or dilation is out of range")
    starts = range(0, input_size + 2 * padding - dilation * (kernel_size - 1), stride)
    if not starts:
        raise ValueError("kernel_size does not fit into the padded input")
    return len(starts)


def conv_output_size__floor_of_a_fraction(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """Divides and rounds down with math.floor; a result below 1 shows that the kernel does not fit."""
    if padding < 0 or any(value <= 0 for value in (input_size, kernel_size, stride, dilation)):
        raise ValueError("input_size, kernel_size, stride and dilation must be positive, padding must not be negative")
    size = math.floor((input_size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)
    if size <= 0:
        raise ValueError("kernel_size too large")
    return size


def conv_output_size__numpy_integer(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """Lets NumPy place the kernel and returns a NumPy integer."""
    if min(input_size, kernel_size, stride, dilation) < 1 or padding < 0:
        raise ValueError("input_size, kernel_size, stride, padding or dilation is out of range")
    last_start = input_size + 2 * padding - 1 - dilation * (kernel_size - 1)
    if last_start < 0:
        raise ValueError("kernel_size does not fit")
    return np.int64(np.arange(0, last_start + 1, stride).size)


# same_padding


def same_padding__from_the_span(kernel_size, dilation=1):
    """Goes through the span of the dilated kernel: an odd one has a middle."""
    span = dilation * kernel_size - dilation + 1
    if span % 2 == 0:
        raise ValueError(f"kernel_size {kernel_size} with dilation {dilation} spans an even number of entries")
    return span // 2


def same_padding__rounds_and_compares(kernel_size, dilation=1):
    """Divides first and checks afterwards whether the result is whole."""
    padding = dilation * (kernel_size - 1) / 2
    if not padding.is_integer():
        raise ValueError("kernel_size and dilation have no whole padding")
    return int(padding)


# pad2d


def pad2d__clipped_indices(x, padding, mode="zero"):
    """Picks rows and columns by index: indices beyond the border are clipped, or their pixels set to zero."""
    if mode not in ("zero", "replicate"):
        raise ValueError("mode must be zero or replicate")
    height, width = x.shape[2:]
    rows, columns = np.arange(-padding, height + padding), np.arange(-padding, width + padding)
    out = x[:, :, np.clip(rows, 0, height - 1)][:, :, :, np.clip(columns, 0, width - 1)]
    if mode == "zero":
        inside = ((rows >= 0) & (rows < height))[:, None] & ((columns >= 0) & (columns < width))
        out = out * inside
    return out


def pad2d__writes_into_zeros(x, padding, mode="zero"):
    """Writes the image into an array of zeros, then copies outwards row by row and column by column."""
    if mode != "zero" and mode != "replicate":
        raise ValueError("mode")
    batch, channels, height, width = x.shape
    out = np.zeros((batch, channels, height + 2 * padding, width + 2 * padding))
    out[:, :, padding : padding + height, padding : padding + width] = x
    if mode == "replicate":
        for k in range(padding):
            out[:, :, k] = out[:, :, padding]
            out[:, :, padding + height + k] = out[:, :, padding + height - 1]
        for k in range(padding):
            out[:, :, :, k] = out[:, :, :, padding]
            out[:, :, :, padding + width + k] = out[:, :, :, padding + width - 1]
    return out


def pad2d__concatenates(x, padding, mode="zero"):
    """Joins blocks for the four sides to the image."""
    scales = {"zero": 0.0, "replicate": 1.0}
    if mode not in scales:
        raise ValueError("mode")
    scale = scales[mode]
    top, bottom = [scale * x[:, :, :1]] * padding, [scale * x[:, :, -1:]] * padding
    x = np.concatenate([*top, x, *bottom], axis=2)
    left, right = [scale * x[:, :, :, :1]] * padding, [scale * x[:, :, :, -1:]] * padding
    return np.concatenate([*left, x, *right], axis=3)


# conv2d


def _framed(x, padding):
    batch, channels, height, width = x.shape
    out = np.zeros((batch, channels, height + 2 * padding, width + 2 * padding), dtype=x.dtype)
    out[:, :, padding : padding + height, padding : padding + width] = x
    return out


def conv2d__seven_loops(x, weight, bias=None, stride=1, padding=0):
    """The definition, written down with one loop per index."""
    batch, channels, height, width = x.shape
    out_channels, _, kernel_height, kernel_width = weight.shape
    padded = _framed(x, padding)
    out_height = (height + 2 * padding - kernel_height) // stride + 1
    out_width = (width + 2 * padding - kernel_width) // stride + 1
    out = np.zeros((batch, out_channels, out_height, out_width))
    for n in range(batch):
        for o in range(out_channels):
            for u in range(out_height):
                for v in range(out_width):
                    total = 0.0 if bias is None else bias[o]
                    for c in range(channels):
                        for i in range(kernel_height):
                            for j in range(kernel_width):
                                total += padded[n, c, u * stride + i, v * stride + j] * weight[o, c, i, j]
                    out[n, o, u, v] = total
    return out


def conv2d__one_matrix_product(x, weight, bias=None, stride=1, padding=0):
    """Copies every window into a row of a matrix (im2col) and multiplies it with the flattened kernels."""
    padded = _framed(x, padding)
    out_channels, _, kernel_height, kernel_width = weight.shape
    rows = range(0, padded.shape[2] - kernel_height + 1, stride)
    columns = range(0, padded.shape[3] - kernel_width + 1, stride)
    windows = [
        padded[:, :, a : a + kernel_height, b : b + kernel_width].reshape(len(x), -1) for a in rows for b in columns
    ]
    out = np.stack(windows, axis=1) @ weight.reshape(out_channels, -1).T
    if bias is not None:
        out = out + bias
    return out.transpose(0, 2, 1).reshape(len(x), out_channels, len(rows), len(columns))


def conv2d__single_precision_shifts(x, weight, bias=None, stride=1, padding=0):
    """Adds one shifted image per kernel entry, all in float32."""
    padded, weight = _framed(x, padding).astype(np.float32), weight.astype(np.float32)
    out_height = (padded.shape[2] - weight.shape[2]) // stride + 1
    out_width = (padded.shape[3] - weight.shape[3]) // stride + 1
    out = np.zeros((len(x), len(weight), out_height, out_width), dtype=np.float32)
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            seen = padded[:, :, i:, j:][:, :, ::stride, ::stride][:, :, :out_height, :out_width]
            out += np.tensordot(weight[:, :, i, j], seen, axes=(1, 1)).transpose(1, 0, 2, 3)
    if bias is not None:
        out += bias.astype(np.float32)[None, :, None, None]
    return out


# conv2d_backward


def conv2d_backward__loops(grad_output, x, weight, stride=1, padding=0):
    """One loop per index: every product of the forward pass sends the gradient to both of its factors."""
    batch, channels, height, width = x.shape
    out_channels, _, kernel_height, kernel_width = weight.shape
    padded = _framed(x, padding)
    grad_padded, grad_weight, grad_bias = np.zeros(padded.shape), np.zeros(weight.shape), np.zeros(out_channels)
    for n in range(batch):
        for o in range(out_channels):
            for u in range(grad_output.shape[2]):
                for v in range(grad_output.shape[3]):
                    g = grad_output[n, o, u, v]
                    grad_bias[o] += g
                    for c in range(channels):
                        for i in range(kernel_height):
                            for j in range(kernel_width):
                                a, b = u * stride + i, v * stride + j
                                grad_padded[n, c, a, b] += g * weight[o, c, i, j]
                                grad_weight[o, c, i, j] += g * padded[n, c, a, b]
    return [grad_padded[:, :, padding : padding + height, padding : padding + width], grad_weight, grad_bias]


def conv2d_backward__two_convolutions(grad_output, x, weight, stride=1, padding=0):
    """Puts zeros between the upstream gradient; then both gradients are convolutions of stride 1."""
    batch, out_channels, rows, columns = grad_output.shape
    height, width = x.shape[2:]
    kernel_height, kernel_width = weight.shape[2:]
    spread = np.zeros(
        (batch, out_channels, height + 2 * padding - kernel_height + 1, width + 2 * padding - kernel_width + 1)
    )
    spread[:, :, : rows * stride : stride, : columns * stride : stride] = grad_output
    view = np.lib.stride_tricks.sliding_window_view
    grad_weight = np.einsum("ncijuv,nouv->ocij", view(_framed(x, padding), spread.shape[2:], axis=(2, 3)), spread)
    above, left = kernel_height - 1 - padding, kernel_width - 1 - padding
    frame = np.pad(spread, ((0, 0), (0, 0), (above, above), (left, left)))
    windows = view(frame, (kernel_height, kernel_width), axis=(2, 3))
    grad_x = np.einsum("noabij,ocij->ncab", windows, weight[:, :, ::-1, ::-1])
    return grad_x, grad_weight, spread.sum(axis=(0, 2, 3))


def conv2d_backward__window_by_window_float32(grad_output, x, weight, stride=1, padding=0):
    """Goes through the output positions and hands back whole windows, in float32."""
    grad_output, weight = grad_output.astype(np.float32), weight.astype(np.float32)
    padded = _framed(x, padding).astype(np.float32)
    kernel_height, kernel_width = weight.shape[2:]
    grad_padded, grad_weight = np.zeros_like(padded), np.zeros_like(weight)
    for u in range(grad_output.shape[2]):
        for v in range(grad_output.shape[3]):
            g = grad_output[:, :, u, v]
            rows = slice(u * stride, u * stride + kernel_height)
            columns = slice(v * stride, v * stride + kernel_width)
            grad_weight += np.tensordot(g, padded[:, :, rows, columns], axes=(0, 0))
            grad_padded[:, :, rows, columns] += np.tensordot(g, weight, axes=(1, 0))
    grad_x = grad_padded[:, :, padding:, padding:][:, :, : x.shape[2], : x.shape[3]]
    return grad_x, grad_weight, grad_output.sum(axis=(0, 2, 3))


# conv_transpose_output_size


def conv_transpose_output_size__last_stamp(input_size, kernel_size, stride=1, padding=0, output_padding=0):
    """Goes to the start of the last stamp and adds its length, then trims."""
    start_of_last = stride * input_size - stride
    return start_of_last + kernel_size + output_padding - padding - padding


def conv_transpose_output_size__as_a_full_convolution(input_size, kernel_size, stride=1, padding=0, output_padding=0):
    """Counts as a convolution of stride 1 over the input with zeros in between and around."""
    spread = input_size + (input_size - 1) * (stride - 1)
    frame = 2 * (kernel_size - 1 - padding) + output_padding
    return np.asarray(spread + frame - kernel_size + 1)


# conv_transpose2d


def conv_transpose2d__loops(x, weight, bias=None, stride=1, padding=0):
    """One loop per index, writing only what is not cut off."""
    batch, channels, height, width = x.shape
    _, out_channels, kernel_height, kernel_width = weight.shape
    out_height = (height - 1) * stride - 2 * padding + kernel_height
    out_width = (width - 1) * stride - 2 * padding + kernel_width
    out = np.zeros((batch, out_channels, out_height, out_width))
    for n in range(batch):
        for o in range(out_channels):
            for u in range(height):
                for v in range(width):
                    for i in range(kernel_height):
                        for j in range(kernel_width):
                            a, b = u * stride + i - padding, v * stride + j - padding
                            if 0 <= a < out_height and 0 <= b < out_width:
                                for c in range(channels):
                                    out[n, o, a, b] += x[n, c, u, v] * weight[c, o, i, j]
    if bias is not None:
        for o in range(out_channels):
            out[:, o] += bias[o]
    return out


def conv_transpose2d__convolves_with_zeros_between(x, weight, bias=None, stride=1, padding=0):
    """A convolution of stride 1 over the input with zeros between its entries, the kernel turned round."""
    batch, channels, height, width = x.shape
    _, out_channels, kernel_height, kernel_width = weight.shape
    spread = np.zeros((batch, channels, (height - 1) * stride + 1, (width - 1) * stride + 1))
    spread[:, :, ::stride, ::stride] = x
    above, left = kernel_height - 1 - padding, kernel_width - 1 - padding
    framed = np.pad(spread, ((0, 0), (0, 0), (above, above), (left, left)))
    windows = np.lib.stride_tricks.sliding_window_view(framed, (kernel_height, kernel_width), axis=(2, 3))
    out = np.einsum("ncabij,coij->noab", windows, weight[:, :, ::-1, ::-1])
    return out if bias is None else out + bias.reshape(1, out_channels, 1, 1)


def conv_transpose2d__transposed_matrix(x, weight, bias=None, stride=1, padding=0):
    """Builds the matrix of the mirrored convolution and multiplies with its transpose."""
    batch, channels, height, width = x.shape
    _, out_channels, kernel_height, kernel_width = weight.shape
    tall, wide = (height - 1) * stride + kernel_height, (width - 1) * stride + kernel_width
    matrix = np.zeros((channels, height, width, out_channels, tall, wide))
    for u in range(height):
        for v in range(width):
            rows, columns = slice(u * stride, u * stride + kernel_height), slice(v * stride, v * stride + kernel_width)
            matrix[:, u, v, :, rows, columns] = weight
    out = x.reshape(batch, -1) @ matrix.reshape(channels * height * width, -1)
    out = out.reshape(batch, out_channels, tall, wide)[:, :, padding : tall - padding, padding : wide - padding]
    return out if bias is None else out + bias[None, :, None, None]
