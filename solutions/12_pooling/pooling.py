# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A5, A21, A25, B15, B39]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 12 · Pooling
#
# A pooling layer makes a feature map smaller: it looks at one small window after another and writes down a single
# number for each, the largest entry or the average. Whatever follows has less to compute, sees more of the picture
# with a kernel of the same size, and cares a little less about the exact pixel at which a feature was found.
#
# You will write both kinds, `max_pool2d` and `avg_pool2d`; `global_avg_pool2d`, whose window is the whole map; and
# `max_pool2d_backward`, the gradient, where the question is which of the pixels in a window gets it.
#
# **Windows.** As in PyTorch, a batch of images is an array $(N, C, H, W)$: examples, channels, height, width, all at
# least 1. Height and width may differ. Windows are squares of `kernel_size` $= k$ by $k$ pixels, with $k$ no larger
# than $H$ and $W$. The first begins at the upper left corner, and from one window to the next it is `stride` $= s$
# rows or columns. If no stride is given (`None`), $s = k$. There is no padding, and only windows that lie wholly inside
# the image count, so that there are
#
# $$H' = \left\lfloor \frac{H - k}{s} \right\rfloor + 1 \quad\text{by}\quad
#   W' = \left\lfloor \frac{W - k}{s} \right\rfloor + 1$$
#
# of them. Rows and columns at the lower and right edge that no window reaches are dropped. Every channel of every
# example is pooled by itself.
#
# **Rules of this topic.** Use NumPy and the standard library: nothing else can be imported while your work is graded.
# Arrays hold finite floats (float64 or float32), in any memory layout. `kernel_size` and `stride` are integers of at
# least 1. No function changes its arguments. Loops are welcome.
#
# **Interview questions.** A5, A21, A25, B15 and B39 (A and B are the two documents that this collection follows). What
# their answers get wrong:
#
# - All five say that pooling reduces the number of parameters. A pooling layer has none, and a convolution has as many
#   after pooling as before: its count is made of channels and kernel size, not of height and width. What shrinks is the
#   *map*, and with it computation and memory. Only a dense layer that takes the flattened map gets fewer weights. So
#   pooling cannot owe its effect on generalization to fewer parameters either, as A21 has it.
# - B15 and B39 define pooling by regions that do not overlap. They do not overlap when the stride is the kernel size;
#   with a smaller stride they do. AlexNet pools windows of 3 by 3 at stride 2 (Krizhevsky, Sutskever & Hinton, 2012,
#   "ImageNet classification with deep convolutional neural networks", section 3.4), and did a little better with it.
# - A25 credits max pooling with removing noise. That is the other kind; see `avg_pool2d`.

# %%
import numpy as np

# %% [markdown]
# ## `max_pool2d`: the strongest answer of each window
#
# $$y_{n,c,u,v} = \max_{0 \le i, j < k} \; x_{n,\,c,\,su + i,\,sv + j}$$
#
# Think of $x$ as the output of a feature detector: the result says how strongly the feature was found *somewhere* in
# the window. Where exactly is forgotten. If the picture moves by a pixel, the maximum often stays in its window and the
# result does not change. Often, not always: it may just as well cross into the next window (Zhang, 2019, "Making
# convolutional networks shift-invariant again").
#
# Entries may be negative, all those of a window as well. Then the result is negative, too.


# %%
def max_pool2d(x, kernel_size, stride=None):
    """Largest entry of each square window of an image.

        y[n, c, u, v] = max over 0 <= i, j < kernel_size of x[n, c, stride * u + i, stride * v + j]

    Args:
        x: array of floats (N, C, H, W).
        kernel_size: int, rows and columns of a window; at least 1, at most H and W.
        stride: int >= 1, rows or columns from one window to the next; None stands for kernel_size.

    Returns:
        Array (N, C, H', W') with H' = floor((H - kernel_size) / stride) + 1, and W' likewise: a ragged edge is dropped.

    Source: Scherer, Müller & Behnke, 2010, "Evaluation of pooling operations in convolutional architectures for object
    recognition"; torch.nn.MaxPool2d.
    """
    ### BEGIN SOLUTION
    stride = kernel_size if stride is None else stride
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel_size, kernel_size), axis=(2, 3))
    return windows[:, :, ::stride, ::stride].max(axis=(4, 5))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Settle the stride first. Then, on paper: in which row does window `u` begin, and which is its last row? For which
#    `u` does that row still exist?
# 2. With loops: make the output array, go through `u` and `v`, cut the window out of all examples and channels at once
#    with one slice, and take its maximum along the last two axes.
# 3. Without loops: `np.lib.stride_tricks.sliding_window_view` gives the windows at stride 1; a slice with a step keeps
#    those you want.

# %% [markdown]
# ## `avg_pool2d`: the average of each window
#
# $$y_{n,c,u,v} = \frac{1}{k^2} \sum_{i=0}^{k-1} \sum_{j=0}^{k-1} x_{n,\,c,\,su + i,\,sv + j}$$
#
# The same windows, another summary: all pixels of a window count alike. It is a convolution with a kernel of equal
# weights, applied to every channel by itself.
#
# Which of the two removes noise? A25 says that the maximum does. But one pixel that is much too bright is enough to
# become the maximum of its window. Add independent Gaussian noise of standard deviation $\sigma$ to a grey area, and
# the maximum of four pixels is on average about $1.03\,\sigma$ too bright; their mean is right on average, and its
# standard deviation is $\sigma / 2$. What A25 says of the average, that it smooths and lowers the variance, is right.


# %%
def avg_pool2d(x, kernel_size, stride=None):
    """Average of each square window of an image.

        y[n, c, u, v] = 1 / kernel_size^2 * sum over 0 <= i, j < kernel_size of x[n, c, stride * u + i, stride * v + j]

    Args:
        x: array of floats (N, C, H, W).
        kernel_size: int, rows and columns of a window; at least 1, at most H and W.
        stride: int >= 1, rows or columns from one window to the next; None stands for kernel_size.

    Returns:
        Array (N, C, H', W') with H' = floor((H - kernel_size) / stride) + 1, and W' likewise: a ragged edge is dropped.

    Source: LeCun, Bottou, Bengio & Haffner, 1998, "Gradient-based learning applied to document recognition", section
    II-B (there followed by a trained factor and bias); torch.nn.AvgPool2d.
    """
    ### BEGIN SOLUTION
    stride = kernel_size if stride is None else stride
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel_size, kernel_size), axis=(2, 3))
    return windows[:, :, ::stride, ::stride].mean(axis=(4, 5))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. The windows are those of `max_pool2d`; only what you take from each is different.
# 2. If you add up shifted copies of the image instead: how many numbers does a window hold? And is the array that you
#    add to your own, or a view of `x`?

# %% [markdown]
# A grey ramp with a dark disc in which one pixel of a hundred has been turned white, pooled in windows of 4 by 4. Each
# white pixel survives as the maximum of its window, sixteen times its former size; in the average it is faint.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rows, columns = np.mgrid[0:96, 0:128]
# picture = np.where((rows - 48) ** 2 + (columns - 64) ** 2 < 30**2, 0.1, 0.2 + 0.4 * columns / 127)
# picture[np.random.default_rng(0).random(picture.shape) < 0.01] = 1.0
# images = {
#     "input": picture,
#     "largest of 4 x 4": max_pool2d(picture[None, None], 4)[0, 0],
#     "average of 4 x 4": avg_pool2d(picture[None, None], 4)[0, 0],
# }
#
# figure, axes = plt.subplots(1, 3, figsize=(12, 3.4), layout="constrained")
# for axis, (title, image) in zip(axes, images.items()):
#     axis.imshow(image, cmap="gray", vmin=0, vmax=1)
#     axis.set(title=f"{title}: {image.shape[0]} x {image.shape[1]}", xticks=[], yticks=[])
# plt.show()

# %% [markdown]
# ## `global_avg_pool2d`: one number per channel
#
# $$y_{n,c} = \frac{1}{HW} \sum_{a=0}^{H-1} \sum_{b=0}^{W-1} x_{n,c,a,b}$$
#
# The window is the whole map, so nothing is left of height and width: $(N, C, H, W)$ becomes $(N, C)$, ready for a
# dense layer. Here at last parameters are saved, in that dense layer. Ten classes on 64 flattened maps of 16 by 16 need
# $64 \cdot 256 \cdot 10 + 10 = 163{,}850$ parameters; on 64 averages, $64 \cdot 10 + 10 = 650$. And since the result
# has the same shape for images of any size, so does the network.


# %%
def global_avg_pool2d(x):
    """Average of each channel of each image.

        y[n, c] = 1 / (H * W) * sum over a, b of x[n, c, a, b]

    Args:
        x: array of floats (N, C, H, W).

    Returns:
        Array (N, C), without axes for height and width.

    Source: Lin, Chen & Yan, 2014, "Network in network", section 3.2; torch.nn.AdaptiveAvgPool2d(1), which keeps the two
    axes with length 1.
    """
    ### BEGIN SOLUTION
    return x.mean(axis=(2, 3))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Which axes of $(N, C, H, W)$ are gone from the result? Those are the ones to average over.
# 2. NumPy's reductions take a tuple of axes.

# %% [markdown]
# ## `max_pool2d_backward`: the gradient goes to the winner
#
# Let $g_{n,c,u,v}$ be the gradient of the loss with respect to the output of `max_pool2d`. If one pixel of a window is
# the largest, then moving it a little moves the output by as much, and moving any other pixel of the window a little
# does nothing. So the whole of $g$ goes to the winner, and the others get 0 from this window:
#
# $$\frac{\partial L}{\partial x_{n,c,a,b}} = \sum_{\substack{u,v\,: \;(a, b)\text{ is the}\\ \text{winner of window }
#   u,v}} g_{n,c,u,v}$$
#
# - **Windows may overlap**, and a pixel may win several of them. It receives the *sum*.
# - **Ties.** When several pixels of a window share the maximum, the derivative does not exist, and one has to be made
#   up. Here, as in PyTorch, the winner is the *first* in reading order: row by row from the top, in each row from the
#   left. Ties are no rare accident: after a ReLU, whole windows are 0.
# - **Pixels without a window.** A pixel in the dropped edge, or between the windows when the stride is larger than the
#   kernel, has gradient 0. The result has the shape of $x$.


# %%
def max_pool2d_backward(grad_output, x, kernel_size, stride=None):
    """Gradient of a loss with respect to the input of max_pool2d, given the gradient with respect to its output.

        grad_x[n, c, a, b] = sum of grad_output[n, c, u, v] over the windows u, v whose first maximum is x[n, c, a, b]

    Args:
        grad_output: array of floats (N, C, H', W'), gradient with respect to max_pool2d(x, kernel_size, stride).
        x: array of floats (N, C, H, W), the input of that call.
        kernel_size: int, as in that call.
        stride: int >= 1 or None, as in that call.

    Returns:
        Array (N, C, H, W). Of several equal maxima of a window the first, row by row, gets all of the gradient.

    Source: torch.nn.functional.max_pool2d and its gradient.
    """
    ### BEGIN SOLUTION
    stride = kernel_size if stride is None else stride
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel_size, kernel_size), axis=(2, 3))
    flat_windows = windows[:, :, ::stride, ::stride].reshape(*grad_output.shape, kernel_size**2)
    i, j = np.divmod(flat_windows.argmax(axis=4), kernel_size)  # argmax gives the first of several maxima
    n, c, u, v = np.indices(grad_output.shape)
    grad_x = np.zeros(x.shape)
    np.add.at(grad_x, (n, c, stride * u + i, stride * v + j), grad_output)  # unlike +=, adds up where indices repeat
    return grad_x
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Begin with zeros in the shape of `x`. Each entry of `grad_output` is to be added at a single place: find out which.
# 2. With loops: for every example, channel, `u` and `v`, cut out the window and ask for the position of its maximum.
#    Which of several equal ones does `np.argmax` return? Its position is a single number that counts row by row; turn
#    it into a row and a column of the window, and add where the window begins.
# 3. Without loops: the same with arrays of positions. Beware of `grad_x[rows, columns] += ...`: where a position occurs
#    twice, only one of the two is added. `np.add.at` adds both.

# %% [markdown]
# How often each pixel of a random picture wins, with windows of 3 by 3: the gradient of the sum of all outputs. Most
# pixels get none. With overlap a winner may collect from several windows: up to four at stride 2, up to nine at
# stride 1.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# x = np.random.default_rng(0).normal(size=(1, 1, 15, 15))
# figure, axes = plt.subplots(1, 4, figsize=(13, 3.2), layout="constrained")
# axes[0].imshow(x[0, 0], cmap="gray")
# axes[0].set(title="input", xticks=[], yticks=[])
# for axis, stride in zip(axes[1:], [3, 2, 1]):
#     wins = max_pool2d_backward(np.ones_like(max_pool2d(x, 3, stride)), x, 3, stride)[0, 0]
#     shown = axis.imshow(wins, cmap="viridis", vmin=0, vmax=9)
#     axis.set(title=f"wins at stride {stride}", xticks=[], yticks=[])
# figure.colorbar(shown, ax=axes, label="windows won", ticks=range(0, 10, 3))
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="A25"
# - 1 point: shrinks each channel of a feature map without any weights: less computation, and later layers see more of
#   the image.
# - 1 point: max, average and global average pooling, with what each keeps.
# - 1 point: small shifts of the input change the output little; that is tolerance, not full invariance.
# - 1 point: what it costs: exact positions are lost, or, the gradient of max pooling reaches only the largest entry;
#   a strided convolution can take its place.
