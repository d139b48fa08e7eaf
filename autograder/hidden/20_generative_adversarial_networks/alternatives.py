"""Right answers to 20_generative_adversarial_networks written another way; every one must get full marks."""

import numpy as np
import torch
import torch.nn.functional as F


def discriminator_loss__cross_entropy(real_logits, fake_logits):
    """Binary cross entropy with labels."""
    real = F.binary_cross_entropy_with_logits(real_logits, torch.ones_like(real_logits))
    return real + F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))


def discriminator_loss__single_precision(real_logits, fake_logits):
    """logaddexp with zero, in float32."""
    zero = torch.zeros(())
    return (
        torch.logaddexp(zero, -real_logits.float()).mean() + torch.logaddexp(zero, fake_logits.float()).mean()
    ).item()


def generator_loss__cross_entropy(fake_logits):
    """Binary cross entropy with the label of real samples."""
    return F.binary_cross_entropy_with_logits(fake_logits, torch.ones_like(fake_logits))


def generator_loss__numpy(fake_logits):
    """NumPy, with the larger part taken out of the logarithm, in float32."""
    logits = fake_logits.numpy().astype(np.float32)
    return torch.tensor(np.mean(np.maximum(-logits, 0) + np.log1p(np.exp(-np.abs(logits)))))


def minimax_generator_loss__cross_entropy(fake_logits):
    """Minus the binary cross entropy with the label of generated samples."""
    return -F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))


def minimax_generator_loss__loop(fake_logits):
    """One logit after the other: log(1 - sigmoid(f)) is log(sigmoid(f)) minus f. In float32."""
    total = torch.zeros(())
    for logit in fake_logits.float().flatten():
        total += F.logsigmoid(logit) - logit
    return total / fake_logits.numel()


def optimal_discriminator__sigmoid_of_the_log_ratio(p_data, p_generator):
    """Its logit is the logarithm of the ratio of the densities."""
    return torch.sigmoid(torch.log(p_data) - torch.log(p_generator))


def optimal_discriminator__ratio_in_single_precision(p_data, p_generator):
    """One over one plus the ratio, which may be infinite."""
    return 1 / (1 + p_generator.float() / p_data.float())


def gan_train_step__backward(generator, discriminator, real, noise, lr):
    """backward, with detached samples in the first step and gradients cleared before the second."""
    g, d = (
        {name: tensor.clone().requires_grad_() for name, tensor in layer.items()}
        for layer in (generator, discriminator)
    )

    def judge(x):
        return F.linear(x, d["weight"], d["bias"])

    def step(layer):
        with torch.no_grad():
            for tensor in layer.values():
                tensor -= lr * tensor.grad
                tensor.grad = None

    fake = F.linear(noise, g["weight"], g["bias"])
    d_loss = F.softplus(-judge(real)).mean() + F.softplus(judge(fake.detach())).mean()
    d_loss.backward()
    step(d)
    g_loss = F.softplus(-judge(fake)).mean()
    g_loss.backward()
    step(g)
    return g, d, d_loss, g_loss


def gan_train_step__by_hand_in_single_precision(generator, discriminator, real, noise, lr):
    """Derivatives by the chain rule, in float32; a list comes back."""
    wg, bg, wd, bd = (layer[name].float() for layer in (generator, discriminator) for name in ("weight", "bias"))
    real, noise = real.float(), noise.float()
    fake = noise @ wg.T + bg
    real_logits, fake_logits = real @ wd.T + bd, fake @ wd.T + bd
    d_loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
    x = torch.cat([real, fake])
    slope = torch.cat([(torch.sigmoid(real_logits) - 1) / len(real), torch.sigmoid(fake_logits) / len(fake)])
    wd, bd = wd - lr * slope.T @ x, bd - lr * slope.sum(dim=0)
    fake_logits = fake @ wd.T + bd
    g_loss = F.softplus(-fake_logits).mean().item()
    slope = (torch.sigmoid(fake_logits) - 1) / len(fake) @ wd
    return [
        {"weight": wg - lr * slope.T @ noise, "bias": bg - lr * slope.sum(dim=0)},
        {"weight": wd, "bias": bd},
        d_loss,
        g_loss,
    ]
