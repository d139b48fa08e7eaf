"""Hidden tests of the metrics. The oracle is scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics

from autograder.suite.assertions import assert_close, assert_equal, assert_unchanged, unpack


def _shuffled(rng, *arrays):
    """The arrays in one common random order."""
    order = rng.permutation(len(arrays[0]))
    return [array[order] for array in arrays]


def _two_classes(rng, tp, fp, fn, tn):
    """True and predicted classes with so many true positives, false positives, false negatives, true negatives."""
    cells = [tp, fp, fn, tn]
    return _shuffled(rng, np.repeat([1, 0, 1, 0], cells), np.repeat([1, 1, 0, 0], cells))


def _four_classes(rng):
    """True and predicted classes with a lopsided confusion matrix: no two of the usual averages are close."""
    counts = [[30, 2, 9, 0], [11, 4, 1, 6], [3, 17, 8, 2], [5, 0, 13, 21]] + rng.integers(0, 3, size=(4, 4))
    i, j = np.indices(counts.shape)
    return _shuffled(rng, np.repeat(i, counts.ravel()), np.repeat(j, counts.ravel()))


def _distinct_scores(rng, positives, negatives):
    """Classes and scores such as logits, no two of them equal or close; the positives tend to be higher."""
    n = positives + negatives
    scores = (np.arange(n) + rng.uniform(-0.2, 0.2, size=n)) * 0.6 - 5.0
    y_true = np.zeros(n, dtype=int)
    y_true[0] = y_true[n - 2] = 1
    y_true[rng.choice(np.arange(n // 3, n - 2), size=positives - 2, replace=False)] = 1
    return _shuffled(rng, y_true, scores)


def _tied_scores(rng):
    """Classes and scores of five levels, each with several positives and several negatives."""
    levels = np.array([-3.5, -1.0, 0.25, 0.75, 4.0])
    negatives = np.array([9, 6, 5, 3, 2]) + rng.integers(0, 3, size=5)
    positives = np.array([2, 2, 4, 3, 8]) + rng.integers(0, 3, size=5)
    scores = np.concatenate([np.repeat(levels, negatives), np.repeat(levels, positives)])
    return _shuffled(rng, np.repeat([0, 1], [negatives.sum(), positives.sum()]), scores)


def _assert_points(answer, y_true, score):
    """The answer's fpr and tpr are the points of scikit-learn's curve; the thresholds have a test of their own."""
    fpr, tpr, _ = unpack(answer, "fpr", "tpr", "thresholds")
    expected_fpr, expected_tpr, _ = metrics.roc_curve(y_true, score, drop_intermediate=False)
    assert_close(fpr, expected_fpr)
    assert_close(tpr, expected_tpr)


# confusion_matrix


@pytest.mark.points(3)
def test_confusion_matrix_counts_every_pair_of_classes(confusion_matrix, rng):
    """confusion_matrix counts how often each true class (row) was predicted as each class (column)."""
    y_true, y_pred = _four_classes(rng)
    assert_close(confusion_matrix(y_true, y_pred, 4), metrics.confusion_matrix(y_true, y_pred))


def test_confusion_matrix_has_the_true_class_in_the_row(confusion_matrix, rng):
    """An example of class i that was predicted as class j is counted in row i and column j."""
    n = int(rng.integers(3, 8))
    expected = np.zeros((3, 3))
    expected[2, 0] = n
    assert_close(confusion_matrix(np.full(n, 2), np.full(n, 0), 3), expected)


@pytest.mark.points(2)
def test_confusion_matrix_has_room_for_absent_classes(confusion_matrix, rng):
    """The matrix has num_classes rows and columns, also when some classes do not occur in the data."""
    y_true, y_pred = _two_classes(rng, tp=5, fp=2, fn=3, tn=4)
    y_true, y_pred = 1 + 2 * y_true, 1 + 2 * y_pred
    expected = metrics.confusion_matrix(y_true, y_pred, labels=range(6))
    assert_close(confusion_matrix(y_true, y_pred, num_classes=6), expected)


def test_confusion_matrix_of_one_example(confusion_matrix):
    """One example makes one count."""
    assert_close(confusion_matrix(np.array([1]), np.array([1]), 2), [[0, 0], [0, 1]])


def test_confusion_matrix_holds_integers(confusion_matrix, rng):
    """The entries are counts: the matrix has an integer dtype."""
    y_true, y_pred = _four_classes(rng)
    assert_equal(confusion_matrix(y_true, y_pred, 4), metrics.confusion_matrix(y_true, y_pred))


def test_confusion_matrix_leaves_its_arguments_alone(confusion_matrix, rng):
    """confusion_matrix does not change y_true or y_pred."""
    y_true, y_pred = _four_classes(rng)
    assert_unchanged(confusion_matrix, y_true, y_pred, 4)


# accuracy


@pytest.mark.points(2)
def test_accuracy_with_several_classes(accuracy, rng):
    """accuracy is the share of examples whose class was predicted correctly, whatever the number of classes."""
    y_true, y_pred = _four_classes(rng)
    assert_close(accuracy(y_true, y_pred), metrics.accuracy_score(y_true, y_pred))


def test_accuracy_with_two_classes(accuracy, rng):
    """A negative example that was predicted negative is a right answer too."""
    tp, fp, fn, tn = rng.integers([4, 10, 3, 30], [8, 14, 6, 40])
    y_true, y_pred = _two_classes(rng, tp, fp, fn, tn)
    assert_close(accuracy(y_true, y_pred), (tp + tn) / (tp + fp + fn + tn))


def test_accuracy_does_not_weigh_classes(accuracy, rng):
    """Every example counts the same: predicting only the common class is right as often as that class occurs."""
    rare = int(rng.integers(2, 6))
    y_true = rng.permutation(np.repeat([0, 1, 2], [50, rare, 4]))
    assert_close(accuracy(y_true, np.zeros_like(y_true)), 50 / (54 + rare))


def test_accuracy_treats_classes_as_names(accuracy, rng):
    """A wrong class is wrong, no matter how far its number is from the true one."""
    y_true = rng.integers(0, 10, size=15)
    y_pred = y_true.copy()
    y_pred[:6] = (y_true[:6] + 5) % 10
    assert_close(accuracy(y_true, y_pred), 9 / 15)


def test_accuracy_of_all_right_and_all_wrong(accuracy, rng):
    """accuracy is one when every class is right and zero when every class is wrong."""
    y_true = rng.integers(0, 3, size=7)
    assert_close(accuracy(y_true, y_true.copy()), 1.0)
    assert_close(accuracy(y_true, (y_true + 1) % 3), 0.0)
    assert_close(accuracy(y_true[:1], y_true[:1].copy()), 1.0)


def test_accuracy_leaves_its_arguments_alone(accuracy, rng):
    """accuracy does not change y_true or y_pred."""
    assert_unchanged(accuracy, *_four_classes(rng))


# precision


@pytest.mark.points(3)
def test_precision_is_the_share_of_right_positive_predictions(precision, rng):
    """precision is the share of the positive predictions that are right."""
    tp, fp, fn, tn = rng.integers([12, 3, 25, 40], [20, 6, 35, 60])
    y_true, y_pred = _two_classes(rng, tp, fp, fn, tn)
    assert_close(precision(y_true, y_pred), metrics.precision_score(y_true, y_pred))


def test_precision_ignores_true_negatives(precision, rng):
    """More true negatives do not change precision."""
    tp, fp = rng.integers([2, 6], [5, 9])
    for tn in (5, 300):
        assert_close(precision(*_two_classes(rng, tp, fp, 1, tn)), tp / (tp + fp))


def test_precision_is_zero_when_nothing_is_predicted_positive(precision, rng):
    """When no example is predicted positive, precision is 0.0."""
    assert_close(precision(*_two_classes(rng, tp=0, fp=0, fn=5, tn=8)), 0.0)
    assert_close(precision(*_two_classes(rng, tp=0, fp=0, fn=0, tn=6)), 0.0)


def test_precision_is_zero_when_every_positive_prediction_is_wrong(precision, rng):
    """When every positive prediction is wrong, precision is zero."""
    assert_close(precision(*_two_classes(rng, tp=0, fp=4, fn=3, tn=9)), 0.0)


def test_precision_when_everything_is_predicted_positive(precision, rng):
    """When everything is predicted positive, precision is the share of positives in the data."""
    positives = int(rng.integers(2, 6))
    assert_close(precision(*_two_classes(rng, tp=positives, fp=17, fn=0, tn=0)), positives / (positives + 17))


def test_precision_is_one_without_false_positives(precision, rng):
    """When every positive prediction is right, precision is one, however many positives were missed."""
    assert_close(precision(*_two_classes(rng, tp=2, fp=0, fn=7, tn=4)), 1.0)
    assert_close(precision(np.array([1]), np.array([1])), 1.0)


def test_precision_leaves_its_arguments_alone(precision, rng):
    """precision does not change y_true or y_pred."""
    assert_unchanged(precision, *_two_classes(rng, tp=3, fp=4, fn=5, tn=6))


# recall


@pytest.mark.points(3)
def test_recall_is_the_share_of_positives_found(recall, rng):
    """recall is the share of the positive examples that were predicted positive."""
    tp, fp, fn, tn = rng.integers([12, 3, 25, 40], [20, 6, 35, 60])
    y_true, y_pred = _two_classes(rng, tp, fp, fn, tn)
    assert_close(recall(y_true, y_pred), metrics.recall_score(y_true, y_pred))


def test_recall_ignores_the_negatives(recall, rng):
    """Neither true negatives nor false positives change recall."""
    tp, fn = rng.integers([2, 6], [5, 9])
    for fp, tn in ((1, 5), (1, 300), (90, 5)):
        assert_close(recall(*_two_classes(rng, tp, fp, fn, tn)), tp / (tp + fn))


def test_recall_is_zero_without_positive_examples(recall, rng):
    """When no example is positive, recall is 0.0."""
    assert_close(recall(*_two_classes(rng, tp=0, fp=5, fn=0, tn=8)), 0.0)
    assert_close(recall(*_two_classes(rng, tp=0, fp=0, fn=0, tn=6)), 0.0)


def test_recall_is_zero_when_no_positive_is_found(recall, rng):
    """When every positive example was missed, recall is zero."""
    assert_close(recall(*_two_classes(rng, tp=0, fp=4, fn=3, tn=9)), 0.0)


def test_recall_is_one_without_false_negatives(recall, rng):
    """When every positive example was found, recall is one, however many negatives were called positive."""
    assert_close(recall(*_two_classes(rng, tp=3, fp=17, fn=0, tn=2)), 1.0)
    assert_close(recall(np.array([1]), np.array([1])), 1.0)


def test_recall_leaves_its_arguments_alone(recall, rng):
    """recall does not change y_true or y_pred."""
    assert_unchanged(recall, *_two_classes(rng, tp=3, fp=4, fn=5, tn=6))


# f1_score


@pytest.mark.points(2)
def test_f1_score_is_the_harmonic_mean_for_two_classes(f1_score, rng):
    """With average="binary", the default, F1 is the harmonic mean of the precision and recall of class 1."""
    tp, fp, fn, tn = rng.integers([5, 1, 15, 40], [10, 3, 26, 60])
    y_true, y_pred = _two_classes(rng, tp, fp, fn, tn)
    expected = metrics.f1_score(y_true, y_pred)
    assert_close(f1_score(y_true, y_pred), expected)
    assert_close(f1_score(y_true, y_pred, "binary"), expected)


def test_f1_score_is_zero_when_it_is_undefined(f1_score, rng):
    """F1 is 0.0 without any true positive, also when no example is positive and none is predicted positive."""
    assert_close(f1_score(*_two_classes(rng, tp=0, fp=4, fn=3, tn=5)), 0.0)
    assert_close(f1_score(*_two_classes(rng, tp=0, fp=0, fn=3, tn=5)), 0.0)
    assert_close(f1_score(*_two_classes(rng, tp=0, fp=0, fn=0, tn=5)), 0.0)


@pytest.mark.points(2)
def test_f1_score_macro_is_the_mean_over_classes(f1_score, rng):
    """With average="macro", F1 is the plain mean of the F1 scores of the classes."""
    y_true, y_pred = _four_classes(rng)
    assert_close(f1_score(y_true, y_pred, average="macro"), metrics.f1_score(y_true, y_pred, average="macro"))


def test_f1_score_macro_averages_the_classes_that_occur(f1_score, rng):
    """The macro average is over the classes that occur among the true or the predicted ones, and over no others."""
    y_true, y_pred = _two_classes(rng, tp=7, fp=2, fn=3, tn=9)
    y_true, y_pred = np.append(2 * y_true, [2, 0, 4]), np.append(2 * y_pred, [5, 5, 0])  # 1 and 3 are absent
    expected = metrics.f1_score(y_true, y_pred, average="macro", zero_division=0)
    assert_close(f1_score(y_true, y_pred, average="macro"), expected)


@pytest.mark.points(2)
def test_f1_score_micro_pools_the_counts(f1_score, rng):
    """With average="micro", F1 comes from the counts of all classes added up."""
    y_true, y_pred = _four_classes(rng)
    assert_close(f1_score(y_true, y_pred, average="micro"), metrics.f1_score(y_true, y_pred, average="micro"))


def test_f1_score_averages_both_of_two_classes(f1_score, rng):
    """With two classes, "macro" and "micro" let class 0 take its turn as the positive class as well."""
    y_true, y_pred = _two_classes(rng, tp=4, fp=6, fn=3, tn=40)
    for average in ("macro", "micro"):
        assert_close(f1_score(y_true, y_pred, average=average), metrics.f1_score(y_true, y_pred, average=average))


def test_f1_score_raises_for_another_average(f1_score, rng):
    """An average other than "binary", "macro" and "micro" raises ValueError."""
    y_true, y_pred = _two_classes(rng, tp=4, fp=6, fn=3, tn=5)
    with pytest.raises(ValueError):
        f1_score(y_true, y_pred, average="harmonic")
    with pytest.raises(ValueError):
        f1_score(y_true, y_pred, average="weighted")


def test_f1_score_leaves_its_arguments_alone(f1_score, rng):
    """f1_score does not change y_true or y_pred."""
    assert_unchanged(f1_score, *_four_classes(rng), average="macro")


# roc_curve


@pytest.mark.points(3)
def test_roc_curve_has_a_point_for_every_score(roc_curve, rng):
    """The curve starts at (0, 0), and each threshold gives the rates of the rule "positive if score >= threshold"."""
    y_true, score = _distinct_scores(rng, positives=9, negatives=14)
    _assert_points(roc_curve(y_true, score), y_true, score)


@pytest.mark.points(2)
def test_roc_curve_moves_equal_scores_together(roc_curve, rng):
    """Examples with equal scores cross the threshold together and make one point."""
    y_true, score = _tied_scores(rng)
    _assert_points(roc_curve(y_true, score), y_true, score)


def test_roc_curve_returns_infinity_and_the_scores_as_thresholds(roc_curve, rng):
    """The thresholds are infinity and then every different score, from the highest to the lowest."""
    y_true, score = _tied_scores(rng)
    _, _, thresholds = unpack(roc_curve(y_true, score), "fpr", "tpr", "thresholds")
    expected = np.append(np.inf, np.unique(score)[::-1])
    assert_close(thresholds, expected)
    assert_equal(np.asarray(thresholds) == np.inf, expected == np.inf)  # next to infinity any difference is small


def test_roc_curve_keeps_points_on_a_straight_line(roc_curve, rng):
    """Points in the middle of a straight piece of the curve are kept."""
    y_true, score = _shuffled(rng, np.array([0, 0, 0, 0, 1, 1, 1]), np.linspace(0.1, 0.9, 7))
    _assert_points(roc_curve(y_true, score), y_true, score)


def test_roc_curve_takes_scores_of_any_size(roc_curve, rng):
    """Scores are any finite numbers: very large and very negative ones beside ordinary ones."""
    y_true, score = _distinct_scores(rng, positives=6, negatives=11)
    score = score + 20.0
    score[:5] = [-1e4, 1e4, -1e3, 1e3, 1e3 + 5]
    _assert_points(roc_curve(y_true, score), y_true, score)


def test_roc_curve_of_one_score(roc_curve, rng):
    """When all scores are equal, the curve has two points."""
    y_true = rng.permutation([0, 0, 0, 1, 1])
    score = np.full(5, rng.uniform(0.2, 0.8))
    _assert_points(roc_curve(y_true, score), y_true, score)


def test_roc_curve_takes_float32_views(roc_curve, rng):
    """Scores may be float32, and arrays may be views such as columns of a matrix."""
    y_true, score = _tied_scores(rng)
    table = np.stack([score, -score], axis=1).astype(np.float32)
    _assert_points(roc_curve(y_true[::-1], table[::-1, 0]), y_true, score)


def test_roc_curve_leaves_its_arguments_alone(roc_curve):
    """roc_curve does not change y_true or score: it sorts copies."""
    assert_unchanged(roc_curve, np.array([0, 1, 0, 1, 1]), np.array([0.3, 0.9, 0.1, 0.7, 0.5]))


# auc


@pytest.mark.points(3)
def test_auc_adds_up_trapezoids(auc, rng):
    """auc adds up the trapezoids between neighbouring points, each as wide as the step in x."""
    x = np.cumsum(rng.uniform([0.1, 2.0, 0.4, 5.0, 0.2, 1.0], [0.2, 3.0, 0.6, 6.0, 0.3, 1.5]))
    y = np.cumsum(rng.uniform(1.0, 2.0, size=6))
    assert_close(auc(x, y), metrics.auc(x, y))


@pytest.mark.points(2)
def test_auc_handles_steps_straight_up(auc, rng):
    """Where x repeats, the step has no width, but both of its ends are corners of the curve."""
    x = np.array([0.0, 0.0, 0.3, 0.3, 0.3, 0.8, 0.8, 1.0])
    y = np.cumsum(rng.uniform(0.5, 1.0, size=8))
    assert_close(auc(x, y), metrics.auc(x, y))


def test_auc_counts_area_below_the_axis_as_negative(auc, rng):
    """Where y is negative, the area counts as negative."""
    x = np.cumsum(rng.uniform(0.5, 2.0, size=5))
    y = np.array([1.0, -4.0, -6.0, -3.0, 0.5]) * rng.uniform(1.0, 2.0)
    assert_close(auc(x, y), metrics.auc(x, y))


def test_auc_depends_on_widths_only(auc, rng):
    """x may start and end anywhere: moving the curve sideways does not change the area."""
    x, y = np.cumsum(rng.uniform(1.0, 3.0, size=7)), rng.uniform(2.0, 5.0, size=7)
    for shift in (-40.0, 25.0):
        assert_close(auc(x=x + shift, y=y), metrics.auc(x, y))


def test_auc_of_two_points(auc, rng):
    """Two points make one trapezoid."""
    width, left, right = rng.uniform([2.0, 1.0, 5.0], [4.0, 2.0, 8.0])
    assert_close(auc(np.array([3.0, 3.0 + width]), np.array([left, right])), width * (left + right) / 2)


def test_auc_of_integers(auc):
    """Integer coordinates give an area that need not be an integer."""
    assert_close(auc(np.array([0, 1, 4]), np.array([0, 3, 4])), 12.0)
    assert_close(auc(np.array([1, 2, 4]), np.array([2, 1, 2])), 4.5)


def test_auc_takes_float32_views(auc, rng):
    """The coordinates may be float32, and views such as columns of a matrix."""
    table = np.cumsum(rng.uniform(0.5, 1.5, size=(9, 2)), axis=0).astype(np.float32)
    table[:, 1] += np.arange(9) ** 2
    assert_close(auc(table[::2, 0], table[::2, 1]), metrics.auc(*table[::2].astype(np.float64).T))


def test_auc_leaves_its_arguments_alone(auc, rng):
    """auc does not change x or y."""
    assert_unchanged(auc, np.cumsum(rng.uniform(1.0, 3.0, size=7)), rng.uniform(2.0, 5.0, size=7))


# roc_auc


@pytest.mark.points(3)
def test_roc_auc_is_the_share_of_pairs_in_order(roc_auc, rng):
    """roc_auc is the share of pairs of a positive and a negative example in which the positive scores higher."""
    y_true, score = _distinct_scores(rng, positives=8, negatives=23)
    assert_close(roc_auc(y_true, score), metrics.roc_auc_score(y_true, score))


@pytest.mark.points(2)
def test_roc_auc_counts_ties_one_half(roc_auc, rng):
    """A pair with equal scores counts one half."""
    y_true, score = _tied_scores(rng)
    assert_close(roc_auc(y_true, score), metrics.roc_auc_score(y_true, score))


def test_roc_auc_of_one_score(roc_auc):
    """When all scores are equal, roc_auc is one half, whatever the order of the examples."""
    assert_close(roc_auc(np.array([1, 1, 0, 0, 0]), np.full(5, 0.3)), 0.5)
    assert_close(roc_auc(np.array([0, 0, 0, 1, 1]), np.full(5, 0.3)), 0.5)


def test_roc_auc_of_a_ranking_upside_down(roc_auc, rng):
    """A ranking worse than guessing has an area below one half, down to zero."""
    y_true, score = _distinct_scores(rng, positives=7, negatives=13)
    assert_close(roc_auc(y_true, -score), metrics.roc_auc_score(y_true, -score))
    assert_close(roc_auc(np.array([1, 0, 0, 1]), np.array([0.2, 0.6, 0.9, 0.4])), 0.0)


def test_roc_auc_depends_on_the_order_only(roc_auc, rng):
    """Only the order of the scores matters: very large ones, or all of them below zero, are scores like any other."""
    y_true, score = _distinct_scores(rng, positives=10, negatives=6)
    expected = metrics.roc_auc_score(y_true, score)
    assert_close(roc_auc(y_true, score - 100.0), expected)
    above = score - np.median(score)
    assert_close(roc_auc(y_true, np.where(above > 0, 2e3, 1.0) * above), expected)


def test_roc_auc_of_a_perfect_ranking(roc_auc, rng):
    """When every positive scores higher than every negative, roc_auc is one."""
    y_true, score = _shuffled(rng, np.array([0, 0, 0, 0, 1, 1]), np.linspace(0.05, 0.4, 6))
    assert_close(roc_auc(y_true, score), 1.0)
    assert_close(roc_auc(np.array([0, 1]), np.array([-2.0, 3.0])), 1.0)


def test_roc_auc_raises_with_a_single_class(roc_auc, rng):
    """When y_true holds a single class, roc_auc raises ValueError."""
    score = rng.uniform(size=6)
    with pytest.raises(ValueError):
        roc_auc(np.ones(6, dtype=int), score)
    with pytest.raises(ValueError):
        roc_auc(np.zeros(6, dtype=int), score)


def test_roc_auc_takes_float32_views(roc_auc, rng):
    """Scores may be float32, and arrays may be views such as columns of a matrix."""
    y_true, score = _tied_scores(rng)
    table = np.stack([score, -score], axis=1).astype(np.float32)
    assert_close(roc_auc(y_true[::-1], table[::-1, 0]), metrics.roc_auc_score(y_true, score))


def test_roc_auc_leaves_its_arguments_alone(roc_auc):
    """roc_auc does not change y_true or score: it sorts copies."""
    assert_unchanged(roc_auc, np.array([0, 1, 0, 1, 1]), np.array([0.3, 0.9, 0.1, 0.7, 0.5]))
