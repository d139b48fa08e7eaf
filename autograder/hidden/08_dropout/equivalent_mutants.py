"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "dropout": {
        "mask = rng.random(x.shape) >= p -> mask = rng.random(x.shape) > p": (
            "a random number equals p with a probability of at most 2^-53"
        ),
    },
}
