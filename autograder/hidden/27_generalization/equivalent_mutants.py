"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "random_horizontal_flip": {
        "mirrored = rng.random(len(images)) < p -> mirrored = rng.random(len(images)) <= p": (
            "rng.random gives exactly p with a probability of 2^-53"
        ),
    },
}
