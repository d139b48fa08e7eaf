"""Hidden tests of 05_backpropagation. Oracle: PyTorch's autograd in float64; closed forms for central differences."""

import itertools
import math

import numpy as np
import pytest
import torch

from autograder.suite.assertions import assert_close, assert_unchanged, unpack


def _away_from_zero(rng, low, high, *shape):
    """Numbers of size low to high, every second one negative, in random order."""
    values = rng.uniform(low, high, size=math.prod(shape))
    values[::2] *= -1
    return rng.permutation(values).reshape(shape)


def _pairs(rng, *shape):
    """A gradient and an input in which all four pairs of signs occur, inputs of size 0.01 to 3."""
    x = np.where(
        rng.random(shape) < 0.5, _away_from_zero(rng, 0.01, 0.5, *shape), _away_from_zero(rng, 1.2, 3.0, *shape)
    )
    grad_output = _away_from_zero(rng, 0.5, 3.0, *shape)
    x.flat[:4] = np.abs(x.flat[:4]) * [1, 1, -1, -1]
    grad_output.flat[:4] = np.abs(grad_output.flat[:4]) * [1, -1, 1, -1]
    return grad_output, x


def _not_contiguous(*arrays):
    """The same values, in another order in memory."""
    return tuple(np.asfortranarray(array) for array in arrays)


def _tensor(array):
    return torch.from_numpy(np.array(array, dtype=np.float64)).requires_grad_()


def _gradients(output, grad_output, *inputs):
    return torch.autograd.grad(output, inputs, torch.from_numpy(np.array(grad_output, dtype=np.float64)))


# numerical_gradient


def _callback(function, shape):
    """`function` for the learner to call, through the wire: NaN for anything but an array of the right shape."""

    def f(point=None, *_, **__):
        if not isinstance(point, np.ndarray) or point.shape != shape or point.dtype.kind not in "iuf":
            return math.nan
        with np.errstate(all="ignore"):
            return float(function(point.astype(np.float64)))

    return f


def _entangled(rng, shape):
    """A function whose slope in one entry depends on all others, as f, and the same as a function of a tensor."""
    a = torch.from_numpy(rng.uniform(0.5, 1.5, size=shape))

    def function(p):
        return torch.logsumexp((a * p).flatten(), 0) * torch.sum(a * torch.sin(p)) + torch.sum(a * p) ** 2

    return _callback(lambda point: function(torch.from_numpy(point)), shape), function


def _quadratic(rng, shape):
    """A quadratic form with mixed terms, for which central differences are exact at any step, and its gradient."""
    a, c = rng.uniform(0.5, 1.0, size=(2, *shape))
    f = _callback(lambda p: np.sum(c * p**2) + np.sum(a * p) ** 2, shape)
    return f, lambda x: 2 * c * x + 2 * a * np.sum(a * x)


@pytest.mark.points(3)
def test_numerical_gradient_agrees_with_autograd(numerical_gradient, rng):
    """numerical_gradient is, for each entry of x, how fast f changes when this entry alone moves."""
    x = _away_from_zero(rng, 0.5, 1.5, 3, 4)
    f, function = _entangled(rng, x.shape)
    (expected,) = _gradients(function(p := _tensor(x)), 1.0, p)
    assert_close(numerical_gradient(f, np.array(x)), expected)


@pytest.mark.points(2)
def test_numerical_gradient_is_central(numerical_gradient, rng):
    """numerical_gradient takes its two points at the same distance on both sides of x, so a quadratic has no error."""
    x = _away_from_zero(rng, 0.5, 1.5, 2, 3)
    f, gradient = _quadratic(rng, x.shape)
    assert_close(numerical_gradient(f, np.array(x), 0.25), gradient(x))


def test_numerical_gradient_with_a_large_step(numerical_gradient, rng):
    """numerical_gradient uses the step that it is given, for every entry the same."""
    x = _away_from_zero(rng, 0.5, 1.5, 5)
    c = rng.uniform(0.5, 1.5, 5)
    f = _callback(lambda p: np.sum(c * p**3), x.shape)
    assert_close(numerical_gradient(f, np.array(x), eps=0.5), c * (3 * x**2 + 0.5**2))


def test_numerical_gradient_by_default(numerical_gradient, rng):
    """numerical_gradient uses the step of the signature when none is given."""
    x = _away_from_zero(rng, 0.5, 1.5, 4) * 1e-5
    c = rng.uniform(0.5, 1.5, 4)
    f = _callback(lambda p: np.sum(c * (1e5 * p) ** 3), x.shape)
    assert_close(numerical_gradient(f, np.array(x)), 1e5 * c * (3 * (1e5 * x) ** 2 + 1))


def test_numerical_gradient_of_any_shape(numerical_gradient, rng):
    """numerical_gradient returns an array of the shape of x, whatever the number of axes."""
    for shape in ((2, 3, 4), (1,), (6, 1)):
        x = _away_from_zero(rng, 0.5, 1.5, *shape)
        f, gradient = _quadratic(rng, shape)
        assert_close(numerical_gradient(f, np.array(x), eps=0.01), gradient(x))


def test_numerical_gradient_of_an_array_that_is_not_contiguous(numerical_gradient, rng):
    """numerical_gradient is right for an array whose order in memory is another than that of its indices."""
    (x,) = _not_contiguous(_away_from_zero(rng, 0.5, 1.5, 3, 2, 4))
    f, gradient = _quadratic(rng, x.shape)
    assert_close(numerical_gradient(f, np.array(x), eps=0.01), gradient(x))


# relu_backward


def _relu_gradient(grad_output, x):
    (grad_x,) = _gradients(torch.relu(p := _tensor(x)), grad_output, p)
    return grad_x


@pytest.mark.points(3)
def test_relu_backward_agrees_with_autograd(relu_backward, rng):
    """relu_backward passes the gradient where x is positive and stops it where x is negative."""
    grad_output, x = _pairs(rng, 4, 7)
    assert_close(relu_backward(grad_output, x), _relu_gradient(grad_output, x))


@pytest.mark.points(2)
def test_relu_backward_at_zero(relu_backward, rng):
    """relu_backward stops the gradient where x is exactly zero."""
    grad_output, x = _pairs(rng, 3, 5)
    x[1, 1:4] = 0
    assert_close(relu_backward(grad_output, x), _relu_gradient(grad_output, x))


def test_relu_backward_of_large_inputs(relu_backward, rng):
    """relu_backward passes a gradient as it is, however large the input or the gradient."""
    grad_output, x = _pairs(rng, 4, 3)
    x[:2] *= 1e4
    grad_output[1:3] *= 1e4
    assert_close(relu_backward(grad_output, x), _relu_gradient(grad_output, x))


def test_relu_backward_of_float32(relu_backward, rng):
    """relu_backward is right for float32 input."""
    grad_output, x = (array.astype(np.float32) for array in _pairs(rng, 3, 5))
    assert_close(relu_backward(grad_output, x), _relu_gradient(grad_output, x))


def test_relu_backward_of_any_shape(relu_backward, rng):
    """relu_backward keeps the shape of its arguments, whatever the number of axes."""
    for grad_output, x in (_pairs(rng, 6), _not_contiguous(*_pairs(rng, 2, 5, 3)), (np.array([-2.0]), np.array([0.3]))):
        assert_close(relu_backward(grad_output, x), _relu_gradient(grad_output, x))


def test_relu_backward_leaves_its_arguments_alone(relu_backward, rng):
    """relu_backward returns a new array and changes neither the incoming gradient nor x."""
    grad_output, x = _pairs(rng, 3, 4)
    assert_close(relu_backward(grad_output, x), _relu_gradient(grad_output, x))
    assert_unchanged(relu_backward, grad_output, x)


# sigmoid_backward


def _sigmoid_inputs(rng, *shape):
    """A gradient of both signs, and outputs of a sigmoid on both sides of one half, away from it."""
    z = _away_from_zero(rng, 0.5, 3.0, *shape)
    return _away_from_zero(rng, 0.5, 3.0, *shape), torch.sigmoid(torch.from_numpy(z)).numpy(), z


def _sigmoid_gradient(grad_output, z):
    (grad_z,) = _gradients(torch.sigmoid(p := _tensor(z)), grad_output, p)
    return grad_z


@pytest.mark.points(3)
def test_sigmoid_backward_agrees_with_autograd(sigmoid_backward, rng):
    """sigmoid_backward multiplies the incoming gradient by the slope, which it gets from the output."""
    grad_output, output, z = _sigmoid_inputs(rng, 4, 7)
    assert_close(sigmoid_backward(grad_output, output), _sigmoid_gradient(grad_output, z))


@pytest.mark.points(2)
def test_sigmoid_backward_of_saturated_units(sigmoid_backward, rng):
    """sigmoid_backward lets nothing through where the output is exactly zero or one, and is never NaN."""
    grad_output, output, z = _sigmoid_inputs(rng, 3, 4)
    z[1] = [-1e4, -1e3, 1e3, 1e4]
    output[1] = [0.0, 0.0, 1.0, 1.0]
    assert_close(sigmoid_backward(grad_output, output), _sigmoid_gradient(grad_output, z))


def test_sigmoid_backward_of_small_outputs(sigmoid_backward, rng):
    """sigmoid_backward is right where the output is tiny: the slope is then nearly the output itself."""
    grad_output, _, _ = _sigmoid_inputs(rng, 2, 3)
    z = rng.uniform(-30.0, -25.0, size=(2, 3))
    output = torch.sigmoid(torch.from_numpy(z)).numpy()
    assert_close(sigmoid_backward(grad_output, output), _sigmoid_gradient(grad_output, z))


def test_sigmoid_backward_of_float32(sigmoid_backward, rng):
    """sigmoid_backward is right for float32 input."""
    grad_output, output, z = (array.astype(np.float32) for array in _sigmoid_inputs(rng, 3, 5))
    assert_close(sigmoid_backward(grad_output, output), _sigmoid_gradient(grad_output, z))


def test_sigmoid_backward_of_any_shape(sigmoid_backward, rng):
    """sigmoid_backward keeps the shape of its arguments, whatever the number of axes."""
    for grad_output, output, z in (
        _sigmoid_inputs(rng, 6),
        _not_contiguous(*_sigmoid_inputs(rng, 2, 5, 3)),
        _sigmoid_inputs(rng, 1),
    ):
        assert_close(sigmoid_backward(grad_output, output), _sigmoid_gradient(grad_output, z))


def test_sigmoid_backward_leaves_its_arguments_alone(sigmoid_backward, rng):
    """sigmoid_backward returns a new array and changes neither the incoming gradient nor the output."""
    grad_output, output, z = _sigmoid_inputs(rng, 3, 4)
    assert_close(sigmoid_backward(grad_output, output), _sigmoid_gradient(grad_output, z))
    assert_unchanged(sigmoid_backward, grad_output, output)


# linear_backward


def _linear_inputs(rng, examples, inputs, outputs):
    return (
        _away_from_zero(rng, 0.5, 3.0, examples, outputs) + 0.3,  # so that a sum over the examples is not nearly zero
        _away_from_zero(rng, 0.5, 3.0, examples, inputs) - 0.2,
        _away_from_zero(rng, 0.5, 3.0, outputs, inputs) + 0.1,
    )


def _linear_gradients(grad_output, x, weight):
    x, weight, bias = _tensor(x), _tensor(weight), _tensor(np.zeros(weight.shape[0]))
    return _gradients(torch.nn.functional.linear(x, weight, bias), grad_output, x, weight, bias)


def _assert_linear(answer, expected):
    for part, wanted in zip(unpack(answer, "grad_x", "grad_weight", "grad_bias"), expected, strict=True):
        assert_close(part, wanted)


@pytest.mark.points(2)
def test_linear_backward_of_the_input(linear_backward, rng):
    """linear_backward collects, for each input feature, the gradients of all outputs, weighted by the weights."""
    arguments = _linear_inputs(rng, 5, 3, 4)
    grad_x, _, _ = unpack(linear_backward(*arguments), "grad_x", "grad_weight", "grad_bias")
    assert_close(grad_x, _linear_gradients(*arguments)[0])


@pytest.mark.points(2)
def test_linear_backward_of_the_weight(linear_backward, rng):
    """linear_backward sums, for each weight, over all examples, and returns the shape of the weight."""
    arguments = _linear_inputs(rng, 5, 3, 4)
    _, grad_weight, _ = unpack(linear_backward(*arguments), "grad_x", "grad_weight", "grad_bias")
    assert_close(grad_weight, _linear_gradients(*arguments)[1])


@pytest.mark.points(2)
def test_linear_backward_of_the_bias(linear_backward, rng):
    """linear_backward sums, for each bias, over all examples, and returns the shape of the bias."""
    arguments = _linear_inputs(rng, 5, 3, 4)
    _, _, grad_bias = unpack(linear_backward(*arguments), "grad_x", "grad_weight", "grad_bias")
    assert_close(grad_bias, _linear_gradients(*arguments)[2])


def test_linear_backward_of_other_shapes(linear_backward, rng):
    """linear_backward is right for any numbers of examples, inputs and outputs, one included."""
    for sizes in ((3, 6, 2), (4, 3, 3), (1, 4, 3), (5, 1, 2), (2, 3, 1)):
        arguments = _linear_inputs(rng, *sizes)
        _assert_linear(linear_backward(*arguments), _linear_gradients(*arguments))


def test_linear_backward_of_float32(linear_backward, rng):
    """linear_backward is right for float32 input."""
    arguments = [array.astype(np.float32) for array in _linear_inputs(rng, 6, 2, 3)]
    _assert_linear(linear_backward(*arguments), _linear_gradients(*arguments))


def test_linear_backward_of_arrays_that_are_not_contiguous(linear_backward, rng):
    """linear_backward is right for arrays whose order in memory is another than that of their indices."""
    arguments = _not_contiguous(*_linear_inputs(rng, 4, 5, 2))
    _assert_linear(linear_backward(*arguments), _linear_gradients(*arguments))


def test_linear_backward_leaves_its_arguments_alone(linear_backward, rng):
    """linear_backward returns new arrays and changes none of its arguments, above all not the weight."""
    arguments = _linear_inputs(rng, 3, 4, 2)
    _assert_linear(linear_backward(*arguments), _linear_gradients(*arguments))
    assert_unchanged(linear_backward, *arguments)


# cross_entropy_backward


def _classification(rng, examples, classes):
    """Logits of size up to 2, and targets in which the first class repeats and others are missing if they can."""
    target = rng.permutation(np.arange(examples) % max(2, classes - 1))
    return rng.uniform(-2.0, 2.0, size=(examples, classes)), target


def _cross_entropy_gradient(logits, target):
    (grad,) = _gradients(torch.nn.functional.cross_entropy(p := _tensor(logits), torch.from_numpy(target)), 1.0, p)
    return grad


@pytest.mark.points(3)
def test_cross_entropy_backward_agrees_with_autograd(cross_entropy_backward, rng):
    """cross_entropy_backward is the gradient of the mean loss: probabilities, less 1 at the true class, averaged."""
    logits, target = _classification(rng, 6, 4)
    assert_close(cross_entropy_backward(logits, target), _cross_entropy_gradient(logits, target))


@pytest.mark.points(2)
def test_cross_entropy_backward_of_large_logits(cross_entropy_backward, rng):
    """cross_entropy_backward is right when the logits of some examples are large and those of others are not."""
    logits, target = _classification(rng, 5, 4)
    logits += np.array([[0.0], [1e3], [1e4], [-1e3], [-1e4]])
    assert_close(cross_entropy_backward(logits, target), _cross_entropy_gradient(logits, target))


def test_cross_entropy_backward_of_sure_answers(cross_entropy_backward, rng):
    """cross_entropy_backward is right when the logits of an example lie far apart, whether it is right or wrong."""
    logits, target = _classification(rng, 4, 3)
    logits[0] = rng.permutation([-1e4, 0.0, 1e3])
    logits[1] = rng.permutation([-1e3, 0.0, 1e4])
    target[:2] = logits[0].argmax(), logits[1].argmin()
    assert_close(cross_entropy_backward(logits, target), _cross_entropy_gradient(logits, target))


def test_cross_entropy_backward_of_other_shapes(cross_entropy_backward, rng):
    """cross_entropy_backward is right for a single example, for two classes and for more classes than examples."""
    for sizes in ((1, 4), (5, 2), (3, 7), (4, 4)):
        logits, target = _classification(rng, *sizes)
        assert_close(cross_entropy_backward(logits, target), _cross_entropy_gradient(logits, target))


def test_cross_entropy_backward_of_float32(cross_entropy_backward, rng):
    """cross_entropy_backward is right for float32 input, large logits included."""
    logits, target = _classification(rng, 3, 5)
    logits = (logits + np.array([[0.0], [120.0], [-120.0]])).astype(np.float32)
    assert_close(cross_entropy_backward(logits, target), _cross_entropy_gradient(logits, target))


def test_cross_entropy_backward_of_an_array_that_is_not_contiguous(cross_entropy_backward, rng):
    """cross_entropy_backward is right for logits whose order in memory is another than that of their indices."""
    logits, target = _classification(rng, 5, 3)
    assert_close(cross_entropy_backward(*_not_contiguous(logits), target), _cross_entropy_gradient(logits, target))


def test_cross_entropy_backward_leaves_its_arguments_alone(cross_entropy_backward, rng):
    """cross_entropy_backward returns a new array and changes neither the logits nor the target."""
    logits, target = _classification(rng, 4, 3)
    assert_close(cross_entropy_backward(logits, target), _cross_entropy_gradient(logits, target))
    assert_unchanged(cross_entropy_backward, logits, target)


# mlp_backward


def _torch_mlp(x, target, weights, biases):
    """Loss, gradients of the weights and gradients of the biases."""
    h, weights, biases = _tensor(x), [_tensor(w) for w in weights], [_tensor(b) for b in biases]
    for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        h = torch.nn.functional.linear(torch.relu(h) if layer else h, weight, bias)
    loss = torch.nn.functional.cross_entropy(h, torch.from_numpy(target))
    gradients = torch.autograd.grad(loss, (*weights, *biases))
    return loss.detach(), gradients[: len(weights)], gradients[len(weights) :]


def _network(rng, examples, *sizes):
    """x, target, weights and biases. In every hidden layer many pre-activations are negative and many are positive, but
    none is near the kink of the ReLU, where rounding decides; the logits are of size 2."""
    x = h = _away_from_zero(rng, 0.3, 1.5, examples, sizes[0])
    weights, biases = [], []
    for inputs, outputs in itertools.pairwise(sizes[:-1]):
        negative, smallest = 0, 0
        while not 0.2 <= negative <= 0.7 or smallest < 5e-3:
            weight, bias = _away_from_zero(rng, 0.2, 0.8, outputs, inputs), _away_from_zero(rng, 0.1, 0.4, outputs)
            z = h @ weight.T + bias
            negative, smallest = (z < 0).mean(), np.abs(z).min()
        h = np.maximum(z, 0)
        weights.append(weight)
        biases.append(bias)
    weight, bias = _away_from_zero(rng, 0.3, 1.2, sizes[-1], sizes[-2]), _away_from_zero(rng, 0.2, 0.6, sizes[-1])
    scale = 2 / np.abs(h @ weight.T + bias).max()
    target = rng.permutation(np.arange(examples) % sizes[-1])
    return x, target, [*weights, scale * weight], [*biases, scale * bias]


def _parts(answer, layers):
    """Loss, gradients of the weights and gradients of the biases of an answer, one per layer."""
    loss, grad_weights, grad_biases = unpack(answer, "loss", "grad_weights", "grad_biases")
    names = [f"layer {layer}" for layer in range(layers)]
    return loss, unpack(grad_weights, *names), unpack(grad_biases, *names)


def _assert_mlp(answer, arguments):
    loss, grad_weights, grad_biases = _torch_mlp(*arguments)
    answered_loss, *answered = _parts(answer, len(grad_weights))
    assert_close(answered_loss, loss)
    for part, wanted in zip(answered, (grad_weights, grad_biases), strict=True):
        for gradient, wanted_gradient in zip(part, wanted, strict=True):
            assert_close(gradient, wanted_gradient)


def test_mlp_backward_returns_the_loss(mlp_backward, rng):
    """mlp_backward returns the mean cross entropy first."""
    arguments = _network(rng, 7, 4, 6, 5, 3)
    loss, _, _ = unpack(mlp_backward(*arguments), "loss", "grad_weights", "grad_biases")
    assert_close(loss, _torch_mlp(*arguments)[0])


@pytest.mark.points(2)
def test_mlp_backward_of_the_last_layer(mlp_backward, rng):
    """mlp_backward gives the last layer the gradient of the mean loss; its input is the output of the ReLU below."""
    arguments = _network(rng, 7, 4, 6, 5, 3)
    _, grad_weights, grad_biases = _parts(mlp_backward(*arguments), 3)
    _, expected_weights, expected_biases = _torch_mlp(*arguments)
    assert_close(grad_weights[2], expected_weights[2])
    assert_close(grad_biases[2], expected_biases[2])


@pytest.mark.points(3)
def test_mlp_backward_of_the_hidden_layers(mlp_backward, rng):
    """mlp_backward gives the earlier layers what comes back through the weights and the slopes of the later ones."""
    arguments = _network(rng, 7, 4, 6, 5, 3)
    _, grad_weights, grad_biases = _parts(mlp_backward(*arguments), 3)
    _, expected_weights, expected_biases = _torch_mlp(*arguments)
    for layer in (1, 0):
        assert_close(grad_weights[layer], expected_weights[layer])
        assert_close(grad_biases[layer], expected_biases[layer])


def test_mlp_backward_of_other_depths(mlp_backward, rng):
    """mlp_backward is right for a single layer, which has no ReLU, and for many, also of equal widths."""
    for sizes in ((5, 4, 3), (3, 3, 5, 2), (4, 3, 3, 3, 3), (5, 2, 6, 4, 3, 3)):
        arguments = _network(rng, *sizes)
        _assert_mlp(mlp_backward(*arguments), arguments)


def test_mlp_backward_of_a_single_example(mlp_backward, rng):
    """mlp_backward is right for a batch of one example."""
    arguments = _network(rng, 1, 3, 6, 4)
    _assert_mlp(mlp_backward(*arguments), arguments)


def test_mlp_backward_of_large_logits(mlp_backward, rng):
    """mlp_backward is right, loss included, when the network is far too sure of some examples, rightly or wrongly."""
    while True:
        x, target, weights, biases = _network(rng, 5, 4, 6, 3)
        logits = np.maximum(x[:2] @ weights[0].T, 0) @ weights[1].T
        scale = np.array([[1e3], [1e4]]) / np.abs(logits).max(axis=1, keepdims=True)
        ordered = np.sort(scale * logits, axis=1)
        if (ordered[:, 2] - ordered[:, 1]).min() > 200 and scale.max() < 1e5:
            break
    x[:2] *= scale  # but for the biases the logits grow alike
    target[:2] = logits[0].argmax(), logits[1].argmin()
    arguments = x, target, weights, biases
    _assert_mlp(mlp_backward(*arguments), arguments)


def test_mlp_backward_at_the_kink(mlp_backward, rng):
    """mlp_backward lets no gradient through a ReLU whose input is exactly zero."""
    x, target, weights, biases = _network(rng, 4, 3, 5, 2)
    x[1] = 0
    biases[0][:3] = 0
    arguments = x, target, weights, biases
    _assert_mlp(mlp_backward(*arguments), arguments)


def test_mlp_backward_of_float32(mlp_backward, rng):
    """mlp_backward is right for float32 input."""
    x, target, weights, biases = _network(rng, 6, 3, 5, 4)
    weights, biases = [w.astype(np.float32) for w in weights], [b.astype(np.float32) for b in biases]
    arguments = x.astype(np.float32), target, weights, biases
    _assert_mlp(mlp_backward(*arguments), arguments)


def test_mlp_backward_leaves_its_arguments_alone(mlp_backward, rng):
    """mlp_backward changes none of its arguments: to update the weights is the optimizer's task."""
    arguments = _network(rng, 5, 3, 4, 2)
    _assert_mlp(mlp_backward(*arguments), arguments)
    assert_unchanged(mlp_backward, *arguments)
