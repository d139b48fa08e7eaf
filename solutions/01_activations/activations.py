# ---
# jupyter:
#   autograder:
#     forbidden:
#       tanh: [numpy.tanh, math.tanh, cmath.tanh]
#     profile: numpy
#     questions: [A4, A37, B31]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 01 · Activations
#
# A dense layer computes $Wx + b$. Stack two of them and you get $W_2(W_1x + b_1) + b_2$, which is again one matrix and
# one bias: without something non-linear in between, depth buys nothing. That something is the activation function.
#
# You will write the four that act on every entry by itself, `sigmoid`, `tanh`, `relu` and `leaky_relu`, and `softmax`,
# which turns a whole group of numbers into probabilities. The formulas are short. What is worth practising is to keep
# them right when the inputs are large, and to work along the axis you were asked for.
#
# **Where each belongs.** Hidden layers: ReLU or one of its relatives. Gates, and the output of a two-class model:
# sigmoid. The output of a model with more classes: softmax. The output of a regression: usually none, since the target
# may be any real number.
#
# **Rules of this topic.** Use NumPy and the standard library. The input `x` is an array of finite floats (float64 or
# float32) with one or more axes; the result is a new array of the same shape, and `x` stays as it was. Results must be
# right for inputs as large as $\pm 10^4$ in both precisions; a warning about overflow costs nothing, a NaN does.
#
# **Interview questions.** A4, A37 and B31 (A and B are the two documents that this collection follows). Two of their
# general claims need correcting:
#
# - B31 says that an activation decides whether a neuron fires. That describes the threshold unit of 1943. Its slope is
#   0 almost everywhere, so gradient descent could not train it; today's activations give graded answers instead.
# - A37 recommends sigmoid and tanh for regression, and tanh for several classes. Both are bounded, which a regression
#   target is not, and the outputs of tanh are no probabilities: they can be negative and do not sum to 1.

# %%
import numpy as np

# %% [markdown]
# ## `sigmoid`: any number to a probability
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}} = \frac{e^{x}}{1 + e^{x}}$$
#
# The two forms are equal on paper but not in floating point: `np.exp(x)` overflows to infinity from about $x = 710$ on,
# in float32 already from $x = 89$. Then $1/\infty = 0$ is still a good answer, but $\infty/\infty$ is NaN. Ask of every
# exponential how large its argument can get.
#
# Two facts to check your answer with: $\sigma(-x) = 1 - \sigma(x)$, and the slope $\sigma(x)(1 - \sigma(x))$ is at most
# $\tfrac14$, at $x = 0$. Far from 0 the slope vanishes: the unit *saturates* and stops learning.


# %%
def sigmoid(x):
    """Logistic sigmoid, element-wise.

        sigmoid(x) = 1 / (1 + exp(-x))

    Args:
        x: array of floats, any shape.

    Returns:
        Array of the shape of x, entries between 0 and 1. No entry is NaN, however large those of x.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 3.10; torch.sigmoid.
    """
    ### BEGIN SOLUTION
    z = np.exp(-np.abs(x))  # at most 1, so nothing overflows
    return np.where(x >= 0, 1, z) / (1 + z)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. One of the two forms in the statement can give infinity divided by infinity. Which one, and for which sign of `x`?
# 2. An infinite exponential in a denominator is harmless. To avoid it altogether, make sure that no exponent is
#    positive: $e^{-|x|}$ is at most 1.
# 3. Express the answer through $z = e^{-|x|}$, once for $x \ge 0$ and once for $x < 0$. The denominators are equal;
#    `np.where` chooses between the numerators.

# %% [markdown]
# ## `tanh`: a sigmoid centred on zero
#
# $$\tanh(x) = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}} = 2\,\sigma(2x) - 1$$
#
# Outputs lie between $-1$ and $1$ and are centred on 0, which helps the next layer learn (LeCun et al., 1998). The
# slope at 0 is 1, four times that of the sigmoid, but tanh saturates just the same.
#
# Build it from exponentials: `np.tanh` is ruled out here. The first form above fails as written for large $|x|$, on
# both sides. A4 and A37 give $2 / (1 + e^{-2x}) - 1$, which is right.


# %%
def tanh(x):
    """Hyperbolic tangent, element-wise, from exponentials (np.tanh is ruled out).

        tanh(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x))

    Args:
        x: array of floats, any shape.

    Returns:
        Array of the shape of x, entries between -1 and 1. No entry is NaN, however large those of x.

    Source: LeCun, Bottou, Orr & Müller, 1998, "Efficient BackProp", section 4.4; torch.tanh.
    """
    ### BEGIN SOLUTION
    z = np.exp(-2 * np.abs(x))  # at most 1, so nothing overflows
    return np.copysign((1 - z) / (1 + z), x)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Which of the two exponentials overflows for large positive `x`, and which for large negative `x`? Dividing above
#    and below by the larger one changes nothing on paper.
# 2. The documents' form, a shifted and stretched sigmoid, is right as it stands: in it, only a denominator can become
#    infinite.
# 3. Or use the symmetry: compute the result for $|x|$ from $z = e^{-2|x|}$, which is at most 1, and give it the sign of
#    `x` at the end.

# %% [markdown]
# ## `relu`: cut off at zero
#
# $$\mathrm{relu}(x) = \max(0, x)$$
#
# The slope is 1 for $x > 0$ and 0 for $x < 0$. It is cheap to compute, and positive inputs never saturate. That is all
# that A37 can mean by a "fast" gradient.
#
# A4 gives this formula and then explains it wrongly: it says that the output is 1 for positive inputs and close to the
# input for negative ones. What is 1 for positive inputs is the *slope*; the output is the input itself. And for
# negative inputs the output is exactly 0.


# %%
def relu(x):
    """Rectified linear unit, element-wise.

        relu(x) = max(0, x)

    Args:
        x: array of floats, any shape.

    Returns:
        Array of the shape of x.

    Source: Nair & Hinton, 2010, "Rectified linear units improve restricted Boltzmann machines".
    """
    ### BEGIN SOLUTION
    return np.maximum(x, 0)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Two numbers are compared for each entry: the entry itself and 0. Which of them comes out?
# 2. NumPy has two functions with similar names. One finds the largest entry of one array, the other compares two arrays
#    entry by entry, and one of these may be a single number.

# %% [markdown]
# ## `leaky_relu`: a small slope below zero
#
# $$\mathrm{leaky\_relu}(x) = \begin{cases} x & x > 0 \\ \alpha\,x & x \le 0 \end{cases}
# \qquad \alpha = \texttt{negative\_slope}$$
#
# A ReLU unit whose input is negative for every example has slope 0 everywhere, gets no gradient and stays as it is: it
# is *dead*. The small slope $\alpha$ keeps such a unit trainable.
#
# The slope may be any number. The short form $\max(x, \alpha x)$ that is often quoted agrees with the definition only
# for $\alpha \le 1$.
#
# Neither account of it in document A is right. A37 writes $\max(0, \alpha x + (1 - \alpha) x)$; the two terms add up to
# $x$ for every $\alpha$, so this is plain ReLU. A4 says that negative inputs pass as a small constant; they are
# *multiplied* by one, so $-200$ still comes out a hundred times as large as $-2$.


# %%
def leaky_relu(x, negative_slope=0.01):
    """Leaky rectified linear unit, element-wise.

        leaky_relu(x) = x                     where x > 0
                        negative_slope * x    elsewhere

    Args:
        x: array of floats, any shape.
        negative_slope: float, the slope for x <= 0; any value, also above 1.

    Returns:
        Array of the shape of x.

    Source: Maas, Hannun & Ng, 2013, "Rectifier nonlinearities improve neural network acoustic models".
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, x, negative_slope * x)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. There are two cases, and the sign of `x` decides between them, nothing else. Which function of NumPy chooses, entry
#    by entry, between two arrays?
# 2. Both cases can be computed for the whole array first: `x` itself, and `x` times the slope. Then choose.

# %% [markdown]
# The four functions and their slopes. The slope is the factor by which each unit multiplies the gradient that flows
# back through it: see where it is close to 0.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# x = np.linspace(-5, 5, 501)
# outputs = {"sigmoid": sigmoid(x), "tanh": tanh(x), "relu": relu(x), "leaky_relu, slope 0.1": leaky_relu(x, 0.1)}
#
# figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.5))
# for name, y in outputs.items():
#     left.plot(x, y, label=name)
#     right.plot(x, np.gradient(y, x), label=name)
# left.set(title="output", xlabel="x", ylim=(-1.2, 2.2))
# right.set(title="slope", xlabel="x")
# left.legend()
# plt.show()

# %% [markdown]
# ## `softmax`: scores to probabilities
#
# $$\mathrm{softmax}(x)_i = \frac{e^{x_i}}{\sum_j e^{x_j}}$$
#
# The sum runs along one axis, `axis`; every slice along it becomes a distribution of its own: entries between 0 and 1
# that sum to 1. For scores of shape `(N, K)`, one row per example, the default `axis=-1` treats every row by itself.
#
# As written, the formula overflows for large scores and divides 0 by 0 for very negative ones. Subtracting one number
# $c$ from all scores of a slice changes nothing on paper, because the factor $e^{-c}$ cancels. Choose $c$ so that no
# exponential overflows and the sum cannot become 0, and choose it for each slice: a number that saves one row may ruin
# another.
#
# Among the documents' answers to A4, A37 and B31 softmax is missing, although it is what several classes call for.


# %%
def softmax(x, axis=-1):
    """Softmax along one axis, stable for large and for very negative scores.

        softmax(x)_i = exp(x_i) / sum_j exp(x_j)    sum over j along axis

    Args:
        x: array of floats, any shape.
        axis: int, the axis along which the result sums to 1; may be negative.

    Returns:
        Array of the shape of x. No entry is NaN, however large those of x.

    Source: Bridle, 1990, "Probabilistic interpretation of feedforward classification network outputs"; for the
    stability Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 4.1; torch.softmax.
    """
    ### BEGIN SOLUTION
    z = np.exp(x - x.max(axis=axis, keepdims=True))  # the largest entry of every slice is 1
    return z / z.sum(axis=axis, keepdims=True)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Which score of a slice, subtracted from all the scores of that slice, makes the largest exponential exactly 1? Then
#    nothing overflows, and the sum cannot be 0.
# 2. A maximum along an axis loses that axis. With `keepdims=True` it stays, with length 1, and lines up with `x`.
# 3. Three steps: shift, exponentiate, divide by the sum. The maximum and the sum both run along `axis`.

# %% [markdown]
# Softmax of the scores 1, 2 and 4, all multiplied by a factor. At 0 the three are equally likely; as the factor grows,
# the largest score takes everything. The factor is called the *inverse temperature*.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# factor = np.linspace(0, 3, 101)
# probabilities = softmax(factor[:, None] * np.array([1.0, 2.0, 4.0]))
#
# plt.figure(figsize=(6, 3.5))
# plt.plot(factor, probabilities, label=["score 1", "score 2", "score 4"])
# plt.xlabel("factor")
# plt.ylabel("probability")
# plt.legend()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="B31"
# - 2 points: without a non-linearity between them, linear layers collapse into a single linear map, so depth would
#   gain nothing.
# - 1 point: names activations with where they belong, such as ReLU in hidden layers, sigmoid or softmax at the output
#   of a classifier.
# - 1 point: says what the slope means for training: sigmoid and tanh saturate, a ReLU unit can die.
