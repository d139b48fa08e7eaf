# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A11, A35, A39, B11, B35]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 09 · Normalization
#
# A normalization layer shifts and scales its inputs so that a group of them has mean 0 and variance about 1, and then
# lets the network shift and scale them again, with parameters that it learns. Networks with such layers bear larger
# learning rates and depend less on how they were initialized.
#
# All such layers use the same formula. They differ in *which numbers share a mean*:
#
# | layer | input | one mean and variance for each | taken over |
# |---|---|---|---|
# | batch norm | $(N, D)$ | feature | the batch, axis 0 |
# | batch norm, images | $(N, C, H, W)$ | channel | the batch and all positions, axes 0, 2 and 3 |
# | layer norm | $(\ldots, D)$ | example (or token) | its features, the last axis |
#
# You will write batch norm for training and for evaluation, batch norm for images, the gradient of batch norm, and
# layer norm. The results agree with PyTorch.
#
# **Conventions.** $N$ is the size of the batch, $D$ the number of features, $C$ the number of channels. The scale
# $\gamma$ (`gamma`) and the shift $\beta$ (`beta`) have one entry per feature or channel; PyTorch calls them `weight`
# and `bias`. The entries of $\gamma$ may have either sign. To normalize means to divide by $\sqrt{\mathrm{var} +
# \varepsilon}$, where $\varepsilon > 0$ (`eps`) stands *under* the root and the variance is the *biased* one, the mean
# of the squared deviations: a sum divided by the number of its terms, not by one less.
#
# **Rules of this topic.** Use NumPy and the standard library; `np.mean` and `np.var` are welcome. Arrays hold finite
# floats (float64 or float32), and no axis is empty. No function changes its arguments: new arrays are returned.
# Results must also be right where the data lie far from zero, in float32 too: values around $10^4$ that spread by 3.
# The short form $\mathrm{var} = \overline{x^2} - \bar{x}^2$ fails there. It subtracts two numbers near $10^8$, which
# float32 cannot tell apart to better than 8, and what is left is noise, often negative.
#
# **Interview questions.** A11, A35, A39, B11 and B35 (A and B are the two documents that this collection follows). All
# five ask for batch normalization, and their answers need correcting:
#
# - A11, A35 and A39 end with inputs of mean 0 and standard deviation 1. Three of the five parts are missing: the
#   learned $\gamma$ and $\beta$, the $\varepsilon$ that keeps a constant feature from being divided by 0, and the
#   running statistics, which replace those of the batch once training is over.
# - B11 and B35 say that the activations of each batch are standardized. That sounds like one mean for the whole batch.
#   Every feature has its own.
# - B11 and B35 say that every neuron's input then keeps the same distribution. Only its mean and variance *within one
#   batch* are fixed, and $\gamma$ and $\beta$ move both of them again during training.
# - A35 and A39 explain the success by a smaller "internal covariate shift". That was the idea of the authors. When it
#   was tested (Santurkar et al., 2018, "How does batch normalization help optimization?"), networks whose distributions
#   were made to shift on purpose, after each batch norm, trained just as well. The account of that paper is that batch
#   norm makes the loss smoother.
# - A35 and A39 hold that neurons influence each other less. Batch norm adds an influence that was not there before:
#   each example's output depends on all other examples of its batch. You will meet it in `batch_norm_backward`.
# - All five say that vanishing and exploding gradients get better. Not in general: in a deep network without skip
#   connections, batch norm makes gradients explode at initialization (Yang et al., 2019, "A mean field theory of batch
#   normalization"). A plot below shows it with your own functions.

# %%
import numpy as np

# %% [markdown]
# ## `batch_norm_train`: the statistics of the batch
#
# In training, feature $j$ is normalized with its mean and its variance over the $N$ examples of the batch:
#
# $$\mu_j = \frac1N \sum_i x_{ij}, \qquad v_j = \frac1N \sum_i (x_{ij} - \mu_j)^2, \qquad
# y_{ij} = \gamma_j\,\frac{x_{ij} - \mu_j}{\sqrt{v_j + \varepsilon}} + \beta_j$$
#
# With $\gamma_j = \sqrt{v_j + \varepsilon}$ and $\beta_j = \mu_j$ the layer does nothing at all. So the network loses
# nothing by it: mean and spread of a feature have become parameters that it can set directly.
#
# When the network is used later there may be no batch, just one example. For that day the layer keeps *running*
# estimates, which move a little towards each batch:
#
# $$\mu^{\text{run}} \leftarrow (1 - m)\,\mu^{\text{run}} + m\,\mu, \qquad
# v^{\text{run}} \leftarrow (1 - m)\,v^{\text{run}} + m\,\frac{N}{N-1}\,v, \qquad m = \texttt{momentum}$$
#
# Three conventions to watch:
#
# - `momentum` is the weight of the *new* value, as in PyTorch. Keras and many courses give that name to the weight of
#   the old one; their 0.9 is a 0.1 here.
# - $y$ is made with the biased variance, but the running estimate takes in the unbiased one (divided by $N - 1$), as
#   in the paper and in PyTorch. Many courses use the biased one for both.
# - $y$ does not depend on the running estimates. They are kept for later only.
#
# A single example has no spread: its output would be $\beta$, whatever the input, and its unbiased variance is $0/0$.
# With $N = 1$ the function raises `ValueError`.


# %%
def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """Batch normalization of a batch of vectors in training, and the running statistics after it.

        y = gamma * (x - mean) / sqrt(var + eps) + beta    mean, var: of each feature over the batch, var biased
        new running_mean = (1 - momentum) * running_mean + momentum * mean
        new running_var  = (1 - momentum) * running_var  + momentum * unbiased var

    Args:
        x: array (N, D) of floats, N >= 2.
        gamma: array (D,), the scale.
        beta: array (D,), the shift.
        running_mean: array (D,), the running mean before this batch; left as it is.
        running_var: array (D,), the running variance before this batch; left as it is.
        momentum: float from 0 to 1, the weight of this batch in the running statistics.
        eps: float > 0, added to the variance under the root.

    Returns:
        (y, running_mean, running_var): arrays (N, D), (D,) and (D,), the last two after this batch.

    Raises:
        ValueError: when N is 1; the message names x.

    Source: Ioffe & Szegedy, 2015, "Batch normalization: accelerating deep network training by reducing internal
    covariate shift", algorithms 1 and 2; torch.nn.BatchNorm1d.
    """
    ### BEGIN SOLUTION
    if len(x) < 2:
        raise ValueError(f"x must have at least 2 rows, got {len(x)}")
    mean, var = x.mean(axis=0), x.var(axis=0)
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    return y, running_mean, running_var
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Each feature is a column of `x`. Along which axis do you go when you take the mean of a column? The result has
#    shape $(D,)$ and lines up with the columns by itself.
# 2. Two variances are needed: one divided by $N$ for `y`, one divided by $N - 1$ for the running estimate. The second
#    is the first times $N / (N - 1)$; `np.var` can also compute it directly.
# 3. Look at the number of rows before anything else. For the running statistics make new arrays: an operator such as
#    `*=` would write into those of the caller.

# %% [markdown]
# ## `batch_norm_eval`: statistics that no longer move
#
# $$y_{ij} = \gamma_j\,\frac{x_{ij} - \mu^{\text{run}}_j}{\sqrt{v^{\text{run}}_j + \varepsilon}} + \beta_j$$
#
# After training, the running statistics take the place of those of the batch. The layer is now a fixed linear function
# of each number: an example gets the same output alone as in any batch, and a batch of one is fine. To go on with the
# statistics of the batch is a classic mistake (in PyTorch: to forget `model.eval()`), because then the answer for one
# customer depends on who else is asking.
#
# The running variance was already corrected by $N / (N - 1)$ when it was collected; it is used here as it is.


# %%
def batch_norm_eval(x, gamma, beta, running_mean, running_var, eps=1e-5):
    """Batch normalization in evaluation: with the running statistics, each example by itself.

        y = gamma * (x - running_mean) / sqrt(running_var + eps) + beta

    Args:
        x: array (N, D) of floats, N >= 1.
        gamma: array (D,), the scale.
        beta: array (D,), the shift.
        running_mean: array (D,), the mean of each feature, from training.
        running_var: array (D,) of floats >= 0, the variance of each feature, from training.
        eps: float > 0, added to the variance under the root.

    Returns:
        Array (N, D).

    Source: Ioffe & Szegedy, 2015, algorithm 2; torch.nn.BatchNorm1d after eval().
    """
    ### BEGIN SOLUTION
    return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Is there anything that has to be computed from the batch? If your function takes a mean, it is one too many.
# 2. Every vector of shape $(D,)$ lines up with the columns of `x` by itself.

# %% [markdown]
# Running statistics of a feature with mean 3 and variance 4, from batches of 16, starting at 0 and 1 as in PyTorch. A
# large `momentum` gets there quickly but keeps following the chance of the latest batches; a small one is slow and
# steady.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# batches = rng.normal(3, 2, size=(150, 16, 1))
#
# figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.5))
# for momentum in (0.5, 0.1, 0.02):
#     mean, var = np.zeros(1), np.ones(1)
#     means, variances = [mean], [var]
#     for batch in batches:
#         y, mean, var = batch_norm_train(batch, np.ones(1), np.zeros(1), mean, var, momentum=momentum)
#         means.append(mean)
#         variances.append(var)
#     left.plot(means, label=f"momentum {momentum}")
#     right.plot(variances, label=f"momentum {momentum}")
# for axes, title, value in ((left, "running mean", 3), (right, "running variance", 4)):
#     axes.axhline(value, color="k", linestyle=":", label="truth")
#     axes.set(title=title, xlabel="batch")
# right.legend()
# plt.show()

# %% [markdown]
# ## `batch_norm2d_train`: one mean per channel
#
# A convolution treats all positions of an image alike, and so should what follows it. Batch norm for images therefore
# has one mean and one variance *per channel*, over the batch and all positions together:
#
# $$\mu_c = \frac{1}{NHW} \sum_{n,h,w} x_{nchw}, \qquad v_c = \frac{1}{NHW} \sum_{n,h,w} (x_{nchw} - \mu_c)^2, \qquad
# y_{nchw} = \gamma_c\,\frac{x_{nchw} - \mu_c}{\sqrt{v_c + \varepsilon}} + \beta_c$$
#
# Each pixel counts as an example. A mean over axis 0 alone would give every position of the image a statistic of its
# own; a mean over axes 2 and 3 alone treats every image by itself, which is *instance* norm.
#
# NumPy lines shapes up from the right, so a $\gamma$ of shape $(C,)$ meets the *width*, not the channels. It needs
# another shape first.
#
# The running statistics are left out here; they work as before, with $NHW$ in the place of $N$. A single image is
# fine, as long as a channel holds two or more numbers: $NHW \ge 2$.


# %%
def batch_norm2d_train(x, gamma, beta, eps=1e-5):
    """Batch normalization of a batch of images in training, without running statistics.

        y = gamma * (x - mean) / sqrt(var + eps) + beta    mean, var: of each channel over N, H and W, var biased

    Args:
        x: array (N, C, H, W) of floats, N * H * W >= 2.
        gamma: array (C,), the scale of each channel.
        beta: array (C,), the shift of each channel.
        eps: float > 0, added to the variance under the root.

    Returns:
        Array (N, C, H, W).

    Source: Ioffe & Szegedy, 2015, section 3.2; torch.nn.BatchNorm2d.
    """
    ### BEGIN SOLUTION
    mean = x.mean(axis=(0, 2, 3), keepdims=True)
    var = x.var(axis=(0, 2, 3), keepdims=True)
    return gamma[:, None, None] * (x - mean) / np.sqrt(var + eps) + beta[:, None, None]
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. How many means are there, and how many numbers go into each? `np.mean` takes several axes at once.
# 2. A mean of shape $(C,)$ does not line up with the channels. Keep the reduced axes, with length 1.
# 3. `gamma` and `beta` need two more axes of length 1, behind the one that they have. If you would rather turn `x` into
#    a table with one column per channel, move the channel axis to the end before you reshape.

# %% [markdown]
# ## `batch_norm_backward`: the examples of a batch are coupled
#
# Training needs the gradient. Write $s = 1 / \sqrt{v + \varepsilon}$ and $\hat{x}_i = (x_i - \mu)\,s$ for one feature,
# so that $y_i = \gamma \hat{x}_i + \beta$, and $g_i = \partial L / \partial y_i$ for what arrives from above. The
# parameters were used by every example, so their gradients are sums over the batch:
#
# $$\frac{\partial L}{\partial \gamma} = \sum_i g_i \hat{x}_i, \qquad \frac{\partial L}{\partial \beta} = \sum_i g_i$$
#
# The input is harder. Move $x_i$ a little: $\hat{x}_i$ moves, but $\mu$ and $v$ move as well, and with them the outputs
# of *all* examples. Differentiating all three gives
#
# $$\frac{\partial \hat{x}_j}{\partial x_i} = s \Bigl( [i = j] - \frac1N - \frac{\hat{x}_i \hat{x}_j}{N} \Bigr),
# \qquad\text{hence}\qquad
# \frac{\partial L}{\partial x_i} = \gamma s \Bigl( g_i - \frac1N \sum_j g_j - \hat{x}_i\,\frac1N \sum_j g_j
# \hat{x}_j \Bigr)$$
#
# The first term is the direct path, the second comes through the mean, the third through the variance. There is a
# picture to it. Shifting all $x_i$ by the same amount does not change $y$, so the gradient has no part in that
# direction: its sum over the batch is 0. Scaling all $x_i - \mu$ does not change $y$ either, but for $\varepsilon$, so
# that part is removed as well.
#
# A35 and A39 say that batch norm makes neurons influence each other less. The two subtracted terms are an influence of
# each example on every other. Whoever treats $\mu$ and $v$ as constants loses both.


# %%
def batch_norm_backward(grad_output, x, gamma, eps=1e-5):
    """Gradients of batch normalization in training, for a batch of vectors.

        x_hat      = (x - mean) / sqrt(var + eps)    mean, var: of each feature over the batch, var biased
        grad_gamma = sum grad_output * x_hat         sums and means over the batch
        grad_beta  = sum grad_output
        grad_x     = gamma / sqrt(var + eps) * (grad_output - mean(grad_output) - x_hat * mean(grad_output * x_hat))

    Args:
        grad_output: array (N, D), the gradient of the loss with respect to y = gamma * x_hat + beta.
        x: array (N, D) of floats, N >= 2, the input of the forward pass.
        gamma: array (D,), the scale.
        eps: float > 0, added to the variance under the root.

    Returns:
        (grad_x, grad_gamma, grad_beta): arrays (N, D), (D,) and (D,).

    Source: Ioffe & Szegedy, 2015, section 3; torch.nn.BatchNorm1d under autograd.
    """
    ### BEGIN SOLUTION
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    grad_gamma = (grad_output * x_hat).sum(axis=0)
    grad_beta = grad_output.sum(axis=0)
    grad_x = gamma / std * (grad_output - (grad_beta + x_hat * grad_gamma) / len(x))
    return grad_x, grad_gamma, grad_beta
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Repeat the forward pass as far as $\hat{x}$, with the same variance and the same `eps`.
# 2. The gradients of the parameters are sums over the batch. Compute them first: divided by $N$, they are the two means
#    in the gradient of `x`.
# 3. Check the result: in every column `grad_x` sums to 0, and if `grad_output` is the same for all examples, `grad_x`
#    is 0 altogether.

# %% [markdown]
# Fifty layers of 256 units with ReLU at a usual initialization (He), and the size of the gradient on its way from the
# output back to the input. Without batch norm it keeps its size; with batch norm before each ReLU it grows by a factor
# of about 1.2 per layer. This is what Yang et al. (2019) computed, and the opposite of what the documents claim. (In
# residual networks, where batch norm is most used, the skip connections prevent it.)

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# depth, width = 50, 256
# ones, zeros = np.ones(width), np.zeros(width)
#
#
# def gradient_sizes(normalized):
#     x = rng.normal(size=(64, width))
#     layers = []
#     for _ in range(depth):
#         weight = rng.normal(0, np.sqrt(2 / width), size=(width, width))
#         z = x @ weight.T
#         y = batch_norm_train(z, ones, zeros, zeros, ones)[0] if normalized else z
#         layers.append((weight, z, y))
#         x = np.maximum(y, 0)
#     grad = rng.normal(size=x.shape)
#     sizes = [np.linalg.norm(grad)]
#     for weight, z, y in reversed(layers):
#         grad = grad * (y > 0)
#         if normalized:
#             grad = batch_norm_backward(grad, z, ones)[0]
#         grad = grad @ weight
#         sizes.append(np.linalg.norm(grad))
#     return np.array(sizes) / sizes[0]
#
#
# plt.figure(figsize=(6, 3.5))
# plt.semilogy(gradient_sizes(normalized=True), label="with batch norm")
# plt.semilogy(gradient_sizes(normalized=False), label="without")
# plt.xlabel("layers back from the output")
# plt.ylabel("size of the gradient")
# plt.legend()
# plt.show()

# %% [markdown]
# ## `layer_norm`: each example by itself
#
# $$\mu = \frac1D \sum_j x_j, \qquad v = \frac1D \sum_j (x_j - \mu)^2, \qquad
# y_j = \gamma_j\,\frac{x_j - \mu}{\sqrt{v + \varepsilon}} + \beta_j$$
#
# Here the sums run over the features of *one* example, the last axis. Nothing depends on the batch, so training and
# evaluation are the same, no running statistics are needed, and a batch of one is as good as any. That is why
# Transformers, with their sequences of changing length, use it: for an input $(N, T, D)$ every token of every sequence
# is normalized by itself.
#
# Note which way the vectors point: the statistics belong to the examples, but $\gamma$ and $\beta$ still have one entry
# per feature. Even with $D = 1$ there is an answer, $y = \beta$.
#
# Two relatives that are easily mixed up with it: implementations that divide by the unbiased standard deviation *plus*
# $\varepsilon$ (a well-known one is in "The Annotated Transformer"), which is another function, and RMSNorm, which does
# not subtract the mean.
#
# The documents know only batch norm. Whoever answers their questions should be able to say when it is the wrong choice:
# for small batches, and for sequences.


# %%
def layer_norm(x, gamma, beta, eps=1e-5):
    """Layer normalization over the last axis.

        y = gamma * (x - mean) / sqrt(var + eps) + beta    mean, var: over the last axis, var biased

    Args:
        x: array (..., D) of floats, one or more axes, D >= 1.
        gamma: array (D,), the scale of each feature.
        beta: array (D,), the shift of each feature.
        eps: float > 0, added to the variance under the root.

    Returns:
        Array of the shape of x.

    Source: Ba, Kiros & Hinton, 2016, "Layer normalization"; torch.nn.LayerNorm(D).
    """
    ### BEGIN SOLUTION
    mean = x.mean(axis=-1, keepdims=True)
    var = x.var(axis=-1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. How many means are there for an input of shape $(2, 3, 5)$? One for each vector of 5 numbers.
# 2. Count the axis from the back, so that the number of axes does not matter, and keep it with length 1, so that mean
#    and variance line up with `x`.
# 3. `gamma` and `beta` belong to the last axis and line up by themselves.

# %% [markdown]
# The same table of 8 examples and 6 features, in which both the features and the examples differ in level. Batch norm
# makes the columns comparable and keeps the differences between the rows; layer norm does it the other way round.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(1)
# x = rng.normal(size=(8, 6)) + 3 * rng.normal(size=(8, 1)) + 3 * rng.normal(size=6)
# ones, zeros = np.ones(6), np.zeros(6)
# tables = {
#     "input": x,
#     "batch norm": batch_norm_train(x, ones, zeros, zeros, ones)[0],
#     "layer norm": layer_norm(x, ones, zeros),
# }
#
# figure, panels = plt.subplots(1, 3, figsize=(10, 3.5))
# for axes, (title, table) in zip(panels, tables.items()):
#     picture = axes.imshow(table, cmap="coolwarm", vmin=-abs(table).max(), vmax=abs(table).max())
#     axes.set(title=title, xlabel="feature", ylabel="example", xticks=range(6), yticks=range(8))
#     figure.colorbar(picture, ax=axes, shrink=0.8)
# plt.tight_layout()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="B11"
# - 1 point: normalises each feature (in a CNN each channel) over the batch to mean 0 and variance 1, then applies a
#   learned scale and shift.
# - 1 point: at evaluation, running averages from training take the place of the batch's statistics.
# - 1 point: what it gains: larger learning rates, less dependence on the initialisation, smoother optimisation. "Less
#   internal covariate shift" counts if it is called the original, disputed explanation.
# - 1 point: its limit: examples of a batch depend on one another, so small batches are noisy; layer normalisation
#   avoids that.
