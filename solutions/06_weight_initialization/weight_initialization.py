# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [B12]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 06 · Weight initialization
#
# Before the first training step, somebody has to choose the weights. Two things can go wrong.
#
# **Symmetry.** If all units of a layer start with the same weights (all zero, say), they compute the same output and
# receive the same gradient, now and after every step: the layer never becomes more than one unit. Random weights break
# this symmetry. That is why every method in this topic draws random numbers.
#
# **Scale.** One unit computes $z = \sum_j w_j x_j$ over its $n_\text{in}$ inputs. For independent weights of mean 0,
#
# $$\mathrm{E}[z^2] = n_\text{in} \cdot \mathrm{Var}(w) \cdot \mathrm{E}[x^2].$$
#
# So each layer multiplies the size of its signal by a factor that the variance of the weights decides, and depth
# raises that factor to a power. A little too small, and after 30 layers nothing is left; a little too large, and the
# numbers explode. The gradient on its way back meets the same law, with $n_\text{out}$ in place of $n_\text{in}$.
#
# You will write four initializations, `normal_init`, `xavier_uniform`, `xavier_normal` and `he_normal`, and then
# `activation_std_by_depth`, which shows what each of them does to a deep network.
#
# **Conventions.** `fan_in` ($n_\text{in}$) is the number of inputs of a unit, `fan_out` ($n_\text{out}$) the number
# of units; both are ints of at least 1. A weight matrix has shape `(fan_out, fan_in)`, as in `torch.nn.Linear`: one row
# for each unit, and $z = Wx$. All entries of a matrix are independent of each other and have the same distribution.
# Its mean is 0. Here "normal" means the whole normal distribution, as in PyTorch. Keras draws its `HeNormal` and
# `GlorotNormal` from a *truncated* one that never goes beyond two standard deviations; that is ruled out here.
#
# **Rules of this topic.** Use NumPy and the standard library. `rng` is a `np.random.Generator`. Draw every random
# number from it: not from `np.random.normal` and the like, and not from a generator of your own. Then generators of
# equal seed give equal weights, and an experiment can be repeated. Drawing from `rng` moves it on, so the next layer
# gets other numbers; that is how it should be. Every other argument stays as it was.
#
# **How random weights are graded.** No test knows which numbers you draw: you may draw them in any order and by any
# method. The tests look at shape, mean, spread, bounds and distribution of large matrices. The limits are so wide that
# a right answer fails less than once in a million runs.
#
# **Interview question.** B12 (question 12 of the second of the two documents that this collection follows; they are
# called A and B). Its answer needs correcting, and so does a remark in A:
#
# - B12 lists "random", "Gaussian" and "Xavier" initialization as three methods to choose from. They are not
#   alternatives. Xavier initialization *is* random, and it comes in a uniform and in a Gaussian form. What sets
#   methods apart is the *variance* they choose.
# - He initialization, the one made for ReLU, is missing from B12, and so are the reasons: breaking symmetry, and
#   keeping the variance from layer to layer. They decide whether a deep network trains at all. B12's promise of better
#   generalization comes second.
# - A9 and A38 say that Adam hardly depends on the initial weights. No optimizer breaks the symmetry of equal weights:
#   a network that starts at zero is as stuck under Adam as under SGD.

# %%
import numpy as np

# %% [markdown]
# ## `normal_init`: random numbers of a chosen size
#
# $$W_{ij} \sim \mathcal{N}(0, \sigma^2)$$
#
# The argument `std` is $\sigma$, the standard *deviation*. The $\sigma^2$ in the usual notation is the *variance*.
# Mixing the two up is the most common mistake in this topic, since both are small numbers that look plausible.
#
# AlexNet (2012) drew all of its weights with $\sigma = 0.01$, whatever the size of the layer. With 8 layers that
# worked; the plot at the end shows what happens with 30.


# %%
def normal_init(fan_in, fan_out, std, rng):
    """Weights of one layer, drawn independently from a normal distribution with mean 0.

        W_ij ~ N(0, std^2)

    Args:
        fan_in: int, number of inputs of the layer.
        fan_out: int, number of outputs of the layer.
        std: float above 0, the standard deviation (not the variance).
        rng: np.random.Generator, the only source of randomness; drawing moves it on.

    Returns:
        Array of shape (fan_out, fan_in). The normal distribution is not truncated.

    Source: Krizhevsky, Sutskever & Hinton, 2012, "ImageNet classification with deep convolutional neural networks",
    section 5; torch.nn.init.normal_.
    """
    ### BEGIN SOLUTION
    return rng.normal(0.0, std, (fan_out, fan_in))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. A `np.random.Generator` has a method for normal numbers. Look up its three arguments in the NumPy documentation,
#    and what it says about the second one: standard deviation or variance?
# 2. The same method takes the shape of the result, so no loop is needed. One row for each output.


# %% [markdown]
# ## `xavier_uniform`: a scale for both directions
#
# To keep the signal's size on the way forward, the variance of the weights should be $1 / n_\text{in}$; to keep the
# gradient's size on the way back, $1 / n_\text{out}$. Both at once is possible only for square layers. Glorot and
# Bengio (Xavier is Glorot's first name) divide by the mean of the two:
#
# $$\mathrm{Var}(w) = \frac{2}{n_\text{in} + n_\text{out}}$$
#
# A uniform distribution on $[-a, a]$ has variance $a^2 / 3$, so the bound has to be
#
# $$a = g \sqrt{\frac{6}{n_\text{in} + n_\text{out}}}, \qquad W_{ij} \sim \mathcal{U}(-a, a).$$
#
# The factor $g$ is the argument `gain`. It makes up for what the activation function takes away: 1 for a linear layer,
# $\tfrac53$ for tanh, $\sqrt2$ for ReLU (the values of `torch.nn.init.calculate_gain`). It multiplies the bound, so
# it stands outside the square root.
#
# The name is used for other things too. Caffe's "xavier" has variance $1 / n_\text{in}$, and `torch.nn.Linear` starts
# its weights in $\pm 1 / \sqrt{n_\text{in}}$, which is neither Xavier nor He. Look at the formula, not at the name.


# %%
def xavier_uniform(fan_in, fan_out, rng, gain=1.0):
    """Weights of one layer, drawn independently and uniformly between two bounds (Xavier, also called Glorot).

        W_ij ~ U(-a, a),    a = gain * sqrt(6 / (fan_in + fan_out))

    Args:
        fan_in: int, number of inputs of the layer.
        fan_out: int, number of outputs of the layer.
        rng: np.random.Generator, the only source of randomness; drawing moves it on.
        gain: float above 0, a factor on the bound.

    Returns:
        Array of shape (fan_out, fan_in).

    Source: Glorot & Bengio, 2010, "Understanding the difficulty of training deep feedforward neural networks",
    equation 16; torch.nn.init.xavier_uniform_.
    """
    ### BEGIN SOLUTION
    bound = gain * np.sqrt(6.0 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_out, fan_in))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. First compute the bound as one number. With `fan_in=400`, `fan_out=200` and the default gain it is 0.1.
# 2. A generator has a method for uniform numbers; give it both bounds and the shape. If you draw from 0 to 1 instead,
#    ask how to stretch and shift that to reach from minus the bound to the bound.


# %% [markdown]
# ## `xavier_normal`: the same variance, another shape
#
# $$W_{ij} \sim \mathcal{N}(0, \sigma^2), \qquad \sigma = g \sqrt{\frac{2}{n_\text{in} + n_\text{out}}}$$
#
# The variance is that of `xavier_uniform`; only the shape of the distribution differs. The 6 became a 2 because
# $\sigma$ is a standard deviation, while $a$ was a bound. The two forms train equally well.


# %%
def xavier_normal(fan_in, fan_out, rng, gain=1.0):
    """Weights of one layer, drawn independently from a normal distribution (Xavier, also called Glorot).

        W_ij ~ N(0, std^2),    std = gain * sqrt(2 / (fan_in + fan_out))

    Args:
        fan_in: int, number of inputs of the layer.
        fan_out: int, number of outputs of the layer.
        rng: np.random.Generator, the only source of randomness; drawing moves it on.
        gain: float above 0, a factor on the standard deviation.

    Returns:
        Array of shape (fan_out, fan_in). The normal distribution is not truncated.

    Source: Glorot & Bengio, 2010, "Understanding the difficulty of training deep feedforward neural networks",
    equation 12; torch.nn.init.xavier_normal_.
    """
    ### BEGIN SOLUTION
    return normal_init(fan_in, fan_out, gain * np.sqrt(2.0 / (fan_in + fan_out)), rng)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. You have already written a function that draws normal weights of a given standard deviation.
# 2. The formula of the paper is for the variance. Take the square root, then multiply by the gain. With `fan_in=150`
#    and `fan_out=50` the standard deviation is 0.1.


# %% [markdown]
# Both forms for the same layer: equal standard deviation, but only one of them has bounds.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# bins = np.linspace(-0.3, 0.3, 61)
#
# plt.figure(figsize=(6, 3.5))
# for init in (xavier_uniform, xavier_normal):
#     weight = init(400, 200, rng)
#     plt.hist(weight.ravel(), bins, density=True, alpha=0.5, label=f"{init.__name__}, std {weight.std():.4f}")
# plt.xlabel("weight")
# plt.ylabel("density")
# plt.ylim(0, 9)
# plt.legend()
# plt.show()

# %% [markdown]
# ## `he_normal`: the scale for ReLU
#
# ReLU sets the negative half of its inputs to 0. For inputs that are symmetric about 0, half of $\mathrm{E}[z^2]$ is
# lost, in every layer. He, Zhang, Ren and Sun make up for it with twice the variance, and they count only the inputs,
# so that the signal keeps its size on the way forward:
#
# $$W_{ij} \sim \mathcal{N}(0, \sigma^2), \qquad \sigma = \sqrt{\frac{2}{n_\text{in}}}$$
#
# PyTorch calls this *Kaiming* initialization, after the first author's first name, with `mode="fan_in"` and
# `nonlinearity="relu"`. Dividing by $n_\text{out}$ instead (`mode="fan_out"`) keeps the size of the gradient; the
# paper finds that either choice will do. Here it is $n_\text{in}$.
#
# For square layers this is `xavier_normal` with `gain` $\sqrt2$.


# %%
def he_normal(fan_in, fan_out, rng):
    """Weights of one layer that is followed by ReLU, drawn independently from a normal distribution (He, Kaiming).

        W_ij ~ N(0, std^2),    std = sqrt(2 / fan_in)

    Args:
        fan_in: int, number of inputs of the layer.
        fan_out: int, number of outputs of the layer.
        rng: np.random.Generator, the only source of randomness; drawing moves it on.

    Returns:
        Array of shape (fan_out, fan_in). The normal distribution is not truncated.

    Source: He, Zhang, Ren & Sun, 2015, "Delving deep into rectifiers", equation 10; torch.nn.init.kaiming_normal_ with
    nonlinearity="relu".
    """
    ### BEGIN SOLUTION
    return normal_init(fan_in, fan_out, np.sqrt(2.0 / fan_in), rng)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Which of the two fans decides the spread, and which only the shape?
# 2. Again the formula of the paper is for the variance, and `normal_init` wants the standard deviation. With
#    `fan_in=200` it is 0.1, whatever `fan_out` is.


# %% [markdown]
# ## `activation_std_by_depth`: watch the signal on its way
#
# Send a batch through a stack of layers and measure how large the signal is after each of them:
#
# $$h_0 = x, \qquad h_l = \mathrm{relu}(h_{l-1} W_l^\top), \qquad s_l = \mathrm{std}(h_l) \qquad l = 1, \ldots, L$$
#
# There is no bias, and ReLU follows *every* layer, the last one too. $s_l$ is the standard deviation over all entries
# of $h_l$, examples and units together, divided by the number of entries (`ddof` 0). The result is the list
# $[s_1, \ldots, s_L]$; the input itself is not in it. No layers give an empty list.
#
# Something to check your functions with: for wide layers and an input of mean 0 and standard deviation 1, `he_normal`
# gives values near $\sqrt{1 - 1/\pi} \approx 0.83$ at every depth. (Not 1: what stays constant is
# $\mathrm{E}[h^2]$, and after ReLU the mean is no longer 0.) With `xavier_normal` and square layers, they shrink by
# $\sqrt2$ from one layer to the next.


# %%
def activation_std_by_depth(x, weights):
    """Standard deviation of the activations after each layer of a ReLU network without biases.

        h_0 = x,    h_l = relu(h_{l-1} @ W_l.T),    s_l = std(h_l)    l = 1, ..., L

    Args:
        x: (N, D) array, the input batch.
        weights: list of L arrays (fan_out, fan_in), layer by layer; fan_in of the first is D, fan_in of every other
            is fan_out of the one before. The list may be empty.

    Returns:
        List of L floats. Each is taken over all entries of that layer's output, after ReLU, with ddof 0.

    Source: He, Zhang, Ren & Sun, 2015, "Delving deep into rectifiers", section 2.2; np.std.
    """
    ### BEGIN SOLUTION
    stds = []
    for weight in weights:
        x = np.maximum(x @ weight.T, 0)
        stds.append(float(x.std()))
    return stds
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Write one loop over the weights, with a variable for the current activations that starts as `x` and is
#    replaced in every round.
# 2. Each round: multiply (look at the shapes: which matrix has to be transposed?), apply ReLU, measure. Measure what
#    the next layer will see.
# 3. Without an axis, `std` runs over all entries, and its `ddof` is 0 by default.


# %% [markdown]
# Thirty ReLU layers of 256 units, started in four ways. The vertical axis is logarithmic, so a straight line means one
# factor per layer. Too small a spread loses the signal, too large a spread lets it explode; Xavier, made without ReLU
# in mind, loses half of $\mathrm{E}[h^2]$ in each layer; He keeps it.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# width, depth = 256, 30
# rng = np.random.default_rng(0)
# x = rng.normal(size=(200, width))
# inits = {
#     "normal_init, std 0.15": lambda: normal_init(width, width, 0.15, rng),
#     "he_normal": lambda: he_normal(width, width, rng),
#     "xavier_normal": lambda: xavier_normal(width, width, rng),
#     "normal_init, std 0.01": lambda: normal_init(width, width, 0.01, rng),
# }
#
# plt.figure(figsize=(7, 4))
# for name, init in inits.items():
#     stds = activation_std_by_depth(x, [init() for _ in range(depth)])
#     plt.semilogy(range(1, depth + 1), stds, marker=".", label=name)
# plt.xlabel("layer")
# plt.ylabel("standard deviation after ReLU")
# plt.legend()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="B12"
# - 1 point: equal weights get equal gradients, so the units of a layer would stay copies of one another; random
#   weights break the symmetry.
# - 2 points: the variance of the weights is chosen, from fan-in and fan-out, so that neither activations nor
#   gradients vanish or explode with depth.
# - 1 point: Xavier for tanh and sigmoid, He for ReLU, with the factor 2 explained: ReLU sets half of its inputs to
#   zero.
