import numpy as np
import pytest
import torch
from scipy import stats

from autograder.suite.assertions import Mismatch, assert_close, assert_equal, assert_unchanged, unpack

# Which tokens are hidden is random, so some tests of mask_tokens are statistical. A right answer fails a single check
# with a probability of at most RARE; a run makes fewer than ten such checks, so a right answer is rejected less than
# once in a hundred million runs. Every known mistake lies far beyond the limits.
RARE = 1e-9


def _array_of(part, shape, name):
    """One part of an answer: an array of numbers of the right shape."""
    if not isinstance(part, np.ndarray) or part.dtype.kind not in "iuf":
        raise Mismatch(f"the part {name} is not an array of numbers")
    if part.shape != shape:
        raise Mismatch(f"the part {name} has shape {part.shape}, which is not the right one", f"expected: {shape}")
    return part


def _block(answer, images, k):
    """The k-th quarter of the batch, whatever the labels are."""
    batch, _ = unpack(answer, "batch", "labels")
    n = len(images)
    return _array_of(batch, (4 * n, *images.shape[1:]), "batch")[k * n : (k + 1) * n]


def _assert_rotations(answer, images):
    """The whole batch, against torch, and the labels."""
    batch, labels = unpack(answer, "batch", "labels")
    original = torch.from_numpy(np.ascontiguousarray(images))
    assert_close(batch, torch.cat([torch.rot90(original, k, (2, 3)) for k in range(4)]))
    assert_equal(labels, [k for k in range(4) for _ in range(len(images))])


@pytest.mark.points(3)
def test_rotation_batch_turns_by_quarters(rotation_batch, rng):
    """rotation_batch turns the images of the second block by 90 degrees and those of the fourth by 270,
    counter-clockwise."""
    images = rng.normal(size=(3, 2, 5, 5))
    answer = rotation_batch(images)
    for k in (1, 3):
        assert_close(_block(answer, images, k), torch.rot90(torch.from_numpy(images), k, (2, 3)))


@pytest.mark.points(2)
def test_rotation_batch_keeps_or_turns_upside_down(rotation_batch, rng):
    """rotation_batch has the images as they are in the first block, and turned by 180 degrees in the third."""
    images = rng.normal(size=(4, 3, 6, 6))
    answer = rotation_batch(images=images)
    assert_close(_block(answer, images, 0), images)
    assert_close(_block(answer, images, 2), images[:, :, ::-1, ::-1])


@pytest.mark.points(2)
def test_rotation_batch_labels(rotation_batch, rng):
    """rotation_batch gives every image of a block the number of its quarter turns as the label."""
    for n in (3, 5):
        _, labels = unpack(rotation_batch(rng.normal(size=(n, 2, 4, 4))), "batch", "labels")
        assert_equal(labels, [0] * n + [1] * n + [2] * n + [3] * n)


def test_rotation_batch_of_equal_axes(rotation_batch, rng):
    """rotation_batch turns rows and columns of the pictures, not images or channels, when all axes have equal
    length."""
    images = rng.normal(size=(3, 3, 3, 3))
    _assert_rotations(rotation_batch(images), images)


def test_rotation_batch_of_one_image(rotation_batch, rng):
    """rotation_batch is right for a single image, and for images of a single pixel."""
    for shape in ((1, 1, 4, 4), (1, 3, 2, 2), (3, 2, 1, 1)):
        images = rng.normal(size=shape)
        _assert_rotations(rotation_batch(images), images)


def test_rotation_batch_of_any_array(rotation_batch, rng):
    """rotation_batch is right for float32, and for arrays that are not contiguous."""
    for images in (
        rng.normal(size=(2, 3, 4, 4)).astype(np.float32),
        rng.normal(size=(5, 5, 2, 3)).transpose(3, 2, 1, 0),
    ):
        _assert_rotations(rotation_batch(images), images)


def test_rotation_batch_leaves_its_input_alone(rotation_batch, rng):
    """rotation_batch returns new arrays and does not change the images."""
    images = rng.normal(size=(2, 3, 4, 4))
    _assert_rotations(rotation_batch(images), images)
    assert_unchanged(rotation_batch, images)


def _generator(rng):
    """A generator of its own for every call."""
    return np.random.default_rng(int(rng.integers(2**62)))


def _tokens(rng, *shape):
    """Tokens from 10 to 999, so that smaller ones are free to be the mask token."""
    return rng.integers(10, 1000, shape)


def _parts(answer, tokens):
    """Both parts of the answer, as arrays of the shape of the tokens."""
    masked, targets = unpack(answer, "masked", "targets")
    return _array_of(masked, tokens.shape, "masked"), _array_of(targets, tokens.shape, "targets")


def _assert_some(hidden):
    """Some tokens are hidden and some are not."""
    if not hidden.any():  # With a probability below 1e-30 for the sizes and probabilities below.
        raise Mismatch("no token is hidden")
    if hidden.all():
        raise Mismatch("every token is hidden")


def _assert_masked(answer, tokens, mask_id):
    """Both parts agree on what is hidden, for tokens without the mask token."""
    masked, targets = _parts(answer, tokens)
    hidden = masked == mask_id
    _assert_some(hidden)
    assert_equal(masked, np.where(hidden, mask_id, tokens))
    assert_equal(targets, np.where(hidden, tokens, -100))


def _assert_share(hidden, p):
    """The number of hidden tokens follows a binomial distribution."""
    count, size = int(hidden.sum()), hidden.size
    instructor = f"p: {p}, hidden: {count} of {size}, expected: about {p * size}"
    if stats.binom.sf(count - 1, size, p) < RARE / 2:
        raise Mismatch("too many tokens are hidden", instructor)
    if stats.binom.cdf(count, size, p) < RARE / 2:
        raise Mismatch("too few tokens are hidden", instructor)


@pytest.mark.points(2)
def test_mask_tokens_replaces_hidden_tokens(mask_tokens, rng):
    """mask_tokens returns the tokens, some of them replaced by the mask token and the others as they were."""
    for mask_id, p in ((0, 0.3), (50264, 0.7)):
        tokens = _tokens(rng, 23, 31)
        masked, _ = _parts(mask_tokens(tokens, mask_id, p, _generator(rng)), tokens)
        _assert_some(masked == mask_id)
        assert_equal(masked, np.where(masked == mask_id, mask_id, tokens))


@pytest.mark.points(3)
def test_mask_tokens_targets(mask_tokens, rng):
    """mask_tokens returns targets that hold the original token where it is hidden, and the number to be ignored
    elsewhere."""
    for mask_id, p in ((3, 0.25), (50264, 0.6)):
        tokens = _tokens(rng, 23, 31)
        answer = mask_tokens(tokens=tokens, mask_id=mask_id, p=p, rng=_generator(rng))
        _assert_masked(answer, tokens, mask_id)


@pytest.mark.points(3)
def test_mask_tokens_hides_with_probability_p(mask_tokens, rng):
    """mask_tokens hides each token with the probability that it is given, small or large."""
    for p in (0.15, 0.4, 0.9):
        tokens = _tokens(rng, 70, 90)
        masked, _ = _parts(mask_tokens(tokens, 1, p, _generator(rng)), tokens)
        _assert_share(masked == 1, p)


@pytest.mark.points(2)
def test_mask_tokens_chooses_every_token_by_itself(mask_tokens, rng):
    """mask_tokens decides for every token by itself: rows are hidden in different places, and no number is fixed."""
    tokens = _tokens(rng, 60, 80)
    masked, _ = _parts(mask_tokens(tokens, 2, 0.4, _generator(rng)), tokens)
    for axis, line in enumerate(("column", "row")):
        # The sum of the squared deviations is nearly chi-squared; since only nearly, the limits are wider still.
        size, counts = tokens.shape[axis], (masked == 2).sum(axis)
        squares = ((counts - 0.4 * size) ** 2).sum() / (0.4 * 0.6 * size)
        if stats.chi2.sf(squares, len(counts)) < RARE / 100:
            raise Mismatch(f"some {line}s have far more hidden tokens than others; the tokens are not independent")
        if stats.chi2.cdf(squares, len(counts)) < RARE / 100:
            raise Mismatch(f"every {line} has nearly the same number of hidden tokens; they are not independent")
    counts = set()
    for _ in range(12):
        tokens = _tokens(rng, 20, 20)
        masked, _ = _parts(mask_tokens(tokens, 2, 0.4, _generator(rng)), tokens)
        counts.add(int((masked == 2).sum()))
    if len(counts) == 1:  # The likeliest count has a probability of 0.041: twelve equal ones come up with 0.041^11.
        raise Mismatch("the number of hidden tokens is always the same; it must be random")


@pytest.mark.points(2)
def test_mask_tokens_where_the_mask_token_stood_before(mask_tokens, rng):
    """mask_tokens treats tokens that are the mask token already like any other: it hides them with probability p, and
    only then they are targets."""
    tokens = _tokens(rng, 60, 100)
    tokens[:, ::2] = 4
    masked, targets = _parts(mask_tokens(tokens, 4, 0.35, _generator(rng)), tokens)
    hidden = targets != -100
    _assert_share(hidden[:, ::2], 0.35)
    assert_equal(targets, np.where(hidden, tokens, -100))
    assert_equal(masked, np.where(hidden, 4, tokens))


def test_mask_tokens_hides_nothing_or_everything(mask_tokens, rng):
    """mask_tokens hides no token with a probability of zero, and all tokens with a probability of one."""
    tokens = _tokens(rng, 7, 5)
    for p in (0.0, 0):
        masked, targets = unpack(mask_tokens(tokens, 6, p, _generator(rng)), "masked", "targets")
        assert_equal(masked, tokens)
        assert_equal(targets, np.full((7, 5), -100))
    for p in (1.0, 1):
        masked, targets = unpack(mask_tokens(tokens, 6, p, _generator(rng)), "masked", "targets")
        assert_equal(masked, np.full((7, 5), 6))
        assert_equal(targets, tokens)


def test_mask_tokens_draws_from_the_given_generator(mask_tokens, rng):
    """mask_tokens takes all its randomness from rng: generators of equal seed hide the same tokens, others do not, and
    a generator that is used again hides others."""
    tokens, seed = _tokens(rng, 23, 31), int(rng.integers(2**62))
    answer, _, after = mask_tokens.with_arguments_after(tokens, mask_id=3, p=0.5, rng=np.random.default_rng(seed))
    first, _ = _parts(answer, tokens)
    again, _ = _parts(mask_tokens(tokens, 3, 0.5, np.random.default_rng(seed)), tokens)
    assert_equal(again, first)
    if not isinstance(after.get("rng"), np.random.Generator):
        raise Mismatch("the generator was replaced by something else")
    for generator in (np.random.default_rng(seed + 1), after["rng"]):
        other, _ = _parts(mask_tokens(tokens, 3, 0.5, generator), tokens)
        if np.array_equal(other, first):  # With a probability of 0.5^713.
            raise Mismatch("the same tokens are hidden by generators in different states")


def test_mask_tokens_of_any_array(mask_tokens, rng):
    """mask_tokens is right for any number of axes, for int32, and for arrays that are not contiguous."""
    vector, cube = _tokens(rng, 300), _tokens(rng, 5, 7, 11).transpose(2, 0, 1)
    for tokens in (vector, cube, _tokens(rng, 17, 19).astype(np.int32)):
        _assert_masked(mask_tokens(tokens, 5, 0.3, _generator(rng)), tokens, 5)


def test_mask_tokens_leaves_its_input_alone(mask_tokens, rng):
    """mask_tokens returns new arrays and does not change the tokens."""
    tokens = _tokens(rng, 23, 31)
    _assert_masked(mask_tokens(tokens, 5, 0.3, _generator(rng)), tokens, 5)
    assert_unchanged(mask_tokens, tokens, 5, 0.3, _generator(rng))


def _reconstruction(rng, *shape):
    """An original, and a prediction that is off by 1 to 3 everywhere, on both sides."""
    target = rng.normal(size=shape)
    return target + rng.uniform(1.0, 3.0, shape) * rng.choice([-1.0, 1.0], shape), target


def _mask(rng, *shape):
    """Three entries of ten are hidden, in random places."""
    return rng.permutation(np.arange(int(np.prod(shape))) % 10 < 3).reshape(shape)


def _mse(prediction, target, mask):
    """The mean squared error of the masked entries, one at a time, in double precision."""
    where = list(zip(*np.nonzero(mask), strict=True))
    return sum((float(prediction[index]) - float(target[index])) ** 2 for index in where) / len(where)


@pytest.mark.points(3)
def test_masked_reconstruction_loss_is_the_mean_squared_error(masked_reconstruction_loss, rng):
    """masked_reconstruction_loss is the squared error averaged over the masked entries."""
    prediction, target = _reconstruction(rng, 4, 7)
    mask = _mask(rng, 4, 7)
    prediction[0], prediction[1] = target[0] + 7, target[1] - 5
    mask[0] = [True, True, False, False, True, False, False]
    expected = torch.nn.functional.mse_loss(torch.from_numpy(prediction[mask]), torch.from_numpy(target[mask]))
    assert_close(masked_reconstruction_loss(prediction, target, mask), expected)


@pytest.mark.points(2)
def test_masked_reconstruction_loss_ignores_visible_entries(masked_reconstruction_loss, rng):
    """masked_reconstruction_loss does not depend on the visible entries, neither of the prediction nor of the target,
    however wrong they are."""
    mask = _mask(rng, 5, 6)
    prediction, target = _reconstruction(rng, 5, 6)
    expected = _mse(prediction, target, mask)
    prediction[~mask] = rng.uniform(100.0, 200.0, (~mask).sum())
    target[~mask] = rng.uniform(-90.0, -50.0, (~mask).sum())
    assert_close(masked_reconstruction_loss(prediction=prediction, target=target, mask=mask), expected)


@pytest.mark.points(2)
def test_masked_reconstruction_loss_divides_by_what_is_masked(masked_reconstruction_loss, rng):
    """masked_reconstruction_loss divides by the number of masked entries, whether few or many are masked."""
    size = rng.uniform(1.5, 3.0)
    for count in (1, 4, 17):
        mask = rng.permutation(np.arange(20) < count).reshape(4, 5)
        assert_close(masked_reconstruction_loss(np.where(mask, size, 0.0), np.zeros((4, 5)), mask), size**2)


def test_masked_reconstruction_loss_weighs_entries_equally(masked_reconstruction_loss, rng):
    """masked_reconstruction_loss gives every masked entry the same weight, when some examples have more of them than
    others."""
    mask = np.stack([rng.permutation(np.arange(8) < count) for count in (1, 7, 3)])
    target = rng.normal(size=(3, 8))
    prediction = target + np.array([[4.0], [1.0], [-2.0]])
    assert_close(masked_reconstruction_loss(prediction, target, mask), (1 * 16 + 7 * 1 + 3 * 4) / 11)


def test_masked_reconstruction_loss_when_all_is_masked(masked_reconstruction_loss, rng):
    """masked_reconstruction_loss is the ordinary mean squared error when everything is masked."""
    prediction, target = _reconstruction(rng, 3, 4)
    expected = torch.nn.functional.mse_loss(torch.from_numpy(prediction), torch.from_numpy(target))
    assert_close(masked_reconstruction_loss(prediction, target, np.ones((3, 4), dtype=bool)), expected)


def test_masked_reconstruction_loss_of_a_right_answer(masked_reconstruction_loss, rng):
    """masked_reconstruction_loss is zero when all masked entries are right, even if no visible one is."""
    prediction, target = _reconstruction(rng, 4, 5)
    mask = _mask(rng, 4, 5)
    assert_close(masked_reconstruction_loss(np.where(mask, target, prediction), target, mask), 0.0, atol=1e-9)


def test_masked_reconstruction_loss_of_any_array(masked_reconstruction_loss, rng):
    """masked_reconstruction_loss is right for any number of axes, for float32, and for arrays that are not
    contiguous."""
    cube = tuple(x.transpose(2, 0, 3, 1) for x in (*_reconstruction(rng, 2, 3, 4, 5), _mask(rng, 2, 3, 4, 5)))
    single = tuple(x.astype(np.float32) for x in _reconstruction(rng, 6, 5))
    for prediction, target, mask in (
        (*_reconstruction(rng, 11), _mask(rng, 11)),
        cube,
        (*single, _mask(rng, 6, 5)),
    ):
        expected = _mse(prediction, target, mask)
        assert_close(masked_reconstruction_loss(prediction, target, mask), expected)


def test_masked_reconstruction_loss_leaves_its_arguments_alone(masked_reconstruction_loss, rng):
    """masked_reconstruction_loss changes neither the prediction nor the target nor the mask."""
    prediction, target = _reconstruction(rng, 4, 5)
    mask = _mask(rng, 4, 5)
    assert_close(masked_reconstruction_loss(prediction, target, mask), _mse(prediction, target, mask))
    assert_unchanged(masked_reconstruction_loss, prediction, target, mask)


def _distinct_tokens(rng, length):
    """Tokens that are all different and not sorted."""
    return rng.permutation(900)[:length] + 5


def _assert_pairs(answer, tokens, context):
    """Both parts, token by token."""
    inputs, targets = unpack(answer, "inputs", "targets")
    windows = len(tokens) - context
    assert_equal(inputs, [[int(tokens[i + j]) for j in range(context)] for i in range(windows)])
    assert_equal(targets, [[int(tokens[i + j + 1]) for j in range(context)] for i in range(windows)])


@pytest.mark.points(2)
def test_next_token_pairs_inputs(next_token_pairs, rng):
    """next_token_pairs returns as inputs the windows of the text that have a token after them, one for each start."""
    tokens = _distinct_tokens(rng, 13)
    inputs, _ = unpack(next_token_pairs(tokens, 4), "inputs", "targets")
    assert_equal(inputs, [tokens[i : i + 4].tolist() for i in range(9)])


@pytest.mark.points(3)
def test_next_token_pairs_targets(next_token_pairs, rng):
    """next_token_pairs returns as targets, for each token of a window, the token that follows it in the text."""
    tokens = _distinct_tokens(rng, 11)
    _, targets = unpack(next_token_pairs(tokens=tokens, context=5), "inputs", "targets")
    assert_equal(targets, [tokens[i + 1 : i + 6].tolist() for i in range(6)])


@pytest.mark.points(2)
def test_next_token_pairs_of_any_length(next_token_pairs, rng):
    """next_token_pairs is right whether the context divides the length of the text or not."""
    for length, context in ((12, 3), (12, 5), (20, 2), (9, 7)):
        tokens = _distinct_tokens(rng, length)
        _assert_pairs(next_token_pairs(tokens, context), tokens, context)


def test_next_token_pairs_with_a_context_of_one(next_token_pairs, rng):
    """next_token_pairs with a context of one pairs every token with the next, in arrays of one column."""
    tokens = _distinct_tokens(rng, 6)
    _assert_pairs(next_token_pairs(tokens, 1), tokens, 1)


def test_next_token_pairs_with_a_single_window(next_token_pairs, rng):
    """next_token_pairs finds the one window of a text that is longer than the context by one token."""
    for length in (2, 7):
        tokens = _distinct_tokens(rng, length)
        _assert_pairs(next_token_pairs(tokens, length - 1), tokens, length - 1)


def test_next_token_pairs_of_repeated_tokens(next_token_pairs, rng):
    """next_token_pairs goes by position: it keeps windows that are equal."""
    tokens = np.concatenate([np.zeros(5, dtype=int), rng.integers(0, 2, 6)])
    _assert_pairs(next_token_pairs(tokens, 3), tokens, 3)


def test_next_token_pairs_of_any_array(next_token_pairs, rng):
    """next_token_pairs is right for int32, and for arrays that are not contiguous."""
    for tokens in (_distinct_tokens(rng, 10).astype(np.int32), _distinct_tokens(rng, 20)[::-2]):
        _assert_pairs(next_token_pairs(tokens, 4), tokens, 4)


def test_next_token_pairs_leaves_its_input_alone(next_token_pairs, rng):
    """next_token_pairs does not change the tokens."""
    tokens = _distinct_tokens(rng, 9)
    _assert_pairs(next_token_pairs(tokens, 3), tokens, 3)
    assert_unchanged(next_token_pairs, tokens, 3)


def _views(rng, n, d):
    """Vectors of different lengths, and second views of them that are similar but not the same."""
    z = rng.normal(size=(n, d))
    z /= np.linalg.norm(z, axis=1, keepdims=True)
    other = z + rng.normal(size=(n, d)) * 0.2
    return z * np.linspace(0.7, 4.0, n)[:, None], other * np.linspace(3.0, 0.5, n)[:, None]


def _orthonormal(rng, n, d):
    """n rows of length 1 that are at right angles to each other."""
    return np.linalg.qr(rng.normal(size=(d, d)))[0][:n]


def _nt_xent(z1, z2, temperature):
    """The loss as a cross entropy of torch, in double precision."""
    z = torch.nn.functional.normalize(torch.from_numpy(np.concatenate([z1, z2]).astype(np.float64)))
    logits = (z @ z.T / temperature).fill_diagonal_(-torch.inf)
    return torch.nn.functional.cross_entropy(logits, torch.arange(len(z)).roll(len(z1)))


@pytest.mark.points(3)
def test_info_nce_loss_agrees_with_torch(info_nce_loss, rng):
    """info_nce_loss is the cross entropy of finding every view's partner among all other views."""
    z1, z2 = _views(rng, 4, 6)
    assert_close(info_nce_loss(z1, z2, 0.5), _nt_xent(z1, z2, 0.5))


@pytest.mark.points(2)
def test_info_nce_loss_with_any_temperature(info_nce_loss, rng):
    """info_nce_loss divides the similarities by the temperature that it is given, below or above one."""
    for temperature in (0.2, 3.0):
        z1, z2 = _views(rng, 5, 7)
        assert_close(info_nce_loss(z1=z1, z2=z2, temperature=temperature), _nt_xent(z1, z2, temperature))


@pytest.mark.points(2)
def test_info_nce_loss_asks_both_views(info_nce_loss, rng):
    """info_nce_loss averages over all views, the first and the second ones, and compares each with both kinds."""
    *spread, middle = _orthonormal(rng, 5, 7)
    # The views on one side are alike, those on the other are not, so one side has a much larger loss.
    alike = middle + rng.normal(size=(4, 7)) * 0.05
    assert_close(info_nce_loss(alike, np.stack(spread), 0.5), _nt_xent(alike, np.stack(spread), 0.5))
    assert_close(info_nce_loss(np.stack(spread), alike, 0.5), _nt_xent(np.stack(spread), alike, 0.5))


def test_info_nce_loss_compares_directions(info_nce_loss, rng):
    """info_nce_loss does not depend on the lengths of the vectors, and is right when partners have exactly the same
    direction."""
    z = _orthonormal(rng, 4, 9)
    expected = np.log(1 + 6 * np.exp(-1 / 0.8))
    assert_close(info_nce_loss(z * 2, z * np.array([[30.0], [1.0], [4.0], [0.5]]), 0.8), expected)
    z = rng.normal(size=(3, 5))
    assert_close(info_nce_loss(z * 8, z * 4, 0.4), _nt_xent(z, z, 0.4))


@pytest.mark.points(2)
def test_info_nce_loss_at_low_temperatures(info_nce_loss, rng):
    """info_nce_loss is right for very low temperatures, where exponentials overflow."""
    for temperature in (1e-3, 1e-4):
        z, _ = _views(rng, 4, 6)
        opposite = -z + rng.normal(size=z.shape) * 0.05
        assert_close(info_nce_loss(z, opposite, temperature), _nt_xent(z, opposite, temperature))


def test_info_nce_loss_of_a_lonely_view(info_nce_loss, rng):
    """info_nce_loss is right at a low temperature for a view that no other is similar to, among views that have a
    similar one."""
    q = _orthonormal(rng, 6, 10)
    z1, z2 = q[:3], np.stack([q[0] + 0.1 * q[3], q[4] - 0.3 * q[1], q[5] - 0.4 * q[2]])
    assert_close(info_nce_loss(z1, z2, 1e-3), _nt_xent(z1, z2, 1e-3))


def test_info_nce_loss_of_one_or_two_pairs(info_nce_loss, rng):
    """info_nce_loss is zero for a single pair, where there is nothing to confuse the partner with, and right for
    two."""
    z1, z2 = rng.normal(size=(2, 1, 5))
    assert_close(info_nce_loss(z1, z2, 0.3), 0.0, atol=1e-6)
    z1, z2 = _views(rng, 2, 3)
    assert_close(info_nce_loss(z1, z2, 1.0), _nt_xent(z1, z2, 1.0))


def test_info_nce_loss_of_any_array(info_nce_loss, rng):
    """info_nce_loss is right for float32, and for arrays that are not contiguous."""
    z1, z2 = (z.astype(np.float32) for z in _views(rng, 5, 8))
    assert_close(info_nce_loss(z1, z2, 0.3), _nt_xent(z1, z2, 0.3))
    z1, z2 = rng.normal(size=(2, 6, 4)).transpose(0, 2, 1)
    assert_close(info_nce_loss(z1, z2, 0.7), _nt_xent(z1, z2, 0.7))


def test_info_nce_loss_leaves_its_arguments_alone(info_nce_loss, rng):
    """info_nce_loss does not change the vectors."""
    z1, z2 = _views(rng, 3, 5)
    assert_close(info_nce_loss(z1, z2, 0.6), _nt_xent(z1, z2, 0.6))
    assert_unchanged(info_nce_loss, z1, z2, 0.6)
