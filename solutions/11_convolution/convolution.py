# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A5, A21, A24, A29, A31, B14, B38]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 11 · Convolution
#
# A convolutional layer slides a small kernel over a grid and writes down, at every position, the weighted sum of what
# lies under it. The same few weights are used everywhere, so the layer has few parameters and treats a pattern in one
# corner as it treats the same pattern in another.
#
# You build the layer in seven steps: first the arithmetic of sizes (how large is the result, how much padding keeps
# the size), then the padding, the layer itself and its gradient, and last the transposed convolution, which turns out
# to be that gradient used as a layer of its own.
#
# This topic answers the interview questions A5, A21, B14 and B38 (what a convolutional layer does), A24 (convolution
# and "deconvolution"), A29 (stride and padding) and A31 (how kernel and stride set the size). Each section says where
# the documents' answers are wrong. One remark belongs here: the documents speak of convolution as a tool for images
# (B14, B38). Nothing in it needs pictures. Sound is a grid with one axis, video one with three, text a sequence of
# vectors; only the number of axes changes.
#
# **Conventions.** Arrays are laid out as in PyTorch: inputs $(N, C, H, W)$ for batch, channels, height, width;
# kernels $(O, C, k_H, k_W)$ for output channels, input channels, kernel height and width. `kernel_size`, `stride`,
# `padding` and `dilation` are single integers, valid for both spatial axes, but images and kernels need not be
# square. Arrays hold floating-point numbers. Use NumPy and the standard library: nothing else can be imported while
# your work is graded. Never change an argument in place.
#
# The figures in Dumoulin & Visin, 2016, "A guide to convolution arithmetic for deep learning" (arXiv 1603.07285) are
# worth having open while you work.

# %%
import numpy as np

# %% [markdown]
# ## `conv_output_size`: how many positions there are
#
# Take one axis with $n$ entries and put $p$ zeros on *each* end: $n + 2p$ entries. A kernel of $k$ entries covers $k$
# neighbours; with **dilation** $d$ it leaves $d - 1$ entries out between two it looks at, and then spans
# $d(k - 1) + 1$ entries (Yu & Koltun, 2016, arXiv 1511.07122). It starts at the very beginning and moves $s$ entries
# (the **stride**) at a time, as long as it lies wholly inside. Count the positions:
#
# $$n' = \left\lfloor \frac{n + 2p - d(k - 1) - 1}{s} \right\rfloor + 1$$
#
# Rounding down means that up to $s - 1$ entries at the far end may never be looked at.
#
# **Where the documents go wrong.** A31 says that the product of kernel size and stride decides how much the map
# shrinks. There is no such product in the formula: with $n = 32, k = 3, s = 2, p = 1$ the result is 16, not $32 / 6$.
# The same answer holds that a larger kernel or a stride above 1 always makes the map smaller. With enough padding
# neither does: $n = 3, k = 1, s = 2, p = 3$ gives 5. In A29, "strided convolution" stands for the stride itself: the
# stride is a number, a strided convolution is the operation that uses it.


# %%
def conv_output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """Size of a convolution's output along one axis.

        floor((input_size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1

    Args:
        input_size: int >= 1, entries along the axis, before padding.
        kernel_size: int >= 1, weights along the axis.
        stride: int >= 1, entries from one kernel position to the next.
        padding: int >= 0, entries added on each of the two ends.
        dilation: int >= 1, distance between two entries that the kernel looks at; 1 means neighbours.

    Returns:
        int, the number of kernel positions (at least 1).

    Raises:
        ValueError: when the kernel, dilated, does not fit into the padded input, or an argument is out of its range.

    Source: Dumoulin & Visin, 2016, relationship 15; torch.nn.Conv1d.
    """
    ### BEGIN SOLUTION
    if min(input_size, kernel_size, stride, dilation) < 1 or padding < 0:
        raise ValueError("input_size, kernel_size, stride and dilation must be at least 1, padding at least 0")
    span = dilation * (kernel_size - 1) + 1
    room = input_size + 2 * padding - span
    if room < 0:
        raise ValueError(f"kernel_size: the kernel spans {span} entries, the padded input has {span + room}")
    return room // stride + 1
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Look for the bad arguments first: four of them must be at least 1, one may be 0.
# 2. How many entries does the dilated kernel span, and how many does the padded input have? Their difference is the
#    room in which the kernel can move. What does a negative room mean?
# 3. The kernel stands at one position even without any room, and at one more for every whole stride that fits in. `//`
#    rounds down.

# %% [markdown]
# ## `same_padding`: keep the size
#
# Set $n' = n$ and $s = 1$ in the formula above and solve for the padding:
#
# $$p = \frac{d(k - 1)}{2}$$
#
# When $d(k - 1)$ is odd, no padding that is equal on both ends keeps the size, and the function raises `ValueError`.
# That concerns most kernels of even size, but not all: $k = 4, d = 2$ has $p = 3$. (PyTorch's `padding="same"` then
# puts one entry more on one end. Here padding is one number.)
#
# **Where the documents go wrong.** A29 gives $s - 1$ as the usual padding. At stride 1, the only stride at which
# "keep the size" can be asked of any input, this is 0, and a kernel larger than 1 shrinks the map. The right value
# comes from kernel and dilation alone. And padding keeps the size *at stride 1*: at stride 2 the same padding leaves
# about half, $\lceil n / 2 \rceil$.


# %%
def same_padding(kernel_size, dilation=1):
    """Padding per end that keeps the size of the input in a convolution of stride 1.

        dilation * (kernel_size - 1) / 2

    Args:
        kernel_size: int >= 1.
        dilation: int >= 1.

    Returns:
        int, the entries to add on each end.

    Raises:
        ValueError: when the padding would not be a whole number.

    Source: Dumoulin & Visin, 2016, section 2.2.1 ("half" or "same" padding).
    """
    ### BEGIN SOLUTION
    padding, remainder = divmod(dilation * (kernel_size - 1), 2)
    if remainder:
        raise ValueError(f"kernel_size {kernel_size} with dilation {dilation}: no equal padding keeps the size")
    return padding
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. All the padding together, on both ends, is $d(k - 1)$. When can it be shared equally?
# 2. `divmod` gives quotient and remainder at once. It is the product that has to be even, not the kernel size.

# %% [markdown]
# ## `pad2d`: a frame around every image
#
# Padding adds a frame `padding` entries wide around the two *spatial* axes of $(N, C, H, W)$; batch and channels stay
# as they are. What the frame holds is a choice (A29 mentions both):
#
# - `"zero"`: zeros. The usual one; it makes the border of a picture look dark.
# - `"replicate"`: every new entry repeats the entry of the image that is nearest to it. A corner of the frame repeats
#   the corner of the image. The padding may well be wider than the image.
#
# $$\text{"replicate":}\quad y_{u, v} = x_{\min(\max(u - p,\, 0),\, H - 1),\; \min(\max(v - p,\, 0),\, W - 1)}$$


# %%
def pad2d(x, padding, mode="zero"):
    """Add a frame around the spatial axes of a batch of images.

    Args:
        x: array (N, C, H, W).
        padding: int >= 0, rows added above and below, and columns added left and right.
        mode: "zero" fills the frame with zeros, "replicate" with the nearest entry of the image.

    Returns:
        Array (N, C, H + 2 * padding, W + 2 * padding) with x in its middle.

    Raises:
        ValueError: when mode is anything else.

    Source: torch.nn.ZeroPad2d, torch.nn.ReplicationPad2d.
    """
    ### BEGIN SOLUTION
    numpy_modes = {"zero": "constant", "replicate": "edge"}
    if mode not in numpy_modes:
        raise ValueError(f"mode must be 'zero' or 'replicate', got {mode!r}")
    frame = (padding, padding)
    return np.pad(x, ((0, 0), (0, 0), frame, frame), mode=numpy_modes[mode])
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. `np.pad` wants one pair (before, after) for each axis. What are the pairs for batch and channels?
# 2. It knows both kinds of frame under other names: see "constant" and "edge" in its documentation.
# 3. NumPy knows many more modes, under its own names. Check `mode` yourself: only the two of the statement are allowed.

# %% [markdown]
# ## `conv2d`: the layer
#
# Let $\tilde x$ be $x$ with a frame of `padding` zeros. Output channel $o$ at position $(u, v)$ is
#
# $$y_{n,o,u,v} = b_o + \sum_{c=0}^{C-1} \sum_{i=0}^{k_H-1} \sum_{j=0}^{k_W-1}
#   \tilde x_{n,\,c,\,su + i,\,sv + j}\; w_{o,c,i,j}$$
#
# Every output channel has a kernel with one slice per input channel; the slices' results are added up, and the bias
# is added once. The size of the output is `conv_output_size` along each axis; rows and columns at the far end that no
# position reaches are left out.
#
# You may write loops. A version without them looks at all windows at once
# (`np.lib.stride_tricks.sliding_window_view`) or adds up one shifted image per kernel entry.
#
# **Where the documents go wrong.** A5, A21, A24 and B14 call this a convolution of image and kernel. In mathematics a
# convolution turns the kernel round, $\sum_i x_{u-i} w_i$. A neural network's layer does not: it computes a
# *cross-correlation* (Goodfellow, Bengio & Courville, 2016, section 9.1; the documentation of `torch.nn.Conv2d` says
# so too). For learned weights it makes no difference which one you take, as long as everybody takes the same; for
# given weights it does. A21 and A24 also put the activation function into the weighted sum. The layer is linear; ReLU
# or whatever follows it is a separate step.


# %%
def conv2d(x, weight, bias=None, stride=1, padding=0):
    """Two-dimensional cross-correlation of a batch of images with a set of kernels.

        y[n, o, u, v] = bias[o]
            + sum over c, i, j of x_padded[n, c, stride * u + i, stride * v + j] * weight[o, c, i, j]

    Args:
        x: array (N, C, H, W).
        weight: array (O, C, kH, kW), not flipped; no larger than the padded image.
        bias: array (O,), or None for no bias.
        stride: int >= 1, for both axes.
        padding: int >= 0, width of the frame of zeros.

    Returns:
        Array (N, O, H', W') with H' = floor((H + 2 * padding - kH) / stride) + 1, and W' likewise.

    Source: torch.nn.functional.conv2d; Goodfellow, Bengio & Courville, 2016, "Deep Learning", equation 9.6.
    """
    ### BEGIN SOLUTION
    windows = np.lib.stride_tricks.sliding_window_view(pad2d(x, padding), weight.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, H', W', kH, kW), a view
    out = np.einsum("ncuvij,ocij->nouv", windows, weight)
    return out if bias is None else out + bias[:, None, None]
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Pad first. Then write one output number as a loop: which window of which image belongs to position $(u, v)$, and
#    with what is it multiplied? The window starts at $(su, sv)$ of the padded image.
# 2. For one kernel entry $(i, j)$, the pixels that it meets at all positions form one slice of the padded image, which
#    starts at $(i, j)$ and goes in steps of the stride. Two short loops over $i$ and $j$ are enough.
# 3. In each round, sum over the input channels, which the slice and the kernel entry's weights share; `np.einsum` does
#    that by the names of the axes. Add the bias once, at the end, with two axes of length 1 behind its own, so that it
#    lines up with the output channels.

# %% [markdown]
# ### What a kernel sees
#
# One picture, three kernels. The two Sobel kernels answer to brightness that changes from left to right and from top
# to bottom; turned round they would give the negative picture. The third kernel is the mean of its neighbourhood. The
# line at the lower border of the third panel is no edge of the picture: there the bar meets the frame of zeros.


# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rows, columns = np.mgrid[0:60, 0:80]
# image = ((rows - 30) ** 2 + (columns - 28) ** 2 < 18**2) + 0.6 * ((rows > 18) & (columns > 52) & (columns < 72))
# sobel = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
# kernels = np.stack([sobel, sobel.T, np.full((3, 3), 1 / 9)])[:, None]
# maps = conv2d(image[None, None], kernels, padding=1)[0]
#
# figure, axes = plt.subplots(1, 4, figsize=(12, 2.8), layout="constrained")
# titles = ["input", "left to right", "top to bottom", "mean"]
# for axis, picture, title in zip(axes, [image, *maps], titles):
#     limit = np.abs(picture).max()
#     axis.imshow(picture, cmap="RdBu_r", vmin=-limit, vmax=limit)
#     axis.set(title=title, xticks=[], yticks=[])
# plt.show()

# %% [markdown]
# ## `conv2d_backward`: the gradient
#
# Let $g = \partial L / \partial y$ be the gradient of the loss with respect to the output, of shape $(N, O, H', W')$.
# Each product $\tilde x\, w$ in the sum above sends $g$ times one factor to the other factor. A kernel entry is used
# at every position of every image, and an input pixel in several windows, so contributions **add up**:
#
# $$\frac{\partial L}{\partial b_o} = \sum_{n,u,v} g_{n,o,u,v}
# \qquad
# \frac{\partial L}{\partial w_{o,c,i,j}} = \sum_{n,u,v} g_{n,o,u,v}\; \tilde x_{n,\,c,\,su+i,\,sv+j}$$
#
# $$\frac{\partial L}{\partial \tilde x_{n,\,c,\,a,\,b}} =
#   \sum_{o} \; \sum_{\substack{u,i\,:\; su+i=a \\ v,j\,:\; sv+j=b}} g_{n,o,u,v}\; w_{o,c,i,j}$$
#
# The last formula is easier as an instruction: for every output position, add $g$ times the kernel to the window that
# the position looked at. Then cut off the frame: it is no part of $x$. Pixels that no window reached have gradient 0.
# Sum over the batch; do not average, since a mean in the loss is already contained in $g$.


# %%
def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    """Gradients of a loss with respect to the arguments of conv2d, given the gradient with respect to its result.

    Args:
        grad_output: array (N, O, H', W'), gradient with respect to conv2d(x, weight, bias, stride, padding).
        x: array (N, C, H, W), the input of that call.
        weight: array (O, C, kH, kW), the kernels of that call.
        stride: int >= 1, as in that call.
        padding: int >= 0, as in that call.

    Returns:
        Tuple (grad_x, grad_weight, grad_bias) of shapes (N, C, H, W), (O, C, kH, kW) and (O,).

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 9.5; torch.nn.grad.
    """
    ### BEGIN SOLUTION
    height, width = x.shape[2:]
    out_height, out_width = grad_output.shape[2:]
    padded = pad2d(x, padding)
    grad_padded = np.zeros(padded.shape)
    grad_weight = np.zeros(weight.shape)
    for i, j in np.ndindex(*weight.shape[2:]):
        # The pixels that kernel entry (i, j) was multiplied with, one for each output position.
        met = np.s_[:, :, i : i + stride * out_height : stride, j : j + stride * out_width : stride]
        grad_weight[:, :, i, j] = np.einsum("nouv,ncuv->oc", grad_output, padded[met])
        grad_padded[met] += np.einsum("nouv,oc->ncuv", grad_output, weight[:, :, i, j])
    grad_x = grad_padded[:, :, padding : padding + height, padding : padding + width]
    return grad_x, grad_weight, grad_output.sum(axis=(0, 2, 3))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Take the loop of `conv2d` over the kernel entries $(i, j)$. In each round, one slice of the padded image was
#    multiplied by one matrix `weight[:, :, i, j]`. Both get a gradient, each from the other.
# 2. The gradient of that matrix, $(O, C)$, sums `grad_output` times the slice over images and positions. The gradient
#    of that slice, $(N, C, H', W')$, sums `grad_output` times the matrix over the output channels. The slices overlap
#    from round to round, so add.
# 3. Collect the second kind in an array of zeros as large as the padded image, and cut off the frame at the end (think
#    of padding 0). The slice has as many steps as `grad_output` has positions. The bias gets the sum over all axes but
#    the channels.

# %% [markdown]
# ## `conv_transpose_output_size`: the arithmetic backwards
#
# A transposed convolution has the shapes of a convolution the other way round: small map in, large map out. Its size
# comes from solving the convolution's formula (without dilation) for $n$. Now $n$ is the size of the small map:
#
# $$n' = (n - 1)\,s - 2p + k + p_\text{out}$$
#
# Padding makes the result *smaller* here: it is the padding of the convolution that this layer mirrors, and what that
# one added this one cuts off. Rounding down lets up to $s$ different sizes shrink to the same $n$; the **output
# padding** $p_\text{out}$ says which of them is meant.
#
# This function is plain arithmetic and **never raises**, not even where no layer could be built: where PyTorch would
# refuse ($p_\text{out} \ge s$), or where the result is zero or negative, return what the formula gives.
#
# Not every library counts this way. Keras has no number for the padding but two rules: `"same"` gives $n s$, and
# `"valid"` gives $n s + \max(k - s, 0)$, which is the formula without padding only as long as the kernel is not
# smaller than the stride.


# %%
def conv_transpose_output_size(input_size, kernel_size, stride=1, padding=0, output_padding=0):
    """Size of a transposed convolution's output along one axis.

        (input_size - 1) * stride - 2 * padding + kernel_size + output_padding

    Args:
        input_size: int, entries along the axis.
        kernel_size: int, weights along the axis.
        stride: int, stride of the mirrored convolution: distance between two neighbours' contributions in the output.
        padding: int, padding of the mirrored convolution: entries cut off each of the two ends.
        output_padding: int, entries added at one end only.

    Returns:
        int, the value of the formula, whatever it is. Never raises.

    Source: Dumoulin & Visin, 2016, relationship 14; torch.nn.ConvTranspose1d.
    """
    ### BEGIN SOLUTION
    return (input_size - 1) * stride - 2 * padding + kernel_size + output_padding
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Draw 3 input entries, a kernel of size 2 and stride 3: where does the stamp of the last entry start, and where does
#    it end?
# 2. From the end of the last stamp, take away the padding of both ends, and add the output padding once. No rounding
#    and no check is needed.

# %% [markdown]
# ## `conv_transpose2d`: the layer that goes up
#
# Every input pixel stamps a copy of the kernel, scaled by its value, onto the output; neighbouring stamps start $s$
# entries apart, and where they overlap they add up:
#
# $$z_{n,\,o,\,su+i,\,sv+j} \mathrel{+}= \sum_c x_{n,c,u,v}\; w_{c,o,i,j}$$
#
# Then `padding` rows and columns are cut off each of the four sides of $z$, and the bias is added once per output
# pixel.
#
# Compare this with `grad_x` above: it is the same computation. Written as a matrix, a convolution is $y = A x$, and
# the gradient multiplies by $A^\top$; hence the name. Two things follow. The kernel's axes are named from the
# mirrored convolution's side, so they come as $(C, O, k_H, k_W)$: *input* channels first. And $A^\top$ is not
# $A^{-1}$.
#
# **Where the documents go wrong.** A24 calls the layer a deconvolution that restores the original data. It restores
# the *shape*, not the values; undoing a convolution would need its inverse, which in general does not exist. Nor is
# it "upsampling, then a convolution": that is a different layer (often a good one; Odena et al., 2016, "Deconvolution
# and checkerboard artifacts", propose it as a replacement). It *can* be written as a convolution of stride 1, with
# the kernel turned round, over the input with $s - 1$ zeros between its entries and a frame of $k - 1 - p$ zeros.


# %%
def conv_transpose2d(x, weight, bias=None, stride=1, padding=0):
    """Two-dimensional transposed convolution: the map that sends conv2d's output gradient to its input gradient.

        z[n, o, stride * u + i, stride * v + j] += sum over c of x[n, c, u, v] * weight[c, o, i, j]
        result = z without `padding` rows and columns on each side, plus bias[o]

    Args:
        x: array (N, C, H, W).
        weight: array (C, O, kH, kW): input channels first, not flipped.
        bias: array (O,), or None for no bias.
        stride: int >= 1, for both axes.
        padding: int >= 0, rows and columns cut off each side; small enough that something is left.

    Returns:
        Array (N, O, H', W') with H' = (H - 1) * stride - 2 * padding + kH, and W' likewise.

    Source: torch.nn.functional.conv_transpose2d; Dumoulin & Visin, 2016, chapter 4.
    """
    ### BEGIN SOLUTION
    batch, _, height, width = x.shape
    _, out_channels, kernel_height, kernel_width = weight.shape
    stamped_height = (height - 1) * stride + kernel_height
    stamped_width = (width - 1) * stride + kernel_width
    stamped = np.zeros((batch, out_channels, stamped_height, stamped_width))
    for i, j in np.ndindex(kernel_height, kernel_width):
        stamped[:, :, i : i + stride * height : stride, j : j + stride * width : stride] += np.einsum(
            "ncuv,co->nouv", x, weight[:, :, i, j]
        )
    out = stamped[:, :, padding : stamped_height - padding, padding : stamped_width - padding]
    return out if bias is None else out + bias[:, None, None]
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Begin with an array of zeros that is large enough for all stamps, before anything is cut off. How long is an axis
#    on which the last stamp starts at $(H - 1)s$?
# 2. For one kernel entry $(i, j)$, all input pixels contribute to one slice of that array: it starts at $(i, j)$ and
#    goes in steps of the stride. Sum over the input channels, and add to what the slice holds already.
# 3. At the end cut off `padding` rows and columns on each side, with slices that are right for padding 0 as well, and
#    add the bias.

# %% [markdown]
# ### Why transposed convolutions draw checkerboards
#
# Input and kernel are all ones, so each output pixel shows how many stamps reach it. At stride 2 a kernel of size 3
# covers some pixels once, some twice, some four times: the checkerboard that careless decoders paint over their
# pictures. A kernel size that the stride divides covers the inside evenly.


# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# figure, axes = plt.subplots(1, 2, figsize=(8, 4), layout="constrained")
# for axis, kernel_size in zip(axes, [3, 4]):
#     stamps = conv_transpose2d(np.ones((1, 1, 6, 6)), np.ones((1, 1, kernel_size, kernel_size)), stride=2)[0, 0]
#     shown = axis.imshow(stamps, cmap="viridis", vmin=0, vmax=4)
#     axis.set(title=f"kernel {kernel_size}, stride 2", xticks=[], yticks=[])
# figure.colorbar(shown, ax=axes, label="stamps per pixel", ticks=range(5), shrink=0.8)
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="A29"
# - 1 point: the stride is how far the kernel moves; stride s divides the size of the feature map by about s.
# - 1 point: padding adds a border, so that the size can be kept and pixels at the edge are seen as often as others.
# - 2 points: the size of the output, floor((n + 2p - k) / s) + 1, explained or used in an example.
