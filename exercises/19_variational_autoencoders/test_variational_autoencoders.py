import math

import torch


def test_reparameterize_by_hand(reparameterize):
    """Variances of 1 and of 4: a standard deviation of 1 and of 2, so z is 5 + 1 * 3 and 5 + 2 * 3."""
    mean = torch.tensor([[5.0, 5.0]])
    log_var = torch.tensor([[0.0, math.log(4)]])
    noise = torch.tensor([[3.0, 3.0]])
    z = torch.tensor([[8.0, 11.0]])
    torch.testing.assert_close(reparameterize(mean, log_var, noise), z, check_dtype=False)


def test_reparameterize_of_a_tiny_variance(reparameterize):
    """With next to no variance the noise does not count, and z is the mean."""
    mean = torch.tensor([[1.0, -2.0, 3.0]])
    log_var = torch.full((1, 3), -1e4)
    noise = torch.tensor([[5.0, 5.0, -5.0]])
    torch.testing.assert_close(reparameterize(mean, log_var, noise), mean, check_dtype=False)


def test_gaussian_kl_of_the_prior(gaussian_kl):
    """The first example has mean 0 and variance 1 everywhere, like the prior; the second has means of 2 and -4."""
    mean = torch.tensor([[0.0, 0.0], [2.0, -4.0]])
    log_var = torch.zeros(2, 2)
    kl = torch.tensor([0.0, (4 + 16) / 2])
    torch.testing.assert_close(gaussian_kl(mean, log_var), kl, check_dtype=False)


def test_gaussian_kl_of_another_variance(gaussian_kl):
    """A variance of 9 in each of two dimensions: twice one half of 9 - 1 - log(9)."""
    mean = torch.zeros(1, 2)
    log_var = torch.full((1, 2), math.log(9))
    kl = torch.tensor([8 - math.log(9)])
    torch.testing.assert_close(gaussian_kl(mean, log_var), kl, check_dtype=False)


def test_vae_loss_by_hand(vae_loss):
    """Logits of 0 are probabilities of one half: every pixel costs log(2), and there are three per example. The
    divergences are 2 and 0, and their mean is 1."""
    x = torch.tensor([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]])
    logits = torch.zeros(2, 3)
    mean, log_var = torch.tensor([[2.0], [0.0]]), torch.zeros(2, 1)
    loss = torch.tensor(3 * math.log(2) + 1)
    torch.testing.assert_close(torch.as_tensor(vae_loss(x, logits, mean, log_var)), loss, check_dtype=False)


def test_vae_loss_of_confident_logits(vae_loss):
    """A pixel that is 1 costs nothing with a logit of 1000 and 1000 with a logit of -1000."""
    x = torch.ones(1, 2)
    logits = torch.tensor([[1000.0, -1000.0]])
    mean = log_var = torch.zeros(1, 3)
    loss = torch.tensor(1000.0)
    torch.testing.assert_close(torch.as_tensor(vae_loss(x, logits, mean, log_var)), loss, check_dtype=False)
