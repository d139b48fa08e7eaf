"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "epsilon_greedy": {
        "if rng.random() < epsilon: -> if rng.random() <= epsilon:": (
            "a random number equals epsilon with a probability of at most 2^-53"
        ),
    },
}
