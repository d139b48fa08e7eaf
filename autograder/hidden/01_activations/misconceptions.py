import numpy as np


def sigmoid__threshold(x):
    """Every output is 0 or 1. That is a threshold, whose slope is 0 almost everywhere, so that no layer before it
    could learn: the sigmoid passes from 0 to 1 gradually."""
    return np.where(x > 0, 1.0, 0.0)


def sigmoid__sign_lost(x):
    """The output falls where it should rise. Look at the sign in the exponent: a large positive x
    must give almost 1."""
    return 1 / (1 + np.exp(x))


def sigmoid__infinity_by_infinity(x):
    """Right for ordinary inputs, but NaN for large positive ones: numerator and denominator both overflow to infinity.
    Find a form whose exponential overflows in the denominator only, or not at all."""
    return np.exp(x) / (1 + np.exp(x))


def sigmoid__derivative(x):
    """The output is a bump that never exceeds 1/4. That is the slope of the sigmoid; the function itself is
    asked for."""
    z = np.exp(-np.abs(x))
    return z / (1 + z) ** 2


def sigmoid__straight_line(x):
    """The output climbs in a straight line and then stops at 0 and 1. That is the "hard" sigmoid, a cheap
    approximation; the real one has an exponential in it and is curved."""
    return np.clip(0.2 * x + 0.5, 0, 1)


def sigmoid__twice_too_steep(x):
    """The output is that of the sigmoid at 2x. If you started from tanh: the sigmoid is tanh shifted and scaled, but
    also stretched along x."""
    return (1 + np.tanh(x)) / 2


def sigmoid__changes_input(x):
    """The values are right, but x itself was changed on the way, and the caller may still need it. An operator such as
    *= writes into the caller's array; compute a new one."""
    x *= -1
    return 1 / (1 + np.exp(x))


def tanh__infinity_by_infinity(x):
    """Right for ordinary inputs, but NaN for large ones of either sign: numerator and denominator both overflow to
    infinity. Divide them by the larger exponential on paper first."""
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


def tanh__overflows_on_the_right(x):
    """Right for negative inputs, but NaN for large positive ones, where e^2x overflows above and below the line.
    Whichever form you choose, check it on both sides."""
    z = np.exp(2 * x)
    return (z - 1) / (z + 1)


def tanh__clips_for_float64_only(x):
    """Right in float64, but NaN for large float32 inputs. float32 exponentials overflow below x = 89, so a clip chosen
    for float64 comes too late."""
    x = np.clip(x, -350, 350)
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


def tanh__half_the_argument(x):
    """The output rises half as fast as it should: it is tanh at x/2. tanh is a stretched sigmoid, and the stretching
    concerns x as well as the output."""
    return 2 / (1 + np.exp(-x)) - 1


def tanh__not_centred(x):
    """The outputs lie between 0 and 2. The shape is right, but tanh is centred on 0: the shift is missing."""
    return 2 / (1 + np.exp(-2 * x))


def tanh__sign_lost(x):
    """No output is negative. With |x| in the exponent nothing overflows, but the sign of x has to come back at the
    end: tanh(-x) = -tanh(x)."""
    z = np.exp(-2 * np.abs(x))
    return (1 - z) / (1 + z)


def tanh__changes_input(x):
    """The values are right, but x itself was changed on the way, and the caller may still need it. An operator such as
    *= writes into the caller's array; compute a new one."""
    x *= -2
    return 2 / (1 + np.exp(x)) - 1


def relu__slope(x):
    """Positive inputs come out as 1. That is the slope of ReLU; the output is the input itself."""
    return (x > 0).astype(float)


def relu__as_in_a4(x):
    """Positive inputs come out as 1 and negative ones unchanged. Document A explains ReLU like this (question 4), but
    that contradicts its own formula: take max(0, x) at its word, for one positive and one negative number."""
    return np.where(x > 0, 1.0, x)


def relu__leaks(x):
    """Negative inputs still come through, scaled. That is leaky ReLU: ReLU turns them into exactly 0."""
    return np.where(x > 0, x, 0.01 * x)


def relu__absolute_value(x):
    """Negative inputs come out with their sign turned. That is the absolute value: ReLU turns them into 0."""
    return np.abs(x)


def relu__maximum_along_axis(x):
    """The result has lost an axis. np.max(x, 0) is the largest value along axis 0; you want the larger of two numbers
    for every entry, which is another function of NumPy."""
    return np.max(x, 0)


def relu__capped(x):
    """Inputs above 1 come out as 1. ReLU has no upper limit, which is why it does not saturate: cut off
    below 0 only."""
    return np.clip(x, 0, 1)


def relu__changes_input(x):
    """The values are right, but x itself was changed, and the caller may still need it. Assigning to x[...] writes into
    the caller's array; work on a new one."""
    x[x < 0] = 0
    return x


def leaky_relu__as_in_a37(x, negative_slope=0.01):
    """Negative inputs come out as 0, whatever the slope. That is plain ReLU, and so is the formula in document A
    (question 37): its two terms add up to x."""
    return np.maximum(0, negative_slope * x + (1 - negative_slope) * x)


def leaky_relu__constant(x, negative_slope=0.01):
    """All negative inputs come out as the same number. The slope is a factor: multiply it with the input."""
    return np.where(x > 0, x, negative_slope)


def leaky_relu__ignores_the_slope(x, negative_slope=0.01):
    """Right for the default slope only: the slope is 0.01 whatever the caller asks for. Use the argument."""
    return np.where(x > 0, x, 0.01 * x)


def leaky_relu__larger_of_two(x, negative_slope=0.01):
    """Right for slopes up to 1, wrong above. The larger of x and negative_slope * x is then the wrong one on both
    sides: decide by the sign of x."""
    return np.maximum(x, negative_slope * x)


def leaky_relu__other_default(x, negative_slope=0.2):
    """Right when the slope is given, but the default is 0.2. Libraries differ here (TensorFlow has 0.2); this exercise
    follows the paper and PyTorch: keep the default of the signature."""
    return np.where(x > 0, x, negative_slope * x)


def leaky_relu__sign_lost(x, negative_slope=0.01):
    """Negative inputs come out positive. Only their size shrinks: the function passes through 0 without turning."""
    return np.maximum(x, 0) - negative_slope * np.minimum(x, 0)


def leaky_relu__changes_input(x, negative_slope=0.01):
    """The values are right, but x itself was changed, and the caller may still need it. Assigning to x[...] writes into
    the caller's array; work on a new one."""
    x[x < 0] *= negative_slope
    return x


def softmax__no_shift(x, axis=-1):
    """Right for ordinary scores, but NaN for large or very negative ones: the exponentials overflow, or all become 0.
    Subtract something from the scores first; the result does not change."""
    z = np.exp(x)
    return z / z.sum(axis=axis, keepdims=True)


def softmax__one_maximum_for_all(x, axis=-1):
    """Right as long as all slices are of similar size. The largest score of the whole array is subtracted everywhere,
    so a slice far below it is left with exponentials that are all 0: shift every slice by its own maximum."""
    z = np.exp(x - x.max())
    return z / z.sum(axis=axis, keepdims=True)


def softmax__shift_starts_at_zero(x, axis=-1):
    """Right unless all scores of a slice are far below 0: the shift is never negative, so their exponentials all become
    0. If a running maximum starts at 0, start it elsewhere."""
    z = np.exp(x - x.max(axis=axis, keepdims=True, initial=0))
    return z / z.sum(axis=axis, keepdims=True)


def softmax__ignores_the_axis(x, axis=-1):
    """Right for the default axis only: the result sums to 1 along the last axis whatever the caller asks for. Use the
    argument, for the maximum and for the sum."""
    z = np.exp(x - x.max(axis=-1, keepdims=True))
    return z / z.sum(axis=-1, keepdims=True)


def softmax__one_sum_for_all(x, axis=-1):
    """The entries of the whole array sum to 1, not those of each slice. A sum without an axis runs over everything:
    each slice needs a sum of its own."""
    z = np.exp(x - x.max(axis=axis, keepdims=True))
    return z / z.sum()


def softmax__loses_the_axis(x, axis=-1):
    """A maximum or a sum along an axis loses that axis, so that it no longer lines up with x: NumPy complains about
    broadcasting, or silently matches the wrong entries. Keep the axis, with length 1."""
    z = np.exp(x - x.max(axis=axis))
    return z / z.sum(axis=axis)


def softmax__changes_input(x, axis=-1):
    """The values are right, but x itself was changed on the way, and the caller may still need it. An operator such as
    -= writes into the caller's array; compute a new one."""
    x -= x.max(axis=axis, keepdims=True)
    return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)
