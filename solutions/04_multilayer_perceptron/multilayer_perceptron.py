# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A1, B1, B2, B36, B37, B43]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 04 · The multilayer perceptron
#
# The multilayer perceptron (MLP) is the plainest deep network: dense layers, one after another, with an activation
# between them. You will write one dense layer, `linear`, the whole network, `mlp_forward`, and then two functions that
# make common talk about networks exact: `count_parameters` says what width costs, and `collapse_linear_layers` shows
# what depth is worth without activations, namely nothing.
#
# **Shapes.** $N$ examples, one per row, $I$ numbers in and $O$ numbers out: `x` is $(N, I)$. A weight matrix is
# $(O, I)$, one row per output, as in PyTorch; its bias is $(O,)$. A network is two lists of equal length, at least one
# layer long: `weights[l]` and `biases[l]` belong to layer $l$, and layer 0 comes first. Every size is at least 1.
#
# **Rules of this topic.** Use NumPy and the standard library. Arrays hold finite floats (float64 or float32). No
# function may change its arguments; that holds for the lists as well as for the arrays in them.
#
# **Interview questions.** A1, B1, B2, B36, B37 and B43 (A and B are the two documents that this collection follows). B1
# is right as far as it goes. The others need some care:
#
# - A1 has the network imitate how the brain perceives and learns. The name is all that is left of that: what you write
#   here is matrix products and a maximum.
# - A1 also lets backpropagation adjust the weights. Backpropagation computes gradients; the step that changes the
#   weights is the optimizer's.
# - A1 and B2 say that the LSTM can deal with long sequences, as if that were settled. It does better than a plain
#   recurrent network, no more. And where B2 compares the models, its sentence about autoencoders breaks off before it
#   says anything.
# - B36 takes depth for the number of *hidden* layers. More often all layers with weights are counted, the output layer
#   too: an 18-layer ResNet has 17 convolutions and one dense layer. Say which count you mean.
# - B36 adds that deeper is usually better, at the price of overfitting and harder training. The second is the more
#   serious: plain networks, when made deeper, can become worse on the *training* data already, which is no overfitting
#   (He et al., 2016, "Deep residual learning for image recognition").
# - B37 says that wider is usually better until the network overfits. Measured test error can also rise and then fall
#   again as the width grows further (Belkin et al., 2019, "Reconciling modern machine-learning practice and the
#   classical bias-variance trade-off").
# - B43 asks for several hidden layers. One is enough for the name, and for XOR, as you will see.

# %%
import numpy as np

# %% [markdown]
# ## `linear`: one dense layer
#
# Every output is a weighted sum of all inputs, plus a bias of its own. For example $n$ and output $o$:
#
# $$y_{no} = \sum_i W_{oi}\, x_{ni} + b_o$$
#
# Books write $Wx + b$ for a single example $x$ that stands upright as a column. In code the examples are rows, so the
# same sum is $xW^\top + b$. PyTorch keeps the weights as $(O, I)$, as here; Keras keeps them as $(I, O)$, which is why
# weights carried from one to the other must be transposed.
#
# Strictly speaking the map is *affine*: because of the bias it does not send 0 to 0. There is no activation in it.


# %%
def linear(x, weight, bias):
    """Dense layer: an affine map of every row of x.

        y[n, o] = sum_i weight[o, i] * x[n, i] + bias[o]

    Args:
        x: one example per row, (N, I).
        weight: one row per output, (O, I).
        bias: one number per output, (O,).

    Returns:
        Array of shape (N, O). There is no activation.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 6.1; torch.nn.functional.linear.
    """
    ### BEGIN SOLUTION
    return x @ weight.T + bias
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Write the shapes below one another: $(N, I)$ and $(O, I)$ must become $(N, O)$. Which axis disappears, and where
#    must it stand in each factor of a matrix product?
# 2. Turning an axis over is a transpose. `reshape` to the same shape puts the numbers in other places.
# 3. NumPy aligns shapes from the right: think of what happens when $(O,)$ is added to $(N, O)$.

# %% [markdown]
# ## `mlp_forward`: layers with something in between
#
# With $L$ layers, $h_0 = x$, and
#
# $$h_l = \mathrm{relu}(W_l h_{l-1} + b_l) \quad \text{for } l = 1, \ldots, L - 1,
# \qquad y = W_L h_{L-1} + b_L$$
#
# (for one example, written as a column; $W_1$ is `weights[0]`). ReLU, $\max(0, z)$, stands *between* layers: after
# every layer but the last. The outputs are bare numbers, the *scores* or *logits* of a classifier or the
# prediction of a regression, and may be negative. With a single layer there is nothing in between, and no activation.
#
# In each layer the affine map comes first and the activation acts on its result. B8 tells it the other way round: there
# the data go straight into the activations. Then every negative input would be lost before any weight has seen it.
#
# One hidden layer already does what no single layer can. XOR is 1 if exactly one of two bits is 1, and no straight line
# separates its ones from its zeros. The network of Goodfellow et al. (section 6.1) with two hidden units,
#
# $$y = \mathrm{relu}(x_1 + x_2) - 2\,\mathrm{relu}(x_1 + x_2 - 1),$$
#
# gives 0, 1, 1, 0. You will find it among the tests.


# %%
def mlp_forward(x, weights, biases):
    """Multilayer perceptron: dense layers with ReLU between them and none after the last.

        h = x;   h = relu(linear(h, weights[l], biases[l])) for every layer but the last;   y = linear of the last

    Args:
        x: one example per row, (N, I).
        weights: list of at least one array; weights[l] is (outputs of layer l, inputs of layer l).
        biases: list of as many arrays; biases[l] is (outputs of layer l,).

    Returns:
        Array of shape (N, O), O the number of outputs of the last layer; entries may be negative.

    Source: Rumelhart, Hinton & Williams, 1986, "Learning representations by back-propagating errors" (with sigmoids);
    Goodfellow, Bengio & Courville, 2016, "Deep Learning", chapter 6.
    """
    ### BEGIN SOLUTION
    h = linear(x, weights[0], biases[0])
    for weight, bias in zip(weights[1:], biases[1:]):
        h = linear(np.maximum(h, 0), weight, bias)
    return h
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. One variable is enough for the current layer's values. It starts as `x` and every layer replaces it.
# 2. Three layers have two gaps between them. Let the loop run over the gaps, or over the layers with a
#    question about which one is the last.
# 3. Try it with a single layer, and with a network whose outputs ought to be negative. If you take something off
#    a list, the caller's list gets shorter.

# %% [markdown]
# The network for XOR, evaluated everywhere and not only at the four corners: two folds turn the plane into a ridge. One
# layer alone has no folds.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# weights = [np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([[1.0, -2.0]])]
# biases = [np.array([0.0, -1.0]), np.array([0.0])]
# ticks = np.linspace(-0.5, 1.5, 101)
# plane = np.stack(np.meshgrid(ticks, ticks), axis=-1)
# height = mlp_forward(plane.reshape(-1, 2), weights, biases).reshape(101, 101)
#
# plt.figure(figsize=(5, 4))
# plt.contourf(ticks, ticks, height, levels=np.linspace(-1, 1, 21), cmap="coolwarm")
# plt.colorbar(label="output", ticks=[-1, 0, 1])
# plt.scatter([0, 1], [0, 1], color="k", label="XOR is 0")
# plt.scatter([0, 1], [1, 0], color="k", marker="^", label="XOR is 1")
# plt.xlabel("$x_1$")
# plt.ylabel("$x_2$")
# plt.legend(loc="upper right")
# plt.show()

# %% [markdown]
# ## `count_parameters`: what width costs
#
# `layer_sizes` lists the widths from the inputs to the outputs: `[784, 128, 10]` takes pictures of 784 pixels through
# 128 hidden units to 10 classes. That is three sizes but two layers with weights. The inputs are only handed in;
# nothing is computed there, and nothing is learned.
#
# A dense layer has one weight for every pair of an input and an output, and one bias for every output. B37 leaves it at
# saying that width costs computation. More exactly, the cost goes with the *product* of neighbouring widths: if all
# hidden layers become twice as wide, every matrix between two of them becomes four times as large. One more hidden
# layer of the same width adds only one more such matrix.
#
# The count is the start of every estimate of memory: 4 bytes for each parameter in float32 and, while training with
# Adam, three times as many again for the gradient and the two running averages.


# %%
def count_parameters(layer_sizes):
    """Number of trainable parameters of a dense network: all its weights and all its biases.

        for each layer: inputs * outputs weights and outputs biases

    Args:
        layer_sizes: list of at least two ints, each at least 1: inputs, hidden widths, outputs.

    Returns:
        The number as an integer.

    Source: torch.nn.Linear, which has a weight (out_features, in_features) and a bias (out_features,).
    """
    ### BEGIN SOLUTION
    sizes = np.array(layer_sizes)
    return int((sizes[:-1] + 1) @ sizes[1:])
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Count one layer first. Draw 3 inputs and 4 outputs: how many lines connect them, and how many units need
#    a bias?
# 2. A layer belongs to two neighbouring sizes, and the output size of one layer is the input size of the next. So a
#    list of $n$ sizes describes $n - 1$ layers: go over the pairs.

# %% [markdown]
# ## `collapse_linear_layers`: depth without activations
#
# Take the ReLU out of the network. Two layers are then
#
# $$W_2 (W_1 x + b_1) + b_2 = (W_2 W_1)\, x + (W_2 b_1 + b_2),$$
#
# which is one layer, with the weight $W_2 W_1$ and the bias $W_2 b_1 + b_2$. It answers every input as the two did. The
# same step, repeated, collapses any number of layers into one. Write it down for three layers before you code: watch
# the order of the matrices, and what happens to $b_1$ on its way through the layers behind it.
#
# So in the talk of depth (B36), and of learning level by level (A48, which even has this prevent overfitting), the
# activations do the work: without them a hundred layers compute nothing that one could not. They may even compute less:
# the rank of the product is at most the narrowest width on the way, which is how a linear autoencoder compresses.
#
# The algebra is also useful. It merges a finished low-rank update into the weights it belongs to (Hu et al., 2021,
# "LoRA"), and a batch normalization into the layer before it once training is over.


# %%
def collapse_linear_layers(weights, biases):
    """The single dense layer that does the same as a stack of dense layers without activations.

        weights[-1] @ (... (weights[0] @ x + biases[0]) ...) + biases[-1]  =  weight @ x + bias    for every x

    Args:
        weights: list of at least one array; weights[l] is (outputs of layer l, inputs of layer l).
        biases: list of as many arrays; biases[l] is (outputs of layer l,).

    Returns:
        The tuple (weight, bias): weight is (O, I), bias is (O,), where I is the number of inputs of the first layer and
        O the number of outputs of the last.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 6.1.
    """
    ### BEGIN SOLUTION
    weight, bias = weights[0], biases[0]
    for next_weight, next_bias in zip(weights[1:], biases[1:]):
        weight, bias = next_weight @ weight, next_weight @ bias + next_bias
    return weight, bias
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. The formula for two layers is all you need: keep one collapsed layer, and merge it with the next layer until none
#    is left. What is the collapsed layer before the first merge?
# 2. Check the shapes: layer 1 is $(H, I)$ and layer 2 is $(O, H)$. Only one order of the product gives $(O, I)$.
# 3. The old bias has to pass through the next layer's weights; only then is the next layer's bias added. Mind
#    operators such as `+=` on an array that is still the caller's.

# %% [markdown]
# The same random weights and biases, with ReLU between the layers and without. The dashed line is the layer that your
# function returns.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(4)
# sizes = [1, 16, 16, 1]
# weights, biases = [], []
# for inputs, outputs in zip(sizes[:-1], sizes[1:]):
#     weights.append(rng.normal(scale=np.sqrt(2 / inputs), size=(outputs, inputs)))
#     biases.append(rng.normal(size=outputs))
#
# x = np.linspace(-3, 3, 401)[:, None]
# stacked = x
# for weight, bias in zip(weights, biases):
#     stacked = linear(stacked, weight, bias)
#
# plt.figure(figsize=(6, 3.5))
# plt.plot(x, mlp_forward(x, weights, biases), label="three layers, ReLU between them")
# plt.plot(x, stacked, linewidth=4, alpha=0.4, label="three layers, nothing between them")
# plt.plot(x, linear(x, *collapse_linear_layers(weights, biases)), "k--", label="collapsed into one layer")
# plt.xlabel("x")
# plt.ylabel("output")
# plt.legend()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="B36"
# - 1 point: the number of layers with weights between input and output; the input itself is no layer.
# - 2 points: each layer builds on the features of the one before, so some functions need far fewer units in a deep
#   network than in a shallow one; this holds only with non-linearities between the layers.
# - 1 point: what depth costs: vanishing or exploding gradients, harder optimisation, overfitting; names a remedy,
#   such as residual connections, normalisation or a fitting initialisation.
