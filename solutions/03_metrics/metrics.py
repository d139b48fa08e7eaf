# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A2, B9]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 03 · Metrics
#
# A loss is what training pushes down; a metric is what you report. They are different things: the loss has to be
# smooth, the metric has to answer the question somebody actually asked. Here you build the metrics of
# classification from counting alone: first from predicted *classes* (confusion matrix, accuracy, precision, recall,
# F1), then from predicted *scores* (the ROC curve and the area under it).
#
# The topic answers the interview questions **A2** and **B9** (A and B are the two documents that this collection
# follows): how do you evaluate a model, and what do the metrics mean? The answers printed there define the metrics
# correctly, but some of the explanations are wrong or incomplete:
#
# - A2 says that accuracy, precision and recall belong to two-class problems, and that ROC and AUC suit multi-class and
#   regression problems. It is nearly the other way round: accuracy works for any number of classes, precision and
#   recall are computed class by class, and the ROC curve needs exactly two classes and a score. For a continuous target
#   it is undefined; there one reports the mean squared error or $R^2$.
# - A2 says that F1 has a trade-off between precision and recall. The trade-off is between precision and recall
#   themselves; F1 is their harmonic mean.
# - Neither says what happens when a denominator is zero. Precision, recall and F1 need a convention for that.
# - Both say that a larger AUC means a better model. It means a better *ranking*, and no more: see the last section.
#
# **Conventions.** All arrays are one-dimensional `np.ndarray` of the same length N ≥ 1. Classes are the integers 0, 1,
# 2, …; in a two-class problem class 1 is the *positive* and class 0 the *negative* one. A scalar result may be a Python
# number, a NumPy scalar or a 0-d array. No function changes its arguments. Only NumPy and the standard library can be
# imported while your work is graded.

# %%
import numpy as np

# %% [markdown]
# ## `confusion_matrix`: count every kind of answer
#
# For $K$ classes the confusion matrix $C$ counts how often each true class got each prediction:
#
# $$C_{ij} = \#\{\, n : \text{y\_true}_n = i \ \text{and}\ \text{y\_pred}_n = j \,\}$$
#
# Rows are the true class and columns the predicted class, as in scikit-learn. Other books use the transpose, so always
# check which one you are looking at. The diagonal holds the right answers; the entries are counts, so they are integers
# and they sum to $N$. With two classes the four entries have names:
#
# | | predicted 0 | predicted 1 |
# |---|---|---|
# | **true 0** | true negatives, tn | false positives, fp |
# | **true 1** | false negatives, fn | true positives, tp |
#
# The matrix always is $K \times K$, even when a class does not occur in the data: its row or column is then zero.


# %%
def confusion_matrix(y_true, y_pred, num_classes):
    """How many examples of each true class were predicted as each class.

        C[i, j] = number of n with y_true[n] == i and y_pred[n] == j

    Args:
        y_true: int array of shape (N,), the true classes, each in 0 .. num_classes - 1.
        y_pred: int array of shape (N,), the predicted classes, each in 0 .. num_classes - 1.
        num_classes: K, the number of classes. A class need not occur in the data.

    Returns:
        Array of shape (K, K) with an integer dtype: row = true class, column = predicted class.

    Source: `sklearn.metrics.confusion_matrix` with labels=range(num_classes).
    """
    ### BEGIN SOLUTION
    counts = np.zeros((num_classes, num_classes), dtype=int)
    np.add.at(counts, (y_true, y_pred), 1)  # unlike counts[y_true, y_pred] += 1, this counts repeated pairs
    return counts
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Start from a matrix of zeros, of integers. Every example adds 1 to one entry; which one?
# 2. A loop over the pairs of `y_true` and `y_pred` does it. Without a loop, beware: `counts[rows, columns] += 1` adds
#    only 1 when the same pair of indices occurs several times. `np.add.at` counts repeated pairs.
# 3. Another way: `y_true * num_classes + y_pred` is a number of its own for every pair. Count these numbers with
#    `np.bincount`, whose `minlength` covers the pairs that do not occur, and reshape.

# %% [markdown]
# ## `accuracy`: the share of right answers
#
# $$\text{accuracy} = \frac{\#\{\, n : \text{y\_pred}_n = \text{y\_true}_n \,\}}{N} = \frac{\sum_i C_{ii}}{N}$$
#
# It is defined for any number of classes. A class is a name, not a quantity: predicting 3 for a true 2 is exactly as
# wrong as predicting 9.
#
# Its weakness is imbalance. If one example in a hundred is positive, the model that always says "negative" has an
# accuracy of 0.99 and has learned nothing. This is why precision and recall exist.


# %%
def accuracy(y_true, y_pred):
    """The share of examples whose class was predicted correctly.

        accuracy = mean(y_true == y_pred)

    Args:
        y_true: int array of shape (N,), the true classes; any number of classes.
        y_pred: int array of shape (N,), the predicted classes.

    Returns:
        A scalar between 0 and 1.

    Source: `sklearn.metrics.accuracy_score`.
    """
    ### BEGIN SOLUTION
    return float(np.mean(y_true == y_pred))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Comparing two arrays of classes gives a boolean array. What does it hold where the answer was right?
# 2. Booleans count as 1 and 0, so their mean is a share.

# %% [markdown]
# ## `precision`: can a positive prediction be trusted?
#
# $$\text{precision} = \frac{tp}{tp + fp}$$
#
# Of everything the model *called* positive, the share that is positive. True negatives do not appear in the formula, so
# piling up easy negatives cannot improve it.
#
# If nothing was predicted positive, the formula is $0/0$. A convention is needed; ours is **0.0**, which is what
# scikit-learn returns (`zero_division=0`).


# %%
def precision(y_true, y_pred):
    """Of the examples predicted positive, the share that is positive.

        precision = tp / (tp + fp)

    Args:
        y_true: int array of shape (N,), the true classes: 1 is positive, 0 negative.
        y_pred: int array of shape (N,), the predicted classes: 1 is positive, 0 negative.

    Returns:
        A scalar between 0 and 1; 0.0 when nothing is predicted positive.

    Source: `sklearn.metrics.precision_score` with zero_division=0.
    """
    ### BEGIN SOLUTION
    predicted_positive = y_pred == 1
    return float(np.mean(y_true[predicted_positive] == 1)) if predicted_positive.any() else 0.0
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Which examples does the denominator count? Select those first.
# 2. Among them, the numerator counts the ones that are truly positive. A comparison gives a boolean array; two of them
#    are combined with `&`.
# 3. Look at the denominator before you divide: when it is 0, return the convention.

# %% [markdown]
# ## `recall`: how many positives were found?
#
# $$\text{recall} = \frac{tp}{tp + fn}$$
#
# Of everything that *is* positive, the share that the model found. It is also called sensitivity or true positive rate.
# If there is no positive example the formula is $0/0$ again, and the convention again is **0.0**.
#
# Precision and recall pull against each other. Call everything positive, and recall is 1 while precision falls to the
# share of positives in the data; call only the surest example positive, and it is the other way round. Both ignore
# the true negatives, and both change when you move the decision threshold: the picture after `f1_score` shows it.


# %%
def recall(y_true, y_pred):
    """Of the positive examples, the share that was predicted positive.

        recall = tp / (tp + fn)

    Args:
        y_true: int array of shape (N,), the true classes: 1 is positive, 0 negative.
        y_pred: int array of shape (N,), the predicted classes: 1 is positive, 0 negative.

    Returns:
        A scalar between 0 and 1; 0.0 when there are no positive examples.

    Source: `sklearn.metrics.recall_score` with zero_division=0.
    """
    ### BEGIN SOLUTION
    positive = y_true == 1
    return float(np.mean(y_pred[positive] == 1)) if positive.any() else 0.0
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. It is `precision` with the roles of the two arrays exchanged: which examples does the denominator count now?
# 2. Select the examples that are truly positive, and take the share of them that was predicted positive.
# 3. Here the denominator is 0 when there are no positives. Return the convention then.

# %% [markdown]
# ## `f1_score`: one number from two
#
# F1 is the *harmonic* mean of precision $P$ and recall $R$:
#
# $$F_1 = \frac{2PR}{P+R} = \frac{2\,tp}{2\,tp + fp + fn}$$
#
# A harmonic mean stays close to the smaller of the two. A model that calls everything positive when 1 % is positive has
# $P = 0.01$, $R = 1$: the arithmetic mean would be a respectable 0.5, F1 is 0.02. The form on the right is the better
# one to compute, because it has only one case of $0/0$, namely $tp = fp = fn = 0$. Then F1 is **0.0** by
# convention. With $tp = 0$ and some mistake it is 0 without any convention, although $2PR/(P+R)$ may be $0/0$.
#
# With more classes, every class takes its turn as the positive one ("one against the rest"), and `average` says how to
# combine the counts $tp_c, fp_c, fn_c$ of the classes $c$:
#
# - `"binary"` (the default): no combining. The labels are 0 and 1, and F1 is that of class 1.
# - `"macro"`: the plain mean of the F1 scores of the classes. Every class counts the same, however rare. The classes
#   are those that occur in `y_true` **or** in `y_pred`: a class that was only predicted scores 0 and counts; a
#   number that occurs in neither does not count. (F1 of the mean precision and mean recall is another quantity, which
#   some papers also call macro F1; see Opitz & Burst.)
# - `"micro"`: add up $tp$, $fp$ and $fn$ over all classes first, then use the formula once. Every example counts the
#   same. Each mistake is one false positive (of the predicted class) and one false negative (of the true class), so
#   when each example has one label and all classes are pooled, micro F1 is the accuracy.
#
# `"macro"` and `"micro"` treat all classes alike in a two-class problem too: there, class 0 takes its turn as well.


# %%
def f1_score(y_true, y_pred, average="binary"):
    """The harmonic mean of precision and recall, for one class or combined over all classes.

        F1 = 2 tp / (2 tp + fp + fn),   0.0 when the denominator is 0

    Args:
        y_true: int array of shape (N,), the true classes: 0 and 1 for "binary", 0, 1, 2, … otherwise.
        y_pred: int array of shape (N,), the predicted classes.
        average: "binary": F1 of class 1. "macro": the mean of the F1 scores of all classes that occur in y_true or in
            y_pred. "micro": F1 of the counts summed over those classes.

    Returns:
        A scalar between 0 and 1.

    Raises:
        ValueError: average is none of the three.

    Source: `sklearn.metrics.f1_score` with zero_division=0. Opitz & Burst, 2019, "Macro F1 and macro F1".
    """
    ### BEGIN SOLUTION
    if average not in ("binary", "macro", "micro"):
        raise ValueError(f'average must be "binary", "macro" or "micro", not {average!r}')
    classes = np.array([1]) if average == "binary" else np.union1d(y_true, y_pred)
    is_true, is_predicted = y_true[:, None] == classes, y_pred[:, None] == classes  # (N, K)
    tp = np.sum(is_true & is_predicted, axis=0)
    denominator = np.sum(is_true, axis=0) + np.sum(is_predicted, axis=0)  # (tp + fn) + (tp + fp)
    if average == "micro":
        tp, denominator = np.sum(tp), np.sum(denominator)
    return float(np.mean(2 * tp / np.maximum(denominator, 1)))  # where the denominator is 0, so is tp
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Write the case of one class first. For a class `c`, `tp`, `fp` and `fn` come from comparing both arrays with `c`.
#    $2\,tp + fp + fn$ is the number of times that `c` occurs in `y_true`, plus the number of times in `y_pred`.
# 2. The three averages differ in two things only: which classes take part, and whether you add up the counts before you
#    divide or take the mean of the quotients afterwards. `np.union1d` finds the classes that occur in either array.
# 3. So: refuse an unknown `average`; make the list of classes; count `tp` and the denominator for each; for "micro" add
#    up both over the classes; divide, with 0 where the denominator is 0; take the mean.

# %% [markdown]
# A classifier usually gives a score, and *you* choose the threshold above which it says "positive". The picture moves
# the threshold from left to right: precision and recall trade places, and F1 is highest somewhere between.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# y_true = (np.arange(2000) < 300).astype(int)
# score = rng.normal(size=2000) + 2 * y_true
# thresholds = np.linspace(-2, 4, 121)
# for metric in (precision, recall, f1_score, accuracy):
#     values = [metric(y_true, (score >= threshold).astype(int)) for threshold in thresholds]
#     plt.plot(thresholds, values, label=metric.__name__)
# plt.xlabel("threshold")
# plt.ylabel("value of the metric")
# plt.title("One model, many thresholds (15 % positives)")
# plt.legend()
# plt.show()

# %% [markdown]
# ## `roc_curve`: every threshold at once
#
# Say "positive" when `score >= t`, and let $t$ fall from $\infty$ to the lowest score. At each $t$ measure
#
# $$\text{fpr}(t) = \frac{\#\{\text{negatives with score} \ge t\}}{\#\{\text{negatives}\}}, \qquad
#   \text{tpr}(t) = \frac{\#\{\text{positives with score} \ge t\}}{\#\{\text{positives}\}}.$$
#
# The true positive rate is recall; the false positive rate is the share of *negatives* called positive, which is not
# $1 - \text{precision}$. The points (fpr, tpr) are the receiver operating characteristic curve: from (0, 0), where
# nothing is called positive, to (1, 1), where everything is.
#
# The conventions are those of scikit-learn with `drop_intermediate=False`:
#
# - the thresholds are $\infty$ and then every *different* score, from the highest to the lowest, so all three arrays
#   have one entry more than there are different scores;
# - examples with equal scores (a tie) cross the threshold together, and make one point, not several;
# - points in the middle of a straight piece are kept.
#
# Scores are any finite numbers, such as logits; they need not lie between 0 and 1. The curve does not depend on the
# order of the examples. Each of the two classes occurs at least once (otherwise one of the rates would be 0/0; you
# need not handle that here). Older versions of scikit-learn put the largest score plus 1 in the place of $\infty$.


# %%
def roc_curve(y_true, score):
    """False and true positive rates of the rule "positive if score >= threshold", for every useful threshold.

        fpr[i] = share of the negatives with score >= thresholds[i]
        tpr[i] = share of the positives with score >= thresholds[i]

    Args:
        y_true: int array of shape (N,), the true classes: 1 is positive, 0 negative; both occur.
        score: float array of shape (N,), larger where the model is surer of the positive class.

    Returns:
        The tuple (fpr, tpr, thresholds) of arrays of shape (M + 1,), M being the number of different scores.
        thresholds is inf followed by the different scores in decreasing order.

    Source: `sklearn.metrics.roc_curve` with drop_intermediate=False. Fawcett, 2006, "An introduction to ROC analysis".
    """
    ### BEGIN SOLUTION
    order = np.argsort(-score)
    score, is_positive = score[order], y_true[order] == 1
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)  # the last example of each run of equal scores
    tp = np.cumsum(is_positive)[last]
    fp = np.cumsum(~is_positive)[last]
    return np.append(0, fp / fp[-1]), np.append(0, tp / tp[-1]), np.append(np.inf, score[last])
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Do it slowly first: for one threshold, count the positives and the negatives with a score of at least that much.
#    Then list the thresholds: infinity, and each different score from high to low (`np.unique` sorts from low to
#    high).
# 2. A loop over the thresholds is right. To be faster, sort the examples by falling score: after the first $m$ of them,
#    the counts are running sums (`np.cumsum`) of "is positive" and "is negative".
# 3. Of a run of equal scores only the last example makes a point; `np.diff` finds where the score changes, and the last
#    example of all counts too. Divide each running sum by its last value, and put the point (0, 0) in front.

# %% [markdown]
# ## `auc`: the area under a curve
#
# Join the points $(x_0, y_0), (x_1, y_1), \dots$ by straight lines, and add up the trapezoids:
#
# $$\text{auc} = \sum_{i \ge 1} (x_i - x_{i-1}) \, \frac{y_i + y_{i-1}}{2}$$
#
# The points are any curve, not only a ROC curve: x may start and end anywhere and need not be evenly spaced, and where
# y is negative the area counts as negative. x never decreases, but it may repeat: a step straight up has width 0
# and adds nothing, yet both of its ends matter to the neighbours.
#
# NumPy's own trapezoid rule changed its name (`np.trapz` was removed in NumPy 2.4, `np.trapezoid` is new in 2.0), and
# the one line is worth writing yourself.


# %%
def auc(x, y):
    """The area under the straight lines that join the points (x[i], y[i]): the trapezoid rule.

        auc = sum over i of (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2

    Args:
        x: array of shape (M,), M >= 2, increasing; neighbours may be equal.
        y: array of shape (M,), the heights; they may be negative.

    Returns:
        A scalar.

    Source: `sklearn.metrics.auc`.
    """
    ### BEGIN SOLUTION
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Between two neighbouring points lies one trapezoid. What is its width, and what is its mean height?
# 2. `x[1:]` and `x[:-1]` are the right and the left ends of all trapezoids at once.
# 3. Width times mean height for every pair of neighbours, then add up. Nothing is sorted, and no absolute value is
#    taken.

# %% [markdown]
# ## `roc_auc`: how well are the positives ranked above the negatives?
#
# The area under the ROC curve has a meaning of its own (Hanley & McNeil, 1982): draw one positive and one negative
# example at random; it is the probability that the positive has the higher score, where a tie counts one half.
#
# $$\text{AUC} = P(s_+ > s_-) + \tfrac12 P(s_+ = s_-)$$
#
# So 1 is a perfect ranking, 0.5 is guessing, and 0 is a perfect ranking upside down: a value below one half is reported
# as it is. Only the order of the scores matters. Any increasing transformation of them, such as a sigmoid, changes
# nothing. With a single class there are no pairs to compare, and the function raises.
#
# **What AUC does not tell you.** That the larger AUC belongs to the better model (A2, B9) holds for ranking and nothing
# else. AUC says nothing about calibration: probabilities ten times too small have the same AUC. It says nothing about
# the threshold that you will really use. And under heavy imbalance it flatters: with a thousand negatives per positive,
# a false positive rate of 1 % buries each true positive under ten false ones, and the curve does not show it (Davis &
# Goadrich, 2006; Saito & Rehmsmeier, 2015). Report precision and recall, or the cost at your threshold, beside it.
#
# It is also not a metric for regression, as A2 has it: cutting a continuous target in two to get classes measures
# something else. For several classes one averages the AUC of each class against the rest, or of each pair of classes.


# %%
def roc_auc(y_true, score):
    """The area under the ROC curve: the probability that a positive example has a higher score than a negative one.

        AUC = P(s+ > s-) + P(s+ == s-) / 2

    Args:
        y_true: int array of shape (N,), the true classes: 1 is positive, 0 negative.
        score: float array of shape (N,), larger where the model is surer of the positive class; any finite numbers.

    Returns:
        A scalar between 0 and 1. A pair with equal scores counts one half.

    Raises:
        ValueError: y_true holds a single class.

    Source: `sklearn.metrics.roc_auc_score`. Hanley & McNeil, 1982, "The meaning and use of the area under a ROC curve".
    """
    ### BEGIN SOLUTION
    if len(np.unique(y_true)) < 2:
        raise ValueError("y_true must hold both classes: with a single one there is nothing to rank")
    fpr, tpr, _ = roc_curve(y_true, score)
    return auc(fpr, tpr)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Check first whether both classes are there. How many different values does `y_true` hold?
# 2. You have written the curve, and you have written the area under a curve.
# 3. Or follow the meaning: compare every positive with every negative score (one as a column, the other as a row), give
#    each pair 1, one half or 0, and take the mean.

# %% [markdown]
# The same model, on data with ever fewer positives. On the left the ROC curves lie on top of each other, up to noise,
# and AUC stays where it is; on the right precision collapses. Both pictures are true. They answer different questions.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(1)
# figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.5))
# for share in (0.5, 0.1, 0.01):
#     y_true = (np.arange(40_000) < 40_000 * share).astype(int)
#     score = rng.normal(size=40_000) + 2 * y_true
#     fpr, tpr, thresholds = roc_curve(y_true, score)
#     label = f"{share:.0%} positives"
#     left.plot(fpr, tpr, label=f"{label}: AUC {roc_auc(y_true, score):.3f}")
#     predictions = [(score >= threshold).astype(int) for threshold in thresholds[50::100]]
#     precisions = [precision(y_true, y_pred) for y_pred in predictions]
#     right.plot([recall(y_true, y_pred) for y_pred in predictions], precisions, label=label)
# left.plot([0, 1], [0, 1], "k:", label="guessing: AUC 0.5")
# left.set(title="ROC curve", xlabel="false positive rate", ylabel="true positive rate")
# right.set(title="Precision and recall", xlabel="recall", ylabel="precision")
# left.legend()
# right.legend()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="A2"
# - 1 point: accuracy, and why it misleads when classes are imbalanced.
# - 2 points: precision (of those called positive, the share that is) and recall (of those that are positive, the
#   share that is found); F1 is their harmonic mean.
# - 1 point: ROC and AUC: what they say about all thresholds together, such as the chance that a random positive
#   scores above a random negative.
