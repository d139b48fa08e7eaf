import numpy as np


def numerical_gradient__forward_difference(f, x, eps=1e-5):
    """Nearly right for small steps, off by a multiple of eps for large ones: the step goes to one side only. Take the
    second point on the other side of x, where the first-order errors cancel."""
    gradient = np.zeros(x.shape)
    here = f(x)
    for index in np.ndindex(x.shape):
        point = np.array(x)
        point[index] += eps
        gradient[index] = (f(point) - here) / eps
    return gradient


def numerical_gradient__twice_as_large(f, x, eps=1e-5):
    """Everything is twice too large. The two points lie on both sides of x: how far are they from each other?"""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = eps
        gradient[index] = (f(x + step) - f(x - step)) / eps
    return gradient


def numerical_gradient__all_entries_at_once(f, x, eps=1e-5):
    """The same number stands at every entry: x + eps moves all entries together, which gives the sum of the gradient.
    Move one entry at a time and leave the others where they are."""
    return np.full(x.shape, (f(x + eps) - f(x - eps)) / (2 * eps))


def numerical_gradient__never_put_back(f, x, eps=1e-5):
    """The first entry is right, the later ones are slightly off, more so for large steps: each entry stays where it was
    moved to, so the later ones are measured somewhere else, and x itself is changed. Work on a copy and put every
    entry back."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += eps
        above = f(x)
        x[index] -= 2 * eps
        gradient[index] = (above - f(x)) / (2 * eps)
    return gradient


def numerical_gradient__flat_copy(f, x, eps=1e-5):
    """Right for most arrays, zero everywhere for some. ravel and reshape give a view of x if they can and a copy if
    not; entries moved in the copy leave x, and so f(x), as they are. Index x itself with a tuple."""
    gradient = np.zeros(x.size)
    flat = x.ravel()
    for i in range(flat.size):
        value = flat[i]
        flat[i] = value + eps
        above = f(x)
        flat[i] = value - eps
        below = f(x)
        flat[i] = value
        gradient[i] = (above - below) / (2 * eps)
    return gradient.reshape(x.shape)


def numerical_gradient__ignores_the_step(f, x, eps=1e-5):
    """Right for the default step only: the step is always 1e-5, whatever the caller asks for. Use the argument."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = 1e-5
        gradient[index] = (f(x + step) - f(x - step)) / 2e-5
    return gradient


def numerical_gradient__other_default(f, x, eps=1e-4):
    """Right when the step is given, but the default is 1e-4. Textbooks differ here; keep the default of the
    signature."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = eps
        gradient[index] = (f(x + step) - f(x - step)) / (2 * eps)
    return gradient


def relu_backward__passes_everything(grad_output, x):
    """The incoming gradient comes out as it went in. Where x was negative, ReLU returned 0 whatever x was, so nothing
    passes there."""
    return np.array(grad_output)


def relu_backward__slope_only(grad_output, x):
    """The result holds only zeros and ones. That is the slope of ReLU; by the chain rule it has to be multiplied with
    the gradient that comes in."""
    return (x > 0).astype(float)


def relu_backward__sign_of_the_gradient(grad_output, x):
    """No entry is negative. The gradient itself was put through the ReLU; whether it passes is decided by the sign of
    x, and a negative gradient passes as well as a positive one."""
    return np.maximum(grad_output, 0)


def relu_backward__times_the_output(grad_output, x):
    """The gradient is multiplied by max(0, x), the output of ReLU. What the chain rule asks for is the slope, which is
    1 for every positive x."""
    return grad_output * np.maximum(x, 0)


def relu_backward__open_at_zero(grad_output, x):
    """Right everywhere but at x = 0, where the gradient passes. There is no derivative at the kink; the convention
    here, as in PyTorch, is 0."""
    return np.where(x >= 0, grad_output, 0)


def relu_backward__sign_of_x(grad_output, x):
    """Where x is negative, the gradient comes out with its sign turned. That is the slope of the absolute value; the
    slope of ReLU is 0 there."""
    return grad_output * np.sign(x)


def relu_backward__changes_gradient(grad_output, x):
    """The values are right, but the incoming gradient was changed. The caller may need it for another branch:
    assigning to grad_output[...] writes into the caller's array."""
    grad_output[x <= 0] = 0
    return grad_output


def sigmoid_backward__slope_only(grad_output, output):
    """That is the slope of the sigmoid, always between 0 and 1/4. By the chain rule it has to be multiplied with the
    gradient that comes in."""
    return output * (1 - output)


def sigmoid_backward__sigmoid_again(grad_output, output):
    """All slopes are close to 1/4: the sigmoid was applied to its own output. The argument is already the result of the
    sigmoid; use it as it is."""
    s = 1 / (1 + np.exp(-output))
    return grad_output * s * (1 - s)


def sigmoid_backward__one_factor(grad_output, output):
    """An output near 1 lets nearly the whole gradient through. Far from 0 the sigmoid is flat on both sides; the factor
    that makes the slope 0 at an output of 1 is missing."""
    return grad_output * output


def sigmoid_backward__slope_of_tanh(grad_output, output):
    """An output near 0 lets the whole gradient through. 1 - y^2 is the slope of tanh; the sigmoid has another one."""
    return grad_output * (1 - output**2)


def sigmoid_backward__through_the_input(grad_output, output):
    """Right for ordinary outputs, NaN where the output is exactly 0 or 1: the input was recovered with a logarithm, and
    the slope of the sigmoid in x then divides infinity by infinity. The slope needs nothing but the output."""
    x = np.log(output / (1 - output))
    return grad_output * np.exp(-x) / (1 + np.exp(-x)) ** 2


def sigmoid_backward__no_gradient_lost(grad_output, output):
    """The incoming gradient comes out as it went in. The sigmoid is not the identity: each entry has to be multiplied
    by the slope there."""
    return np.array(grad_output)


def sigmoid_backward__changes_gradient(grad_output, output):
    """The values are right, but the incoming gradient was changed, and the caller may still need it. An operator such
    as *= writes into the caller's array; compute a new one."""
    grad_output *= output * (1 - output)
    return grad_output


def linear_backward__error_unchanged(grad_output, x, weight):
    """The gradient of the input is the incoming gradient itself. It is not one "error" that is handed back from layer
    to layer, as documents A (question 14) and B (question 8) have it: on its way through a layer it is multiplied by
    the weights."""
    return np.array(grad_output), grad_output.T @ x, grad_output.sum(axis=0)


def linear_backward__returns_updated_weights(grad_output, x, weight):
    """In place of the weight's gradient came the weight after a step of gradient descent. Backpropagation only computes
    gradients; what documents A (question 14) and B (questions 8 and 49) call its update is done by an optimizer."""
    return grad_output @ weight, weight - 0.01 * (grad_output.T @ x), grad_output.sum(axis=0)


def linear_backward__weight_transposed(grad_output, x, weight):
    """The gradient of the weight is transposed. A gradient has the shape of the thing it belongs to, here (out, in)."""
    return grad_output @ weight, x.T @ grad_output, grad_output.sum(axis=0)


def linear_backward__averaged(grad_output, x, weight):
    """The gradients of weight and bias are too small by the size of the batch. If the loss is a mean, the incoming
    gradient has been divided by it already: sum over the examples here."""
    return grad_output @ weight, grad_output.T @ x / len(x), grad_output.mean(axis=0)


def linear_backward__bias_per_example(grad_output, x, weight):
    """The gradient of the bias has a row for every example. All examples share one bias, so their gradients add up, and
    the result has the shape of the bias."""
    return grad_output @ weight, grad_output.T @ x, np.array(grad_output)


def linear_backward__bias_keeps_an_axis(grad_output, x, weight):
    """The numbers are right, but the gradient of the bias has shape (1, O). A gradient has the shape of the thing it
    belongs to, and the bias is a vector."""
    return grad_output @ weight, grad_output.T @ x, grad_output.sum(axis=0, keepdims=True)


def linear_backward__parameters_first(grad_output, x, weight):
    """The three gradients come in another order. The statement asks for that of the input first, then the weight's and
    the bias's."""
    return grad_output.T @ x, grad_output.sum(axis=0), grad_output @ weight


def _softmax(logits):
    z = np.exp(logits - logits.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def cross_entropy_backward__summed_loss(logits, target):
    """Too large by the number of examples: this is the gradient of the summed loss. The loss is a mean."""
    grad = _softmax(logits)
    grad[np.arange(len(target)), target] -= 1
    return grad


def cross_entropy_backward__target_minus_prediction(logits, target):
    """All signs are turned: this is the direction in which the loss falls. A gradient points to where it rises; going
    the other way is the optimizer's business."""
    grad = -_softmax(logits)
    grad[np.arange(len(target)), target] += 1
    return grad / len(target)


def cross_entropy_backward__probabilities_only(logits, target):
    """The gradient does not depend on the target: these are the probabilities. At the true class, 1 has to be taken
    off, which makes the gradient negative there."""
    return _softmax(logits) / len(target)


def cross_entropy_backward__whole_columns(logits, target):
    """Far too much is negative: 1 was taken off in every row at every class that occurs in the target, since
    grad[:, target] picks whole columns. In each row only the entry of its own class is meant."""
    grad = _softmax(logits)
    grad[:, target] -= 1
    return grad / len(target)


def cross_entropy_backward__true_class_only(logits, target):
    """Only the true class has a gradient; the others are 0. But raising any other logit lowers the probability of the
    true class, since all are divided by the same sum, so every logit has its share."""
    rows = np.arange(len(target))
    grad = np.zeros(logits.shape)
    grad[rows, target] = _softmax(logits)[rows, target] - 1
    return grad / len(target)


def cross_entropy_backward__no_shift(logits, target):
    """Right for ordinary logits, NaN for large ones: the exponentials overflow, or all become 0. Subtract the maximum
    of each row first; the probabilities stay the same."""
    grad = np.exp(logits)
    grad /= grad.sum(axis=1, keepdims=True)
    grad[np.arange(len(target)), target] -= 1
    return grad / len(target)


def cross_entropy_backward__changes_logits(logits, target):
    """The values are right, but the logits themselves were changed on the way, and the caller may still need them. An
    operator such as -= writes into the caller's array; compute a new one."""
    logits -= logits.max(axis=1, keepdims=True)
    grad = _softmax(logits)
    grad[np.arange(len(target)), target] -= 1
    return grad / len(target)


def _forward(x, weights, biases):
    """The input of every layer, the pre-activations of every layer, and so the logits as the last of these."""
    inputs, pre_activations = [x], []
    for weight, bias in zip(weights, biases, strict=True):
        pre_activations.append(inputs[-1] @ weight.T + bias)
        inputs.append(np.maximum(pre_activations[-1], 0))
    return inputs[:-1], pre_activations


def _loss_and_gradient(logits, target):
    rows = np.arange(len(target))
    loss = np.mean(np.logaddexp.reduce(logits, axis=1) - logits[rows, target])
    grad = _softmax(logits)
    grad[rows, target] -= 1
    return loss, grad / len(target)


def _backward(grad, inputs, weights, slope):
    """`slope(grad, layer)` takes the gradient of the input of a layer through the activation below it."""
    grad_weights, grad_biases = [], []
    for layer in range(len(weights))[::-1]:
        grad_weights.insert(0, grad.T @ inputs[layer])
        grad_biases.insert(0, grad.sum(axis=0))
        if layer:
            grad = slope(grad @ weights[layer], layer)
    return grad_weights, grad_biases


def mlp_backward__no_slope(x, target, weights, biases):
    """The last layer is right, the earlier ones are not: the gradient goes back through the weights but not through the
    ReLU between the layers. Documents A (question 14) and B (question 8) leave this out, too; where a unit was shut,
    nothing passes."""
    inputs, pre_activations = _forward(x, weights, biases)
    loss, grad = _loss_and_gradient(pre_activations[-1], target)
    return (loss, *_backward(grad, inputs, weights, lambda grad, layer: grad))


def mlp_backward__relu_on_the_logits(x, target, weights, biases):
    """The loss is already wrong: there is a ReLU after the last layer, too. Logits must be free to be negative; there
    is none after the last layer."""
    inputs, pre_activations = _forward(x, weights, biases)
    loss, grad = _loss_and_gradient(np.maximum(pre_activations[-1], 0), target)
    grad *= pre_activations[-1] > 0
    return (loss, *_backward(grad, inputs, weights, lambda grad, layer: grad * (inputs[layer] > 0)))


def mlp_backward__activation_first(x, target, weights, biases):
    """The negative inputs of the network have no effect: the activation comes before the weights (document B,
    question 8, has it so). A layer first computes its weighted sums; the ReLU acts on them."""
    inputs, pre_activations = _forward(np.maximum(x, 0), weights, biases)
    loss, grad = _loss_and_gradient(pre_activations[-1], target)
    return (loss, *_backward(grad, inputs, weights, lambda grad, layer: grad * (inputs[layer] > 0)))


def mlp_backward__inputs_before_relu(x, target, weights, biases):
    """The biases' gradients are right, those of the weights only in the first layer. A weight is multiplied with what
    its layer read, the output of the ReLU below; here it was the number before that ReLU."""
    inputs, pre_activations = _forward(x, weights, biases)
    loss, grad = _loss_and_gradient(pre_activations[-1], target)
    slopes = [z > 0 for z in pre_activations]
    inputs = [x, *pre_activations[:-1]]
    return (loss, *_backward(grad, inputs, weights, lambda grad, layer: grad * slopes[layer - 1]))


def mlp_backward__last_layer_first(x, target, weights, biases):
    """The gradients are right, but the lists begin with the last layer, in the order in which they were computed. They
    have to be in the order of the weights and biases."""
    inputs, pre_activations = _forward(x, weights, biases)
    loss, grad = _loss_and_gradient(pre_activations[-1], target)
    grads = _backward(grad, inputs, weights, lambda grad, layer: grad * (inputs[layer] > 0))
    return loss, grads[0][::-1], grads[1][::-1]


def mlp_backward__logarithm_clipped(x, target, weights, biases):
    """The gradients are right, but the loss has a ceiling: a tiny number was added before the logarithm so that it
    stays finite. An example that the network gets badly wrong then counts too little; compute the logarithm of
    the softmax from the logits."""
    inputs, pre_activations = _forward(x, weights, biases)
    _, grad = _loss_and_gradient(pre_activations[-1], target)
    probabilities = _softmax(pre_activations[-1])[np.arange(len(target)), target]
    grads = _backward(grad, inputs, weights, lambda grad, layer: grad * (inputs[layer] > 0))
    return (-np.mean(np.log(probabilities + 1e-12)), *grads)


def mlp_backward__updates_the_weights(x, target, weights, biases):
    """The gradients are right, but afterwards the weights and biases are not what they were: a step of gradient descent
    was taken. Backpropagation changes nothing (documents A, question 14, and B, questions 8 and 49, say otherwise);
    leave the update to the optimizer."""
    inputs, pre_activations = _forward(x, weights, biases)
    loss, grad = _loss_and_gradient(pre_activations[-1], target)
    grads = _backward(grad, inputs, weights, lambda grad, layer: grad * (inputs[layer] > 0))
    for layer in range(len(weights)):
        weights[layer] -= 0.1 * grads[0][layer]
        biases[layer] -= 0.1 * grads[1][layer]
    return (loss, *grads)
