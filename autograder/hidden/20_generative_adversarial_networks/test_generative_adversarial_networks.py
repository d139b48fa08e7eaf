import numpy as np
import pytest
import torch
import torch.nn.functional as F

from autograder.suite.assertions import Mismatch, assert_close, assert_unchanged, unpack


def _uniform(rng, low, high, *shape):
    return torch.from_numpy(rng.uniform(low, high, shape))


def _bce(logits, label):
    """Binary cross entropy in float64 if all samples have this label."""
    logits = logits.double()
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


def _discriminator(real, fake):
    return _bce(real, 1.0) + _bce(fake, 0.0)


def _logits(rng, low, high, *shape):
    """Logits of both signs, distinct, whose mean is well away from zero if low + high is."""
    logits = np.linspace(low, high, int(np.prod(shape))) + rng.uniform(-0.1, 0.1, int(np.prod(shape)))
    return torch.from_numpy(rng.permutation(logits).reshape(shape))


@pytest.mark.points(3)
def test_discriminator_loss_agrees_with_torch(discriminator_loss, rng):
    """discriminator_loss is the binary cross entropy of real samples as real plus that of generated ones as
    generated."""
    for low, high in ((-1.0, 4.0), (-5.0, 2.0)):
        real, fake = _logits(rng, low, high, 4, 3), _logits(rng, -4.5, 1.5, 4, 3)
        assert_close(discriminator_loss(real, fake), _discriminator(real, fake))


@pytest.mark.points(2)
def test_discriminator_loss_of_groups_of_different_size(discriminator_loss, rng):
    """discriminator_loss takes a mean over each group, so that both count the same however many samples they have."""
    for few, many in (((2, 1), (3, 7)), ((1,), (11,)), ((), (4, 2, 2))):
        real, fake = _uniform(rng, 1.0, 2.0, *few), _uniform(rng, 1.0, 2.0, *many)
        assert_close(discriminator_loss(real, fake), _discriminator(real, fake))
        assert_close(discriminator_loss(fake_logits=real, real_logits=fake), _discriminator(fake, real))


@pytest.mark.points(2)
def test_discriminator_loss_of_large_logits(discriminator_loss, rng):
    """discriminator_loss stays finite and right however sure the discriminator is, and however wrong."""
    for size in (50.0, 1e3, 1e4):
        sure = size * torch.tensor([1.0, -1.0, 0.5], dtype=torch.float64)
        ordinary = _logits(rng, -2.0, 1.0, 4)
        assert_close(discriminator_loss(sure, ordinary), _discriminator(sure, ordinary))
        assert_close(discriminator_loss(ordinary, sure), _discriminator(ordinary, sure))


def test_discriminator_loss_of_float32(discriminator_loss, rng):
    """discriminator_loss is right for float32 logits, also for those with gaps in memory."""
    real, fake = _logits(rng, -30.0, 20.0, 6, 4).float(), _logits(rng, -20.0, 40.0, 5, 3).float()
    assert_close(discriminator_loss(real[::2, ::3], fake.T), _discriminator(real[::2, ::3], fake))


def test_discriminator_loss_leaves_its_arguments_alone(discriminator_loss, rng):
    """discriminator_loss does not change its arguments."""
    real, fake = _logits(rng, -1.0, 3.0, 4), _logits(rng, -3.0, 1.5, 5)
    assert_close(discriminator_loss(real, fake), _discriminator(real, fake))
    assert_unchanged(discriminator_loss, real, fake)


@pytest.mark.points(3)
def test_generator_loss_agrees_with_torch(generator_loss, rng):
    """generator_loss is the binary cross entropy of the generated samples with the label of real ones."""
    for low, high in ((-1.0, 4.0), (-5.0, 2.0)):
        fake = _logits(rng, low, high, 4, 3)
        assert_close(generator_loss(fake), _bce(fake, 1.0))


def test_generator_loss_of_any_shape(generator_loss, rng):
    """generator_loss is a single number for logits of any shape: the mean over all of them."""
    for shape in ((), (1, 1), (7,), (2, 3, 5)):
        fake = _uniform(rng, -3.0, -1.0, *shape)
        assert_close(generator_loss(fake_logits=fake), _bce(fake, 1.0))


@pytest.mark.points(2)
def test_generator_loss_of_large_logits(generator_loss, rng):
    """generator_loss stays finite and right however sure the discriminator is."""
    for size in (50.0, 1e3, 1e4):
        fake = torch.cat([size * torch.tensor([1.0, -1.0, -0.5], dtype=torch.float64), _logits(rng, -2.0, 1.0, 4)])
        assert_close(generator_loss(fake), _bce(fake, 1.0))
        assert_close(generator_loss(fake[:1]), _bce(fake[:1], 1.0), atol=1e-6)


def test_generator_loss_of_float32(generator_loss, rng):
    """generator_loss is right for float32 logits, also for those with gaps in memory."""
    fake = _logits(rng, -40.0, 30.0, 6, 4).float()
    for logits in (fake.T, fake[::2, ::3]):
        assert_close(generator_loss(logits), _bce(logits, 1.0))


def test_generator_loss_leaves_its_argument_alone(generator_loss, rng):
    """generator_loss does not change its argument."""
    fake = _logits(rng, -3.0, 1.5, 5)
    assert_close(generator_loss(fake), _bce(fake, 1.0))
    assert_unchanged(generator_loss, fake)


@pytest.mark.points(3)
def test_minimax_generator_loss_agrees_with_torch(minimax_generator_loss, rng):
    """minimax_generator_loss is the mean logarithm of the probability that the generated samples are generated."""
    for low, high in ((-1.0, 4.0), (-5.0, 2.0)):
        fake = _logits(rng, low, high, 4, 3)
        assert_close(minimax_generator_loss(fake), -_bce(fake, 0.0))


def test_minimax_generator_loss_of_any_shape(minimax_generator_loss, rng):
    """minimax_generator_loss is a single number for logits of any shape: the mean over all of them."""
    for shape in ((), (1, 1), (7,), (2, 3, 5)):
        fake = _uniform(rng, 1.0, 3.0, *shape)
        assert_close(minimax_generator_loss(fake_logits=fake), -_bce(fake, 0.0))


@pytest.mark.points(2)
def test_minimax_generator_loss_of_large_logits(minimax_generator_loss, rng):
    """minimax_generator_loss stays finite and right however sure the discriminator is."""
    for size in (50.0, 1e3, 1e4):
        fake = torch.cat([size * torch.tensor([-1.0, 1.0, 0.5], dtype=torch.float64), _logits(rng, -1.0, 2.0, 4)])
        assert_close(minimax_generator_loss(fake), -_bce(fake, 0.0))
        assert_close(minimax_generator_loss(fake[:1]), -_bce(fake[:1], 0.0), atol=1e-6)


def test_minimax_generator_loss_of_float32(minimax_generator_loss, rng):
    """minimax_generator_loss is right for float32 logits, also for those with gaps in memory."""
    fake = _logits(rng, -30.0, 40.0, 6, 4).float()
    for logits in (fake.T, fake[::2, ::3]):
        assert_close(minimax_generator_loss(logits), -_bce(logits, 0.0))


def test_minimax_generator_loss_leaves_its_argument_alone(minimax_generator_loss, rng):
    """minimax_generator_loss does not change its argument."""
    fake = _logits(rng, -1.5, 3.0, 5)
    assert_close(minimax_generator_loss(fake), -_bce(fake, 0.0))
    assert_unchanged(minimax_generator_loss, fake)


@pytest.mark.points(3)
def test_optimal_discriminator_follows_bayes(optimal_discriminator, rng):
    """optimal_discriminator is the probability that a sample is real if real and generated ones are equally
    frequent."""
    log_ratio = _logits(rng, -3.0, 2.0, 4, 3)
    p_generator = _uniform(rng, 0.2, 3.0, 4, 3)
    assert_close(optimal_discriminator(p_generator * torch.exp(log_ratio), p_generator), torch.sigmoid(log_ratio))


@pytest.mark.points(2)
def test_optimal_discriminator_has_slope_zero(optimal_discriminator, rng):
    """optimal_discriminator lies where p_data log D + p_generator log(1 - D) neither rises nor falls."""
    p_data, p_generator = _uniform(rng, 0.5, 0.9, 7), _uniform(rng, 1.5, 4.0, 7)
    for a, b in ((p_data, p_generator), (p_generator, p_data)):
        low, high = torch.zeros_like(a), torch.ones_like(a)
        for _ in range(60):
            middle = (low + high) / 2
            rises = a / middle > b / (1 - middle)
            low, high = torch.where(rises, middle, low), torch.where(rises, high, middle)
        assert_close(optimal_discriminator(p_data=a, p_generator=b), low)


def test_optimal_discriminator_of_tiny_densities(optimal_discriminator, rng):
    """optimal_discriminator depends on nothing but the ratio of the densities, however small both are."""
    log_ratio, p_generator = _logits(rng, -2.0, 3.0, 5), _uniform(rng, 1.0, 3.0, 5)
    for size in (1e-6, 1e-12, 1e-25):
        answer = optimal_discriminator(size * p_generator * torch.exp(log_ratio), size * p_generator)
        assert_close(answer, torch.sigmoid(log_ratio))


def test_optimal_discriminator_where_one_is_zero(optimal_discriminator, rng):
    """optimal_discriminator is certain where only one of the densities is above zero."""
    density, zero = _uniform(rng, 0.5, 2.0, 2, 3), torch.zeros(2, 3, dtype=torch.float64)
    assert_close(optimal_discriminator(density, zero), torch.ones(2, 3))
    assert_close(optimal_discriminator(zero, density), torch.zeros(2, 3), atol=1e-6)


def test_optimal_discriminator_of_float32(optimal_discriminator, rng):
    """optimal_discriminator is right for float32 densities of any shape, also for those with gaps in memory."""
    p_data, p_generator = _uniform(rng, 0.5, 1.0, 5, 4).float(), _uniform(rng, 1.5, 3.0, 4, 5).float()
    for a, b in ((p_data.T, p_generator), (p_data[::2, 1], p_generator[1, ::2]), (p_data[0, 0], p_generator[0, 0])):
        assert_close(optimal_discriminator(a, b), 1 - b.double() / (a.double() + b.double()))


def test_optimal_discriminator_leaves_its_arguments_alone(optimal_discriminator, rng):
    """optimal_discriminator returns a new tensor and does not change its arguments."""
    p_data, p_generator = _uniform(rng, 0.5, 1.0, 4), _uniform(rng, 1.5, 3.0, 4)
    assert_close(optimal_discriminator(p_data, p_generator), 1 - p_generator / (p_data + p_generator))
    assert_unchanged(optimal_discriminator, p_data, p_generator)


def _game(rng, noise_size=3, size=4, reals=6, fakes=5):
    """Arguments of gan_train_step without the learning rate; real samples and generated ones lie apart."""
    generator = {"weight": _uniform(rng, -1.0, 1.0, size, noise_size), "bias": _uniform(rng, -1.0, -0.5, size)}
    discriminator = {"weight": _uniform(rng, 0.2, 0.6, 1, size), "bias": _uniform(rng, -0.6, -0.2, 1)}
    return generator, discriminator, _uniform(rng, 0.0, 2.0, reals, size), _uniform(rng, -1.5, 1.5, fakes, noise_size)


def _round(generator, discriminator, real, noise, lr):
    """One round with derivatives worked out by hand, in float64."""
    generator, discriminator = ({key: layer[key].double() for key in layer} for layer in (generator, discriminator))
    real, noise = real.double(), noise.double()
    fake = noise @ generator["weight"].T + generator["bias"]
    weight, bias = discriminator["weight"][0], discriminator["bias"][0]
    d_loss = _discriminator(real @ weight + bias, fake @ weight + bias)
    real_slope = -torch.sigmoid(-(real @ weight + bias)) / len(real)
    fake_slope = torch.sigmoid(fake @ weight + bias) / len(fake)
    weight = weight - lr * (real_slope @ real + fake_slope @ fake)
    bias = bias - lr * (real_slope.sum() + fake_slope.sum())
    g_loss = _bce(fake @ weight + bias, 1.0)
    sample_slope = -torch.sigmoid(-(fake @ weight + bias))[:, None] * weight / len(fake)
    new_generator = {
        "weight": generator["weight"] - lr * sample_slope.T @ noise,
        "bias": generator["bias"] - lr * sample_slope.sum(dim=0),
    }
    return new_generator, {"weight": weight[None], "bias": bias[None]}, d_loss, g_loss


def _parts(answer):
    return unpack(answer, "generator", "discriminator", "d_loss", "g_loss")


def _assert_layer(actual, expected, name):
    if not isinstance(actual, dict) or set(actual) != {"weight", "bias"}:
        raise Mismatch(f"the new {name} is not a dict of 'weight' and 'bias'")
    for key in ("weight", "bias"):
        assert_close(actual[key], expected[key], atol=1e-5)


def _assert_round(answer, expected):
    generator, discriminator, d_loss, g_loss = _parts(answer)
    _assert_layer(discriminator, expected[1], "discriminator")
    _assert_layer(generator, expected[0], "generator")
    assert_close(d_loss, expected[2], atol=1e-5)
    assert_close(g_loss, expected[3], atol=1e-5)


@pytest.mark.points(2)
def test_gan_train_step_of_the_discriminator(gan_train_step, rng):
    """gan_train_step moves the discriminator by one step of gradient descent on its own loss, and by nothing else."""
    arguments = _game(rng)
    _assert_layer(_parts(gan_train_step(*arguments, 0.7))[1], _round(*arguments, 0.7)[1], "discriminator")


@pytest.mark.points(3)
def test_gan_train_step_of_the_generator(gan_train_step, rng):
    """gan_train_step moves the generator by one step of gradient descent on generator_loss, judged by the new
    discriminator, and by nothing else."""
    arguments = _game(rng)
    _assert_layer(_parts(gan_train_step(*arguments, 0.7))[0], _round(*arguments, 0.7)[0], "generator")


@pytest.mark.points(2)
def test_gan_train_step_returns_the_losses(gan_train_step, rng):
    """gan_train_step returns the loss of each network just before its own step."""
    arguments = _game(rng)
    _, _, d_loss, g_loss = _parts(gan_train_step(*arguments, 0.7))
    expected = _round(*arguments, 0.7)
    assert_close(d_loss, expected[2])
    assert_close(g_loss, expected[3])


def test_gan_train_step_of_other_sizes(gan_train_step, rng):
    """gan_train_step works for any sizes and learning rates, also for single samples and for a learning rate of
    zero."""
    for sizes, lr in (((1, 2, 1, 3), 0.3), ((4, 1, 3, 1), 1.5), ((2, 3, 2, 2), 0.0)):
        arguments = _game(rng, *sizes)
        _assert_round(gan_train_step(*arguments, lr=lr), _round(*arguments, lr))


def test_gan_train_step_of_a_sure_discriminator(gan_train_step, rng):
    """gan_train_step stays finite and right if the discriminator is very sure and wrong."""
    for sign in (1.0, -1.0):
        generator, discriminator, real, noise = _game(rng)
        generator = {key: tensor.abs() + 0.5 for key, tensor in generator.items()}
        discriminator = {key: sign * 1e3 * tensor.abs() for key, tensor in discriminator.items()}
        arguments = generator, discriminator, real + 0.5, noise.abs()
        _assert_round(gan_train_step(*arguments, 0.1), _round(*arguments, 0.1))


def test_gan_train_step_over_several_rounds(gan_train_step, rng):
    """gan_train_step has no memory: every round depends on its arguments alone, in float32 too."""
    generator, discriminator, real, noise = _game(rng)
    generator, discriminator = ({key: layer[key].float() for key in layer} for layer in (generator, discriminator))
    real, noise = real.float(), noise.float()
    for _ in range(3):
        expected = _round(generator, discriminator, real, noise, 0.4)
        _assert_round(gan_train_step(generator, discriminator, real, noise, 0.4), expected)
        generator, discriminator = ({key: layer[key].float() for key in layer} for layer in expected[:2])


def test_gan_train_step_leaves_its_arguments_alone(gan_train_step, rng):
    """gan_train_step returns new dicts with new tensors and does not change its arguments."""
    arguments = _game(rng)
    _assert_round(gan_train_step(*arguments, 0.7), _round(*arguments, 0.7))
    assert_unchanged(gan_train_step, *arguments, 0.7)
