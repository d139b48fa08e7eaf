"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "sigmoid": {
        "return np.where(x >= 0, 1, z) / (1 + z) -> return np.where(x > 0, 1, z) / (1 + z)": "at x = 0, z is 1",
    },
    "tanh": {
        "return np.copysign((1 - z) / (1 + z), x) -> return np.copysign(((z) - (1)) / (1 + z), x)": (
            "copysign sets the sign in any case"
        ),
    },
    "leaky_relu": {
        "return np.where(x > 0, x, negative_slope * x) -> return np.where(x >= 0, x, negative_slope * x)": (
            "at x = 0, both branches are 0"
        ),
    },
}
