import numpy as np


def _softmax(logits):
    z = np.exp(logits - logits.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def _errors(x, y, weight, bias):
    """Softmax minus one-hot, (N, K)."""
    return _softmax(x @ weight.T + bias) - np.eye(len(bias))[y]


def input_gradient__stops_at_the_logits(x, y, weight, bias):
    """The result has a column per class. That is the gradient with respect to the logits; one more step of the chain
    rule leads through the linear layer to x."""
    return _errors(x, y, weight, bias) / len(y)


def input_gradient__of_the_weight(x, y, weight, bias):
    """The result has the shape of the weight. That is the gradient which training needs; an attack changes the inputs,
    so the errors of the logits have to meet the weight instead of x."""
    return _errors(x, y, weight, bias).T @ x / len(y)


def input_gradient__sum_instead_of_mean(x, y, weight, bias):
    """Right for a batch of one, and too large by the number of examples otherwise. The loss is the mean over the batch,
    so every example has only its share of it."""
    return _errors(x, y, weight, bias) @ weight


def input_gradient__sign_turned(x, y, weight, bias):
    """Every entry has the wrong sign: this is the direction in which the loss falls. Check the order of the
    subtraction: probability minus one-hot."""
    return -_errors(x, y, weight, bias) @ weight / len(y)


def input_gradient__true_class_only(x, y, weight, bias):
    """Only the row of the true class enters. The other logits depend on x too, and raising them raises the loss: each
    contributes its row of the weight, times its probability."""
    rows = np.arange(len(y))
    return _errors(x, y, weight, bias)[rows, y, None] * weight[y] / len(y)


def input_gradient__bias_forgotten(x, y, weight, bias):
    """The bias plays no part. It drops out of the last step, but the probabilities depend on it: the logits are
    x W^T + b."""
    return _errors(x, y, weight, np.zeros(len(bias))) @ weight / len(y)


def input_gradient__no_shift(x, y, weight, bias):
    """Right for ordinary logits, but NaN for large or very negative ones: the exponentials overflow, or all become 0.
    Subtract the largest logit of each row first; the softmax does not change."""
    z = np.exp(x @ weight.T + bias)
    return (z / z.sum(axis=1, keepdims=True) - np.eye(len(bias))[y]) @ weight / len(y)


def fgsm_attack__no_sign(x, loss_gradient, epsilon, low=0.0, high=1.0):
    """Entries with a steep slope move far, those with a gentle one hardly at all. The S in FGSM is for sign: every
    entry moves by epsilon, however large its gradient is."""
    return np.clip(x + epsilon * loss_gradient(x), low, high)


def fgsm_attack__gradient_of_length_one(x, loss_gradient, epsilon, low=0.0, high=1.0):
    """The perturbation points along the gradient, with an overall length of epsilon. That is the step for the L2 norm;
    in the L-infinity norm every entry may use all of epsilon."""
    gradient = loss_gradient(x)
    return np.clip(x + epsilon * gradient / np.linalg.norm(gradient), low, high)


def fgsm_attack__descends(x, loss_gradient, epsilon, low=0.0, high=1.0):
    """Every entry moves the wrong way, so that the loss falls. That is what training does with the weights; an attack
    makes the loss rise."""
    return np.clip(x - epsilon * np.sign(loss_gradient(x)), low, high)


def fgsm_attack__no_clipping(x, loss_gradient, epsilon, low=0.0, high=1.0):
    """Some entries leave the range from low to high, so the result is no valid input any more. Clip it at the end."""
    return x + epsilon * np.sign(loss_gradient(x))


def fgsm_attack__range_fixed(x, loss_gradient, epsilon, low=0.0, high=1.0):
    """Right for the default range only: the result is clipped to 0 and 1 whatever the caller asks for. Use the
    arguments."""
    return np.clip(x + epsilon * np.sign(loss_gradient(x)), 0, 1)


def fgsm_attack__two_directions_only(x, loss_gradient, epsilon, low=0.0, high=1.0):
    """Right unless a gradient is exactly 0: such an entry moves as if its gradient were negative. The sign of 0 is 0,
    so it has to stay."""
    return np.clip(x + np.where(loss_gradient(x) > 0, epsilon, -epsilon), low, high)


def fgsm_attack__changes_input(x, loss_gradient, epsilon, low=0.0, high=1.0):
    """The values are right, but x itself was changed, and whoever wants to compare the two has lost the original. An
    operator such as += writes into the caller's array; compute a new one."""
    x += epsilon * np.sign(loss_gradient(x))
    return np.clip(x, low, high)


def project_linf__ball_around_zero(x_adv, x, epsilon):
    """All results lie between -epsilon and epsilon. That is a ball around 0; this one has its centre at x: either its
    limits depend on x, or it is the difference from x that is clipped."""
    return np.clip(x_adv, -epsilon, epsilon)


def project_linf__perturbation_only(x_adv, x, epsilon):
    """The result is the clipped perturbation. The point itself is asked for: add x again."""
    return np.clip(x_adv - x, -epsilon, epsilon)


def project_linf__scaled_as_a_whole(x_adv, x, epsilon):
    """The result lies in the ball, but entries that were inside have moved too: one entry far outside shrinks all the
    others. The nearest point of this ball is found entry by entry."""
    delta = x_adv - x
    return x + delta * min(1.0, epsilon / np.abs(delta).max())


def project_linf__l2_ball(x_adv, x, epsilon):
    """The perturbation is scaled down to a length of epsilon. That is the projection for the L2 norm; in the L-infinity
    norm each entry by itself may be up to epsilon away."""
    delta = x_adv - x
    return x + delta * min(1.0, epsilon / np.linalg.norm(delta))


def project_linf__one_side_only(x_adv, x, epsilon):
    """Right above, but entries far below x stay where they are. The interval of an entry has two ends."""
    return np.minimum(x_adv, x + epsilon)


def project_linf__all_to_the_surface(x_adv, x, epsilon):
    """Every entry ends up exactly epsilon away from x, also one that was closer. A projection leaves alone what is
    already inside."""
    return x + epsilon * np.sign(x_adv - x)


def project_linf__changes_input(x_adv, x, epsilon):
    """The values are right, but x_adv itself was changed, and the caller may still need it. With out=, or by assigning
    to x_adv[...], you write into the caller's array; return a new one."""
    return np.clip(x_adv, x - epsilon, x + epsilon, out=x_adv)


def pgd_attack__descends(x, loss_gradient, epsilon, step_size, num_steps, low=0.0, high=1.0):
    """Every step goes the wrong way, so that the loss falls. The descent in the name is on the negative loss: here you
    add the sign of the loss's gradient."""
    x_adv = x
    for _ in range(num_steps):
        x_adv = x_adv - step_size * np.sign(loss_gradient(x_adv))
        x_adv = np.clip(np.clip(x_adv, x - epsilon, x + epsilon), low, high)
    return x_adv


def pgd_attack__no_projection(x, loss_gradient, epsilon, step_size, num_steps, low=0.0, high=1.0):
    """Some entries end up further than epsilon from x. The range is respected, but the ball is not: after every step
    the point has to be projected back."""
    x_adv = x
    for _ in range(num_steps):
        x_adv = np.clip(x_adv + step_size * np.sign(loss_gradient(x_adv)), low, high)
    return x_adv


def pgd_attack__projects_around_the_latest_point(x, loss_gradient, epsilon, step_size, num_steps, low=0.0, high=1.0):
    """Each step is at most epsilon long, but together they lead further away. The ball stays where it is, around the
    input that the attack started from, and does not travel with the iterate."""
    x_adv = x
    for _ in range(num_steps):
        moved = x_adv + step_size * np.sign(loss_gradient(x_adv))
        x_adv = np.clip(np.clip(moved, x_adv - epsilon, x_adv + epsilon), low, high)
    return x_adv


def pgd_attack__limits_at_the_end(x, loss_gradient, epsilon, step_size, num_steps, low=0.0, high=1.0):
    """The result is in the ball and in the range, but it is not where the steps lead: on the way the iterates were
    outside, and so were their gradients. Project and clip inside the loop."""
    x_adv = x
    for _ in range(num_steps):
        x_adv = x_adv + step_size * np.sign(loss_gradient(x_adv))
    return np.clip(np.clip(x_adv, x - epsilon, x + epsilon), low, high)


def pgd_attack__gradient_at_the_start(x, loss_gradient, epsilon, step_size, num_steps, low=0.0, high=1.0):
    """All steps go in the direction of the first. The gradient is that at x throughout, which makes this a slow FGSM:
    ask for it anew at each point."""
    x_adv, gradient = x, loss_gradient(x)
    for _ in range(num_steps):
        x_adv = x_adv + step_size * np.sign(gradient)
        x_adv = np.clip(np.clip(x_adv, x - epsilon, x + epsilon), low, high)
    return x_adv


def pgd_attack__every_step_from_the_start(x, loss_gradient, epsilon, step_size, num_steps, low=0.0, high=1.0):
    """However many steps are allowed, no entry gets further than one of them. Each step starts at x again; it has to
    start where the last one ended."""
    x_adv = x
    for _ in range(num_steps):
        x_adv = x + step_size * np.sign(loss_gradient(x_adv))
        x_adv = np.clip(np.clip(x_adv, x - epsilon, x + epsilon), low, high)
    return x_adv


def pgd_attack__iterate_is_x_itself(x, loss_gradient, epsilon, step_size, num_steps, low=0.0, high=1.0):
    """x was changed by the first step, and with it the centre of the ball. An assignment gives an array a second name,
    and += writes through either; for a second array you need a copy, or an operator that makes a new one."""
    x_adv = x
    for _ in range(num_steps):
        x_adv += step_size * np.sign(loss_gradient(x_adv))
        x_adv = np.clip(np.clip(x_adv, x - epsilon, x + epsilon), low, high)
    return x_adv
