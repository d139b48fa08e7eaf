# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A16, A40, A47, A48, B16, B40, B47]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 13 · Convolutional networks
#
# A convolutional network is made of three parts that every answer lists: convolutions, pooling, and a dense layer or
# two at the end. More interesting is *why* it works with so few weights. Take a first layer that turns a picture of
# $3 \times 224 \times 224$ numbers into 64 maps of the same height and width, and ask what it costs, without biases:
#
# | the layer is | weights | multiplications per picture |
# |---|---|---|
# | dense: every output sees every input | 483 billion | 483 billion |
# | local: every output sees its $3 \times 3$ neighbourhood, with weights of its own | 87 million | 87 million |
# | convolutional: local, and all positions share the weights | 1728 | 87 million |
#
# *Locality* saves both, *sharing* saves weights only. You will count parameters, write a convolution as the matrix that
# it is and see both ideas in it, find out what sharing does to the gradient, measure how far a deep unit sees, and
# finally run a small network from picture to scores.
#
# **Rules of this topic.** Use NumPy and the standard library: nothing else can be imported while your work is graded.
# Images are laid out as in PyTorch, $(N, C, H, W)$ for batch, channels, height, width, and "convolution" means
# cross-correlation: the kernel is not turned round. Arrays hold floats (float64 or float32), and arguments are never
# changed in place.
#
# **Interview questions.** A16, A40, B16, B40 and B47 (what a convolutional network is), A47 (weight sharing) and A48
# (hierarchical models); A and B are the two documents that this collection follows. Some general corrections, more in
# the sections:
#
# - B16 and B40 say that such networks are made for images. They suit anything on a grid whose neighbours belong
#   together: sound (one axis), video (three), text. A40 itself names video and audio.
# - B47 asks about a "convolutional convolutional neural network" and answers with an architecture, CCNN. There is none;
#   the word has slipped in twice. What the answer describes, several convolutions in a row, is an ordinary
#   convolutional network.
# - A48 says that a hierarchical model learns one layer after another and thereby avoids overfitting. All layers are
#   trained together, by one gradient, and depth by itself protects from nothing: it makes a model more flexible.

# %%
import numpy as np

# %% [markdown]
# ## `conv_parameter_count`: what a convolutional layer learns
#
# A two-dimensional layer with $C$ input channels, $O$ output channels and square kernels of side $k$ has one kernel for
# each output channel, and every kernel reaches through all input channels. With one bias for each output channel:
#
# $$O \, C \, k^2 + O$$
#
# Height and width of the picture do not occur: a layer trained on small pictures runs on large ones.
#
# **Where the documents go wrong.** A16 and A40 say that pooling reduces the number of parameters. Pooling has no
# parameters, and by this formula it cannot change those of any convolution, before it or after it. What does shrink is
# the *dense* layer that comes after the maps are flattened: the next section counts that one.


# %%
def conv_parameter_count(in_channels, out_channels, kernel_size, bias=True):
    """Number of learned parameters of a two-dimensional convolutional layer.

        out_channels * in_channels * kernel_size**2, and out_channels more with a bias

    Args:
        in_channels: int >= 1.
        out_channels: int >= 1.
        kernel_size: int >= 1, side of the square kernels.
        bias: bool, whether every output channel has a bias.

    Returns:
        int.

    Source: torch.nn.Conv2d.
    """
    ### BEGIN SOLUTION
    weights = out_channels * in_channels * kernel_size**2
    return weights + out_channels if bias else weights
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Think of the weights as one array. Which four axes does it have, and how long is each?
# 2. How many output maps are there? That is how many biases there are; each one is added everywhere on its map.
# 3. Check with a layer that you can draw: 2 input channels, 3 output channels, $1 \times 1$ kernels. It is a dense
#    layer applied to each pixel, with 6 weights and 3 biases.

# %% [markdown]
# ## `dense_parameter_count`: what a dense layer learns
#
# With $I$ inputs and $O$ outputs every input meets every output in a weight of its own, and every output has a bias:
#
# $$O \, I + O$$
#
# Here the size of the picture does count, because a dense layer sees the flattened maps. VGG-16 ends its convolutions
# with $512$ maps of $7 \times 7$ and connects them to $4096$ units: more than 102 million parameters, three quarters of
# the whole network, in one layer. Without the last $2 \times 2$ pooling the maps would be $14 \times 14$ and that layer
# four times as large. This is the grain of truth in "pooling saves parameters". Networks that replace flattening by
# the mean over each map (global average pooling) do not have this problem at all.


# %%
def dense_parameter_count(in_features, out_features, bias=True):
    """Number of learned parameters of a dense layer.

        out_features * in_features, and out_features more with a bias

    Args:
        in_features: int >= 1.
        out_features: int >= 1.
        bias: bool, whether every output has a bias.

    Returns:
        int.

    Source: torch.nn.Linear; for the example Simonyan & Zisserman, 2015, "Very deep convolutional networks for
    large-scale image recognition".
    """
    ### BEGIN SOLUTION
    weights = out_features * in_features
    return weights + out_features if bias else weights
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Draw 3 inputs and 2 outputs, all connected: count the lines, then count the units that need a bias.
# 2. `bias` is a truth value: it decides whether those are counted at all.

# %% [markdown]
# ## `conv1d_as_matrix`: the dense layer inside a convolution
#
# A convolution is linear, so there is a matrix that does the same. For a signal $x$ of $n$ numbers and a kernel $w$ of
# $k$, without padding and at stride 1 (a *valid* cross-correlation), $y_i = \sum_j w_j \, x_{i+j}$ is $y = Mx$ with
#
# $$M_{i,\,i+j} = w_j \quad (0 \le j < k), \qquad \text{all other entries } 0,
# \qquad M \text{ of shape } (n - k + 1, \; n).$$
#
# Every row holds the same kernel, one place further to the right than the row above. For $n = 4$, $w = (a, b, c)$:
#
# $$M = \begin{pmatrix} a & b & c & 0 \\ 0 & a & b & c \end{pmatrix}$$
#
# The zeros are locality: they need no multiplication. The repetition is sharing: eight entries, three of them to learn.
#
# **Where the documents go wrong.** A47 credits sharing with less computation and faster training. Repeating a number
# does not save the multiplication with it; what A47 praises is the work of the zeros. Sharing saves memory, and needs
# fewer examples, since each of them teaches the kernel something at every position.


# %%
def conv1d_as_matrix(kernel, input_size):
    """The matrix of a valid one-dimensional cross-correlation of stride 1.

        conv1d_as_matrix(kernel, n) @ x  =  y    with    y[i] = sum over j of kernel[j] * x[i + j]

    Args:
        kernel: array (k,), not flipped.
        input_size: int n >= k, length of the signal.

    Returns:
        Array (n - k + 1, n): entry [i, i + j] is kernel[j], all others are 0.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", sections 9.1 and 9.2; torch.nn.functional.conv1d.
    """
    ### BEGIN SOLUTION
    positions = input_size - len(kernel) + 1
    matrix = np.zeros((positions, input_size))
    for i in range(positions):
        matrix[i, i : i + len(kernel)] = kernel
    return matrix
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Start with the shape: one column for every input, one row for every place where the kernel lies wholly inside.
# 2. Start from zeros (zeros of which dtype?) and write the kernel into one row after another. In which column does
#    row $i$ begin?
# 3. In the last row the kernel ends exactly at the last column. If it does not, count the positions again.

# %% [markdown]
# The table of the introduction in one dimension, with 12 inputs, 10 outputs and a neighbourhood of 3. Each row holds
# the weights of one output; white is a connection that does not exist.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(1)
# connected = conv1d_as_matrix(np.ones(3), 12)
# weights = rng.uniform(0.2, 1.0, connected.shape)
# shared = conv1d_as_matrix(np.array([0.3, 1.0, 0.6]), 12)
#
# figure, axes = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
# panels = {
#     "dense: 120 weights, 120 products": weights,
#     "local: 30 weights, 30 products": weights * connected,
#     "shared: 3 weights, 30 products": shared,
# }
# for axis, (title, matrix) in zip(axes, panels.items()):
#     axis.imshow(np.where(matrix == 0, np.nan, matrix), cmap="viridis", vmin=0, vmax=1)
#     axis.set(title=title, xlabel="input", xticks=[], yticks=[])
# axes[0].set_ylabel("output")
# plt.show()

# %% [markdown]
# ## `shared_weight_gradient`: all copies report to one weight
#
# Suppose somebody has computed the gradient of the loss with respect to every entry of $M$ as if all entries were
# independent: $G_{i,m} = \partial L / \partial M_{i,m}$. The kernel entry $w_j$ stands in $M$ once per row. If it
# moves, all of its copies move, and by the chain rule their effects on the loss add up:
#
# $$\frac{\partial L}{\partial w_j} = \sum_{i} G_{i,\,i+j}$$
#
# It is a sum, not a mean, and the copies are all equally important: the last position is not special. Entries of $G$
# where $M$ is 0 by construction do not count: nothing can move there. The same rule holds wherever a weight is used
# more than once, for example at every time step of a recurrent network. A47 explains sharing without saying it, though
# it is the one thing that has to be known in order to train such a layer.


# %%
def shared_weight_gradient(grad_matrix, kernel_size):
    """Gradient of a kernel, from the gradient of the matrix that conv1d_as_matrix makes of it.

        result[j] = sum over i of grad_matrix[i, i + j]

    Args:
        grad_matrix: array (n - k + 1, n), gradient of a loss with respect to each entry of the matrix; entries
            where the matrix has no copy of the kernel hold any number and are left out.
        kernel_size: int k >= 1.

    Returns:
        Array (k,).

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 9.2 on parameter sharing.
    """
    ### BEGIN SOLUTION
    return np.array([np.trace(grad_matrix, offset=j) for j in range(kernel_size)])
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Write down the $2 \times 4$ matrix of the kernel $(a, b, c)$ and mark the places of $b$. Those are the entries of
#    `grad_matrix` that the gradient of $b$ is made of.
# 2. Either go through the rows and add the right piece of each to a result of $k$ zeros, or go through the kernel
#    entries and add up what lies on one line.
# 3. The copies of one kernel entry lie on a diagonal, and NumPy has functions for diagonals that do not start in the
#    corner.

# %% [markdown]
# ## `receptive_field`: how far a unit sees
#
# An output of a $3 \times 3$ convolution depends on 3 input pixels along each axis. Put another such layer on top: its
# outputs depend on 3 pixels of the map below, which together depend on 5 pixels of the input. The **receptive field**
# is that length: from the first to the last input pixel that an output depends on, along one axis. (A border does not
# matter here: imagine an input without end.)
#
# For layers with kernel sizes $k_1, \ldots, k_L$ and strides $s_1, \ldots, s_L$, first layer first:
#
# $$r = 1 + \sum_{l=1}^{L} (k_l - 1) \prod_{m<l} s_m$$
#
# The product is the **jump**: how many input pixels lie between two neighbours on the map that layer $l$ reads. A
# pooling layer counts like a convolution, $2 \times 2$ pooling as $k = 2, s = 2$. Without layers, $r$ is 1. If a stride
# is larger than its kernel, some pixels in between are never looked at; the length counts them all the same.
#
# This is the sense in which such networks are hierarchical (A48): an early unit can only know of an edge, a late one of
# a whole object. It is also what is true about B47's many convolutions. Two things are easily got wrong: kernel sizes
# are neither added nor multiplied, and a layer's own stride widens the view of *later* layers, not its own. A29 claims
# the latter when it says that a layer with a larger stride extracts features from a wider area.


# %%
def receptive_field(kernel_sizes, strides):
    """Receptive field of one output of stacked layers, along one axis, in input pixels.

        1 + sum over layers l of (kernel_sizes[l] - 1) * (product of the strides of the layers before l)

    Args:
        kernel_sizes: list of ints >= 1, first layer first; may be empty.
        strides: list of ints >= 1, as many.

    Returns:
        int, 1 when there are no layers.

    Source: Araujo, Norris & Sim, 2019, "Computing receptive fields of convolutional neural networks", Distill.
    """
    ### BEGIN SOLUTION
    field = jump = 1
    for kernel_size, stride in zip(kernel_sizes, strides):
        field += (kernel_size - 1) * jump
        jump *= stride
    return field
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Do it on paper for two layers of kernel size 3, first at stride 1, then with stride 2 in the first layer: draw
#    the pixels that the three entries under the second kernel come from.
# 2. Carry two numbers through the layers: the field so far, and the jump, the distance in input pixels between two
#    neighbours on the current map. Both are 1 at the input itself.
# 3. A kernel of size $k$ reaches $k - 1$ neighbours further. When you come to a layer, is its own stride already in
#    the jump?

# %% [markdown]
# The receptive field grows with depth: slowly at stride 1, exponentially once layers subsample. The dashed line is a
# picture of 224 pixels; where a curve lies below it, no unit of that layer can know of the whole picture.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# stacks = {
#     "3, stride 1": ([3], [1]),
#     "3, 3, then pooling 2 (as in VGG)": ([3, 3, 2], [1, 1, 2]),
#     "3, stride 2": ([3], [2]),
# }
# plt.figure(figsize=(7, 3.8))
# for label, (kernel_sizes, strides) in stacks.items():
#     depths = range(16)
#     fields = [receptive_field((kernel_sizes * 16)[:depth], (strides * 16)[:depth]) for depth in depths]
#     plt.semilogy(depths, fields, marker="o", markersize=3, label=label)
# plt.axhline(224, color="gray", linestyle="--")
# plt.ylim(0.8, 2000)
# plt.xlabel("layers")
# plt.ylabel("receptive field (pixels)")
# plt.legend()
# plt.show()

# %% [markdown]
# ## `feature_pyramid`: the same maps, coarser and coarser
#
# The other way to look at a picture on several scales is to shrink the picture. Level 0 of the pyramid is $x$ itself,
# and every further level halves the one before it: each pixel is the mean of a $2 \times 2$ block,
#
# $$x^{(l+1)}_{n,c,u,v} = \frac14 \sum_{i=0}^{1} \sum_{j=0}^{1} x^{(l)}_{n,\,c,\,2u+i,\,2v+j}$$
#
# If a height or width is odd, the last row or column is left over and dropped: 7 rows become 3.
#
# The same $3 \times 3$ kernel covers 3 pixels of level 0 and an area of 12 by 12 on level 2, so one small detector
# finds large things too. Detectors with such pyramids were common before networks were; feature pyramid networks
# (Lin et al., 2017) take the maps of several depths of one network as the levels, where the network's own strides do
# the shrinking. Taking every second pixel instead of the mean can lose a thin line altogether.


# %%
def feature_pyramid(x, levels):
    """Image pyramid by repeated 2 x 2 average pooling.

        level 0 is x;  level l + 1 is level l after 2 x 2 average pooling of stride 2, a ragged edge dropped

    Args:
        x: array (N, C, H, W).
        levels: int >= 1, number of levels including x; few enough that each has at least one pixel.

    Returns:
        List of `levels` arrays: (N, C, H, W), (N, C, H // 2, W // 2), (N, C, H // 4, W // 4) and so on.

    Source: Adelson et al., 1984, "Pyramid methods in image processing", with the plain mean as filter;
    torch.nn.functional.avg_pool2d.
    """
    ### BEGIN SOLUTION
    pyramid = [x]
    for _ in range(levels - 1):
        blocks = np.lib.stride_tricks.sliding_window_view(pyramid[-1], (2, 2), axis=(2, 3))[:, :, ::2, ::2]
        pyramid.append(blocks.mean(axis=(4, 5)))
    return pyramid
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Write one halving first. A list that starts with `x` and grows from its own last entry does the rest. How many
#    halvings do you need for `levels` arrays?
# 2. The top left pixels of all blocks are `[..., ::2, ::2]`. The blocks have three more pixels.
# 3. With 7 rows the top pixels are one too many. Cut off what is left over before anything else; windows that have to
#    lie wholly inside leave it out by themselves.

# %% [markdown]
# ## `cnn_forward`: from picture to scores
#
# All parts in a row, the smallest network that deserves the name (LeCun et al., 1998, with later ingredients):
#
# 1. **Convolution**, stride 1, $3 \times 3$ kernels, with a frame of zeros one pixel wide, so that height and width
#    stay, plus a bias for each output channel: $(N, C, H, W) \to (N, O, H, W)$.
# 2. **ReLU**, $\max(0, \cdot)$.
# 3. **Max pooling**, $2 \times 2$, stride 2; an odd last row or column is dropped: $\to (N, O, H', W')$ with
#    $H' = \lfloor H/2 \rfloor$, $W' = \lfloor W/2 \rfloor$.
# 4. **Flatten**: each picture becomes one row, channel by channel and row by row: $\to (N, O H' W')$.
# 5. **Dense layer**: $\to (N, K)$, one score for each class. Nothing follows: softmax belongs to the loss.
#
# The weights arrive in a dict, named as below. In A40's list, this is all there is to a convolutional network; what
# that list leaves out is the order in which things are flattened. It is arbitrary, but the dense layer's weights were
# learned for one order and are worthless for another.


# %%
def cnn_forward(x, params):
    """Scores of a small convolutional network.

        convolution (stride 1, padding 1) -> ReLU -> 2 x 2 max pooling -> flatten -> dense layer

    Args:
        x: array (N, C, H, W), H and W at least 2.
        params: dict of arrays: "conv_weight" (O, C, 3, 3), not flipped; "conv_bias" (O,);
            "fc_weight" (K, O * (H // 2) * (W // 2)); "fc_bias" (K,).

    Returns:
        Array (N, K).

    Source: LeCun, Bottou, Bengio & Haffner, 1998, "Gradient-based learning applied to document recognition";
    torch.nn.Conv2d, torch.nn.MaxPool2d, torch.nn.Flatten and torch.nn.Linear.
    """
    ### BEGIN SOLUTION
    view = np.lib.stride_tricks.sliding_window_view
    windows = view(np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))), (3, 3), axis=(2, 3))  # (N, C, H, W, 3, 3)
    maps = np.einsum("nchwij,ocij->nohw", windows, params["conv_weight"]) + params["conv_bias"][:, None, None]
    pooled = view(np.maximum(maps, 0), (2, 2), axis=(2, 3))[:, :, ::2, ::2].max(axis=(4, 5))
    return pooled.reshape(len(x), -1) @ params["fc_weight"].T + params["fc_bias"]
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Go one step at a time and look at the shape after each; the list above says what it has to be. `np.pad` makes the
#    frame.
# 2. For the convolution either loop over the output pixels, or add up nine shifted images, one for each kernel entry,
#    each weighted by that entry and summed over the input channels.
# 3. For the pooling, compare four images: the top left, top right, bottom left and bottom right pixels of the blocks.
#    Cut an odd row or column off first.

# %% [markdown] tags=["mark-scheme"] question="A47"
# - 2 points: the same weights are used in several places, as a kernel at every position; so the number of parameters
#   does not grow with the input, unlike that of a dense layer.
# - 1 point: what it assumes and gains: a feature is worth finding anywhere; a shifted input gives a shifted output
#   (equivariance).
# - 1 point: the gradient of a shared weight is the sum over all the places where it is used.
