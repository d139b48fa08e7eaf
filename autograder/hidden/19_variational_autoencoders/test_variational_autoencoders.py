"""Hidden tests of 19_variational_autoencoders. Oracle: torch.distributions in float64; where it underflows, the
formulas with Python numbers."""

import math

import numpy as np
import pytest
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from autograder.suite.assertions import assert_close, assert_unchanged


def _signed(rng, *shape):
    """Numbers of size 0.5 to 2, every second one negative, in random order."""
    x = rng.uniform(0.5, 2.0, math.prod(shape))
    x[::2] *= -1
    return torch.from_numpy(rng.permutation(x).reshape(shape))


def _deviations(rng, *shape):
    """Standard deviations well away from 1, every second one above it, in random order."""
    sigma = rng.uniform(0.2, 0.6, math.prod(shape))
    sigma[::2] = rng.uniform(1.8, 2.6, sigma[::2].size)
    return torch.from_numpy(rng.permutation(sigma).reshape(shape))


def _pixels(rng, *shape):
    """Zeros and ones, about as many of each, in random order."""
    return torch.from_numpy(rng.permutation(np.arange(math.prod(shape)) % 2.0).reshape(shape))


def _transposed_in_memory(tensor):
    """An equal tensor that is not contiguous."""
    return tensor.T.contiguous().T


def _kl(mean, sigma):
    return kl_divergence(Normal(mean.double(), sigma.double()), Normal(0.0, 1.0)).sum(1)


def _kl_of_numbers(mean, log_var):
    """The divergence of one example, with Python numbers; the variance may underflow to 0."""
    return sum((m * m + math.exp(s) - 1 - s) / 2 for m, s in zip(mean.tolist(), log_var.tolist(), strict=True))


def _vae(x, logits, mean, sigma):
    log_likelihood = Bernoulli(logits=logits.double()).log_prob(x.double()).sum(1)
    return (_kl(mean, sigma) - log_likelihood).mean()


def _vae_arguments(rng, examples, features, dimensions):
    """x, logits, mean, sigma; the logits of the first example agree with its pixels, those of the others may not."""
    x = _pixels(rng, examples, features)
    logits = 2 * _signed(rng, examples, features)
    logits[0] = logits[0].abs() * (2 * x[0] - 1)
    return x, logits, _signed(rng, examples, dimensions), _deviations(rng, examples, dimensions)


@pytest.mark.points(3)
def test_reparameterize_scales_and_shifts_the_noise(reparameterize, rng):
    """reparameterize multiplies the noise by the standard deviation, which follows from the logarithm of the variance,
    and adds the mean."""
    mean, sigma, noise = _signed(rng, 4, 3), _deviations(rng, 4, 3), _signed(rng, 4, 3)
    assert_close(reparameterize(mean, sigma.square().log(), noise), mean + sigma * noise)


@pytest.mark.points(2)
def test_reparameterize_with_other_noise(reparameterize, rng):
    """reparameterize takes its randomness from its argument: with noise of zero it returns the mean, and opposite
    noise leads to the opposite side of the mean."""
    mean, sigma, noise = _signed(rng, 2, 5), _deviations(rng, 2, 5), _signed(rng, 2, 5)
    for factor in (0, 1, -1):
        answer = reparameterize(mean=mean, log_var=sigma.square().log(), noise=factor * noise)
        assert_close(answer, mean + sigma * (factor * noise))


def test_reparameterize_of_tiny_variances(reparameterize, rng):
    """reparameterize returns the mean where the variance is next to nothing, in the same row as ordinary ones."""
    mean, sigma, noise = _signed(rng, 3, 4), _deviations(rng, 3, 4), _signed(rng, 3, 4)
    log_var = sigma.square().log()
    log_var[:, 1], log_var[1, 2] = -1e3, -1e4
    sigma[:, 1], sigma[1, 2] = 0, 0
    assert_close(reparameterize(mean, log_var, noise), mean + sigma * noise)


def test_reparameterize_of_huge_variances(reparameterize, rng):
    """reparameterize is right for a standard deviation that is finite though its square overflows."""
    mean, noise = _signed(rng, 2, 3), _signed(rng, 2, 3)
    log_var = torch.from_numpy(rng.uniform(995.0, 1005.0, (2, 3)))
    sigma = [math.exp(s / 2) for s in log_var.flatten().tolist()]
    assert_close(reparameterize(mean, log_var, noise), noise * torch.tensor(sigma, dtype=torch.float64).reshape(2, 3))


def test_reparameterize_of_one_number(reparameterize, rng):
    """reparameterize works for a single example and for a single dimension."""
    for shape in ((1, 1), (1, 4), (5, 1)):
        mean, sigma, noise = _signed(rng, *shape), _deviations(rng, *shape), _signed(rng, *shape)
        assert_close(reparameterize(mean, sigma.square().log(), noise), mean + sigma * noise)


def test_reparameterize_of_float32(reparameterize, rng):
    """reparameterize is right for float32 tensors and does not depend on how they lie in memory."""
    mean, sigma, noise = _signed(rng, 3, 5), _deviations(rng, 3, 5), _signed(rng, 3, 5)
    arguments = [_transposed_in_memory(a.float()) for a in (mean, sigma.square().log(), noise)]
    assert_close(reparameterize(*arguments), mean + sigma * noise)


def test_reparameterize_leaves_its_arguments_alone(reparameterize, rng):
    """reparameterize returns a new tensor and changes none of its arguments."""
    mean, sigma, noise = _signed(rng, 2, 3), _deviations(rng, 2, 3), _signed(rng, 2, 3)
    assert_close(reparameterize(mean, sigma.square().log(), noise), mean + sigma * noise)
    assert_unchanged(reparameterize, mean, sigma.square().log(), noise)


@pytest.mark.points(3)
def test_gaussian_kl_agrees_with_torch(gaussian_kl, rng):
    """gaussian_kl returns for each example the divergence of its distribution from the standard normal one, summed
    over the dimensions."""
    mean, sigma = _signed(rng, 4, 3), _deviations(rng, 4, 3)
    assert_close(gaussian_kl(mean, sigma.square().log()), _kl(mean, sigma))


@pytest.mark.points(2)
def test_gaussian_kl_of_the_prior_is_zero(gaussian_kl, rng):
    """gaussian_kl is zero for an example whose distribution is the prior, whatever the others are."""
    mean, sigma = _signed(rng, 3, 5), _deviations(rng, 3, 5)
    mean[1], sigma[1] = 0, 1
    assert_close(gaussian_kl(mean=mean, log_var=sigma.square().log()), _kl(mean, sigma))


def test_gaussian_kl_of_the_mean_alone(gaussian_kl, rng):
    """gaussian_kl grows with the square of the mean where the variances are those of the prior."""
    mean = _signed(rng, 2, 4) * torch.tensor([[1.0], [1e3]], dtype=torch.float64)
    assert_close(gaussian_kl(mean, torch.zeros_like(mean)), mean.square().sum(1) / 2)


def test_gaussian_kl_of_the_variance_alone(gaussian_kl, rng):
    """gaussian_kl punishes variances below one as well as above one where the means are those of the prior."""
    sigma = torch.from_numpy(np.stack([rng.uniform(0.2, 0.5, 4), rng.uniform(1.8, 2.6, 4)]))
    mean = torch.zeros_like(sigma)
    assert_close(gaussian_kl(mean, sigma.square().log()), _kl(mean, sigma))


def test_gaussian_kl_of_extreme_variances(gaussian_kl, rng):
    """gaussian_kl is finite and right for variances so small that they become zero, and for large ones."""
    mean, log_var = _signed(rng, 5, 3), _deviations(rng, 5, 3).square().log()
    log_var[0, 1], log_var[1, 2], log_var[2], log_var[3, 0] = -1e3, -1e4, -1e4, 8
    expected = [_kl_of_numbers(m, s) for m, s in zip(mean, log_var, strict=True)]
    assert_close(gaussian_kl(mean, log_var), np.array(expected))


def test_gaussian_kl_of_one_dimension(gaussian_kl, rng):
    """gaussian_kl works for a single example and for a single dimension, and returns one number per example."""
    for shape in ((1, 1), (1, 4), (5, 1)):
        mean, sigma = _signed(rng, *shape), _deviations(rng, *shape)
        assert_close(gaussian_kl(mean, sigma.square().log()), _kl(mean, sigma))


def test_gaussian_kl_of_float32(gaussian_kl, rng):
    """gaussian_kl is right for float32 tensors, tiny variances included, and does not depend on how they lie in
    memory."""
    mean, log_var = _signed(rng, 3, 5), _deviations(rng, 3, 5).square().log()
    log_var[2, 1] = -300
    expected = [_kl_of_numbers(m, s) for m, s in zip(mean, log_var, strict=True)]
    answer = gaussian_kl(_transposed_in_memory(mean.float()), _transposed_in_memory(log_var.float()))
    assert_close(answer, np.array(expected))


def test_gaussian_kl_leaves_its_arguments_alone(gaussian_kl, rng):
    """gaussian_kl changes neither the means nor the logarithms of the variances."""
    mean, sigma = _signed(rng, 2, 3), _deviations(rng, 2, 3)
    assert_close(gaussian_kl(mean, sigma.square().log()), _kl(mean, sigma))
    assert_unchanged(gaussian_kl, mean, sigma.square().log())


@pytest.mark.points(3)
def test_vae_loss_agrees_with_torch(vae_loss, rng):
    """vae_loss adds the cross-entropy of all pixels and the divergence from the prior for each example, and takes the
    mean over the examples."""
    x, logits, mean, sigma = _vae_arguments(rng, 4, 5, 3)
    assert_close(vae_loss(x, logits, mean, sigma.square().log()), _vae(x, logits, mean, sigma))


@pytest.mark.points(2)
def test_vae_loss_of_a_perfect_encoder(vae_loss, rng):
    """vae_loss is the cross-entropy alone, summed over pixels and averaged over examples, if every distribution is the
    prior."""
    x, logits, mean, _ = _vae_arguments(rng, 3, 7, 2)
    mean = torch.zeros_like(mean)
    answer = vae_loss(x=x, logits=logits, mean=mean, log_var=torch.zeros_like(mean))
    assert_close(answer, _vae(x, logits, mean, torch.ones_like(mean)))


@pytest.mark.points(2)
def test_vae_loss_of_a_perfect_decoder(vae_loss, rng):
    """vae_loss is the divergence alone, summed over dimensions and averaged over examples, if all logits are far on the
    right side."""
    x, _, mean, sigma = _vae_arguments(rng, 3, 4, 5)
    for size in (1e3, 1e4):
        assert_close(vae_loss(x, size * (2 * x - 1), mean, sigma.square().log()), _kl(mean, sigma).mean())


def test_vae_loss_of_confident_mistakes(vae_loss, rng):
    """vae_loss grows with the logit without a limit where the logit is far on the wrong side, for pixels of one and of
    zero."""
    for pixel in (0.0, 1.0):
        x, logits, mean, sigma = _vae_arguments(rng, 3, 4, 2)
        x[1, 2], x[2, 0] = pixel, pixel
        logits[1, 2], logits[2, 0] = 1e3 * (1 - 2 * pixel), 1e4 * (1 - 2 * pixel)
        assert_close(vae_loss(x, logits, mean, sigma.square().log()), _vae(x, logits, mean, sigma))


def test_vae_loss_of_shades_of_grey(vae_loss, rng):
    """vae_loss uses the cross-entropy for pixels between zero and one as well."""
    _, logits, mean, sigma = _vae_arguments(rng, 3, 6, 2)
    x = torch.from_numpy(rng.uniform(0.2, 0.8, (3, 6)))
    cross_entropy = torch.nn.BCEWithLogitsLoss(reduction="sum")(logits, x) / 3
    assert_close(vae_loss(x, logits, mean, sigma.square().log()), cross_entropy + _kl(mean, sigma).mean())


def test_vae_loss_of_a_certain_encoder(vae_loss, rng):
    """vae_loss is finite and right where the encoder's variances are so small that they become zero."""
    x, logits, mean, sigma = _vae_arguments(rng, 2, 5, 3)
    log_var = sigma.square().log()
    log_var[0, 1], log_var[1, 2] = -1e3, -1e4
    divergence = sum(_kl_of_numbers(m, s) for m, s in zip(mean, log_var, strict=True)) / 2
    cross_entropy = torch.nn.BCEWithLogitsLoss(reduction="sum")(logits, x) / 2
    assert_close(vae_loss(x, logits, mean, log_var), cross_entropy + divergence)


def test_vae_loss_of_a_single_example(vae_loss, rng):
    """vae_loss works for a single example, for a single pixel and for a single dimension."""
    for examples, features, dimensions in ((1, 4, 2), (3, 1, 2), (2, 4, 1), (1, 1, 1)):
        x, logits, mean, sigma = _vae_arguments(rng, examples, features, dimensions)
        assert_close(vae_loss(x, logits, mean, sigma.square().log()), _vae(x, logits, mean, sigma))


def test_vae_loss_of_float32(vae_loss, rng):
    """vae_loss is right for float32 tensors and does not depend on how they lie in memory."""
    x, logits, mean, sigma = _vae_arguments(rng, 3, 5, 4)
    arguments = [_transposed_in_memory(a.float()) for a in (x, logits, mean, sigma.square().log())]
    assert_close(vae_loss(*arguments), _vae(x, logits, mean, sigma))


def test_vae_loss_leaves_its_arguments_alone(vae_loss, rng):
    """vae_loss changes none of its arguments."""
    x, logits, mean, sigma = _vae_arguments(rng, 2, 3, 4)
    assert_close(vae_loss(x, logits, mean, sigma.square().log()), _vae(x, logits, mean, sigma))
    assert_unchanged(vae_loss, x, logits, mean, sigma.square().log())
