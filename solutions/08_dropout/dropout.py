# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A12, A36, B13]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 08 · Dropout
#
# A large network can learn its training set by heart: units come to rely on one another's quirks, and what they have
# agreed on is of no use for new examples. Dropout makes such agreements unreliable. In every training step a random
# part of a layer's outputs is set to 0, so each unit has to be useful whoever else is there.
#
# You will write both directions: `dropout`, and `dropout_backward`, which sends the gradient back through it. Both are
# short. What has to be right is the bookkeeping: which probability is meant, what is scaled and when, and which mask
# belongs to which step.
#
# **What $p$ is.** Here $p$ is the probability that an entry is *dropped*, as in PyTorch and Keras. In the original
# paper (Srivastava et al., 2014) and in TensorFlow 1 it is the probability that an entry is *kept*. With $p = 0.5$
# nobody notices the difference; with $p = 0.1$ one network loses a tenth of its units and the other nine tenths.
#
# **Rules of this topic.** Use NumPy and the standard library. `x` and `grad_output` are arrays of finite floats
# (float64 or float32) with one or more axes, and they stay as they were. `rng` is a `np.random.Generator`. Draw every
# random number from it: not from `np.random.rand` and the like, and not from a generator of your own. Drawing moves
# `rng` on, so the next call gets another mask; that is how it should be.
#
# **How a random result is graded.** No test knows which entries you drop: you may draw your random numbers in any order
# and by any method. The tests look at what must hold for every mask, and at how many of many entries are dropped. The
# limits are so wide that a right answer fails less than once in a million runs.
#
# **Interview questions.** A12, A36 and B13 (A and B are the two documents that this collection follows). B13 says what
# dropout is for, and no more. What A12 and A36 say about how it works needs correcting:
#
# - Both say that units are dropped in training and none at test, and leave it there. Then every layer would receive
#   larger inputs at test than in training, on average by a factor of $1 / (1 - p)$. One of the two sides has to make up
#   for that; this is the part of dropout that is most often forgotten.
# - Neither says whether its probability is that of dropping or of keeping.
# - Both say that the network changes from one batch to the next. It changes from one *example* to the next: every row
#   of a batch has a mask of its own.
# - A36 says that a unit is dropped together with its weights and bias. Only its *output* is set to 0, for this one
#   example. The weights are still there, are shared by all the thinned networks, and no array gets smaller.
# - A36 counts faster training among the benefits. The gradients become noisier, and the paper says the opposite in its
#   conclusion: training takes two to three times as long.
# - A3 and A34 introduce regularization as a term that is added to the loss. Dropout regularizes and adds none.

# %%
import numpy as np

# %% [markdown]
# ## `dropout`: drop at random, scale up the rest
#
# Draw a mask $m$ of the shape of $x$, each entry by itself: 0 with probability $p$, otherwise 1. Then
#
# $$\mathrm{dropout}(x)_i = \frac{m_i \, x_i}{1 - p} \qquad\text{so that}\qquad
# \mathrm{E}[\mathrm{dropout}(x)_i] = \frac{(1 - p) \, x_i}{1 - p} = x_i$$
#
# The division keeps the *expected* output equal to the input. So nothing is left to be done after training: at test,
# dropout passes $x$ on. This is *inverted* dropout, as in PyTorch and Keras. The paper's main text scales on the
# other side: it leaves the survivors alone in training, and multiplies the weights by the probability of keeping at
# test. Either is right; doing both, or neither, is not.
#
# Some details to watch:
#
# - The factor is always $1 / (1 - p)$. It does not depend on how many entries the mask happened to keep.
# - How many entries are dropped is random as well, since each is drawn independently of all others: it is $p$ times
#   their number only on average.
# - The mask is returned because the backward pass needs it. It cannot be read off the output: a 0 there may be
#   a kept 0.
# - With $p = 1$ nothing would be left and the factor would be infinite. PyTorch returns zeros then; here $p$ must be
#   below 1, and a $p$ outside the range is an error even when not training, where it would do no harm yet.


# %%
def dropout(x, p, rng, training=True):
    """Inverted dropout: each entry is 0 with probability p, and otherwise divided by 1 - p.

        output = x * mask / (1 - p),    P(mask_i = 1) = 1 - p, independently for each i

    Args:
        x: array of floats with one or more axes.
        p: float, 0 <= p < 1, the probability that an entry is dropped.
        rng: np.random.Generator, the only source of randomness; drawing moves it on.
        training: bool. When false, nothing is dropped or scaled.

    Returns:
        Tuple (output, mask), both of the shape of x. mask is boolean, True where the entry was kept. When not
        training, output is x (or a copy of it) and mask is True everywhere.

    Raises:
        ValueError: p is below 0, or it is 1 or above; training or not.

    Source: Srivastava et al., 2014, "Dropout: a simple way to prevent neural networks from overfitting", section 4;
    torch.nn.functional.dropout.
    """
    ### BEGIN SOLUTION
    if not 0 <= p < 1:
        raise ValueError(f"p must be at least 0 and below 1, not {p}")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p), mask
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. `rng.random(shape)` gives numbers that are evenly spread from 0 to 1. Which share of them lies below `p`?
# 2. Comparing such an array with `p` gives a boolean array. Decide which way round it has to be: `True` means kept.
# 3. There are three cases, best treated in this order: a bad `p`, which is an error in either mode; not training, where
#    nothing is drawn; training. A boolean array multiplies like zeros and ones.

# %% [markdown]
# Left: what is left of a batch of ones, 8 examples of 20 units. Every row has lost other units, and another number of
# them. Right: one unit of the next layer, $\sum_j w_j \, \mathrm{dropout}(x)_j$, for 5000 masks of the same $x$. With
# scaling, its values scatter around the one that it takes at test. Without, they scatter around half of that.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.5))
#
# output, _ = dropout(np.ones((8, 20)), 0.5, rng)
# left.imshow(output, cmap="Greys", vmin=0, vmax=2.5)
# left.set(title="p = 0.5: white is 0, dark is 2", xlabel="unit", ylabel="example", xticks=range(0, 20, 5))
#
# w, x = rng.uniform(0, 0.2, 100), rng.uniform(0, 1, 100)
# output, mask = dropout(np.tile(x, (5000, 1)), 0.5, rng)
# right.hist(output @ w, 50, alpha=0.6, label="training, scaled by 1 / (1 - p)")
# right.hist((x * mask) @ w, 50, alpha=0.6, label="training, not scaled")
# right.axvline(x @ w, color="black", label="test")
# right.set(title="one unit of the next layer", xlabel="value", ylabel="masks", ylim=(0, 520))
# right.legend()
# plt.show()

# %% [markdown]
# ## `dropout_backward`: the same mask, the same factor
#
# In a training step the mask is a constant, so each output is its input times a fixed number, and the chain rule gives
#
# $$\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial\,\mathrm{output}_i} \cdot \frac{m_i}{1 - p}$$
#
# A dropped entry had no influence on the loss, so it receives no gradient. A kept entry was scaled up, and so is its
# gradient. The mask must be the very one of the forward pass: a mask drawn anew would train units that took no part,
# and leave out some that did.
#
# The function is for training steps: it applies the factor whatever the mask looks like. A small layer may by chance
# keep all its entries, and those were scaled too. When not training there is nothing to undo: the gradient is
# `grad_output` itself.


# %%
def dropout_backward(grad_output, mask, p):
    """Gradient of a loss with respect to the input of a training-time dropout.

        grad_x = grad_output * mask / (1 - p)

    Args:
        grad_output: array of floats with one or more axes, the gradient with respect to the output of dropout.
        mask: boolean array of the shape of grad_output, True where the entry was kept, as dropout returned it.
        p: float, 0 <= p < 1, the probability of dropping of that call.

    Returns:
        Array of the shape of grad_output.

    Source: Srivastava et al., 2014, "Dropout: a simple way to prevent neural networks from overfitting", section 5.1;
    torch.nn.functional.dropout.
    """
    ### BEGIN SOLUTION
    return grad_output * mask / (1 - p)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Look at one entry by itself. Its output is a fixed number times its input. What is that number if the entry was
#    dropped, and what if it was kept?
# 2. The derivative of "a number times x" is the number. So do to the gradient what the forward pass did to the input.

# %% [markdown] tags=["mark-scheme"] question="A36"
# - 1 point: in training, each unit is set to zero with probability p, drawn anew at every step.
# - 1 point: what is left is scaled by 1 / (1 - p), or everything by 1 - p at evaluation, so that expected values
#   agree.
# - 1 point: at evaluation nothing is dropped.
# - 1 point: why it regularises: no unit can rely on particular others; or, it averages many thinned networks that
#   share weights.
