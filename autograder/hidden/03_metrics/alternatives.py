"""Right answers written in other ways. Each must get full marks."""

from collections import Counter
from fractions import Fraction

import numpy as np


def _pair_wins(y_true, score):
    """For each pair of a positive and a negative example 2 for a win, 1 for a tie, 0 for a loss."""
    positives = [s for t, s in zip(y_true, score, strict=True) if t == 1]
    negatives = [s for t, s in zip(y_true, score, strict=True) if t == 0]
    if not positives or not negatives:
        raise ValueError("y_true holds a single class")
    return [1 + (p > n) - (p < n) for p in positives for n in negatives]


def confusion_matrix__loop(y_true, y_pred, num_classes):
    """One example after the other, in a small integer dtype."""
    counts = np.zeros((num_classes, num_classes), dtype=np.int32)
    for i, j in zip(y_true, y_pred, strict=True):
        counts[i, j] += 1
    return counts


def confusion_matrix__bincount(y_true, y_pred, num_classes):
    """Numbers the pairs of classes and counts the numbers."""
    return np.bincount(num_classes * y_true + y_pred, minlength=num_classes**2).reshape(num_classes, num_classes)


def confusion_matrix__one_hot_product(y_true, y_pred, num_classes):
    """A product of one-hot matrices."""
    one_hot = np.eye(num_classes, dtype=np.int64)
    return one_hot[y_true].T @ one_hot[y_pred]


def accuracy__loop(y_true, y_pred):
    """Counts in Python and returns a Python number."""
    return sum(int(t == p) for t, p in zip(y_true, y_pred, strict=True)) / len(y_true)


def accuracy__count_nonzero(y_true, y_pred):
    """One minus the share of differences, as a 0-d array in float32."""
    return np.array(1 - np.count_nonzero(y_true - y_pred) / y_true.size, dtype=np.float32)


def accuracy__trace(y_true, y_pred):
    """The trace of the confusion matrix over its sum."""
    size = max(y_true.max(), y_pred.max()) + 1
    counts = np.zeros((size, size))
    np.add.at(counts, (y_true, y_pred), 1)
    return np.trace(counts) / counts.sum()


def precision__counts(y_true, y_pred):
    """tp / (tp + fp) from counts, with an integer 0 for the convention."""
    tp = np.sum((y_true == 1) & (y_pred == 1))
    fp = np.sum((y_true == 0) & (y_pred == 1))
    if tp + fp == 0:
        return 0
    return tp / (tp + fp)


def precision__products(y_true, y_pred):
    """Products of zeros and ones, and a denominator of at least 1."""
    return np.float32(y_true @ y_pred) / np.maximum(np.sum(y_pred), 1)


def precision__counter(y_true, y_pred):
    """A Counter of pairs."""
    pairs = Counter(zip(y_true.tolist(), y_pred.tolist(), strict=True))
    predicted = pairs[1, 1] + pairs[0, 1]
    return float(Fraction(pairs[1, 1], predicted)) if predicted else 0.0


def recall__counts(y_true, y_pred):
    """tp / (tp + fn) from counts, with an integer 0 for the convention."""
    tp = np.sum((y_true == 1) & (y_pred == 1))
    fn = np.sum((y_true == 1) & (y_pred == 0))
    if tp + fn == 0:
        return 0
    return tp / (tp + fn)


def recall__products(y_true, y_pred):
    """Products of zeros and ones, and a denominator of at least 1."""
    return np.float32(y_true @ y_pred) / np.maximum(np.sum(y_true), 1)


def recall__tiny_denominator(y_true, y_pred):
    """A tiny number in the denominator takes care of the zero."""
    tp = float(((y_true == 1) * (y_pred == 1)).sum())
    fn = float(((y_true == 1) * (y_pred != 1)).sum())
    return tp / (tp + fn + 1e-12)


def f1_score__loop_over_classes(y_true, y_pred, average="binary"):
    """Precision and recall class by class, each with its own case for zero; micro from pooled counts."""

    def counts(c):
        tp = fp = fn = 0
        for t, p in zip(y_true.tolist(), y_pred.tolist(), strict=True):
            tp += t == c and p == c
            fp += t != c and p == c
            fn += t == c and p != c
        return tp, fp, fn

    def f1(tp, fp, fn):
        precision = tp / (tp + fp) if tp + fp else 0.0
        recall = tp / (tp + fn) if tp + fn else 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    classes = sorted(set(y_true.tolist()) | set(y_pred.tolist()))
    if average == "binary":
        return f1(*counts(1))
    if average == "macro":
        return sum(f1(*counts(c)) for c in classes) / len(classes)
    if average == "micro":
        return f1(*[sum(column) for column in zip(*map(counts, classes), strict=True)])
    raise ValueError(f"unknown average: {average}")


def f1_score__confusion_matrix(y_true, y_pred, average="binary"):
    """From the confusion matrix; micro as accuracy."""
    size = max(y_true.max(), y_pred.max(), 1) + 1
    counts = np.zeros((size, size))
    np.add.at(counts, (y_true, y_pred), 1)
    occurring = counts.sum(axis=0) + counts.sum(axis=1)
    scores = np.divide(2 * np.diag(counts), occurring, out=np.zeros(size), where=occurring > 0)
    if average == "binary":
        return scores[1]
    if average == "macro":
        return scores[occurring > 0].mean(dtype=np.float32)
    if average == "micro":
        return np.trace(counts) / counts.sum()
    raise ValueError("average")


def roc_curve__definition(y_true, score):
    """Every rate by its definition, threshold by threshold, in Python; a list comes back."""
    thresholds = [float("inf"), *sorted(set(score.tolist()), reverse=True)]
    negatives, positives = score[y_true == 0].tolist(), score[y_true == 1].tolist()
    fpr = [sum(s >= t for s in negatives) / len(negatives) for t in thresholds]
    tpr = [sum(s >= t for s in positives) / len(positives) for t in thresholds]
    return [np.array(fpr), np.array(tpr), np.array(thresholds)]


def roc_curve__searchsorted(y_true, score):
    """Counts with binary search in the sorted scores of each class, in float32."""
    thresholds = np.append(np.inf, np.unique(score)[::-1])
    rates = []
    for label in (0, 1):
        of_class = np.sort(score[y_true == label])
        rates.append(1 - np.searchsorted(of_class, thresholds) / np.float32(of_class.size))
    return rates[0].astype(np.float32), rates[1].astype(np.float32), thresholds


def roc_curve__histogram(y_true, score):
    """Counts of each class at each different score, added up from the top."""
    levels, level = np.unique(score, return_inverse=True)
    rates = []
    for label in (0, 1):
        counts = np.bincount(level.ravel()[y_true == label], minlength=levels.size)[::-1]
        rates.append(np.concatenate([[0.0], np.cumsum(counts) / counts.sum()]))
    return rates[0], rates[1], np.concatenate([[np.inf], levels[::-1]])


def auc__loop(x, y):
    """One trapezoid after the other, in Python."""
    area = 0.0
    for i in range(1, len(x)):
        area += (float(x[i]) - float(x[i - 1])) * (float(y[i]) + float(y[i - 1])) * 0.5
    return area


def auc__dot_product_in_float32(x, y):
    """A dot product of widths and mean heights in float32."""
    x, y = x.astype(np.float32), y.astype(np.float32)
    return np.dot(x[1:] - x[:-1], (y[1:] + y[:-1]) * np.float32(0.5))


def auc__mean_of_two_sums(x, y):
    """The mean of the left and the right Riemann sum, as a 0-d array."""
    width = np.ediff1d(x)
    return np.array(((width * y[:-1]).sum() + (width * y[1:]).sum()) / 2)


def roc_auc__pairs(y_true, score):
    """Compares every pair in Python."""
    wins = _pair_wins(y_true, score)
    return sum(wins) / (2 * len(wins))


def roc_auc__mean_ranks(y_true, score):
    """The Mann-Whitney statistic, from ranks that are averaged over ties."""
    positives, negatives = np.sum(y_true == 1), np.sum(y_true == 0)
    if positives * negatives == 0:
        raise ValueError("y_true must hold both classes")
    in_order = np.sort(score)
    rank = (np.searchsorted(in_order, score, "left") + np.searchsorted(in_order, score, "right") + 1) / 2
    statistic = rank[y_true == 1].sum() - positives * (positives + 1) / 2
    return statistic / (positives * negatives)


def roc_auc__signs(y_true, score):
    """The mean sign of all differences, moved from [-1, 1] to [0, 1], in float32."""
    if y_true.min() == y_true.max():
        raise ValueError("y_true must hold both classes")
    differences = np.subtract.outer(score[y_true == 1], score[y_true == 0])
    return np.float32(0.5) + np.sign(differences).mean(dtype=np.float32) / 2
