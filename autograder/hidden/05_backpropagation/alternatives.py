import numpy as np


def numerical_gradient__in_place(f, x, eps=1e-5):
    """One entry of a copy is moved to both sides and put back."""
    point = np.array(x, dtype=float)
    gradient = np.zeros_like(point)
    for index, value in np.ndenumerate(x):
        point[index] = value + eps
        above = f(point)
        point[index] = value - eps
        below = f(point)
        point[index] = value
        gradient[index] = (above - below) / (2 * eps)
    return gradient


def numerical_gradient__restored_argument(f, x, eps=1e-5):
    """Moves the entries of x itself, and puts each back exactly: x is as it was when the function returns."""
    gradient = np.zeros(x.shape)
    walker = np.nditer(x, flags=["multi_index"])
    while not walker.finished:
        index = walker.multi_index
        value = x[index].item()
        x[index] = value + eps
        above = f(x)
        x[index] = value - eps
        below = f(x)
        x[index] = value
        gradient[index] = (above - below) / (2 * eps)
        walker.iternext()
    return gradient


def numerical_gradient__unit_vectors(f, x, eps=1e-5):
    """All the steps at once as rows of an identity matrix; half the difference, divided by the step."""
    steps = eps * np.eye(x.size).reshape(x.size, *x.shape)
    differences = [0.5 * f(x + step) - 0.5 * f(x - step) for step in steps]
    return np.array(differences).reshape(x.shape) / eps


def relu_backward__mask(grad_output, x):
    """Multiplied by the mask; what is stopped may become -0.0, which equals 0."""
    return grad_output * (x > 0)


def relu_backward__copy(grad_output, x):
    """A copy of the gradient, overwritten where the input was not positive."""
    grad = grad_output.copy()
    grad[x <= 0] = 0
    return grad


def relu_backward__loop(grad_output, x):
    """One number at a time, into a result of float64."""
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        if x[index] > 0:
            grad[index] = grad_output[index]
    return grad


def sigmoid_backward__expanded(grad_output, output):
    """The product multiplied out: right but for cancellation close to 1, where the slope is nearly 0 anyway."""
    return grad_output * (output - output**2)


def sigmoid_backward__loop(grad_output, output):
    """One number at a time, into a result of float64."""
    grad = np.zeros(output.shape)
    for index, value in np.ndenumerate(output):
        grad[index] = grad_output[index] * (1 - value) * value
    return grad


def sigmoid_backward__half_angle(grad_output, output):
    """Through the tanh of half the input, t = 2 y - 1: the slope is (1 - t)(1 + t) / 4."""
    t = 2 * output
    return grad_output * t * (2 - t) / 4


def linear_backward__loops(grad_output, x, weight):
    """The three sums as loops, returned as a list."""
    grad_x, grad_weight, grad_bias = np.zeros(x.shape), np.zeros(weight.shape), np.zeros(len(weight))
    for n in range(x.shape[0]):
        for o in range(weight.shape[0]):
            grad_x[n] += grad_output[n, o] * weight[o]
            grad_weight[o] += grad_output[n, o] * x[n]
            grad_bias[o] += grad_output[n, o]
    return [grad_x, grad_weight, grad_bias]


def linear_backward__einsum(grad_output, x, weight):
    """The three sums with their indices."""
    grad_x = np.einsum("no,oi->ni", grad_output, weight)
    grad_weight = np.einsum("no,ni->oi", grad_output, x)
    return grad_x, grad_weight, np.einsum("no->o", grad_output)


def linear_backward__bias_as_a_weight(grad_output, x, weight):
    """The bias as the weight of a feature that is always 1; the weight's gradient from outer products."""
    extended = np.hstack([x, np.ones((len(x), 1))])
    grad = sum(np.outer(g, row) for g, row in zip(grad_output, extended, strict=True))
    return np.dot(weight.T, grad_output.T).T, grad[:, :-1], grad[:, -1]


def cross_entropy_backward__one_hot(logits, target):
    """With a one-hot matrix, and probabilities as the exponential of the log-softmax."""
    log_normalizer = np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return (np.exp(logits - log_normalizer) - np.eye(logits.shape[1])[target]) / logits.shape[0]


def cross_entropy_backward__jacobian(logits, target):
    """By the chain rule, example by example: the slope of -z_t + logsumexp(z)."""
    grad = np.zeros(logits.shape)
    for n, (row, true) in enumerate(zip(logits, target, strict=True)):
        z = np.exp(row - max(row))
        for k in range(len(row)):
            grad[n, k] = (z[k] / sum(z) - (1 if k == true else 0)) / len(target)
    return grad


def cross_entropy_backward__pairwise(logits, target):
    """Softmax without a maximum: each probability from the differences to all other logits."""
    with np.errstate(over="ignore"):
        differences = np.exp(logits[:, None, :] - logits[:, :, None])
    probabilities = 1 / differences.sum(axis=2)
    return np.where(np.arange(logits.shape[1]) == target[:, None], probabilities - 1, probabilities) / len(target)


def mlp_backward__caches(x, target, weights, biases):
    """Pre-activations are kept and give the masks; the lists are turned round at the end."""
    h, caches = x, []
    for layer in range(len(weights)):
        z = h @ weights[layer].T + biases[layer]
        caches.append((h, z))
        h = np.maximum(z, 0)
    shifted = z - z.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    loss = -log_probabilities[rows, target].mean()
    delta = np.exp(log_probabilities)
    delta[rows, target] -= 1
    delta = delta / len(x)
    grad_weights, grad_biases = [], []
    for layer in range(len(weights) - 1, -1, -1):
        h = caches[layer][0]
        grad_weights.append(delta.T @ h)
        grad_biases.append(delta.sum(axis=0))
        if layer > 0:
            delta = (delta @ weights[layer]) * (caches[layer - 1][1] > 0)
    return loss, grad_weights[::-1], grad_biases[::-1]


def mlp_backward__one_example_at_a_time(x, target, weights, biases):
    """Every example by itself, added up with the weight 1/N, into results of float64."""
    count, loss = len(x), 0.0
    grad_weights = [np.zeros(weight.shape) for weight in weights]
    grad_biases = [np.zeros(bias.shape) for bias in biases]
    for row, true in zip(x, target, strict=True):
        outputs = [row]
        for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
            z = weight @ outputs[-1] + bias
            outputs.append(z if layer == len(weights) - 1 else np.where(z > 0, z, 0))
        exponentials = np.exp(outputs[-1] - outputs[-1].max())
        loss += (np.log(exponentials.sum()) + outputs[-1].max() - outputs[-1][true]) / count
        grad = exponentials / exponentials.sum()
        grad[true] -= 1
        for layer in range(len(weights))[::-1]:
            grad_weights[layer] += np.outer(grad, outputs[layer]) / count
            grad_biases[layer] += grad / count
            grad = np.where(outputs[layer] > 0, weights[layer].T @ grad, 0)
    return float(loss), tuple(grad_weights), tuple(grad_biases)


def mlp_backward__recursion(x, target, weights, biases):
    """Each layer calls the next one with its output, and gets back the gradient of it."""

    def _descend(h, layer):
        z = h @ weights[layer].T + biases[layer]
        if layer == len(weights) - 1:
            top = z.max(axis=1, keepdims=True)
            normalizer = np.log(np.exp(z - top).sum(axis=1, keepdims=True)) + top
            one_hot = np.eye(z.shape[1])[target]
            loss = np.mean(normalizer[:, 0] - np.sum(one_hot * z, axis=1))
            grad, grad_weights, grad_biases = (np.exp(z - normalizer) - one_hot) / len(z), [], []
        else:
            loss, grad, grad_weights, grad_biases = _descend(np.maximum(z, 0), layer + 1)
            grad = grad * (z > 0)
        return loss, grad @ weights[layer], [grad.T @ h, *grad_weights], [grad.sum(axis=0), *grad_biases]

    loss, _, grad_weights, grad_biases = _descend(x, 0)
    return np.asarray(loss), grad_weights, grad_biases
