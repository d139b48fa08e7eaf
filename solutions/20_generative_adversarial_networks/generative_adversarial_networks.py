# ---
# jupyter:
#   autograder:
#     profile: torch
#     questions: [A7, A19, A23, A27, A44, B19, B29, B44]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 20 · Generative adversarial networks
#
# How do you train a network to draw faces, when for a drawn face nobody can say what it should have been? A GAN
# (Goodfellow et al., 2014) lets a second network judge. The **generator** $G$ turns random noise $z$ into a sample
# $G(z)$. The **discriminator** $D$ is an ordinary two-class model: $D(x)$ is the probability that $x$ is real and not
# made by $G$. Each is trained against the other:
#
# $$\min_G \max_D \; V(D, G) = \mathbb{E}_{x \sim p_\text{data}} \log D(x) + \mathbb{E}_{z \sim p_z} \log\bigl(1 - D(G(z))\bigr)$$
#
# You will write the losses of the two, work out the best discriminator that there can be, and at last do one training
# step of each network. The formulas are binary cross entropies. The difficulty is elsewhere: to keep them right for a
# discriminator that is very sure, and to make sure that each loss moves its own network and no other.
#
# **Rules of this topic.** Use PyTorch (all of it), NumPy and the standard library. Tensors are on the CPU, hold finite
# floats, all float64 or all float32, have at least one entry, and require no gradient. Arguments stay as they were:
# `+=`, `-=` and every method whose name ends in `_` write into their tensor, so use them on tensors of your own only.
#
# **Logits.** The discriminator here ends in a linear layer. What it returns is a logit $l$, any real number, and
# $D = \sigma(l) = 1 / (1 + e^{-l})$: a positive logit says "real", a negative one "generated". Losses must be right
# for logits as large as $\pm 10^4$.
#
# **Interview questions.** A7, A19, A23, A27, A44, B19, B29 and B44 (A and B are the two documents that this collection
# follows) all ask what a GAN is. Their answers describe the game well and leave out its rules, the losses. Some claims
# need correcting:
#
# - A23 and A27 let the discriminator maximize its accuracy. Accuracy counts, so its slope is 0 wherever it has one,
#   and nothing could be learned from it. What is maximized is the logarithm of the probability of the right answer.
# - A27 says that the networks are initialized from a prior. The prior $p_z$ is that of the *noise*, and noise is drawn
#   anew for every batch. The parameters are initialized like those of any other network.
# - A7 and A19 promise that in the end the discriminator can no longer tell the two apart. This is the equilibrium of an
#   ideal game, in which both networks can represent any function (Goodfellow et al., 2014, proposition 2). Real
#   training often goes around in circles (Mescheder et al., 2018); the last plot below shows a mild case.
# - A44 counts diversity among the strong points. Its lack is the best-known weakness of a GAN: in **mode collapse** the
#   generator makes a few kinds of sample over and over again, and the loss does not tell it what is missing.
# - A27 calls all this adversarial training. That name now mostly means training on adversarial examples, the subject
#   of B23 (topic 24).

# %%
import torch
import torch.nn.functional as F

# %% [markdown]
# ## `discriminator_loss`: tell real from generated
#
# The discriminator maximizes $V$. An optimizer minimizes, so the loss is $-V$, with the mean over a batch in place of
# each expectation:
#
# $$L_D = -\frac1N \sum_{i=1}^{N} \log \sigma(r_i) \;-\; \frac1M \sum_{j=1}^{M} \log\bigl(1 - \sigma(f_j)\bigr)$$
#
# $r$ are the logits of real samples, $f$ those of generated ones. Each group has a mean of its own, and the two means
# are **added**: a group counts the same however many samples it has. (Some programs halve the sum. That changes the
# effective learning rate and nothing else, but it is not what is asked for here.)
#
# Do not compute $\sigma$ first. In float64, $\sigma(40)$ is exactly 1, so $\log(1 - \sigma(40))$ is $-\infty$ instead
# of $-40$; in float32 this happens at a logit of 17. Adding something like $10^{-8}$ inside the logarithm only
# replaces infinity by another wrong number. Simplify on paper: $-\log \sigma(r) = \log(1 + e^{-r})$, the *softplus* of
# $-r$. What does $-\log(1 - \sigma(f))$ become?
#
# A discriminator that knows nothing, with all logits 0, has the loss $2 \log 2 \approx 1.386$. That is a number to
# remember when you look at the curves of a GAN.


# %%
def discriminator_loss(real_logits, fake_logits):
    """The loss of the discriminator, to be minimized.

        L = -mean(log(sigmoid(real_logits))) - mean(log(1 - sigmoid(fake_logits)))

    Args:
        real_logits: logits of real samples, any shape.
        fake_logits: logits of generated samples, any shape, which may differ from that of real_logits.

    Returns:
        The loss, a 0-d tensor. It is finite for every finite logit.

    Source: Goodfellow et al., 2014, "Generative adversarial nets", equation 1 and algorithm 1.
    """
    ### BEGIN SOLUTION
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Take one generated sample with the logit $f$. Write $1 - \sigma(f)$ as a single fraction, then its logarithm.
# 2. Both terms have the form $\log(1 + e^t)$, for two different $t$. PyTorch has a function for it that does not
#    overflow; `binary_cross_entropy_with_logits` contains it as well.
# 3. If only the stability is right, check three things: which group gets which sign, a mean for each group, no factor
#    in front.

# %% [markdown]
# ## `generator_loss`: make the discriminator say "real"
#
# $$L_G = -\frac1M \sum_{j=1}^{M} \log \sigma(f_j)$$
#
# This is the binary cross entropy of the generated samples with the label *real*: the generator wants to be taken for
# it. No real sample occurs in it.
#
# It is not the generator's part of $V$, which is the next exercise. The documents name neither. Goodfellow et al.
# suggest it in section 3 of the paper, since it has the same aim and a better slope, and it is what nearly everybody
# uses. It is called **non-saturating**: its slope with respect to the logit is $-(1 - \sigma(f))$, close to $-1$ as
# long as the discriminator recognizes the sample, which is when the generator has most to learn.
#
# "Until the discriminator cannot tell" describes where the game may end. It is not the loss: to aim at
# $D = \tfrac12$ would give the generator a reason to spoil samples that already pass as real.


# %%
def generator_loss(fake_logits):
    """The non-saturating loss of the generator, to be minimized.

        L = -mean(log(sigmoid(fake_logits)))

    Args:
        fake_logits: logits that the discriminator gives to generated samples, any shape.

    Returns:
        The loss, a 0-d tensor. It is finite for every finite logit.

    Source: Goodfellow et al., 2014, "Generative adversarial nets", section 3.
    """
    ### BEGIN SOLUTION
    return F.softplus(-fake_logits).mean()
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Which label would the generator like its samples to get? Half of the previous exercise is this loss, for other
#    samples.
# 2. Check the direction: should the loss of a sample with the logit 5 be small or large?

# %% [markdown]
# ## `minimax_generator_loss`: the loss of the formula
#
# In $V$, only the second term depends on the generator. It minimizes that term as it stands:
#
# $$L_G^\text{minimax} = \frac1M \sum_{j=1}^{M} \log\bigl(1 - \sigma(f_j)\bigr)$$
#
# Mind the sign: a logarithm of a probability is never positive, so this loss is at most 0, and the better the generator
# deceives, the further it falls. For large $f$ it is close to $-f$.
#
# Both losses of the generator fall as $f$ grows; they differ in *how steeply*. The slope here is $-\sigma(f)$. Early in
# training the discriminator easily recognizes what is generated: with $f = -10$ the slope is $-0.00005$, and the
# generator hardly moves. That is what **saturating** means, and why the other loss exists.


# %%
def minimax_generator_loss(fake_logits):
    """The saturating loss of the generator, to be minimized: its part of the minimax game.

        L = mean(log(1 - sigmoid(fake_logits)))

    Args:
        fake_logits: logits that the discriminator gives to generated samples, any shape.

    Returns:
        The loss, a 0-d tensor, never positive. It is finite for every finite logit.

    Source: Goodfellow et al., 2014, "Generative adversarial nets", equation 1 and algorithm 1.
    """
    ### BEGIN SOLUTION
    return F.logsigmoid(-fake_logits).mean()
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. You have met this term before, in the loss of the discriminator. There it had another sign.
# 2. $1 - \sigma(f) = \sigma(-f)$. The logarithm of a sigmoid has a stable function in PyTorch, or can be written with
#    softplus.

# %% [markdown]
# ## `optimal_discriminator`: the best answer there is
#
# Suppose that you knew both densities, $p_\text{data}(x)$ and $p_g(x)$, the density of what the generator makes. Which
# $D$ maximizes $V$? Written as an integral,
#
# $$V = \int p_\text{data}(x) \log D(x) + p_g(x) \log\bigl(1 - D(x)\bigr) \, dx,$$
#
# every point $x$ can be treated alone: set the derivative of $a \log D + b \log(1 - D)$ with respect to $D$ to zero,
# and solve for $D$. The result is what Bayes' rule says about the origin of a sample if real and generated ones are
# equally frequent.
#
# Where the two densities agree, $D^* = \tfrac12$. Only if they agree everywhere is the discriminator at a loss
# everywhere, and $L_D = 2 \log 2$. For all other generators, the loss of the best discriminator is smaller, by twice
# the Jensen-Shannon divergence of the two densities (theorem 1 of the paper): this is the distance that the generator
# reduces.


# %%
def optimal_discriminator(p_data, p_generator):
    """The discriminator that no other can beat, from the two densities, point by point.

        maximizes p_data * log(D) + p_generator * log(1 - D) at every point

    Args:
        p_data: density of the real samples at some points, any shape. Densities are at least 0 and may exceed 1.
        p_generator: density of the generated samples at the same points, of the shape of p_data. At no point are both
            of them zero.

    Returns:
        The probability that a sample at each point is real, between 0 and 1, a tensor of the shape of p_data.

    Source: Goodfellow et al., 2014, "Generative adversarial nets", proposition 1.
    """
    ### BEGIN SOLUTION
    return p_data / (p_data + p_generator)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. With $a = p_\text{data}(x)$ and $b = p_g(x)$, the derivative is $a / D - b / (1 - D)$.
# 2. Set it to zero and multiply by $D (1 - D)$: an equation of first degree in $D$.
# 3. Try it out: what is the answer for $b = 0$, for $a = 0$, for $a = b$? The points do not influence one another, so
#    no sum over points occurs.

# %% [markdown]
# Left, two densities and the best discriminator. Far out on the right both densities are tiny, and still it is sure:
# only their ratio counts. Right, the two losses of the generator, as functions of the logit of one sample. They have
# the same aim, to the right and down. On the left, where the discriminator recognizes the sample, one is steep and the
# other flat.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# x = torch.linspace(-4, 5, 300)
# p_data = torch.exp(torch.distributions.Normal(1.5, 0.8).log_prob(x))
# p_generator = torch.exp(torch.distributions.Normal(-0.5, 0.8).log_prob(x))
# logits = torch.linspace(-6, 6, 121)
#
# figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4))
# left.fill_between(x, p_data, alpha=0.4, label=r"$p_\mathrm{data}$")
# left.fill_between(x, p_generator, alpha=0.4, label="$p_g$")
# left.plot(x, optimal_discriminator(p_data, p_generator), color="black", label="$D^*$")
# left.set(xlabel="x")
# left.legend()
# right.plot(logits, [generator_loss(logit) for logit in logits], label="non-saturating")
# right.plot(logits, [minimax_generator_loss(logit) for logit in logits], label="minimax")
# right.set(xlabel="logit of a generated sample", ylabel="loss")
# right.legend()
# plt.tight_layout()
# plt.show()

# %% [markdown]
# ## `gan_train_step`: each moves alone
#
# Now the game itself, one round of it, with the smallest networks that there are:
#
# - the generator is a linear layer, $G(z) = z W_G^\top + b_G$, from noise to sample,
# - the discriminator is a linear layer, $l(x) = x W_D^\top + b_D$, from a sample to one logit.
#
# Each is a dict `{"weight": ..., "bias": ...}`. One round has two steps of plain gradient descent, with the same
# learning rate and the same noise:
#
# 1. **Discriminator.** Compute `discriminator_loss` on the real batch and on $G(z)$. Move $W_D$ and $b_D$ against its
#    gradient. The generator is fixed.
# 2. **Generator.** Compute `generator_loss` for $G(z)$, judged by the **new** discriminator. Move $W_G$ and $b_G$
#    against its gradient, which comes to them *through* the discriminator. The discriminator is fixed.
#
# In PyTorch terms:
#
# - In step 1 the generated samples are inputs like any other: no gradient may reach the generator. If it does, it is of
#   the wrong kind, since it *helps* the discriminator. `fake.detach()` cuts it off. So does clearing the gradients of
#   the generator before step 2, and so does asking only for the gradients that you need.
# - In step 2 do **not** detach: without a path through the samples, the generator has no gradient. The discriminator
#   gets one as well, as a by-product. Do not apply it, and do not let it wait in `.grad` for the next round, since
#   `backward` adds to what is there.
#
# The function has no memory: all it knows is in its arguments, so the same arguments give the same result again. (In
# the paper's algorithm 1 each step draws noise of its own, and the discriminator may take several steps per round.)


# %%
def gan_train_step(generator, discriminator, real, noise, lr):
    """One round of training: an SGD step of the discriminator, then an SGD step of the generator.

        d_loss = discriminator_loss(D(real), D(G(noise)))     D moves by -lr * gradient, G is fixed
        g_loss = generator_loss(D(G(noise)))                  with the new D, which is fixed; G moves

    Args:
        generator: {"weight": (D, Z), "bias": (D,)}, a linear layer from noise to sample: noise @ weight.T + bias.
        discriminator: {"weight": (1, D), "bias": (1,)}, a linear layer from sample to logit.
        real: real samples, (N, D).
        noise: input of the generator in both steps, (M, Z); M may differ from N.
        lr: learning rate of both steps, a float, at least 0.

    Returns:
        (generator, discriminator, d_loss, g_loss): the new parameters, as new dicts of the same form, and the two
        losses, 0-d tensors, each taken just before its own step. The arguments stay as they were.

    Source: Goodfellow et al., 2014, "Generative adversarial nets", algorithm 1, with the loss of section 3.
    """

    ### BEGIN SOLUTION
    def linear(layer, x):
        return F.linear(x, layer["weight"], layer["bias"])

    def sgd_step(layer, loss_of):
        """The layer after its step and the loss before it; nothing but this layer requires a gradient."""
        layer = {name: tensor.detach().requires_grad_() for name, tensor in layer.items()}
        loss = loss_of(layer)
        gradients = torch.autograd.grad(loss, list(layer.values()))
        moved = [(tensor - lr * gradient).detach() for tensor, gradient in zip(layer.values(), gradients)]
        return dict(zip(layer, moved)), loss.detach()

    fake = linear(generator, noise)
    discriminator, d_loss = sgd_step(
        discriminator, lambda new: discriminator_loss(linear(new, real), linear(new, fake))
    )
    generator, g_loss = sgd_step(generator, lambda new: generator_loss(linear(discriminator, linear(new, noise))))
    return generator, discriminator, d_loss, g_loss
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Begin with copies of the four parameters that require a gradient: `tensor.detach().clone().requires_grad_()`. Then
#    the arguments are safe. Both networks are `F.linear`, and both losses are functions that you have written.
# 2. Step 1 needs the gradients of two tensors only. `torch.autograd.grad(loss, [...])` returns exactly those that you
#    list, and leaves nothing behind in `.grad`. Make new tensors for the moved discriminator, and detach them.
# 3. For step 2 compute the samples once more, this time with their graph, and send them through the *new*
#    discriminator. Then the same again, with the generator's two tensors. If the generator did not move at all,
#    something is detached that should not be.

# %% [markdown]
# The circles in a very small game. The real samples are normal with mean 2, the generator starts at mean 0, and the
# discriminator can only say "further right" or "further left". The generator follows and overshoots, the
# discriminator turns around, and so on. The point in the middle is the equilibrium: there the means agree and the
# discriminator is undecided. Here the circles shrink, so that the means do agree in the end. Larger networks come with
# no such promise. And the losses do not say how good the samples are: again and again the loss of the discriminator
# passes through $2 \log 2$ while the means are still apart, and neither notices that the spread of the samples has gone
# wrong, since this discriminator compares nothing but means.

# %% tags=["active-ipynb"]
# source = torch.Generator().manual_seed(0)
# generator = {"weight": torch.tensor([[0.5]]), "bias": torch.tensor([0.0])}
# discriminator = {"weight": torch.tensor([[0.0]]), "bias": torch.tensor([0.0])}
# means, slopes, d_losses = [], [], []
# for _ in range(600):
#     real = 2 + 0.5 * torch.randn(256, 1, generator=source)
#     noise = torch.randn(256, 1, generator=source)
#     generator, discriminator, d_loss, _ = gan_train_step(generator, discriminator, real, noise, 0.05)
#     means.append(generator["bias"].item())
#     slopes.append(discriminator["weight"].item())
#     d_losses.append(d_loss.item())
#
# figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4))
# left.plot(means, slopes)
# left.plot(2, 0, "ko")
# left.set(xlabel="mean of the generated samples", ylabel="weight of the discriminator")
# right.plot(d_losses)
# right.axhline(1.386, color="black", linestyle=":")
# right.set(xlabel="round", ylabel="loss of the discriminator")
# plt.tight_layout()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="A7"
# - 1 point: the generator turns noise into samples; the discriminator tells real samples from generated ones.
# - 1 point: they are trained in turn, with opposite aims: a two-player game, in which the generator sees data only
#   through the discriminator.
# - 1 point: where it leads: for a fixed generator the best discriminator is p_data / (p_data + p_g), which is 1/2
#   everywhere once the two agree.
# - 1 point: what makes it hard: mode collapse, instability, or the vanishing gradient of the minimax loss, with the
#   non-saturating loss as remedy.
