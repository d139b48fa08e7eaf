"""Known wrong answers to 12_pooling: EXERCISE__NAME. The docstring is what the learner is told."""

import numpy as np


def _windows(x, kernel_size, stride):
    """The windows as (N, C, H', W', kernel_size, kernel_size)."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel_size, kernel_size), axis=(2, 3))
    return windows[:, :, ::stride, ::stride]


def _add_over_windows(share, grad_output, x, kernel_size, stride):
    """Adds to each window its gradient times `share` of the window, an array (N, C, kernel_size, kernel_size)."""
    grad_x = np.zeros(x.shape)
    for u, v in np.ndindex(*grad_output.shape[2:]):
        place = np.s_[:, :, u * stride : u * stride + kernel_size, v * stride : v * stride + kernel_size]
        grad_x[place] += share(x[place]) * grad_output[:, :, u, v, None, None]
    return grad_x


def _is_largest(window):
    return window == window.max(axis=(2, 3), keepdims=True)


def _first_largest(window):
    """1 at the first maximum of each window (N, C, kernel_size, kernel_size), else 0."""
    flat = window.reshape(*window.shape[:2], -1)
    return (np.arange(flat.shape[2]) == flat.argmax(axis=2)[..., None]).reshape(window.shape)


# max_pool2d


def max_pool2d__takes_the_first_pixel(x, kernel_size, stride=None):
    """Each output is the upper left pixel of its window. The size is right, but the other pixels of the window are
    never looked at: compare all of them."""
    stride = kernel_size if stride is None else stride
    return _windows(x, kernel_size, stride)[..., 0, 0]


def max_pool2d__averages(x, kernel_size, stride=None):
    """Each output is the average of its window. That is the other kind of pooling: take the largest entry."""
    stride = kernel_size if stride is None else stride
    return _windows(x, kernel_size, stride).mean(axis=(4, 5))


def max_pool2d__starts_at_zero(x, kernel_size, stride=None):
    """Windows whose entries are all negative come out as 0, which is not in them. If you compare with a running
    maximum, do not start it at 0."""
    stride = kernel_size if stride is None else stride
    return _windows(x, kernel_size, stride).max(axis=(4, 5), initial=0)


def max_pool2d__never_overlaps(x, kernel_size, stride=None):
    """The stride has no effect: the windows always lie side by side. Documents B15 and B39 define pooling like this,
    but that is only the default; the stride may be smaller or larger than the window."""
    return _windows(x, kernel_size, kernel_size).max(axis=(4, 5))


def max_pool2d__moves_by_one_by_default(x, kernel_size, stride=None):
    """Right when a stride is given, but without one the window moves by a single pixel. Convolutions have that default;
    pooling moves by the size of its window."""
    stride = 1 if stride is None else stride
    return _windows(x, kernel_size, stride).max(axis=(4, 5))


def max_pool2d__keeps_the_ragged_edge(x, kernel_size, stride=None):
    """The output has a row or a column too many where the windows do not fill the image exactly. A window that would
    stick out over the edge does not count: round the number of windows down, not up."""
    stride = kernel_size if stride is None else stride
    height, width = x.shape[2:]
    rows, columns = -(-(height - kernel_size) // stride) + 1, -(-(width - kernel_size) // stride) + 1
    out = np.zeros((*x.shape[:2], rows, columns))
    for u, v in np.ndindex(rows, columns):
        a, b = min(u * stride, height - 1), min(v * stride, width - 1)
        out[:, :, u, v] = x[:, :, a : a + kernel_size, b : b + kernel_size].max(axis=(2, 3))
    return out


def max_pool2d__loses_the_last_window(x, kernel_size, stride=None):
    """The output is a row and a column short where the last window ends exactly at the edge. That window fits and
    counts: look at the end of your range once more."""
    stride = kernel_size if stride is None else stride
    return _windows(x, kernel_size, 1)[:, :, :-1:stride, :-1:stride].max(axis=(4, 5))


# avg_pool2d


def avg_pool2d__adds_up(x, kernel_size, stride=None):
    """Each output is the sum of its window. Divide by the number of entries that you have added."""
    stride = kernel_size if stride is None else stride
    return _windows(x, kernel_size, stride).sum(axis=(4, 5))


def avg_pool2d__divides_by_the_kernel_size(x, kernel_size, stride=None):
    """The sum of each window is divided by kernel_size. That is the number of its rows, or of its columns; an average
    needs the number of its entries."""
    stride = kernel_size if stride is None else stride
    return _windows(x, kernel_size, stride).sum(axis=(4, 5)) / kernel_size


def avg_pool2d__never_overlaps(x, kernel_size, stride=None):
    """The stride has no effect: the windows always lie side by side. Documents B15 and B39 define pooling like this,
    but that is only the default; the stride may be smaller or larger than the window."""
    return _windows(x, kernel_size, kernel_size).mean(axis=(4, 5))


def avg_pool2d__moves_by_one_by_default(x, kernel_size, stride=None):
    """Right when a stride is given, but without one the window moves by a single pixel. Convolutions have that default;
    pooling moves by the size of its window."""
    stride = 1 if stride is None else stride
    return _windows(x, kernel_size, stride).mean(axis=(4, 5))


def avg_pool2d__keeps_the_ragged_edge(x, kernel_size, stride=None):
    """The output has rows or columns too many. Windows that stick out over the edge have been cut short and averaged
    all the same; only those that lie wholly inside the image count."""
    stride = kernel_size if stride is None else stride
    rows, columns = range(0, x.shape[2], stride), range(0, x.shape[3], stride)
    means = [[x[:, :, a : a + kernel_size, b : b + kernel_size].mean(axis=(2, 3)) for b in columns] for a in rows]
    return np.moveaxis(np.array(means), (0, 1), (2, 3))


def avg_pool2d__assumes_square_images(x, kernel_size, stride=None):
    """Right for square images only: the number of columns of the output is taken from the height of the image. Height
    and width each have their own number of windows."""
    stride = kernel_size if stride is None else stride
    size = (x.shape[2] - kernel_size) // stride + 1
    out = np.zeros((*x.shape[:2], size, size))
    for u, v in np.ndindex(size, size):
        a, b = u * stride, v * stride
        out[:, :, u, v] = x[:, :, a : a + kernel_size, b : b + kernel_size].mean(axis=(2, 3))
    return out


def avg_pool2d__adds_into_the_input(x, kernel_size, stride=None):
    """x itself is changed: a slice of an array is a view, and += writes through it into the caller's images. Where
    windows overlap, you then read what you have just overwritten. Add into an array of your own."""
    stride = kernel_size if stride is None else stride
    last_row, last_column = x.shape[2] - kernel_size, x.shape[3] - kernel_size
    total = x[:, :, : last_row + 1 : stride, : last_column + 1 : stride]
    for i, j in np.ndindex(kernel_size, kernel_size):
        if i or j:
            total += x[:, :, i : last_row + i + 1 : stride, j : last_column + j + 1 : stride]
    return total / kernel_size**2


# global_avg_pool2d


def global_avg_pool2d__adds_up(x):
    """Each channel comes out as the sum of its entries. Divide by their number, height times width."""
    return x.sum(axis=(2, 3))


def global_avg_pool2d__takes_the_maximum(x):
    """Each channel comes out as its largest entry. That is global max pooling; here the average is asked for."""
    return x.max(axis=(2, 3))


def global_avg_pool2d__keeps_the_axes(x):
    """The numbers are right, but two axes of length 1 are left over. PyTorch's layer keeps them; here the result is
    (N, C)."""
    return x.mean(axis=(2, 3), keepdims=True)


def global_avg_pool2d__averages_the_batch(x):
    """All images share one average per channel. Those are the axes of batch normalization; pooling never mixes
    examples."""
    return x.mean(axis=(0, 2, 3))


def global_avg_pool2d__averages_rows_only(x):
    """The result still has an axis for the height: each row was averaged by itself. Average over both spatial axes."""
    return x.mean(axis=-1)


def global_avg_pool2d__expects_channels_last(x):
    """The channels have been averaged and the width is still there. You treat the images as (N, H, W, C), which is
    TensorFlow's layout; here they come as (N, C, H, W)."""
    return x.mean(axis=(1, 2))


def global_avg_pool2d__adds_into_the_input(x):
    """The averages are right, but x itself was changed: a slice of an array is a view, and += writes through it into
    the caller's images. Add into an array of your own."""
    total = x[:, :, 0]
    for row in range(1, x.shape[2]):
        total += x[:, :, row]
    return total.sum(axis=2) / (x.shape[2] * x.shape[3])


# max_pool2d_backward


def max_pool2d_backward__shares_with_the_whole_window(grad_output, x, kernel_size, stride=None):
    """The gradient is spread evenly over each window. That is the gradient of average pooling; of a maximum, only the
    pixel that was the largest has any."""
    stride = kernel_size if stride is None else stride
    return _add_over_windows(lambda window: 1 / kernel_size**2, grad_output, x, kernel_size, stride)


def max_pool2d_backward__every_maximum(grad_output, x, kernel_size, stride=None):
    """Where several pixels of a window share the maximum, each of them gets the gradient in full, so that more comes
    out than went in. A comparison with the maximum marks all of them: choose the first."""
    stride = kernel_size if stride is None else stride
    return _add_over_windows(_is_largest, grad_output, x, kernel_size, stride)


def max_pool2d_backward__shares_among_ties(grad_output, x, kernel_size, stride=None):
    """Where several pixels of a window share the maximum, they divide the gradient among them. That is a possible
    convention, but not the one asked for: the first of them gets all."""
    stride = kernel_size if stride is None else stride

    def _share(window):
        return _is_largest(window) / _is_largest(window).sum(axis=(2, 3), keepdims=True)

    return _add_over_windows(_share, grad_output, x, kernel_size, stride)


def max_pool2d_backward__last_maximum(grad_output, x, kernel_size, stride=None):
    """Where several pixels of a window share the maximum, the last of them gets the gradient. If you search with a
    comparison, a later pixel has to be larger in order to win, not just as large."""
    stride = kernel_size if stride is None else stride

    def _last_largest(window):
        return _first_largest(window[:, :, ::-1, ::-1])[:, :, ::-1, ::-1]

    return _add_over_windows(_last_largest, grad_output, x, kernel_size, stride)


def max_pool2d_backward__overwrites_overlap(grad_output, x, kernel_size, stride=None):
    """A pixel that is the largest of several windows gets the gradient of the last one only. Contributions add up. (If
    you wrote += with arrays of positions: NumPy adds only once where a position repeats.)"""
    stride = kernel_size if stride is None else stride
    grad_x = np.zeros(x.shape)
    for n, c, u, v in np.ndindex(*grad_output.shape):
        window = x[n, c, u * stride : u * stride + kernel_size, v * stride : v * stride + kernel_size]
        i, j = divmod(int(window.argmax()), kernel_size)
        grad_x[n, c, u * stride + i, v * stride + j] = grad_output[n, c, u, v]
    return grad_x


def max_pool2d_backward__drops_the_edge(grad_output, x, kernel_size, stride=None):
    """The result is smaller than x where rows or columns at the edge belong to no window. Their gradient is 0, but they
    have one: take the shape from x, not from the windows."""
    stride = kernel_size if stride is None else stride
    rows = (grad_output.shape[2] - 1) * stride + kernel_size
    columns = (grad_output.shape[3] - 1) * stride + kernel_size
    return _add_over_windows(_first_largest, grad_output, x[:, :, :rows, :columns], kernel_size, stride)


def max_pool2d_backward__never_overlaps(grad_output, x, kernel_size, stride=None):
    """The stride has no effect: the gradients are handed to windows that lie side by side. Each window begins where it
    began in the forward pass, a stride after the one before."""
    rows, columns = x.shape[2] // kernel_size, x.shape[3] // kernel_size
    return _add_over_windows(_first_largest, grad_output[:, :, :rows, :columns], x, kernel_size, kernel_size)
