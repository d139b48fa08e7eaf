import itertools
import math

import numpy as np
import pytest
import torch
from scipy import stats

from autograder.suite.assertions import Mismatch, assert_close, assert_unchanged

# The weights are random, so their tests are statistical. Each looks at 20000 entries or more. A right answer fails a
# single check with a probability of at most RARE; a run makes fewer than 100 checks, so a right answer is rejected less
# than once in ten million runs. Every known mistake lies far beyond the limits.
RARE = 1e-9


def _generator(rng):
    """A generator of its own for every call."""
    return np.random.default_rng(rng.integers(2**32))


def _entries(answer, size):
    """The entries of a weight matrix, whichever way round it is: finite floats, not all of them equal."""
    if not isinstance(answer, np.ndarray) or answer.dtype.kind != "f":
        raise Mismatch("the answer is not an array of floats")
    if answer.size != size:
        raise Mismatch(f"the answer has {answer.size} entries, which is not the right number", f"expected: {size}")
    entries = answer.astype(np.float64).ravel()
    if not np.isfinite(entries).all():
        raise Mismatch("the answer contains NaN or infinity")
    if size > 1 and (entries == entries[0]).all():
        raise Mismatch("all entries of the answer are equal; they must be random")
    return entries


def _assert_shape(answer, fan_in, fan_out):
    _entries(answer, fan_in * fan_out)
    if answer.shape != (fan_out, fan_in):
        raise Mismatch(
            f"the answer has shape {answer.shape}, which is not the right one", f"expected: {(fan_out, fan_in)}"
        )


def _standardized(entries):
    return (entries - entries.mean()) / entries.std(ddof=1)


def _assert_mean_zero(answer, size):
    """The mean is 0, compared with the spread that the entries have, right or wrong."""
    entries = _entries(answer, size)
    if 2 * stats.norm.sf(abs(entries.mean()) / entries.std() * math.sqrt(size)) < RARE:
        raise Mismatch("the mean of the entries is not 0", f"mean: {entries.mean()}, std: {entries.std()}")


def _assert_std(answer, size, std):
    """The standard deviation of normal entries; the sum of their squared deviations is chi-squared."""
    entries = _entries(answer, size)
    squares = (size - 1) * (entries.std(ddof=1) / std) ** 2
    instructor = f"expected std: {std}, std of the answer: {entries.std()}"
    if stats.chi2.sf(squares, size - 1) < RARE:
        raise Mismatch("the entries are spread too widely", instructor)
    if stats.chi2.cdf(squares, size - 1) < RARE:
        raise Mismatch("the entries are spread too narrowly", instructor)


def _assert_bounds(answer, size, bound):
    """The entries stay within the bounds and come within 0.2 % of both: of 40000, none does with probability e^-40."""
    entries = _entries(answer, size)
    instructor = f"expected bound: {bound}, entries from {entries.min()} to {entries.max()}"
    if np.abs(entries).max() > bound * (1 + 1e-6):  # The bound may be rounded to float32.
        raise Mismatch("some entries lie beyond the bounds", instructor)
    if min(entries.max(), -entries.min()) < bound * (1 - 2e-3):
        raise Mismatch("the entries do not reach as far as both bounds", instructor)


def _assert_normal(answer, size):
    """The entries have the shape of a normal distribution, whatever their mean and spread.

    Kolmogorov and Smirnov's test does not see short tails well, so the fourth moment is looked at as well: 3 for a
    normal distribution (with a standard error of 0.025 here, so that 0.4 is 16 of them), 2.4 when it is cut off at two
    standard deviations, 1.8 for a uniform one.
    """
    z = _standardized(_entries(answer, size))
    if stats.kstest(z, "norm").pvalue < RARE or abs((z**4).mean() - 3) > 0.4:
        raise Mismatch(
            "the entries do not follow a normal distribution", f"fourth moment: {(z**4).mean()}, expected: 3"
        )


def _assert_uniform(answer, size):
    """The entries are evenly spread over an interval around 0, whatever its length."""
    entries = _entries(answer, size)
    if stats.kstest(entries / np.abs(entries).max(), stats.uniform(-1, 2).cdf).pvalue < RARE:
        raise Mismatch("the entries are not evenly spread over an interval around 0")


def _assert_independent(answer, size):
    """The means of the rows, and those of the columns, vary no more than those of independent entries."""
    z = _standardized(_entries(answer, size)).reshape(answer.shape)
    if z.ndim != 2:
        raise Mismatch(f"the answer has {z.ndim} axes; a matrix is expected")
    for axis, lines in enumerate(("columns", "rows")):
        means = z.mean(axis)
        if stats.chi2.sf(z.shape[axis] * (means**2).sum(), len(means) - 1) < RARE:
            raise Mismatch(f"the {lines} of the answer resemble each other too much to be independent")


def _assert_repeatable(init, rng, *args):
    """All randomness comes from the generator."""
    seed, size = int(rng.integers(2**32)), args[0] * args[1]
    first, again, other = (init(*args, rng=np.random.default_rng(s)) for s in (seed, seed, seed + 1))
    _entries(first, size)
    if not np.array_equal(_entries(again, size), _entries(first, size)):
        raise Mismatch("two generators of equal seed gave different weights")
    if np.array_equal(_entries(other, size), _entries(first, size)):
        raise Mismatch("two generators of different seeds gave the same weights")


def _assert_moves_on(init, rng, *args):
    """A second call with the generator as the first call left it gives other weights."""
    size = args[0] * args[1]
    first, _, after = init.with_arguments_after(*args, rng=_generator(rng))
    _entries(first, size)
    if not isinstance(after.get("rng"), np.random.Generator):
        raise Mismatch("the generator was replaced by something else")
    if np.array_equal(_entries(init(*args, rng=after["rng"]), size), _entries(first, size)):
        raise Mismatch("two calls with the same generator gave the same weights")


@pytest.mark.points(2)
def test_normal_init_has_a_row_for_each_output(normal_init, rng):
    """normal_init returns a matrix with one row for each output and one column for each input."""
    for fan_in, fan_out in ((7, 4), (1, 5), (5, 1), (1, 1)):
        _assert_shape(normal_init(fan_in, fan_out, 0.5, _generator(rng)), fan_in, fan_out)


@pytest.mark.points(3)
def test_normal_init_has_the_given_standard_deviation(normal_init, rng):
    """normal_init draws entries of the standard deviation that it is given, small or large."""
    for std in (rng.uniform(0.01, 0.05), rng.uniform(3.0, 5.0)):
        _assert_std(normal_init(500, 80, std, _generator(rng)), 500 * 80, std)
        answer = normal_init(fan_in=60, fan_out=700, std=std, rng=_generator(rng))
        _assert_std(answer, 60 * 700, std)


def test_normal_init_has_mean_zero(normal_init, rng):
    """normal_init draws entries that are zero on average."""
    for std in (0.02, 4.0):
        _assert_mean_zero(normal_init(500, 80, std, _generator(rng)), 500 * 80)


def test_normal_init_is_normal(normal_init, rng):
    """normal_init draws from a normal distribution, neither uniform nor truncated."""
    _assert_normal(normal_init(500, 80, 0.5, _generator(rng)), 500 * 80)


def test_normal_init_draws_every_entry_by_itself(normal_init, rng):
    """normal_init draws every entry independently of the others, so that no two units are alike."""
    _assert_independent(normal_init(500, 80, 0.5, _generator(rng)), 500 * 80)


@pytest.mark.points(2)
def test_normal_init_draws_from_the_given_generator(normal_init, rng):
    """normal_init takes all its randomness from rng: the same seed, the same weights; another seed, other weights."""
    _assert_repeatable(normal_init, rng, 7, 4, 0.5)


def test_normal_init_moves_the_generator_on(normal_init, rng):
    """normal_init called twice with the same generator gives two different matrices."""
    _assert_moves_on(normal_init, rng, 7, 4, 0.5)


@pytest.mark.points(2)
def test_xavier_uniform_has_a_row_for_each_output(xavier_uniform, rng):
    """xavier_uniform returns a matrix with one row for each output and one column for each input."""
    for fan_in, fan_out in ((7, 4), (1, 5), (5, 1), (1, 1)):
        _assert_shape(xavier_uniform(fan_in, fan_out, _generator(rng)), fan_in, fan_out)


@pytest.mark.points(3)
def test_xavier_uniform_keeps_to_its_bounds(xavier_uniform, rng):
    """xavier_uniform draws from the whole interval between the bounds that the formula gives for both fans."""
    for fan_in, fan_out in ((500, 80), (60, 700), (20000, 2)):
        answer = xavier_uniform(fan_in, fan_out, _generator(rng))
        _assert_bounds(answer, fan_in * fan_out, math.sqrt(6 / (fan_in + fan_out)))


@pytest.mark.points(2)
def test_xavier_uniform_with_a_gain(xavier_uniform, rng):
    """xavier_uniform multiplies its bounds by the gain."""
    for gain in (5 / 3, 0.25):
        bound = gain * math.sqrt(6 / (500 + 80))
        _assert_bounds(xavier_uniform(500, 80, _generator(rng), gain), 500 * 80, bound)
        answer = xavier_uniform(fan_in=500, fan_out=80, rng=_generator(rng), gain=gain)
        _assert_bounds(answer, 500 * 80, bound)


def test_xavier_uniform_has_mean_zero(xavier_uniform, rng):
    """xavier_uniform draws entries that are zero on average."""
    _assert_mean_zero(xavier_uniform(500, 80, _generator(rng)), 500 * 80)


def test_xavier_uniform_is_uniform(xavier_uniform, rng):
    """xavier_uniform spreads its entries evenly over an interval around zero."""
    _assert_uniform(xavier_uniform(500, 80, _generator(rng)), 500 * 80)


def test_xavier_uniform_draws_every_entry_by_itself(xavier_uniform, rng):
    """xavier_uniform draws every entry independently of the others, so that no two units are alike."""
    _assert_independent(xavier_uniform(500, 80, _generator(rng)), 500 * 80)


@pytest.mark.points(2)
def test_xavier_uniform_draws_from_the_given_generator(xavier_uniform, rng):
    """xavier_uniform takes all its randomness from rng: the same seed, the same weights; another seed, other
    weights."""
    _assert_repeatable(xavier_uniform, rng, 7, 4)


def test_xavier_uniform_moves_the_generator_on(xavier_uniform, rng):
    """xavier_uniform called twice with the same generator gives two different matrices."""
    _assert_moves_on(xavier_uniform, rng, 7, 4)


@pytest.mark.points(2)
def test_xavier_normal_has_a_row_for_each_output(xavier_normal, rng):
    """xavier_normal returns a matrix with one row for each output and one column for each input."""
    for fan_in, fan_out in ((7, 4), (1, 5), (5, 1), (1, 1)):
        _assert_shape(xavier_normal(fan_in, fan_out, _generator(rng)), fan_in, fan_out)


@pytest.mark.points(3)
def test_xavier_normal_has_its_standard_deviation(xavier_normal, rng):
    """xavier_normal draws entries of the standard deviation that the formula gives for both fans."""
    for fan_in, fan_out in ((500, 80), (60, 700), (20000, 2)):
        answer = xavier_normal(fan_in, fan_out, _generator(rng))
        _assert_std(answer, fan_in * fan_out, math.sqrt(2 / (fan_in + fan_out)))


@pytest.mark.points(2)
def test_xavier_normal_with_a_gain(xavier_normal, rng):
    """xavier_normal multiplies its standard deviation by the gain."""
    for gain in (5 / 3, 0.25):
        std = gain * math.sqrt(2 / (500 + 80))
        _assert_std(xavier_normal(500, 80, _generator(rng), gain), 500 * 80, std)
        answer = xavier_normal(fan_in=500, fan_out=80, rng=_generator(rng), gain=gain)
        _assert_std(answer, 500 * 80, std)


def test_xavier_normal_has_mean_zero(xavier_normal, rng):
    """xavier_normal draws entries that are zero on average."""
    _assert_mean_zero(xavier_normal(500, 80, _generator(rng)), 500 * 80)


def test_xavier_normal_is_normal(xavier_normal, rng):
    """xavier_normal draws from a normal distribution, neither uniform nor truncated."""
    _assert_normal(xavier_normal(500, 80, _generator(rng)), 500 * 80)


def test_xavier_normal_draws_every_entry_by_itself(xavier_normal, rng):
    """xavier_normal draws every entry independently of the others, so that no two units are alike."""
    _assert_independent(xavier_normal(500, 80, _generator(rng)), 500 * 80)


@pytest.mark.points(2)
def test_xavier_normal_draws_from_the_given_generator(xavier_normal, rng):
    """xavier_normal takes all its randomness from rng: the same seed, the same weights; another seed, other weights."""
    _assert_repeatable(xavier_normal, rng, 7, 4)


def test_xavier_normal_moves_the_generator_on(xavier_normal, rng):
    """xavier_normal called twice with the same generator gives two different matrices."""
    _assert_moves_on(xavier_normal, rng, 7, 4)


@pytest.mark.points(2)
def test_he_normal_has_a_row_for_each_output(he_normal, rng):
    """he_normal returns a matrix with one row for each output and one column for each input."""
    for fan_in, fan_out in ((7, 4), (1, 5), (5, 1), (1, 1)):
        _assert_shape(he_normal(fan_in, fan_out, _generator(rng)), fan_in, fan_out)


@pytest.mark.points(3)
def test_he_normal_has_its_standard_deviation(he_normal, rng):
    """he_normal draws entries of the standard deviation that the formula gives for the number of inputs."""
    for fan_in, fan_out in ((500, 80), (60, 700)):
        _assert_std(he_normal(fan_in, fan_out, _generator(rng)), fan_in * fan_out, math.sqrt(2 / fan_in))
    answer = he_normal(fan_in=120, fan_out=350, rng=_generator(rng))
    _assert_std(answer, 120 * 350, math.sqrt(2 / 120))


def test_he_normal_with_few_inputs(he_normal, rng):
    """he_normal is right for a layer of very few inputs, whose weights are large."""
    for fan_in in (1, 3):
        _assert_std(he_normal(fan_in, 20000, _generator(rng)), fan_in * 20000, math.sqrt(2 / fan_in))


def test_he_normal_has_mean_zero(he_normal, rng):
    """he_normal draws entries that are zero on average."""
    _assert_mean_zero(he_normal(500, 80, _generator(rng)), 500 * 80)


def test_he_normal_is_normal(he_normal, rng):
    """he_normal draws from a normal distribution, neither uniform nor truncated."""
    _assert_normal(he_normal(500, 80, _generator(rng)), 500 * 80)


def test_he_normal_draws_every_entry_by_itself(he_normal, rng):
    """he_normal draws every entry independently of the others, so that no two units are alike."""
    _assert_independent(he_normal(500, 80, _generator(rng)), 500 * 80)


@pytest.mark.points(2)
def test_he_normal_draws_from_the_given_generator(he_normal, rng):
    """he_normal takes all its randomness from rng: the same seed, the same weights; another seed, other weights."""
    _assert_repeatable(he_normal, rng, 7, 4)


def test_he_normal_moves_the_generator_on(he_normal, rng):
    """he_normal called twice with the same generator gives two different matrices."""
    _assert_moves_on(he_normal, rng, 7, 4)


def _batch(rng, num_examples, num_inputs):
    """Examples whose entries have both signs: all positive in the first, all negative in the second, else mixed."""
    x = rng.uniform(0.5, 3.0, (num_examples, num_inputs))
    x[1::2] *= -1
    x[2:, ::2] *= -1
    return x


def _layers(rng, *sizes):
    """Matrices of both signs. The first row is positive in each, so that the first unit of each layer is alive for the
    first example; the last row is negative, so that the last unit is dead for it."""
    weights = []
    for fan_in, fan_out in itertools.pairwise(sizes):
        weight = rng.uniform(0.3, 1.5, (fan_out, fan_in)) * rng.choice([-1, 1], (fan_out, fan_in))
        weight[0], weight[-1] = np.abs(weight[0]), -np.abs(weight[-1])
        weights.append(weight)
    return weights


def _torch_stds(x, weights):
    """The oracle: torch in float64."""
    h, stds = torch.from_numpy(x).double(), []
    for weight in weights:
        h = torch.relu(torch.nn.functional.linear(h, torch.from_numpy(weight).double()))
        stds.append(h.std(correction=0).item())
    return stds


def _assert_stds(answer, expected):
    """One number per layer, each compared by itself, since they may be of very different size."""
    if not isinstance(answer, (list, tuple)) and not (isinstance(answer, np.ndarray) and answer.ndim == 1):
        raise Mismatch("the answer is not a list with one float per layer")
    if len(answer) != len(expected):
        raise Mismatch(f"the answer has {len(answer)} values, not one per layer", f"expected: {len(expected)}")
    for std, wanted in zip(answer, expected, strict=True):
        assert_close(std, wanted)


@pytest.mark.points(3)
def test_activation_std_by_depth_agrees_with_torch(activation_std_by_depth, rng):
    """activation_std_by_depth multiplies, applies ReLU and takes the standard deviation, layer after layer."""
    x, weights = _batch(rng, 7, 5), _layers(rng, 5, 6, 8, 4)
    _assert_stds(activation_std_by_depth(x, weights), _torch_stds(x, weights))


@pytest.mark.points(2)
def test_activation_std_by_depth_of_one_layer(activation_std_by_depth, rng):
    """activation_std_by_depth applies ReLU after the last layer too, before it measures."""
    x, weights = _batch(rng, 6, 4), _layers(rng, 4, 5)
    _assert_stds(activation_std_by_depth(x=x, weights=weights), _torch_stds(x, weights))


@pytest.mark.points(2)
def test_activation_std_by_depth_measures_all_entries_together(activation_std_by_depth, rng):
    """activation_std_by_depth takes one standard deviation over all examples and units, divided by their number."""
    x = rng.uniform(1.0, 2.0, (3, 2))
    weights = [np.array([[1.0, 0.5], [20.0, 30.0]]), np.array([[2.0, 0.5], [1.0, 3.0]])]
    _assert_stds(activation_std_by_depth(x, weights), _torch_stds(x, weights))


def test_activation_std_by_depth_of_one_example(activation_std_by_depth, rng):
    """activation_std_by_depth is right for a batch of a single example."""
    x, weights = _batch(rng, 1, 3), _layers(rng, 3, 2, 4)
    _assert_stds(activation_std_by_depth(x, weights), _torch_stds(x, weights))


@pytest.mark.points(2)
def test_activation_std_by_depth_of_a_deep_network(activation_std_by_depth, rng):
    """activation_std_by_depth follows a signal that fades or explodes through many layers."""
    for scale in (0.02, 5.0):
        x, weights = _batch(rng, 9, 6), [scale * weight for weight in _layers(rng, *[6, 7, 5] * 8)]
        _assert_stds(activation_std_by_depth(x, weights), _torch_stds(x, weights))


def test_activation_std_by_depth_of_a_dead_layer(activation_std_by_depth, rng):
    """activation_std_by_depth is zero from a layer on that no example activates."""
    x, weights = np.abs(_batch(rng, 4, 3)), _layers(rng, 3, 5, 2, 4)
    weights[1] = -np.abs(weights[1])
    _assert_stds(activation_std_by_depth(x, weights), _torch_stds(x, weights))


def test_activation_std_by_depth_of_no_layers(activation_std_by_depth, rng):
    """activation_std_by_depth of an empty list of weights is an empty list."""
    _assert_stds(activation_std_by_depth(_batch(rng, 4, 3), []), [])


def test_activation_std_by_depth_of_float32(activation_std_by_depth, rng):
    """activation_std_by_depth is right for float32 input and for arrays that are not contiguous."""
    x = _batch(rng, 5, 6).astype(np.float32).T
    weights = [weight.astype(np.float32) for weight in _layers(rng, 5, 7, 3)]
    _assert_stds(activation_std_by_depth(x, weights), _torch_stds(x, weights))


def test_activation_std_by_depth_leaves_its_input_alone(activation_std_by_depth, rng):
    """activation_std_by_depth changes neither the batch nor the list of weights nor the weights."""
    x, weights = _batch(rng, 5, 3), _layers(rng, 3, 4, 6)
    _assert_stds(activation_std_by_depth(x, weights), _torch_stds(x, weights))
    assert_unchanged(activation_std_by_depth, x, weights)
