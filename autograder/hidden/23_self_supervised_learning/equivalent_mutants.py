"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "mask_tokens": {
        "hidden = rng.random(tokens.shape) < p -> hidden = rng.random(tokens.shape) <= p": (
            "the random number is equal to p with a probability of 2^-53 at most"
        ),
    },
    "masked_reconstruction_loss": {
        "return np.mean((prediction[mask] - target[mask]) ** 2) -> "
        "return np.mean(((target[mask]) - (prediction[mask])) ** 2)": "the square of a difference has no sign",
    },
}
