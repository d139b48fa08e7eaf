# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A3, A15, A34, B6, B34]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 07 · Regularization
#
# A network with enough weights can learn its training set by heart, noise included, and then do badly on everything
# else. Regularization is whatever you change about training to make that *generalization error* smaller, even at the
# price of a larger training error. You will write three kinds:
#
# - **A penalty in the loss.** Minimise $L(w) + \lambda\,\Omega(w)$ instead of $L(w)$, where $\Omega$ grows with the
#   weights: `l1_penalty` and `l2_penalty`, and what gradient descent needs of them, `l1_subgradient` and `l2_gradient`.
# - **A change of the update.** `weight_decay_step` shrinks the weights at every step; `soft_threshold` sets small ones
#   to exactly zero.
# - **A limit on training time.** `early_stopping` watches the loss on data that training never sees.
#
# **Conventions.** The strength $\lambda$ (`strength`) is a number $\ge 0$, and it multiplies the penalty as it stands:
# $\lambda \sum w^2$, *without* the $\tfrac12$ that many books put in front so that its gradient has no 2. Sums run over
# all entries; nothing is divided by their number. Weights are arrays of finite floats (float64 or float32) with one or
# more axes. Biases are usually left out of a penalty: simply do not pass them.
#
# **Rules of this topic.** Use NumPy and the standard library. No function changes its arguments.
#
# **Interview questions.** A3, A15, A34, B6 and B34 (A and B are the two documents that this collection follows). What
# their answers get wrong:
#
# - B34 says, twice, that regularization makes a model *more* complex. It is the reverse: it restrains the model, which
#   is what A3 and B6 say.
# - A3 and A34 describe regularization as a term added to the loss. That is one way; dropout, which A3 lists right
#   after, and early stopping add no term at all.
# - B6 names cross-validation among the remedies for overfitting. It is a measurement: it tells you how well a model
#   generalizes, so that you can choose $\lambda$, but the fitted model is the same with or without it. And its folds
#   are parts of one data set, not several data sets.
# - The remaining errors stand below, where each belongs.

# %%
import numpy as np

# %% [markdown]
# ## `l1_penalty`: the sum of the absolute values
#
# $$\lambda \sum_k \sum_i \bigl| w^{(k)}_i \bigr|$$
#
# A network has many weight arrays $w^{(1)}, w^{(2)}, \ldots$ of different shapes, so the function takes a list of them
# and adds up all of their entries.
#
# A15 says that L1 penalizes sparsity. It penalizes *size*, and thereby favours sparsity: many weights end at 0. To
# count the weights that are not zero would be another penalty ("L0"), whose slope is 0 wherever it has one, so that
# gradient descent gets nothing from it.
#
# Beware of `np.linalg.norm(w, 1)`: of a matrix it is not the sum of the absolute values.


# %%
def l1_penalty(weights, strength):
    """L1 penalty of all weights of a network.

        l1_penalty = strength * sum |w|    over all entries of all arrays

    Args:
        weights: list of one or more arrays of floats, each of any shape.
        strength: float >= 0.

    Returns:
        The penalty, a number.

    Source: Tibshirani, 1996, "Regression shrinkage and selection via the lasso".
    """
    ### BEGIN SOLUTION
    return strength * sum(np.abs(weight).sum() for weight in weights)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. What does one array contribute? One number, whatever its shape.
# 2. The arrays have different shapes, so they do not fit into one array as they are: go through the list, and add up
#    their numbers.
# 3. The strength multiplies the total.

# %% [markdown]
# ## `l2_penalty`: the sum of the squares
#
# $$\lambda \sum_k \sum_i \bigl( w^{(k)}_i \bigr)^2$$
#
# Large weights cost far more than small ones: twice the weight, four times the penalty.
#
# The name misleads, and the documents follow it. A3 and A15 add "the L2 norm" to the loss, and A34 calls the sum of
# the squares the L2 norm. The norm is the square *root* of that sum, and the penalty is the *squared* norm. The
# difference matters: the norm has no derivative at 0 and couples all weights, while the derivative of a sum of squares
# is as simple as can be.


# %%
def l2_penalty(weights, strength):
    """L2 penalty of all weights of a network.

        l2_penalty = strength * sum w^2    over all entries of all arrays

    Args:
        weights: list of one or more arrays of floats, each of any shape.
        strength: float >= 0.

    Returns:
        The penalty, a number. There is no factor 1/2 and no square root.

    Source: Hoerl & Kennard, 1970, "Ridge regression: biased estimation for nonorthogonal problems"; Goodfellow, Bengio
    & Courville, 2016, "Deep Learning", section 7.1.1 (there with a factor 1/2).
    """
    ### BEGIN SOLUTION
    return strength * sum(np.square(weight).sum() for weight in weights)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. It is `l1_penalty` with one thing exchanged.
# 2. Square every entry first and add up afterwards; the other order gives something else.

# %% [markdown]
# ## `l1_subgradient`: a pull of constant strength
#
# $$\frac{\partial}{\partial w_i}\, \lambda \sum_j |w_j| = \begin{cases} \lambda & w_i > 0 \\ -\lambda & w_i < 0
# \end{cases} \qquad\text{and at } w_i = 0 \text{ we choose } 0$$
#
# At 0 the absolute value has a kink and no derivative. Every slope from $-\lambda$ to $\lambda$ is a *subgradient*
# there: a line of that slope through the kink stays below the function. We take 0, as PyTorch does, so that a weight
# which has become 0 is not pushed away again.
#
# Away from 0 the pull is the same however small the weight is. That is why L1 can bring a weight all the way to 0,
# where the pull of L2 fades.
#
# A34 holds that L1 is more costly to compute than L2. A sign per weight costs no more than a product per weight; what
# is harder about L1 is the kink.


# %%
def l1_subgradient(weight, strength):
    """Subgradient of the L1 penalty with respect to one weight array.

        l1_subgradient = strength * sign(weight)    and 0 where weight is 0

    Args:
        weight: array of floats, any shape.
        strength: float >= 0.

    Returns:
        Array of the shape of weight. The entries are strength, -strength or 0, also for very small weights.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 7.1.2; the gradient of torch.abs.
    """
    ### BEGIN SOLUTION
    return strength * np.sign(weight)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Only three different numbers occur in the result. Which property of a weight decides among them?
# 2. $w / |w|$ is that property, but not at 0. NumPy has a function that is right there too; two comparisons also do.

# %% [markdown]
# ## `l2_gradient`: a pull in proportion
#
# $$\frac{\partial}{\partial w_i}\, \lambda \sum_j w_j^2 = 2 \lambda w_i$$
#
# Every step against this gradient takes the same share away from every weight. All become small; none becomes 0,
# since the pull fades with the weight. A34 calls the result smooth weights, but smooth would mean that neighbours
# resemble each other, and weights have no neighbours. They are just *smaller*, all in proportion.


# %%
def l2_gradient(weight, strength):
    """Gradient of the L2 penalty with respect to one weight array.

        l2_gradient = 2 * strength * weight

    Args:
        weight: array of floats, any shape.
        strength: float >= 0.

    Returns:
        Array of the shape of weight. It is the gradient of strength * sum w^2, without a factor 1/2.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 7.1.1 (there with a factor 1/2).
    """
    ### BEGIN SOLUTION
    return 2 * strength * weight
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Write the sum out for two weights and differentiate it by the first one. What is left of the other?
# 2. Nothing is summed up: each entry of the result depends on its own weight only.

# %% [markdown]
# ## `weight_decay_step`: gradient descent that forgets
#
# $$w \leftarrow w - \eta\, g - \eta\, d\, w = (1 - \eta d)\, w - \eta\, g
# \qquad \eta = \texttt{lr},\; d = \texttt{weight\_decay}$$
#
# Here $g$ is the gradient of the loss alone, and both terms use the weight as it was before the step.
#
# A3 explains weight decay as adding the sum of the squares to the loss. That is L2 regularization, which A3 has listed
# already. For plain gradient descent the two are the same update, as long as you translate the factor: the gradient of
# $\lambda \sum w^2$ is $2\lambda w$, so a penalty of strength $\lambda$ is a weight decay of $d = 2\lambda$. For Adam
# they are not the same: its rescaling would act on the penalty's gradient too, and that difference is what AdamW is
# about.
#
# A3 also says that weight decay makes the *updates* smaller. It makes the *weights* smaller; the step $-\eta g$ is as
# long as ever.


# %%
def weight_decay_step(weight, grad, lr, weight_decay):
    """One step of gradient descent with weight decay.

        new weight = weight - lr * grad - lr * weight_decay * weight

    Args:
        weight: array of floats, any shape.
        grad: array of the shape of weight, the gradient of the loss without any penalty.
        lr: float, the learning rate.
        weight_decay: float >= 0; there is no factor 2 in front of it.

    Returns:
        The new weight, an array of the shape of weight.

    Source: Krogh & Hertz, 1991, "A simple weight decay can improve generalization"; Loshchilov & Hutter, 2019,
    "Decoupled weight decay regularization"; torch.optim.SGD.
    """
    ### BEGIN SOLUTION
    return weight - lr * (grad + weight_decay * weight)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Two things are subtracted from the weight: the step of plain gradient descent, and a share of the weight.
# 2. The share is the product of two arguments. If the gradient is 0 everywhere, each entry is multiplied by
#    $1 - \eta d$.
# 3. With `weight -= ...` you would change the caller's array.

# %% [markdown]
# ## `soft_threshold`: exactly zero
#
# $$S_t(w) = \operatorname{sign}(w)\,\max(|w| - t,\, 0)
# = \begin{cases} w - t & w > t \\ 0 & |w| \le t \\ w + t & w < -t \end{cases}$$
#
# According to A15, L1 makes most weights 0. How many depends on $\lambda$, and the update matters as well. A step
# along `l1_subgradient` has a fixed length, so near 0 it jumps across, and back again at the next step: the weight
# hovers around 0 without ever being 0.
#
# The cure is to move every weight towards 0 by $t = \eta\lambda$, but *not across it*: first take a gradient step on
# the loss alone, then apply $S_t$. This is the proximal step of the L1 penalty, and $S_t(w)$ is the $x$ at which
# $\tfrac12 (x - w)^2 + t\,|x|$ is least.


# %%
def soft_threshold(weight, threshold):
    """Soft thresholding, element-wise: the proximal step of the L1 penalty.

        soft_threshold = sign(weight) * max(|weight| - threshold, 0)

    Args:
        weight: array of floats, any shape.
        threshold: float >= 0, how far every entry moves towards 0; with 0 nothing moves.

    Returns:
        Array of the shape of weight. Entries of absolute value up to the threshold become exactly 0.

    Source: Donoho, 1995, "De-noising by soft-thresholding"; Parikh & Boyd, 2014, "Proximal algorithms", section 6.5.2;
    torch.nn.functional.softshrink.
    """
    ### BEGIN SOLUTION
    return np.sign(weight) * np.maximum(np.abs(weight) - threshold, 0)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Leave the sign aside for a moment: what happens to the absolute value, and what must it never become?
# 2. An absolute value that would fall below 0 stays at 0, exactly. Then the sign comes back.
# 3. Another way: what is taken away from $w$ is $w$ itself, limited to the range from $-t$ to $t$.

# %% [markdown]
# On the left, the best weight for the loss $\tfrac12 (w - a)^2$ plus a penalty of strength $\tfrac12$: L1 moves $a$ by
# a fixed amount and has a flat piece of exact zeros, L2 scales it. On the right, training with L1 when the best weight
# is 0: the subgradient step hovers, the proximal step arrives.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# strength = 0.5
# a = np.linspace(-2, 2, 401)
# figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.5))
# left.plot(a, a, "k:", label="no penalty")
# left.plot(a, soft_threshold(a, strength), label="L1")
# left.plot(a, a / (1 + 2 * strength), label="L2")
# left.set(title="best weight", xlabel="a")
# left.legend()
#
# a, lr = 0.3, 0.1
# hovering, arriving = [np.array([1.0])], [np.array([1.0])]
# for _ in range(40):
#     w = hovering[-1]
#     hovering.append(w - lr * (w - a + l1_subgradient(w, strength)))
#     w = arriving[-1]
#     arriving.append(soft_threshold(w - lr * (w - a), lr * strength))
# right.axhline(0, color="k", linestyle=":")
# right.plot(hovering, label="subgradient step")
# right.plot(arriving, label="proximal step")
# right.set(title="weight during training", xlabel="step")
# right.legend()
# plt.show()

# %% [markdown]
# ## `early_stopping`: stop while it is good
#
# During training the loss on the training set keeps falling. The loss on a validation set falls too, and at some point
# starts to rise: from then on the network learns the noise. Early stopping keeps the weights of the best epoch and
# ends the training when no better one has come for a while. No term is added to the loss, and yet the weights stay
# nearer to where they started.
#
# Given the validation loss after every epoch, return the epoch whose weights you keep, and the epoch after which
# training stops. Epochs are counted from 0.
#
# - The first epoch is a new best. A later epoch is a *new best* if its loss is below the best so far by **more than**
#   `min_delta`, an absolute difference.
# - The best so far is the loss of the latest new best. A smaller gain does not move it, so that several small gains
#   can add up to a new best.
# - Training stops at the `patience`-th epoch **in a row** that is no new best. With `patience` 1, the first such epoch
#   is the last. Later epochs never take place.
# - If that never happens, the last epoch is where training stops.
#
# Keras and Lightning count like this. PyTorch's `ReduceLROnPlateau`, which looks alike, waits one epoch longer and
# measures gains relative to the best loss by default.


# %%
def early_stopping(validation_losses, patience, min_delta=0.0):
    """Best epoch and last epoch of a training that stops when the validation loss no longer improves.

    The first epoch is a new best; a later one if its loss < loss of the latest new best - min_delta. Training stops at
    the first epoch that ends a run of `patience` epochs without a new best, else at the last epoch.

    Args:
        validation_losses: array (E,) of floats, the loss after each of E >= 1 epochs; may be of any size and sign.
        patience: int >= 1.
        min_delta: float >= 0; a gain of exactly this size is no new best.

    Returns:
        (best_epoch, stop_epoch): two ints, counted from 0.

    Source: Prechelt, 1998, "Early stopping - but when?"; keras.callbacks.EarlyStopping.
    """
    ### BEGIN SOLUTION
    best_epoch = 0
    for epoch, loss in enumerate(validation_losses):
        if validation_losses[best_epoch] - loss > min_delta:
            best_epoch = epoch
        if epoch - best_epoch == patience:
            break
    return best_epoch, epoch
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Go through the epochs one by one, as training would. What do you have to remember from one epoch to the next?
# 2. The best epoch is enough: its loss is the one to compare with, and its distance from the current epoch is the
#    number of epochs in a row without a new best.
# 3. Stop as soon as that distance reaches the patience, and be sure to answer also when it never does.

# %% [markdown]
# A polynomial with more coefficients than there are points, fitted by gradient descent. Without regularization the
# training loss keeps falling while the validation loss turns; early stopping finds the turn. Weight decay holds the
# validation loss down without stopping.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(2)
# x = rng.uniform(-1, 1, 220)
# y = np.sin(3 * x) + 0.5 * rng.normal(size=x.size)
# features = np.polynomial.legendre.legvander(x, 24)  # (220, 25)
# x_train, y_train, x_valid, y_valid = features[:20], y[:20], features[20:], y[20:]
#
#
# def train(weight_decay, epochs=1000, lr=0.1):
#     weight, losses = np.zeros(25), []
#     for _ in range(epochs):
#         error = x_train @ weight - y_train
#         losses.append([np.mean(error**2), np.mean((x_valid @ weight - y_valid) ** 2)])
#         weight = weight_decay_step(weight, 2 * x_train.T @ error / len(error), lr, weight_decay)
#     return np.array(losses).T
#
#
# train_losses, valid_losses = train(weight_decay=0)
# best_epoch, stop_epoch = early_stopping(valid_losses, patience=50)
#
# plt.figure(figsize=(10, 3.5))
# plt.plot(train_losses, label="training")
# plt.plot(valid_losses, label="validation")
# plt.plot(train(weight_decay=0.2)[1], label="validation, with weight decay")
# plt.axvline(best_epoch, color="k", linewidth=1, label=f"best epoch {best_epoch}")
# plt.axvline(stop_epoch, color="k", linestyle=":", linewidth=1, label=f"stop epoch {stop_epoch}")
# plt.xscale("log")
# plt.ylim(0, 1.2)
# plt.xlabel("epoch")
# plt.ylabel("mean squared error")
# plt.legend(loc="upper left", bbox_to_anchor=(1, 1))
# plt.tight_layout()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="A34"
# - 1 point: whatever is meant to lower the error on new data rather than on the training data; its strength is chosen
#   on validation data.
# - 1 point: L2 penalises squares: its gradient is proportional to the weight, so large weights shrink most and hardly
#   any becomes exactly zero.
# - 1 point: L1 penalises absolute values: its pull has the same size for every weight, so small weights become
#   exactly zero and the model sparse.
# - 1 point: gives a reason or a consequence, such as the corners of the L1 ball, the soft threshold, Laplace and
#   Gaussian priors, or when one is preferred.
