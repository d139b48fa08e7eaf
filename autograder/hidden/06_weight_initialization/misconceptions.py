import copy

import numpy as np


def normal_init__zeros(fan_in, fan_out, std, rng):
    """All weights are 0. Then all units of a layer compute the same and receive the same gradient, for ever: draw
    random numbers."""
    return np.zeros((fan_out, fan_in))


def normal_init__standard_normal(fan_in, fan_out, std, rng):
    """The standard deviation is 1, whatever was asked for. Use the argument std."""
    return rng.standard_normal((fan_out, fan_in))


def normal_init__variance(fan_in, fan_out, std, rng):
    """The spread is the square of what it should be. std is a standard deviation and so is what NumPy wants: the square
    in N(0, std^2) makes a variance of it."""
    return rng.normal(0, std**2, (fan_out, fan_in))


def normal_init__square_root(fan_in, fan_out, std, rng):
    """The spread is the square root of what it should be. std is a standard deviation already, not a variance."""
    return rng.normal(0, np.sqrt(std), (fan_out, fan_in))


def normal_init__std_as_mean(fan_in, fan_out, std, rng):
    """The mean is std, and the standard deviation is 1. The first argument of a generator's normal method is the mean,
    the standard deviation comes second."""
    return rng.normal(std, size=(fan_out, fan_in))


def normal_init__transposed(fan_in, fan_out, std, rng):
    """Right numbers, but the matrix lies on its side. It has one row for each output and one column for each input."""
    return rng.normal(0, std, (fan_in, fan_out))


def normal_init__truncated(fan_in, fan_out, std, rng):
    """No entry is farther from 0 than two standard deviations. That is a truncated normal distribution, as in Keras;
    this exercise wants the whole one, tails included."""
    weight = rng.normal(0, std, (fan_out, fan_in))
    while (outside := np.abs(weight) > 2 * std).any():
        weight[outside] = rng.normal(0, std, outside.sum())
    return weight


def normal_init__own_generator(fan_in, fan_out, std, rng):
    """The weights are the same in every call, whatever generator is passed. A generator that is made and seeded inside
    the function starts anew each time, so two layers of one shape are equal: draw from rng."""
    return np.random.default_rng(0).normal(0, std, (fan_out, fan_in))


def normal_init__copies_the_generator(fan_in, fan_out, std, rng):
    """Right for a single call, but the next call with the same generator gives the same weights again. You draw from a
    copy, so rng itself stays where it was: a generator is meant to be moved on."""
    return copy.deepcopy(rng).normal(0, std, (fan_out, fan_in))


def xavier_uniform__zeros(fan_in, fan_out, rng, gain=1.0):
    """All weights are 0. Then all units of a layer compute the same and receive the same gradient, for ever: draw
    random numbers."""
    return np.zeros((fan_out, fan_in))


def xavier_uniform__copies_the_generator(fan_in, fan_out, rng, gain=1.0):
    """Right for a single call, but the next call with the same generator gives the same weights again. You draw from a
    copy, so rng itself stays where it was: a generator is meant to be moved on."""
    bound = gain * np.sqrt(6 / (fan_in + fan_out))
    return copy.deepcopy(rng).uniform(-bound, bound, (fan_out, fan_in))


def xavier_uniform__std_as_bound(fan_in, fan_out, rng, gain=1.0):
    """The entries do not reach far enough. You took the standard deviation for the bound, but most of a uniform
    distribution lies beyond it: with variance bound^2 / 3, which bound gives the variance that you want?"""
    bound = gain * np.sqrt(2 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_out, fan_in))


def xavier_uniform__no_square_root(fan_in, fan_out, rng, gain=1.0):
    """The bound is too small for large layers. 6 / (fan_in + fan_out) is the square of the bound: the root is
    missing."""
    bound = gain * 6 / (fan_in + fan_out)
    return rng.uniform(-bound, bound, (fan_out, fan_in))


def xavier_uniform__fan_in_only(fan_in, fan_out, rng, gain=1.0):
    """The number of outputs has no influence. The variance 1 / fan_in, which some libraries call Xavier, serves the way
    forward only; the formula of the paper has both fans in it."""
    bound = gain * np.sqrt(3 / fan_in)
    return rng.uniform(-bound, bound, (fan_out, fan_in))


def xavier_uniform__gain_inside_the_root(fan_in, fan_out, rng, gain=1.0):
    """Right without a gain, but a gain of 4 only doubles the bound. The gain multiplies the bound itself, outside the
    square root."""
    bound = np.sqrt(gain * 6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_out, fan_in))


def xavier_uniform__ignores_the_gain(fan_in, fan_out, rng, gain=1.0):
    """Right without a gain, but the gain changes nothing. Use the argument: it multiplies the bound."""
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_out, fan_in))


def xavier_uniform__never_negative(fan_in, fan_out, rng, gain=1.0):
    """No entry is negative. random() draws from 0 to 1; the weights have mean 0 and reach from minus the bound to the
    bound."""
    return gain * np.sqrt(6 / (fan_in + fan_out)) * rng.random((fan_out, fan_in))


def xavier_uniform__normal(fan_in, fan_out, rng, gain=1.0):
    """The spread is right, but the entries follow a normal distribution and go beyond the bounds. That is the other
    form, xavier_normal; this one draws uniformly."""
    return rng.normal(0, gain * np.sqrt(2 / (fan_in + fan_out)), (fan_out, fan_in))


def xavier_uniform__transposed(fan_in, fan_out, rng, gain=1.0):
    """Right numbers, but the matrix lies on its side. It has one row for each output and one column for each input."""
    bound = gain * np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def xavier_normal__one_row_for_all(fan_in, fan_out, rng, gain=1.0):
    """All rows of the matrix are equal. Then all units compute the same and receive the same gradient, for ever: draw
    every entry by itself."""
    row = rng.normal(0, gain * np.sqrt(2 / (fan_in + fan_out)), fan_in)
    return np.tile(row, (fan_out, 1))


def xavier_normal__copies_the_generator(fan_in, fan_out, rng, gain=1.0):
    """Right for a single call, but the next call with the same generator gives the same weights again. You draw from a
    copy, so rng itself stays where it was: a generator is meant to be moved on."""
    return copy.deepcopy(rng).normal(0, gain * np.sqrt(2 / (fan_in + fan_out)), (fan_out, fan_in))


def xavier_normal__variance_as_std(fan_in, fan_out, rng, gain=1.0):
    """The spread is far too small. 2 / (fan_in + fan_out) is the variance, but NumPy wants the standard deviation: the
    root is missing."""
    return rng.normal(0, gain * 2 / (fan_in + fan_out), (fan_out, fan_in))


def xavier_normal__bound_as_std(fan_in, fan_out, rng, gain=1.0):
    """The spread is too large. The 6 belongs to the uniform form, where it makes the bound; here you need the standard
    deviation."""
    return rng.normal(0, gain * np.sqrt(6 / (fan_in + fan_out)), (fan_out, fan_in))


def xavier_normal__fan_in_only(fan_in, fan_out, rng, gain=1.0):
    """The number of outputs has no influence. The variance 1 / fan_in, which some libraries call Xavier, serves the way
    forward only; the formula of the paper has both fans in it."""
    return rng.normal(0, gain * np.sqrt(1 / fan_in), (fan_out, fan_in))


def xavier_normal__sum_for_mean(fan_in, fan_out, rng, gain=1.0):
    """The spread is too small. The variance is 1 divided by the mean of the two fans; you divided by their sum."""
    return rng.normal(0, gain * np.sqrt(1 / (fan_in + fan_out)), (fan_out, fan_in))


def xavier_normal__gain_inside_the_root(fan_in, fan_out, rng, gain=1.0):
    """Right without a gain, but a gain of 4 only doubles the spread. The gain multiplies the standard deviation itself,
    outside the square root."""
    return rng.normal(0, np.sqrt(gain * 2 / (fan_in + fan_out)), (fan_out, fan_in))


def xavier_normal__gain_for_relu(fan_in, fan_out, rng, gain=2**0.5):
    """Right when the gain is given, but the default is the gain for ReLU. Keep the default of the signature, which
    changes nothing."""
    return rng.normal(0, gain * np.sqrt(2 / (fan_in + fan_out)), (fan_out, fan_in))


def xavier_normal__uniform(fan_in, fan_out, rng, gain=1.0):
    """The spread is right, but the entries are uniform between two bounds. That is the other form, xavier_uniform; this
    one draws from a normal distribution."""
    bound = gain * np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_out, fan_in))


def he_normal__copies_the_generator(fan_in, fan_out, rng):
    """Right for a single call, but the next call with the same generator gives the same weights again. You draw from a
    copy, so rng itself stays where it was: a generator is meant to be moved on."""
    return copy.deepcopy(rng).normal(0, np.sqrt(2 / fan_in), (fan_out, fan_in))


def he_normal__fixed_std(fan_in, fan_out, rng):
    """The spread is the same for all layers. It has to follow the number of inputs, or a deep network loses its
    signal."""
    return rng.normal(0, 0.01, (fan_out, fan_in))


def he_normal__xavier(fan_in, fan_out, rng):
    """The spread depends on the number of outputs. Those are Xavier's weights: He's count the inputs only, and make up
    for the half that ReLU cuts off."""
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), (fan_out, fan_in))


def he_normal__fan_out(fan_in, fan_out, rng):
    """The spread depends on the number of outputs instead of inputs. That keeps the size of the gradient on its way
    back; this exercise keeps the size of the signal on its way forward."""
    return rng.normal(0, np.sqrt(2 / fan_out), (fan_out, fan_in))


def he_normal__no_gain_for_relu(fan_in, fan_out, rng):
    """The spread is too small by a factor of about 1.4. A variance of 1 / fan_in is right for linear layers; ReLU cuts
    off half of the signal, and something has to make up for that."""
    return rng.normal(0, np.sqrt(1 / fan_in), (fan_out, fan_in))


def he_normal__variance_as_std(fan_in, fan_out, rng):
    """The spread is far too small. 2 / fan_in is the variance, but NumPy wants the standard deviation: the root is
    missing."""
    return rng.normal(0, 2 / fan_in, (fan_out, fan_in))


def he_normal__uniform(fan_in, fan_out, rng):
    """The spread is right, but the entries are uniform between two bounds. That is the other form of He's
    initialization; this one draws from a normal distribution."""
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(-bound, bound, (fan_out, fan_in))


def he_normal__truncated(fan_in, fan_out, rng):
    """The spread is right, but there are no tails: a normal distribution that is cut off and widened to make up for it,
    as in Keras. This exercise wants the whole normal distribution."""
    std = np.sqrt(2 / fan_in) / 0.8796256610342398
    weight = rng.normal(0, std, (fan_out, fan_in))
    while (outside := np.abs(weight) > 2 * std).any():
        weight[outside] = rng.normal(0, std, outside.sum())
    return weight


def he_normal__own_generator(fan_in, fan_out, rng):
    """The weights are the same in every call, whatever generator is passed. A generator that is made and seeded inside
    the function starts anew each time, so two layers of one shape are equal: draw from rng."""
    return np.random.default_rng(42).normal(0, np.sqrt(2 / fan_in), (fan_out, fan_in))


def activation_std_by_depth__no_relu(x, weights):
    """There is no ReLU: the layers are linear. Negative activations have to become 0 before they are measured and
    passed on."""
    stds = []
    for weight in weights:
        x = x @ weight.T
        stds.append(float(x.std()))
    return stds


def activation_std_by_depth__before_relu(x, weights):
    """The signal is measured before ReLU. It is passed on correctly, but what counts as a layer's output is what the
    next layer sees: measure after ReLU."""
    stds = []
    for weight in weights:
        z = x @ weight.T
        stds.append(float(z.std()))
        x = np.maximum(z, 0)
    return stds


def activation_std_by_depth__last_layer_linear(x, weights):
    """Right but for the last value: the last layer has no ReLU. That is usual in a classifier, but here ReLU follows
    every layer."""
    stds = []
    for depth, weight in enumerate(weights, 1):
        x = x @ weight.T
        if depth < len(weights):
            x = np.maximum(x, 0)
        stds.append(float(x.std()))
    return stds


def activation_std_by_depth__not_passed_on(x, weights):
    """Right for a single layer, but every layer gets the input x again. Each layer works on the output of the one
    before it."""
    return [float(np.maximum(x @ weight.T, 0).std()) for weight in weights]


def activation_std_by_depth__per_unit(x, weights):
    """The values are too small: the deviation of each unit is taken by itself and then averaged, so the differences
    between units are lost. Take one standard deviation over all entries."""
    stds = []
    for weight in weights:
        x = np.maximum(x @ weight.T, 0)
        stds.append(float(x.std(axis=0).mean()))
    return stds


def activation_std_by_depth__root_mean_square(x, weights):
    """The values are too large: the mean is not subtracted. That is the root mean square; after ReLU the mean is not 0,
    so it differs from the standard deviation."""
    stds = []
    for weight in weights:
        x = np.maximum(x @ weight.T, 0)
        stds.append(float(np.sqrt((x**2).mean())))
    return stds


def activation_std_by_depth__sample_std(x, weights):
    """The values are a little too large, in small batches most. You divide by the number of entries minus one; here the
    number of entries is meant, NumPy's default."""
    stds = []
    for weight in weights:
        x = np.maximum(x @ weight.T, 0)
        stds.append(float(x.std(ddof=1)))
    return stds


def activation_std_by_depth__starts_with_the_input(x, weights):
    """There is one value too many, in front: the deviation of the input. The list has one value per layer, beginning
    with the output of the first."""
    stds = [float(x.std())]
    for weight in weights:
        x = np.maximum(x @ weight.T, 0)
        stds.append(float(x.std()))
    return stds


def activation_std_by_depth__empties_the_list(x, weights):
    """The values are right, but afterwards the caller's list of weights is empty. pop takes the matrices out of it:
    loop over the list instead."""
    stds = []
    while weights:
        x = np.maximum(x @ weights.pop(0).T, 0)
        stds.append(float(x.std()))
    return stds
