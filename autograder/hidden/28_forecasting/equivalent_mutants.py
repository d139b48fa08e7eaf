"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "streaming_mean_variance": {
        "total = (0, 0.0, 0.0) -> total = (0, 1.0, 0.0)": "with a count of 0, the mean has no weight",
        "total = merge_moments(total, (chunk.size, chunk.mean(), chunk.size * chunk.var())) -> "
        "total = merge_moments(((chunk.size, chunk.mean(), chunk.size * chunk.var())), (total))": (
            "the union of two chunks has no order"
        ),
    },
    "autoregressive_forecast": {
        "forecast[step] = coefficients @ recent -> forecast[step] = (recent) @ (coefficients)": (
            "the product of two vectors has no order"
        ),
    },
    "mean_absolute_scaled_error": {
        "return np.abs(actual - forecast).mean() / np.abs(history[season:] - history[:-season]).mean() -> "
        "return np.abs((forecast) - (actual)).mean() / np.abs(history[season:] - history[:-season]).mean()": (
            "the absolute value has no sign"
        ),
        "return np.abs(actual - forecast).mean() / np.abs(history[season:] - history[:-season]).mean() -> "
        "return np.abs(actual - forecast).mean() / np.abs((history[:-season]) - (history[season:])).mean()": (
            "the absolute value has no sign"
        ),
    },
}
