"""Right answers to 12_pooling written another way; every one must get full marks."""

import numpy as np


def _shifted_images(x, kernel_size, stride):
    """For each place in a window, the pixels that lie there: kernel_size^2 views (N, C, H', W')."""
    last_row, last_column = x.shape[2] - kernel_size, x.shape[3] - kernel_size
    return [
        x[:, :, i : last_row + i + 1 : stride, j : last_column + j + 1 : stride]
        for i in range(kernel_size)
        for j in range(kernel_size)
    ]


# max_pool2d


def max_pool2d__loops(x, kernel_size, stride=None):
    """One number at a time, compared with a running maximum that starts at minus infinity."""
    if stride is None:
        stride = kernel_size
    height, width = (x.shape[2] - kernel_size) // stride + 1, (x.shape[3] - kernel_size) // stride + 1
    out = np.full((*x.shape[:2], height, width), -np.inf)
    for n, c, u, v in np.ndindex(*out.shape):
        for i in range(kernel_size):
            for j in range(kernel_size):
                out[n, c, u, v] = max(out[n, c, u, v], x[n, c, u * stride + i, v * stride + j])
    return out


def max_pool2d__shifted_images(x, kernel_size, stride=None):
    """The larger of shifted copies of the image, entry by entry."""
    return np.maximum.reduce(_shifted_images(x, kernel_size, stride or kernel_size))


def max_pool2d__rows_then_columns(x, kernel_size, stride=None):
    """The maximum of a square is the maximum of the maxima of its rows."""
    stride = stride or kernel_size
    rows = range(0, x.shape[2] - kernel_size + 1, stride)
    columns = range(0, x.shape[3] - kernel_size + 1, stride)
    narrow = np.stack([x[:, :, :, b : b + kernel_size].max(axis=3) for b in columns], axis=3)
    return np.stack([narrow[:, :, a : a + kernel_size].max(axis=2) for a in rows], axis=2)


# avg_pool2d


def avg_pool2d__loops(x, kernel_size, stride=None):
    """One window at a time, of all images and channels at once."""
    if stride is None:
        stride = kernel_size
    height, width = (x.shape[2] - kernel_size) // stride + 1, (x.shape[3] - kernel_size) // stride + 1
    out = np.empty((*x.shape[:2], height, width))
    for u in range(height):
        for v in range(width):
            a, b = u * stride, v * stride
            out[:, :, u, v] = np.mean(x[:, :, a : a + kernel_size, b : b + kernel_size], axis=(2, 3))
    return out


def avg_pool2d__shifted_images(x, kernel_size, stride=None):
    """The sum of shifted copies of the image, divided by the number of pixels in a window."""
    return sum(_shifted_images(x, kernel_size, stride or kernel_size)) / kernel_size**2


def avg_pool2d__cumulative_sums(x, kernel_size, stride=None):
    """Each window's sum from four entries of the image's cumulative sums, in the precision of x."""
    stride = stride or kernel_size
    total = np.pad(x, ((0, 0), (0, 0), (1, 0), (1, 0))).cumsum(axis=2).cumsum(axis=3)
    k = kernel_size
    sums = total[:, :, k:, k:] - total[:, :, :-k, k:] - total[:, :, k:, :-k] + total[:, :, :-k, :-k]
    return sums[:, :, ::stride, ::stride] / k**2


# global_avg_pool2d


def global_avg_pool2d__one_row_per_channel(x):
    """Flattens height and width into one axis first."""
    batch, channels, height, width = x.shape
    return x.reshape(batch, channels, height * width).mean(axis=2)


def global_avg_pool2d__sum_by_size(x):
    """A sum in float64, divided by the number of pixels."""
    return np.einsum("ncab->nc", x.astype(np.float64)) / (x.shape[2] * x.shape[3])


def global_avg_pool2d__loops(x):
    """One number at a time, added up in the precision of x."""
    out = np.zeros(x.shape[:2], dtype=x.dtype)
    for n, c, a, b in np.ndindex(*x.shape):
        out[n, c] += x[n, c, a, b]
    return out / (x.shape[2] * x.shape[3])


# max_pool2d_backward


def max_pool2d_backward__loops(grad_output, x, kernel_size, stride=None):
    """One window at a time; a later pixel wins only if it is larger."""
    if stride is None:
        stride = kernel_size
    grad_x = np.zeros_like(x)
    for n, c, u, v in np.ndindex(*grad_output.shape):
        best = best_row = best_column = None
        for a in range(u * stride, u * stride + kernel_size):
            for b in range(v * stride, v * stride + kernel_size):
                if best is None or x[n, c, a, b] > best:
                    best, best_row, best_column = x[n, c, a, b], a, b
        grad_x[n, c, best_row, best_column] += grad_output[n, c, u, v]
    return grad_x


def max_pool2d_backward__unclaimed_maxima(grad_output, x, kernel_size, stride=None):
    """Goes through the places in a window in reading order and hands out the gradient where it has not been claimed."""
    stride = stride or kernel_size
    largest = np.maximum.reduce(_shifted_images(x, kernel_size, stride))
    grad_x, unclaimed = np.zeros(x.shape), np.ones(largest.shape, dtype=bool)
    for pixels, target in zip(
        _shifted_images(x, kernel_size, stride), _shifted_images(grad_x, kernel_size, stride), strict=True
    ):
        wins = unclaimed & (pixels == largest)
        target += wins * grad_output
        unclaimed &= ~wins
    return grad_x


def max_pool2d_backward__counts_flat_positions(grad_output, x, kernel_size, stride=None):
    """Finds every winner's position in the flattened input, and adds up by position with np.bincount."""
    stride = stride or kernel_size
    pixels = np.stack(_shifted_images(x, kernel_size, stride))
    positions = np.stack(_shifted_images(np.arange(x.size).reshape(x.shape), kernel_size, stride))
    winners = np.take_along_axis(positions, pixels.argmax(axis=0)[None], axis=0)
    return np.bincount(winners.ravel(), weights=grad_output.ravel(), minlength=x.size).reshape(x.shape)
