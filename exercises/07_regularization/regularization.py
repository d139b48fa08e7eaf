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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


# %% [markdown]
# On the left, the best weight for the loss $\tfrac12 (w - a)^2$ plus a penalty of strength $\tfrac12$: L1 moves $a$ by
# a fixed amount and has a flat piece of exact zeros, L2 scales it. On the right, training with L1 when the best weight
# is 0: the subgradient step hovers, the proximal step arrives.

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
    raise NotImplementedError

# %% [markdown]
# A polynomial with more coefficients than there are points, fitted by gradient descent. Without regularization the
# training loss keeps falling while the validation loss turns; early stopping finds the turn. Weight decay holds the
# validation loss down without stopping.
