import math

import numpy as np
import pytest
import torch
from scipy import stats

from autograder.suite.assertions import Mismatch, assert_close, assert_equal, assert_unchanged, unpack

# Which entries are dropped is random, so some tests are statistical. A right answer fails a single check with a
# probability of at most RARE; a run makes fewer than ten such checks, so a right answer is rejected less than once in
# a hundred million runs. Every known mistake lies far beyond the limits.
RARE = 1e-9


def _generator(rng):
    """A generator of its own for every call."""
    return np.random.default_rng(int(rng.integers(2**62)))


def _nonzero(rng, *shape):
    """Numbers of size 0.5 to 3, every second one negative, in random order; no zero among them."""
    x = rng.uniform(0.5, 3.0, math.prod(shape))
    x[::2] *= -1
    return rng.permutation(x).reshape(shape)


def _array_like(part, x, name):
    """One part of the answer: an array of real numbers or booleans of the shape of x."""
    if not isinstance(part, np.ndarray) or part.dtype.kind not in "biuf":
        raise Mismatch(f"the {name} is not an array of real numbers or booleans")
    if part.shape != x.shape:
        raise Mismatch(f"the {name} has shape {part.shape}, which is not that of x", f"expected: {x.shape}")
    if np.isnan(part).any():
        raise Mismatch(f"the {name} contains NaN")
    return part


def _output(answer, x):
    """The output, whatever the mask is."""
    output, _ = unpack(answer, "output", "mask")
    return _array_like(output, x, "output")


def _kept(answer, x):
    """Where the output is not zero. It is the entries that were kept, for an x without zeros."""
    return _output(answer, x) != 0


def _assert_share(kept, p):
    """The number of kept entries follows a binomial distribution."""
    count, size, keep = int(kept.sum()), kept.size, 1 - p
    instructor = f"p: {p}, kept: {count} of {size}, expected: about {keep * size}"
    if stats.binom.cdf(count, size, keep) < RARE / 2:
        raise Mismatch("too many entries are dropped", instructor)
    if stats.binom.sf(count - 1, size, keep) < RARE / 2:
        raise Mismatch("too few entries are dropped", instructor)


def _assert_scaled(answer, x, p):
    """Every entry is either 0 or scaled, and not all of them are 0."""
    output = _output(answer, x)
    if not output.any():  # With a probability below 1e-40 for the sizes below.
        raise Mismatch("the output is zero everywhere")
    assert_close(output, np.where(output != 0, x.astype(np.float64) / (1 - p), 0.0))


# The sizes are such that (1 - p) * size is no integer: no mask keeps exactly the share 1 - p.
@pytest.mark.points(3)
def test_dropout_scales_what_it_keeps(dropout, rng):
    """dropout returns, for each entry, either zero or the entry divided by the probability of keeping it."""
    x = _nonzero(rng, 11, 13)
    _assert_scaled(dropout(x, 0.3, _generator(rng)), x, 0.3)
    x = _nonzero(rng, 17, 19)
    _assert_scaled(dropout(x=x, p=0.75, rng=_generator(rng), training=True), x, 0.75)


@pytest.mark.points(3)
def test_dropout_drops_with_probability_p(dropout, rng):
    """dropout drops each entry with the probability that it is given, small or large."""
    for p in (0.1, 0.35, 0.9):
        x = _nonzero(rng, 100, 150)
        _assert_share(_kept(dropout(x, p, _generator(rng)), x), p)


@pytest.mark.points(2)
def test_dropout_mask_says_what_was_kept(dropout, rng):
    """dropout returns a boolean mask of the shape of its input, true exactly where the entry was kept."""
    for x in (_nonzero(rng, 21, 13), _nonzero(rng, 4, 9, 11)):
        output, mask = unpack(dropout(x, 0.4, _generator(rng)), "output", "mask")
        assert_equal(mask, _array_like(output, x, "output") != 0)
        if not output.any() or output.all():  # With a probability below 1e-50.
            raise Mismatch("all entries have the same fate")


def test_dropout_mask_of_zeros(dropout, rng):
    """dropout keeps zeros as often as other entries, and its mask tells a kept zero from a dropped one."""
    x = _nonzero(rng, 100, 150)
    x[:, ::2] = 0
    output, mask = unpack(dropout(x, 0.6, _generator(rng)), "output", "mask")
    kept = _array_like(mask, x, "mask") != 0
    _assert_share(kept[:, ::2], 0.6)
    assert_close(output, np.where(kept, x / 0.4, 0.0))


@pytest.mark.points(2)
def test_dropout_drops_every_entry_by_itself(dropout, rng):
    """dropout decides for every entry by itself: rows have different masks, columns too, and no number is fixed."""
    x = _nonzero(rng, 120, 150)
    kept = _kept(dropout(x, 0.4, _generator(rng)), x)
    for axis, line in enumerate(("column", "row")):
        # The sum of the squared deviations is nearly chi-squared; since only nearly, the limits are wider still.
        size, counts = kept.shape[axis], kept.sum(axis)
        squares = ((counts - 0.6 * size) ** 2).sum() / (0.6 * 0.4 * size)
        if stats.chi2.sf(squares, len(counts)) < RARE / 100:
            raise Mismatch(f"some {line}s lose far more entries than others; the entries are not independent")
        if stats.chi2.cdf(squares, len(counts)) < RARE / 100:
            raise Mismatch(f"every {line} loses nearly the same number of entries; they are not independent")
    counts = set()
    for _ in range(12):
        x = _nonzero(rng, 20, 20)
        counts.add(int(_kept(dropout(x, 0.4, _generator(rng)), x).sum()))
    if len(counts) == 1:  # The likeliest count has a probability of 0.041: twelve equal ones come up with 0.041^11.
        raise Mismatch("the number of dropped entries is always the same; it must be random")


@pytest.mark.points(2)
def test_dropout_when_not_training(dropout, rng):
    """dropout passes its input on, neither dropped nor scaled, and keeps everything, when not training."""
    x = _nonzero(rng, 11, 13)
    x[::2, 0] = 0
    for answer in (
        dropout(x, 0.4, _generator(rng), False),
        dropout(x=x, p=0.9, rng=_generator(rng), training=False),
    ):
        output, mask = unpack(answer, "output", "mask")
        assert_close(output, x)
        assert_equal(mask, np.ones(x.shape, dtype=bool))


def test_dropout_with_probability_zero(dropout, rng):
    """dropout with a probability of zero passes its input on and keeps everything, training or not."""
    x = _nonzero(rng, 7, 5)
    for p, training in ((0.0, True), (0, True), (0.0, False)):
        output, mask = unpack(dropout(x, p, _generator(rng), training), "output", "mask")
        assert_close(output, x)
        assert_equal(mask, np.ones(x.shape, dtype=bool))


def test_dropout_refuses_a_bad_probability(dropout, rng):
    """dropout raises ValueError when p is below zero or not below one."""
    for p in (-0.1, 1.0, 1.5):
        with pytest.raises(ValueError):
            dropout(_nonzero(rng, 4, 3), p, _generator(rng))


def test_dropout_refuses_a_bad_probability_when_not_training(dropout, rng):
    """dropout raises ValueError for a bad p when not training, too."""
    for p in (-0.1, 1.0, 1.5):
        with pytest.raises(ValueError):
            dropout(_nonzero(rng, 4, 3), p, _generator(rng), training=False)


@pytest.mark.points(2)
def test_dropout_draws_from_the_given_generator(dropout, rng):
    """dropout takes all its randomness from rng: generators of equal seed drop the same entries, others do not."""
    x, seed = _nonzero(rng, 23, 31), int(rng.integers(2**62))
    first, again, other = (_kept(dropout(x, 0.5, np.random.default_rng(s)), x) for s in (seed, seed, seed + 1))
    assert_equal(again, first)
    if np.array_equal(other, first):  # With a probability of 0.5^713.
        raise Mismatch("two generators of different seeds dropped the same entries")


def test_dropout_moves_the_generator_on(dropout, rng):
    """dropout called twice with the same generator drops other entries the second time."""
    x = _nonzero(rng, 23, 31)
    answer, _, after = dropout.with_arguments_after(x, p=0.5, rng=_generator(rng))
    first = _kept(answer, x)
    if not isinstance(after.get("rng"), np.random.Generator):
        raise Mismatch("the generator was replaced by something else")
    if np.array_equal(_kept(dropout(x, p=0.5, rng=after["rng"]), x), first):  # With a probability of 0.5^713.
        raise Mismatch("two calls with the same generator dropped the same entries")


def test_dropout_of_any_shape(dropout, rng):
    """dropout is right for any number of axes, for arrays that are not contiguous, and for float32."""
    vector, cube = _nonzero(rng, 143), _nonzero(rng, 3, 5, 7, 11).transpose(2, 0, 3, 1)
    for x in (vector, cube, _nonzero(rng, 11, 13).astype(np.float32)):
        _assert_scaled(dropout(x, 0.3, _generator(rng)), x, 0.3)


def test_dropout_leaves_its_input_alone(dropout, rng):
    """dropout returns new arrays and does not change its input."""
    x = _nonzero(rng, 11, 13)
    _assert_scaled(dropout(x, 0.3, _generator(rng)), x, 0.3)
    assert_unchanged(dropout, x, 0.3, _generator(rng))


def _torch_case(rng, p, *shape):
    """A training step of torch's dropout: the gradient of its output, the mask that torch drew, the gradient of x."""
    x, grad_output = torch.ones(shape, dtype=torch.float64, requires_grad=True), _nonzero(rng, *shape)
    torch.manual_seed(int(rng.integers(2**62)))
    output = torch.nn.functional.dropout(x, p)
    output.backward(torch.from_numpy(grad_output))
    return grad_output, (output != 0).numpy(), x.grad


def _some_dropped(rng, *shape):
    """A mask that drops two entries of five, in random places."""
    return rng.permutation(np.arange(math.prod(shape)) % 5 > 1).reshape(shape)


@pytest.mark.points(3)
def test_dropout_backward_agrees_with_torch(dropout_backward, rng):
    """dropout_backward gives kept entries their gradient divided by the probability of keeping, and dropped ones
    zero."""
    grad_output, mask, expected = _torch_case(rng, 0.3, 11, 13)
    assert_close(dropout_backward(grad_output, mask, 0.3), expected)


@pytest.mark.points(2)
def test_dropout_backward_with_any_probability(dropout_backward, rng):
    """dropout_backward takes its factor from p, small or large."""
    for p in (0.05, 0.75):
        grad_output, mask, expected = _torch_case(rng, p, 17, 19)
        assert_close(dropout_backward(grad_output=grad_output, mask=mask, p=p), expected)


def test_dropout_backward_takes_its_factor_from_p_alone(dropout_backward, rng):
    """dropout_backward uses the probability, not the share of entries that the mask happens to keep."""
    grad_output = _nonzero(rng, 4, 5)
    mask = _some_dropped(rng, 4, 5)
    for p in (0.1, 0.8):
        assert_close(dropout_backward(grad_output, mask, p), np.where(mask, grad_output / (1 - p), 0.0))


def test_dropout_backward_when_all_or_none_were_kept(dropout_backward, rng):
    """dropout_backward scales every entry when all were kept, and returns zeros when none was."""
    grad_output = _nonzero(rng, 3, 4)
    assert_close(dropout_backward(grad_output, np.ones((3, 4), dtype=bool), 0.75), grad_output * 4)
    assert_close(dropout_backward(grad_output, np.zeros((3, 4), dtype=bool), 0.75), np.zeros((3, 4)))


def test_dropout_backward_with_probability_zero(dropout_backward, rng):
    """dropout_backward with a probability of zero passes the gradient on."""
    grad_output = _nonzero(rng, 5, 3)
    assert_close(dropout_backward(grad_output, np.ones((5, 3), dtype=bool), 0.0), grad_output)


def test_dropout_backward_of_any_shape(dropout_backward, rng):
    """dropout_backward is right for any number of axes, for arrays that are not contiguous, and for float32."""
    vector, cube = _nonzero(rng, 7), _nonzero(rng, 2, 3, 5).transpose(2, 0, 1)
    for grad_output in (vector, cube, _nonzero(rng, 4, 6).astype(np.float32)):
        mask = _some_dropped(rng, *grad_output.shape)
        expected = np.where(mask, grad_output.astype(np.float64) / 0.6, 0.0)
        assert_close(dropout_backward(grad_output, mask, 0.4), expected)


def test_dropout_backward_leaves_its_arguments_alone(dropout_backward, rng):
    """dropout_backward returns a new array and changes neither the gradient nor the mask."""
    grad_output, mask = _nonzero(rng, 4, 5), _some_dropped(rng, 4, 5)
    assert_close(dropout_backward(grad_output, mask, 0.3), np.where(mask, grad_output / 0.7, 0.0))
    assert_unchanged(dropout_backward, grad_output, mask, 0.3)
