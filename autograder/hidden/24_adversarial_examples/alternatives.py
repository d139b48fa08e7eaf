import math

import numpy as np


def input_gradient__one_hot(x, y, weight, bias):
    """Log-softmax by logaddexp, and a one-hot matrix to subtract."""
    logits = x @ weight.T + bias
    p = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    return (p - np.eye(len(bias))[y]) @ weight / len(x)


def input_gradient__loops(x, y, weight, bias):
    """One example and one class at a time, in plain Python."""
    gradient = np.zeros(x.shape)
    for n in range(len(x)):
        logits = [sum(a * b for a, b in zip(x[n].tolist(), row.tolist())) + b for row, b in zip(weight, bias.tolist())]
        exponentials = [math.exp(logit - max(logits)) for logit in logits]
        for k in range(len(weight)):
            error = exponentials[k] / sum(exponentials) - (k == y[n])
            gradient[n] += error * weight[k] / len(x)
    return gradient


def input_gradient__differences_of_rows(x, y, weight, bias):
    """The mean row of the weight under the softmax, minus the row of the true class."""
    logits = np.einsum("ni,ki->nk", x, weight) + bias
    p = np.exp(logits - logits.max(axis=1)[:, None])
    p = p / p.sum(axis=1)[:, None]
    return (np.einsum("nk,ki->ni", p, weight) - weight[y]) / x.shape[0]


def fgsm_attack__three_cases(x, loss_gradient, epsilon, low=0.0, high=1.0):
    """A copy, with the entries moved and limited by masks."""
    gradient, attacked = loss_gradient(x), x.copy()
    attacked[gradient > 0] += epsilon
    attacked[gradient < 0] -= epsilon
    attacked[attacked < low] = low
    attacked[attacked > high] = high
    return attacked


def fgsm_attack__descends_on_the_negative_loss(x, loss_gradient, epsilon, low=0.0, high=1.0):
    """A step down the negative loss; the limits by minimum and maximum."""
    return np.maximum(np.minimum(x - epsilon * np.sign(-loss_gradient(x)), high), low)


def fgsm_attack__loop(x, loss_gradient, epsilon, low=0.0, high=1.0):
    """One entry at a time, into a result of float64."""
    gradient, attacked = loss_gradient(x), np.empty(x.shape)
    for index, value in np.ndenumerate(x):
        sign = (gradient[index] > 0) - int(gradient[index] < 0)
        attacked[index] = min(max(value + epsilon * sign, low), high)
    return attacked


def project_linf__clips_the_difference(x_adv, x, epsilon):
    """The perturbation is clipped, then added again."""
    return x + np.clip(x_adv - x, -epsilon, epsilon)


def project_linf__minimum_and_maximum(x_adv, x, epsilon):
    """The smaller of the point and the upper end, then the larger of this and the lower end."""
    return np.maximum(np.minimum(x_adv, x + epsilon), x - epsilon)


def project_linf__median(x_adv, x, epsilon):
    """Of the point and the two ends, the one in the middle."""
    return np.median([x - epsilon, x_adv, x + epsilon], axis=0)


def pgd_attack__perturbation(x, loss_gradient, epsilon, step_size, num_steps, low=0.0, high=1.0):
    """Keeps the perturbation instead of the point; clips to the range first and projects afterwards."""
    delta = np.zeros_like(x)
    for _ in range(num_steps):
        delta = delta + step_size * np.sign(loss_gradient(x + delta))
        delta = np.clip(x + delta, low, high) - x
        delta = np.clip(delta, -epsilon, epsilon)
    return x + delta


def pgd_attack__limits_first(x, loss_gradient, epsilon, step_size, num_steps, low=0.0, high=1.0):
    """The ball and the range make one interval per entry; the iterate is a copy that is changed in place."""
    lower, upper = np.maximum(x - epsilon, low), np.minimum(x + epsilon, high)
    x_adv = x.copy()
    for _ in range(num_steps):
        x_adv += step_size * np.sign(loss_gradient(x_adv))
        np.clip(x_adv, lower, upper, out=x_adv)
    return x_adv


def pgd_attack__recursive(x, loss_gradient, epsilon, step_size, num_steps, low=0.0, high=1.0):
    """The last step is taken from the result of an attack with one step less."""

    def _attacked(steps):
        if steps == 0:
            return np.array(x, dtype=np.float64)
        before = _attacked(steps - 1)
        gradient = np.asarray(loss_gradient(before))
        after = np.where(gradient > 0, before + step_size, np.where(gradient < 0, before - step_size, before))
        return np.clip(np.clip(after, x - epsilon, x + epsilon), low, high)

    return _attacked(num_steps)
