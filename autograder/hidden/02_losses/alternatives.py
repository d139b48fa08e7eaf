import math

import numpy as np


def mse_loss__loop(prediction, target):
    """One pair at a time; the result is a Python number."""
    total = 0.0
    for p, t in zip(prediction.ravel().tolist(), target.ravel().tolist(), strict=True):
        total += (p - t) ** 2
    return total / prediction.size


def mse_loss__dot_product(prediction, target):
    """The dot product of the differences with themselves, divided by their number."""
    difference = np.ravel(prediction - target)
    return difference @ difference / difference.size


def mse_loss__variance_and_bias(prediction, target):
    """The variance of the errors plus the square of their mean, as a 0-d array."""
    error = np.subtract(prediction, target)
    return np.asarray(error.var() + error.mean() ** 2)


def binary_cross_entropy__loop(probability, target):
    """One pair at a time with the math module, whose logarithm raises at 0; the result is a Python number."""

    def _log(value):
        return max(math.log(value), -100.0) if value > 0 else -100.0

    pairs = list(zip(probability.ravel().tolist(), target.ravel().tolist(), strict=True))
    return -sum(y * _log(p) + (1 - y) * _log(1 - p) for p, y in pairs) / len(pairs)


def binary_cross_entropy__clips_at_the_clamp(probability, target):
    """Each probability is clipped where its logarithm is -100, in its own precision."""
    smallest = math.exp(-100)
    log_p = np.log(np.clip(probability, smallest, None))
    log_q = np.log(np.clip(1 - probability, smallest, None))
    return ((target - 1) * log_q - target * log_p).mean()


def binary_cross_entropy__log1p(probability, target):
    """The second logarithm through log1p; infinities are replaced, the rest is clipped."""
    with np.errstate(divide="ignore"):
        logs = np.stack([np.log(probability), np.log1p(-probability)])
    logs = np.clip(np.nan_to_num(logs, neginf=-100.0), -100.0, 0.0)
    return np.asarray(-(np.stack([target, 1 - target]) * logs).sum() / target.size)


def binary_cross_entropy_with_logits__shifted(logits, target):
    """The form in PyTorch's and TensorFlow's documentation, with the exponential of -|z|."""
    return np.mean(np.maximum(logits, 0) - logits * target + np.log(1 + np.exp(-np.abs(logits))))


def binary_cross_entropy_with_logits__loop(logits, target):
    """One pair at a time with the math module, with a branch on the sign; the result is a Python number."""

    def _one(z, y):
        if z >= 0:
            return (1 - y) * z + math.log1p(math.exp(-z))
        return -y * z + math.log1p(math.exp(z))

    pairs = list(zip(logits.ravel().tolist(), target.ravel().tolist(), strict=True))
    return math.fsum(_one(z, y) for z, y in pairs) / len(pairs)


def binary_cross_entropy_with_logits__two_classes(logits, target):
    """The cross-entropy of two classes, one of which has the logit 0."""
    both = np.stack([np.zeros_like(logits), logits])
    shifted = both - both.max(axis=0)
    logs = shifted - np.log(np.exp(shifted).sum(axis=0))
    return -((1 - target) * logs[0] + target * logs[1]).mean()


def log_softmax__logaddexp(logits, axis=-1):
    """The logarithm of the sum by NumPy's own safe addition of exponentials."""
    return logits - np.logaddexp.reduce(logits, axis=axis, keepdims=True)


def log_softmax__shift_undone(logits, axis=-1):
    """The shift is added to the logarithm instead of being left in the logits; the axis is moved to the front."""
    z = np.moveaxis(logits, axis, 0)
    largest = z.max(axis=0)
    return np.moveaxis(z - (largest + np.log(np.exp(z - largest).sum(axis=0))), 0, axis)


def log_softmax__slices(logits, axis=-1):
    """One slice at a time, in Python numbers."""

    def _one(scores):
        scores = scores.tolist()
        largest = max(scores)
        log_sum = math.log(sum(math.exp(score - largest) for score in scores))
        return np.array([score - largest - log_sum for score in scores])

    return np.apply_along_axis(_one, axis, logits)


def cross_entropy_loss__one_hot(logits, target):
    """The right entries are picked by a product with one-hot rows."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(np.eye(logits.shape[1])[target] * logs).sum() / logits.shape[0]


def cross_entropy_loss__log_sum_exp(logits, target):
    """The logarithm of the sum minus the right logit, for all rows at once."""
    right = np.take_along_axis(logits, target[:, None], axis=1)[:, 0]
    return (np.logaddexp.reduce(logits, axis=1) - right).mean()


def cross_entropy_loss__loop(logits, target):
    """One row at a time; the result is a Python number."""
    total = 0.0
    for row, right in zip(logits.tolist(), target.tolist(), strict=True):
        total += math.log(sum(math.exp(z - max(row)) for z in row)) + max(row) - row[right]
    return total / len(target)
