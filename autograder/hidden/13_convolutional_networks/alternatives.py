"""Right answers to 13_convolutional_networks written another way; every one must get full marks."""

import numpy as np

# conv_parameter_count


def conv_parameter_count__per_kernel(in_channels, out_channels, kernel_size, bias=True):
    """Counts one output channel and uses the truth value as a number."""
    return out_channels * (in_channels * kernel_size * kernel_size + bool(bias))


def conv_parameter_count__array_size(in_channels, out_channels, kernel_size, bias=True):
    """Lets NumPy multiply the shape of the weights; the result is a NumPy integer."""
    return np.prod([out_channels, in_channels, kernel_size, kernel_size]) + out_channels * int(bias)


# dense_parameter_count


def dense_parameter_count__constant_input(in_features, out_features, bias=True):
    """The bias as the weight of one more input that is always 1."""
    return out_features * (in_features + int(bias))


def dense_parameter_count__array_size(in_features, out_features, bias=True):
    """Asks views of the right shape for their size."""
    weight = np.broadcast_to(0.0, (out_features, in_features))
    return weight.size + (out_features if bias else 0)


# conv1d_as_matrix


def conv1d_as_matrix__sum_of_diagonals(kernel, input_size):
    """Every kernel entry fills one diagonal."""
    rows = input_size - kernel.size + 1
    return sum(weight * np.eye(rows, input_size, j) for j, weight in enumerate(kernel))


def conv1d_as_matrix__column_by_column(kernel, input_size):
    """Sends the unit vectors through a correlation; what comes out are the columns."""
    columns = [np.correlate(unit, kernel, mode="valid") for unit in np.eye(input_size)]
    return np.stack(columns, axis=1)


def conv1d_as_matrix__windows_of_a_padded_kernel(kernel, input_size):
    """The rows are windows of the kernel between zeros, from the right end to the left; the result is a view."""
    zeros = np.zeros(input_size - len(kernel), dtype=kernel.dtype)
    padded = np.concatenate([zeros, kernel, zeros])
    return np.lib.stride_tricks.sliding_window_view(padded, input_size)[::-1]


# shared_weight_gradient


def shared_weight_gradient__row_by_row(grad_matrix, kernel_size):
    """Adds up the piece of each row where the kernel lies."""
    grad = np.zeros(kernel_size)
    for i, row in enumerate(grad_matrix):
        grad += row[i : i + kernel_size]
    return grad


def shared_weight_gradient__diagonal_of_windows(grad_matrix, kernel_size):
    """All windows of all rows; row i keeps window i."""
    windows = np.lib.stride_tricks.sliding_window_view(grad_matrix, kernel_size, axis=1)
    return np.einsum("iij->j", windows)


def shared_weight_gradient__index_arrays(grad_matrix, kernel_size):
    """Picks the copies with two index arrays, in float64."""
    rows = np.arange(grad_matrix.shape[0])[:, None]
    return grad_matrix.astype(np.float64)[rows, rows + np.arange(kernel_size)].sum(axis=0)


# receptive_field


def receptive_field__from_the_top(kernel_sizes, strides):
    """Starts at the output and asks, layer by layer downwards, how many entries are needed."""
    size = 1
    for kernel_size, stride in zip(reversed(kernel_sizes), reversed(strides), strict=True):
        size = (size - 1) * stride + kernel_size
    return size


def receptive_field__products(kernel_sizes, strides):
    """The formula as it stands, with a product for every layer; np.prod of nothing is the float 1.0."""
    return 1 + sum((kernel_sizes[i] - 1) * np.prod(strides[:i]) for i in range(len(kernel_sizes)))


def receptive_field__follows_the_ends(kernel_sizes, strides):
    """Follows the first and the last entry down to the input."""
    first, last = 0, 0
    for kernel_size, stride in list(zip(kernel_sizes, strides, strict=True))[::-1]:
        first, last = first * stride, last * stride + kernel_size - 1
    return last - first + 1


# feature_pyramid


def feature_pyramid__four_images(x, levels):
    """Cuts the edge off and adds up the four pixels of every block."""
    pyramid = [x]
    while len(pyramid) < levels:
        finer = pyramid[-1]
        height, width = finer.shape[2] // 2 * 2, finer.shape[3] // 2 * 2
        finer = finer[:, :, :height, :width]
        upper = finer[:, :, ::2, ::2] + finer[:, :, ::2, 1::2]
        lower = finer[:, :, 1::2, ::2] + finer[:, :, 1::2, 1::2]
        pyramid.append((upper + lower) / 4)
    return pyramid


def feature_pyramid__blocks_of_the_original(x, levels):
    """Every level straight from x, with blocks of side 2, 4, 8; the levels come as a tuple."""

    def _level(side):
        batch, channels, height, width = x.shape
        rows, columns = height // side, width // side
        even = x[:, :, : rows * side, : columns * side]
        return even.reshape(batch, channels, rows, side, columns, side).mean(axis=(3, 5))

    return tuple(_level(2**level) for level in range(levels))


def feature_pyramid__loops(x, levels):
    """One pixel at a time, in float64."""
    pyramid = [x.copy()]
    for _ in range(1, levels):
        finer = pyramid[-1]
        coarser = np.empty((*finer.shape[:2], finer.shape[2] // 2, finer.shape[3] // 2))
        for u in range(coarser.shape[2]):
            for v in range(coarser.shape[3]):
                coarser[:, :, u, v] = finer[:, :, 2 * u : 2 * u + 2, 2 * v : 2 * v + 2].mean(axis=(2, 3))
        pyramid.append(coarser)
    return pyramid


# cnn_forward


def cnn_forward__loops(x, params):
    """One output pixel at a time, one block at a time, in float64."""
    batch, _, height, width = x.shape
    weight = params["conv_weight"]
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    maps = np.zeros((batch, len(weight), height, width))
    for u in range(height):
        for v in range(width):
            maps[:, :, u, v] = np.tensordot(padded[:, :, u : u + 3, v : v + 3], weight, ((1, 2, 3), (1, 2, 3)))
    maps += params["conv_bias"].reshape(1, -1, 1, 1)
    maps[maps < 0] = 0
    pooled = np.zeros((batch, len(weight), height // 2, width // 2))
    for u in range(height // 2):
        for v in range(width // 2):
            pooled[:, :, u, v] = maps[:, :, 2 * u : 2 * u + 2, 2 * v : 2 * v + 2].max(axis=(2, 3))
    return np.dot(pooled.reshape(batch, -1), params["fc_weight"].T) + params["fc_bias"]


def cnn_forward__pools_before_relu(x, params):
    """Nine shifted images; pooling before ReLU, which is the same, since ReLU never turns an order round."""
    batch, _, height, width = x.shape
    weight = params["conv_weight"]
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    maps = params["conv_bias"][None, :, None, None]
    for i, j in np.ndindex(3, 3):
        maps = maps + np.einsum("nchw,oc->nohw", padded[:, :, i : i + height, j : j + width], weight[:, :, i, j])
    maps = maps[:, :, : height // 2 * 2, : width // 2 * 2]
    pooled = maps.reshape(batch, len(weight), height // 2, 2, width // 2, 2).max(axis=(3, 5))
    return np.maximum(pooled, 0).reshape(batch, -1) @ params["fc_weight"].T + params["fc_bias"]


def cnn_forward__matrix_products(x, params):
    """The windows as rows of a matrix (im2col), picture by picture; four strided images for the pooling."""
    weight, height, width = params["conv_weight"], x.shape[2], x.shape[3]
    scores = []
    for image in x:
        padded = np.pad(image, ((0, 0), (1, 1), (1, 1)))
        columns = np.stack([padded[:, u : u + 3, v : v + 3].ravel() for u in range(height) for v in range(width)])
        maps = (columns @ weight.reshape(len(weight), -1).T + params["conv_bias"]).T.reshape(-1, height, width)
        maps = np.where(maps > 0, maps, 0)[:, : height - height % 2, : width - width % 2]
        rows = np.maximum(maps[:, ::2], maps[:, 1::2])
        pooled = np.maximum(rows[:, :, ::2], rows[:, :, 1::2])
        scores.append(params["fc_weight"] @ pooled.ravel() + params["fc_bias"])
    return np.array(scores)
