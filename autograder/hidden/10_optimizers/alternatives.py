import math

import numpy as np


def minibatch_indices__sorts_random_keys(num_examples, batch_size, rng):
    """Sorts random numbers, and cuts at the multiples of the batch size."""
    return np.split(np.argsort(rng.random(num_examples)), range(batch_size, num_examples, batch_size))


def minibatch_indices__fisher_yates(num_examples, batch_size, rng):
    """Shuffles by exchanges, and collects the batches one index at a time, as a tuple of 32-bit arrays."""
    order = list(range(num_examples))
    for i in range(num_examples - 1, 0, -1):
        j = int(rng.integers(i + 1))
        order[i], order[j] = order[j], order[i]
    batches, batch = [], []
    for index in order:
        batch.append(index)
        if len(batch) == batch_size:
            batches.append(batch)
            batch = []
    if batch:
        batches.append(batch)
    return tuple(np.array(batch, dtype=np.int32) for batch in batches)


def minibatch_indices__draws_and_removes(num_examples, batch_size, rng):
    """Draws a batch from those that are left, removes it, and goes on; each batch is sorted."""
    left = np.arange(num_examples)
    batches = []
    while left.size:
        batch = np.sort(rng.choice(left, min(batch_size, left.size), replace=False))
        left = np.setdiff1d(left, batch)
        batches.append(batch)
    return batches


def sgd_step__loop(param, grad, lr):
    """One entry at a time."""
    result = np.array(param, dtype=np.float64)
    for index in np.ndindex(result.shape):
        result[index] -= lr * grad[index]
    return result


def sgd_step__float32(param, grad, lr):
    """In float32 throughout, on a copy."""
    result = param.astype(np.float32)
    result -= np.float32(lr) * grad.astype(np.float32)
    return result


def momentum_step__in_place_on_copies(param, grad, velocity, lr, momentum=0.9):
    """Works in place, but on copies, and returns a list."""
    param, velocity = param.copy(), velocity.copy()
    velocity *= momentum
    velocity += grad
    param -= lr * velocity
    return [param, velocity]


def momentum_step__step_first(param, grad, velocity, lr, momentum=0.9):
    """Both terms of the step by themselves; the velocity afterwards, in float32."""
    new = param - lr * momentum * velocity - lr * grad
    return new, (grad + momentum * velocity).astype(np.float32)


def adagrad_step__hypotenuse(param, grad, square_sum, lr, eps=1e-10):
    """The new root as the hypotenuse of the old one and the gradient."""
    root = np.hypot(np.sqrt(square_sum), grad)
    return param - np.divide(lr * grad, root + eps), root * root


def adagrad_step__loop(param, grad, square_sum, lr, eps=1e-10):
    """One entry at a time, with Python's numbers."""
    new_param, new_sum = np.empty(param.shape), np.empty(param.shape)
    for index in np.ndindex(param.shape):
        g = float(grad[index])
        new_sum[index] = float(square_sum[index]) + g * g
        new_param[index] = float(param[index]) - lr / (math.sqrt(new_sum[index]) + eps) * g
    return new_param, new_sum


def adagrad_step__float32(param, grad, square_sum, lr, eps=1e-10):
    """In float32 throughout."""
    param, grad, square_sum = (array.astype(np.float32) for array in (param, grad, square_sum))
    square_sum += np.square(grad)
    return param - np.float32(lr) * grad / (np.sqrt(square_sum) + np.float32(eps)), square_sum


def rmsprop_step__moves_towards_the_square(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    """The average moves a part of the way towards the new square; the learning rate of each parameter by itself."""
    square_avg = square_avg + (1 - alpha) * (grad * grad - square_avg)
    rates = lr / (square_avg**0.5 + eps)
    return [param - rates * grad, square_avg]


def rmsprop_step__float32(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    """In float32 throughout, constants included."""
    param, grad, square_avg = (array.astype(np.float32) for array in (param, grad, square_avg))
    lr, alpha, eps = np.float32(lr), np.float32(alpha), np.float32(eps)
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / (np.sqrt(square_avg) + eps), square_avg


def adam_step__correction_in_the_step_size(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The corrections folded into the learning rate, and into eps, so that it stays where it belongs."""
    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (grad * grad - v)
    root_of_correction = math.sqrt(1 - beta2**step)
    rate = lr * root_of_correction / (1 - beta1**step)
    return param - rate * m / (np.sqrt(v) + eps * root_of_correction), m, v


def adam_step__as_in_torch(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """In place on copies, in the order of PyTorch; returns a list."""
    param, m, v = param.copy(), m.copy(), v.copy()
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad * grad
    denominator = np.sqrt(v) / math.sqrt(1 - beta2**step) + eps
    param -= lr / (1 - beta1**step) * m / denominator
    return [param, m, v]


def adam_step__float32(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """In float32 throughout, constants included."""
    param, grad, m, v = (array.astype(np.float32) for array in (param, grad, m, v))
    lr, beta1, beta2, eps = (np.float32(number) for number in (lr, beta1, beta2, eps))
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return param - lr * (m / (1 - beta1**step)) / (np.sqrt(v / (1 - beta2**step)) + eps), m, v


def adamax_step__loop(param, grad, m, u, step, lr=2e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """One entry at a time, with Python's numbers."""
    new_param, new_m, new_u = np.empty(param.shape), np.empty(param.shape), np.empty(param.shape)
    for index in np.ndindex(param.shape):
        g = float(grad[index])
        new_m[index] = beta1 * float(m[index]) + (1 - beta1) * g
        new_u[index] = max(beta2 * float(u[index]), abs(g) + eps)
        new_param[index] = float(param[index]) - lr * new_m[index] / ((1 - beta1**step) * new_u[index])
    return new_param, new_m, new_u


def adamax_step__float32(param, grad, m, u, step, lr=2e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """In float32 throughout; the maximum along a new axis."""
    param, grad, m, u = (array.astype(np.float32) for array in (param, grad, m, u))
    m = m + np.float32(1 - beta1) * (grad - m)
    u = np.stack([np.float32(beta2) * u, np.abs(grad) + np.float32(eps)]).max(axis=0)
    return param - np.float32(lr) * (m / np.float32(1 - beta1**step)) / u, m, u


def adamw_step__decay_in_the_update(
    param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2
):
    """The decay as a second term of the update, as the paper writes it."""
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * np.square(grad)
    update = m / (1 - beta1**step) / (np.sqrt(v / (1 - beta2**step)) + eps) + weight_decay * param
    return [param - lr * update, m, v]


def adamw_step__in_place_on_copies(
    param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2
):
    """In place on copies, with the corrections folded into the learning rate and eps."""
    param, m, v = param.copy(), m.copy(), v.copy()
    param *= 1 - lr * weight_decay
    m += (1 - beta1) * (grad - m)
    v += (1 - beta2) * (grad * grad - v)
    root_of_correction = (1 - beta2**step) ** 0.5
    param -= lr * root_of_correction / (1 - beta1**step) * m / (np.sqrt(v) + eps * root_of_correction)
    return param, m, v


def adamw_step__float32(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    """In float32 throughout."""
    param, grad, m, v = (array.astype(np.float32) for array in (param, grad, m, v))
    m = np.float32(beta1) * m + np.float32(1 - beta1) * grad
    v = np.float32(beta2) * v + np.float32(1 - beta2) * grad**2
    m_hat, v_hat = m / np.float32(1 - beta1**step), v / np.float32(1 - beta2**step)
    return (
        param - np.float32(lr) * (m_hat / (np.sqrt(v_hat) + np.float32(eps)) + np.float32(weight_decay) * param),
        m,
        v,
    )
