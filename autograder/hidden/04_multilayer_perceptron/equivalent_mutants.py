"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "count_parameters": {
        "return int((sizes[:-1] + 1) @ sizes[1:]) -> return int(((sizes[1:])) @ (sizes[:-1] + 1))": (
            "the inner product of two vectors commutes"
        ),
    },
}
