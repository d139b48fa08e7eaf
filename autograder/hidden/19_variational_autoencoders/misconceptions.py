"""Known wrong answers to 19_variational_autoencoders; the docstring of each is its diagnosis."""

import torch
import torch.nn.functional as F


def reparameterize__returns_the_mean(mean, log_var, noise):
    """What comes back is the mean, with no randomness in it: that is the code of an ordinary autoencoder. The noise,
    scaled by the standard deviation, has to be added."""
    return mean.clone()


def reparameterize__noise_not_scaled(mean, log_var, noise):
    """The noise is added as it is, so every sample has a variance of 1, whatever the encoder says. Scale it by the
    standard deviation first."""
    return mean + noise


def reparameterize__variance_in_place_of_std(mean, log_var, noise):
    """The noise is multiplied by the variance. What scales a random number by a factor is the standard deviation; its
    logarithm is half of log_var."""
    return mean + log_var.exp() * noise


def reparameterize__log_var_as_std(mean, log_var, noise):
    """The noise is multiplied by log_var itself, as if it were the standard deviation. It is the logarithm of the
    variance, and may be negative: an exponential is missing."""
    return mean + log_var * noise


def reparameterize__root_without_exponential(mean, log_var, noise):
    """A square root was taken of log_var, as if it were the variance, and gives NaN for negative entries. It is the
    logarithm of the variance: undo the logarithm."""
    return mean + log_var.sqrt() * noise


def reparameterize__log_precision(mean, log_var, noise):
    """Your samples scatter least where they should scatter most: the sign of log_var is turned, so you divide by the
    standard deviation. Multiply the noise by it."""
    return mean + torch.exp(-log_var / 2) * noise


def reparameterize__noise_around_zero(mean, log_var, noise):
    """The noise is scaled but the mean is missing, so all samples lie around 0. Add the mean."""
    return torch.exp(log_var / 2) * noise


def reparameterize__draws_own_noise(mean, log_var, noise):
    """The function draws noise itself and ignores what it is given. The randomness is an argument: with the same noise,
    the same sample must come out."""
    generator = torch.Generator().manual_seed(0)
    return mean + torch.exp(log_var / 2) * torch.randn(mean.shape, generator=generator, dtype=mean.dtype)


def reparameterize__root_of_an_overflow(mean, log_var, noise):
    """Right for ordinary variances, but infinite for large ones: the variance overflows before its square root is
    taken. Halve the logarithm instead of taking a root."""
    return mean + torch.sqrt(torch.exp(log_var)) * noise


def reparameterize__changes_the_mean(mean, log_var, noise):
    """The values are right, but the mean itself was changed, and the loss still needs it. An operator such as += writes
    into the caller's tensor; compute a new one."""
    mean += torch.exp(log_var / 2) * noise
    return mean


def gaussian_kl__sign_flipped(mean, log_var):
    """Your divergences are negative, which no divergence is. The paper writes down minus the divergence, a quantity to
    be maximized; turn the sign."""
    return 0.5 * (1 + log_var - mean.square() - log_var.exp()).sum(dim=1)


def gaussian_kl__mean_over_dimensions(mean, log_var):
    """Too small by the number of dimensions: you take their mean. The divergence of independent dimensions is the sum
    of their divergences."""
    return 0.5 * (mean.square() + log_var.exp() - 1 - log_var).mean(dim=1)


def gaussian_kl__no_half(mean, log_var):
    """Every divergence is twice as large as it should be. The density of the normal distribution has a factor of one
    half in its exponent, and so has the divergence."""
    return (mean.square() + log_var.exp() - 1 - log_var).sum(dim=1)


def gaussian_kl__one_counted_once(mean, log_var):
    """Right for a single dimension only: 1 is subtracted once per example. It belongs to every dimension; only then is
    the divergence of the prior from itself 0."""
    return 0.5 * ((mean.square() + log_var.exp() - log_var).sum(dim=1) - 1)


def gaussian_kl__log_std(mean, log_var):
    """log_var was taken for the logarithm of the standard deviation, and doubled. It is that of the variance
    already."""
    return 0.5 * (mean.square() + (2 * log_var).exp() - 1 - 2 * log_var).sum(dim=1)


def gaussian_kl__log_var_as_variance(mean, log_var):
    """log_var was taken for the variance: your answer contains its logarithm, which is NaN where it is negative. It is
    a logarithm already, and the variance is its exponential."""
    return 0.5 * (mean.square() + log_var - 1 - log_var.log()).sum(dim=1)


def gaussian_kl__mean_not_squared(mean, log_var):
    """The means enter as they are, so a negative mean makes the divergence smaller. They enter squared: what counts is
    the distance from the prior's mean."""
    return 0.5 * (mean + log_var.exp() - 1 - log_var).sum(dim=1)


def gaussian_kl__arguments_exchanged(mean, log_var):
    """This is the divergence of the prior from the encoder's distribution. The divergence is not symmetric: the
    expectation is over the encoder's distribution, so nothing is divided by its variance."""
    return 0.5 * ((1 + mean.square()) * torch.exp(-log_var) - 1 + log_var).sum(dim=1)


def gaussian_kl__sum_over_everything(mean, log_var):
    """One number came back for the whole batch. Each example has a divergence of its own: sum over the dimensions
    only."""
    return 0.5 * (mean.square() + log_var.exp() - 1 - log_var).sum()


def gaussian_kl__sum_over_the_batch(mean, log_var):
    """You have one number per dimension, since the sum runs over the examples. It should run over the dimensions, the
    other axis."""
    return 0.5 * (mean.square() + log_var.exp() - 1 - log_var).sum(dim=0)


def gaussian_kl__logarithm_of_zero(mean, log_var):
    """Right for ordinary variances, but infinite for tiny ones: the variance becomes 0, and you take its logarithm. You
    were given that logarithm; use it as it is."""
    variance = log_var.exp()
    return 0.5 * (mean.square() + variance - 1 - variance.log()).sum(dim=1)


def gaussian_kl__changes_the_mean(mean, log_var):
    """The values are right, but the means themselves were squared, and the caller still needs them. A function whose
    name ends with an underscore writes into its tensor; use the one without."""
    return 0.5 * (mean.pow_(2) + log_var.exp() - 1 - log_var).sum(dim=1)


def _cross_entropy(x, logits):
    """(N,), summed over the pixels."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)


def _kl(mean, log_var):
    """(N,), summed over the dimensions."""
    return (mean.square() + log_var.exp() - 1 - log_var).sum(dim=1) / 2


def vae_loss__kl_missing(x, logits, mean, log_var):
    """The loss does not depend on means and variances: it is that of an ordinary autoencoder. Add the divergence from
    the prior."""
    return _cross_entropy(x, logits).mean()


def vae_loss__kl_subtracted(x, logits, mean, log_var):
    """The divergence is subtracted, so that training would drive the codes away from the prior. In the ELBO it has a
    minus sign; the loss is the negative ELBO, and both of its terms are costs."""
    return (_cross_entropy(x, logits) - _kl(mean, log_var)).mean()


def vae_loss__elbo_not_negated(x, logits, mean, log_var):
    """Right but for the sign: this is the ELBO, which is to be maximized. A loss is minimized, so return its
    negative."""
    return -(_cross_entropy(x, logits) + _kl(mean, log_var)).mean()


def vae_loss__mean_over_pixels(x, logits, mean, log_var):
    """The cross-entropy is averaged over the pixels, as is PyTorch's default, so it counts too little beside the
    divergence. Sum over the pixels of an example; only the examples are averaged."""
    return F.binary_cross_entropy_with_logits(logits, x) + _kl(mean, log_var).mean()


def vae_loss__kl_mean_over_dimensions(x, logits, mean, log_var):
    """The divergence is averaged over the dimensions of the code, so it counts too little beside the cross-entropy. Sum
    over the dimensions; only the examples are averaged."""
    return (_cross_entropy(x, logits) + _kl(mean, log_var) / mean.shape[1]).mean()


def vae_loss__sum_over_the_batch(x, logits, mean, log_var):
    """Too large by the number of examples: you sum over the batch. The loss is the mean over the examples."""
    return (_cross_entropy(x, logits) + _kl(mean, log_var)).sum()


def vae_loss__kl_summed_over_the_batch(x, logits, mean, log_var):
    """The cross-entropy is averaged over the examples, but the divergence is summed, so it counts the more the larger
    the batch. Treat both alike: a mean over the examples."""
    return _cross_entropy(x, logits).mean() + _kl(mean, log_var).sum()


def vae_loss__one_per_example(x, logits, mean, log_var):
    """You have one loss per example. What is wanted is a single number, their mean."""
    return _cross_entropy(x, logits) + _kl(mean, log_var)


def vae_loss__sigmoid_twice(x, logits, mean, log_var):
    """The sigmoid is applied twice: you turn the logits into probabilities and hand them to a loss that expects logits.
    Give it the logits."""
    return (_cross_entropy(x, torch.sigmoid(logits)) + _kl(mean, log_var)).mean()


def vae_loss__clamped(x, logits, mean, log_var):
    """Right for ordinary logits, but no pixel ever costs more than 100: binary_cross_entropy cuts its logarithms off
    there. Compute the cross-entropy from the logits, without probabilities in between."""
    cross_entropy = F.binary_cross_entropy(torch.sigmoid(logits), x, reduction="none").sum(dim=1)
    return (cross_entropy + _kl(mean, log_var)).mean()


def vae_loss__logarithm_of_a_probability(x, logits, mean, log_var):
    """Right for ordinary logits, but NaN or infinite for large ones: the probability becomes exactly 0 or 1, and you
    take the logarithm of 0. Compute the cross-entropy from the logits."""
    p = torch.sigmoid(logits)
    cross_entropy = -(x * p.log() + (1 - x) * (1 - p).log()).sum(dim=1)
    return (cross_entropy + _kl(mean, log_var)).mean()


def vae_loss__squared_error(x, logits, mean, log_var):
    """The reconstruction is judged by squared error. That belongs to a decoder that returns the mean of a normal
    distribution; for a Bernoulli decoder the cost of a pixel is its cross-entropy."""
    return ((torch.sigmoid(logits) - x).square().sum(dim=1) + _kl(mean, log_var)).mean()


def vae_loss__only_pixels_of_one(x, logits, mean, log_var):
    """Pixels of 0 cost nothing in your loss, so a decoder that paints everything white would be perfect. The term with
    1 - x is missing in the cross-entropy."""
    return (-(x * F.logsigmoid(logits)).sum(dim=1) + _kl(mean, log_var)).mean()
