import math

import numpy as np


def sigmoid__formula(x):
    """The formula as it stands: it warns of overflow for very negative x, and is right."""
    return 1 / (1 + np.exp(-x))


def sigmoid__from_tanh(x):
    """Through the hyperbolic tangent, which does not overflow."""
    return 0.5 * (1 + np.tanh(0.5 * x))


def sigmoid__loop(x):
    """One number at a time with the math module, and a branch on the sign, since math.exp raises on overflow."""

    def _one(value):
        if value >= 0:
            return 1 / (1 + math.exp(-value))
        return math.exp(value) / (1 + math.exp(value))

    return np.array([_one(value) for value in x.ravel().tolist()]).reshape(x.shape)


def tanh__shifted_sigmoid(x):
    """The documents' formula: it warns of overflow for very negative x, and is right."""
    return 2 / (1 + np.exp(-2 * x)) - 1


def tanh__clipped(x):
    """The definition, with x clipped where tanh has long reached 1: e^20 overflows in no precision."""
    x = np.clip(x, -20, 20)
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


def tanh__masks(x):
    """Each sign has its own form, written into a result of float64."""
    result = np.zeros(x.shape)
    positive = x > 0
    z = np.exp(-2 * x[positive])
    result[positive] = (1 - z) / (1 + z)
    z = np.exp(2 * x[~positive])
    result[~positive] = (z - 1) / (z + 1)
    return result


def relu__mask(x):
    """Multiplied by the mask; negative inputs become -0.0, which equals 0."""
    return x * (x > 0)


def relu__half_sum(x):
    """Half the sum of x and |x|."""
    return (x + np.abs(x)) / 2


def relu__copy(x):
    """A copy, overwritten in place."""
    result = x.copy()
    result[result < 0] = 0
    return result


def leaky_relu__two_terms(x, negative_slope=0.01):
    """The positive and the negative part, added."""
    return np.maximum(x, 0) + negative_slope * np.minimum(x, 0)


def leaky_relu__masks(x, negative_slope=0.01):
    """A scaled array, with the positive inputs put back."""
    result = negative_slope * x
    result[x > 0] = x[x > 0]
    return result


def leaky_relu__loop(x, negative_slope=0.01):
    """One number at a time."""
    result = np.empty(x.shape)
    for index, value in np.ndenumerate(x):
        result[index] = value if value > 0 else negative_slope * value
    return result


def softmax__through_logarithms(x, axis=-1):
    """e to the power of log-softmax."""
    return np.exp(x - np.logaddexp.reduce(x, axis=axis, keepdims=True))


def softmax__slices(x, axis=-1):
    """One slice at a time."""

    def _one(scores):
        z = np.exp(scores - max(scores))
        return z / sum(z)

    return np.apply_along_axis(_one, axis, x)


def softmax__axis_moved(x, axis=-1):
    """The axis is moved to the front, where sums broadcast by themselves, and back."""
    z = np.moveaxis(x, axis, 0)
    z = np.exp(z - z.max(axis=0))
    return np.moveaxis(z / z.sum(axis=0), 0, axis)
