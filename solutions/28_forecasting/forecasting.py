# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [B3, B4]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 28 · Forecasting
#
# A forecast says what a series will do next: the traffic on a road, the price of a share, the load of a power grid.
# A network for it can be any of those that you have built so far. What makes forecasting different is around the
# network, and that is what you will write here:
#
# - `sliding_windows` turns a series into pairs of input and target, and `time_series_split` tests a model on them
#   without letting it see the future;
# - `merge_moments` and `streaming_mean_variance` compute a mean and a variance in one pass, part by part, for data that
#   does not fit into memory;
# - `autoregressive_forecast` lets a linear model feed on its own forecasts, and `seasonal_naive_forecast` is the
#   baseline that every model has to beat;
# - `mean_absolute_scaled_error` says whether it did.
#
# **Rules of this topic.** Use NumPy and the standard library. A series is an array of shape `(T,)` with the oldest
# value first; it holds finite floats (float64 or float32). All counts and lengths are integers of at least 1. Results
# are new arrays or numbers, and no function changes its arguments.
#
# **Interview questions.** B3 and B4 (A and B are the two documents that this collection follows). They ask what
# prediction from big data is, and what deep learning does for it. Neither answer is of much help to someone who has to
# build it, and two points need correcting:
#
# - B3 lists traffic, markets and risk as applications. These are series in time. The cross-validation of B20, which
#   holds out each part of the data in turn, is made for examples without an order: here it would train on what came
#   after the part that is held out, and in use no model can do that.
# - B4 says that deep models adapt to new data. A trained network is a fixed function; it adapts only when somebody goes
#   on training it, and may then lose what it knew (McCloskey & Cohen, 1989, "Catastrophic interference in connectionist
#   networks"). What does adapt by itself is a running statistic, such as the one below.
#
# And one thing is missing in both: a comparison. In a study of about a thousand monthly series simple statistical
# methods forecast better than the neural networks of the day (Makridakis, Spiliotis & Assimakopoulos, 2018,
# "Statistical and machine learning forecasting methods"). An error means nothing until you know that of a baseline.

# %%
import numpy as np

# %% [markdown]
# ## `sliding_windows`: a series becomes examples
#
# A model that maps `window` past values to the next `horizon` values learns from pairs of both. Slide over the series
# one step at a time, and cut out a pair at every place where a whole one fits:
#
# $$\mathrm{inputs}_i = (y_i, \ldots, y_{i+w-1}), \qquad \mathrm{targets}_i = (y_{i+w}, \ldots, y_{i+w+h-1}),
# \qquad i = 0, \ldots, M - 1$$
#
# with $w$ for `window` and $h$ for `horizon`. With $T = 6$, $w = 3$ and $h = 2$ there are two pairs:
#
# ```
# series          y0 y1 y2 y3 y4 y5
# pair 0          [ input ][target]
# pair 1             [ input ][target]
# ```
#
# Both parts keep the order of time. The target begins directly after its input: if they shared a value, the model
# could copy it, and would look better than it is. Count the pairs on paper before you write a loop. A series with room
# for exactly one pair is long enough; a shorter one raises `ValueError`.


# %%
def sliding_windows(series, window, horizon):
    """All pairs of `window` consecutive values and the `horizon` values that follow them.

        inputs[i]  = series[i : i + window]
        targets[i] = series[i + window : i + window + horizon]

    Args:
        series: array (T,) of floats, oldest first.
        window: int >= 1, the length of an input.
        horizon: int >= 1, the length of a target.

    Returns:
        (inputs, targets): arrays (M, window) and (M, horizon), where M counts the places at which a pair fits.

    Raises:
        ValueError: when not even one pair fits; the message names series.

    Source: Bontempi, Ben Taieb & Le Borgne, 2013, "Machine learning strategies for time series forecasting".
    """
    ### BEGIN SOLUTION
    if len(series) < window + horizon:
        raise ValueError(f"series has {len(series)} values, too few for a window and its horizon")
    starts = np.arange(len(series) - window - horizon + 1)[:, None]  # a column: one row of indices for each start
    return series[starts + np.arange(window)], series[starts + window + np.arange(horizon)]
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. A pair takes up `window + horizon` values. How many times does a piece of that length fit into the series when it
#    is moved one step at a time? Try it with a series that is exactly as long as one pair, and with one value more.
# 2. A loop over the starting places that collects two slices each time will do; `np.stack` makes an array of a list of
#    slices. Ask first whether the series is long enough.
# 3. Without a loop: a column of starting places plus a row $0 \ldots w-1$ is a table of indices, and an array may be
#    indexed with a table.

# %% [markdown]
# ## `time_series_split`: no look at the future
#
# To know how well a model forecasts, train it on the past and test it on what came next, several times. Cut $n$
# examples in order of time into blocks of $s = \lfloor n / (k + 1) \rfloor$. Each of the last $k$ blocks is the test
# set once, and the model is trained on **everything before it**:
#
# ```
# n = 11, k = 3, so s = 2
# fold 0    train train train train train  test  test   .     .     .     .
# fold 1    train train train train train train train  test  test   .     .
# fold 2    train train train train train train train train train  test  test
# ```
#
# The training set grows from fold to fold (an *expanding window*). The test sets are equally long, and the last of
# them ends with the last example, so what is left over by the division falls to the first training set. This is
# `TimeSeriesSplit` of scikit-learn with its defaults.
#
# Statistics such as the mean for scaling the inputs must come from the training part of each fold as well. Computed
# over the whole series they carry the future into the past.


# %%
def time_series_split(num_examples, k):
    """Train on the past, test on the block that follows; k times, later and later.

        s = num_examples // (k + 1)
        test sets: the last k blocks of s examples; training set: all examples before the test set

    Args:
        num_examples: int > k, the number of examples, which are in order of time.
        k: int >= 2, the number of folds.

    Returns:
        List of k tuples (train, test), earliest test set first: integer arrays of indices, increasing.

    Source: Hyndman & Athanasopoulos, 2021, "Forecasting: principles and practice", section 5.10;
    sklearn.model_selection.TimeSeriesSplit.
    """
    ### BEGIN SOLUTION
    size = num_examples // (k + 1)
    starts = range(num_examples - k * size, num_examples, size)
    return [(np.arange(start), np.arange(start, start + size)) for start in starts]
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. There are $k$ test sets but $k + 1$ blocks, because the first test set needs something before it.
# 2. Count from the end: the $k$ test sets take up the last $k \cdot s$ examples. Where does the first one begin? Check
#    it with the picture.
# 3. Once you know where a test set starts, both parts follow: the training set is all indices below that start. Step
#    from one start to the next by the length of a block.

# %% [markdown]
# ## `merge_moments`: two summaries become one
#
# When data is too big to hold, or lies on several machines, each part is summed up in three numbers: the count $n$,
# the mean $\mu$, and the **sum of squared deviations** $S = \sum_j (x_j - \mu)^2$ from its own mean. Two such summaries
# contain all that is needed for the summary of the union:
#
# $$n = n_a + n_b, \qquad \delta = \mu_b - \mu_a, \qquad \mu = \mu_a + \delta\,\frac{n_b}{n}, \qquad
# S = S_a + S_b + \delta^2\,\frac{n_a n_b}{n}$$
#
# $S_a + S_b$ is the spread within the parts. The last term is the spread *between* them: both parts may be constant and
# their union is not. Each entry counts once, so the larger part pulls the mean more.
#
# Stay with differences of means. One could recover $\sum x^2 = S + n\mu^2$, add up, and go back, but with a mean of
# $10^9$ the squares are near $10^{18}$, where neighbouring floats lie more than 100 apart: a small spread is lost in
# the rounding.
#
# The summary of no data at all is `(0, 0.0, 0.0)`. Merged with anything, itself included, it changes nothing, which
# makes it the right start for a loop.


# %%
def merge_moments(a, b):
    """Count, mean and sum of squared deviations of two disjoint chunks together, from those of each.

        n = n_a + n_b,  delta = mean_b - mean_a
        mean = mean_a + delta * n_b / n
        m2   = m2_a + m2_b + delta^2 * n_a * n_b / n

    Args:
        a: tuple (n_a, mean_a, m2_a) of numbers; m2 is the sum of (x - mean)^2, not divided by anything.
        b: tuple (n_b, mean_b, m2_b). Each of a and b may be (0, 0.0, 0.0), the summary of an empty chunk.

    Returns:
        Tuple (n, mean, m2) of the union. Right also where the means are as large as 1e9 and the spread is small.

    Source: Chan, Golub & LeVeque, 1983, "Algorithms for computing the sample variance: analysis and recommendations".
    """
    ### BEGIN SOLUTION
    count_a, mean_a, m2_a = a
    count_b, mean_b, m2_b = b
    if count_b == 0:
        return a
    count, delta = count_a + count_b, mean_b - mean_a
    return count, mean_a + delta * count_b / count, m2_a + m2_b + delta**2 * count_a * count_b / count
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Take the chunks (0, 0) and (10, 10) with summaries (2, 0, 0) and (2, 10, 0). What are mean and sum of squared
#    deviations of all four values? The second does not come from the two zeros: which term supplies it?
# 2. The formulas can be written down as they stand. Only one case fails in them: what is divided when both counts
#    are 0?
# 3. If one chunk is empty, the answer is the other one, and no division is needed.

# %% [markdown]
# ## `streaming_mean_variance`: one pass, any size
#
# The data comes in chunks, for instance from files, and each is gone when the next arrives. Keep a summary
# $(n, \mu, S)$ of what has been seen, merge the summary of every chunk into it, and at the end divide:
#
# $$\mu, \qquad \sigma^2 = \frac{S}{n}$$
#
# This is the **population** variance, divided by $n$; `np.var` has the same default. Chunks may differ in length, so
# the mean of their means is not the mean of all values, and the mean of their variances leaves out what lies between
# them.
#
# The textbook formula $\overline{x^2} - \bar{x}^2$ needs only two running sums, and is the one that you may not use: it
# subtracts two huge numbers that are nearly equal. Results must be right for data around $10^9$ with a spread of 1,
# such as time stamps in seconds. A variance from that formula may even come out negative.
#
# `chunks` is any iterable: a list, a tuple, a generator. Go through it once, from beginning to end, and do not ask for
# its length.


# %%
def streaming_mean_variance(chunks):
    """Mean and population variance of all values in a sequence of chunks, in one pass.

        mean = sum of x / n,    variance = sum of (x - mean)^2 / n    over the values of all chunks

    Args:
        chunks: iterable of at least one array (n_i,) of floats with n_i >= 1; the lengths may differ.

    Returns:
        (mean, variance): two floats. Right also for float64 data with a mean of 1e9 and a small spread.

    Source: Chan, Golub & LeVeque, 1983, "Algorithms for computing the sample variance: analysis and recommendations";
    for single values Welford, 1962, "Note on a method for calculating corrected sums of squares and products".
    """
    ### BEGIN SOLUTION
    total = (0, 0.0, 0.0)
    for chunk in chunks:
        total = merge_moments(total, (chunk.size, chunk.mean(), chunk.size * chunk.var()))
    count, mean, m2 = total
    return mean, m2 / count
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. You have just written the step that turns two summaries into one. What is the summary before the first chunk, and
#    what is the summary of one chunk?
# 2. A chunk by itself fits into memory, so its mean and its squared deviations from that mean can be computed in the
#    ordinary way.
# 3. Loop: summarise the chunk, merge. After the loop one of the three numbers is returned as it is, and another is
#    divided.

# %% [markdown]
# The same 1000 values with a variance of about 1, moved further and further away from zero, and how far two one-pass
# formulas are from `np.var`, which goes through the data twice. The textbook formula loses two digits for every factor
# of 10, until nothing is left.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# values = np.random.default_rng(0).normal(size=1000)
# shifts = 10.0 ** np.arange(10)
# textbook, streaming = [], []
# for shift in shifts:
#     x = values + shift
#     textbook.append(abs((x**2).mean() - x.mean() ** 2 - x.var()) / x.var())
#     streaming.append(abs(streaming_mean_variance(np.split(x, 10))[1] - x.var()) / x.var())
#
# plt.figure(figsize=(6, 3.5))
# plt.loglog(shifts, np.maximum(textbook, 1e-17), "o-", label="mean of squares minus square of mean")
# plt.loglog(shifts, np.maximum(streaming, 1e-17), "s-", label="streaming_mean_variance")
# plt.xlabel("mean of the data")
# plt.ylabel("relative error of the variance")
# plt.legend()
# plt.show()

# %% [markdown]
# ## `autoregressive_forecast`: fed on its own output
#
# An autoregressive model of order $p$, AR($p$), forecasts the next value as a weighted sum of the last $p$ values:
#
# $$\hat y_{t} = c_1\, y_{t-1} + c_2\, y_{t-2} + \ldots + c_p\, y_{t-p}$$
#
# The coefficients come with the **newest lag first**: `coefficients[0]` belongs to the most recent value. The history
# comes with the oldest value first, so the two run in opposite directions. There is no constant term, and no mean is
# subtracted.
#
# From the second step on, some of the values that are needed have not been observed. Their forecasts take their place,
# so that every step also feeds on the ones before it, with all their errors. A recurrent network or a language model
# that generates a sequence works in the same way.
#
# Two examples to think through: with the single coefficient $0.5$ the forecast halves at every step; with the
# coefficients $(2, -1)$ it continues the straight line through the last two values.


# %%
def autoregressive_forecast(history, coefficients, horizon):
    """Forecast several steps ahead with an AR(p) model, each forecast being used for the next.

        y[t] = sum over i = 1..p of coefficients[i - 1] * y[t - i]    where y[t - i] is observed or already forecast

    Args:
        history: array (T,) of floats, oldest first, T >= p.
        coefficients: array (p,) of floats, p >= 1, that of the newest value first.
        horizon: int >= 1, the number of steps.

    Returns:
        Array (horizon,), the forecasts of the values that follow the history.

    Source: Hyndman & Athanasopoulos, 2021, "Forecasting: principles and practice", section 9.3.
    """
    ### BEGIN SOLUTION
    recent = history[::-1][: len(coefficients)]  # newest first, as the coefficients
    forecast = np.empty(horizon)
    for step in range(horizon):
        forecast[step] = coefficients @ recent
        recent = np.append(forecast[step], recent[:-1])
    return forecast
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. For one step: which $p$ values of the history are needed, and in which order do they line up with the coefficients?
# 2. Keep the values that the next step needs in a list or an array of your own. After each step the new forecast
#    enters at the newest end, and the oldest value is no longer needed.
# 3. Do not write into `history`: it belongs to the caller. A slice of an array is a view, a list or a new array is not.

# %% [markdown]
# ## `seasonal_naive_forecast`: the same as last time
#
# The forecast for next Monday is last Monday. For a season of $m$ steps, each forecast repeats the value one season
# before it:
#
# $$\hat y_{t} = y_{t-m}$$
#
# where, beyond one season ahead, $y_{t-m}$ is itself a forecast. So the last $m$ values of the history are
# repeated, in order, for as long as it takes. The season begins right after the end of the history; whether the history
# is a whole number of seasons does not matter. With $m = 1$ this is the *naive* forecast: the last value again and
# again.
#
# It has nothing to train, and is still hard to beat where a season is strong. Compute it before you train anything.


# %%
def seasonal_naive_forecast(history, season, horizon):
    """Repeat the last season of the history.

        y[t] = y[t - season]    where y[t - season] is observed or already forecast

    Args:
        history: array (T,) of floats, oldest first, T >= season.
        season: int >= 1, the number of steps after which the pattern repeats.
        horizon: int >= 1, the number of steps; may be longer than a season.

    Returns:
        Array (horizon,), the forecasts of the values that follow the history.

    Source: Hyndman & Athanasopoulos, 2021, "Forecasting: principles and practice", section 5.2.
    """
    ### BEGIN SOLUTION
    return history[-season:][np.arange(horizon) % season]
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Only the last `season` values of the history matter. The first forecast is the oldest of them.
# 2. At which place among those values do you find the forecast of step $0, 1, 2, \ldots$? After `season` steps it
#    starts again: think of remainders.

# %% [markdown]
# ## `mean_absolute_scaled_error`: better than the baseline?
#
# An error of 12 is large for degrees and small for dollars. The MASE divides the mean absolute error of the forecasts
# by that of the seasonal naive forecast *within the history*, which has the same unit:
#
# $$\mathrm{MASE} = \frac{\dfrac1H \displaystyle\sum_{j} |y_j - \hat y_j|}
# {\dfrac1{T-m} \displaystyle\sum_{t=m}^{T-1} |x_t - x_{t-m}|}$$
#
# with the actual values $y$ and the forecasts $\hat y$ of $H$ steps, and the history $x_0, \ldots, x_{T-1}$ that came
# before them. Below 1, the forecasts are better than the baseline was in the history; above 1, worse.
#
# Conventions: the scale comes from the history alone, not from the values that were to be forecast. It is a mean over
# $T - m$ differences of values that are $m$ steps apart; the first $m$ values have nothing to be compared with. The
# default `season=1` compares with the plain naive forecast. A percentage error would break down
# where the actual value is near 0; this one fails only where the whole history repeats itself exactly, which does not
# occur here.


# %%
def mean_absolute_scaled_error(actual, forecast, history, season=1):
    """Mean absolute error, in units of the error that the seasonal naive forecast makes within the history.

        MASE = mean |actual - forecast| / mean |history[t] - history[t - season]|    the second for t >= season

    Args:
        actual: array (H,) of floats, the values that came.
        forecast: array (H,) of floats, the values that had been forecast.
        history: array (T,) of floats, the values before, oldest first, T > season; not exactly periodic.
        season: int >= 1, the number of steps after which the pattern repeats.

    Returns:
        The error as a float, at least 0.

    Source: Hyndman & Koehler, 2006, "Another look at measures of forecast accuracy".
    """
    ### BEGIN SOLUTION
    return np.abs(actual - forecast).mean() / np.abs(history[season:] - history[:-season]).mean()
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. There are two mean absolute errors. The one above the line is between `actual` and `forecast`; which one
#    is below it, and from which array?
# 2. Differences at a distance of $m$ are the difference of two slices of the history, one without its first $m$ values,
#    the other without its last $m$. How long are they?

# %% [markdown]
# Everything together, on ten years of made-up monthly data. The weights of an AR(13) model come from least squares on
# sliding windows; the last two years are forecast. For months the season is 12. Change the length of the window and
# the noise, and see when the linear model stops being better than the last year.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# t = np.arange(120)
# series = 3 * np.sin(2 * np.pi * t / 12) + 2 * np.cos(2 * np.pi * t / 4) + rng.normal(scale=0.8, size=len(t))
# history, actual = series[:96], series[96:]
#
# inputs, targets = sliding_windows(history, 13, 1)
# weights = np.linalg.lstsq(inputs, targets[:, 0], rcond=None)[0]  # oldest first, as the inputs
# forecasts = {
#     "autoregressive": autoregressive_forecast(history, weights[::-1], len(actual)),
#     "seasonal naive": seasonal_naive_forecast(history, 12, len(actual)),
#     "naive": seasonal_naive_forecast(history, 1, len(actual)),
# }
#
# plt.figure(figsize=(10, 3.5))
# plt.plot(t[60:], series[60:], color="black", label="the series")
# for name, forecast in forecasts.items():
#     error = mean_absolute_scaled_error(actual, forecast, history, 12)
#     plt.plot(t[96:], forecast, label=f"{name}, MASE {error:.2f}")
# plt.axvline(95.5, color="gray", linestyle=":")
# plt.xlabel("month")
# plt.ylim(-6, 9)
# plt.legend(loc="upper left", ncol=2)
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="B4"
# - 1 point: learns its features from raw data, non-linear ones and across many series at once, instead of having them
#   built by hand.
# - 1 point: goes on improving with more data, and minibatches let it learn from more than fits into memory.
# - 2 points: names limits: with few data simpler models are often as good; a forecast must be compared with a naive
#   one, on data later than those it was trained on.
