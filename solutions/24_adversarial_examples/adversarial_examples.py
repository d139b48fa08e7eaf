# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [B23]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 24 · Adversarial examples
#
# Take a picture that a classifier recognises. Change every pixel a little, by less than you can see, and the classifier
# is sure that it shows something else. Such an input is an *adversarial example*. It is found with the tool that
# trains networks, the gradient of the loss, but taken with respect to the *input*: training changes the weights so that
# the loss falls; an attack leaves the weights alone and changes the input so that the loss rises.
#
# You will compute that gradient for a linear classifier (`input_gradient`), take one step with it (`fgsm_attack`), and
# then many small steps (`pgd_attack`), each brought back to where the change is still small (`project_linf`).
#
# **What "small" means.** Here: no entry may change by more than $\varepsilon$. The largest change of any entry is the
# $L_\infty$ norm of the perturbation, so the allowed inputs are the $L_\infty$ *ball* around the original $x$:
#
# $$\lVert x_{\mathrm{adv}} - x \rVert_\infty = \max_i \lvert x_{\mathrm{adv},i} - x_i \rvert \le \varepsilon$$
#
# Drawn for two entries, this ball is a square with $x$ in its middle. And the result has to remain a valid input: an
# attack must not answer with pixels below black or above white.
#
# **Rules of this topic.** Use NumPy and the standard library. Arrays hold finite floats (float64 or float32), only the
# labels are integers; no axis has length 0. Results are new arrays, and no argument is changed. `epsilon` is a float,
# at least 0.
#
# The two attacks do not know the network. They are given a function `loss_gradient`: call it with an array of the shape
# of `x`, and it returns the gradient of the loss at that point, an array of the same shape. A call costs a pass
# forward and a pass back through the network, so call it no more often than needed: the tests count.
#
# **Interview question.** B23 (A and B are the two documents that this collection follows). Its short answer names FGSM
# and PGD, and leaves open what matters:
#
# - It spells out PGD as a method of gradient *ascent*. The D stands for *descent*: Madry et al. describe projected
#   gradient descent on the negative loss. The step is the same and the loss rises, but the name is not.
# - It does not say onto what is projected. It is the ball around the **original** input. A ball around the latest
#   iterate would let the perturbation grow with every step.
# - It calls the perturbation slight without a measure. Without a norm and an $\varepsilon$, "robust" means nothing.
#
# A27 uses "adversarial training" for the training of a GAN. Today the term usually means training *on adversarial
# examples*, the best-known defence: attack every batch first, then learn from the attacked one.

# %%
import numpy as np

# %% [markdown]
# ## `input_gradient`: which way does the loss rise?
#
# A linear classifier computes logits $z = W x + b$, and the loss is the cross entropy, averaged over the $N$ examples.
# With $p = \mathrm{softmax}(z)$ and $e_y$ the vector that is 1 at the true class and 0 elsewhere,
#
# $$L = -\frac{1}{N} \sum_{n=1}^{N} \log p_{n, y_n}, \qquad
# \frac{\partial L}{\partial z_n} = \frac{1}{N} (p_n - e_{y_n}), \qquad
# \frac{\partial L}{\partial x_n} = W^\top \frac{\partial L}{\partial z_n}$$
#
# In words: a weighted sum of the rows of $W$. The row of the true class counts negatively, since more of it would lower
# the loss; every other row counts by the probability that its class has now.
#
# The last step is the only difference from training. For the gradient of the *weights*, $\partial L / \partial z$
# meets the inputs; for the gradient of the *inputs* it meets the weights. A gradient has the shape of the thing it
# belongs to, so here it is `(N, I)`.
#
# Logits may be as large as $\pm 10^4$ (see topic 01 for a softmax that bears this). The factor $1/N$ would not matter
# to attacks that look only at signs, but it belongs to the mean.


# %%
def input_gradient(x, y, weight, bias):
    """Gradient of a linear classifier's mean cross entropy with respect to its inputs.

        grad_x = (softmax(x W^T + b) - one_hot(y)) W / N

    Args:
        x: (N, I), one row per example.
        y: int (N,), the true classes, each in 0 .. K - 1.
        weight: (K, I), one row per class, as in torch.nn.Linear.
        bias: (K,).

    Returns:
        Array (N, I). No entry is NaN, however large the logits.

    Source: Goodfellow, Shlens & Szegedy, 2015, "Explaining and harnessing adversarial examples".
    """
    ### BEGIN SOLUTION
    logits = x @ weight.T + bias
    grad_logits = np.exp(logits - logits.max(axis=1, keepdims=True))
    grad_logits /= grad_logits.sum(axis=1, keepdims=True)
    grad_logits[np.arange(len(y)), y] -= 1
    return grad_logits @ weight / len(y)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Go forward first: logits of shape `(N, K)`, then their softmax along each row, with the largest logit of the row
#    subtracted before the exponential.
# 2. The gradient with respect to the logits is the softmax, minus 1 at the true class of every row. Indexing with two
#    integer arrays, rows and columns, reaches one entry per row.
# 3. From `(N, K)` to `(N, I)` with a matrix of shape `(K, I)`: one matrix product, no transpose. Divide by $N$.

# %% [markdown]
# ## `fgsm_attack`: one step
#
# How much does the loss rise if the input changes by $\delta$? To first order by $\sum_i g_i\,\delta_i$, where $g$ is
# the gradient. If every $\lvert\delta_i\rvert$ may be as large as $\varepsilon$, the best choice is to use all of it,
# everywhere, in the direction of the gradient's sign. That is the *fast gradient sign method*:
#
# $$x_{\mathrm{adv}} = \mathrm{clip}\bigl(x + \varepsilon\,\mathrm{sign}(\nabla_x L(x)),\ \mathrm{low},\
# \mathrm{high}\bigr)$$
#
# The size of the gradient plays no role, only its sign. A pixel whose gradient is a millionth moves as far as one whose
# gradient is a thousand; only a pixel whose gradient is exactly 0 stays, since $\mathrm{sign}(0) = 0$. The sum then
# rises by $\varepsilon \sum_i \lvert g_i \rvert$: many tiny contributions that all point the same way. This is why
# inputs of many dimensions are so easy to attack.
#
# At the end, everything is clipped to the range of valid inputs, from `low` to `high`, by default 0 to 1. It is the
# *input* that is clipped, not the perturbation.


# %%
def fgsm_attack(x, loss_gradient, epsilon, low=0.0, high=1.0):
    """The fast gradient sign method: move every entry by epsilon in the direction in which the loss rises.

        x_adv = clip(x + epsilon * sign(loss_gradient(x)), low, high)    sign(0) = 0

    Args:
        x: array with one or more axes, entries from low to high.
        loss_gradient: function of an array of the shape of x that returns the gradient of the loss there, an array of
            the same shape. Called exactly once, with one argument.
        epsilon: float, at least 0.
        low, high: floats, the range of valid entries.

    Returns:
        Array of the shape of x, entries from low to high, none further than epsilon from that of x.

    Source: Goodfellow, Shlens & Szegedy, 2015, "Explaining and harnessing adversarial examples".
    """
    ### BEGIN SOLUTION
    return np.clip(x + epsilon * np.sign(loss_gradient(x)), low, high)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Training subtracts the gradient to make the loss fall. Which sign does an attack need?
# 2. NumPy has a function that turns every number into -1, 0 or 1.
# 3. Call `loss_gradient` at `x`, take the signs, scale them by `epsilon`, add them to `x`, and clip the sum.

# %% [markdown]
# Three classes of noisy images of 300 pixels that differ by $\pm 0.12$ in about half of them, under noise of 0.25, and
# a linear classifier that fits them well. Every pixel is moved by $\varepsilon$: at random, or by FGSM. Random signs
# cancel in the sum over the pixels; the attack's all add up, and a twelfth of the range of a pixel is enough to fool
# the classifier nearly always.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# prototypes = 0.5 + 0.06 * rng.choice([-1, 1], size=(3, 300))
# labels = rng.integers(3, size=600)
# images = np.clip(prototypes[labels] + rng.normal(0, 0.25, size=(600, 300)), 0, 1)
# weight, bias = prototypes / 0.25**2, -(prototypes**2).sum(axis=1) / (2 * 0.25**2)
#
#
# def accuracy(x):
#     return np.mean(np.argmax(x @ weight.T + bias, axis=1) == labels)
#
#
# def loss_gradient(x):
#     return input_gradient(x, labels, weight, bias)
#
#
# epsilons = np.linspace(0, 0.12, 13)
# noise = rng.choice([-1, 1], size=images.shape)
# plt.figure(figsize=(6, 3.5))
# plt.plot(epsilons, [accuracy(np.clip(images + e * noise, 0, 1)) for e in epsilons], label="random signs")
# plt.plot(epsilons, [accuracy(fgsm_attack(images, loss_gradient, e)) for e in epsilons], label="FGSM")
# plt.xlabel("epsilon")
# plt.ylabel("accuracy")
# plt.legend()
# plt.show()

# %% [markdown]
# ## `project_linf`: back into the ball
#
# To *project* a point onto a set is to replace it by the nearest point of the set. The $L_\infty$ ball around $x$
# allows each entry its own interval, whatever the others do:
#
# $$x_i - \varepsilon \ \le\ x_{\mathrm{adv},i}\ \le\ x_i + \varepsilon$$
#
# So each entry is treated by itself: one that is too large becomes $x_i + \varepsilon$, one that is too small
# $x_i - \varepsilon$, and one that is inside stays exactly as it is. Scaling the whole perturbation down until it fits
# also ends in the ball, but not at the nearest point: one entry that is far outside would shrink all the others. (For
# the *round* ball of the $L_2$ norm, scaling is the projection.)
#
# The range of valid inputs is no part of this function: entries may be of any size.


# %%
def project_linf(x_adv, x, epsilon):
    """The point nearest to x_adv in the L-infinity ball of radius epsilon around x.

        result_i = min(max(x_adv_i, x_i - epsilon), x_i + epsilon)

    Args:
        x_adv: array with one or more axes, the point to be projected.
        x: array of the same shape, the centre of the ball.
        epsilon: float, at least 0, the radius.

    Returns:
        Array of the same shape.

    Source: Madry et al., 2018, "Towards deep learning models resistant to adversarial attacks", section 2.1.
    """
    ### BEGIN SOLUTION
    return np.clip(x_adv, x - epsilon, x + epsilon)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Take one entry: $x_i = 3$, $\varepsilon = 0.5$. Where do 2, 2.8 and 7 end up?
# 2. The limits of `np.clip` may be arrays: every entry then has its own. Or clip the difference from `x`, and add `x`
#    again.

# %% [markdown]
# ## `pgd_attack`: many small steps
#
# FGSM trusts the gradient at $x$ for the whole way. If the loss is curved, a step of full length goes past the best
# point, or in a direction that is soon the wrong one. *Projected gradient descent* (on the negative loss, so that the
# loss rises) takes small steps and asks for the gradient anew before each:
#
# $$x^{(0)} = x, \qquad x^{(t+1)} = \mathrm{clip}\Bigl(\Pi_{x,\varepsilon}\bigl(x^{(t)} +
# \alpha\,\mathrm{sign}(\nabla_x L(x^{(t)}))\bigr),\ \mathrm{low},\ \mathrm{high}\Bigr)$$
#
# Here $\alpha$ is `step_size`, and $\Pi_{x,\varepsilon}$ is the projection into the ball around $x$, the input
# that the attack started from. The three places where $x$ and $x^{(t)}$ are easily confused: the gradient is taken *at*
# $x^{(t)}$, the step starts *from* $x^{(t)}$, and the projection is *around* $x$.
#
# Project and clip **after every step**, not once at the end. The next gradient has to be that of a point which is
# allowed; an iterate that has left the ball may turn round there, and end up somewhere else.
#
# `step_size` and `num_steps` are free: $T$ steps of size $\alpha$ can get no further than $T \alpha$, and if this is
# less than $\varepsilon$, the ball is never used up. One single step of size $\varepsilon$ is FGSM. This exercise
# starts at $x$ itself, as the *basic iterative method* of Kurakin et al. does. Madry et al. start at a random point of
# the ball, several times over, and keep the best result.


# %%
def pgd_attack(x, loss_gradient, epsilon, step_size, num_steps, low=0.0, high=1.0):
    """Projected gradient descent on the negative loss: steps along the sign of the gradient that stay in the ball.

        x_adv = x, then num_steps times:
        x_adv = clip(project_linf(x_adv + step_size * sign(loss_gradient(x_adv)), x, epsilon), low, high)

    Args:
        x: array with one or more axes, entries from low to high; start of the attack and centre of the ball.
        loss_gradient: function of an array of the shape of x that returns the gradient of the loss there, an array of
            the same shape. Called exactly num_steps times, each time with one argument.
        epsilon: float, at least 0, the radius of the L-infinity ball.
        step_size: float above 0; may be larger than epsilon.
        num_steps: int, at least 1.
        low, high: floats, the range of valid entries.

    Returns:
        Array of the shape of x, entries from low to high, none further than epsilon from that of x.

    Source: Madry et al., 2018, "Towards deep learning models resistant to adversarial attacks"; Kurakin, Goodfellow &
    Bengio, 2017, "Adversarial examples in the physical world".
    """
    ### BEGIN SOLUTION
    x_adv = x
    for _ in range(num_steps):
        x_adv = x_adv + step_size * np.sign(loss_gradient(x_adv))
        x_adv = np.clip(project_linf(x_adv, x, epsilon), low, high)
    return x_adv
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. You need two arrays: `x`, which stays as it is to the end, and the iterate, which starts there. If the iterate is
#    changed by an operator such as `+=`, is it really another array?
# 2. One round is a step like that of FGSM, but from the iterate and of size `step_size`; then `project_linf` around
#    `x`; then a clip to the range.
# 3. The gradient belongs inside the loop: one call per round, at the iterate.

# %% [markdown]
# A loss over two entries, brighter where it is higher, and the ball around $x$ as a square. FGSM trusts the two signs
# at $x$ for the whole way, and lands in a corner of the square. PGD finds out after one small step that entry 1 should
# not grow any further. Its steps have a fixed length, so at the top it moves to and fro; smaller ones would end closer.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# x, epsilon, peak = np.array([0.4, 0.4]), 0.25, np.array([0.62, 0.36])
#
#
# def loss(p):
#     return -((p[..., 0] - peak[0]) ** 2) - 2 * (p[..., 1] - peak[1] - 2 * (p[..., 0] - peak[0]) ** 2) ** 2
#
#
# def loss_gradient(p):
#     right = p[0] - peak[0]
#     above = p[1] - peak[1] - 2 * right**2
#     return np.array([-2 * right + 16 * above * right, -4 * above])
#
#
# path = np.array([x, *(pgd_attack(x, loss_gradient, epsilon, 0.04, steps) for steps in range(1, 13))])
# fgsm = np.array([x, fgsm_attack(x, loss_gradient, epsilon)])
#
# side = np.linspace(0.1, 0.7, 121)
# grid = np.stack(np.meshgrid(side, side), axis=-1)
# plt.figure(figsize=(5, 4.5))
# plt.contourf(side, side, loss(grid), levels=np.linspace(-0.15, 0, 16), extend="min")
# plt.gca().add_patch(plt.Rectangle(x - epsilon, 2 * epsilon, 2 * epsilon, fill=False, color="white"))
# plt.plot(*fgsm.T, "o--", color="tab:orange", label="FGSM")
# plt.plot(*path.T, ".-", color="tab:red", label="PGD")
# plt.plot(*x, "wo", markeredgecolor="black", label="x")
# plt.gca().set(xlabel="entry 0", ylabel="entry 1", aspect="equal")
# plt.legend()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="B23"
# - 1 point: an input with a small, bounded change, chosen to make the model err, that people hardly notice.
# - 2 points: FGSM takes one step of size epsilon along the sign of the loss's gradient with respect to the *input*;
#   PGD takes several smaller ones and projects back into the allowed region after each.
# - 1 point: what the attacker must know (white or black box, transfer between models), or a defence with its price,
#   such as adversarial training.
