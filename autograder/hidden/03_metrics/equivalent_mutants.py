"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "f1_score": {
        'classes = np.array([1]) if average == "binary" else np.union1d(y_true, y_pred) -> '
        'classes = np.array([1]) if average == "binary" else np.union1d((y_pred), (y_true))': "a union has no order",
        "return float(np.mean(2 * tp / np.maximum(denominator, 1)))  # where the denominator is 0, so is tp -> "
        "return float(np.mean(2 * tp / np.maximum(denominator, 2)))  # where the denominator is 0, so is tp": (
            "a denominator of 1 means no true positive: the quotient is 0 either way"
        ),
    },
}
