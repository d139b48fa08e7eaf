from collections import deque

import numpy as np


def sliding_windows__loop(series, window, horizon):
    """Slices collected in a loop; an empty collection is the error."""
    inputs, targets = [], []
    for end in range(window, len(series) - horizon + 1):
        inputs.append(series[end - window : end])
        targets.append(series[end : end + horizon])
    if not inputs:
        raise ValueError("series is too short for window and horizon")
    return np.stack(inputs), np.stack(targets)


def sliding_windows__one_view(series, window, horizon):
    """NumPy's windows over input and target together, cut in two; NumPy itself raises for a short series."""
    both = np.lib.stride_tricks.sliding_window_view(series, window + horizon)
    return both[:, :window], both[:, window:]


def sliding_windows__columns(series, window, horizon):
    """Column by column: each is a shifted piece of the series. The result is a list, in float64."""
    rows = len(series) - window - horizon + 1
    if rows <= 0:
        raise ValueError("series is too short")
    table = np.empty((rows, window + horizon))
    for column in range(window + horizon):
        table[:, column] = series[column : column + rows]
    return [table[:, :window], table[:, window:]]


def time_series_split__forwards(num_examples, k):
    """From the length of the first training set, in a loop over the folds."""
    size, remainder = divmod(num_examples, k + 1)
    folds = []
    for fold in range(k):
        start = remainder + (fold + 1) * size
        folds.append((np.arange(start), np.arange(start, start + size)))
    return folds


def time_series_split__backwards(num_examples, k):
    """The last fold first, and turned around at the end; a tuple of lists of two."""
    indices, folds = np.arange(num_examples), []
    for _ in range(k):
        cut = len(indices) - num_examples // (k + 1)
        folds.append([indices[:cut], indices[cut:]])
        indices = indices[:cut]
    return tuple(folds[::-1])


def time_series_split__pieces(num_examples, k):
    """np.split into blocks, of which those before the test set are joined again; 32-bit indices."""
    size = num_examples // (k + 1)
    blocks = np.split(np.arange(num_examples, dtype=np.int32), num_examples - size * np.arange(k, 0, -1))
    return [(np.concatenate(blocks[:fold]), blocks[fold]) for fold in range(1, k + 1)]


def merge_moments__around_the_joint_mean(a, b):
    """First the joint mean, then the distance of both means from it."""
    n = a[0] + b[0]
    if not n:
        return 0, 0, 0
    mean = (a[0] * a[1] + b[0] * b[1]) / n
    return n, mean, a[2] + a[0] * (a[1] - mean) ** 2 + b[2] + b[0] * (b[1] - mean) ** 2


def merge_moments__share(a, b):
    """With the share of b in the union; a list of floats. With two empty chunks the share is 0."""
    n = float(a[0] + b[0])
    share = b[0] / max(n, 1.0)
    delta = b[1] - a[1]
    return [n, (1 - share) * a[1] + share * b[1], a[2] + b[2] + n * share * (1 - share) * delta**2]


def merge_moments__numpy(a, b):
    """Through np.average with the counts as weights; NumPy scalars come back."""
    counts, means, squares = np.array([a, b], dtype=float).T
    if counts.sum() == 0:
        return b
    mean = np.average(means, weights=counts)
    return counts.sum(), mean, squares.sum() + counts @ (means - mean) ** 2


def streaming_mean_variance__welford(chunks):
    """Welford's update, one value at a time."""
    count, mean, m2 = 0, 0.0, 0.0
    for chunk in chunks:
        for x in chunk.tolist():
            count += 1
            delta = x - mean
            mean += delta / count
            m2 += delta * (x - mean)
    return mean, m2 / count


def streaming_mean_variance__shifted(chunks):
    """Two running sums, of the distances from the first value, which are small."""
    count, shift, total, squares = 0, None, 0.0, 0.0
    for chunk in chunks:
        shift = chunk[0] if shift is None else shift
        distance = chunk - shift
        count += distance.size
        total += distance.sum()
        squares += (distance**2).sum()
    return shift + total / count, squares / count - (total / count) ** 2


def streaming_mean_variance__all_at_once(chunks):
    """All chunks joined: not what one would do with large data, but the same numbers."""
    values = np.concatenate(list(chunks))
    return [float(np.mean(values)), float(np.var(values))]


def autoregressive_forecast__list(history, coefficients, horizon):
    """A list of all values that grows with each step, in Python floats."""
    values = history.tolist()
    for _ in range(horizon):
        values.append(sum(c * values[-lag] for lag, c in enumerate(coefficients.tolist(), start=1)))
    return np.array(values[len(history) :])


def autoregressive_forecast__deque(history, coefficients, horizon):
    """A queue of the last p values, oldest first, and the coefficients turned around; in the precision of the input."""
    recent, forecast = deque(history, maxlen=len(coefficients)), []
    for _ in range(horizon):
        forecast.append(np.dot(coefficients[::-1], np.array(recent)))
        recent.append(forecast[-1])
    return np.array(forecast)


def autoregressive_forecast__companion_matrix(history, coefficients, horizon):
    """Each step is one matrix, which weighs the values and moves them on."""
    p = len(coefficients)
    matrix = np.vstack([coefficients, np.eye(p)[:-1]])
    state, forecast = history[len(history) - p :][::-1], []
    for _ in range(horizon):
        state = matrix @ state
        forecast.append(state[0])
    return np.array(forecast)


def seasonal_naive_forecast__tiled(history, season, horizon):
    """The last season repeated more often than needed, and cut off."""
    return np.tile(history[len(history) - season :], horizon // season + 1)[:horizon]


def seasonal_naive_forecast__resized(history, season, horizon):
    """np.resize fills the length by repeating."""
    return np.resize(history[-season:], horizon)


def seasonal_naive_forecast__fed_back(history, season, horizon):
    """A list that grows: each step copies the value one season back."""
    values = history.tolist()
    for _ in range(horizon):
        values.append(values[-season])
    return np.array(values[len(history) :])


def mean_absolute_scaled_error__loop(actual, forecast, history, season=1):
    """Two sums, with Python numbers."""
    error = sum(abs(y - f) for y, f in zip(actual.tolist(), forecast.tolist(), strict=True))
    changes = [abs(history[t] - history[t - season]) for t in range(season, len(history))]
    return error / len(actual) * len(changes) / sum(changes)


def mean_absolute_scaled_error__scaled_first(actual, forecast, history, season=1):
    """Every error is divided by the scale, then averaged; a 0-d array comes back."""
    scale = np.mean(np.abs(history[: len(history) - season] - history[season:]))
    return np.asarray(np.mean(np.abs((forecast - actual) / scale)))


def mean_absolute_scaled_error__norms(actual, forecast, history, season=1):
    """With 1-norms in place of sums of absolute values."""
    naive_error = np.linalg.norm(np.subtract(history[season:], history[:-season]), 1) / (len(history) - season)
    return float(np.linalg.norm(actual - forecast, 1) / (actual.size * naive_error))
