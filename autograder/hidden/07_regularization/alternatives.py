import math

import numpy as np


def l1_penalty__one_vector(weights, strength):
    """All weights laid end to end in one vector, and its 1-norm."""
    return strength * np.linalg.norm(np.concatenate([weight.ravel() for weight in weights]), 1)


def l1_penalty__loop(weights, strength):
    """One number at a time, as Python floats."""
    return math.fsum(strength * abs(value) for weight in weights for value in weight.ravel().tolist())


def l1_penalty__zero_dimensional_array(weights, strength):
    """Each entry times its own sign, and the total as a 0-d array."""
    total = np.zeros(())
    for weight in weights:
        total += np.sum(weight * np.sign(weight))
    return strength * np.asarray(total)


def l2_penalty__dot_products(weights, strength):
    """The dot product of each array with itself."""
    return strength * sum(np.vdot(weight, weight) for weight in weights)


def l2_penalty__squared_norm(weights, strength):
    """The norm of all weights in one vector, squared."""
    return strength * np.linalg.norm(np.concatenate([weight.ravel() for weight in weights])) ** 2


def l2_penalty__loop(weights, strength):
    """One number at a time, as Python floats."""
    total = 0.0
    for weight in weights:
        for value in weight.flat:
            total += float(value) ** 2
    return strength * total


def l1_subgradient__comparisons(weight, strength):
    """The difference of two comparisons."""
    return strength * ((weight > 0).astype(float) - (weight < 0))


def l1_subgradient__division(weight, strength):
    """The weight divided by its absolute value, except at 0."""
    return strength * np.divide(weight, np.abs(weight), out=np.zeros_like(weight), where=weight != 0)


def l1_subgradient__loop(weight, strength):
    """One number at a time."""
    result = np.zeros(weight.shape)
    for index, value in np.ndenumerate(weight):
        if value != 0:
            result[index] = math.copysign(strength, value)
    return result


def l2_gradient__sum_of_two(weight, strength):
    """The product rule: strength times weight, twice."""
    return strength * weight + weight * strength


def l2_gradient__loop(weight, strength):
    """One number at a time, into a list that becomes float64."""
    return np.array([2 * strength * value for value in weight.ravel().tolist()]).reshape(weight.shape)


def l2_gradient__copy(weight, strength):
    """A copy, scaled in place."""
    result = weight.copy()
    result *= 2 * strength
    return result


def weight_decay_step__shrinks_first(weight, grad, lr, weight_decay):
    """The shrunk weight, and then the step of plain gradient descent."""
    return (1 - lr * weight_decay) * weight - lr * grad


def weight_decay_step__l2_penalty(weight, grad, lr, weight_decay):
    """The gradient of an L2 penalty of half the decay, added to the gradient of the loss."""
    penalty_grad = 2 * (weight_decay / 2) * weight
    return weight - lr * (grad + penalty_grad)


def weight_decay_step__loop(weight, grad, lr, weight_decay):
    """One number at a time, in float64."""
    result = np.empty(weight.shape)
    for index in np.ndindex(*weight.shape):
        result[index] = weight[index] - lr * grad[index] - lr * weight_decay * weight[index]
    return result


def soft_threshold__rest_of_a_clip(weight, threshold):
    """What remains when the part between minus and plus the threshold is taken away."""
    return weight - np.clip(weight, -threshold, threshold)


def soft_threshold__two_sides(weight, threshold):
    """A shifted ReLU for each sign."""
    return np.maximum(weight - threshold, 0) - np.maximum(-weight - threshold, 0)


def soft_threshold__masks(weight, threshold):
    """Zeros, with the large weights of either sign written in, in float64."""
    result = np.zeros(weight.shape)
    above, below = weight > threshold, weight < -threshold
    result[above] = weight[above] - threshold
    result[below] = weight[below] + threshold
    return result


def early_stopping__counter(validation_losses, patience, min_delta=0.0):
    """The best loss and a counter, as training loops have them; infinity before the first epoch."""
    best, best_epoch, waited = math.inf, 0, 0
    for epoch, loss in enumerate(validation_losses):
        if loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(validation_losses) - 1


def early_stopping__jumps(validation_losses, patience, min_delta=0.0):
    """From one best to the next, searched among the `patience` epochs that follow it; NumPy integers in a list."""
    best, last = np.int64(0), len(validation_losses) - 1
    while True:
        window = validation_losses[best + 1 : best + 1 + patience]
        better = np.flatnonzero(validation_losses[best] - window > min_delta)
        if better.size == 0:
            return [best, min(best + patience, last)]
        best = best + 1 + better[0]


def early_stopping__recursive(validation_losses, patience, min_delta=0.0):
    """The next best epoch within reach, if any, and from there again."""
    losses = [float(loss) for loss in validation_losses]

    def _from(best):
        for epoch in range(best + 1, min(best + patience, len(losses) - 1) + 1):
            if losses[epoch] < losses[best] - min_delta:
                return _from(epoch)
        return best, min(best + patience, len(losses) - 1)

    return _from(0)
