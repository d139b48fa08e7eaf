"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "normalized_adjacency": {
        "degrees = looped.sum(axis=1) -> degrees = looped.sum(axis=(0))": (
            "the adjacency is symmetric: rows and columns have the same sums"
        ),
    },
}
