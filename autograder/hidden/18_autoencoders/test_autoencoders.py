"""Hidden tests of 18_autoencoders. Oracle: torch.nn modules and autograd in float64; for the linear autoencoder, data
that are built from known principal components."""

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

from autograder.suite.assertions import Mismatch, assert_close, assert_equal, assert_unchanged, unpack

# Which entries become 0 is random, so some tests are statistical. A right answer fails a single check with a
# probability of at most RARE; a run makes fewer than twenty such checks. Every known mistake lies far beyond the
# limits.
RARE = 1e-9

NAMES = ("enc_weight", "enc_bias", "dec_weight", "dec_bias")


def _sized(rng, *shape):
    """Numbers of size 0.5 to 1.5 and of either sign."""
    return torch.from_numpy(rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape))


def _params(rng, features, code_size):
    """Parameters of an autoencoder; for inputs of size 1, what goes into the tanh is of size 1, too."""
    return {
        "enc_weight": _sized(rng, code_size, features) / np.sqrt(features),
        "enc_bias": _sized(rng, code_size),
        "dec_weight": _sized(rng, features, code_size),
        "dec_bias": _sized(rng, features),
    }


def _in_another_order(params):
    return {name: params[name] for name in reversed(NAMES)}


def _float32(params):
    return {name: value.float() for name, value in params.items()}


def _dense(weight, bias):
    layer = nn.Linear(*reversed(weight.shape), dtype=torch.float64)
    layer.weight, layer.bias = nn.Parameter(weight.double()), nn.Parameter(bias.double())
    return layer


def _assert_codes(answer, x, params):
    """The codes lie between -1 and 1; what goes into the tanh may cancel, hence the absolute tolerance."""
    codes = nn.Sequential(_dense(params["enc_weight"], params["enc_bias"]), nn.Tanh())(x.double())
    assert_close(answer, codes, atol=1e-5)


def _step(x, params, lr):
    """The expected parameters after a step, and the loss before it."""
    encoder, decoder = (_dense(params[f"{side}_weight"], params[f"{side}_bias"]) for side in ("enc", "dec"))
    squares = nn.MSELoss(reduction="sum")
    loss = squares(decoder(nn.Tanh()(encoder(x.double()))), x.double()) / x.shape[0]
    loss.backward()
    tensors = (encoder.weight, encoder.bias, decoder.weight, decoder.bias)
    return {name: (t - lr * t.grad).detach() for name, t in zip(NAMES, tensors, strict=True)}, loss.detach()


def _parameter(answer, name):
    """One updated parameter of the answer of a step."""
    new_params, _ = unpack(answer, "new_params", "loss")
    if not isinstance(new_params, dict):
        raise Mismatch("the new parameters are not a dict")
    if name not in new_params:
        raise Mismatch(f"the new parameters have no {name!r}")
    return new_params[name]


def _assert_step(answer, expected, names=NAMES):
    """The updated parameters are right; a parameter and its step may cancel, hence the absolute tolerance."""
    for name in names:
        assert_close(_parameter(answer, name), expected[name], atol=1e-4)


def _assert_loss(answer, expected):
    _, loss = unpack(answer, "new_params", "loss")
    assert_close(loss, expected)


def _not_contiguous(tensor):
    """An equal tensor with its axes in another order in memory."""
    return tensor.T.contiguous().T


@pytest.mark.points(3)
def test_encode_is_a_dense_layer_and_tanh(encode, rng):
    """encode multiplies each example by the encoder's weights, adds the bias and applies tanh."""
    x, params = _sized(rng, 7, 5), _params(rng, 5, 3)
    _assert_codes(encode(x, params), x, params)


def test_encode_with_other_sizes(encode, rng):
    """encode works for a single example, and for codes of any size, also larger than the input."""
    for examples, features, code_size in ((1, 6, 2), (4, 2, 5), (3, 4, 1), (2, 1, 3), (3, 4, 4)):
        x, params = _sized(rng, examples, features), _params(rng, features, code_size)
        _assert_codes(encode(x=x, params=params), x, params)


def test_encode_takes_parameters_by_name(encode, rng):
    """encode finds its parameters by their names, whatever their order in the dict."""
    x, params = _sized(rng, 4, 5), _params(rng, 5, 2)
    _assert_codes(encode(x, _in_another_order(params)), x, params)


def test_encode_of_large_inputs(encode, rng):
    """encode is right for very large inputs of either sign, next to ordinary ones: the code is close to 1 or -1 then,
    never NaN."""
    x, params = _sized(rng, 5, 4), _params(rng, 4, 3)
    # All rows of the weights have the same signs, or all the opposite ones, so that large terms do not cancel.
    signs, flips = params["enc_weight"][0].sign(), torch.tensor([[1.0], [-1.0], [1.0]], dtype=torch.float64)
    params["enc_weight"] = params["enc_weight"].abs() * signs * flips
    x[:4] = torch.tensor([[1e4], [-1e4], [1e3], [-1e3]], dtype=torch.float64) * signs
    _assert_codes(encode(x, params), x, params)
    x, params = x.float(), _float32(params)
    _assert_codes(encode(x, params), x, params)


def test_encode_of_float32(encode, rng):
    """encode is right for float32 tensors, and for one that is not contiguous."""
    x, params = _sized(rng, 6, 4).float(), _float32(_params(rng, 4, 3))
    for examples in (x, _not_contiguous(x)):
        _assert_codes(encode(examples, params), x, params)


def test_encode_leaves_its_arguments_alone(encode, rng):
    """encode returns a new tensor and changes neither its input nor the parameters."""
    x, params = _sized(rng, 4, 3), _params(rng, 3, 2)
    _assert_codes(encode(x, params), x, params)
    assert_unchanged(encode, x, params)


def _decoded(code, params):
    return _dense(params["dec_weight"], params["dec_bias"])(code.double())


@pytest.mark.points(3)
def test_decode_is_a_dense_layer(decode, rng):
    """decode multiplies each code by the decoder's weights and adds the bias."""
    code, params = torch.tanh(_sized(rng, 7, 3)), _params(rng, 5, 3)
    assert_close(decode(code, params), _decoded(code, params))


@pytest.mark.points(2)
def test_decode_has_no_activation(decode, rng):
    """decode returns numbers of any size and sign, also from codes that tanh could not give."""
    code, params = 20 * _sized(rng, 3, 2), _params(rng, 4, 2)
    params["dec_weight"] = torch.cat([params["dec_weight"][:2], -params["dec_weight"][:2]])
    assert_close(decode(code, params), _decoded(code, params))


def test_decode_with_other_sizes(decode, rng):
    """decode works for a single code, and for codes of any size, also larger than the reconstruction."""
    for examples, features, code_size in ((1, 6, 2), (4, 2, 5), (3, 4, 1), (2, 1, 3), (3, 4, 4)):
        code, params = _sized(rng, examples, code_size), _params(rng, features, code_size)
        assert_close(decode(code=code, params=params), _decoded(code, params))


def test_decode_takes_parameters_by_name(decode, rng):
    """decode finds its parameters by their names, whatever their order in the dict."""
    code, params = _sized(rng, 4, 2), _params(rng, 5, 2)
    assert_close(decode(code, _in_another_order(params)), _decoded(code, params))


def test_decode_of_float32(decode, rng):
    """decode is right for float32 tensors, and for one that is not contiguous."""
    code, params = _sized(rng, 6, 3).float(), _float32(_params(rng, 4, 3))
    for codes in (code, _not_contiguous(code)):
        assert_close(decode(codes, params), _decoded(code, params), atol=1e-5)


def test_decode_leaves_its_arguments_alone(decode, rng):
    """decode returns a new tensor and changes neither its input nor the parameters."""
    code, params = _sized(rng, 4, 2), _params(rng, 3, 2)
    assert_close(decode(code, params), _decoded(code, params))
    assert_unchanged(decode, code, params)


def _pair(rng, *shape):
    """Examples and reconstructions, with errors of size 0.5 to 1.5 and of either sign; every row and every column has
    errors of a size of its own."""
    x, error = _sized(rng, *shape), _sized(rng, *shape)
    for axis in (0, 1):
        scale = torch.linspace(1, 3, shape[axis], dtype=torch.float64)
        error = error * (scale[:, None] if axis == 0 else scale)
    return x, x + error


def _loss(x, reconstruction):
    return nn.MSELoss(reduction="sum")(reconstruction.double(), x.double()) / x.shape[0]


@pytest.mark.points(3)
def test_reconstruction_loss_sums_over_features(reconstruction_loss, rng):
    """reconstruction_loss sums the squared errors of an example over its features and takes the mean over the
    examples, whether there are more of those or of features."""
    for shape in ((7, 4), (3, 8)):
        x, reconstruction = _pair(rng, *shape)
        assert_close(reconstruction_loss(x, reconstruction), _loss(x, reconstruction))


def test_reconstruction_loss_of_one_example(reconstruction_loss, rng):
    """reconstruction_loss of a single example is its squared distance from its reconstruction."""
    x, reconstruction = _pair(rng, 1, 5)
    assert_close(reconstruction_loss(x=x, reconstruction=reconstruction), _loss(x, reconstruction))


def test_reconstruction_loss_of_one_feature(reconstruction_loss, rng):
    """reconstruction_loss of examples with a single feature is the mean of their squared errors."""
    x, reconstruction = _pair(rng, 6, 1)
    assert_close(reconstruction_loss(x, reconstruction), _loss(x, reconstruction))


def test_reconstruction_loss_of_large_errors(reconstruction_loss, rng):
    """reconstruction_loss is right for errors that are very large, and for one example among many."""
    x, reconstruction = _pair(rng, 5, 3)
    reconstruction[rng.integers(5)] += 1e4
    assert_close(reconstruction_loss(x, reconstruction), _loss(x, reconstruction))


def test_reconstruction_loss_of_a_perfect_reconstruction(reconstruction_loss, rng):
    """reconstruction_loss is zero if every reconstruction equals its example, and only then."""
    x = _sized(rng, 4, 3)
    assert_close(reconstruction_loss(x, x.clone()), 0.0)
    reconstruction = x.clone()
    reconstruction[1, 0] += 2
    reconstruction[2, 1] -= 2
    assert_close(reconstruction_loss(x, reconstruction), 2.0)


def test_reconstruction_loss_of_float32(reconstruction_loss, rng):
    """reconstruction_loss is right for float32 tensors, and for tensors that are not contiguous."""
    x, reconstruction = (tensor.float() for tensor in _pair(rng, 6, 4))
    for examples in (x, _not_contiguous(x)):
        assert_close(reconstruction_loss(examples, reconstruction), _loss(x, reconstruction))


def test_reconstruction_loss_leaves_its_arguments_alone(reconstruction_loss, rng):
    """reconstruction_loss changes neither the examples nor the reconstructions."""
    x, reconstruction = _pair(rng, 4, 3)
    assert_close(reconstruction_loss(x, reconstruction), _loss(x, reconstruction))
    assert_unchanged(reconstruction_loss, x, reconstruction)


@pytest.mark.points(2)
def test_autoencoder_train_step_moves_the_decoder(autoencoder_train_step, rng):
    """autoencoder_train_step moves the decoder's weights and bias against their gradients."""
    x, params = _sized(rng, 7, 5), _params(rng, 5, 3)
    expected, _ = _step(x, params, 0.1)
    _assert_step(autoencoder_train_step(x, params, 0.1), expected, NAMES[2:])


@pytest.mark.points(3)
def test_autoencoder_train_step_moves_the_encoder(autoencoder_train_step, rng):
    """autoencoder_train_step moves the encoder's weights and bias against their gradients, which come through the
    decoder as it was before the step."""
    x, params = _sized(rng, 7, 5), _params(rng, 5, 3)
    expected, _ = _step(x, params, 0.1)
    _assert_step(autoencoder_train_step(x, params, 0.1), expected, NAMES[:2])


@pytest.mark.points(2)
def test_autoencoder_train_step_returns_the_loss_before(autoencoder_train_step, rng):
    """autoencoder_train_step returns, beside the parameters, the loss that they had before the step."""
    x, params = _sized(rng, 4, 6), _params(rng, 6, 2)
    _, expected = _step(x, params, 0.05)
    _assert_loss(autoencoder_train_step(x=x, params=params, lr=0.05), expected)


def test_autoencoder_train_step_with_any_learning_rate(autoencoder_train_step, rng):
    """autoencoder_train_step uses the learning rate that it is given; with zero, the parameters stay where they
    are."""
    x, params = _sized(rng, 4, 3), _params(rng, 3, 2)
    for lr in (0.0, 0.01, 0.5):
        expected, _ = _step(x, params, lr)
        _assert_step(autoencoder_train_step(x, params, lr), expected)


def test_autoencoder_train_step_again_and_again(autoencoder_train_step, rng):
    """autoencoder_train_step can be called with the parameters that it returned, for one step after the other."""
    x, params = _sized(rng, 5, 4), _params(rng, 4, 2)
    for _ in range(4):
        expected, loss = _step(x, params, 0.03)
        answer = autoencoder_train_step(x, params, 0.03)
        _assert_loss(answer, loss)
        _assert_step(answer, expected)
        params = {name: torch.as_tensor(_parameter(answer, name)).detach().double() for name in NAMES}


def test_autoencoder_train_step_with_other_sizes(autoencoder_train_step, rng):
    """autoencoder_train_step works for a single example and for codes of any size, also larger than the input."""
    for examples, features, code_size in ((1, 5, 2), (4, 2, 5), (3, 4, 1), (3, 1, 2), (2, 3, 3)):
        x, params = _sized(rng, examples, features), _params(rng, features, code_size)
        expected, loss = _step(x, params, 0.1)
        answer = autoencoder_train_step(x, params, 0.1)
        _assert_step(answer, expected)
        _assert_loss(answer, loss)


def test_autoencoder_train_step_takes_parameters_by_name(autoencoder_train_step, rng):
    """autoencoder_train_step finds its parameters by their names, whatever their order in the dict."""
    x, params = _sized(rng, 4, 5), _params(rng, 5, 2)
    expected, _ = _step(x, params, 0.1)
    _assert_step(autoencoder_train_step(x, _in_another_order(params), 0.1), expected)


def test_autoencoder_train_step_of_float32(autoencoder_train_step, rng):
    """autoencoder_train_step is right for float32 tensors."""
    x, params = _sized(rng, 6, 4).float(), _float32(_params(rng, 4, 3))
    expected, loss = _step(x, params, 0.05)
    answer = autoencoder_train_step(x, params, 0.05)
    _assert_step(answer, expected)
    _assert_loss(answer, loss)


def test_autoencoder_train_step_leaves_its_arguments_alone(autoencoder_train_step, rng):
    """autoencoder_train_step returns new parameters and leaves the examples and the old parameters as they were."""
    x, params = _sized(rng, 4, 3), _params(rng, 3, 2)
    expected, _ = _step(x, params, 0.1)
    _assert_step(autoencoder_train_step(x, params, 0.1), expected)
    assert_unchanged(autoencoder_train_step, x, params, 0.1)


def _generator(rng):
    """A generator of its own for every call."""
    return torch.Generator().manual_seed(int(rng.integers(2**62)))


def _noisy(answer, x):
    """The answer as an array: a tensor of real numbers of the shape of x."""
    if not isinstance(answer, torch.Tensor) or answer.is_complex():
        raise Mismatch("the answer is not a tensor of real numbers")
    if answer.shape != x.shape:
        raise Mismatch(f"the answer has shape {tuple(answer.shape)}, which is not that of x")
    if answer.isnan().any():
        raise Mismatch("the answer contains NaN")
    return answer.detach().double().numpy()


def _kept(answer, x):
    """Which entries are not zero. It is those that were kept, for an x without zeros."""
    return _noisy(answer, x) != 0


def _assert_share(kept, p):
    """The number of entries that were zeroed follows a binomial distribution."""
    count, size, keep = int(kept.sum()), kept.size, 1 - p
    instructor = f"p: {p}, kept: {count} of {size}, expected: about {keep * size}"
    if stats.binom.cdf(count, size, keep) < RARE / 2:
        raise Mismatch("too many entries are zeroed", instructor)
    if stats.binom.sf(count - 1, size, keep) < RARE / 2:
        raise Mismatch("too few entries are zeroed", instructor)


def _assert_zero_or_kept(answer, x):
    """Every entry is either 0 or as it was, and there are some of each."""
    kept = _kept(answer, x)
    if kept.all() or not kept.any():  # With a probability below 1e-15 for the sizes below.
        raise Mismatch("all entries have the same fate")
    assert_close(answer, torch.where(torch.from_numpy(kept), x.double(), 0.0))


@pytest.mark.points(3)
def test_mask_noise_zeroes_or_keeps(mask_noise, rng):
    """mask_noise returns, for each entry, either zero or the entry as it was, not scaled."""
    x = _sized(rng, 11, 13)
    _assert_zero_or_kept(mask_noise(x, 0.3, _generator(rng)), x)
    x = _sized(rng, 19, 17)
    _assert_zero_or_kept(mask_noise(x=x, p=0.75, generator=_generator(rng)), x)


@pytest.mark.points(3)
def test_mask_noise_zeroes_with_probability_p(mask_noise, rng):
    """mask_noise zeroes each entry with the probability that it is given, small or large."""
    for p in (0.1, 0.35, 0.9):
        x = _sized(rng, 100, 150)
        _assert_share(_kept(mask_noise(x, p, _generator(rng)), x), p)


@pytest.mark.points(2)
def test_mask_noise_treats_every_entry_by_itself(mask_noise, rng):
    """mask_noise decides for every entry by itself: each row and each column has gaps of its own, and no number of
    gaps is fixed."""
    x = _sized(rng, 120, 150)
    kept = _kept(mask_noise(x, 0.4, _generator(rng)), x)
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
        x = _sized(rng, 20, 21)
        counts.add(int(_kept(mask_noise(x, 0.4, _generator(rng)), x).sum()))
    if len(counts) == 1:  # The likeliest count has a probability of 0.04: twelve equal ones come up with 0.04^11.
        raise Mismatch("the number of zeroed entries is always the same; it must be random")


def test_mask_noise_with_probability_zero_or_one(mask_noise, rng):
    """mask_noise changes nothing if the probability is zero, and zeroes everything if it is one."""
    # Few entries, since comparing a random float32 with > instead of >= goes wrong once in 2^24 times.
    x = _sized(rng, 3, 2)
    assert_close(mask_noise(x, 0.0, _generator(rng)), x)
    assert_close(mask_noise(x, 1.0, _generator(rng)), torch.zeros_like(x))


@pytest.mark.points(2)
def test_mask_noise_draws_from_the_given_generator(mask_noise, rng):
    """mask_noise takes all its randomness from the generator: those of equal seed give equal noise, others do not."""
    x, seed = _sized(rng, 23, 31), int(rng.integers(2**62))
    first, again, other = (
        _kept(mask_noise(x, 0.5, torch.Generator().manual_seed(s)), x) for s in (seed, seed, seed + 1)
    )
    assert_equal(again, first)
    if np.array_equal(other, first):  # With a probability of 0.5^713.
        raise Mismatch("two generators of different seeds gave the same noise")


def test_mask_noise_moves_the_generator_on(mask_noise, rng):
    """mask_noise called twice with the same generator zeroes other entries the second time."""
    x = _sized(rng, 23, 31)
    answer, _, after = mask_noise.with_arguments_after(x, p=0.5, generator=_generator(rng))
    first = _kept(answer, x)
    if not isinstance(after.get("generator"), torch.Generator):
        raise Mismatch("the generator was replaced by something else")
    if np.array_equal(_kept(mask_noise(x, p=0.5, generator=after["generator"]), x), first):  # As above.
        raise Mismatch("two calls with the same generator gave the same noise")


def test_mask_noise_of_float32(mask_noise, rng):
    """mask_noise is right for float32 tensors, and for one that is not contiguous."""
    for x in (_sized(rng, 11, 13).float(), _not_contiguous(_sized(rng, 13, 11))):
        _assert_zero_or_kept(mask_noise(x, 0.4, _generator(rng)), x)


def test_mask_noise_leaves_its_input_alone(mask_noise, rng):
    """mask_noise returns a new tensor and does not change its input."""
    x = _sized(rng, 11, 13)
    _assert_zero_or_kept(mask_noise(x, 0.3, _generator(rng)), x)
    assert_unchanged(mask_noise, x, 0.3, _generator(rng))


def _components(rng, examples, features, directions=None):
    """The mean of some examples, and their principal components: one tensor (N, D) of rank one for each."""
    rank = min(examples - 1, features)
    columns = np.column_stack([np.ones(examples), rng.normal(size=(examples, rank))])
    left = np.linalg.qr(columns)[0][:, 1:]
    right = np.linalg.qr(rng.normal(size=(features, rank)))[0] if directions is None else directions
    sizes = np.sqrt(examples) * 3 * 0.6 ** np.arange(rank) * rng.uniform(0.95, 1.05, rank)
    components = [torch.from_numpy(s * np.outer(u, v)) for s, u, v in zip(sizes, left.T, right.T, strict=True)]
    return 4 * _sized(rng, features), components


def _assert_reconstructs(linear_autoencoder, mean, components, code_size, dtype=torch.float64):
    """The answer has the mean and the first components, but no other."""
    x, expected = (mean + sum(components)).to(dtype), mean + sum(components[:code_size])
    assert_close(linear_autoencoder(x, code_size), expected, atol=1e-4 * float(expected.abs().max()))


@pytest.mark.points(3)
def test_linear_autoencoder_keeps_the_largest_components(linear_autoencoder, rng):
    """linear_autoencoder keeps the directions in which the centred examples vary most, as many as the code has
    numbers."""
    for code_size in (1, 2, 3):
        mean, components = _components(rng, 9, 5)
        _assert_reconstructs(linear_autoencoder, mean, components, code_size)


@pytest.mark.points(2)
def test_linear_autoencoder_adds_the_mean_back(linear_autoencoder, rng):
    """linear_autoencoder centres the examples first and adds the mean back at the end, however large it is."""
    mean, components = _components(rng, 8, 4)
    for factor in (0, 20):
        _assert_reconstructs(linear_autoencoder, factor * mean, components, 2)


def test_linear_autoencoder_of_few_examples(linear_autoencoder, rng):
    """linear_autoencoder works for fewer examples than features."""
    mean, components = _components(rng, 4, 7)
    for code_size in (1, 2):
        _assert_reconstructs(linear_autoencoder, mean, components, code_size)


def test_linear_autoencoder_of_as_many_examples_as_features(linear_autoencoder, rng):
    """linear_autoencoder works for as many examples as features."""
    mean, components = _components(rng, 5, 5)
    x, expected = mean + sum(components), mean + sum(components[:2])
    assert_close(linear_autoencoder(x=x, code_size=2), expected, atol=1e-3)


def test_linear_autoencoder_with_a_large_code(linear_autoencoder, rng):
    """linear_autoencoder returns the examples themselves if the code has as many numbers as they need."""
    for examples, features in ((8, 3), (4, 6), (5, 1)):
        mean, components = _components(rng, examples, features)
        _assert_reconstructs(linear_autoencoder, mean, components, min(examples, features))


def test_linear_autoencoder_does_not_standardize(linear_autoencoder, rng):
    """linear_autoencoder leaves the features at their own scale: one that varies much counts for more than one that
    varies little."""
    # Features 0 and 1 are correlated a little: the best direction nearly is feature 0, and halfway between them if
    # both are standardized.
    c, s = np.cos(0.2), np.sin(0.2)
    mean, components = _components(rng, 9, 3, np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]))
    _assert_reconstructs(linear_autoencoder, mean, components, 1)


def test_linear_autoencoder_of_float32(linear_autoencoder, rng):
    """linear_autoencoder is right for float32 tensors."""
    mean, components = _components(rng, 9, 4)
    _assert_reconstructs(linear_autoencoder, mean, components, 2, torch.float32)


def test_linear_autoencoder_leaves_its_input_alone(linear_autoencoder, rng):
    """linear_autoencoder returns a new tensor and does not change its input, not even by its mean."""
    mean, components = _components(rng, 7, 3)
    _assert_reconstructs(linear_autoencoder, mean, components, 2)
    assert_unchanged(linear_autoencoder, mean + sum(components), 2)


def _scores(x, reconstruction):
    """One example after the other."""
    mean_square = nn.MSELoss()
    pairs = zip(x.double(), reconstruction.double(), strict=True)
    return torch.stack([mean_square(output, example) for example, output in pairs])


@pytest.mark.points(3)
def test_anomaly_scores_are_mean_squared_errors(anomaly_scores, rng):
    """anomaly_scores gives each example the mean of its own squared errors over the features."""
    for shape in ((7, 4), (3, 8)):
        x, reconstruction = _pair(rng, *shape)
        assert_close(anomaly_scores(x, reconstruction), _scores(x, reconstruction))


def test_anomaly_scores_of_as_many_examples_as_features(anomaly_scores, rng):
    """anomaly_scores takes the mean along the right axis."""
    x, reconstruction = _pair(rng, 5, 5)
    assert_close(anomaly_scores(x, reconstruction), _scores(x, reconstruction))


def test_anomaly_scores_of_one_example(anomaly_scores, rng):
    """anomaly_scores of a single example is a tensor with one score."""
    x, reconstruction = _pair(rng, 1, 5)
    assert_close(anomaly_scores(x=x, reconstruction=reconstruction), _scores(x, reconstruction))


def test_anomaly_scores_of_one_feature(anomaly_scores, rng):
    """anomaly_scores of examples with a single feature are the squared errors."""
    x, reconstruction = _pair(rng, 6, 1)
    assert_close(anomaly_scores(x, reconstruction), _scores(x, reconstruction))


def test_anomaly_scores_do_not_depend_on_the_others(anomaly_scores, rng):
    """anomaly_scores gives an example the same score whatever the other examples are: a perfect one has zero, even next
    to a very bad one."""
    x, reconstruction = _pair(rng, 5, 3)
    reconstruction[1] = x[1]
    reconstruction[3] += 1e4
    assert_close(anomaly_scores(x, reconstruction), _scores(x, reconstruction))
    assert_close(anomaly_scores(x[:3], reconstruction[:3]), _scores(x[:3], reconstruction[:3]))


def test_anomaly_scores_of_float32(anomaly_scores, rng):
    """anomaly_scores is right for float32 tensors, and for tensors that are not contiguous."""
    x, reconstruction = (tensor.float() for tensor in _pair(rng, 6, 4))
    for examples in (x, _not_contiguous(x)):
        assert_close(anomaly_scores(examples, reconstruction), _scores(x, reconstruction))


def test_anomaly_scores_leaves_its_arguments_alone(anomaly_scores, rng):
    """anomaly_scores changes neither the examples nor the reconstructions."""
    x, reconstruction = _pair(rng, 4, 3)
    assert_close(anomaly_scores(x, reconstruction), _scores(x, reconstruction))
    assert_unchanged(anomaly_scores, x, reconstruction)
