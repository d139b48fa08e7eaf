import math
from statistics import NormalDist

import numpy as np


def normal_init__scaled(fan_in, fan_out, std, rng):
    """Standard normal numbers in float32, scaled in place."""
    weight = rng.standard_normal((fan_out, fan_in), dtype=np.float32)
    weight *= std
    return weight


def normal_init__box_muller(fan_in, fan_out, std, rng):
    """Box and Muller's method: two uniform numbers for each normal one."""
    radius = np.sqrt(-2 * np.log(1 - rng.random((fan_out, fan_in))))
    return std * radius * np.cos(2 * np.pi * rng.random((fan_out, fan_in)))


def normal_init__row_by_row(fan_in, fan_out, std, rng):
    """One row of the matrix after another."""
    return np.stack([rng.normal(0, std, fan_in) for _ in range(fan_out)])


def normal_init__quantiles(fan_in, fan_out, std, rng):
    """Uniform numbers through the inverse of the distribution function, one at a time."""
    normal = NormalDist(0, std)
    return np.array([[normal.inv_cdf(1 - u) for u in row] for row in rng.uniform(0, 1, (fan_out, fan_in)).tolist()])


def xavier_uniform__stretched(fan_in, fan_out, rng, gain=1.0):
    """Numbers from 0 to 1, shifted and stretched, in float32."""
    bound = np.float32(gain * math.sqrt(6 / (fan_in + fan_out)))
    return (2 * rng.random((fan_out, fan_in), dtype=np.float32) - 1) * bound


def xavier_uniform__from_the_variance(fan_in, fan_out, rng, gain=1.0):
    """The bound from the variance, which is a third of its square; drawn in transposed order."""
    variance = gain**2 / ((fan_in + fan_out) / 2)
    bound = (3 * variance) ** 0.5
    return (bound - 2 * bound * rng.random((fan_in, fan_out))).T


def xavier_uniform__row_by_row(fan_in, fan_out, rng, gain=1.0):
    """One row of the matrix after another: a random size, times a random sign."""
    bound = gain * math.sqrt(6) / math.sqrt(fan_in + fan_out)
    weight = np.empty((fan_out, fan_in))
    for row in weight:
        row[:] = rng.uniform(0, bound, fan_in) * rng.choice([-1, 1], fan_in)
    return weight


def xavier_normal__scaled(fan_in, fan_out, rng, gain=1.0):
    """Standard normal numbers, scaled and divided."""
    return rng.standard_normal((fan_out, fan_in)) * gain / np.sqrt((fan_in + fan_out) / 2)


def xavier_normal__flat(fan_in, fan_out, rng, gain=1.0):
    """Drawn in one row from the variance, then brought into shape."""
    variance = 2 * gain**2 / (fan_in + fan_out)
    return rng.normal(scale=math.sqrt(variance), size=fan_in * fan_out).reshape(fan_out, fan_in)


def xavier_normal__float32(fan_in, fan_out, rng, gain=1.0):
    """Drawn in float64, returned in float32."""
    std = gain * (2.0 / (fan_in + fan_out)) ** 0.5
    return rng.normal(0, std, (fan_out, fan_in)).astype(np.float32)


def he_normal__scaled(fan_in, fan_out, rng):
    """Standard normal numbers times the gain of ReLU, divided by the root of fan_in."""
    return np.sqrt(2) * rng.standard_normal((fan_out, fan_in)) / np.sqrt(fan_in)


def he_normal__column_by_column(fan_in, fan_out, rng):
    """One column of the matrix after another, in float32."""
    weight = np.zeros((fan_out, fan_in), dtype=np.float32)
    for j in range(fan_in):
        weight[:, j] = rng.normal(0, math.sqrt(2 / fan_in), fan_out)
    return weight


def he_normal__child_generator(fan_in, fan_out, rng):
    """A child generator, seeded from rng, draws the numbers."""
    child = np.random.default_rng(rng.integers(2**63))
    return child.normal(0, (fan_in / 2) ** -0.5, (fan_out, fan_in))


def _stds_from(h, weights):
    if not weights:
        return []
    h = (weights[0] @ h.T).T
    h = np.where(h > 0, h, 0.0)
    return [np.std(h), *_stds_from(h, weights[1:])]


def activation_std_by_depth__recursive(x, weights):
    """The first layer, then the rest; the answer holds NumPy scalars."""
    return _stds_from(x, weights)


def activation_std_by_depth__moments(x, weights):
    """The standard deviation from the first two moments, in float64; the answer is one array."""
    stds = np.zeros(len(weights))
    h = np.array(x, dtype=np.float64)
    for depth, weight in enumerate(weights):
        h = np.einsum("ni,oi->no", h, weight).clip(min=0)
        stds[depth] = np.sqrt(np.mean(h * h) - np.mean(h) ** 2)
    return stds


def activation_std_by_depth__loops(x, weights):
    """One number at a time; the answer is a tuple."""
    rows, stds = x.tolist(), []
    for weight in weights:
        rows = [
            [max(0.0, sum(w * v for w, v in zip(unit, row, strict=True))) for unit in weight.tolist()] for row in rows
        ]
        entries = [value for row in rows for value in row]
        mean = sum(entries) / len(entries)
        stds.append(math.sqrt(sum((value - mean) ** 2 for value in entries) / len(entries)))
    return tuple(stds)
