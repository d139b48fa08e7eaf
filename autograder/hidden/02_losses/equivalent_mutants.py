"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "mse_loss": {
        "return np.mean((prediction - target) ** 2) -> return np.mean(((target) - (prediction)) ** 2)": (
            "the square has no sign"
        ),
    },
    "binary_cross_entropy": {
        'with np.errstate(divide="ignore"):  # log(0) is -inf, which the clamp turns into -100 -> '
        "with np.errstate(divide=None):  # log(0) is -inf, which the clamp turns into -100": (
            "a warning more, the same values"
        ),
    },
}
