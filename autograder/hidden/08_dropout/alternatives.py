import numpy as np


def dropout__binomial(x, p, rng, training=True):
    """The mask is drawn from a binomial distribution with one trial, and the kept entries are picked with where."""
    if p < 0 or p >= 1:
        raise ValueError("p")
    if not training:
        return x.copy(), np.full(x.shape, True)
    mask = rng.binomial(1, 1 - p, x.shape).astype(bool)
    return np.where(mask, x / (1 - p), 0.0), mask


def dropout__scaled_mask(x, p, rng, training=True):
    """Random numbers of float32, compared with the probability of keeping, which is 1 when not training; a list comes
    back instead of a tuple."""
    if not (p >= 0 and p < 1):
        raise ValueError("p")
    probability_of_keeping = 1.0 - p if training else 1.0
    mask = rng.random(x.shape, dtype=np.float32) < probability_of_keeping
    return [x * (mask.astype(np.float64) / probability_of_keeping), mask]


def dropout__loop(x, p, rng, training=True):
    """One entry at a time."""
    if not 0 <= p < 1:
        raise ValueError("p")
    output, mask = x.copy(), np.ones_like(x, dtype=bool)
    if training:
        for index in np.ndindex(x.shape):
            if rng.uniform() < p:
                output[index], mask[index] = 0, False
            else:
                output[index] /= 1 - p
    return output, mask


def dropout__choice(x, p, rng, training=True):
    """Each entry chooses between kept and dropped."""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        p = 0
    mask = rng.choice([False, True], size=x.shape, p=[p, 1 - p])
    output = np.zeros(x.shape, x.dtype)
    output[mask] = x[mask] / (1 - p)
    return output, mask


def dropout_backward__where(grad_output, mask, p):
    """The kept entries are picked with where; the scale is computed first."""
    scale = 1 / (1 - p)
    return np.where(mask, scale * grad_output, 0)


def dropout_backward__overwritten(grad_output, mask, p):
    """Everything is scaled, and the dropped entries are overwritten."""
    grad_x = grad_output / (1 - p)
    grad_x[~mask] = 0
    return grad_x


def dropout_backward__loop(grad_output, mask, p):
    """One entry at a time."""
    grad_x = np.zeros(grad_output.shape)
    for index in np.ndindex(grad_output.shape):
        if mask[index]:
            grad_x[index] = grad_output[index] / (1 - p)
    return grad_x
