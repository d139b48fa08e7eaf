"""Hidden tests of 22_multi_task_learning. Oracles in float64: torch.nn modules and autograd for the network, plain
Python and the Gaussian likelihood of torch.nn for the losses."""

import math

import pytest
import torch
from torch import nn

from autograder.suite.assertions import Mismatch, assert_close, assert_unchanged

NAMES = ("depth", "class", "edges")


def _sized(rng, *shape):
    """Numbers of size 0.5 to 1.5 and of either sign."""
    return torch.as_tensor(rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape))


def _layer(rng, inputs, outputs):
    return {"weight": _sized(rng, outputs, inputs) / math.sqrt(inputs), "bias": _sized(rng, outputs) / 2}


def _network(rng, batch, inputs, hidden, outputs):
    """Inputs, a trunk and a head for each number of outputs."""
    heads = {name: _layer(rng, hidden, size) for name, size in zip(NAMES, outputs, strict=False)}
    return _sized(rng, batch, inputs), _layer(rng, inputs, hidden), heads


def _weights(rng, names):
    """Weights that are far apart and do not sum to one."""
    return dict(zip(names, rng.permutation([0.3, 1.1, 2.5]).tolist(), strict=False))


def _reordered(by_name):
    """An equal dict that lists its names in the reverse order."""
    return dict(reversed(by_name.items()))


def _floats(value):
    return {name: _floats(part) for name, part in value.items()} if isinstance(value, dict) else value.float()


def _not_contiguous(value):
    """Equal tensors with their axes in another order in memory, or with gaps."""
    if isinstance(value, dict):
        return {name: _not_contiguous(part) for name, part in value.items()}
    return value.T.contiguous().T if value.ndim == 2 else value.repeat_interleave(2)[::2]


def _linear(layer, requires_grad=False):
    outputs, inputs = layer["weight"].shape
    module = nn.Linear(inputs, outputs, dtype=torch.float64)
    for name, tensor in layer.items():
        setattr(module, name, nn.Parameter(tensor.detach().double().clone(), requires_grad=requires_grad))
    return module


def _outputs(x, trunk, heads):
    features = nn.Sequential(_linear(trunk), nn.Tanh())(x.double())
    return {name: _linear(head)(features) for name, head in heads.items()}


def _gradient(x, targets, trunk, heads, weights):
    """One backward pass for each task, each on its own, added up."""
    total = {"weight": 0.0, "bias": 0.0}
    for name, head in heads.items():
        layer = _linear(trunk, requires_grad=True)
        output = nn.Sequential(layer, nn.Tanh(), _linear(head))(x.double())
        nn.MSELoss()(output, targets[name].double()).backward()
        total["weight"] = total["weight"] + weights[name] * layer.weight.grad
        total["bias"] = total["bias"] + weights[name] * layer.bias.grad
    return total


def _assert_by_name(answer, expected):
    """The answer is a dict of the expected tensors by name, in any order."""
    if not isinstance(answer, dict):
        raise Mismatch(f"a value of type {type(answer).__name__} came back where a dict of tensors is expected")
    if answer.keys() != expected.keys():
        raise Mismatch("the dict that came back has other names than it should", f"expected: {sorted(expected)}")
    for name in expected:
        assert_close(answer[name], expected[name])


@pytest.mark.points(3)
def test_multi_task_forward_agrees_with_torch(multi_task_forward, rng):
    """multi_task_forward computes features with the trunk and its tanh, and applies the linear head of every task to
    them."""
    arguments = _network(rng, 5, 3, 4, (2, 6, 1))
    _assert_by_name(multi_task_forward(*arguments), _outputs(*arguments))


@pytest.mark.points(2)
def test_multi_task_forward_keeps_the_heads_apart(multi_task_forward, rng):
    """multi_task_forward gives every task the output of its own head, also if all heads have the same shape."""
    x, trunk, heads = _network(rng, 4, 5, 3, (2, 2, 2))
    heads["class"]["bias"] = heads["class"]["bias"] + 3
    heads["edges"]["bias"] = heads["edges"]["bias"] - 3
    _assert_by_name(multi_task_forward(x=x, trunk=trunk, heads=heads), _outputs(x, trunk, heads))


def test_multi_task_forward_with_other_sizes(multi_task_forward, rng):
    """multi_task_forward works for a single task, a single row, a single feature."""
    for sizes in ((1, 3, 2, (4,)), (3, 1, 4, (2, 3)), (4, 2, 1, (3, 1)), (1, 1, 1, (1,)), (3, 3, 3, (3, 3))):
        arguments = _network(rng, *sizes)
        _assert_by_name(multi_task_forward(*arguments), _outputs(*arguments))


def test_multi_task_forward_of_large_inputs(multi_task_forward, rng):
    """multi_task_forward is right if features saturate, in one row or in many."""
    x, trunk, heads = _network(rng, 5, 3, 4, (2, 5))
    x[[1, 3]] *= torch.tensor([[1e3], [1e4]])
    _assert_by_name(multi_task_forward(x, trunk, heads), _outputs(x, trunk, heads))


def test_multi_task_forward_of_float32(multi_task_forward, rng):
    """multi_task_forward is right for float32 tensors, also if they are not contiguous."""
    arguments = [_not_contiguous(_floats(argument)) for argument in _network(rng, 4, 3, 5, (2, 6))]
    _assert_by_name(multi_task_forward(*arguments), _outputs(*arguments))


def test_multi_task_forward_leaves_its_arguments_alone(multi_task_forward, rng):
    """multi_task_forward changes neither its input nor the dicts of the trunk and the heads."""
    arguments = _network(rng, 3, 2, 5, (4, 1))
    _assert_by_name(multi_task_forward(*arguments), _outputs(*arguments))
    assert_unchanged(multi_task_forward, *arguments)


def _losses(rng, names=NAMES):
    """Losses that are far apart."""
    values = rng.permutation([0.4, 2.0, 7.0])[: len(names)] * rng.uniform(0.9, 1.1, len(names))
    return {name: torch.tensor(value, dtype=torch.float64) for name, value in zip(names, values, strict=True)}


def _weighted(losses, weights):
    return math.fsum(weights[name] * float(losses[name]) for name in losses)


@pytest.mark.points(3)
def test_multi_task_loss_is_the_weighted_sum(multi_task_loss, rng):
    """multi_task_loss multiplies the loss of every task with its weight and adds the products up."""
    losses, weights = _losses(rng), _weights(rng, NAMES)
    assert_close(multi_task_loss(losses, weights), _weighted(losses, weights))


@pytest.mark.points(2)
def test_multi_task_loss_goes_by_name(multi_task_loss, rng):
    """multi_task_loss finds the weight of a task by its name, in whatever order the tasks are listed."""
    losses, weights = _losses(rng), _reordered(_weights(rng, NAMES))
    assert_close(multi_task_loss(losses=losses, weights=weights), _weighted(losses, weights))


def test_multi_task_loss_with_a_weight_of_zero(multi_task_loss, rng):
    """multi_task_loss leaves out a task whose weight is zero, and is zero if all weights are."""
    losses = _losses(rng)
    for off in NAMES:
        weights = {**_weights(rng, NAMES), off: 0.0}
        assert_close(multi_task_loss(losses, weights), _weighted(losses, weights))
    assert_close(multi_task_loss(losses, dict.fromkeys(NAMES, 0.0)), 0.0)


def test_multi_task_loss_with_one_or_two_tasks(multi_task_loss, rng):
    """multi_task_loss works for any number of tasks; with a single one it is weight times loss."""
    for names in (("only",), ("left", "right")):
        losses, weights = _losses(rng, names), _weights(rng, names)
        assert_close(multi_task_loss(losses, weights), _weighted(losses, weights))


def test_multi_task_loss_of_float32(multi_task_loss, rng):
    """multi_task_loss is right for float32 losses of very different size."""
    losses, weights = {"small": 2e-3, "large": 5e3}, {"large": 1e-3, "small": 1e3}
    losses = {name: torch.tensor(size * rng.uniform(0.5, 1.5)).float() for name, size in losses.items()}
    assert_close(multi_task_loss(losses, weights), _weighted(losses, weights))


def test_multi_task_loss_leaves_its_arguments_alone(multi_task_loss, rng):
    """multi_task_loss changes neither the losses nor the weights."""
    losses, weights = _losses(rng), _weights(rng, NAMES)
    assert_close(multi_task_loss(losses, weights), _weighted(losses, weights))
    assert_unchanged(multi_task_loss, losses, weights)


def _log_vars(rng, names=NAMES):
    """Log-variances of both signs, far apart from each other."""
    values = rng.permutation([-1.2, 0.7, 1.9])[: len(names)] + rng.uniform(-0.1, 0.1, len(names))
    return {name: torch.tensor(value, dtype=torch.float64) for name, value in zip(names, values, strict=True)}


def _uncertain(losses, log_vars):
    terms = ((float(losses[name]), float(log_vars[name])) for name in losses)
    return math.fsum(loss * math.exp(-s) + s for loss, s in terms)


@pytest.mark.points(3)
def test_uncertainty_weighted_loss_of_several_tasks(uncertainty_weighted_loss, rng):
    """uncertainty_weighted_loss adds up, over all tasks, the loss divided by the variance, and the log-variance."""
    losses, log_vars = _losses(rng), _log_vars(rng)
    assert_close(uncertainty_weighted_loss(losses, log_vars), _uncertain(losses, log_vars))


@pytest.mark.points(2)
def test_uncertainty_weighted_loss_may_be_negative(uncertainty_weighted_loss, rng):
    """uncertainty_weighted_loss is negative where small losses have small variances, and is returned as it is."""
    for names in (("only",), ("left", "right")):
        losses = {name: torch.tensor(rng.uniform(0.01, 0.05)) for name in names}
        log_vars = {name: torch.tensor(rng.uniform(-3.0, -2.0)) for name in names}
        assert_close(uncertainty_weighted_loss(losses, log_vars), _uncertain(losses, log_vars))


def test_uncertainty_weighted_loss_is_a_likelihood(uncertainty_weighted_loss, rng):
    """uncertainty_weighted_loss of a mean squared error is twice the negative log-likelihood of a Gaussian."""
    prediction, target, s = _sized(rng, 6), 4 + _sized(rng, 6), torch.tensor(rng.uniform(0.8, 1.6))
    loss = nn.MSELoss()(prediction, target)
    likelihood = nn.GaussianNLLLoss()(prediction, target, s.exp().expand(6))
    assert_close(uncertainty_weighted_loss({"depth": loss}, {"depth": s}), 2 * likelihood)


def test_uncertainty_weighted_loss_goes_by_name(uncertainty_weighted_loss, rng):
    """uncertainty_weighted_loss finds the log-variance of a task by its name, in whatever order they are listed."""
    losses, log_vars = _losses(rng), _reordered(_log_vars(rng))
    answer = uncertainty_weighted_loss(losses=losses, log_vars=log_vars)
    assert_close(answer, _uncertain(losses, log_vars))


def test_uncertainty_weighted_loss_of_large_log_variances(uncertainty_weighted_loss, rng):
    """uncertainty_weighted_loss is right for a large log-variance: of the loss next to nothing is left."""
    for size in (1e3, 1e4):
        losses = {"depth": torch.tensor(size * rng.uniform(0.5, 1.0), dtype=torch.float64)}
        log_vars = {"depth": torch.tensor(size * rng.uniform(0.5, 1.0), dtype=torch.float64)}
        assert_close(uncertainty_weighted_loss(losses, log_vars), _uncertain(losses, log_vars))


def test_uncertainty_weighted_loss_of_float32(uncertainty_weighted_loss, rng):
    """uncertainty_weighted_loss is right for float32 tensors, and for one or two tasks."""
    for names in (("only",), ("left", "right")):
        losses, log_vars = _floats(_losses(rng, names)), _floats(_log_vars(rng, names))
        assert_close(uncertainty_weighted_loss(losses, log_vars), _uncertain(losses, log_vars), atol=1e-4)


def test_uncertainty_weighted_loss_leaves_its_arguments_alone(uncertainty_weighted_loss, rng):
    """uncertainty_weighted_loss changes neither the losses nor the log-variances."""
    losses, log_vars = _losses(rng), _log_vars(rng)
    assert_close(uncertainty_weighted_loss(losses, log_vars), _uncertain(losses, log_vars))
    assert_unchanged(uncertainty_weighted_loss, losses, log_vars)


def _training(rng, batch, inputs, hidden, outputs):
    """Arguments of shared_gradient. No two dicts list the tasks in the same order if there are three."""
    x, trunk, heads = _network(rng, batch, inputs, hidden, outputs)
    targets = {name: 2 * _sized(rng, batch, len(head["bias"])) for name, head in heads.items()}
    rotated = dict([*targets.items()][1:] + [*targets.items()][:1])
    return x, rotated, trunk, heads, _reordered(_weights(rng, heads))


@pytest.mark.points(3)
def test_shared_gradient_agrees_with_autograd(shared_gradient, rng):
    """shared_gradient is the gradient of the weighted sum of the mean squared errors of all tasks."""
    arguments = _training(rng, 5, 3, 4, (2, 6, 1))
    _assert_by_name(shared_gradient(*arguments), _gradient(*arguments))


@pytest.mark.points(2)
def test_shared_gradient_of_one_task(shared_gradient, rng):
    """shared_gradient of a single task is the gradient of its mean squared error, over all elements, times its
    weight."""
    for outputs in (1, 4):
        arguments = _training(rng, 3, 2, 5, (outputs,))
        _assert_by_name(shared_gradient(*arguments), _gradient(*arguments))


def test_shared_gradient_with_a_weight_of_zero(shared_gradient, rng):
    """shared_gradient has no part of a task whose weight is zero."""
    x, targets, trunk, heads, weights = _training(rng, 4, 3, 2, (2, 5, 3))
    for off in NAMES:
        arguments = x, targets, trunk, heads, {**weights, off: 0.0}
        _assert_by_name(shared_gradient(*arguments), _gradient(*arguments))


def test_shared_gradient_goes_by_name(shared_gradient, rng):
    """shared_gradient finds head, target and weight of a task by its name, also if all tasks have the same shape."""
    x, targets, trunk, heads, weights = _training(rng, 4, 3, 5, (2, 2, 2))
    answer = shared_gradient(x=x, targets=targets, trunk=trunk, heads=heads, weights=weights)
    _assert_by_name(answer, _gradient(x, targets, trunk, heads, weights))


def test_shared_gradient_of_tasks_that_disagree(shared_gradient, rng):
    """shared_gradient adds the gradients with their signs: tasks that pull in opposite directions cancel in part."""
    x, trunk, heads = _network(rng, 4, 3, 5, (2,))
    output, error = _outputs(x, trunk, heads)["depth"], _sized(rng, 4, 2)
    heads = {"up": heads["depth"], "down": heads["depth"]}
    targets = {"up": output + error, "down": output - error}
    expected = _gradient(x, targets, trunk, {"up": heads["up"]}, {"up": 0.75})
    _assert_by_name(shared_gradient(x, targets, trunk, heads, {"up": 1.0, "down": 0.25}), expected)


def test_shared_gradient_of_large_inputs(shared_gradient, rng):
    """shared_gradient is right if features saturate in some of the rows: these rows send nothing on."""
    x, *rest = _training(rng, 5, 3, 4, (2, 3))
    x[1] *= 1e3
    x[3] *= 1e4
    _assert_by_name(shared_gradient(x, *rest), _gradient(x, *rest))


def test_shared_gradient_of_float32(shared_gradient, rng):
    """shared_gradient is right for float32 tensors, also if they are not contiguous."""
    *tensors, weights = _training(rng, 4, 3, 5, (2, 6))
    tensors = [_not_contiguous(_floats(argument)) for argument in tensors]
    answer, expected = shared_gradient(*tensors, weights), _gradient(*tensors, weights)
    _assert_by_name(answer, expected)


def test_shared_gradient_leaves_its_arguments_alone(shared_gradient, rng):
    """shared_gradient changes neither a tensor nor a dict that it is given."""
    arguments = _training(rng, 3, 2, 4, (1, 5))
    _assert_by_name(shared_gradient(*arguments), _gradient(*arguments))
    assert_unchanged(shared_gradient, *arguments)
