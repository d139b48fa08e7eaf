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


def test_time_series_split_into_two_folds(time_series_split):
    """Two folds need three blocks."""
    for num_examples in (9, 13, 20):
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
    count, mean, m2 = unpack(answer, "count", "mean", "sum of squared deviations")
    expected_count, expected_mean, expected_m2 = _moments(values)
    assert_close(count, expected_count)
    assert_close(mean, expected_mean)
    assert_close(m2, expected_m2)


def _two_chunks(rng):
    """Chunks of 7 and 18 values, around means that differ by far more than the values of a chunk do."""
    return 5.0 + rng.uniform(-2.0, 2.0, 7), -15.0 + rng.uniform(-2.0, 2.0, 18)


@pytest.mark.points(2)
def test_merge_moments_weighs_the_means(merge_moments, rng):
    """The counts add up, and each mean weighs as much as its chunk has values."""
    a, b = _two_chunks(rng)
    count, mean, _ = unpack(merge_moments(_moments(a), _moments(b)), "count", "mean", "sum of squared deviations")
    assert_close(count, 25)
    assert_close(mean, np.concatenate([a, b]).mean())


@pytest.mark.points(2)
def test_merge_moments_adds_the_spread_between_the_chunks(merge_moments, rng):
    """The squared deviations of the union are those within both chunks and those between their means."""
    a, b = _two_chunks(rng)
    for left, right in ((a, b), (b, a)):
        answer = merge_moments(_moments(left), b=_moments(right))
        _, _, m2 = unpack(answer, "count", "mean", "sum of squared deviations")
        assert_close(m2, _moments(np.concatenate([a, b]))[2])


def test_merge_moments_of_equal_means(merge_moments, rng):
    """Between chunks of equal means there is no spread to add."""
    a, b = _two_chunks(rng)
    a, b = a - a.mean() + 3.0, b - b.mean() + 3.0
    _assert_moments(merge_moments(_moments(a), _moments(b)), np.concatenate([a, b]))


def test_merge_moments_of_single_values(merge_moments, rng):
    """A chunk may be a single value, which has no squared deviations of its own."""
    values = np.array([-4.0, 1.0, 8.0]) * rng.uniform(1.0, 2.0)
    _assert_moments(merge_moments(_moments(values[:1]), _moments(values[1:2])), values[:2])
    _assert_moments(merge_moments(_moments(values[:2]), _moments(values[2:])), values)


def test_merge_moments_with_an_empty_chunk(merge_moments, rng):
    """An empty chunk changes nothing, whether it comes first or second."""
    values = rng.uniform(2.0, 6.0, 5)
    _assert_moments(merge_moments((0, 0.0, 0.0), _moments(values)), values)
    _assert_moments(merge_moments(_moments(values), (0, 0.0, 0.0)), values)


def test_merge_moments_of_two_empty_chunks(merge_moments):
    """Two empty chunks are one empty chunk."""
    count, mean, m2 = unpack(merge_moments((0, 0.0, 0.0), (0, 0.0, 0.0)), "count", "mean", "sum of squared deviations")
    assert_close(count, 0)
    assert_close(mean, 0.0)
    assert_close(m2, 0.0)


@pytest.mark.points(2)
def test_merge_moments_far_from_zero(merge_moments, rng):
    """The result is right for a small spread around a mean of a billion."""
    a, b = 1e9 + rng.uniform(-2.0, 2.0, 9), 1e9 + 3.0 + rng.uniform(-2.0, 2.0, 14)
    _, mean, m2 = unpack(merge_moments(_moments(a), _moments(b)), "count", "mean", "sum of squared deviations")
    expected = _moments(np.concatenate([a, b]))
    assert_close(mean, expected[1], rtol=0.0, atol=1e-3)  # a thousand times the rounding of a float of that size
    assert_close(m2, expected[2])


# streaming_mean_variance


def _chunks(rng, center=0.0):
    """Chunks of different lengths whose means lie apart; the longest chunk is far above the others."""
    means, lengths = [3.0, -1.0, 9.0, 1.0], [5, 3, 17, 8]
    return [center + mean + rng.uniform(-2.0, 2.0, length) for mean, length in zip(means, lengths, strict=True)]


def _assert_mean_variance(answer, chunks):
    mean, variance = unpack(answer, "mean", "variance")
    values = np.concatenate(chunks).astype(np.float64)
    assert_close(mean, values.mean())
    assert_close(variance, values.var())


@pytest.mark.points(2)
def test_streaming_mean_variance_weighs_every_value_the_same(streaming_mean_variance, rng):
    """The mean is that of all values: a longer chunk weighs more."""
    chunks = _chunks(rng)
    mean, _ = unpack(streaming_mean_variance(chunks), "mean", "variance")
    assert_close(mean, np.concatenate(chunks).mean())


@pytest.mark.points(2)
def test_streaming_mean_variance_spans_all_chunks(streaming_mean_variance, rng):
    """The variance is that of all values, around their common mean and divided by their number."""
    chunks = _chunks(rng)
    _, variance = unpack(streaming_mean_variance(chunks), "mean", "variance")
    assert_close(variance, np.concatenate(chunks).var())


@pytest.mark.points(2)
def test_streaming_mean_variance_far_from_zero(streaming_mean_variance, rng):
    """Mean and variance are right for a small spread around a mean of a billion."""
    chunks = _chunks(rng, center=1e9)
    mean, variance = unpack(streaming_mean_variance(chunks), "mean", "variance")
    values = np.concatenate(chunks)
    assert_close(mean, values.mean(), rtol=0.0, atol=1e-3)  # a thousand times the rounding of a float of that size
    assert_close(variance, values.var())


def test_streaming_mean_variance_of_one_chunk(streaming_mean_variance, rng):
    """One chunk has the mean and the population variance of its values."""
    chunk = np.array([2.0, 7.0, 3.0]) * rng.uniform(1.0, 2.0)
    _assert_mean_variance(streaming_mean_variance(chunks=[chunk]), [chunk])


def test_streaming_mean_variance_of_one_value(streaming_mean_variance, rng):
    """A single value is its own mean, and its variance is zero."""
    value = rng.uniform(2.0, 5.0)
    mean, variance = unpack(streaming_mean_variance([np.array([value])]), "mean", "variance")
    assert_close(mean, value)
    assert_close(variance, 0.0, atol=1e-9)


def test_streaming_mean_variance_of_single_values(streaming_mean_variance, rng):
    """Where every chunk is a single value, all of the variance lies between the chunks."""
    chunks = [np.array([value]) for value in _series(rng, 6)]
    _assert_mean_variance(streaming_mean_variance(chunks), chunks)


def test_streaming_mean_variance_takes_float32_views(streaming_mean_variance, rng):
    """Chunks may come in a tuple, and be float32, and views such as columns of a table."""
    chunks = tuple(_every_third(chunk) for chunk in _chunks(rng))
    _assert_mean_variance(streaming_mean_variance(chunks), chunks)


def test_streaming_mean_variance_leaves_its_argument_alone(streaming_mean_variance, rng):
    """streaming_mean_variance changes neither the chunks nor the list that holds them."""
    chunks = _chunks(rng)
    _assert_mean_variance(streaming_mean_variance(chunks), chunks)
    assert_unchanged(streaming_mean_variance, chunks)


# autoregressive_forecast


def _coefficients(rng):
    """Three coefficients, the first and the last far apart; forecasts with them neither explode nor die at once."""
    return np.array([0.9, -0.6, 0.3]) * rng.uniform(0.95, 1.05, 3)


def _autoregressive(history, coefficients, horizon):
    values = [float(value) for value in history]
    for _ in range(horizon):
        newest_first = values[::-1]
        values.append(sum(c * newest_first[lag] for lag, c in enumerate(coefficients.tolist())))
    return values[len(history) :]


@pytest.mark.points(2)
def test_autoregressive_forecast_lines_up_lags_and_values(autoregressive_forecast, rng):
    """One step ahead is the first coefficient times the newest value, and so on back in time."""
    history, coefficients = _series(rng, 8), _coefficients(rng)
    assert_close(autoregressive_forecast(history, coefficients, 1), _autoregressive(history, coefficients, 1))


@pytest.mark.points(3)
def test_autoregressive_forecast_is_fed_back(autoregressive_forecast, rng):
    """From the second step on, earlier forecasts take the place of values that were not observed."""
    history, coefficients = _series(rng, 8), _coefficients(rng)
    answer = autoregressive_forecast(history, coefficients, horizon=6)
    assert_close(answer, _autoregressive(history, coefficients, 6))


def test_autoregressive_forecast_of_first_order(autoregressive_forecast, rng):
    """With one coefficient, every forecast is that multiple of the one before."""
    history, factor = _series(rng, 5), rng.uniform(-0.9, -0.7)
    expected = history[-1] * factor ** np.arange(1, 5)
    assert_close(autoregressive_forecast(history, np.array([factor]), 4), expected)


def test_autoregressive_forecast_from_a_short_history(autoregressive_forecast, rng):
    """The history may be just as long as there are coefficients."""
    history, coefficients = _series(rng, 3), _coefficients(rng)
    answer = autoregressive_forecast(history, coefficients, 4)
    assert_close(answer, _autoregressive(history, coefficients, 4))


def test_autoregressive_forecast_far_ahead(autoregressive_forecast, rng):
    """The horizon may be much longer than the history: here the forecast continues a straight line."""
    start, slope = rng.uniform(1.0, 3.0), rng.uniform(1.0, 2.0)
    line = start + slope * np.arange(34)
    assert_close(autoregressive_forecast(line[:4], np.array([2.0, -1.0]), 30), line[4:])


def test_autoregressive_forecast_takes_float32_views(autoregressive_forecast, rng):
    """The history may be float32, and a view such as a column of a table."""
    history, coefficients = _every_third(_series(rng, 6)), _every_third(_coefficients(rng))
    answer = autoregressive_forecast(history, coefficients, 4)
    assert_close(answer, _autoregressive(history, coefficients, 4))


def test_autoregressive_forecast_leaves_its_arguments_alone(autoregressive_forecast, rng):
    """autoregressive_forecast changes neither the history nor the coefficients."""
    history, coefficients = _series(rng, 6), _coefficients(rng)
    answer = autoregressive_forecast(history, coefficients, 4)
    assert_close(answer, _autoregressive(history, coefficients, 4))
    assert_unchanged(autoregressive_forecast, history, coefficients, 4)


# seasonal_naive_forecast


def _seasonal_naive(history, season, horizon):
    values = [float(value) for value in history]
    for _ in range(horizon):
        values.append(values[-season])
    return values[len(history) :]


@pytest.mark.points(3)
def test_seasonal_naive_forecast_repeats_the_last_season(seasonal_naive_forecast, rng):
    """Each forecast is the value one season before it, though the history is not a whole number of seasons."""
    history = _series(rng, 17)
    assert_close(seasonal_naive_forecast(history, 5, 4), _seasonal_naive(history, 5, 4))


@pytest.mark.points(2)
def test_seasonal_naive_forecast_beyond_a_season(seasonal_naive_forecast, rng):
    """When the horizon is longer than a season, the last season is repeated again and again."""
    history = _series(rng, 11)
    answer = seasonal_naive_forecast(history=history, season=4, horizon=10)
    assert_close(answer, _seasonal_naive(history, 4, 10))


def test_seasonal_naive_forecast_of_whole_seasons(seasonal_naive_forecast, rng):
    """The history may be a whole number of seasons, and so may the horizon."""
    history = _series(rng, 12)
    assert_close(seasonal_naive_forecast(history, 3, 6), _seasonal_naive(history, 3, 6))


def test_seasonal_naive_forecast_without_a_season(seasonal_naive_forecast, rng):
    """With a season of one step, every forecast is the last value."""
    history = _series(rng, 6)
    assert_close(seasonal_naive_forecast(history, 1, 4), np.full(4, history[-1]))


def test_seasonal_naive_forecast_from_one_season(seasonal_naive_forecast, rng):
    """The history may be a single season; the horizon may be a single step."""
    history = _series(rng, 5)
    assert_close(seasonal_naive_forecast(history, 5, 7), _seasonal_naive(history, 5, 7))
    assert_close(seasonal_naive_forecast(history, 5, 1), history[:1])


def test_seasonal_naive_forecast_takes_float32_views(seasonal_naive_forecast, rng):
    """The history may be float32, and a view such as a column of a table."""
    history = _every_third(_series(rng, 10))
    assert_close(seasonal_naive_forecast(history, 4, 6), _seasonal_naive(history, 4, 6))


def test_seasonal_naive_forecast_leaves_its_argument_alone(seasonal_naive_forecast, rng):
    """seasonal_naive_forecast does not change the history."""
    history = _series(rng, 10)
    assert_close(seasonal_naive_forecast(history, 4, 6), _seasonal_naive(history, 4, 6))
    assert_unchanged(seasonal_naive_forecast, history, 4, 6)


# mean_absolute_scaled_error


def _seasonal_series(rng, length):
    """A strong pattern of four steps and a weak disturbance: neighbours differ far more than values a season apart."""
    return np.resize([1.0, 20.0, 8.0, -9.0], length) + rng.uniform(-2.0, 2.0, length)


def _scaled_error(actual, forecast, history, season):
    errors = [abs(float(y) - float(f)) for y, f in zip(actual, forecast, strict=True)]
    changes = [abs(float(history[t]) - float(history[t - season])) for t in range(season, len(history))]
    return sum(errors) / len(errors) / (sum(changes) / len(changes))


def _outcome(rng):
    """A history of 18 values, seven actual values after it, and forecasts that are off on both sides."""
    series = _seasonal_series(rng, 25)
    errors = np.array([2.0, -3.0, 4.0, -1.0, 1.5, -2.5, 0.5]) * rng.uniform(0.8, 1.2, 7)
    return series[18:], series[18:] + rng.permutation(errors), series[:18]


@pytest.mark.points(3)
def test_mean_absolute_scaled_error_by_default(mean_absolute_scaled_error, rng):
    """By default, the scale is the mean absolute change from one value of the history to the next."""
    actual, forecast, history = _outcome(rng)
    assert_close(mean_absolute_scaled_error(actual, forecast, history), _scaled_error(actual, forecast, history, 1))


@pytest.mark.points(2)
def test_mean_absolute_scaled_error_with_a_season(mean_absolute_scaled_error, rng):
    """With a season, the scale is the mean absolute difference of values in the history that are a season apart."""
    actual, forecast, history = _outcome(rng)
    expected = _scaled_error(actual, forecast, history, 4)
    assert_close(mean_absolute_scaled_error(actual, forecast, history, 4), expected)
    assert_close(mean_absolute_scaled_error(actual, forecast, history=history, season=4), expected)


def test_mean_absolute_scaled_error_has_no_unit(mean_absolute_scaled_error, rng):
    """Measuring everything in another unit, or from another zero, does not change the result."""
    actual, forecast, history = _outcome(rng)
    expected = _scaled_error(actual, forecast, history, 3)
    for factor, shift in ((1000.0, 0.0), (1.0, 300.0), (-0.5, 20.0)):
        answer = mean_absolute_scaled_error(*(factor * x + shift for x in (actual, forecast, history)), 3)
        assert_close(answer, expected)


def test_mean_absolute_scaled_error_from_a_short_history(mean_absolute_scaled_error, rng):
    """A history of one value more than a season leaves one difference to scale by."""
    actual, forecast, history = _outcome(rng)
    history = history[:6] + np.array([30.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    assert_close(mean_absolute_scaled_error(actual, forecast, history, 5), _scaled_error(actual, forecast, history, 5))


def test_mean_absolute_scaled_error_of_one_forecast(mean_absolute_scaled_error, rng):
    """A single forecast can be scored, too high or too low."""
    actual, _, history = _outcome(rng)
    for one in ([actual[0] + 3.0], [actual[0] - 5.0]):
        expected = _scaled_error(actual[:1], one, history, 1)
        assert_close(mean_absolute_scaled_error(actual[:1], np.array(one), history), expected)


def test_mean_absolute_scaled_error_of_a_perfect_forecast(mean_absolute_scaled_error, rng):
    """Forecasts that come true have no error."""
    actual, _, history = _outcome(rng)
    assert_close(mean_absolute_scaled_error(actual, actual.copy(), history), 0.0)


def test_mean_absolute_scaled_error_takes_float32_views(mean_absolute_scaled_error, rng):
    """The arrays may be float32, and views such as columns of a table."""
    actual, forecast, history = (_every_third(x) for x in _outcome(rng))
    expected = _scaled_error(actual, forecast, history, 2)
    assert_close(mean_absolute_scaled_error(actual, forecast, history, 2), expected)


def test_mean_absolute_scaled_error_leaves_its_arguments_alone(mean_absolute_scaled_error, rng):
    """mean_absolute_scaled_error changes none of its arrays."""
    arrays = _outcome(rng)
    assert_close(mean_absolute_scaled_error(*arrays), _scaled_error(*arrays, 1))
    assert_unchanged(mean_absolute_scaled_error, *arrays)
