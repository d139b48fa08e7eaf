# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A9, A33, A38, B10, B33]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 · Optimizers
#
# Backpropagation tells each parameter in which direction the loss grows. An **optimizer** decides what to do with
# that knowledge. In this notebook you write the update rules that train nearly every network: stochastic gradient
# descent, momentum, AdaGrad, RMSProp, Adam, Adamax and AdamW. Each is two to five lines, and most repair
# a weakness of an earlier one.
#
# All the rules here are pure functions: a step takes the parameter, its gradient and the optimizer's memory (its
# *state*), and **returns** the new parameter and the new state. It never changes the arrays that it was given.
# `param`, `grad` and the state arrays have one common shape, which may be any shape, and everything happens element
# by element. At the very start every state array is zero. You may use NumPy and the standard library, nothing else.
#
# The formulas and the defaults are those of `torch.optim`, including the place of $\varepsilon$: it is added
# **after** the square root. That is invisible while gradients are around 1, and decides everything when they are
# around $10^{-6}$.
#
# Interview questions answered here: **A9**, **A33**, **A38**, **B10**, **B33**. The usual short answers to them need
# these corrections:
#
# - *"SGD suffers from vanishing and exploding gradients"* (A38). The gradient vanishes or explodes inside the
#   network, because of its depth, weights and activations. The update rule only receives it.
# - *"Adam does not care how the parameters are initialised"* (A9, A38). No optimizer breaks the symmetry of equal
#   weights: a network that starts at zero is as stuck under Adam as under SGD.
# - *"SGD is for small data, Adam for large data"* (A9, A38). Both work on mini-batches at every scale. Adam usually
#   needs less tuning, but its solutions can generalise worse (Wilson et al., 2017), and on some problems it does not
#   converge at all (Reddi et al., 2018).
# - *"Momentum is an adaptive learning rate"* (A33). Momentum has one learning rate for all parameters. AdaGrad,
#   RMSProp and Adam are the ones that give each parameter its own.

# %%
import numpy as np

# %% [markdown]
# ## `minibatch_indices`: one epoch of shuffled batches
#
# "Stochastic" in SGD means that each step sees only a few examples, the *mini-batch*. A9 and B10 leave it at "random
# examples". In practice an **epoch** visits every example exactly once: the indices $0, \ldots, n-1$ are brought into
# a random order (every order equally likely), and that order is cut into pieces of `batch_size`. If `batch_size` does
# not divide $n$, the last piece is shorter. With $n = 10$ and `batch_size` 4, the pieces have 4, 4 and 2 indices.
#
# All randomness comes from `rng`, so that an experiment can be repeated: a generator with the same seed gives the
# same batches.


# %%
def minibatch_indices(num_examples, batch_size, rng):
    """Shuffle the examples and cut them into mini-batches: the index arrays of one epoch.

        a uniformly random order of 0, ..., num_examples - 1, cut into pieces of batch_size

    Args:
        num_examples: number of examples, an int of at least 1.
        batch_size: size of a batch, an int of at least 1; it may be larger than num_examples.
        rng: np.random.Generator, the only source of randomness.

    Returns:
        List of ceil(num_examples / batch_size) integer arrays of shape (batch_size,); the last may be shorter, but is
        never empty. Together they hold every index exactly once.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 8.1.3.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(num_examples)
    return [order[start : start + batch_size] for start in range(0, num_examples, batch_size)]
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Two things to do: bring the indices into a random order, and cut. Which method of a `np.random.Generator` returns a
#    random order of the numbers below `n`?
# 2. A batch begins at 0, `batch_size`, twice `batch_size`, and so on, as long as the beginning is below `num_examples`.
#    A `range` with a step gives these numbers.
# 3. A slice may reach beyond the end of an array and is then just shorter. So the last batch needs no special case.

# %% [markdown]
# ## `sgd_step`: walk downhill
#
# The gradient $g$ points uphill, so the step goes the other way, by the **learning rate** $\eta$ (`lr`) times the
# gradient:
#
# $$\theta \leftarrow \theta - \eta\, g$$
#
# The gradient is used as it is, neither normalised nor clipped: where the slope is steep, the step is long. (`grad`
# is already the mean over the mini-batch; there is nothing left to average.)


# %%
def sgd_step(param, grad, lr):
    """One step of stochastic gradient descent.

        param - lr * grad

    Args:
        param: array of any shape.
        grad: gradient of the loss, shape of param.
        lr: learning rate, a float.

    Returns:
        The new parameter, shape of param.

    Source: Robbins & Monro, 1951; torch.optim.SGD.
    """
    ### BEGIN SOLUTION
    return param - lr * grad
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. The gradient points uphill. In which direction does the parameter move, and how far?
# 2. `param -= ...` writes into the caller's array; an ordinary minus makes a new one.

# %% [markdown]
# ## `momentum_step`: remember the direction
#
# In a narrow valley the gradient points mostly across it, and SGD zigzags. Momentum keeps a **velocity**, a decaying
# sum of the gradients so far: what alternates cancels, what persists adds up.
#
# $$v \leftarrow \mu\, v + g \qquad \theta \leftarrow \theta - \eta\, v$$
#
# The parameter moves by the **new** velocity. What is remembered is the previous velocity: A33 speaks of the gradient
# plus a regularisation term, but there is none.
#
# Several conventions are in use. This is PyTorch's. Some texts put the learning rate into the velocity
# ($v \leftarrow \mu v - \eta g$, $\theta \leftarrow \theta + v$): the same path while $\eta$ is constant, another
# velocity. Others weigh the gradient with $1 - \mu$. Here the velocity is in units of the gradient, and the gradient
# has weight 1.


# %%
def momentum_step(param, grad, velocity, lr, momentum=0.9):
    """One step of gradient descent with (heavy-ball) momentum.

        velocity = momentum * velocity + grad
        param    = param - lr * velocity

    Args:
        param: array of any shape.
        grad: gradient of the loss, shape of param.
        velocity: velocity after the previous step (zeros at the start), shape of param.
        lr: learning rate, a float.
        momentum: share of the velocity that is kept, a float in [0, 1).

    Returns:
        Tuple (param, velocity): the new arrays, each of the shape of param.

    Source: Polyak, 1964; Sutskever et al., 2013; torch.optim.SGD (no dampening, not Nesterov).
    """
    ### BEGIN SOLUTION
    velocity = momentum * velocity + grad
    return param - lr * velocity, velocity
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Two lines, in the order of the docstring: first the velocity, then the parameter.
# 2. The gradient enters the velocity with weight 1, and the learning rate is not in it. The step uses the velocity that
#    you have just computed.
# 3. Give the new velocity a name (no `*=` or `+=`, which change the caller's array), and return both.

# %% [markdown]
# ## `adagrad_step`: a learning rate for each parameter
#
# A parameter that rarely gets a gradient (the embedding of a rare word, say) should make the most of it. AdaGrad adds
# up the **squared** gradients of each parameter and divides by the **root** of that sum:
#
# $$s \leftarrow s + g^2 \qquad \theta \leftarrow \theta - \eta\, \frac{g}{\sqrt{s} + \varepsilon}$$
#
# The root matters: A33 lets the sum itself divide the learning rate, which would make the step depend on the unit in
# which the loss is measured. B10 says that the history is that of a sample; it is that of a parameter. $\varepsilon$
# keeps a parameter that has never seen a gradient from dividing by zero.


# %%
def adagrad_step(param, grad, square_sum, lr, eps=1e-10):
    """One step of AdaGrad: divide by the root of all squared gradients so far.

        square_sum = square_sum + grad^2
        param      = param - lr * grad / (sqrt(square_sum) + eps)

    Args:
        param: array of any shape.
        grad: gradient of the loss, shape of param.
        square_sum: sum of the squared gradients of the previous steps (zeros at the start), shape of param.
        lr: learning rate, a float.
        eps: small positive float, added after the root.

    Returns:
        Tuple (param, square_sum): the new arrays, each of the shape of param.

    Source: Duchi, Hazan & Singer, 2011, "Adaptive subgradient methods"; torch.optim.Adagrad.
    """
    ### BEGIN SOLUTION
    square_sum = square_sum + grad**2
    return param - lr * grad / (np.sqrt(square_sum) + eps), square_sum
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. First bring the memory up to date: what does this gradient add to it? The step then uses the new memory.
# 2. The gradient is divided by the root of the memory, and `eps` is added to the root, not to what is under it.
# 3. Every entry has its own sum: nothing is added up over the entries of an array.

# %% [markdown]
# ## `rmsprop_step`: forget the distant past
#
# AdaGrad's sum only grows, so its steps only shrink, and a long training run comes to a halt. RMSProp replaces the
# sum by an exponential **moving average**, which forgets:
#
# $$s \leftarrow \alpha\, s + (1 - \alpha)\, g^2 \qquad
#   \theta \leftarrow \theta - \eta\, \frac{g}{\sqrt{s} + \varepsilon}$$
#
# $\alpha$ is the share of the old average that is kept. The lecture that introduced the method used 0.9; the default
# here is PyTorch's 0.99. Some implementations (TensorFlow's among them) add $\varepsilon$ inside the root; here it is
# outside.


# %%
def rmsprop_step(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    """One step of RMSProp: divide by the root of a moving average of the squared gradients.

        square_avg = alpha * square_avg + (1 - alpha) * grad^2
        param      = param - lr * grad / (sqrt(square_avg) + eps)

    Args:
        param: array of any shape.
        grad: gradient of the loss, shape of param.
        square_avg: the moving average after the previous step (zeros at the start), shape of param.
        lr: learning rate, a float.
        alpha: share of the average that is kept, a float in [0, 1).
        eps: small positive float, added after the root.

    Returns:
        Tuple (param, square_avg): the new arrays, each of the shape of param.

    Source: Tieleman & Hinton, 2012, Coursera lecture 6.5; torch.optim.RMSprop (not centred, no momentum).
    """
    ### BEGIN SOLUTION
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / (np.sqrt(square_avg) + eps), square_avg
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. It is `adagrad_step` with another memory: an average instead of a sum.
# 2. In a moving average the old value and the new square have weights that add up to 1. `alpha` belongs to the old one.
# 3. The step then divides the gradient by the root of the new average plus `eps`.

# %% [markdown]
# ## `adam_step`: both memories, with the cold start corrected
#
# Adam keeps two moving averages: of the gradient (as momentum does) and of its square (as RMSProp does).
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$$
#
# Both start at zero and are therefore too small at first. With the default $\beta$s, $m$ is $0.1\,g$ and $\sqrt{v}$
# is about $0.03\,|g|$ after the first step. The **bias correction** divides by the weight that has come in so far,
# where $t$ is the number of this step, counted from 1:
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad
#   \theta \leftarrow \theta - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# Two details that decide whether the result is Adam:
#
# - The corrected averages are used for this step only. What is returned, and remembered, are the uncorrected $m$ and
#   $v$.
# - $\varepsilon$ stands outside the root, beside the root of the **corrected** $\hat v$. Code that folds the
#   corrections into the learning rate often leaves $\varepsilon$ beside $\sqrt{v}$ instead, where it weighs some 30
#   times as much in the first step.
#
# What the documents say: A9 and A38 call Adam a mixture of SGD and AdaGrad; the second average comes from RMSProp,
# for it forgets. (B10, with AdaGrad and RMSProp, is nearer to the paper.) A33 calls $v$ a variance; it is the mean of
# $g^2$, with no mean subtracted. None of them mentions the bias correction.


# %%
def adam_step(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam.

        m     = beta1 * m + (1 - beta1) * grad
        v     = beta2 * v + (1 - beta2) * grad^2
        m_hat = m / (1 - beta1^step),   v_hat = v / (1 - beta2^step)
        param = param - lr * m_hat / (sqrt(v_hat) + eps)

    Args:
        param: array of any shape.
        grad: gradient of the loss, shape of param.
        m: moving average of the gradient after the previous step (zeros at the start), shape of param.
        v: moving average of the squared gradient after the previous step (zeros at the start), shape of param.
        step: number of this step, an int; the first is 1.
        lr: learning rate, a float.
        beta1: share of m that is kept, a float in [0, 1).
        beta2: share of v that is kept, a float in [0, 1).
        eps: small positive float, added after the root of the corrected v.

    Returns:
        Tuple (param, m, v): the new arrays, each of the shape of param; m and v are not corrected.

    Source: Kingma & Ba, 2015, "Adam: a method for stochastic optimization", algorithm 1; torch.optim.Adam.
    """
    ### BEGIN SOLUTION
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**step)
    v_hat = v / (1 - beta2**step)
    return param - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Four quantities in the order of the docstring: the two averages, their corrected versions, the step. Give the
#    corrected ones names of their own, because they are not returned.
# 2. Each correction divides by 1 minus a power of its own beta, and `step` is the exponent. In the first step, where
#    the averages start at 0, `m_hat` is then exactly the gradient: a good check.
# 3. The step is the learning rate times `m_hat`, divided by the root of `v_hat` plus `eps`, with `eps` outside the
#    root.

# %% [markdown]
# Why the correction is needed, in a picture: the gradient is always 1, so a good step is always `lr`. Without the
# correction, $v$ lags behind $m$, and the first steps are up to six times too long, just when the network is least
# settled.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# steps = np.arange(1, 1001)
# param, m, v = np.zeros(1), np.zeros(1), np.zeros(1)
# corrected = []
# for step in steps:
#     new_param, m, v = adam_step(param, np.ones(1), m, v, int(step), lr=1.0)
#     corrected.append((param - new_param)[0])
#     param = new_param
#
# plt.figure(figsize=(6, 3))
# plt.semilogx(steps, corrected, label="adam_step")
# plt.semilogx(steps, (1 - 0.9**steps) / np.sqrt(1 - 0.999**steps), "--", label="without bias correction")
# plt.xlabel("step")
# plt.ylabel("step length / lr")
# plt.ylim(bottom=0)
# plt.legend()
# plt.show()

# %% [markdown]
# ## `adamax_step`: the largest gradient instead of the average
#
# Adamax replaces the root of the mean square by a maximum that slowly decays:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad u \leftarrow \max(\beta_2\, u,\; |g| + \varepsilon) \qquad
#   \theta \leftarrow \theta - \frac{\eta}{1 - \beta_1^t}\, \frac{m}{u}$$
#
# A maximum takes in the whole of a new gradient at once, so $u$ is not too small at the start and needs no
# correction; $m$ still does. The paper has no $\varepsilon$. PyTorch, and so this exercise, adds it to $|g|$ inside
# the maximum, which makes it part of the state $u$. The default learning rate is 0.002, twice that of Adam.
#
# B10 presents Adamax as an improved Adam for sparse data. The paper offers it as a variant, no more: the $p$-norm
# form of Adam for $p \to \infty$. Sparse data is what AdaGrad was made for.


# %%
def adamax_step(param, grad, m, u, step, lr=2e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adamax, Adam with the infinity norm.

        m     = beta1 * m + (1 - beta1) * grad
        u     = max(beta2 * u, |grad| + eps)
        param = param - lr / (1 - beta1^step) * m / u

    Args:
        param: array of any shape.
        grad: gradient of the loss, shape of param.
        m: moving average of the gradient after the previous step (zeros at the start), shape of param.
        u: decaying maximum of the absolute gradient after the previous step (zeros at the start), shape of param.
        step: number of this step, an int; the first is 1.
        lr: learning rate, a float.
        beta1: share of m that is kept, a float in [0, 1).
        beta2: share of u that is kept, a float in [0, 1).
        eps: small positive float, added to |grad| inside the maximum.

    Returns:
        Tuple (param, m, u): the new arrays, each of the shape of param; m is not corrected.

    Source: Kingma & Ba, 2015, section 7.1; torch.optim.Adamax.
    """
    ### BEGIN SOLUTION
    m = beta1 * m + (1 - beta1) * grad
    u = np.maximum(beta2 * u, np.abs(grad) + eps)
    return param - lr / (1 - beta1**step) * m / u, m, u
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. `m` is that of Adam. `u` is the larger of two arrays, entry by entry: which function of NumPy compares two arrays?
# 2. `eps` is added to the absolute gradient, inside the maximum. Then the division needs no other.
# 3. Only `m` is corrected, with `beta1` and `step`. It can be done by dividing the learning rate.

# %% [markdown]
# ## `adamw_step`: Adam with honest weight decay
#
# L2 regularisation adds $\lambda\,\theta$ to the gradient. Under SGD that is the same as shrinking the weights a
# little at each step. Under Adam it is not: the added term goes through $m$ and $v$ and is divided by
# $\sqrt{\hat v}$, so weights with large gradients are hardly regularised at all. AdamW takes the decay out of the
# gradient (*decoupled* weight decay) and applies it to the parameter itself:
#
# $$\theta \leftarrow (1 - \eta\lambda)\, \theta - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# $m$ and $v$ see the plain gradient, exactly as in Adam. The decay acts on the parameter **before** the step and is
# scaled by the learning rate, as in PyTorch. (The paper scales it by the learning-rate schedule only.)
#
# A3 describes weight decay as adding the squared weights to the loss, which is L2 regularisation, and as making the
# updates smaller. What it makes smaller is the weights.


# %%
def adamw_step(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    """One step of AdamW: Adam with decoupled weight decay.

        m     = beta1 * m + (1 - beta1) * grad
        v     = beta2 * v + (1 - beta2) * grad^2
        m_hat = m / (1 - beta1^step),   v_hat = v / (1 - beta2^step)
        param = (1 - lr * weight_decay) * param - lr * m_hat / (sqrt(v_hat) + eps)

    Args:
        param: array of any shape.
        grad: gradient of the loss without any penalty, shape of param.
        m: moving average of the gradient after the previous step (zeros at the start), shape of param.
        v: moving average of the squared gradient after the previous step (zeros at the start), shape of param.
        step: number of this step, an int; the first is 1.
        lr: learning rate, a float.
        beta1: share of m that is kept, a float in [0, 1).
        beta2: share of v that is kept, a float in [0, 1).
        eps: small positive float, added after the root of the corrected v.
        weight_decay: strength of the decay, a float.

    Returns:
        Tuple (param, m, v): the new arrays, each of the shape of param; m and v are not corrected.

    Source: Loshchilov & Hutter, 2019, "Decoupled weight decay regularization"; torch.optim.AdamW.
    """
    ### BEGIN SOLUTION
    return adam_step((1 - lr * weight_decay) * param, grad, m, v, step, lr, beta1, beta2, eps)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. The moments, the corrections and the step are those of Adam, with the plain gradient. What is different is the
#    parameter that the step starts from.
# 2. The decay multiplies the parameter by a number slightly below 1, made of the learning rate and `weight_decay`.
# 3. So shrink the parameter and let `adam_step` do the rest. Pass on every argument, `step` and the two betas and `eps`
#    included.

# %% [markdown]
# ## A race
#
# A long, narrow valley: the loss is 300 times as curved along one axis as along the other. The steep axis limits the
# learning rate of SGD, so along the flat one it crawls. Momentum swings to and fro, but arrives. RMSProp and Adam give
# each axis its own scale and make progress along both from the start. Near the minimum RMSProp begins to jump about: it
# has forgotten the large gradients, so its steps are long again. Change the learning rates and see who loses first.

# %% tags=["active-ipynb"]
# curvature, start = np.array([1.0, 300.0]), np.array([-4.0, 0.5])
# optimizers = {  # name: (number of state arrays, one step)
#     "SGD": (0, lambda param, grad, step: (sgd_step(param, grad, 0.006),)),
#     "momentum": (1, lambda param, grad, step, velocity: momentum_step(param, grad, velocity, 0.004)),
#     "RMSProp": (1, lambda param, grad, step, square_avg: rmsprop_step(param, grad, square_avg, 0.08, alpha=0.9)),
#     "Adam": (2, lambda param, grad, step, m, v: adam_step(param, grad, m, v, step, lr=0.2)),
# }
# figure, (valley, curve) = plt.subplots(1, 2, figsize=(11, 4))
# x, y = np.meshgrid(np.linspace(-5, 2, 200), np.linspace(-0.7, 0.7, 200))
# valley.contour(x, y, (curvature[0] * x**2 + curvature[1] * y**2) / 2, levels=np.geomspace(0.1, 100, 12), colors="0.8")
# for name, (num_states, update) in optimizers.items():
#     param, state, points = start, [np.zeros(2)] * num_states, [start]
#     for step in range(1, 81):
#         param, *state = update(param, curvature * param, step, *state)
#         points.append(param)
#     points = np.array(points)
#     valley.plot(*points.T, ".-", markersize=3, linewidth=1, label=name)
#     curve.semilogy((curvature * points**2).sum(axis=1) / 2, label=name)
# valley.plot(0, 0, "k*")
# valley.legend()
# curve.set_xlabel("step")
# curve.set_ylabel("loss")
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="A38"
# - 1 point: the optimiser decides, from gradients, how the parameters change; the aim is a low loss in few steps.
# - 1 point: SGD takes a step of learning rate times the gradient of a minibatch, one rate for all parameters;
#   momentum averages over past steps.
# - 1 point: Adam keeps running means of the gradient and of its square, corrects both for starting at zero, and so
#   scales each parameter's step on its own.
# - 1 point: compares: Adam gets far with little tuning; well-tuned SGD with momentum generalises as well or better in
#   some fields; weight decay is to be decoupled (AdamW).
