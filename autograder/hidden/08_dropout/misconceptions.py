import copy

import numpy as np


def dropout__does_nothing(x, p, rng, training=True):
    """Nothing is ever dropped. Passing x on is right when not training; in training, draw a mask and apply it."""
    if not 0 <= p < 1:
        raise ValueError("p")
    return x, np.ones(x.shape, dtype=bool)


def dropout__no_rescaling(x, p, rng, training=True):
    """The right entries are dropped, but the others come out as they went in. Then the next layer receives less in
    training than at test; the survivors have to make up for what was dropped."""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    return x * mask, mask


def dropout__scales_at_test(x, p, rng, training=True):
    """The survivors are left alone in training, and everything is scaled down when not training. That is the
    original form of dropout; this exercise wants the inverted one, which scales in training so that nothing is left
    to do at test."""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x * (1 - p), np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    return x * mask, mask


def dropout__drops_at_test_time(x, p, rng, training=True):
    """Right in training, but entries are dropped when not training as well. A trained network should give the same
    answer every time: look at the argument training."""
    if not 0 <= p < 1:
        raise ValueError("p")
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p), mask


def dropout__p_is_keep_probability(x, p, rng, training=True):
    """A share p of the entries is kept. That is what p means in the original paper; here, as in PyTorch, it is the
    probability that an entry is dropped."""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) < p
    return x * mask / p, mask


def dropout__divides_by_p(x, p, rng, training=True):
    """The right entries are dropped, but the others are divided by the wrong probability, which only for p = 0.5
    makes no difference. A share 1 - p of the entries is left: by what must they be divided so that the mean stays
    the same?"""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    return x * mask / p, mask


def dropout__rescales_by_the_kept_share(x, p, rng, training=True):
    """Nearly right: the survivors are divided by the share of entries that happened to be kept. The factor is 1 /
    (1 - p), whatever the mask looks like; otherwise the entries of a batch would depend on one another."""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    return x * mask / mask.mean(), mask


def dropout__normal_random_numbers(x, p, rng, training=True):
    """The wrong share of entries is dropped. Normal random numbers were compared with p, but the share of them that
    lies below p is not p; for numbers that are evenly spread from 0 to 1 it is."""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.standard_normal(x.shape) >= p
    return x * mask / (1 - p), mask


def dropout__one_mask_for_all_rows(x, p, rng, training=True):
    """All rows lose the same units: one mask was drawn for the whole batch. Each example needs a mask of its own,
    so draw as many random numbers as x has entries."""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = np.broadcast_to(rng.random(x.shape[-1]) >= p, x.shape)
    return x * mask / (1 - p), mask


def dropout__exact_share(x, p, rng, training=True):
    """The number of dropped entries is always the same. A share p is dropped only on average: whether an entry goes
    must not depend on how many others have gone."""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.permutation(x.size).reshape(x.shape) >= round(p * x.size)
    return x * mask / (1 - p), mask


def dropout__removes_entries(x, p, rng, training=True):
    """The output is shorter than the input: dropped entries were taken out. They stay where they are, with the
    value 0; the next layer expects as many inputs as ever."""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    return x[mask] / (1 - p), mask


def dropout__mask_of_the_dropped(x, p, rng, training=True):
    """The output is right, but the mask is the wrong way round: it is True where the entry was dropped. True means
    kept."""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x, np.zeros(x.shape, dtype=bool)
    dropped = rng.random(x.shape) < p
    return np.where(dropped, 0, x / (1 - p)), dropped


def dropout__mask_holds_the_factor(x, p, rng, training=True):
    """The output is right, but the mask holds the factor by which each entry was multiplied. That works too if the
    backward pass knows of it; here the mask is boolean, and the factor follows from p."""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x, np.ones(x.shape)
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask


def dropout__mask_from_the_output(x, p, rng, training=True):
    """The output is right, but the mask says that every 0 in the output was dropped. It may be a 0 of the input
    that was kept: return the mask that you have drawn."""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    output = x * (rng.random(x.shape) >= p) / (1 - p)
    return output, output != 0


def dropout__accepts_one(x, p, rng, training=True):
    """A p of exactly 1 is let through, and the result is NaN: 0 divided by 0. The upper limit does not belong to
    the range."""
    if p < 0 or p > 1:
        raise ValueError("p")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p), mask


def dropout__checks_p_only_in_training(x, p, rng, training=True):
    """A bad p is noticed in training only. When not training, the function returns before it has looked at p: check
    the argument first."""
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    if not 0 <= p < 1:
        raise ValueError("p")
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p), mask


def dropout__own_generator(x, p, rng, training=True):
    """The same entries are dropped in every call, whatever generator is passed. A generator that is made and seeded
    inside the function starts anew each time: draw from rng."""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = np.random.default_rng(0).random(x.shape) >= p
    return x * mask / (1 - p), mask


def dropout__copies_the_generator(x, p, rng, training=True):
    """Right for a single call, but the next call with the same generator drops the same entries again. You draw
    from a copy, so rng itself stays where it was: a generator is meant to be moved on."""
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = copy.deepcopy(rng).random(x.shape) >= p
    return x * mask / (1 - p), mask


def dropout__changes_input(x, p, rng, training=True):
    """The values are right, but x itself was changed, and the caller may still need it. Operators such as *= and /=
    write into the caller's array; compute a new one."""
    if not 0 <= p < 1:
        raise ValueError("p")
    mask = rng.random(x.shape) >= p if training else np.ones(x.shape, dtype=bool)
    if training:
        x *= mask
        x /= 1 - p
    return x, mask


def dropout_backward__passes_everything(grad_output, mask, p):
    """The gradient comes out as it went in. Dropout multiplied each input by a number, 0 or something larger than
    1, and the gradient has to be multiplied by the same."""
    return grad_output


def dropout_backward__no_rescaling(grad_output, mask, p):
    """Right for the dropped entries, but the others are not scaled. The forward pass divided them by 1 - p, so the
    loss depends on them that much more strongly."""
    return grad_output * mask


def dropout_backward__no_mask(grad_output, mask, p):
    """Dropped entries receive a gradient. They had no influence on the loss: apply the mask."""
    return grad_output / (1 - p)


def dropout_backward__mask_inverted(grad_output, mask, p):
    """The dropped entries receive the gradient, and the kept ones nothing. True in the mask means kept."""
    return grad_output * ~mask / (1 - p)


def dropout_backward__divides_by_p(grad_output, mask, p):
    """The factor is wrong unless p is 0.5. p is the probability of dropping; the forward pass divided by that of
    keeping."""
    return grad_output * mask / p


def dropout_backward__scale_undone(grad_output, mask, p):
    """The kept entries are multiplied by 1 - p. The gradient does not undo the forward pass: the derivative of a
    number times x is that number, not its inverse."""
    return grad_output * mask * (1 - p)


def dropout_backward__scaled_twice(grad_output, mask, p):
    """The kept entries are scaled twice. The factor 1 / (1 - p) occurs once in the output, so it occurs once in the
    gradient."""
    return grad_output * mask / (1 - p) ** 2


def dropout_backward__kept_share(grad_output, mask, p):
    """Nearly right, but the factor was taken from the mask: the share of entries that happened to be kept. The
    forward pass divided by 1 - p, whatever the mask looked like."""
    return grad_output * mask / mask.mean()


def dropout_backward__full_mask_unscaled(grad_output, mask, p):
    """Right unless the mask is True everywhere: then nothing is scaled. A training step may keep all entries by
    chance, and it has scaled them too; nothing can be told from the mask."""
    if mask.all():
        return grad_output
    return grad_output * mask / (1 - p)


def dropout_backward__changes_input(grad_output, mask, p):
    """The values are right, but grad_output itself was changed, and the caller may still need it. Assigning to
    grad_output[...] writes into the caller's array; work on a new one."""
    grad_output[~mask] = 0
    return grad_output / (1 - p)
