"""Right answers to 19_variational_autoencoders, written another way."""

import math

import torch
import torch.nn.functional as F


def reparameterize__multiplied_logarithm(mean, log_var, noise):
    """Half the logarithm as a product, and one fused operation."""
    return torch.addcmul(mean, noise, (0.5 * log_var).exp())


def reparameterize__loop(mean, log_var, noise):
    """One number at a time with the math module, in float64."""
    z = torch.empty(mean.shape, dtype=torch.float64)
    for n in range(mean.shape[0]):
        for k in range(mean.shape[1]):
            z[n, k] = mean[n, k].item() + math.exp(log_var[n, k].item() / 2) * noise[n, k].item()
    return z


def reparameterize__root_of_e(mean, log_var, noise):
    """A power of the square root of e."""
    return noise * torch.pow(torch.tensor(math.e**0.5, dtype=torch.float64), log_var.double()) + mean


def gaussian_kl__paper(mean, log_var):
    """The form of the paper, with all signs turned."""
    return -0.5 * torch.sum(1 + log_var - mean.pow(2) - log_var.exp(), dim=-1)


def gaussian_kl__separate_sums(mean, log_var):
    """Squared length, trace, number of dimensions and log-determinant, each by itself."""
    length = torch.einsum("nk,nk->n", mean, mean)
    return 0.5 * (length + log_var.exp().sum(1) - mean.shape[1] - log_var.sum(1))


def gaussian_kl__loop(mean, log_var):
    """One number at a time, with exp(s) - 1 as expm1."""
    return torch.tensor(
        [
            sum(0.5 * (m * m + math.expm1(s) - s) for m, s in zip(means, log_vars))
            for means, log_vars in zip(mean.tolist(), log_var.tolist())
        ]
    )


def vae_loss__sums_divided(x, logits, mean, log_var):
    """Both parts summed over everything, divided by the number of examples at the end."""
    reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return (reconstruction - 0.5 * (1 + log_var - mean**2 - log_var.exp()).sum()) / len(x)


def vae_loss__softplus(x, logits, mean, log_var):
    """The cross-entropy through softplus, and the two means added."""
    reconstruction = (F.softplus(logits) - x * logits).sum(1)
    divergence = 0.5 * (mean**2 + torch.expm1(log_var) - log_var).sum(1)
    return reconstruction.mean() + divergence.mean()


def vae_loss__log_sigmoid(x, logits, mean, log_var):
    """The definition of the cross-entropy, with log-sigmoid of the logit and of its opposite."""
    log_likelihood = (x * F.logsigmoid(logits) + (1 - x) * F.logsigmoid(-logits)).sum(1)
    divergence = (mean.square() + log_var.exp() - 1 - log_var).sum(1) / 2
    return -(log_likelihood - divergence).mean().item()
