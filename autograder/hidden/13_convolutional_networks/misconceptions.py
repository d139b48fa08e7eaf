"""Known wrong answers to 13_convolutional_networks; each docstring is the diagnosis that the learner reads."""

import numpy as np


def _matrix(kernel, input_size):
    """The right matrix."""
    rows = input_size - len(kernel) + 1
    return sum(weight * np.eye(rows, input_size, j) for j, weight in enumerate(kernel))


def _uses(grad_matrix, kernel_size):
    """The gradients of all copies of the kernel, one row for each position."""
    return np.array([row[i : i + kernel_size] for i, row in enumerate(grad_matrix)])


def _blocks(x):
    """Blocks of 2 x 2 pixels: (N, C, H // 2, 2, W // 2, 2)."""
    batch, channels, height, width = x.shape
    even = x[:, :, : height // 2 * 2, : width // 2 * 2]
    return even.reshape(batch, channels, height // 2, 2, width // 2, 2)


def _conv(x, params):
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    return np.einsum("nchwij,ocij->nohw", windows, params["conv_weight"]) + params["conv_bias"][:, None, None]


def _relu(x):
    return np.maximum(x, 0)


def _pool(x):
    return _blocks(x).max(axis=(3, 5))


def _dense(x, params):
    return x.reshape(len(x), -1) @ params["fc_weight"].T + params["fc_bias"]


# conv_parameter_count


def conv_parameter_count__forgets_the_input_channels(in_channels, out_channels, kernel_size, bias=True):
    """The number of input channels has no effect. A kernel is as deep as its input: it has a square of weights for
    every input channel."""
    weights = out_channels * kernel_size**2
    return weights + out_channels if bias else weights


def conv_parameter_count__one_kernel_for_all(in_channels, out_channels, kernel_size, bias=True):
    """All output channels share one kernel, so they would all be the same map. Sharing is between positions; every
    output channel has a kernel of its own."""
    weights = in_channels * kernel_size**2
    return weights + out_channels if bias else weights


def conv_parameter_count__forgets_the_kernel(in_channels, out_channels, kernel_size, bias=True):
    """The kernel size has no effect: that is the count of a dense layer, or of 1 x 1 kernels. Each pair of an input and
    an output channel has a whole square of weights."""
    weights = out_channels * in_channels
    return weights + out_channels if bias else weights


def conv_parameter_count__one_side_of_the_kernel(in_channels, out_channels, kernel_size, bias=True):
    """The kernel size is counted once. A kernel has height and width, and kernel_size is the length of both."""
    weights = out_channels * in_channels * kernel_size
    return weights + out_channels if bias else weights


def conv_parameter_count__single_bias(in_channels, out_channels, kernel_size, bias=True):
    """There is only one bias in the whole layer. Every output channel has its own."""
    weights = out_channels * in_channels * kernel_size**2
    return weights + 1 if bias else weights


def conv_parameter_count__bias_for_every_slice(in_channels, out_channels, kernel_size, bias=True):
    """There are too many biases: one for each pair of an input and an output channel. The results of all input channels
    are added up first, and the bias once after that."""
    weights = out_channels * in_channels * kernel_size**2
    return weights + out_channels * in_channels if bias else weights


def conv_parameter_count__always_with_bias(in_channels, out_channels, kernel_size, bias=True):
    """Biases are counted even when bias is False. Use the argument: many layers have none, above all those in
    front of a normalization."""
    return out_channels * (in_channels * kernel_size**2 + 1)


# dense_parameter_count


def dense_parameter_count__weights_only(in_features, out_features, bias=True):
    """The biases are never counted. With bias=True, the default, every output has one."""
    return out_features * in_features


def dense_parameter_count__always_with_bias(in_features, out_features, bias=True):
    """Biases are counted even when bias is False. Use the argument."""
    return out_features * in_features + out_features


def dense_parameter_count__bias_for_each_input(in_features, out_features, bias=True):
    """There is a bias for every input. A bias is added to a weighted sum, and there is one such sum for each output."""
    weights = out_features * in_features
    return weights + in_features if bias else weights


def dense_parameter_count__single_bias(in_features, out_features, bias=True):
    """There is only one bias in the whole layer. Every output has its own."""
    return out_features * in_features + bool(bias)


def dense_parameter_count__counts_the_units(in_features, out_features, bias=True):
    """Inputs and outputs are added. You count units; the parameters are on the connections, and every input is
    connected to every output."""
    return in_features + out_features + (out_features if bias else 0)


def dense_parameter_count__no_bias_by_default(in_features, out_features, bias=False):
    """Right whenever bias is given, but the default is wrong: a layer has biases unless the caller says otherwise. Keep
    the default of the signature."""
    weights = out_features * in_features
    return weights + out_features if bias else weights


# conv1d_as_matrix


def conv1d_as_matrix__kernel_turned_round(kernel, input_size):
    """The kernel stands in the rows the wrong way round. That is the convolution of mathematics; a network's layer
    computes a cross-correlation, whose first weight meets the first input of the window."""
    return _matrix(kernel[::-1], input_size)


def conv1d_as_matrix__transposed(kernel, input_size):
    """Rows and columns have changed places. The matrix is multiplied with the signal from the left, so it needs a row
    for each output and a column for each input."""
    return _matrix(kernel, input_size).T


def conv1d_as_matrix__never_moves(kernel, input_size):
    """The kernel stands at the left end of every row, so all outputs would be equal. From one row to the next it moves
    one place to the right."""
    matrix = np.zeros((input_size - len(kernel) + 1, input_size))
    matrix[:, : len(kernel)] = kernel
    return matrix


def conv1d_as_matrix__one_row_short(kernel, input_size):
    """The last row is missing. The kernel can move input_size - k times, and there is the position where it starts."""
    return _matrix(kernel, input_size)[:-1]


def conv1d_as_matrix__wraps_around(kernel, input_size):
    """There are as many rows as inputs, and in the last ones the kernel continues at the left end. A valid convolution
    stops where the kernel reaches the end of the signal."""
    row = np.concatenate([kernel, np.zeros(input_size - len(kernel))])
    return np.stack([np.roll(row, i) for i in range(input_size)])


def conv1d_as_matrix__with_padding(kernel, input_size):
    """There are too many rows: the kernel also stands where it lies partly outside the signal. That needs padding; a
    valid convolution has none."""
    rows = input_size + len(kernel) - 1
    return sum(weight * np.eye(rows, input_size, j - len(kernel) + 1) for j, weight in enumerate(kernel))


def conv1d_as_matrix__whole_numbers(kernel, input_size):
    """The fractions are lost: the matrix was made for integers, and NumPy cuts off what does not fit when you assign
    into it. Make it one of floats."""
    return _matrix(kernel, input_size).astype(int)


# shared_weight_gradient


def shared_weight_gradient__mean(grad_matrix, kernel_size):
    """This is the mean over the copies. When a shared weight moves, all copies move, and their effects on the loss add
    up: take the sum."""
    return _uses(grad_matrix, kernel_size).mean(axis=0)


def shared_weight_gradient__last_use_only(grad_matrix, kernel_size):
    """Only the last row's copies count, as if each row replaced the one before. Every copy contributes: add, do not
    overwrite."""
    return _uses(grad_matrix, kernel_size)[-1]


def shared_weight_gradient__first_use_only(grad_matrix, kernel_size):
    """Only the first row's copies count. The kernel also stands in all other rows, and those copies contribute as
    much."""
    return grad_matrix[0, :kernel_size]


def shared_weight_gradient__sums_the_columns(grad_matrix, kernel_size):
    """The first columns are summed from top to bottom. Look where one kernel entry stands in the matrix: in each row
    one column further to the right."""
    return grad_matrix[:, :kernel_size].sum(axis=0)


def shared_weight_gradient__one_number_per_input(grad_matrix, kernel_size):
    """There is one number for every column of the matrix. A column belongs to an input of the layer; the gradient of
    the kernel has one number for each kernel entry."""
    return grad_matrix.sum(axis=0)


def shared_weight_gradient__turned_round(grad_matrix, kernel_size):
    """The right numbers in the reverse order. The first kernel entry stands on the diagonal that starts in the top left
    corner, the last one furthest to the right."""
    return _uses(grad_matrix, kernel_size).sum(axis=0)[::-1]


def shared_weight_gradient__changes_its_argument(grad_matrix, kernel_size):
    """The values are right, but the caller's matrix has changed: the sums were collected in its first row. A slice is a
    view; add into a new array."""
    grad = grad_matrix[0, :kernel_size]
    for i in range(1, len(grad_matrix)):
        grad += grad_matrix[i, i : i + kernel_size]
    return grad


# receptive_field


def receptive_field__sum_of_kernel_sizes(kernel_sizes, strides):
    """The kernel sizes are added up. Two kernels that follow each other share a pixel, so each layer adds one less than
    its size, and what it adds is stretched by the strides before it."""
    return sum(kernel_sizes)


def receptive_field__product_of_kernel_sizes(kernel_sizes, strides):
    """The kernel sizes are multiplied. Neighbouring windows overlap, so two layers of 3 at stride 1 see 5 pixels and
    not 9: each layer adds to the field."""
    field = 1
    for kernel_size in kernel_sizes:
        field *= kernel_size
    return field


def receptive_field__ignores_the_strides(kernel_sizes, strides):
    """The strides have no effect. After a layer of stride 2, two neighbours on the map lie two input pixels apart, and
    every later kernel reaches twice as far."""
    return 1 + sum(kernel_size - 1 for kernel_size in kernel_sizes)


def receptive_field__own_stride_too(kernel_sizes, strides):
    """A layer's stride already widens its own field, as document A says in question 29. The entries under a kernel are
    neighbours on the map that it reads: only the strides of earlier layers stretch them."""
    field = jump = 1
    for kernel_size, stride in zip(kernel_sizes, strides, strict=True):
        jump *= stride
        field += (kernel_size - 1) * jump
    return field


def receptive_field__last_stride_only(kernel_sizes, strides):
    """Only the stride of the layer just before counts. The stretching accumulates: after two layers of stride 2,
    neighbours lie four input pixels apart."""
    field = previous = 1
    for kernel_size, stride in zip(kernel_sizes, strides, strict=True):
        field += (kernel_size - 1) * previous
        previous = stride
    return field


def receptive_field__from_the_wrong_end(kernel_sizes, strides):
    """The layers are taken in the wrong order. Counting the entries that are needed, layer by layer, works from the
    last layer down to the first; a running jump works from the first to the last."""
    size = 1
    for kernel_size, stride in zip(kernel_sizes, strides, strict=True):
        size = (size - 1) * stride + kernel_size
    return size


def receptive_field__one_too_few(kernel_sizes, strides):
    """The result is one too small. You count how far the field reaches beyond the first pixel; that pixel belongs to
    it, and without any layer it is all there is."""
    field, jump = 0, 1
    for kernel_size, stride in zip(kernel_sizes, strides, strict=True):
        field += (kernel_size - 1) * jump
        jump *= stride
    return field


# feature_pyramid


def feature_pyramid__maximum(x, levels):
    """The largest pixel of every block is taken. That is max pooling; a pixel of this pyramid is the mean of four."""
    pyramid = [x]
    for _ in range(levels - 1):
        pyramid.append(_blocks(pyramid[-1]).max(axis=(3, 5)))
    return pyramid


def feature_pyramid__every_second_pixel(x, levels):
    """Only the top left pixel of every block is looked at, so what the three others show is lost. Take the mean of
    all four."""
    pyramid = [x]
    for _ in range(levels - 1):
        pyramid.append(_blocks(pyramid[-1])[:, :, :, 0, :, 0])
    return pyramid


def feature_pyramid__sums(x, levels):
    """The four pixels of a block are added, so every level is four times as bright as it should be. Take the mean."""
    pyramid = [x]
    for _ in range(levels - 1):
        pyramid.append(_blocks(pyramid[-1]).sum(axis=(3, 5)))
    return pyramid


def feature_pyramid__always_from_x(x, levels):
    """All levels after the first have the same size: each is x at one half. Every level halves the one before it."""
    return [x] + [_blocks(x).mean(axis=(3, 5)) for _ in range(levels - 1)]


def feature_pyramid__without_x(x, levels):
    """The pyramid starts at half the size, so it goes one level too deep. Its first level is x itself."""
    pyramid = [x]
    for _ in range(levels):
        pyramid.append(_blocks(pyramid[-1]).mean(axis=(3, 5)))
    return pyramid[1:]


def feature_pyramid__one_level_too_many(x, levels):
    """There is one level too many. x is a level too, so the number of halvings is one less than the number of
    levels."""
    pyramid = [x]
    for _ in range(levels):
        pyramid.append(_blocks(pyramid[-1]).mean(axis=(3, 5)))
    return pyramid


def feature_pyramid__keeps_the_ragged_edge(x, levels):
    """Right for even sizes. A last row or column that is left over gives pixels of its own here; it has no partner and
    has to be dropped."""
    pyramid = [x]
    for _ in range(levels - 1):
        finer = pyramid[-1]
        frame = [(0, 0), (0, 0), (0, finer.shape[2] % 2), (0, finer.shape[3] % 2)]
        pyramid.append(_blocks(np.pad(finer, frame, mode="edge")).mean(axis=(3, 5)))
    return pyramid


# cnn_forward


def cnn_forward__without_relu(x, params):
    """Negative values pass from the convolution to the dense layer: ReLU is missing. Without it, pooling would be the
    only thing in this network that is not linear."""
    return _dense(_pool(_conv(x, params)), params)


def cnn_forward__without_padding(x, params):
    """The convolution has no padding, so its maps are two pixels smaller than the picture, and the dense layer has
    weights for more inputs than arrive. Put a frame of zeros, one pixel wide, around the picture."""
    return _dense(_pool(_relu(_conv(x, params)[:, :, 1:-1, 1:-1])), params)


def cnn_forward__kernel_turned_round(x, params):
    """The kernels are turned round. That is the convolution of mathematics; the layer of a network is a
    cross-correlation, and these weights are meant for one."""
    return _dense(_pool(_relu(_conv(x, {**params, "conv_weight": params["conv_weight"][:, :, ::-1, ::-1]}))), params)


def cnn_forward__average_pooling(x, params):
    """The mean of every block is taken. This network has max pooling."""
    maps = _relu(_conv(x, params))
    return _dense(_blocks(maps).mean(axis=(3, 5)), params)


def cnn_forward__channels_last(x, params):
    """The maps are flattened in another order: pixel by pixel, all channels of a pixel together. The dense layer's
    weights belong to the order of (C, H, W), channel by channel; flatten that array without moving its axes."""
    return _dense(_pool(_relu(_conv(x, params))).transpose(0, 2, 3, 1), params)


def cnn_forward__relu_on_the_scores(x, params):
    """No score is negative. ReLU stands between layers; after the last one the scores stay as they are, since a low
    score may well lie below zero."""
    return _relu(_dense(_pool(_relu(_conv(x, params))), params))


def cnn_forward__no_convolution_bias(x, params):
    """The bias of the convolution is missing: one number for every output channel, added to its whole map before
    ReLU."""
    return _dense(_pool(_relu(_conv(x, {**params, "conv_bias": np.zeros(len(params["conv_bias"]))}))), params)
