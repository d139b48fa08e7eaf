# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A14, B8, B49]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 05 · Backpropagation
#
# To train a network you need to know, for every single weight, how the loss would change if that weight grew a little.
# For a million weights, trying each of them out costs a million forward passes. Backpropagation gets all the answers in
# one pass backward, at about twice the cost of the pass forward.
#
# It is the chain rule, applied from the end to the beginning. Let $L$ be the loss, a single number, and let one step of
# the network compute $y = f(x)$. Whoever comes after this step hands it $\partial L / \partial y$; it returns
# $\partial L / \partial x$ to whoever came before:
#
# $$\frac{\partial L}{\partial x_i} = \sum_j \frac{\partial L}{\partial y_j}\,\frac{\partial y_j}{\partial x_i}$$
#
# So each step needs to know only its own slope. In this notebook the incoming gradient $\partial L / \partial y$ is
# called `grad_output`, and every gradient has **the shape of the thing it belongs to**. You will write the tool that
# checks gradients, the backward pass of ReLU, sigmoid, a dense layer and the cross entropy, and put them together
# into the backward pass of a whole network.
#
# **Rules of this topic.** Use NumPy and the standard library. Arrays hold finite floats and have no axis of length 0;
# results are new arrays, and no argument is changed. The conventions are PyTorch's: the weight of a dense layer is
# `(out, in)`, the slope of ReLU at 0 is 0, the cross entropy is averaged over the batch. The functions may call one
# another.
#
# **Interview questions.** A14, B8 and B49 (A and B are the two documents that this collection follows). Their answers
# need correcting:
#
# - A14 calls backpropagation an optimisation algorithm, and A14, B8 and B49 (A1 too) let it update the parameters. It
#   updates nothing: it computes **gradients**. An optimizer, such as gradient descent, then decides what to do with
#   them; the same gradients serve SGD and Adam. None of your functions here may change a weight.
# - A14 and B8 send "the error", the difference between prediction and target, back through the layers. What travels is
#   the **derivative of the loss** with respect to each layer's output. At the logits of a softmax with cross entropy it
#   happens to look like such a difference; one layer further back it has been multiplied by weights and slopes.
# - B8 describes the forward pass as data being handed to the activation functions of each layer. A layer first
#   computes $Wx + b$; the activation acts on that.

# %%
import numpy as np

# %% [markdown]
# ## `numerical_gradient`: try it out
#
# The slowest way to a gradient, and the one to trust when you check a faster one: move one entry of $x$ a little to
# both sides and see how $f$ changes. With $e_i$ the array that is 1 at entry $i$ and 0 elsewhere,
#
# $$g_i = \frac{f(x + \varepsilon\,e_i) - f(x - \varepsilon\,e_i)}{2\,\varepsilon}$$
#
# The more obvious $\bigl(f(x + \varepsilon e_i) - f(x)\bigr) / \varepsilon$, the *forward* difference, is off by a
# multiple of $\varepsilon$. In the *central* difference these errors cancel, and what is left is a multiple of
# $\varepsilon^2$: for $f(x) = x^3$ exactly $\varepsilon^2$.
#
# A smaller $\varepsilon$ is not always better. Both values of $f$ are rounded, at about the 16th digit, and this
# rounding is divided by $2 \varepsilon$: the plot below shows where the two errors meet. It is also why gradients are
# checked in float64. In float32, with 7 digits, a step of $10^{-5}$ away from 1 is itself off by up to half a percent.
#
# Two calls of $f$ per entry of $x$ is all it takes. `f` may be any function of the *whole* array, so only one entry may
# differ from `x` when you call it.


# %%
def numerical_gradient(f, x, eps=1e-5):
    """The gradient of f at x by central differences, entry by entry.

        g_i = (f(x + eps e_i) - f(x - eps e_i)) / (2 eps)    e_i is 1 at entry i, 0 elsewhere

    Args:
        f: function that takes an array of the shape of x and returns a number.
        x: float64 array with one or more axes.
        eps: float above 0, the same step for every entry.

    Returns:
        Array of the shape of x.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 11.5; torch.autograd.gradcheck.
    """
    ### BEGIN SOLUTION
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = eps
        gradient[index] = (f(x + step) - f(x - step)) / (2 * eps)
    return gradient
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Write it down for a vector of three numbers first: which two arrays do you pass to `f` for entry 0, which two for
#    entry 1?
# 2. `np.ndindex(x.shape)` runs through the indices of an array with any number of axes; each is a tuple that can be
#    used as `x[index]`.
# 3. For each index make an array of zeros with `eps` at this one place. Add it to `x`, subtract it from `x`, and put
#    the difference of the two values of `f`, divided by the distance between the two points, into the result.

# %% [markdown]
# The error of both differences for $f(x) = e^x$ at $x = 1$. From the right: the smaller the step, the better, and the
# central difference improves twice as fast. From the left: rounding.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# x = np.array([1.0])
# steps = np.logspace(-12, 0, 100)
# central = np.array([numerical_gradient(lambda p: np.exp(p[0]), x, eps)[0] for eps in steps])
# forward = (np.exp(1 + steps) - np.exp(1)) / steps
#
# plt.figure(figsize=(6, 3.5))
# plt.loglog(steps, np.abs(forward / np.e - 1), label="forward difference")
# plt.loglog(steps, np.abs(central / np.e - 1), label="central difference")
# plt.axvline(1e-5, color="0.7", linestyle="--", label="the default")
# plt.xlabel("eps")
# plt.ylabel("relative error")
# plt.legend()
# plt.show()

# %% [markdown]
# ## `relu_backward`: a gate
#
# ReLU acts on every entry by itself, $y_i = \max(0, x_i)$, so in the chain rule only one term is left: its slope.
#
# $$\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial y_i} \cdot
# \begin{cases} 1 & x_i > 0 \\ 0 & x_i \le 0 \end{cases}$$
#
# Where the input was positive, the gradient passes unchanged, *whatever its own sign*; elsewhere it stops. It is the
# sign of $x$ that decides, so the forward pass has to keep $x$ (or the output, which is positive at the same places).
#
# At $x = 0$ there is a kink and no derivative. Any number from 0 to 1 would do; this exercise takes 0, as PyTorch does.
# It matters more often than you may think: a unit with bias 0 and a blank input is exactly there.


# %%
def relu_backward(grad_output, x):
    """Gradient of the loss with respect to the input of a ReLU.

        grad_x = grad_output    where x > 0
                 0              elsewhere, x = 0 included

    Args:
        grad_output: gradient with respect to the output of the ReLU, one or more axes.
        x: input of the ReLU in the forward pass, same shape.

    Returns:
        Gradient with respect to x, same shape.

    Source: Nair & Hinton, 2010, "Rectified linear units improve restricted Boltzmann machines"; torch.nn.ReLU.
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, grad_output, 0)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Two arrays come in. One decides *where* something passes, the other *what* passes.
# 2. Make a boolean array from `x`, and mind what it says at 0.
# 3. Select with `np.where`, or multiply `grad_output` with the boolean array. Assigning into `grad_output` would change
#    the caller's array.

# %% [markdown]
# ## `sigmoid_backward`: a slope for free
#
# For $y = \sigma(x) = 1 / (1 + e^{-x})$ the derivative can be written with the output alone:
#
# $$\frac{dy}{dx} = \frac{e^{-x}}{(1 + e^{-x})^2} = \sigma(x)\,(1 - \sigma(x)) = y\,(1 - y)$$
#
# So the backward pass needs neither $x$ nor another exponential: the forward pass keeps `output`, and that is what
# you get here. Do not apply the sigmoid to it again.
#
# The slope is largest at $y = \tfrac12$, where it is $\tfrac14$. Through ten layers of sigmoids the slopes alone
# multiply the gradient by at most $4^{-10} \approx 10^{-6}$; this is how gradients *vanish*. At $y = 0$ and $y = 1$,
# where a float ends up for large $|x|$, the slope is 0, and the formula in $y$ says so without any trouble. The one in
# $x$ may divide infinity by infinity.


# %%
def sigmoid_backward(grad_output, output):
    """Gradient of the loss with respect to the input of a sigmoid, from its output.

        grad_x = grad_output * output * (1 - output)    element-wise

    Args:
        grad_output: gradient with respect to the output of the sigmoid, one or more axes.
        output: what the sigmoid returned in the forward pass, from 0 to 1, both included; same shape.

    Returns:
        Gradient with respect to the sigmoid's input, same shape.

    Source: Rumelhart, Hinton & Williams, 1986, "Learning representations by back-propagating errors"; torch.sigmoid.
    """
    ### BEGIN SOLUTION
    return grad_output * output * (1 - output)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. The incoming gradient is multiplied by the slope, entry by entry.
# 2. `output` is already $\sigma(x)$; the slope is a product of two factors made of it.

# %% [markdown]
# ## `linear_backward`: three gradients
#
# A dense layer turns $N$ examples with $I$ features into $N$ with $O$ features, $Y = X W^\top + b$:
#
# $$y_{no} = \sum_i x_{ni}\,w_{oi} + b_o$$
#
# Write $G$ for `grad_output`, of shape `(N, O)`. Each gradient sums over the axes along which its quantity was used:
#
# $$\frac{\partial L}{\partial x_{ni}} = \sum_o g_{no}\,w_{oi} \qquad
# \frac{\partial L}{\partial w_{oi}} = \sum_n g_{no}\,x_{ni} \qquad
# \frac{\partial L}{\partial b_o} = \sum_n g_{no}$$
#
# An input feature reaches all the outputs of its example, so its gradient collects from all outputs. A weight is used
# by all examples, so its gradient is the *sum* over them. There is no $1/N$ here: if the loss is a mean, the $1/N$ is
# already in $G$, and a second one would be wrong.
#
# Check the shapes and there is hardly a way to go wrong: `(N, I)`, `(O, I)` and `(O,)`, as $X$, $W$ and $b$ themselves.


# %%
def linear_backward(grad_output, x, weight):
    """Gradients of the loss with respect to the input, the weight and the bias of a dense layer.

        y = x weight^T + bias    in the forward pass

    Args:
        grad_output: gradient with respect to y, (N, O).
        x: input of the layer in the forward pass, (N, I).
        weight: weight of the layer, (O, I).

    Returns:
        The tuple (grad_x, grad_weight, grad_bias) of shapes (N, I), (O, I) and (O,). Sums over the batch, not means.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 6.5; torch.nn.Linear.
    """
    ### BEGIN SOLUTION
    return grad_output @ weight, grad_output.T @ x, grad_output.sum(axis=0)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Look at the shapes that come in and those that must come out. Each of the first two results is one matrix product.
# 2. A matrix product sums over the inner axis: over $O$ in `(N, O) @ (O, I)`. Which product of two of your arrays,
#    one of them transposed, sums over $N$?
# 3. The bias was added to every example, so its gradient adds up the rows.

# %% [markdown]
# ## `cross_entropy_backward`: where it starts
#
# The loss is the mean cross entropy of the logits $z$, of shape `(N, K)`, and the true classes $t$:
#
# $$L = -\frac1N \sum_n \log p_{n,t_n}, \qquad p_n = \mathrm{softmax}(z_n)$$
#
# With $\log p_{n,t_n} = z_{n,t_n} - \log \sum_k e^{z_{nk}}$ the derivative is short:
#
# $$\frac{\partial L}{\partial z_{nk}} = \frac{p_{nk} - [k = t_n]}{N}$$
#
# where $[k = t_n]$ is 1 for the true class and 0 for the others. Every logit gets a gradient, not only the true one:
# raising a wrong class lowers the probability of the right one. Each row sums to 0, because adding the same number to
# all the logits of an example changes nothing.
#
# This is the difference "prediction minus target" that A14 and B8 have in mind. But here it is a result, special to
# this pair of softmax and logarithm: the exponential in one cancels the logarithm in the other. With another loss or
# another activation something else comes out.
#
# The softmax must not overflow for logits as large as $\pm 10^4$: subtract the maximum of each row first.


# %%
def cross_entropy_backward(logits, target):
    """Gradient of the mean cross entropy with respect to the logits.

        grad = (softmax(logits) - one_hot(target)) / N    softmax along each row

    Args:
        logits: scores before the softmax, (N, K), K at least 2; as large as 1e4.
        target: the true class of each example, from 0 to K - 1, integers (N,).

    Returns:
        Gradient of the mean loss with respect to the logits, (N, K). No entry is NaN.

    Source: Bishop, 2006, "Pattern Recognition and Machine Learning", section 4.3.4; torch.nn.CrossEntropyLoss.
    """
    ### BEGIN SOLUTION
    z = np.exp(logits - logits.max(axis=1, keepdims=True))  # the largest entry of every row is 1
    grad = z / z.sum(axis=1, keepdims=True)
    grad[np.arange(len(target)), target] -= 1
    return grad / len(target)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Begin with a softmax along the rows: shift by the maximum of each row, exponentiate, divide by the sum of each row.
# 2. In each row, exactly one number must get smaller by 1. Indexing with two integer arrays, one for the rows and one
#    for the columns, picks one entry per row. (`grad[:, target]` picks whole columns.)
# 3. The loss is a mean over the examples, so divide by their number at the end.

# %% [markdown]
# ## `mlp_backward`: the whole network
#
# Now the network of dense layers with ReLU between them, none after the last, and the mean cross entropy on top:
#
# $$h_0 = x, \qquad z_l = h_{l-1} W_l^\top + b_l, \qquad h_l = \mathrm{relu}(z_l) \quad (l < M), \qquad
# L = \mathrm{CE}(z_M, t)$$
#
# The pass **forward** keeps what the pass backward will ask for: what each layer read, $h_{l-1}$, and where each ReLU
# was open. The pass **backward** starts with $\partial L / \partial z_M$ and visits the layers from the last to the
# first. At each layer the incoming gradient $\partial L / \partial z_l$ gives the gradients of $W_l$ and $b_l$, and the
# gradient of $h_{l-1}$; the ReLU below turns that into $\partial L / \partial z_{l-1}$, and so on.
#
# What A14 and B8 leave out when they send "the error" back are these two factors per layer, the weights and the
# slopes. Without the slope of the ReLU, the gradients of all layers but the last are wrong, and training still runs,
# only badly. That is why gradients are checked.
#
# The loss must be right for logits as large as $\pm 10^4$, too, where $\log p$ is far below what
# $\log(\mathrm{softmax}(z))$ can express. Compute $\log p_{t} = z_{t} - \log \sum_k e^{z_k}$ with the maximum taken out
# of the sum.


# %%
def mlp_backward(x, target, weights, biases):
    """Loss and parameter gradients of a multilayer perceptron: one pass forward, one pass backward.

        h_0 = x,   z_l = h_{l-1} W_l^T + b_l,   h_l = relu(z_l) but for the last layer,   loss = mean CE(z_last, target)

    Args:
        x: the examples, (N, D).
        target: the true class of each example, from 0 to K - 1, integers (N,).
        weights: list of the layers' weights, from input to output, each (out, in); the last has K rows, K at least 2.
            A network of a single layer has no ReLU.
        biases: list of the layers' biases, each (out,).

    Returns:
        The tuple (loss, grad_weights, grad_biases): the mean cross entropy, a number, and two lists in the order of
        weights and biases, each gradient in the shape of its parameter. The slope of ReLU at 0 is 0.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", algorithms 6.3 and 6.4.
    """
    ### BEGIN SOLUTION
    inputs = [x]  # of each layer
    for weight, bias in zip(weights[:-1], biases[:-1]):
        inputs.append(np.maximum(inputs[-1] @ weight.T + bias, 0))
    logits = inputs[-1] @ weights[-1].T + biases[-1]
    loss = np.mean(np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(target)), target])

    grad_weights, grad_biases = [], []
    grad = cross_entropy_backward(logits, target)
    for layer in reversed(range(len(weights))):
        grad_input, grad_weight, grad_bias = linear_backward(grad, inputs[layer], weights[layer])
        grad_weights.insert(0, grad_weight)
        grad_biases.insert(0, grad_bias)
        grad = relu_backward(grad_input, inputs[layer])  # a ReLU's output is positive where its input was
    return loss, grad_weights, grad_biases
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Write the pass forward first and collect the input of every layer in a list. Everything the pass backward needs can
#    be made from this list, the logits and the weights.
# 2. The gradient of the logits comes from `cross_entropy_backward`. Then loop over the layers in reverse:
#    `linear_backward` gives three gradients, two of which you keep; the third goes on.
# 3. Between two layers the gradient passes a ReLU. Its input was positive exactly where its output was, and its output
#    is the input of the layer that you have just left. Collect the gradients so that the first layer comes first.

# %% [markdown]
# **The gradient check.** This is how you find out whether a backward pass is right, here or in your own code: compare
# it with `numerical_gradient`, parameter by parameter. A relative error below $10^{-7}$ is rounding; $10^{-2}$ is a
# mistake. (Near the kink of a ReLU the two may differ although both are right: the step then crosses it.)

# %% tags=["active-ipynb"]
# rng = np.random.default_rng(0)
# sizes = [4, 6, 5, 3]
# weights = [rng.normal(size=(fan_out, fan_in)) for fan_in, fan_out in zip(sizes, sizes[1:])]
# biases = [rng.normal(size=fan_out) for fan_out in sizes[1:]]
# x, target = rng.normal(size=(8, 4)), rng.integers(3, size=8)
#
# loss, grad_weights, grad_biases = mlp_backward(x, target, weights, biases)
# for layer, grad_weight in enumerate(grad_weights):
#
#     def loss_of(weight):
#         return mlp_backward(x, target, weights[:layer] + [weight] + weights[layer + 1 :], biases)[0]
#
#     numerical = numerical_gradient(loss_of, weights[layer])
#     error = np.abs(grad_weight - numerical).max() / np.abs(numerical).max()
#     print(f"weight of layer {layer}: relative error {error:.1e}")

# %% [markdown]
# **Gradients at work.** Two rings of points, and a network trained on them. `mlp_backward` says how the loss depends on
# each parameter; the two lines that subtract are the optimizer, plain gradient descent. They are no part of
# backpropagation.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# target = np.repeat([0, 1], 100)
# angle, radius = rng.uniform(0, 2 * np.pi, 200), 1 + target + rng.normal(scale=0.15, size=200)
# x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
#
# sizes = [2, 16, 16, 2]
# weights = [rng.normal(scale=np.sqrt(2 / i), size=(o, i)) for i, o in zip(sizes, sizes[1:])]
# biases = [np.zeros(o) for o in sizes[1:]]
# losses = []
# for _ in range(500):
#     loss, grad_weights, grad_biases = mlp_backward(x, target, weights, biases)
#     weights = [weight - 0.1 * grad for weight, grad in zip(weights, grad_weights)]
#     biases = [bias - 0.1 * grad for bias, grad in zip(biases, grad_biases)]
#     losses.append(loss)
#
# side = np.linspace(-3, 3, 150)
# h = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
# for layer, (weight, bias) in enumerate(zip(weights, biases)):
#     h = h @ weight.T + bias
#     h = np.maximum(h, 0) if layer < len(weights) - 1 else h
#
# figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
# left.plot(losses)
# left.set(xlabel="step", ylabel="mean cross entropy", yscale="log")
# right.contourf(side, side, (h[:, 1] > h[:, 0]).reshape(150, 150), levels=[-0.5, 0.5, 1.5], cmap="coolwarm", alpha=0.3)
# right.scatter(x[:, 0], x[:, 1], c=target, cmap="coolwarm", s=12)
# right.set(title="decision of the trained network", aspect="equal")
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="A14"
# - 2 points: the chain rule, applied from the loss backwards: each layer turns the gradient with respect to its
#   output into those with respect to its input and its parameters.
# - 1 point: why backwards: all gradients together cost a small multiple of one forward pass, while numerical
#   differences need a pass per parameter.
# - 1 point: needs values of the forward pass, so these are kept; it only computes gradients, and the optimiser makes
#   the step.
