# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A13, B5, B32]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 02 · Losses
#
# A loss is one number that says how far the predictions are from the targets. Training follows its slope downhill, so
# a loss must be finite and have a useful slope everywhere, above all where the model is badly wrong.
#
# You will write the mean squared error for regression, and the cross-entropy for classification in the forms in which
# libraries offer it: for two classes from probabilities and from logits, for any number of classes from logits. A
# *logit* is the score that a model puts out before sigmoid or softmax has turned it into a probability: any real
# number.
#
# **Which loss with which output.** Any real number: no activation, mean squared error. Two classes: sigmoid and binary
# cross-entropy. More classes, one of them right: softmax and cross-entropy. In code the activation is mostly part of
# the loss, for a reason that the third exercise shows.
#
# **Rules of this topic.** Use NumPy and the standard library. Arrays hold finite floats (float64 or float32), at least
# one, on one or more axes; only class numbers are integers. No function changes its arguments. A loss is a scalar: a
# Python number, a NumPy scalar or a 0-d array. It is always the *mean*, which does not grow with the batch; some books
# sum instead. Logits may be as large as $\pm 10^4$ in both precisions. A warning from NumPy costs nothing, a NaN or an
# infinity does.
#
# **Interview questions.** A13, B5 and B32 (A and B are the two documents that this collection follows). Their answers
# need some corrections:
#
# - A13 lists the cross-entropy and the log loss as two losses. They are one: log loss is scikit-learn's name for the
#   cross-entropy, mostly met with two classes.
# - A13 says that cross-entropy is the better measure of a classifier's performance. A loss guides the training; the
#   performance is reported with metrics such as accuracy or F1, and the two need not move together.
# - None of the three says whether the loss takes probabilities or logits. Confusing them is the most frequent mistake
#   with losses, and it raises no error.

# %%
import numpy as np

# %% [markdown]
# ## `mse_loss`: how far off, squared
#
# $$\mathrm{MSE} = \frac{1}{n} \sum_{i=1}^{n} (p_i - t_i)^2$$
#
# The sum runs over all $n$ entries of the arrays, whatever their shape: for predictions of shape `(N, O)` it is
# $n = N \cdot O$. There is no factor $\tfrac12$, although textbooks often add one to make the derivative shorter.
#
# A13 speaks of the average of the sum of squares. Read as "sum over the outputs, then average over the examples" this
# is $O$ times as large. PyTorch and scikit-learn average over everything, and so do we.


# %%
def mse_loss(prediction, target):
    """Mean squared error over all elements.

        mse_loss = mean((prediction - target)^2)

    Args:
        prediction: array of floats, any shape.
        target: array of floats, the shape of prediction.

    Returns:
        A scalar, at least 0.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 5.1.4; torch.nn.MSELoss.
    """
    ### BEGIN SOLUTION
    return np.mean((prediction - target) ** 2)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. The differences have the shape of the arrays. What has to happen to each of them before they are put together, so
#    that errors of opposite sign do not cancel?
# 2. A mean without an axis runs over all elements.

# %% [markdown]
# ## `binary_cross_entropy`: the price of a probability
#
# A model gives class 1 the probability $p$, and the target $y$ says which class it was. The loss is the negative
# logarithm of the probability that was given to the right class: $-\log p$ for $y = 1$ and $-\log(1 - p)$ for $y = 0$.
# Both in one line, averaged over all $n$ entries:
#
# $$\mathrm{BCE} = -\frac{1}{n} \sum_{i=1}^{n} \big( y_i \log p_i + (1 - y_i) \log(1 - p_i) \big)$$
#
# The line also makes sense for a *soft* target, a $y$ between 0 and 1; such targets occur with label smoothing or when
# annotators disagree. Your function must take them.
#
# **The clamp.** If the model says $p = 0$ and $y$ is 1, the loss is infinite, and one such entry ruins the mean of the
# batch. For $p = 0$ and $y = 0$ the formula even asks for $0 \cdot \log 0$, which is NaN in floating point. The remedy
# here is PyTorch's: no logarithm counts as less than $-100$. It is the *logarithm* that is clamped, each of the two by
# itself, and not the probability: clipping $p$ to $10^{-7}$, as other libraries do, stops the loss at 16 already.
#
# A13 calls log loss the logarithm of the negative log-likelihood. That is one logarithm too many: log loss *is* the
# negative log-likelihood, averaged.


# %%
def binary_cross_entropy(probability, target):
    """Binary cross-entropy (log loss) of probabilities, mean over all elements.

        binary_cross_entropy = -mean(target * log(probability) + (1 - target) * log(1 - probability))

    Each of the two logarithms is clamped: below -100 it counts as -100.

    Args:
        probability: array of floats from 0 to 1, both included, any shape: the probability of class 1.
        target: array of floats from 0 to 1, the shape of probability. Usually 0 or 1; values in between are allowed.

    Returns:
        A scalar from 0 to 100, never infinite or NaN.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 5.5; for the clamp torch.nn.BCELoss.
    """
    ### BEGIN SOLUTION
    with np.errstate(divide="ignore"):  # log(0) is -inf, which the clamp turns into -100
        log_p = np.maximum(np.log(probability), -100)
        log_q = np.maximum(np.log(1 - probability), -100)
    return -np.mean(target * log_p + (1 - target) * log_q)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Without the clamp the loss is the formula, one line. Which values of `probability` make it NaN or infinite?
# 2. `np.log(0.0)` warns and gives minus infinity, and minus infinity can be compared with other numbers. Limit the
#    logarithms before anything is multiplied with them.
# 3. Two arrays of logarithms, each raised to at least -100; weigh them with `target` and `1 - target`, take the mean,
#    turn the sign.

# %% [markdown]
# ## `binary_cross_entropy_with_logits`: sigmoid and loss in one
#
# Now the model hands over the logit $z$ instead of $p = \sigma(z) = 1 / (1 + e^{-z})$. The loss is the same on paper:
#
# $$-\frac{1}{n} \sum_{i=1}^{n} \big( y_i \log \sigma(z_i) + (1 - y_i) \log(1 - \sigma(z_i)) \big)$$
#
# In floating point it is not the same to compute $\sigma$ first. From about $z = 37$ on (17 in float32) $\sigma(z)$
# rounds to exactly 1. Whether the logit was 40 or 4000 is then forgotten, and the loss is infinite, or what a clamp
# makes of it. On paper $-\log \sigma(z) = \log(1 + e^{-z})$, which for very negative $z$ is practically $-z$. So the
# true loss grows like $|z|$ on the wrong side, and nothing needs to be clamped. Your function must follow it all the
# way: $z = -10^4$ with $y = 1$ costs $10^4$.
#
# As written, $\log(1 + e^{-z})$ overflows for negative $z$. Rearrange it such that no exponential can become large, or
# find a NumPy function that computes $\log(e^a + e^b)$ safely.


# %%
def binary_cross_entropy_with_logits(logits, target):
    """Binary cross-entropy of the sigmoid of logits, mean over all elements, without a clamp.

        binary_cross_entropy_with_logits = -mean(target * log(p) + (1 - target) * log(1 - p))    p = sigmoid(logits)

    Args:
        logits: array of floats, any shape: scores before the sigmoid.
        target: array of floats from 0 to 1, the shape of logits. Usually 0 or 1; values in between are allowed.

    Returns:
        A scalar, at least 0, never infinite or NaN, however large the logits.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 6.2.2.2; torch.nn.BCEWithLogitsLoss.
    """
    ### BEGIN SOLUTION
    # -log(sigmoid(z)) = log(1 + exp(-z)), and logaddexp(a, b) = log(exp(a) + exp(b)) without overflow
    return np.mean(target * np.logaddexp(0, -logits) + (1 - target) * np.logaddexp(0, logits))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Use $1 - \sigma(z) = \sigma(-z)$. Then both logarithms are of the same kind, and one safe way to compute
#    $\log(1 + e^{a})$ is all you need.
# 2. For large $a$ take the factor $e^a$ out of the sum: $\log(1 + e^{a}) = a + \log(1 + e^{-a})$. For negative $a$
#    leave it as it is. Both cases together: the larger of $a$ and 0, plus a logarithm whose exponential is at most 1.
# 3. `np.logaddexp(0, a)` is exactly this. The loss of an entry is a mixture of two such terms, weighted by `target`.

# %% [markdown]
# Two pictures of one entry. On the left the target is 1 and the curves show the loss against the logit: where the model
# is certain and wrong, the squared error of the sigmoid is nearly flat, so that little is learned, whereas the
# cross-entropy keeps its slope. This, and not that it measures better, is why classifiers are trained with it. On the
# right the target is 0: from probabilities the loss first goes in steps and then jumps to the clamp; from logits it is
# right throughout.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.5))
#
# one, z = np.ones(1), np.linspace(-8, 4, 201)
# p = 1 / (1 + np.exp(-z))
# left.plot(z, [binary_cross_entropy_with_logits(entry, one) for entry in z[:, None]], label="binary cross-entropy")
# left.plot(z, [mse_loss(entry, one) for entry in p[:, None]], label="squared error of the sigmoid")
# left.set(title="target 1", xlabel="logit", ylabel="loss")
#
# zero, z = np.zeros(1), np.linspace(30, 45, 301)
# p = 1 / (1 + np.exp(-z))
# right.plot(z, [binary_cross_entropy(entry, zero) for entry in p[:, None]], label="from probabilities")
# right.plot(z, [binary_cross_entropy_with_logits(entry, zero) for entry in z[:, None]], label="from logits")
# right.set(title="target 0", xlabel="logit")
#
# left.legend()
# right.legend()
# plt.show()

# %% [markdown]
# ## `log_softmax`: the logarithm of a probability
#
# For more than two classes, softmax turns $K$ logits into probabilities. The loss needs their logarithms:
#
# $$\mathrm{log\_softmax}(z)_i = \log \frac{e^{z_i}}{\sum_j e^{z_j}} = z_i - \log \sum_j e^{z_j}$$
#
# The sum runs along one axis, `axis`, and every slice along it is treated by itself. The results are negative or 0, and
# their exponentials sum to 1.
#
# Two things go wrong at a distance. With logits in the thousands the exponentials overflow; subtracting the same number
# from all logits of a slice prevents it and changes nothing on paper (take softmax in topic 01 as a model). And a
# softmax that is stable in this way still rounds small probabilities to 0, whose logarithm is minus infinity: for the
# logits 0 and 1000 the results are $-1000$ and 0. So do not take the logarithm of a finished softmax; use the second
# form, in which the large numbers are subtracted and never divided.


# %%
def log_softmax(logits, axis=-1):
    """Logarithm of the softmax along one axis, stable for logits that are large or far apart.

        log_softmax(z)_i = z_i - log(sum_j exp(z_j))    sum over j along axis

    Args:
        logits: array of floats, any shape.
        axis: int, the axis along which the exponentials of the result sum to 1; may be negative.

    Returns:
        Array of the shape of logits, entries at most 0. None is infinite or NaN, however large the logits.

    Source: Blanchard, Higham & Higham, 2021, "Accurately computing the log-sum-exp and softmax functions";
    torch.nn.functional.log_softmax.
    """
    ### BEGIN SOLUTION
    shifted = logits - logits.max(axis=axis, keepdims=True)  # the largest entry of every slice is 0
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Adding the same number to all logits of a slice leaves the result as it is. Which number makes every exponential at
#    most 1, and one of them exactly 1, so that the sum is never 0?
# 2. Keep the axis of the maximum and of the sum (with length 1), so that they line up with the logits.
# 3. Shift the logits once and use the shifted ones in both places: in front of the minus sign and in the exponentials.

# %% [markdown]
# ## `cross_entropy_loss`: the price for many classes
#
# There are $N$ examples and $K$ classes; the target of an example is the number of its class. The loss of an example is
# the negative logarithm of the probability that the softmax gives to that class, and the loss of the batch is the mean:
#
# $$\mathrm{CE} = -\frac{1}{N} \sum_{n=1}^{N} \log \mathrm{softmax}(z_n)_{t_n}$$
#
# Of every row a single number counts, the one in column $t_n$. The others matter through the sum in the softmax: they
# compete for the probability. Before training, with all classes about equally likely, expect a loss near $\log K$;
# this is a good first check of any classifier.
#
# The function takes *logits*. If it is given probabilities, softmax is applied twice: no error is raised, but even a
# perfect model then cannot bring the loss near 0, since the softmax of $(1, 0, \dots, 0)$ is far from certain.


# %%
def cross_entropy_loss(logits, target):
    """Cross-entropy between the softmax of logits and the true classes, mean over the examples.

        cross_entropy_loss = -mean over n of log_softmax(logits[n])[target[n]]

    Args:
        logits: array of floats of shape (N, K): scores before the softmax, one row per example.
        target: int array of shape (N,): the true classes, each in 0 .. K - 1.

    Returns:
        A scalar, at least 0, never infinite or NaN, however large the logits.

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", section 6.2.2.3; torch.nn.CrossEntropyLoss.
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(target))
    return -np.mean(log_softmax(logits)[rows, target])
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. `log_softmax` has done the difficult part. What is left is to pick one entry from every row.
# 2. Indexing with two integer arrays of the same length pairs them: entry `[rows[n], columns[n]]` for every `n`. With a
#    colon in place of the rows you would get every target's column for every row.
# 3. The mean is over the $N$ picked numbers. Mind the sign: logarithms of probabilities are never positive, the loss is
#    never negative.

# %% [markdown]
# What passing probabilities does. Three classes, and a logit of the right class that rises while the others stay 0: the
# loss goes to 0. With a softmax applied before, it gets stuck, and its slope vanishes.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# z, right_class = np.linspace(-3, 8, 111), np.array([0])
# rows = [np.array([[value, 0.0, 0.0]]) for value in z]
#
# plt.figure(figsize=(6, 3.5))
# plt.plot(z, [cross_entropy_loss(row, right_class) for row in rows], label="from logits")
# plt.plot(z, [cross_entropy_loss(np.exp(log_softmax(row)), right_class) for row in rows], label="softmax twice")
# plt.axhline(0, color="grey", linewidth=0.5)
# plt.xlabel("logit of the right class")
# plt.ylabel("loss")
# plt.legend()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="B5"
# - 1 point: one number, differentiable in the outputs, that says how far they are from the targets; smaller is
#   better.
# - 1 point: training follows the gradient of its mean; it is all that the optimiser sees, and need not be the metric
#   that is reported.
# - 2 points: matches losses to tasks with a reason: squared error for regression; cross-entropy for classes, because
#   it is the negative log-likelihood, or because its gradient does not vanish where a sigmoid or softmax saturates.
