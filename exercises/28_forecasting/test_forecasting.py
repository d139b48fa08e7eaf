import numpy as np
import pytest


def test_sliding_windows_by_hand(sliding_windows):
    """Six values have room for two pairs of three inputs and two targets."""
    inputs, targets = sliding_windows(np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0]), 3, 2)
    np.testing.assert_allclose(inputs, [[1, 2, 4], [2, 4, 8]])
    np.testing.assert_allclose(targets, [[8, 16], [16, 32]])


def test_sliding_windows_of_one_step(sliding_windows):
    """With a horizon of 1 the targets are still a table, with one column."""
    inputs, targets = sliding_windows(np.array([5.0, 7.0, 6.0]), window=1, horizon=1)
    np.testing.assert_allclose(inputs, [[5], [7]])
    np.testing.assert_allclose(targets, [[7], [6]])


def test_sliding_windows_of_a_short_series(sliding_windows):
    """Five values are enough for one pair of three and two, four are not."""
    inputs, targets = sliding_windows(np.arange(5.0), 3, 2)
    np.testing.assert_allclose(inputs, [[0, 1, 2]])
    np.testing.assert_allclose(targets, [[3, 4]])
    with pytest.raises(ValueError, match="series"):
        sliding_windows(np.arange(4.0), 3, 2)


def test_time_series_split_by_hand(time_series_split):
    """Eight examples and three folds: blocks of two, and everything before the block is for training."""
    folds = time_series_split(8, 3)
    assert [train.tolist() for train, _ in folds] == [[0, 1], [0, 1, 2, 3], [0, 1, 2, 3, 4, 5]]
    assert [test.tolist() for _, test in folds] == [[2, 3], [4, 5], [6, 7]]


def test_time_series_split_with_a_remainder(time_series_split):
    """Eleven examples and three folds: still blocks of two; the first training set takes the three left over."""
    folds = time_series_split(11, 3)
    assert [len(train) for train, _ in folds] == [5, 7, 9]
    assert [test.tolist() for _, test in folds] == [[5, 6], [7, 8], [9, 10]]


def test_merge_moments_by_hand(merge_moments):
    """The chunks (0, 2) and (3, 5, 7): together the mean is 3.4, and the squared deviations sum to 29.2."""
    np.testing.assert_allclose(merge_moments((2, 1.0, 2.0), (3, 5.0, 8.0)), (5, 3.4, 29.2))


def test_merge_moments_of_constant_chunks(merge_moments):
    """The chunks (0, 0) and (10, 10): neither has any spread, the union has."""
    np.testing.assert_allclose(merge_moments((2, 0.0, 0.0), (2, 10.0, 0.0)), (4, 5.0, 100.0))


def test_merge_moments_with_no_data(merge_moments):
    """An empty chunk changes nothing, on either side."""
    chunk, empty = (3, 5.0, 8.0), (0, 0.0, 0.0)
    np.testing.assert_allclose(merge_moments(empty, chunk), chunk)
    np.testing.assert_allclose(merge_moments(chunk, empty), chunk)
    np.testing.assert_allclose(merge_moments(empty, empty), empty)


def test_streaming_mean_variance_by_hand(streaming_mean_variance):
    """The values 0, 2, 3, 5 and 7: their mean is 3.4, and the variance is 29.2 / 5 = 5.84."""
    chunks = [np.array([0.0, 2.0]), np.array([3.0, 5.0, 7.0])]
    np.testing.assert_allclose(streaming_mean_variance(chunks), (3.4, 5.84))


def test_streaming_mean_variance_takes_a_generator(streaming_mean_variance):
    """A generator can be gone through only once, and has no length."""
    chunks = (np.array([x, x + 2.0]) for x in (0.0, 4.0))
    np.testing.assert_allclose(streaming_mean_variance(chunks), (3.0, 5.0))


def test_streaming_mean_variance_far_from_zero(streaming_mean_variance):
    """Moving all values by a billion does not change the variance."""
    chunks = [1e9 + np.array([0.0, 2.0]), 1e9 + np.array([3.0, 5.0, 7.0])]
    mean, variance = streaming_mean_variance(chunks)
    assert mean - 1e9 == pytest.approx(3.4, rel=1e-5)
    assert variance == pytest.approx(5.84, rel=1e-5)


def test_autoregressive_forecast_one_step(autoregressive_forecast):
    """The newest value, 4, is multiplied by the first coefficient: 2 * 4 + 10 * 3 = 38."""
    forecast = autoregressive_forecast(np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 10.0]), 1)
    np.testing.assert_allclose(forecast, [38.0])


def test_autoregressive_forecast_halves(autoregressive_forecast):
    """Each forecast is half the one before it."""
    np.testing.assert_allclose(autoregressive_forecast(np.array([3.0, 8.0]), np.array([0.5]), 4), [4, 2, 1, 0.5])


def test_autoregressive_forecast_continues_a_line(autoregressive_forecast):
    """Twice the last value minus the one before: the line through both."""
    forecast = autoregressive_forecast(np.array([9.0, 1.0, 3.0]), np.array([2.0, -1.0]), horizon=3)
    np.testing.assert_allclose(forecast, [5.0, 7.0, 9.0])


def test_seasonal_naive_forecast_by_hand(seasonal_naive_forecast):
    """The last three values are repeated, though the history is not a whole number of seasons."""
    forecast = seasonal_naive_forecast(np.array([9.0, 1.0, 2.0, 3.0, 4.0]), 3, 7)
    np.testing.assert_allclose(forecast, [2, 3, 4, 2, 3, 4, 2])


def test_seasonal_naive_forecast_without_a_season(seasonal_naive_forecast):
    """With a season of 1 the last value is repeated."""
    forecast = seasonal_naive_forecast(np.array([1.0, 5.0, 2.0]), season=1, horizon=3)
    np.testing.assert_allclose(forecast, [2.0, 2.0, 2.0])


def test_mean_absolute_scaled_error_by_hand(mean_absolute_scaled_error):
    """The forecasts are off by 1 and 3, 2 on average; the history changes by 4, 2 and 6, 4 on average."""
    error = mean_absolute_scaled_error(np.array([5.0, 9.0]), np.array([4.0, 12.0]), np.array([1.0, 5.0, 3.0, 9.0]))
    assert error == pytest.approx(2 / 4)


def test_mean_absolute_scaled_error_with_a_season(mean_absolute_scaled_error):
    """Values two steps apart in the history differ by 2, 4 and 3, 3 on average."""
    history = np.array([1.0, 5.0, 3.0, 9.0, 6.0])
    error = mean_absolute_scaled_error(np.array([5.0, 9.0]), np.array([4.0, 12.0]), history, season=2)
    assert error == pytest.approx(2 / 3)


def test_mean_absolute_scaled_error_of_a_perfect_forecast(mean_absolute_scaled_error):
    """No error is no error, on any scale."""
    actual = np.array([2.0, 7.0])
    assert mean_absolute_scaled_error(actual, actual.copy(), np.array([3.0, 1.0, 4.0])) == pytest.approx(0.0)
