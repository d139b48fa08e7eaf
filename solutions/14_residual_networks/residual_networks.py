# ---
# jupyter:
#   autograder:
#     profile: torch
#     questions: [A32, A43, B28, B48]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 14 · Residual networks
#
# Stack more convolutional layers, and at some depth the network gets *worse*, on the training set as well.
# Overfitting it is not, since an overfitted network has a small training error. Nor do more layers lack the means:
# they could copy the shallower network and pass its result on unchanged. Gradient descent just does not find that
# solution. He et al. (2016) call this **degradation**, and their remedy is short. If a block of layers ought to
# compute $H(x)$, let it compute the difference $F(x) = H(x) - x$, the *residual*, and add $x$ afterwards:
#
# $$H(x) = F(x) + x$$
#
# The term $x$ is the **shortcut**. A block that should change nothing now only has to make $F$ zero, which is where
# small weights lead anyway.
#
# You will write the three blocks that a ResNet consists of, and then work out what a shortcut does to the gradient.
# Each answer is one to three lines; what matters is what is added to what, and when the ReLU is applied.
#
# **Rules of this topic.** Use PyTorch (all of it), NumPy and the standard library. Tensors are on the CPU and hold
# finite floats, all float64 or all float32; they require no gradient. Images are $(N, C, H, W)$: batch, channels,
# height, width; kernels are $(\text{out}, \text{in}, k, k)$, as `torch.nn.functional.conv2d` takes them. Arguments
# stay as they were: `+=` and `inplace=True` write into the tensor that they are given, so use them on tensors of your
# own only.
#
# **What is left out.** In the paper every convolution is followed by batch normalization (topic 09), which is also
# why it needs no bias. Here there is neither, so that a block is a function of its arguments and of nothing else.
#
# **Interview questions.** A32, A43, B28 and B48 (A and B are the two documents that this collection follows) all ask
# what a residual network is. Their answers need correcting:
#
# - All four say that it solved vanishing gradients, and A32 and A43 add exploding ones. The problem in the paper is
#   degradation. Its section 4.1 calls vanishing gradients an unlikely cause: the plain networks were normalized, and
#   their gradients were measured to be healthy. What a shortcut does to a gradient is the subject of the last two
#   exercises; it rules out neither of the two.
# - A32 says that the shortcut passes the input on to the next layer, B28 and B48 that it passes on what the layer
#   before has found. Every layer of every network does that. A shortcut joins the input of a block to the *output* of
#   the same block, two or three layers later.
# - None of them says that it is *added*, nor where the ReLU goes.
# - A32 and A43 say that depth can be increased without loss. In section 4.2 of the paper, 1202 layers have a test
#   error of 7.93 % on CIFAR-10, and 110 layers 6.43 %.
# - A32 and A43 call the shortcut a short circuit. That is a fault in wiring; nothing is cut off here, since the block
#   works in parallel to its shortcut.

# %%
import torch
import torch.nn.functional as F

# %% [markdown]
# ## `residual_block`: two convolutions and a shortcut
#
# $$y = \mathrm{ReLU}\bigl(F(x) + x\bigr), \qquad F(x) = w_2 * \mathrm{ReLU}(w_1 * x)$$
#
# where $*$ is a convolution with $3 \times 3$ kernels and padding 1, without bias. It keeps height and width, and
# there are as many channels at the end as at the beginning; otherwise $F(x)$ and $x$ could not be added.
#
# There are two ReLUs: one between the convolutions, and one **after the addition**. The branch $F(x)$ itself is not
# activated. If it were, the block could only ever add to $x$, never take anything away (a well-known implementation
# for CIFAR-10 once had exactly this slip).
#
# Two checks: with $w_2 = 0$ the block returns $\mathrm{ReLU}(x)$, so it leaves the output of an earlier block, which
# is never negative, as it is. And where the branch is $-\tfrac12 x$, a positive $x$ is halved.


# %%
def residual_block(x, weight1, weight2):
    """The basic block of a residual network, without batch normalization.

        y = ReLU(conv(ReLU(conv(x, weight1)), weight2) + x)     stride 1, padding 1, no bias

    Args:
        x: images, (N, C, H, W).
        weight1: kernels of the first convolution, (C, C, 3, 3).
        weight2: kernels of the second convolution, (C, C, 3, 3).

    Returns:
        Tensor of the shape of x.

    Source: He, Zhang, Ren & Sun, 2016, "Deep residual learning for image recognition", sections 3.2 and 3.3.
    """
    ### BEGIN SOLUTION
    hidden = F.relu(F.conv2d(x, weight1, padding=1))
    return F.relu(F.conv2d(hidden, weight2, padding=1) + x)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Write down the five steps in order: convolution, ReLU, convolution, addition, ReLU. Which tensor does each of
#    them take? `x` is needed twice, so do not overwrite the name.
# 2. `F.conv2d` takes the kernels as its second argument; look up how it is told the padding.
# 3. If only some values are wrong, try an `x` that is all negative, then one that is all positive, by hand: what does
#    the block make of each when `weight2` is zero?

# %% [markdown]
# ## `projection_block`: when the shape changes
#
# Between its stages a ResNet halves the image and doubles the channels. Then $F(x)$ and $x$ differ in shape, and the
# shortcut needs a convolution of its own. It has a $1 \times 1$ kernel: at each position it visits, it mixes the
# channels and looks at no neighbour.
#
# $$y = \mathrm{ReLU}\bigl(w_2 * \mathrm{ReLU}(w_1 *_s x) + w_\text{shortcut} *_s x\bigr)$$
#
# $*_s$ is a convolution with stride $s$. The stride belongs to the *first* convolution of the branch and to the
# shortcut; the second convolution has stride 1. With the stride on the second one all shapes still fit, and the
# values are wrong: a published library had that mistake. The $3 \times 3$ convolutions have padding 1, the shortcut
# none. Then both sides end up at the same size, whatever the stride:
#
# $$\left\lfloor \frac{H + 2 - 3}{s} \right\rfloor + 1 = \left\lfloor \frac{H - 1}{s} \right\rfloor + 1$$
#
# The shortcut is linear; no ReLU follows it before the sum.


# %%
def projection_block(x, weight1, weight2, weight_shortcut, stride):
    """A residual block that changes the number of channels and the size of the image.

        y = ReLU(conv(ReLU(conv(x, weight1, stride)), weight2) + conv(x, weight_shortcut, stride))     no bias

    Args:
        x: images, (N, C, H, W).
        weight1: kernels of the first convolution, (O, C, 3, 3); its stride is `stride`, its padding 1.
        weight2: kernels of the second convolution, (O, O, 3, 3); its stride is 1, its padding 1.
        weight_shortcut: kernels of the shortcut, (O, C, 1, 1); its stride is `stride`, it has no padding.
        stride: int, at least 1.

    Returns:
        Tensor (N, O, H', W') with H' = (H - 1) // stride + 1, and W' likewise.

    Source: He, Zhang, Ren & Sun, 2016, "Deep residual learning for image recognition", section 3.3, option B.
    """
    ### BEGIN SOLUTION
    hidden = F.relu(F.conv2d(x, weight1, stride=stride, padding=1))
    shortcut = F.conv2d(x, weight_shortcut, stride=stride)
    return F.relu(F.conv2d(hidden, weight2, padding=1) + shortcut)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Only two things differ from the basic block: what is added is not `x`, and two of the now three convolutions have
#    a stride.
# 2. If PyTorch complains about sizes that do not match, print the shapes of both sides of the addition. Which of the
#    convolutions has the wrong stride or padding?
# 3. Test each side alone: with `weight_shortcut` zero only the branch is left, with `weight2` zero only the shortcut.

# %% [markdown]
# ## `bottleneck_block`: three convolutions for the price of one
#
# In deep ResNets (50 layers and more) the branch first reduces the channels with a $1 \times 1$ convolution, does the
# expensive $3 \times 3$ one on the few that are left, and expands them again:
#
# $$y = \mathrm{ReLU}\bigl(w_3 * \mathrm{ReLU}(w_2 * \mathrm{ReLU}(w_1 * x)) + x\bigr)$$
#
# With 256 channels, reduced to 64, the three convolutions have
# $256 \cdot 64 + 9 \cdot 64 \cdot 64 + 64 \cdot 256 = 69\,632$ weights. A single $3 \times 3$ convolution on 256
# channels has 589 824.
#
# Only the convolution in the middle is padded. A ReLU follows the first and the second convolution; the third waits
# for the sum. The shortcut is the identity and joins the *wide* ends of the bottleneck.


# %%
def bottleneck_block(x, weight1, weight2, weight3):
    """The bottleneck block of the deeper residual networks, with the identity as its shortcut.

        y = ReLU(conv(ReLU(conv(ReLU(conv(x, weight1)), weight2)), weight3) + x)     stride 1, no bias

    Args:
        x: images, (N, C, H, W).
        weight1: kernels that reduce the channels, (M, C, 1, 1).
        weight2: kernels of the convolution in the middle, (M, M, 3, 3), which has padding 1.
        weight3: kernels that expand the channels again, (C, M, 1, 1).

    Returns:
        Tensor of the shape of x.

    Source: He, Zhang, Ren & Sun, 2016, "Deep residual learning for image recognition", section 4.1, figure 5.
    """
    ### BEGIN SOLUTION
    hidden = F.relu(F.conv2d(x, weight1))
    hidden = F.relu(F.conv2d(hidden, weight2, padding=1))
    return F.relu(F.conv2d(hidden, weight3) + x)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Follow the number of channels: $C$, $M$, $M$, $C$. Only at one point is there something of the shape of `x` to
#    which `x` can be added.
# 2. A $1 \times 1$ convolution does not shrink the image. What happens if you pad it all the same?
# 3. Count your ReLUs: there are three, and the last one comes at the very end.

# %% [markdown]
# What the shortcut does, with weights that nobody has trained. A picture goes through 16 convolutions with random
# kernels, in the upper row one after the other, in the lower row as 8 residual blocks. The kernels are the same in
# both rows; the second of each pair are small, and every picture is shown at its own brightness. Without shortcuts,
# every pair of layers has to carry the picture on, and random ones do not. With shortcuts it is still there, and
# training can start from it.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# generator = torch.Generator().manual_seed(0)
# rows, columns = torch.meshgrid(torch.linspace(-1, 1, 32), torch.linspace(-1, 1, 32), indexing="ij")
# radius = (rows**2 + columns**2).sqrt()
# ring = ((radius > 0.45) & (radius < 0.75)).float()
# plain = residual = ring.expand(1, 8, 32, 32)
# pictures = {0: (plain, residual)}
# for depth in range(2, 17, 2):
#     weight1, weight2 = torch.randn(2, 8, 8, 3, 3, generator=generator) * (2 / 72) ** 0.5
#     weight2 = 0.3 * weight2
#     plain = F.relu(F.conv2d(F.relu(F.conv2d(plain, weight1, padding=1)), weight2, padding=1))
#     residual = residual_block(residual, weight1, weight2)
#     pictures[depth] = (plain, residual)
#
# shown = [0, 2, 4, 8, 16]
# figure, axes = plt.subplots(2, len(shown), figsize=(10, 4.4))
# for column, depth in zip(axes.T, shown):
#     for axis, name, images in zip(column, ["plain", "residual"], pictures[depth]):
#         axis.imshow(images[0].mean(0), cmap="gray")
#         axis.set(title=f"{name}, {depth} layers", xticks=[], yticks=[])
# plt.tight_layout()
# plt.show()

# %% [markdown]
# ## `plain_chain_gradient`: one factor per layer
#
# To see what happens to gradients, make everything as small as possible: each layer is a function $f_l$ of *one*
# number, and $x_{l+1} = f_l(x_l)$. By the chain rule
#
# $$\frac{d x_L}{d x_0} = f_0'(x_0) \cdot f_1'(x_1) \cdots f_{L-1}'(x_{L-1}).$$
#
# The *local gradients* $g_l = f_l'(x_l)$ are given. If they are all about $0.5$, fifty layers leave $10^{-15}$; if
# they are about $1.5$, fifty layers make $6 \cdot 10^8$ of 1. And one layer with a gradient of 0 is enough to cut off
# all layers before it.


# %%
def plain_chain_gradient(local_gradients):
    """The gradient through a chain of layers, each a function of one number.

        x_{l+1} = f_l(x_l)    so that    d x_L / d x_0 = g_0 * g_1 * ... * g_{L-1},   g_l = f_l'(x_l)

    Args:
        local_gradients: the local gradient g_l of every layer, any finite numbers, (L,), L at least 1.

    Returns:
        The gradient of the last number with respect to the first, a 0-d tensor.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 8.2.5.
    """
    ### BEGIN SOLUTION
    return torch.prod(local_gradients)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Take two layers, $x_2 = f_1(f_0(x_0))$, and write down the chain rule. Then three.
# 2. PyTorch has a function for it. If you write a loop, mind that `total = local_gradients[0]` is no copy:
#    `total *= ...` then writes into the argument.

# %% [markdown]
# ## `residual_chain_gradient`: the same layers, with shortcuts
#
# Now every layer gets a shortcut of its own: $x_{l+1} = x_l + f_l(x_l)$. Differentiate one such step with respect to
# $x_l$, and multiply the steps again. The local gradients $g_l = f_l'(x_l)$ are again those of the layers *without*
# their shortcuts.
#
# If you multiply the product out, you get one term for every choice of "through the layer" or "around it": $2^L$
# paths, and one of them, around everything, contributes exactly 1 (Veit et al., 2016, "Residual networks behave like
# ensembles of relatively shallow networks"). This 1 is what the documents mean by a gradient that passes directly.
# But it is one *term* of the gradient; the others are still there:
#
# - The gradient is not always 1. If every $g_l$ is $0.1$, a hundred layers give about 13 781: it **explodes**.
# - If every $g_l$ is $-0.5$, it is $0.5^L$ and **vanishes** like that of a plain chain; a single $g_l = -1$ makes it
#   0. (In a real network $g_l$ is a matrix, and one that takes away all that the shortcut brings is rare.)
# - What is gained: layers with *small* local gradients, such as those of a network with small initial weights, no
#   longer cut off what lies before them.
#
# The blocks above are not quite such a chain: after their sum comes a ReLU, which every path has to pass. Moving it
# into the branch gives the pre-activation block, whose shortcuts are clean from end to end (He et al., 2016,
# "Identity mappings in deep residual networks").


# %%
def residual_chain_gradient(local_gradients):
    """The gradient through a chain of layers, each with an identity shortcut.

        x_{l+1} = x_l + f_l(x_l),   d x_L / d x_0 from the local gradients g_l = f_l'(x_l)

    Args:
        local_gradients: the local gradient g_l of every layer without its shortcut, any finite numbers, (L,), L at
            least 1.

    Returns:
        The gradient of the last number with respect to the first, a 0-d tensor.

    Source: He, Zhang, Ren & Sun, 2016, "Identity mappings in deep residual networks", section 2.
    """
    ### BEGIN SOLUTION
    return torch.prod(1 + local_gradients)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. What is the derivative of $x + f(x)$ with respect to $x$, if that of $f$ is $g$?
# 2. Each step has a factor of its own, as in the plain chain. A single shortcut around the whole chain would be
#    another network, with another gradient.
# 3. Check with two layers and $g = (2, 3)$: the four paths contribute 1, 2, 3 and 6.

# %% [markdown]
# The size of the gradient over depth. On the left the local gradients are small and of both signs, as in a freshly
# initialized network: the plain chain is lost after a few layers. On the right each of them is the same number: a
# residual chain can explode and vanish, too.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# depths = range(1, 61)
# generator = torch.Generator().manual_seed(0)
# random = 0.2 * torch.randn(20, 60, generator=generator, dtype=torch.float64)
#
# figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), sharey=True)
# for number, chain in enumerate(random):
#     for color, name, gradient in [("C0", "plain", plain_chain_gradient), ("C1", "residual", residual_chain_gradient)]:
#         sizes = [float(gradient(chain[:depth]).abs()) for depth in depths]
#         left.semilogy(depths, sizes, color, alpha=0.5, label=None if number else name)
# for local in [0.3, 0.1, 0.0, -0.1, -0.3]:
#     sizes = [float(residual_chain_gradient(torch.full((depth,), local, dtype=torch.float64))) for depth in depths]
#     right.semilogy(depths, sizes, label=f"residual, every local gradient {local}")
# left.set(title="20 random chains", xlabel="layers", ylabel="size of the gradient", ylim=(1e-20, 1e8))
# right.set(title="equal local gradients", xlabel="layers")
# left.legend()
# right.legend()
# plt.tight_layout()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="A32"
# - 1 point: a block adds its input to what a few layers make of it, y = x + F(x), with a projection where the shapes
#   differ.
# - 2 points: deep plain networks had a higher *training* error than shallower ones (degradation); along the identity
#   the gradient arrives undiminished, so very deep networks can be trained.
# - 1 point: a block that is not needed can learn F = 0, so more layers need not do harm.
