# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [B6, B20]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 27 · Generalization
#
# A model that has learned its training set by heart makes no mistakes there, and that says nothing about the next
# example. What counts is the error on examples that took no part in training, so some have to be kept back. Everything
# in this topic turns on one question: *has anything of the validation examples reached the model?* If it has, the score
# is too good, and nobody notices until the model is in use.
#
# You will split a data set once (`train_validation_split`), or into $k$ folds so that every example is validated
# (`k_fold_indices`, `stratified_k_fold_indices`), and run the whole procedure with a model of the caller's
# (`cross_validate`). Two more functions are about the examples themselves: `standardize_split` prepares both parts
# without a leak, and `random_horizontal_flip` makes more of the training images there are.
#
# **Rules of this topic.** Use NumPy and the standard library. Examples lie along the first axis: `x[i]` belongs to
# `y[i]`. Index arrays are one-dimensional, hold integers, count from 0 and are ready to be used as `x[train]`.
# Arguments stay as they were. `rng` is a `np.random.Generator`; draw every random number from it: not from
# `np.random.rand` and the like, and not from a generator of your own. Drawing moves `rng` on, so the next call comes
# out differently.
#
# **How a random result is graded.** No test knows which examples you draw: you may draw your random numbers in any
# order and by any method. The tests look at what must hold for every draw, and at how often things happen. The limits
# are so wide that a right answer fails less than once in a million runs.
#
# **Interview questions.** B6 and B20 (A and B are the two documents that this collection follows). Some of what they
# say about cross-validation needs correcting:
#
# - Both count it among the means against overfitting. It is a *measurement*: the model that you fit is the same one,
#   whether it is cross-validated or not. What the measurement is good for is choosing (how large a network, how strong
#   a penalty, when to stop), and it is the choice that helps. B6's other items, such as more data, a smaller model,
#   regularization and dropout, do change the model.
# - B6 has the model tested on several data sets. The folds are parts of *one* data set. How the model does on data
#   from another source is something that no cross-validation can tell.
# - B20 says that it helps to find the best settings. So it does; but try enough of them and one looks good by luck, so
#   the winner's own score is too good. Keep a test set aside that no choice has seen.
# - B20 leaves out when the method fails. Examples must not know of each other: the future must not train a model that
#   is validated on the past (topic 28), and whatever is computed from the data, such as a mean for scaling, must be
#   computed from the training part of each fold.

# %%
import numpy as np

# %% [markdown]
# ## `train_validation_split`: keep some examples back
#
# Files are often sorted, by class, by date or by who took the measurements. If the last fifth of such a file is kept
# back, the model is validated on examples unlike those that it has seen. So the examples are *shuffled* first, and
# every choice of validation examples is equally likely.
#
# The validation part holds $\mathrm{round}(n \cdot \mathrm{fraction})$ of the $n$ examples, with Python's `round`,
# which takes a half to the even neighbour: half of 5 examples are 2, half of 7 are 4. (Scikit-learn's
# `train_test_split` rounds up.) How many there are is not random; which ones is.
#
# What comes back are indices, not examples: one pair of index arrays splits `x` and `y` alike, so that examples and
# labels stay together.


# %%
def train_validation_split(num_examples, validation_fraction, rng):
    """Split the indices 0, ..., num_examples - 1 at random into a training and a validation part.

        len(validation) = round(num_examples * validation_fraction),    len(train) = num_examples - len(validation)

    Args:
        num_examples: int, at least 1.
        validation_fraction: float from 0 to 1, the share of the validation part.
        rng: np.random.Generator, the only source of randomness; drawing moves it on.

    Returns:
        Tuple (train, validation) of integer arrays, one-dimensional. Every index is in exactly one of them, in any
        order; all choices of validation examples are equally likely. Either part may be empty.

    Source: Hastie, Tibshirani & Friedman, 2009, "The elements of statistical learning", section 7.2;
    sklearn.model_selection.train_test_split, but for the rounding.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(num_examples)
    size = round(num_examples * validation_fraction)
    return order[size:], order[:size]
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Think of a deck of cards, numbered from 0. Shuffle it once; then deal some cards to one side and the rest to the
#    other. No card can be on both sides, and none is lost.
# 2. A generator has a method that gives the numbers from 0 to $n - 1$ in random order, each once. Its methods for
#    random integers are no replacement for it, since they may give the same number twice.
# 3. Compute the size of the validation part with `round`, cut the shuffled indices there, and mind the order of the two
#    parts in the result: training comes first.

# %% [markdown]
# ## `k_fold_indices`: every example is validated once
#
# One split wastes data, and its score depends on which examples happened to be kept back. For $k$-fold cross-validation
# the examples are cut into $k$ parts, the *folds*. Fold after fold is the validation part, and all others together are
# the training part: $k$ models, $k$ scores.
#
# When $k$ does not divide $n$, the sizes differ by one. As in scikit-learn's `KFold`, the first $n \bmod k$ folds hold
# $\lfloor n / k \rfloor + 1$ examples and the others $\lfloor n / k \rfloor$; no example is left over. The folds are
# contiguous and in order: the first fold holds the first examples. Nothing is shuffled here. For sorted data shuffle
# first, or use the next function.
#
# At least two folds are needed, for with one there would be nothing to train on; and at most $n$, for a fold must not
# be empty. With $k = n$ each fold is a single example: *leave-one-out*.


# %%
def k_fold_indices(num_examples, k):
    """The training and validation indices of each of k contiguous folds.

        the first num_examples % k folds: num_examples // k + 1 examples;    the others: num_examples // k

    Args:
        num_examples: int, the number n of examples.
        k: int, the number of folds, 2 <= k <= n.

    Returns:
        List of k tuples (train, validation) of integer arrays, one-dimensional. The validation parts, one after
        another, are 0, ..., n - 1. Each training part holds all other indices, in ascending order.

    Raises:
        ValueError: k is below 2 or above num_examples.

    Source: Stone, 1974, "Cross-validatory choice and assessment of statistical predictions";
    sklearn.model_selection.KFold.
    """
    ### BEGIN SOLUTION
    if not 2 <= k <= num_examples:
        raise ValueError(f"k must be from 2 to the number of examples, {num_examples}, not {k}")
    indices = np.arange(num_examples)
    return [(np.setdiff1d(indices, fold), fold) for fold in np.array_split(indices, k)]
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Write down the folds of 7 examples for $k = 3$: sizes 3, 2 and 2. `divmod(7, 3)` gives both numbers that you need
#    to know how large each fold is.
# 2. Where a fold begins is the sum of the sizes before it. NumPy also has a function that cuts an array into parts of
#    nearly equal size; check with the example which of its parts are the larger ones.
# 3. For each fold, the training indices are all those that are not in it: what lies before it and what lies after it,
#    or a difference of two sets. Check `k` before anything else.

# %% [markdown]
# ## `stratified_k_fold_indices`: the same mixture in every fold
#
# Of 100 examples, 5 belong to a rare class. In five folds cut without looking, one may hold three of the five and
# another none: there, the class cannot be validated. Worse, when the examples are sorted by class, a fold may be a
# whole class, which is then missing from the training part. *Stratified* folds spread every class as evenly as
# possible:
#
# $$\max_i n_{ci} - \min_i n_{ci} \le 1 \qquad\text{for each class } c$$
#
# where $n_{ci}$ is the number of examples of class $c$ in the validation part of fold $i$. Which examples go into which
# fold is up to you, as long as this holds. A class of fewer than $k$ examples is missing from some folds; that cannot
# be helped, and is no error.
#
# Nothing is asked of the sizes of the folds as a whole: with many classes they may differ by more than one.


# %%
def stratified_k_fold_indices(labels, k):
    """The training and validation indices of k folds that hold every class in nearly equal numbers.

    Any two validation parts differ by at most one in their number of examples of each class.

    Args:
        labels: integer array (N,), the class of each example; any integers, in any order.
        k: int, the number of folds; at least 2, and at most the size of the largest class.

    Returns:
        List of k tuples (train, validation) of integer arrays, one-dimensional and sorted. Every index is in exactly
        one validation part, and each training part holds all indices that are not in the validation part beside it.

    Source: Kohavi, 1995, "A study of cross-validation and bootstrap for accuracy estimation and model selection";
    sklearn.model_selection.StratifiedKFold, which may choose other examples.
    """
    ### BEGIN SOLUTION
    by_class = np.argsort(labels)  # dealt out like a sorted deck of cards, one to each fold in turn
    return [(np.sort(np.delete(by_class, np.s_[fold::k])), np.sort(by_class[fold::k])) for fold in range(k)]
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Forget the folds for a moment and take a single class of 7 examples and 3 folds. Deal the examples out like cards:
#    to fold 0, 1, 2, 0, 1, 2, 0. Any two folds differ by at most one.
# 2. Do so for each class: find the indices of its examples and give each of them the number of a fold. Labels may be
#    any integers, so take those that occur, not 0, 1, 2 and so on.
# 3. From the numbers of the folds, the indices of fold $i$ are those where the number is $i$, and the training indices
#    are those where it is not. NumPy finds such places in ascending order.

# %% [markdown]
# Twenty-four examples, sorted by class, and four folds; black marks the validation part. Plain folds are blocks: the
# first and the third hold a single class, and the last holds all of class 2, so that the model to be validated there
# has never seen it. Stratified folds take their share of every class.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# labels = np.repeat([0, 1, 2], [10, 9, 5])
# splits = {"k_fold_indices": k_fold_indices(24, 4), "stratified_k_fold_indices": stratified_k_fold_indices(labels, 4)}
#
# figure, axes = plt.subplots(3, 1, figsize=(9, 4), height_ratios=[1, 4, 4], sharex=True)
# axes[0].imshow(labels[None], aspect="auto", cmap="Set2")
# axes[0].set(title="class", yticks=[])
# for axis, (name, folds) in zip(axes[1:], splits.items()):
#     validated = np.zeros((4, 24))
#     for fold, (_, validation) in enumerate(folds):
#         validated[fold, validation] = 1
#     axis.imshow(validated, aspect="auto", cmap="Greys")
#     axis.set(title=name, ylabel="fold", yticks=range(4))
# axes[-1].set_xlabel("example")
# figure.tight_layout()
# plt.show()

# %% [markdown]
# ## `cross_validate`: $k$ models, $k$ scores
#
# Now put the folds to use, for any kind of model. The caller brings two functions. `fit(x, y)` trains a model on the
# examples that it gets and returns it; `score(model, x, y)` says how good the model is on the examples that it gets.
# What a model is concerns only these two: it may be an array, a dict, a number, anything. Hand it on as it is.
#
# For every fold $i$ of `k_fold_indices(N, k)`,
#
# $$s_i = \mathrm{score}\big(\mathrm{fit}(x_{\mathrm{train}_i}, y_{\mathrm{train}_i}),\;
# x_{\mathrm{validation}_i}, y_{\mathrm{validation}_i}\big)$$
#
# - A new model for every fold: one that is kept from fold to fold has soon seen every example.
# - Fitting is the expensive part. `fit` is called exactly once for each fold, and so is `score`.
# - All $k$ scores are returned. Their mean estimates the quality of a model of this kind, fitted to nearly all the
#   examples, and their spread gives an idea of how far to trust it. None of the $k$ models is the result: in the end
#   one fits anew, to everything.
# - Whatever is learned from the data belongs into `fit`, also the mean and standard deviation for scaling.
#   Otherwise the validation examples have had a say in them.


# %%
def cross_validate(fit, score, x, y, k):
    """The score of each fold in k-fold cross-validation.

        scores[i] = score(fit(x[train_i], y[train_i]), x[validation_i], y[validation_i])

    Args:
        fit: callable (x, y) -> model, called once for each fold with arrays of that fold's training examples.
        score: callable (model, x, y) -> float, called once for each fold with the model that fit returned for it, and
            arrays of its validation examples.
        x: array (N, ...), the examples.
        y: array (N, ...), the target of each.
        k: int, the number of folds, 2 <= k <= N; the folds are those of k_fold_indices(N, k).

    Returns:
        Array (k,) of floats: the scores, in the order of the folds.

    Source: Hastie, Tibshirani & Friedman, 2009, "The elements of statistical learning", section 7.10;
    sklearn.model_selection.cross_val_score.
    """
    ### BEGIN SOLUTION
    scores = []
    for train, validation in k_fold_indices(len(x), k):
        model = fit(x[train], y[train])
        scores.append(score(model, x[validation], y[validation]))
    return np.array(scores)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. You have written the folds already: loop over the pairs that `k_fold_indices` gives for `len(x)` examples.
# 2. Inside the loop there are two calls. The first gets the training part of both arrays, the second the model and the
#    validation part of both arrays. An index array picks examples along the first axis, whatever the number of axes.
# 3. Collect the scores in a list, and turn the list into an array at the end.

# %% [markdown]
# What cross-validation is for: choosing. Polynomials of growing degree are fitted to 30 noisy points of a curve. The
# error on the training examples can only fall. The cross-validated error falls, too, while the polynomials learn the
# curve, and rises when they begin to learn the noise. The black dots are the means; each thin line is one fold.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(4)
# x = rng.uniform(-1, 1, 30)
# y = np.sin(4 * x) + rng.normal(0, 0.3, 30)
# degrees = range(12)
#
# squared_error = lambda model, x, y: np.mean((np.polyval(model, x) - y) ** 2)
# training, validation = [], []
# for degree in degrees:
#     fit = lambda x, y, degree=degree: np.polyfit(x, y, degree)
#     training.append(squared_error(fit(x, y), x, y))
#     validation.append(cross_validate(fit, squared_error, x, y, 5))
#
# plt.figure(figsize=(7, 4))
# plt.semilogy(degrees, validation, color="grey", linewidth=0.6)
# plt.semilogy(degrees, np.mean(validation, axis=1), "ko-", label="cross-validation, 5 folds")
# plt.semilogy(degrees, training, "o-", label="training")
# plt.ylim(0.02, 5)
# plt.xlabel("degree of the polynomial")
# plt.ylabel("mean squared error")
# plt.legend()
# plt.show()

# %% [markdown]
# ## `standardize_split`: scale without a leak
#
# Many models learn better when all features are of similar size. To standardize means to subtract a feature's mean and
# to divide by its standard deviation. Whose? Those of the *training* part, for both parts:
#
# $$\mathrm{train}' = \frac{\mathrm{train} - \mu}{\sigma}, \qquad
# \mathrm{validation}' = \frac{\mathrm{validation} - \mu}{\sigma}, \qquad
# \mu, \sigma \text{ from the training part, for each feature}$$
#
# Statistics of all examples together would let the validation part leak into training. Statistics of its own for the
# validation part are no better: the same measurement would then become two different inputs, and a single new example
# could not be scaled at all. So the validation part comes out with a mean that is not quite 0, and that is right.
#
# - $\sigma$ divides by $N$, not by $N - 1$ (`ddof=0`, NumPy's default and scikit-learn's convention).
# - A feature is *constant* if its largest value in the training part equals its smallest. Then $\sigma = 0$, and it is
#   only centred, in both parts: subtract $\mu$ and do not divide. Do not ask the computed $\sigma$ whether it is 0. The
#   mean of three times 0.1 is not exactly 0.1 in floating point, so that $\sigma$ comes out as about $10^{-17}$.
# - Every other feature is divided by its $\sigma$, however small that is. A small number added to $\sigma$ for safety
#   spoils features that are measured in large units.


# %%
def standardize_split(train, validation):
    """Standardize both parts with the training part's mean and standard deviation of each feature.

        (value - mean) / std,    mean and std of the feature over the training examples, ddof 0

    Args:
        train: array (N, D) of floats, one row per training example, N >= 1.
        validation: array (M, D) of floats, M >= 1.

    Returns:
        Tuple (train, validation) of new arrays of the same shapes. A feature whose largest and smallest value in train
        are equal is only centred, in both.

    Source: Hastie, Tibshirani & Friedman, 2009, "The elements of statistical learning", section 7.10.2;
    sklearn.preprocessing.StandardScaler.
    """
    ### BEGIN SOLUTION
    mean = train.mean(axis=0)
    std = np.where(train.max(axis=0) > train.min(axis=0), train.std(axis=0), 1)
    return (train - mean) / std, (validation - mean) / std
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Two arrays of length $D$ are all you need of the training part: a mean and a standard deviation for each feature.
#    Along which axis do you compute them?
# 2. For a constant feature, dividing must change nothing. By which number can you divide instead?
# 3. Compute the largest and the smallest value of each training feature. Where they differ, take the standard
#    deviation, elsewhere the harmless number; `np.where` chooses. Then apply the same two arrays to both parts.

# %% [markdown]
# ## `random_horizontal_flip`: more from the same images
#
# More data is the surest remedy against overfitting, and the first that B6 names. When there is no more, some can be
# made: a cat in the mirror is still a cat. In every epoch, each image is mirrored with probability $p$, left to right,
# and keeps its label. This is *data augmentation*. It belongs to training alone; validation images stay as they are.
# And it is right only where the label survives: a mirrored 2 is no 2, and a left turn becomes a right turn.
#
# - Images come as `(N, C, H, W)`: batch, channels, height, width. Left to right is the last axis. All channels and rows
#   of an image go together, or its colours would come apart.
# - Each image on its own: $N$ coins, not one for the batch. (Torchvision's `RandomHorizontalFlip` is meant for one
#   image; when given a batch, it flips all of them or none.) So the number of mirrored images is random as well, and is
#   $pN$ only on average.


# %%
def random_horizontal_flip(images, p, rng):
    """Mirror each image left to right with probability p.

        output[n] = images[n] reversed along its last axis, with probability p
                    images[n]                             otherwise;    independently for each n

    Args:
        images: array (N, C, H, W) of floats.
        p: float from 0 to 1, the probability that an image is mirrored.
        rng: np.random.Generator, the only source of randomness; drawing moves it on.

    Returns:
        Array (N, C, H, W), the images in the same order. At p = 0 no image is mirrored, at p = 1 all are.

    Source: Krizhevsky, Sutskever & Hinton, 2012, "ImageNet classification with deep convolutional neural networks",
    section 4.1; torchvision.transforms.RandomHorizontalFlip, for one image.
    """
    ### BEGIN SOLUTION
    mirrored = rng.random(len(images)) < p
    return np.where(mirrored[:, None, None, None], images[..., ::-1], images)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. `rng.random(size)` gives numbers that are evenly spread from 0 to 1. How many do you need, and which share of them
#    lies below `p`?
# 2. A slice with a negative step reverses an axis. Mirroring the whole batch costs one line; then choose, for each
#    image, between the original and its mirror image.
# 3. One boolean for each image has to line up with four axes: give it three more, of length 1. Or copy the images and
#    write the mirrored ones into the copy.

# %% [markdown] tags=["mark-scheme"] question="B20"
# - 1 point: the data are cut into k folds; each is held out once while the model is trained on the others; mean and
#   spread of the k scores are reported.
# - 1 point: what for: an estimate of the error on new data that wastes little data, and with it the choice of models
#   or hyperparameters.
# - 1 point: nothing of the held-out fold may be used in training, the scaling of features included; the final test
#   set stays out of all of it.
# - 1 point: a variant and its reason (stratified, grouped, in order of time), or its price: k trainings, often too
#   many for large networks.
