"""Known wrong answers to the exercises on metrics. A docstring is what the learner is told."""

import numpy as np


def _outcomes(y_true, y_pred, positive=1):
    """(tp, fp, fn, tn) with the given class as the positive one."""
    is_true, is_predicted = y_true == positive, y_pred == positive
    tp, fp = np.sum(is_true & is_predicted), np.sum(~is_true & is_predicted)
    return tp, fp, np.sum(is_true & ~is_predicted), np.sum(~is_true & ~is_predicted)


def _f1(tp, fp, fn):
    return 2 * tp / max(2 * tp + fp + fn, 1)


def _averaged(y_true, y_pred, average, f1):
    """An F1 score built from f1(tp, fp, fn), with everything around it right."""
    if average not in ("binary", "macro", "micro"):
        raise ValueError("average")
    classes = [1] if average == "binary" else np.union1d(y_true, y_pred)
    counts = [_outcomes(y_true, y_pred, c)[:3] for c in classes]
    return f1(*np.sum(counts, axis=0)) if average == "micro" else np.mean([f1(*c) for c in counts])


def _points(y_true, score, thresholds):
    """(fpr, tpr, thresholds) of the rule "positive if score >= threshold"."""
    called_positive = score >= thresholds[:, None]
    return called_positive[:, y_true == 0].mean(axis=1), called_positive[:, y_true == 1].mean(axis=1), thresholds


def _falling(score):
    """Infinity and the different scores, from the highest to the lowest."""
    return np.append(np.inf, np.unique(score)[::-1])


def _groups(y_true, score):
    """The scores of the positives and of the negatives; with a single class an error, as it should be."""
    if np.all(y_true == y_true[0]):
        raise ValueError("y_true")
    return score[y_true == 1], score[y_true == 0]


def confusion_matrix__transposed(y_true, y_pred, num_classes):
    """The matrix came out transposed: rows are the predicted class here. Put the true class in the row and the
    predicted class in the column."""
    counts = np.zeros((num_classes, num_classes), dtype=int)
    np.add.at(counts, (y_pred, y_true), 1)
    return counts


def confusion_matrix__repeats_counted_once(y_true, y_pred, num_classes):
    """A pair of classes that occurs several times is counted once. `counts[y_true, y_pred] += 1` reads, adds and writes
    each cell only once, however often its index is repeated."""
    counts = np.zeros((num_classes, num_classes), dtype=int)
    counts[y_true, y_pred] += 1
    return counts


def confusion_matrix__classes_that_occur(y_true, y_pred, num_classes):
    """The matrix only has rows and columns for the classes that occur in the data. Its size is num_classes, and a class
    that does not occur keeps its place, with zeros."""
    classes = np.union1d(y_true, y_pred)
    return np.array([[np.sum((y_true == i) & (y_pred == j)) for j in classes] for i in classes])


def confusion_matrix__shares_of_each_row(y_true, y_pred, num_classes):
    """The rows were divided by their sums, so the entries are shares. That is a normalised confusion matrix; here the
    plain counts are asked for."""
    counts = np.zeros((num_classes, num_classes))
    np.add.at(counts, (y_true, y_pred), 1)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def confusion_matrix__floats(y_true, y_pred, num_classes):
    """The counts are right but they are floating-point numbers: np.zeros makes floats unless it is given a dtype."""
    counts = np.zeros((num_classes, num_classes))
    np.add.at(counts, (y_true, y_pred), 1)
    return counts


def confusion_matrix__classes_from_one(y_true, y_pred, num_classes):
    """Rows and columns are shifted by one, as if classes were numbered from 1. Class 0 belongs in row 0; the index -1
    silently means the last row."""
    counts = np.zeros((num_classes, num_classes), dtype=int)
    np.add.at(counts, (y_true - 1, y_pred - 1), 1)
    return counts


def confusion_matrix__right_answers_only(y_true, y_pred, num_classes):
    """Only the diagonal was filled. The mistakes are counted too, each in the row of its true class and the column of
    its predicted class."""
    return np.diag(np.bincount(y_true[y_true == y_pred], minlength=num_classes))


def accuracy__binary_only(y_true, y_pred):
    """Only classes 0 and 1 are looked at, as in (tp + tn) / N. Accuracy is defined for any number of classes: compare
    the two classes of each example."""
    tp, _, _, _ = _outcomes(y_true, y_pred)
    tn = np.sum((y_true == 0) & (y_pred == 0))
    return (tp + tn) / len(y_true)


def accuracy__mean_absolute_difference(y_true, y_pred):
    """The distance between the class numbers was measured. Classes are names, not quantities: count how often the two
    are equal."""
    return 1 - np.mean(np.abs(y_true - y_pred))


def accuracy__error_rate(y_true, y_pred):
    """This is the share of wrong answers, the error rate. Accuracy is the share of right ones."""
    return np.mean(y_true != y_pred)


def accuracy__count(y_true, y_pred):
    """This is the number of right answers. Divide it by the number of examples."""
    return np.sum(y_true == y_pred)


def accuracy__percent(y_true, y_pred):
    """The answer is a percentage. Accuracy is a share between 0 and 1."""
    return 100 * np.mean(y_true == y_pred)


def accuracy__balanced(y_true, y_pred):
    """This is the mean of the recalls of the classes, the balanced accuracy. Plain accuracy gives every example the
    same weight, so common classes count more."""
    return np.mean([np.mean(y_pred[y_true == c] == c) for c in np.unique(y_true)])


def accuracy__true_positives_only(y_true, y_pred):
    """Only right answers of class 1 are counted. A right answer of any other class, such as a true negative, is a right
    answer too."""
    return np.mean((y_true == 1) & (y_pred == 1))


def precision__is_recall(y_true, y_pred):
    """This is recall: it divides by the number of positive examples. Precision divides by the number of positive
    predictions."""
    tp, _, fn, _ = _outcomes(y_true, y_pred)
    return tp / (tp + fn) if tp + fn else 0.0


def precision__is_accuracy(y_true, y_pred):
    """This is accuracy. Precision looks at the examples that were predicted positive, and at no others."""
    return np.mean(y_true == y_pred)


def precision__nan_when_nothing_is_predicted(y_true, y_pred):
    """Right in general, but NaN when no example is predicted positive: there 0 is divided by 0. Return 0.0 in that
    case."""
    with np.errstate(invalid="ignore"):
        tp, fp, _, _ = _outcomes(y_true, y_pred)
        return tp / (tp + fp)


def precision__one_when_nothing_is_predicted(y_true, y_pred):
    """Right in general, but 1 when no example is predicted positive. No prediction is no mistake, and some define it
    so; the convention here is 0.0."""
    tp, fp, _, _ = _outcomes(y_true, y_pred)
    return tp / (tp + fp) if tp + fp else 1.0


def precision__of_class_zero(y_true, y_pred):
    """This is the share of right answers among the negative predictions. The positive class is 1, not 0."""
    tp, fp, _, _ = _outcomes(y_true, y_pred, positive=0)
    return tp / (tp + fp) if tp + fp else 0.0


def precision__divides_by_all(y_true, y_pred):
    """The true positives were divided by the number of all examples. Divide by the number of positive predictions."""
    return np.mean((y_true == 1) & (y_pred == 1))


def precision__mean_over_classes(y_true, y_pred):
    """This is the mean of the precisions of class 0 and class 1 (the macro average). Here only that of the positive
    class, 1, is asked for."""
    of_class = []
    for positive in (0, 1):
        tp, fp, _, _ = _outcomes(y_true, y_pred, positive)
        of_class.append(tp / (tp + fp) if tp + fp else 0.0)
    return np.mean(of_class)


def recall__is_precision(y_true, y_pred):
    """This is precision: it divides by the number of positive predictions. Recall divides by the number of positive
    examples."""
    tp, fp, _, _ = _outcomes(y_true, y_pred)
    return tp / (tp + fp) if tp + fp else 0.0


def recall__is_accuracy(y_true, y_pred):
    """This is accuracy. Recall looks at the examples that are positive, and at no others."""
    return np.mean(y_true == y_pred)


def recall__nan_without_positives(y_true, y_pred):
    """Right in general, but NaN when no example is positive: there 0 is divided by 0. Return 0.0 in that case."""
    with np.errstate(invalid="ignore"):
        tp, _, fn, _ = _outcomes(y_true, y_pred)
        return tp / (tp + fn)


def recall__one_without_positives(y_true, y_pred):
    """Right in general, but 1 when no example is positive. Nothing was missed, and some define it so; the convention
    here is 0.0."""
    tp, _, fn, _ = _outcomes(y_true, y_pred)
    return tp / (tp + fn) if tp + fn else 1.0


def recall__is_specificity(y_true, y_pred):
    """This is the share of the negative examples that were predicted negative, the specificity. Recall is about the
    positive examples."""
    _, fp, _, tn = _outcomes(y_true, y_pred)
    return tn / (tn + fp) if tn + fp else 0.0


def recall__is_the_miss_rate(y_true, y_pred):
    """This is the share of the positive examples that were missed. Recall is the share that was found."""
    tp, _, fn, _ = _outcomes(y_true, y_pred)
    return fn / (tp + fn) if tp + fn else 0.0


def recall__divides_by_all(y_true, y_pred):
    """The true positives were divided by the number of all examples. Divide by the number of positive examples."""
    return np.mean((y_true == 1) & (y_pred == 1))


def f1_score__arithmetic_mean(y_true, y_pred, average="binary"):
    """Precision and recall were averaged with the arithmetic mean. F1 is their harmonic mean, which stays close to the
    smaller of the two."""

    def f1(tp, fp, fn):
        return (tp / max(tp + fp, 1) + tp / max(tp + fn, 1)) / 2

    return _averaged(y_true, y_pred, average, f1)


def f1_score__geometric_mean(y_true, y_pred, average="binary"):
    """Precision and recall were averaged with the geometric mean, the square root of their product. F1 is their
    harmonic mean."""

    def f1(tp, fp, fn):
        return np.sqrt(tp / max(tp + fp, 1) * tp / max(tp + fn, 1))

    return _averaged(y_true, y_pred, average, f1)


def f1_score__nan_when_undefined(y_true, y_pred, average="binary"):
    """Right in general, but NaN when there is no true positive: 2PR / (P + R) is 0/0 there. Return 0.0 in that case,
    or compute F1 from the counts."""

    def f1(tp, fp, fn):
        precision, recall = tp / (tp + fp), tp / (tp + fn)
        return 2 * precision * recall / (precision + recall)

    with np.errstate(invalid="ignore"):
        return _averaged(y_true, y_pred, average, f1)


def f1_score__macro_is_micro(y_true, y_pred, average="binary"):
    """For "macro" the counts of all classes were added up first, which is what "micro" means. Compute F1 class by
    class, then take the mean."""
    return _averaged(y_true, y_pred, "micro" if average == "macro" else average, _f1)


def f1_score__macro_of_the_means(y_true, y_pred, average="binary"):
    """For "macro" precision and recall were averaged over the classes first, and F1 taken of the two means. Compute F1
    class by class, then take the mean."""
    if average != "macro":
        return _averaged(y_true, y_pred, average, _f1)
    precision = _averaged(y_true, y_pred, average, lambda tp, fp, fn: tp / max(tp + fp, 1))
    recall = _averaged(y_true, y_pred, average, lambda tp, fp, fn: tp / max(tp + fn, 1))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def f1_score__macro_over_true_classes_only(y_true, y_pred, average="binary"):
    """For "macro" the mean is over the classes in y_true only. A class that was predicted without ever being right
    counts too, with an F1 of 0."""
    if average != "macro":
        return _averaged(y_true, y_pred, average, _f1)
    return np.mean([_f1(*_outcomes(y_true, y_pred, c)[:3]) for c in np.unique(y_true)])


def f1_score__accepts_any_average(y_true, y_pred, average="binary"):
    """The three averages are right, but an unknown one gives an answer as well, as if it were "micro". Raise a
    ValueError, so that a slip of the pen does not turn into a wrong number."""
    return _averaged(y_true, y_pred, average if average in ("binary", "macro") else "micro", _f1)


def roc_curve__no_start_point(y_true, score):
    """The start of the curve is missing: the threshold infinity, where nothing is called positive and both rates are
    0."""
    return _points(y_true, score, _falling(score)[1:])


def roc_curve__ties_not_grouped(y_true, score):
    """The curve has a point for every example, also for those with equal scores. No threshold can separate equal
    scores: they cross it together and make one point."""
    order = np.argsort(-score, kind="stable")
    is_positive = y_true[order] == 1
    fpr, tpr = np.cumsum(~is_positive) / np.sum(~is_positive), np.cumsum(is_positive) / np.sum(is_positive)
    return np.append(0, fpr), np.append(0, tpr), np.append(np.inf, score[order])


def roc_curve__strictly_greater(y_true, score):
    """An example whose score equals the threshold is called negative here, so every point is one step late. The rule is
    score >= threshold."""
    called_positive = score > _falling(score)[:, None]
    fpr, tpr = called_positive[:, y_true == 0].mean(axis=1), called_positive[:, y_true == 1].mean(axis=1)
    return fpr, tpr, _falling(score)


def roc_curve__starts_above_the_highest_score(y_true, score):
    """Fine but for the first threshold: it is the highest score plus 1, as in old versions of scikit-learn. It should
    be infinity."""
    thresholds = _falling(score)
    thresholds[0] = thresholds[1] + 1
    return _points(y_true, score, thresholds)


def roc_curve__drops_points_on_a_line(y_true, score):
    """Points in the middle of a straight piece were dropped, as scikit-learn does by default. Keep the point of every
    threshold."""
    fpr, tpr, thresholds = _points(y_true, score, _falling(score))
    bends = np.abs(np.diff(fpr)[:-1] * np.diff(tpr)[1:] - np.diff(fpr)[1:] * np.diff(tpr)[:-1]) > 1e-12
    keep = np.concatenate([[True], bends, [True]])
    return fpr[keep], tpr[keep], thresholds[keep]


def roc_curve__sorts_in_place(y_true, score):
    """The curve is right, but y_true and score come back sorted: the function wrote into its arguments. Sort copies."""
    order = np.argsort(-score, kind="stable")
    y_true[:], score[:] = y_true[order], score[order]
    return _points(y_true, score, _falling(score))


def roc_curve__grid_of_probabilities(y_true, score):
    """The thresholds are evenly spaced between 0 and 1. Scores can be any numbers, and the curve only changes at a
    score: take the scores themselves as thresholds."""
    return _points(y_true, score, np.append(np.inf, np.linspace(1, 0, 101)))


def auc__left_rectangles(x, y):
    """Each step counts as a rectangle with the height of its left end. Take the mean of both ends: a trapezoid."""
    return np.sum(np.diff(x) * y[:-1])


def auc__right_rectangles(x, y):
    """Each step counts as a rectangle with the height of its right end. Take the mean of both ends: a trapezoid."""
    return np.sum(np.diff(x) * y[1:])


def auc__ignores_x(x, y):
    """Every step has width 1 here, whatever x says. Multiply each mean height by its step in x."""
    return np.sum((y[1:] + y[:-1]) / 2)


def auc__even_steps(x, y):
    """Every step has the same width here, as if x were evenly spaced. Multiply each mean height by its own step in
    x."""
    return (x[-1] - x[0]) * np.mean((y[1:] + y[:-1]) / 2)


def auc__axes_swapped(x, y):
    """x and y are swapped: this is the area between the curve and the y axis. Widths are steps in x, heights are
    values of y."""
    return np.sum(np.diff(y) * (x[1:] + x[:-1]) / 2)


def auc__not_halved(x, y):
    """The heights of both ends were added but not halved, so the area is twice too large."""
    return np.sum(np.diff(x) * (y[1:] + y[:-1]))


def auc__drops_repeated_x(x, y):
    """Where x repeats, only the first point was kept. A step straight up has no width, but its upper end is where the
    next trapezoid starts."""
    x, first = np.unique(x, return_index=True)
    y = y[first]
    return np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2)


def roc_auc__accuracy_at_half(y_true, score):
    """This is the accuracy of the rule "positive if score >= 0.5". AUC has no threshold: it compares the scores of
    positive and negative examples with each other."""
    _groups(y_true, score)
    return np.mean((score >= 0.5) == (y_true == 1))


def roc_auc__mean_score_gap(y_true, score):
    """This is how much higher the positives score on average. AUC looks at the order of the scores only, not at how
    far they lie apart."""
    positives, negatives = _groups(y_true, score)
    return np.mean(positives) - np.mean(negatives)


def roc_auc__folded_above_half(y_true, score):
    """A value below one half was replaced by one minus it. A ranking that is upside down is bad, and its AUC has to say
    so."""
    positives, negatives = _groups(y_true, score)
    gaps = positives[:, None] - negatives
    area = np.mean((gaps > 0) + 0.5 * (gaps == 0))
    return max(area, 1 - area)


def roc_auc__ties_count_nothing(y_true, score):
    """A pair with equal scores counts 0 here. It counts one half."""
    positives, negatives = _groups(y_true, score)
    return np.mean(positives[:, None] > negatives)


def roc_auc__ties_count_fully(y_true, score):
    """A pair with equal scores counts 1 here, as if the positive had won. It counts one half."""
    positives, negatives = _groups(y_true, score)
    return np.mean(positives[:, None] >= negatives)


def roc_auc__order_decides_ties(y_true, score):
    """Among equal scores the order of the examples in the array decides, so shuffling the data changes the answer.
    Equal scores share one point of the curve, or the mean of their ranks."""
    _groups(y_true, score)
    is_positive = y_true[np.argsort(-score, kind="stable")] == 1
    return np.sum(np.cumsum(is_positive)[~is_positive]) / (np.sum(is_positive) * np.sum(~is_positive))


def roc_auc__half_with_a_single_class(y_true, score):
    """With a single class the answer is 0.5, as if the model had been found to guess. There is no pair to compare:
    raise a ValueError."""
    if np.all(y_true == y_true[0]):
        return 0.5
    gaps = score[y_true == 1][:, None] - score[y_true == 0]
    return np.mean((gaps > 0) + 0.5 * (gaps == 0))
