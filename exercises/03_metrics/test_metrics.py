"""Examples of what the functions of this topic do, small enough to check by hand."""

import numpy as np
import pytest


def test_confusion_matrix_has_a_row_for_each_true_class(confusion_matrix):
    """Row = true class, column = predicted class; equal pairs add up."""
    y_true = np.array([0, 0, 0, 1, 1, 2])
    y_pred = np.array([0, 1, 1, 1, 0, 2])
    np.testing.assert_array_equal(confusion_matrix(y_true, y_pred, 3), [[1, 2, 0], [1, 1, 0], [0, 0, 1]])


def test_confusion_matrix_keeps_a_class_that_does_not_occur(confusion_matrix):
    """The matrix is num_classes x num_classes; a class without examples has zeros."""
    expected = [[1, 0, 1], [0, 0, 0], [0, 0, 0]]
    np.testing.assert_array_equal(confusion_matrix(np.array([0, 0]), np.array([2, 0]), num_classes=3), expected)


def test_accuracy_is_the_share_of_right_answers(accuracy):
    """Three of five classes are right; how far off the others are does not matter."""
    np.testing.assert_allclose(accuracy(np.array([0, 1, 2, 3, 3]), np.array([0, 1, 2, 0, 9])), 0.6)


def test_accuracy_counts_true_negatives(accuracy):
    """Saying "negative" every time is right for every negative example."""
    np.testing.assert_allclose(accuracy(np.array([0, 0, 0, 1]), np.array([0, 0, 0, 0])), 0.75)


def test_precision_looks_at_the_positive_predictions(precision):
    """Three predictions are positive, and two of them are right."""
    y_true = np.array([1, 1, 0, 1, 1, 0])
    y_pred = np.array([1, 1, 1, 0, 0, 0])
    np.testing.assert_allclose(precision(y_true, y_pred), 2 / 3)


def test_precision_of_no_positive_prediction_is_zero(precision):
    """When nothing is predicted positive the value is 0.0 by convention."""
    np.testing.assert_allclose(precision(np.array([1, 0, 1]), np.array([0, 0, 0])), 0.0)


def test_recall_looks_at_the_positive_examples(recall):
    """Four examples are positive, and two of them were found."""
    y_true = np.array([1, 1, 0, 1, 1, 0])
    y_pred = np.array([1, 1, 1, 0, 0, 0])
    np.testing.assert_allclose(recall(y_true, y_pred), 0.5)


def test_recall_without_positive_examples_is_zero(recall):
    """When there is nothing to find the value is 0.0 by convention."""
    np.testing.assert_allclose(recall(np.array([0, 0, 0]), np.array([1, 0, 0])), 0.0)


def test_f1_score_is_the_harmonic_mean(f1_score):
    """Precision 2/3 and recall 1/2: tp = 2, fp = 1, fn = 2, so F1 = 4 / (4 + 1 + 2)."""
    y_true = np.array([1, 1, 0, 1, 1, 0])
    y_pred = np.array([1, 1, 1, 0, 0, 0])
    np.testing.assert_allclose(f1_score(y_true, y_pred), 4 / 7)


def test_f1_score_macro_averages_the_classes(f1_score):
    """F1 is 4/5 for class 0, 0 for class 1, which was only predicted, and 1 for class 2."""
    y_true = np.array([0, 0, 0, 2])
    y_pred = np.array([0, 0, 1, 2])
    np.testing.assert_allclose(f1_score(y_true, y_pred, average="macro"), (4 / 5 + 0 + 1) / 3)


def test_f1_score_micro_pools_the_counts(f1_score):
    """Over all classes tp = 3, fp = 1, fn = 1: F1 = 6 / 8, which is the accuracy."""
    y_true = np.array([0, 0, 0, 2])
    y_pred = np.array([0, 0, 1, 2])
    np.testing.assert_allclose(f1_score(y_true, y_pred, average="micro"), 0.75)


def test_f1_score_refuses_another_average(f1_score):
    """An average that is none of the three raises ValueError."""
    with pytest.raises(ValueError):
        f1_score(np.array([0, 1]), np.array([0, 1]), average="median")


def test_roc_curve_lowers_the_threshold_score_by_score(roc_curve):
    """In decreasing order of the score the classes are 1, 0, 1, 0: up, right, up, right."""
    fpr, tpr, thresholds = roc_curve(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))
    np.testing.assert_allclose(fpr, [0.0, 0.0, 0.5, 0.5, 1.0])
    np.testing.assert_allclose(tpr, [0.0, 0.5, 0.5, 1.0, 1.0])
    np.testing.assert_allclose(thresholds, [np.inf, 0.8, 0.4, 0.35, 0.1])


def test_roc_curve_moves_equal_scores_together(roc_curve):
    """One positive and one negative example share the score 2: they make one diagonal step."""
    fpr, tpr, thresholds = roc_curve(np.array([1, 0, 1, 0]), np.array([3.0, 2.0, 2.0, -1.0]))
    np.testing.assert_allclose(fpr, [0.0, 0.0, 0.5, 1.0])
    np.testing.assert_allclose(tpr, [0.0, 0.5, 1.0, 1.0])
    np.testing.assert_allclose(thresholds, [np.inf, 3.0, 2.0, -1.0])


def test_auc_adds_up_trapezoids(auc):
    """A trapezoid of width 1 and mean height 2, and one of width 3 and mean height 4: 2 + 12."""
    np.testing.assert_allclose(auc(np.array([0.0, 1.0, 4.0]), np.array([1.0, 3.0, 5.0])), 14.0)


def test_auc_of_a_step_up(auc):
    """Height 0 up to x = 1, then height 2 up to x = 4: the step itself has no width."""
    np.testing.assert_allclose(auc(np.array([0.0, 1.0, 1.0, 4.0]), np.array([0.0, 0.0, 2.0, 2.0])), 6.0)


def test_roc_auc_is_the_share_of_pairs_in_the_right_order(roc_auc):
    """Of the four pairs of a positive and a negative example, three have the positive on top."""
    np.testing.assert_allclose(roc_auc(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])), 0.75)


def test_roc_auc_counts_a_tie_as_one_half(roc_auc):
    """Two pairs: one in the right order, one with equal scores."""
    np.testing.assert_allclose(roc_auc(np.array([1, 0, 0]), np.array([5.0, 5.0, -2.0])), 0.75)


def test_roc_auc_needs_both_classes(roc_auc):
    """With a single class there is no pair to compare: ValueError."""
    with pytest.raises(ValueError):
        roc_auc(np.array([1, 1, 1]), np.array([0.2, 0.7, 0.5]))
