"""Hidden tests of forecasting. The oracles are slow loops, NumPy on all the data at once, and scikit-learn."""

import numpy as np
import pytest
from sklearn.model_selection import TimeSeriesSplit

from autograder.suite.assertions import assert_close, assert_equal, assert_unchanged, unpack


def _series(rng, length):
    """Positive values, no two of them close, in random order."""
    return rng.permutation(np.arange(1.0, length + 1)) + rng.uniform(0.0, 0.5, length)


def _every_third(values):
    """The values as float32, in an array that is not contiguous."""
    table = np.zeros((len(values), 3), np.float32)
    table[:, 1] = values
    return table[:, 1]


# sliding_windows


def _assert_windows(answer, series, window, horizon, rows):
    inputs, targets = unpack(answer, "inputs", "targets")
    assert_close(inputs, [[series[row + step] for step in range(window)] for row in range(rows)])
    assert_close(targets, [[series[row + window + step] for step in range(horizon)] for row in range(rows)])


@pytest.mark.points(2)
def test_sliding_windows_makes_an_input_for_every_place(sliding_windows, rng):
    """Row i of the inputs is the window that starts at value i, for every place where the window and its target fit."""
    series = _series(rng, 13)
    inputs, _ = unpack(sliding_windows(series, 4, 3), "inputs", "targets")
    assert_close(inputs, [[series[row + step] for step in range(4)] for row in range(7)])


@pytest.mark.points(2)
def test_sliding_windows_puts_the_target_right_after_its_input(sliding_windows, rng):
    """Row i of the targets holds the values that follow directly after window i, in order of time."""
    series = _series(rng, 13)
    _, targets = unpack(sliding_windows(series, window=4, horizon=3), "inputs", "targets")
    assert_close(targets, [[series[row + 4 + step] for step in range(3)] for row in range(7)])


def test_sliding_windows_with_a_horizon_of_one(sliding_windows, rng):
    """With a horizon of one step, the targets are an array with one column."""
    series = _series(rng, 11)
    _assert_windows(sliding_windows(series, 3, 1), series, 3, 1, rows=8)


def test_sliding_windows_with_a_window_of_one(sliding_windows, rng):
    """The window may be a single value, and shorter than the horizon."""
    series = _series(rng, 9)
    _assert_windows(sliding_windows(series, 1, 4), series, 1, 4, rows=5)


def test_sliding_windows_of_a_series_that_just_fits(sliding_windows, rng):
    """A series exactly as long as a window and its horizon makes one pair."""
    series = _series(rng, 8)
    _assert_windows(sliding_windows(series, 3, 5), series, 3, 5, rows=1)


def test_sliding_windows_raises_for_a_short_series(sliding_windows, rng):
    """A series too short for a window and its horizon raises ValueError."""
    for length in (7, 5, 2):
        with pytest.raises(ValueError):
            sliding_windows(_series(rng, length), 5, 3)


def test_sliding_windows_takes_float32_views(sliding_windows, rng):
    """The series may be float32, and a view such as a column of a table."""
    series = _every_third(_series(rng, 10))
    _assert_windows(sliding_windows(series, 2, 3), series, 2, 3, rows=6)


def test_sliding_windows_leaves_its_argument_alone(sliding_windows, rng):
    """sliding_windows does not change the series."""
    series = _series(rng, 8)
    _assert_windows(sliding_windows(series, 3, 2), series, 3, 2, rows=4)
    assert_unchanged(sliding_windows, series, 3, 2)


# time_series_split


def _folds(answer, k):
    return [unpack(fold, "train", "test") for fold in unpack(answer, *(f"fold {number}" for number in range(k)))]


def _assert_folds(answer, num_examples, k):
    expected = TimeSeriesSplit(k).split(np.zeros(num_examples))
    for (train, test), (expected_train, expected_test) in zip(_folds(answer, k), expected, strict=True):
        assert_equal(train, expected_train)
        assert_equal(test, expected_test)


@pytest.mark.points(2)
def test_time_series_split_tests_on_one_block_after_the_other(time_series_split, rng):
    """The test sets are equally long blocks in order of time, and the last one ends with the last example."""
    k, size = 4, int(rng.integers(3, 7))
    for remainder in (0, 3):
        first = size + remainder
        for number, (_, test) in enumerate(_folds(time_series_split(size * (k + 1) + remainder, k), k)):
            assert_equal(test, np.arange(first + number * size, first + (number + 1) * size))


@pytest.mark.points(2)
def test_time_series_split_trains_on_the_whole_past(time_series_split, rng):
    """Each training set holds all examples before its test set, in order of time, and none that comes later."""
    k, size = 3, int(rng.integers(3, 7))
    for number, (train, _) in enumerate(_folds(time_series_split(size * (k + 1), k), k)):
        assert_equal(train, np.arange((number + 1) * size))


def test_time_series_split_gives_the_remainder_to_the_first_training_set(time_series_split, rng):
    """Examples left over by the division belong to the first training set, and so to all of them."""
    k, size = 4, int(rng.integers(3, 7))
    for remainder in (1, 4):
        num_examples = size * (k + 1) + remainder
        _assert_folds(time_series_split(num_examples, k), num_examples, k)


def test_time_series_split_into_two_folds(time_series_split, rng):
    """Two folds need three blocks."""
    for num_examples in rng.permutation([9, 13, 20]).tolist():
        _assert_folds(time_series_split(num_examples=num_examples, k=2), num_examples, 2)


def test_time_series_split_into_many_folds(time_series_split, rng):
    """More folds mean more and shorter blocks."""
    num_examples = int(rng.integers(40, 60))
    _assert_folds(time_series_split(num_examples, 9), num_examples, 9)


def test_time_series_split_of_few_examples(time_series_split):
    """With one example more than folds, every test set is a single example."""
    for k in (2, 5):
        _assert_folds(time_series_split(k + 1, k), k + 1, k)


# merge_moments


def _moments(values):
    """Count, mean and sum of squared deviations, as Python numbers."""
    return len(values), float(values.mean()), float(((values - values.mean()) ** 2).sum())


def _assert_moments(answer, values):
    """The answer is right; where the mean is large, to the same absolute precision as the spread."""
    count, mean, m2 = unpack(answer, "count", "mean", "sum of squared deviations")
    expected_count, expected_mean, expected_m2 = _moments(values)
    assert_close(count, expected_count)
    assert_close(
        mean - 1e9 if expected_mean > 1e8 else mean, expected_mean - 1e9 if expected_mean > 1e8 else expected_mean
    )
    assert_close(m2, expected_m2)


def _two_chunks(rng, center=0.0):
    """Chunks of 7 and 18 values around means that differ by far more than the values of a chunk do."""
    return center + 5.0 + rng.uniform(-2.0, 2.0, 7), center - 15.0 + rng.uniform(-2.0, 2.0, 18)
