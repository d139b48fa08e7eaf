"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "epsilon_greedy": {
        "if rng.random() < epsilon: -> if rng.random() <= epsilon:": (
            "a random number equals epsilon with a probability of at most 2^-53"
        ),
    },
    "huber_td_loss": {
        "error = np.abs(q_values[np.arange(len(actions)), actions] - targets) -> "
        "error = np.abs((targets) - (q_values[np.arange(len(actions)), actions]))": "the absolute value has no sign",
    },
}
