import numpy as np


def _windows(series, window, horizon, starts, gap=0):
    """Pairs at the given starts, the target `gap` values after the end of the input."""
    ends = [start + window for start in starts]
    inputs = np.array([series[end - window : end] for end in ends])
    return inputs, np.array([series[end + gap : end + gap + horizon] for end in ends])


def sliding_windows__one_pair_short(series, window, horizon):
    """The last pair is missing. The number of places is one more than the difference of the lengths: a piece as long as
    the whole series fits once, not zero times."""
    if len(series) < window + horizon:
        raise ValueError("series is too short")
    return _windows(series, window, horizon, range(len(series) - window - horizon))


def sliding_windows__target_overlaps_the_input(series, window, horizon):
    """Each target begins with the last value of its own input. A model only has to copy that value, and looks better
    than it is: the target starts one step later."""
    if len(series) < window + horizon:
        raise ValueError("series is too short")
    return _windows(series, window, horizon, range(len(series) - window - horizon + 1), gap=-1)


def sliding_windows__last_step_only(series, window, horizon):
    """The targets hold one value each, the one `horizon` steps ahead. All the values up to there are asked for: a row
    of length horizon."""
    if len(series) < window + horizon:
        raise ValueError("series is too short")
    return _windows(series, window, 1, range(len(series) - window - horizon + 1), gap=horizon - 1)


def sliding_windows__no_overlap(series, window, horizon):
    """The windows stand side by side, so most of the examples are missing. Windows overlap: the next one starts one
    step later, not where the last one ended."""
    if len(series) < window + horizon:
        raise ValueError("series is too short")
    return _windows(series, window, horizon, range(0, len(series) - window - horizon + 1, window))


def sliding_windows__newest_first(series, window, horizon):
    """The inputs run backwards in time. That order suits the coefficients of an autoregressive model, but here both
    parts keep the order of the series."""
    if len(series) < window + horizon:
        raise ValueError("series is too short")
    inputs, targets = _windows(series, window, horizon, range(len(series) - window - horizon + 1))
    return inputs[:, ::-1], targets


def sliding_windows__inputs_without_a_target(series, window, horizon):
    """There are more inputs than targets: the last windows of the series have no complete target after them. The
    horizon must be subtracted when the inputs are counted, too."""
    if len(series) < window + horizon:
        raise ValueError("series is too short")
    inputs = np.array([series[i : i + window] for i in range(len(series) - window + 1)])
    targets = np.array([series[i : i + horizon] for i in range(window, len(series) - horizon + 1)])
    return inputs, targets


def sliding_windows__accepts_a_short_series(series, window, horizon):
    """Right where at least one pair fits, but a series that is too short gives empty arrays in place of an error, and
    the model would be trained on nothing. Raise ValueError."""
    starts = np.arange(max(len(series) - window - horizon + 1, 0))[:, None]
    return series[starts + np.arange(window)], series[starts + window + np.arange(horizon)]


def time_series_split__looks_ahead(num_examples, k):
    """The training sets hold everything outside the test set, as in ordinary cross-validation. What comes after the
    test set is its future: train on what lies before it only."""
    size = num_examples // (k + 1)
    tests = [np.arange(start, start + size) for start in range(num_examples - k * size, num_examples, size)]
    return [(np.setdiff1d(np.arange(num_examples), test), test) for test in tests]


def time_series_split__shuffled(num_examples, k):
    """The examples were shuffled before they were divided. In a series their order is time: every training set now
    holds examples from after the test set."""
    order = np.random.default_rng(0).permutation(num_examples)
    size = num_examples // (k + 1)
    starts = range(num_examples - k * size, num_examples, size)
    return [(order[:start], order[start : start + size]) for start in starts]


def time_series_split__newest_left_over(num_examples, k):
    """Right where the number of examples is divisible by k + 1. Otherwise the examples left over at the end are never
    tested on, and they are the newest: count the blocks from the end, not from the beginning."""
    size = num_examples // (k + 1)
    starts = [size * number for number in range(1, k + 1)]
    return [(np.arange(start), np.arange(start, start + size)) for start in starts]


def time_series_split__tests_on_all_that_follows(num_examples, k):
    """Each test set holds everything after the training set, so the folds share most of what they test on. A test set
    is one block; the next block belongs to the next fold."""
    size = num_examples // (k + 1)
    starts = range(num_examples - k * size, num_examples, size)
    return [(np.arange(start), np.arange(start, num_examples)) for start in starts]


def time_series_split__forgets_the_past(num_examples, k):
    """Each training set is only the block just before its test set. That is a rolling window; here the window expands,
    and the training set begins with the first example in every fold."""
    size = num_examples // (k + 1)
    starts = range(num_examples - k * size, num_examples, size)
    return [(np.arange(start - size, start), np.arange(start, start + size)) for start in starts]


def time_series_split__divides_by_k(num_examples, k):
    """One fold is missing, and the blocks are too long. Dividing into k parts leaves only k - 1 to test on, because
    the first has nothing before it: there is one block more than there are folds."""
    size = num_examples // k
    starts = range(num_examples - (k - 1) * size, num_examples, size)
    return [(np.arange(start), np.arange(start, start + size)) for start in starts]


def time_series_split__trains_on_the_test_set(num_examples, k):
    """The training set includes the test set: it runs to the end of the block where it should stop before it. The model
    would be tested on what it has seen."""
    size = num_examples // (k + 1)
    starts = range(num_examples - k * size, num_examples, size)
    return [(np.arange(start + size), np.arange(start, start + size)) for start in starts]


def merge_moments__nothing_between(a, b):
    """Count and mean are right, but the squared deviations are only added. They are deviations from two different
    means: what lies between the means is missing."""
    n = a[0] + b[0]
    return n, (a[0] * a[1] + b[0] * b[1]) / max(n, 1), a[2] + b[2]


def merge_moments__plain_mean_of_means(a, b):
    """The mean lies in the middle of the two means, whatever the counts. Right for chunks of equal size; otherwise the
    larger chunk must weigh more."""
    n = a[0] + b[0]
    return n, (a[1] + b[1]) / 2, a[2] + b[2] + (b[1] - a[1]) ** 2 * a[0] * b[0] / max(n, 1)


def merge_moments__weights_swapped(a, b):
    """Each mean has the weight of the other chunk, so the smaller chunk pulls more. Starting from the mean of a, the
    step towards b is the larger the more values b has."""
    n = max(a[0] + b[0], 1)
    delta = b[1] - a[1]
    return a[0] + b[0], a[1] + delta * a[0] / n, a[2] + b[2] + delta**2 * a[0] * b[0] / n


def merge_moments__through_raw_squares(a, b):
    """Right near zero, but the spread is lost where the mean is large. The sum of squares is then so huge that its
    rounding alone is larger than the spread: work with the difference of the means."""
    n = a[0] + b[0]
    mean = (a[0] * a[1] + b[0] * b[1]) / max(n, 1)
    squares = a[2] + a[0] * a[1] ** 2 + b[2] + b[0] * b[1] ** 2
    return n, mean, squares - n * mean**2


def merge_moments__as_variances(a, b):
    """The third numbers are treated as variances, weighted by the counts and divided in the end. They are sums of
    squared deviations, not divided by anything: they can simply be added, and so can the term between the means."""
    n = max(a[0] + b[0], 1)
    mean = (a[0] * a[1] + b[0] * b[1]) / n
    return a[0] + b[0], mean, (a[0] * (a[2] + (a[1] - mean) ** 2) + b[0] * (b[2] + (b[1] - mean) ** 2)) / n


def merge_moments__difference_not_squared(a, b):
    """The term between the chunks grows with the difference of the means, where it should grow with its square. It can
    even become negative, which no sum of squares can."""
    n = max(a[0] + b[0], 1)
    delta = b[1] - a[1]
    return a[0] + b[0], a[1] + delta * b[0] / n, a[2] + b[2] + delta * a[0] * b[0] / n


def merge_moments__divides_by_zero(a, b):
    """Right unless both chunks are empty: then the formulas divide by a count of 0. Look at that case first, and return
    the empty summary."""
    n = a[0] + b[0]
    delta = b[1] - a[1]
    return n, a[1] + delta * b[0] / n, a[2] + b[2] + delta**2 * a[0] * b[0] / n


def streaming_mean_variance__squares_minus_square(chunks):
    """Right near zero, but far from it the variance is lost, and may come out negative. The mean of the squares and the
    square of the mean are both huge and nearly equal: merge squared deviations instead."""
    count = total = squares = 0
    for chunk in chunks:
        count += len(chunk)
        total += chunk.sum()
        squares += (chunk**2).sum()
    return total / count, squares / count - (total / count) ** 2


def streaming_mean_variance__chunks_weigh_the_same(chunks):
    """The mean is the mean of the means of the chunks. Right for chunks of equal length; otherwise a value
    in a short chunk would count more than one in a long chunk."""
    return np.mean([chunk.mean() for chunk in chunks]), np.concatenate(chunks).var()


def streaming_mean_variance__within_chunks_only(chunks):
    """The variance is the average of the variances within the chunks. The chunks differ in their means, too, and that
    part of the spread is missing."""
    count = sum(len(chunk) for chunk in chunks)
    mean = sum(chunk.sum() for chunk in chunks) / count
    return mean, sum(len(chunk) * chunk.var() for chunk in chunks) / count


def streaming_mean_variance__divides_by_one_less(chunks):
    """The variance is too large by a factor of n / (n - 1). That is the sample variance; the population variance, which
    is asked for, divides by the number of values."""
    values = np.concatenate(chunks)
    return values.mean(), values.var(ddof=1)


def streaming_mean_variance__deviations_from_the_mean_so_far(chunks):
    """The mean is right, and so is the variance of a single chunk. With several, the deviations of the early chunks
    were taken from a mean that has moved since: each merge has to make up for that."""
    count, mean, m2 = 0, 0.0, 0.0
    for chunk in chunks:
        mean = (count * mean + chunk.sum()) / (count + len(chunk))
        count += len(chunk)
        m2 += ((chunk - mean) ** 2).sum()
    return mean, m2 / count


def streaming_mean_variance__last_chunk_only(chunks):
    """Mean and variance are those of the last chunk. Every chunk overwrites what was known: what the loop needs is a
    summary that each chunk is merged into."""
    for chunk in chunks:
        mean, variance = chunk.mean(), chunk.var()
    return mean, variance


def streaming_mean_variance__changes_chunks(chunks):
    """The values are right, but the chunks themselves were changed on the way, and the caller may still need them. An
    operator such as -= writes into the caller's array; compute a new one."""
    count, mean, m2 = 0, 0.0, 0.0
    for chunk in chunks:
        own = chunk.mean()
        chunk -= own
        total = count + len(chunk)
        m2 += (chunk**2).sum() + (own - mean) ** 2 * count * len(chunk) / total
        mean += (own - mean) * len(chunk) / total
        count = total
    return mean, m2 / count


def autoregressive_forecast__oldest_first(history, coefficients, horizon):
    """The coefficients meet the values in the wrong order: the first one is multiplied by the oldest value that is
    used. The first coefficient belongs to the newest value, so one of the two must be turned around."""
    values = list(history)
    for _ in range(horizon):
        values.append(np.dot(coefficients, values[-len(coefficients) :]))
    return np.array(values[len(history) :])


def autoregressive_forecast__not_fed_back(history, coefficients, horizon):
    """The first step is right, and all others repeat it. Every step looks at the last observed values again; from
    the second step on, the forecasts made so far must take their place."""
    return np.full(horizon, coefficients @ history[::-1][: len(coefficients)])


def autoregressive_forecast__fed_back_at_the_wrong_end(history, coefficients, horizon):
    """The first step is right, the others are not. The new forecast is put in as the oldest value, and the newest one
    is dropped: it should be the other way round."""
    recent = history[::-1][: len(coefficients)]
    forecast = []
    for _ in range(horizon):
        forecast.append(coefficients @ recent)
        recent = np.append(recent[1:], forecast[-1])
    return np.array(forecast)


def autoregressive_forecast__starts_with_the_last_value(history, coefficients, horizon):
    """Everything is one step late: the result begins with the last value of the history, which is known already. The
    first entry is the forecast of the step after it."""
    values = list(history)
    for _ in range(horizon):
        values.append(np.dot(coefficients, values[::-1][: len(coefficients)]))
    return np.array(values[len(history) - 1 : -1])


def autoregressive_forecast__around_the_mean(history, coefficients, horizon):
    """The mean of the history is subtracted first and added again at the end. That is another model; this one has no
    constant: the values are weighted as they are."""
    mean = history.mean()
    values = list(history - mean)
    for _ in range(horizon):
        values.append(np.dot(coefficients, values[::-1][: len(coefficients)]))
    return np.array(values[len(history) :]) + mean


def autoregressive_forecast__repeats_the_last_value(history, coefficients, horizon):
    """Every forecast is the last value of the history, whatever the coefficients. That is the naive forecast; here the
    last values are weighted with the coefficients."""
    return np.full(horizon, history[-1])


def autoregressive_forecast__changes_history(history, coefficients, horizon):
    """The forecasts are right, but the history itself was shifted to make room for them, and the caller may still need
    it. Work on a copy, or on a list of your own."""
    forecast = np.empty(horizon)
    for step in range(horizon):
        forecast[step] = coefficients @ history[::-1][: len(coefficients)]
        history[:-1] = history[1:].copy()
        history[-1] = forecast[step]
    return forecast


def seasonal_naive_forecast__ignores_the_season(history, season, horizon):
    """Every forecast is the last value. That is the plain naive forecast, right for a season of 1 only: look back one
    season, not one step."""
    return np.full(horizon, history[-1])


def seasonal_naive_forecast__backwards(history, season, horizon):
    """The last season comes out backwards in time. The first forecast is the value one season back, and from there the
    order is that of the history."""
    return history[::-1][np.arange(horizon) % season]


def seasonal_naive_forecast__first_season(history, season, horizon):
    """The first season of the history is repeated, the oldest one. The last one is asked for: count from the end."""
    return history[np.arange(horizon) % season]


def seasonal_naive_forecast__last_whole_season(history, season, horizon):
    """Right where the history is a whole number of seasons. Otherwise the seasons were counted from the beginning, and
    the values after the last whole one are left out: the last season ends with the last value."""
    whole = len(history) // season * season
    return history[whole - season : whole][np.arange(horizon) % season]


def seasonal_naive_forecast__phase_from_the_start(history, season, horizon):
    """Right where the history is a whole number of seasons. Otherwise the last values are repeated from the wrong place
    among them: the first forecast is always the oldest of them, one season back."""
    return history[-season:][(len(history) + np.arange(horizon)) % season]


def seasonal_naive_forecast__one_season_only(history, season, horizon):
    """Right up to one season ahead; a longer horizon gets too few values. The last season must be repeated as often as
    it takes."""
    return history[-season:][:horizon]


def seasonal_naive_forecast__average_of_seasons(history, season, horizon):
    """The forecasts are averages over all seasons of the history. That is a seasonal mean; the naive forecast takes the
    last season alone, as it was."""
    last = [history[len(history) - season + step :: -season].mean() for step in range(season)]
    return np.array(last)[np.arange(horizon) % season]


def mean_absolute_scaled_error__not_scaled(actual, forecast, history, season=1):
    """That is the mean absolute error, in the unit of the data. It remains to be divided by the error that the naive
    forecast makes within the history."""
    return np.abs(actual - forecast).mean()


def mean_absolute_scaled_error__scale_from_the_actual_values(actual, forecast, history, season=1):
    """The scale is computed from the values that were to be forecast. It comes from the history alone, which is longer,
    and known before the forecast is made."""
    return np.abs(actual - forecast).mean() / np.abs(actual[season:] - actual[:-season]).mean()


def mean_absolute_scaled_error__ignores_the_season(actual, forecast, history, season=1):
    """Right for a season of 1 only: the scale compares neighbours whatever the caller asks for. Compare values that are
    one season apart."""
    return np.abs(actual - forecast).mean() / np.abs(np.diff(history)).mean()


def mean_absolute_scaled_error__repeated_differences(actual, forecast, history, season=1):
    """Right for a season of 1 only. np.diff with n takes differences of differences, n times over; what you need is one
    difference between values that are a season apart."""
    return np.abs(actual - forecast).mean() / np.abs(np.diff(history, n=season)).mean()


def mean_absolute_scaled_error__wraps_around(actual, forecast, history, season=1):
    """The first values of the history are compared with its last ones, because np.roll wraps around. They have nothing
    a season before them: leave them out of the mean."""
    return np.abs(actual - forecast).mean() / np.abs(history - np.roll(history, season)).mean()


def mean_absolute_scaled_error__divides_by_all(actual, forecast, history, season=1):
    """The result is too large: the scale is divided by the length of the whole history. There are fewer differences
    than values, because the first season has nothing to be compared with."""
    return np.abs(actual - forecast).mean() / (np.abs(history[season:] - history[:-season]).sum() / len(history))


def mean_absolute_scaled_error__errors_cancel(actual, forecast, history, season=1):
    """Errors of opposite sign cancel, because the mean is taken before the absolute value. A forecast that is 5 too
    high and then 5 too low is not a perfect one: take absolute values first."""
    return np.abs((actual - forecast).mean()) / np.abs(history[season:] - history[:-season]).mean()
