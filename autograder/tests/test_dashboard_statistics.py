"""Item analysis against numbers worked out by hand, and against a second formula for the same."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograder.dashboard import statistics

#: Four learners, three exercises: whoever solves one solves every easier one. By hand: the variances of the items are 1/4, 1/3
#: and 1/4, that of the totals 3, 2, 1, 0 is 5/3.
SCALE = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=float)


def test_alpha_by_hand() -> None:
    assert statistics.cronbach_alpha(SCALE) == pytest.approx(3 / 2 * (1 - (5 / 6) / (5 / 3)))


def test_alpha_is_the_mean_covariance_formula() -> None:
    scores = np.random.default_rng(3).random((50, 7)) + np.random.default_rng(4).random((50, 1))
    covariance = np.cov(scores, rowvar=False)
    mean_variance = np.diag(covariance).mean()
    mean_covariance = covariance[~np.eye(7, dtype=bool)].mean()
    expected = 7 * mean_covariance / (mean_variance + 6 * mean_covariance)
    assert statistics.cronbach_alpha(scores) == pytest.approx(expected)
    without_third = statistics.cronbach_alpha(scores[:, [0, 1, 3, 4, 5, 6]])
    assert statistics.alpha_if_deleted(scores)[2] == pytest.approx(without_third)


def test_alpha_is_1_for_copies_and_undefined_for_one_item_or_equal_totals() -> None:
    copies = np.repeat(np.array([[0.1], [0.5], [0.9]]), 4, axis=1)
    assert statistics.cronbach_alpha(copies) == pytest.approx(1)
    assert statistics.standard_error_of_measurement(copies) == pytest.approx(0, abs=1e-7)
    assert math.isnan(statistics.cronbach_alpha(SCALE[:, :1]))
    assert math.isnan(statistics.cronbach_alpha(np.ones((5, 3))))


def test_measurement_error_by_hand() -> None:
    assert statistics.standard_error_of_measurement(SCALE) == pytest.approx(math.sqrt(5 / 3) * math.sqrt(1 / 4))


def test_discrimination_leaves_the_item_out_of_the_total() -> None:
    correlation = statistics.discrimination(SCALE, 1)  # (1, 1, 0, 0) with (2, 1, 1, 0)
    assert correlation is not None
    assert correlation[0] == pytest.approx(1 / math.sqrt(2))


def test_discrimination_has_fishers_interval() -> None:
    scores = np.random.default_rng(5).random((40, 4))
    found = statistics.discrimination(scores, 0)
    assert found is not None
    z, half = math.atanh(found[0]), 1.959964 / math.sqrt(40 - 3)
    assert found[1] == pytest.approx((math.tanh(z - half), math.tanh(z + half)))


def test_there_is_no_discrimination_where_all_are_the_same() -> None:
    scores = SCALE.copy()
    scores[:, 0] = 1
    assert statistics.discrimination(scores, 0) is None


def test_upper_lower_difference_takes_27_percent_at_either_end() -> None:
    item = np.array([0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1], dtype=float)  # 27 percent of 11 are 3
    scores = np.column_stack([item, np.arange(11) / 2])
    order = np.argsort(scores.sum(axis=1))
    assert list(order[:3]) == [0, 1, 3]
    assert list(order[-3:]) == [7, 9, 10]
    assert statistics.upper_lower_difference(scores, 0) == pytest.approx(1.0)


def test_share_interval_is_wilsons() -> None:
    assert statistics.share_interval(1, 10) == pytest.approx((0.017876, 0.404150), abs=1e-6)
    assert statistics.share_interval(0, 10)[0] == 0
