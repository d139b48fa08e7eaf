import torch
import torch.nn.functional as F


def discriminator_loss__labels_swapped(real_logits, fake_logits):
    """The loss is small when real samples are called generated and the reverse. A positive logit says "real": check
    the sign in front of the logits of each group."""
    return F.softplus(real_logits).mean() + F.softplus(-fake_logits).mean()


def discriminator_loss__value_to_be_maximized(real_logits, fake_logits):
    """The right amount with the wrong sign. This is V, which the discriminator maximizes; a loss is minimized, so it is
    minus that."""
    return -(F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean())


def discriminator_loss__sigmoid_first(real_logits, fake_logits):
    """Right for ordinary logits and infinite for large ones: the sigmoid is rounded to exactly 0 or 1, and the
    logarithm does the rest. Simplify the logarithm of the sigmoid on paper first."""
    return -torch.log(torch.sigmoid(real_logits)).mean() - torch.log(1 - torch.sigmoid(fake_logits)).mean()


def discriminator_loss__epsilon_in_the_logarithm(real_logits, fake_logits):
    """Finite, but for large logits the loss stops growing at the logarithm of a small constant. Adding it inside the
    logarithm hides the rounding of the sigmoid and does not undo it."""
    real, fake = torch.sigmoid(real_logits), torch.sigmoid(fake_logits)
    return -torch.log(real + 1e-8).mean() - torch.log(1 - fake + 1e-8).mean()


def discriminator_loss__one_mean_for_all(real_logits, fake_logits):
    """All samples are thrown together before the mean, so the larger group counts more. Each group has a mean of its
    own, and the two are added."""
    return torch.cat([F.softplus(-real_logits).flatten(), F.softplus(fake_logits).flatten()]).mean()


def discriminator_loss__halved(real_logits, fake_logits):
    """Half of what is asked for. The two means are added, without a factor in front."""
    return (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()) / 2


def discriminator_loss__accuracy(real_logits, fake_logits):
    """This counts wrong decisions. A count has no slope to learn from: the loss is minus the logarithm of the
    probability of the right answer."""
    return (real_logits <= 0).double().mean() + (fake_logits > 0).double().mean()


def discriminator_loss__real_samples_only(real_logits, fake_logits):
    """The generated samples play no part. A discriminator with this loss learns to call everything real."""
    return F.softplus(-real_logits).mean()


def generator_loss__minimax(fake_logits):
    """This is the generator's part of the minimax game, the next exercise. It is flat where the generator has most to
    learn; the loss asked for is the cross entropy with the label "real"."""
    return F.logsigmoid(-fake_logits).mean()


def generator_loss__of_the_discriminator(fake_logits):
    """The loss falls as the samples are recognized more easily: this is what the discriminator minimizes for them. The
    generator wants the opposite label."""
    return F.softplus(fake_logits).mean()


def generator_loss__sign_forgotten(fake_logits):
    """The right amount with the wrong sign. The logarithm of a probability is negative, and it is to be large; a loss
    to be minimized has a minus in front."""
    return F.logsigmoid(fake_logits).mean()


def generator_loss__half_target(fake_logits):
    """This pulls the discriminator's answer towards one half. That may be where the game ends, but it is not what the
    generator wants: its samples are to be called real."""
    return F.binary_cross_entropy_with_logits(fake_logits, torch.full_like(fake_logits, 0.5))


def generator_loss__sigmoid_first(fake_logits):
    """Right for ordinary logits and infinite for very negative ones: the sigmoid is rounded to 0 before the logarithm
    sees it. Simplify the logarithm of the sigmoid on paper first."""
    return -torch.log(torch.sigmoid(fake_logits)).mean()


def generator_loss__sum(fake_logits):
    """Too large by the number of samples. The loss is the mean over the batch."""
    return F.softplus(-fake_logits).sum()


def minimax_generator_loss__non_saturating(fake_logits):
    """This is the non-saturating loss, the exercise before. Here the term of the minimax game is asked for as it
    stands, log(1 - D)."""
    return F.softplus(-fake_logits).mean()


def minimax_generator_loss__sign_turned(fake_logits):
    """The right amount with the wrong sign: this is the discriminator's part, and minimizing it makes samples worse.
    The logarithm of a probability is never positive."""
    return F.softplus(fake_logits).mean()


def minimax_generator_loss__of_the_wrong_probability(fake_logits):
    """This is log D, and it falls as the samples are recognized. The term of the game has 1 - D inside the
    logarithm."""
    return F.logsigmoid(fake_logits).mean()


def minimax_generator_loss__sigmoid_first(fake_logits):
    """Right for ordinary logits and minus infinity for large ones: 1 minus the rounded sigmoid is exactly 0. Write
    1 - sigmoid as a single sigmoid first."""
    return torch.log(1 - torch.sigmoid(fake_logits)).mean()


def minimax_generator_loss__epsilon_in_the_logarithm(fake_logits):
    """Finite, but for large logits the loss stops falling at the logarithm of a small constant. Adding it inside the
    logarithm hides the rounding of the sigmoid and does not undo it."""
    return torch.log(1 - torch.sigmoid(fake_logits) + 1e-8).mean()


def minimax_generator_loss__sum(fake_logits):
    """Too large by the number of samples. The loss is the mean over the batch."""
    return F.logsigmoid(-fake_logits).sum()


def optimal_discriminator__always_half(p_data, p_generator):
    """One half everywhere. That is the answer only where the densities agree, at the ideal end of the game."""
    return torch.full_like(p_data, 0.5)


def optimal_discriminator__probability_of_generated(p_data, p_generator):
    """This is the probability that a sample is generated. The discriminator gives the probability that it is real."""
    return p_generator / (p_data + p_generator)


def optimal_discriminator__ratio(p_data, p_generator):
    """The ratio of the densities says the odds, from 0 to infinity. A probability is between 0 and 1: solve the
    equation for D to the end."""
    return p_data / p_generator


def optimal_discriminator__normalized_over_points(p_data, p_generator):
    """The answers at different points influence one another. Nothing is summed up over points: each has its own D."""
    return p_data / (p_data + p_generator).sum()


def optimal_discriminator__epsilon(p_data, p_generator):
    """Wrong where both densities are tiny, since the small constant in the denominator is then larger than they are.
    It is not needed: at no point are both zero."""
    return p_data / (p_data + p_generator + 1e-8)


def optimal_discriminator__densities_as_logits(p_data, p_generator):
    """Only the difference of the densities counts here. Densities are not logits: it is their ratio that decides."""
    return torch.sigmoid(p_data - p_generator)


def optimal_discriminator__in_place(p_data, p_generator):
    """The values are right, but p_data is overwritten with them. Divide into a new tensor."""
    p_data /= p_data + p_generator
    return p_data


def _linear(layer, x):
    return F.linear(x, layer["weight"], layer["bias"])


def _d_loss(discriminator, real, fake):
    return F.softplus(-_linear(discriminator, real)).mean() + F.softplus(_linear(discriminator, fake)).mean()


def _g_loss(generator, discriminator, noise):
    return F.softplus(-_linear(discriminator, _linear(generator, noise))).mean()


def _copy(layer):
    return {name: tensor.detach().clone().requires_grad_() for name, tensor in layer.items()}


def _gradients(loss, layer):
    found = torch.autograd.grad(loss, [layer["weight"], layer["bias"]], retain_graph=True)
    return {"weight": found[0], "bias": found[1]}


def _moved(layer, gradients, lr):
    return _copy({name: layer[name] - lr * gradients[name] for name in layer})


def gan_train_step__judged_by_the_old_discriminator(generator, discriminator, real, noise, lr):
    """The generator's loss and step belong to the discriminator as it was. The discriminator moves first, and it is the
    new one that judges in step 2."""
    g, d = _copy(generator), _copy(discriminator)
    d_loss, g_loss = _d_loss(d, real, _linear(g, noise)), _g_loss(g, d, noise)
    return _moved(g, _gradients(g_loss, g), lr), _moved(d, _gradients(d_loss, d), lr), d_loss, g_loss


def gan_train_step__gradient_of_step_one_left_over(generator, discriminator, real, noise, lr):
    """The generator's step also contains the gradient of the discriminator's loss. The samples were not detached in
    step 1, so that gradient reached the generator and was still in `.grad` in step 2."""
    g, d = _copy(generator), _copy(discriminator)
    d_loss = _d_loss(d, real, _linear(g, noise))
    left_over = _gradients(d_loss, g)
    d = _moved(d, _gradients(d_loss, d), lr)
    g_loss = _g_loss(g, d, noise)
    own = _gradients(g_loss, g)
    return _moved(g, {name: own[name] + left_over[name] for name in own}, lr), d, d_loss, g_loss


def gan_train_step__generator_stands_still(generator, discriminator, real, noise, lr):
    """The generator does not move. Its samples are detached in step 2 as well, so no gradient reaches it: detach them
    in step 1 only."""
    g, d = _copy(generator), _copy(discriminator)
    d_loss = _d_loss(d, real, _linear(g, noise))
    d = _moved(d, _gradients(d_loss, d), lr)
    return g, d, d_loss, _g_loss(g, d, noise)


def gan_train_step__discriminator_moves_twice(generator, discriminator, real, noise, lr):
    """The discriminator moves in step 2 too, and there it helps the generator to deceive it. In step 2 only the
    generator moves."""
    g, d = _copy(generator), _copy(discriminator)
    d_loss = _d_loss(d, real, _linear(g, noise))
    d = _moved(d, _gradients(d_loss, d), lr)
    g_loss = _g_loss(g, d, noise)
    return _moved(g, _gradients(g_loss, g), lr), _moved(d, _gradients(g_loss, d), lr), d_loss, g_loss


def gan_train_step__minimax_loss(generator, discriminator, real, noise, lr):
    """The generator minimizes log(1 - D), the saturating loss. This exercise uses generator_loss, -log D."""
    g, d = _copy(generator), _copy(discriminator)
    d_loss = _d_loss(d, real, _linear(g, noise))
    d = _moved(d, _gradients(d_loss, d), lr)
    g_loss = F.logsigmoid(-_linear(d, _linear(g, noise))).mean()
    return _moved(g, _gradients(g_loss, g), lr), d, d_loss, g_loss


def gan_train_step__discriminator_climbs(generator, discriminator, real, noise, lr):
    """The discriminator gets worse: it moves along the gradient of its loss. It maximizes V, but the loss is minus V
    and is minimized like any other."""
    g, d = _copy(generator), _copy(discriminator)
    d_loss = _d_loss(d, real, _linear(g, noise))
    d = _moved(d, _gradients(d_loss, d), -lr)
    g_loss = _g_loss(g, d, noise)
    return _moved(g, _gradients(g_loss, g), lr), d, d_loss, g_loss


def gan_train_step__losses_after_the_steps(generator, discriminator, real, noise, lr):
    """Both networks are right, but the losses are those at the end of the round. Each is to be taken just before its
    own step."""
    g, d = _copy(generator), _copy(discriminator)
    d = _moved(d, _gradients(_d_loss(d, real, _linear(g, noise)), d), lr)
    g = _moved(g, _gradients(_g_loss(g, d, noise), g), lr)
    return g, d, _d_loss(d, real, _linear(g, noise)), _g_loss(g, d, noise)


def gan_train_step__in_place(generator, discriminator, real, noise, lr):
    """The values are right, but the caller's dicts now hold the new parameters. Make new dicts, as the caller may still
    need the old ones."""
    g, d = _copy(generator), _copy(discriminator)
    d_loss = _d_loss(d, real, _linear(g, noise))
    discriminator.update(_moved(d, _gradients(d_loss, d), lr))
    g_loss = _g_loss(g, discriminator, noise)
    generator.update(_moved(g, _gradients(g_loss, g), lr))
    return generator, discriminator, d_loss, g_loss
