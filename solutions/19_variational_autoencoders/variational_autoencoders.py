# ---
# jupyter:
#   autograder:
#     profile: torch
#     questions: [B46]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 19 · Variational autoencoders
#
# An autoencoder gives every example a code, a point. Decode a point that belongs to no example, and anything may come
# out, since nothing was ever asked of the space between the codes. A **variational autoencoder** (Kingma & Welling,
# 2014) is built for drawing new examples from it, and it rests on three choices:
#
# - There is a **prior**: codes are standard normal, $p(z) = \mathcal N(0, I)$. A new example is a $z$ drawn from the
#   prior, decoded.
# - The **encoder** returns no point but a distribution, $q(z \mid x) = \mathcal N(\mu, \operatorname{diag}(\sigma^2))$:
#   for each example a mean and a variance in each of the $K$ dimensions of the code.
# - The **decoder** turns a code $z$ into the parameters of a distribution $p(x \mid z)$. Here the entries of $x$ lie
#   between 0 and 1, and the decoder returns one logit for each: a Bernoulli distribution per pixel.
#
# We would like to maximize $\log p(x)$. It is an integral over all codes and out of reach, but there is a lower bound
# for it, the **ELBO** (evidence lower bound):
#
# $$\log p(x) \;\ge\; \mathbb E_{q(z \mid x)}\bigl[\log p(x \mid z)\bigr] -
# \mathrm{KL}\bigl(q(z \mid x) \,\|\, p(z)\bigr)$$
#
# The first term asks that the code tells what $x$ was, the second that $q$ stays close to the prior. You will write the
# three pieces that make an autoencoder variational: the draw from $q$, the second term, and the whole as a loss.
#
# **Variances as logarithms.** The encoder is a network, and its outputs are any real numbers. A variance is positive,
# so the network returns its logarithm: `log_var` is $\log \sigma^2$ (the natural logarithm). It is neither $\sigma$ nor
# $\sigma^2$ nor $\log \sigma$, and most mistakes of this topic come from taking it for one of those.
#
# **Rules of this topic.** Use PyTorch (all of it), NumPy and the standard library. Tensors are on the CPU and hold
# finite floats, all float64 or all float32; they require no gradient. $N$ is the number of examples, $D$ that of
# features, $K$ that of the dimensions of the code, and each is at least 1. $K$ and $D$ may differ or agree. Arguments
# stay as they were: `+=` and functions whose name ends with an underscore write into the tensor that they are given,
# so use them on tensors of your own only. Results must be right for `log_var` down to $-10^4$ and for means and logits
# up to $\pm 10^4$, in both precisions; only a result that is itself too large for its type may overflow.
#
# **Interview questions.** B46 (B is the second of the two documents that this collection follows) asks what a
# variational autoencoder is. Its answer says that encoder and decoder each learn a distribution, and stops there. That
# is not wrong, but what makes the model work is missing:
#
# - There is no prior and no divergence from it in the answer. Without this term in the loss the encoder would make its
#   variances as small as it can, and we would be back at the ordinary autoencoder.
# - It does not say how a gradient gets through a random draw. That is the subject of the first exercise.
# - Variational inference is named as the technique, but not what it does: it replaces a likelihood that cannot be
#   computed by a bound that can. The loss of a variational autoencoder is an upper bound of the negative
#   log-likelihood, not the negative log-likelihood itself.

# %%
import torch
import torch.nn.functional as F

# %% [markdown]
# ## `reparameterize`: a random draw with a gradient
#
# To train the encoder we need the derivative of the loss with respect to $\mu$ and $\sigma$. But a number that comes
# out of a random generator has no derivative with respect to the parameters of its distribution. The way out is to
# draw the randomness first, from a distribution without parameters, and to compute the sample from it:
#
# $$z = \mu + \sigma \odot \varepsilon, \qquad \varepsilon \sim \mathcal N(0, I)$$
#
# Now $z$ has the distribution $\mathcal N(\mu, \operatorname{diag}(\sigma^2))$, and it is an ordinary function of $\mu$
# and $\sigma$, with $\partial z / \partial \mu = 1$ and $\partial z / \partial \sigma = \varepsilon$. The noise is an
# argument of your function, like the data; so there is nothing random in the function itself.
#
# What you are given is $\log \sigma^2$. The standard deviation follows from it in one step. The detour through the
# variance, $\sigma = \sqrt{e^{\log \sigma^2}}$, is the same on paper, but $e^{1000}$ overflows and its square root,
# $e^{500} \approx 10^{217}$, does not.


# %%
def reparameterize(mean, log_var, noise):
    """A sample of a normal distribution with independent dimensions, computed from given standard normal noise.

        z = mean + sigma * noise,    log_var = log(sigma^2)

    Args:
        mean: means, (N, K).
        log_var: logarithms of the variances, (N, K). Overflow is allowed only where sigma itself overflows.
        noise: a draw from the standard normal distribution, (N, K).

    Returns:
        Samples, (N, K). The function draws nothing itself.

    Source: Kingma & Welling, 2014, "Auto-encoding variational Bayes", section 2.4.
    """
    ### BEGIN SOLUTION
    return mean + torch.exp(log_var / 2) * noise
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Noise with mean 0 and standard deviation 1 is to get another mean and another standard deviation. Which of the two
#    is a factor, which is added?
# 2. Solve $s = \log \sigma^2$ for $\sigma$. Mind the square, which a logarithm turns into a factor.
# 3. If ordinary inputs are right and large ones are infinite, look for an exponential that is larger than your result
#    has to be.

# %% [markdown]
# ## `gaussian_kl`: how far from the prior?
#
# The Kullback-Leibler divergence $\mathrm{KL}(q \,\|\, p) = \mathbb E_q[\log q(z) - \log p(z)]$ is 0 if $q$ and $p$ are
# the same, and positive otherwise. For a normal $q$ with independent dimensions and the prior $\mathcal N(0, I)$ the
# expectation can be written down:
#
# $$\mathrm{KL} = \frac12 \sum_{k=1}^{K} \bigl(\mu_k^2 + \sigma_k^2 - 1 - \log \sigma_k^2\bigr)$$
#
# Each example has a divergence of its own: sum over its dimensions, not over the batch.
#
# - It is a **sum** over the dimensions, because the logarithm of a product of densities is a sum. Several published
#   models took the mean, which makes the term $K$ times too small.
# - The $-1$ belongs to every dimension and so counts $K$ times.
# - The divergence is not symmetric. Here the expectation is over $q$, the encoder's distribution.
# - Many programs have the same formula with all signs turned and $-\tfrac12$ in front, as the paper does, where
#   $-\mathrm{KL}$ is a part of what is maximized. Whichever you use, the result is never negative.
#
# For a very negative `log_var` the variance is too small for a float and becomes 0. That does no harm in the sum, but
# the logarithm of that 0 does, and you need no logarithm: you were given it.


# %%
def gaussian_kl(mean, log_var):
    """The divergence KL(q || N(0, I)) of normal distributions q with independent dimensions.

        KL = 1/2 * sum_k (mean_k^2 + sigma_k^2 - 1 - log_var_k),    log_var = log(sigma^2)

    Args:
        mean: means, (N, K).
        log_var: logarithms of the variances, (N, K). Overflow is allowed only where the variance itself overflows.

    Returns:
        One divergence per example, (N,); not negative.

    Source: Kingma & Welling, 2014, "Auto-encoding variational Bayes", appendix B.
    """
    ### BEGIN SOLUTION
    return (mean.square() + torch.exp(log_var) - 1 - log_var).sum(dim=1) / 2
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Everything inside the bracket can be computed for the whole tensor at once. What is $\sigma^2$ in terms of
#    `log_var`, and what is $\log \sigma^2$?
# 2. The result has one number per row. Which axis disappears?
# 3. Try means of 0 and logarithms of 0: that is the prior, and the divergence must be 0. Then change one entry.

# %% [markdown]
# On the left, the same noise under three pairs of mean and `log_var`: the noise decides where in its distribution a
# sample lies, mean and variance decide the rest. On the right, the divergence of one dimension. It grows with the
# square of the mean, and without a limit as $\sigma$ goes to 0, which is what the ordinary autoencoder would choose.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# generator = torch.Generator().manual_seed(0)
# noise = torch.randn(5000, 1, generator=generator)
# sigma = torch.linspace(0.02, 3, 300)[:, None]
#
# figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.5))
# for m, s in [(0.0, 0.0), (3.0, -2.0), (-2.0, 1.0)]:
#     z = reparameterize(torch.full_like(noise, m), torch.full_like(noise, s), noise)
#     left.hist(z.flatten().tolist(), bins=60, density=True, alpha=0.5, label=f"mean {m:g}, log_var {s:g}")
# for m in [0.0, 1.0, 2.0]:
#     right.plot(sigma, gaussian_kl(torch.full_like(sigma, m), 2 * torch.log(sigma)), label=f"mean {m:g}")
# left.set(title="samples from the same noise", xlabel="z")
# right.set(title="divergence from the prior", xlabel=r"$\sigma$", ylim=(0, 6))
# left.legend()
# right.legend()
# plt.show()

# %% [markdown]
# ## `vae_loss`: the negative ELBO
#
# $$\mathcal L = \frac1N \sum_{n=1}^{N}
# \Bigl(-\log p(x_n \mid z_n) + \mathrm{KL}\bigl(q(z \mid x_n) \,\|\, p(z)\bigr)\Bigr)$$
#
# with one sample $z_n$ per example in place of the expectation; it has been drawn and decoded already, and `logits` is
# what the decoder made of it. With $p = \mathrm{sigmoid}(\text{logit})$, a pixel $x$ between 0 and 1 contributes
#
# $$-\bigl(x \log p + (1 - x) \log(1 - p)\bigr),$$
#
# the binary cross-entropy of topic 02. (For values strictly between 0 and 1, such as shades of grey, this is a common
# loss too, though no longer exactly a likelihood.)
#
# **Sum or mean?** $\log p(x \mid z)$ is a *sum* over the $D$ pixels, as the divergence is one over the $K$ dimensions.
# Only the batch is averaged. If you take the mean over the pixels, which is the default of PyTorch's losses, the
# reconstruction weighs $D$ times less against the divergence, and the decoder may learn to ignore its code (*posterior
# collapse*). Summing over the batch as well is another convention, of PyTorch's own example among others; here the
# loss must not depend on how many examples a batch has.
#
# **Stability.** A logit of $-1000$ where $x$ is 1 costs 1000. But `sigmoid` has become 0 there, and its logarithm is
# infinite, or 100 where a library cuts it off (`torch.nn.functional.binary_cross_entropy` does). Work from the logits.


# %%
def vae_loss(x, logits, mean, log_var):
    """The loss of a variational autoencoder with a Bernoulli decoder: the negative ELBO.

        loss = 1/N * sum_n (sum_d BCE(x_nd, sigmoid(logits_nd)) + KL(N(mean_n, sigma_n^2) || N(0, I)))

    where BCE(x, p) = -(x log p + (1 - x) log(1 - p)) and log_var = log(sigma^2).

    Args:
        x: examples, (N, D), entries between 0 and 1 inclusive.
        logits: the decoder's output for one sample per example, (N, D), any finite numbers; log p is not clamped.
        mean: means that the encoder returned, (N, K).
        log_var: logarithms of the variances that the encoder returned, (N, K).

    Returns:
        The loss, a 0-d tensor.

    Source: Kingma & Welling, 2014, "Auto-encoding variational Bayes", section 3 and appendices B and C.1.
    """
    ### BEGIN SOLUTION
    reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (reconstruction + gaussian_kl(mean, log_var)).mean()
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Compute two tensors of shape $(N,)$, the cross-entropy and the divergence of each example. Both are costs: what
#    joins them, and what makes one number of $N$?
# 2. You have written the divergence already. For the other part PyTorch has a loss that takes logits; look up which of
#    its arguments are the logits and which the targets, and how to switch its averaging off.
# 3. If the answer is off by a factor, try one example with one pixel and one dimension, then two of each in turn: it
#    should grow with pixels and dimensions, not with examples.

# %% [markdown]
# The three functions at work. Each example is a row of 16 pixels with a bar of 5 at some position. The encoder is
# trained to describe it in two dimensions, with noise drawn anew in every step. On the left, the means for the 12
# positions, coloured in their order, each with an ellipse of one $\sigma$ in each dimension. Nobody told the model that
# the positions are ordered, but neighbours have become neighbours, and all lie where the prior (grey) has its codes. On
# the right, 100 codes on a ring through that region, decoded. From one to the next, the bar moves on, and its edge is
# uncertain for a moment. Only where the two ends of the order meet is there a jump, and what lies in it is no bar.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
# from matplotlib.patches import Ellipse
#
# torch.manual_seed(0)
# pixel, position = torch.arange(16), torch.arange(12)[:, None]
# x = ((pixel >= position) & (pixel < position + 5)).float()
# encoder = torch.nn.Sequential(torch.nn.Linear(16, 64), torch.nn.Tanh(), torch.nn.Linear(64, 4))
# decoder = torch.nn.Sequential(torch.nn.Linear(2, 64), torch.nn.Tanh(), torch.nn.Linear(64, 16))
# optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=0.01)
# for _ in range(1500):
#     mean, log_var = encoder(x).chunk(2, dim=1)
#     loss = vae_loss(x, decoder(reparameterize(mean, log_var, torch.randn(12, 2))), mean, log_var)
#     optimizer.zero_grad()
#     loss.backward()
#     optimizer.step()
#
# mean, log_var = encoder(x).detach().chunk(2, dim=1)
# prior = torch.randn(1000, 2)
# angle = torch.linspace(0, 2 * torch.pi, 100)
# ring = decoder(1.2 * torch.stack([angle.cos(), angle.sin()], dim=1)).detach().sigmoid()
#
# figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
# left.scatter(*prior.T, s=4, color="lightgrey")
# left.scatter(*mean.T, c=position[:, 0], cmap="viridis")
# for centre, (width, height) in zip(mean.tolist(), (2 * torch.exp(log_var / 2)).tolist()):
#     left.add_patch(Ellipse(centre, width, height, fill=False))
# left.set(title="encoded bars and the prior", aspect="equal")
# right.imshow(ring.T, cmap="gray", aspect="auto", extent=(0, 360, 15.5, -0.5))
# right.set(title="decoded ring of codes", xlabel="angle in degrees", ylabel="pixel")
# plt.tight_layout()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="B46"
# - 1 point: the encoder gives mean and variance of a distribution over codes, the decoder a distribution over inputs;
#   new samples come from decoding draws of the prior.
# - 1 point: the loss is a reconstruction term plus the KL divergence from the prior: the negative evidence lower
#   bound.
# - 1 point: the reparameterisation, z = mu + sigma * epsilon, lets gradients pass the sampling.
# - 1 point: a field of use, or what sets it apart from a plain autoencoder: a code space without gaps, to sample from
#   and interpolate in.
