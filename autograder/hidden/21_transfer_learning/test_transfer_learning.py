"""Hidden tests of 21_transfer_learning. Oracles: torch.nn modules and autograd in float64, scikit-learn's Ridge, and
powers written out."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge
from torch import nn

from autograder.suite.assertions import Mismatch, assert_close, assert_unchanged, unpack


def _sized(rng, *shape):
    """Numbers of size 0.5 to 1.5 and of either sign."""
    return torch.as_tensor(rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape))


def _not_contiguous(tensor):
    """An equal tensor with its axes in another order in memory, or with gaps."""
    return tensor.T.contiguous().T if tensor.ndim == 2 else tensor.repeat_interleave(2)[::2]


def _assert_weights(answer, expected):
    """The answer is a dict of the expected tensors by name."""
    if not isinstance(answer, dict):
        raise Mismatch(f"a value of type {type(answer).__name__} came back where a dict of tensors is expected")
    if answer.keys() != expected.keys():
        raise Mismatch("the dict that came back has other names than it should", f"expected: {sorted(expected)}")
    for name in expected:
        assert_close(answer[name], expected[name])


def _assert_names(answer, expected):
    """The answer is a list of the expected strings, in this order."""
    if not isinstance(answer, (list, tuple)) or any(not isinstance(name, str) for name in answer):
        raise Mismatch("the names that were not copied must come back as a list of strings")
    if list(answer) != expected:
        raise Mismatch("the list of names that were not copied is wrong", f"expected: {expected}\nanswer: {answer}")


def _assert_loaded(answer, weights, not_copied):
    actual_weights, actual_names = unpack(answer, "weights", "not_copied")
    _assert_weights(actual_weights, weights)
    _assert_names(actual_names, not_copied)


@pytest.mark.points(3)
def test_load_matching_weights_with_a_new_head(load_matching_weights, rng):
    """load_matching_weights copies the tensors whose name and shape agree, keeps the others of the new network, and
    leaves out what only the trained network has."""
    target = {
        "backbone.weight": _sized(rng, 4, 3),
        "backbone.bias": _sized(rng, 4),
        "head.weight": _sized(rng, 2, 4),
        "head.bias": _sized(rng, 2),
        "adapter": _sized(rng, 4, 4),
    }
    source = {
        "backbone.weight": 5 + _sized(rng, 4, 3),
        "backbone.bias": 5 + _sized(rng, 4),
        "head.weight": 5 + _sized(rng, 7, 4),
        "head.bias": 5 + _sized(rng, 7),
        "decoder": 5 + _sized(rng, 4, 3),
    }
    expected = {**target, "backbone.weight": source["backbone.weight"], "backbone.bias": source["backbone.bias"]}
    _assert_loaded(load_matching_weights(target, source), expected, ["adapter", "head.bias", "head.weight"])


@pytest.mark.points(2)
def test_load_matching_weights_reports_names_in_order(load_matching_weights, rng):
    """load_matching_weights reports the names that were not copied, sorted as strings, in whatever order the
    dicts hold them."""
    names = ["layer2", "head", "conv", "layer10", "bias"]
    target = {name: _sized(rng, 3) for name in names}
    source = {"stem": 5 + _sized(rng, 3), "conv": 5 + _sized(rng, 3), "head": 5 + _sized(rng, 2)}
    expected = {**target, "conv": source["conv"]}
    _assert_loaded(load_matching_weights(target, source), expected, ["bias", "head", "layer10", "layer2"])


def test_load_matching_weights_compares_whole_shapes(load_matching_weights, rng):
    """load_matching_weights does not copy a tensor of another shape, even if it has as many axes, as many entries, an
    equal first or last axis, or would broadcast."""
    shapes = {
        "transposed": ((3, 4), (4, 3)),
        "flat": ((2, 3), (6,)),
        "row": ((5,), (1, 5)),
        "broadcasts": ((3, 4), (4,)),
        "single": ((4,), (1,)),
        "scalar": ((1,), ()),
        "wider": ((3, 4), (3, 6)),
        "taller": ((3, 4), (5, 4)),
    }
    target = {name: _sized(rng, *shape) for name, (shape, _) in shapes.items()}
    source = {name: 5 + _sized(rng, *shape) for name, (_, shape) in shapes.items()}
    _assert_loaded(load_matching_weights(target, source), target, sorted(shapes))


def test_load_matching_weights_goes_by_name(load_matching_weights, rng):
    """load_matching_weights copies every tensor if all names and shapes agree, each to its own name, in whatever order
    the dicts hold them."""
    target = {name: _sized(rng, 2, 3) for name in "abcd"}
    source = {name: 5 + _sized(rng, 2, 3) for name in "cadb"}
    _assert_loaded(load_matching_weights(target, source), source, [])


def test_load_matching_weights_with_nothing_in_common(load_matching_weights, rng):
    """load_matching_weights keeps the new network as it is if no name agrees letter by letter, or if there is nothing
    to copy from."""
    target = {"conv.weight": _sized(rng, 2, 3), "conv": _sized(rng, 4)}
    prefixed = {f"module.{name}": 5 + tensor for name, tensor in target.items()}
    other_case = {name.upper(): 5 + tensor for name, tensor in target.items()}
    for source in (prefixed, other_case, {}):
        _assert_loaded(load_matching_weights(target, source), target, ["conv", "conv.weight"])


def test_load_matching_weights_of_buffers(load_matching_weights, rng):
    """load_matching_weights copies tensors without axes as well, integers included, and float32 tensors."""
    target = {"steps": torch.tensor(0), "scale": torch.tensor(0.0), "mean": torch.zeros(3)}
    source = {
        "steps": torch.tensor(int(rng.integers(1, 100))),
        "scale": torch.tensor(rng.uniform(0.5, 1.5), dtype=torch.float32),
        "mean": _sized(rng, 3).float(),
    }
    _assert_loaded(load_matching_weights(target, source), source, [])


def test_load_matching_weights_leaves_its_arguments_alone(load_matching_weights, rng):
    """load_matching_weights returns a new dict and changes neither those that it is given nor their tensors."""
    target = {"backbone": _sized(rng, 4, 3), "head": _sized(rng, 2, 4)}
    source = {"backbone": 5 + _sized(rng, 4, 3), "head": 5 + _sized(rng, 3, 4), "decoder": 5 + _sized(rng, 2)}
    expected = {"backbone": source["backbone"], "head": target["head"]}
    _assert_loaded(load_matching_weights(target, source), expected, ["head"])
    assert_unchanged(load_matching_weights, target, source)


def _network(rng, inputs, features, classes):
    """A backbone and a head whose units are neither saturated nor linear."""
    backbone = {"weight": _sized(rng, features, inputs) / inputs**0.5, "bias": 0.5 * _sized(rng, features)}
    head = {"weight": _sized(rng, classes, features), "bias": _sized(rng, classes)}
    return backbone, head


def _labels(rng, *labels):
    return torch.from_numpy(rng.permutation(labels))


def _module(weights):
    """The layer as a module, in float64."""
    layer = nn.Linear(*weights["weight"].shape[::-1], dtype=torch.float64)
    layer.load_state_dict(weights)
    return layer


def _tuned(backbone, head, x, y, lr, freeze_backbone):
    """The two dicts after one step of gradient descent, and the loss before it."""
    layers = _module(backbone), _module(head)
    loss = nn.CrossEntropyLoss()(nn.Sequential(layers[0], nn.Tanh(), layers[1])(x.double()), y)
    loss.backward()
    rates = 0.0 if freeze_backbone else lr, lr
    after = [
        {name: parameter.detach() - rate * parameter.grad for name, parameter in layer.named_parameters()}
        for layer, rate in zip(layers, rates, strict=True)
    ]
    return *after, loss.detach()


def _assert_tuned(answer, expected):
    """Both dicts and the loss."""
    backbone, head, loss = unpack(answer, "backbone", "head", "loss")
    _assert_weights(backbone, expected[0])
    _assert_weights(head, expected[1])
    assert_close(loss, expected[2])


@pytest.mark.points(3)
def test_fine_tune_step_trains_the_head_by_default(fine_tune_step, rng):
    """fine_tune_step moves the head against its gradient, and by default nothing else; the loss is the one before the
    step."""
    backbone, head = _network(rng, 3, 4, 5)
    x, y, lr = _sized(rng, 7, 3), _labels(rng, 0, 0, 1, 2, 2, 4, 4), rng.uniform(0.5, 1.0)
    expected = _tuned(backbone, head, x, y, lr, True)
    _assert_tuned(fine_tune_step(backbone, head, x, y, lr), expected)


@pytest.mark.points(3)
def test_fine_tune_step_trains_everything(fine_tune_step, rng):
    """fine_tune_step with a free backbone moves backbone and head against their gradients, which are all taken before
    anything has moved."""
    backbone, head = _network(rng, 3, 4, 5)
    x, y, lr = _sized(rng, 7, 3), _labels(rng, 0, 1, 1, 3, 3, 4, 4), rng.uniform(0.5, 1.0)
    expected = _tuned(backbone, head, x, y, lr, False)
    _assert_tuned(fine_tune_step(backbone, head, x, y, lr, freeze_backbone=False), expected)


@pytest.mark.points(2)
def test_fine_tune_step_with_a_frozen_backbone(fine_tune_step, rng):
    """fine_tune_step with a frozen backbone returns its weight and its bias as they were, and a head that has moved,
    step after step."""
    backbone, head = _network(rng, 2, 5, 3)
    x, y = _sized(rng, 4, 2), _labels(rng, 0, 1, 2, 2)
    for _ in range(3):
        answer = fine_tune_step(backbone, head, x, y, 0.5, freeze_backbone=True)
        expected = _tuned(backbone, head, x, y, 0.5, True)
        _assert_tuned(answer, (backbone, *expected[1:]))
        head = expected[1]


def test_fine_tune_step_of_large_scores(fine_tune_step, rng):
    """fine_tune_step is right if the scores of the wrong classes are thousands above those of the right ones."""
    backbone, head = _network(rng, 2, 3, 4)
    x = _sized(rng, 5, 2)
    for size in (1e3, 1e4):
        large = {"weight": size * head["weight"], "bias": size * head["bias"]}
        features = torch.tanh(x @ backbone["weight"].T + backbone["bias"])
        y = (features @ large["weight"].T + large["bias"]).argmin(1)
        expected = _tuned(backbone, large, x, y, 0.5 * size, True)
        _assert_tuned(fine_tune_step(backbone, large, x, y, 0.5 * size, True), expected)


def test_fine_tune_step_without_a_learning_rate(fine_tune_step, rng):
    """fine_tune_step with a learning rate of zero changes nothing, and returns the loss."""
    backbone, head = _network(rng, 4, 3, 2)
    x, y = _sized(rng, 5, 4), _labels(rng, 0, 0, 1, 1, 1)
    loss = _tuned(backbone, head, x, y, 0.0, False)[2]
    for freeze_backbone in (True, False):
        _assert_tuned(fine_tune_step(backbone, head, x, y, 0.0, freeze_backbone), (backbone, head, loss))


def test_fine_tune_step_with_other_sizes(fine_tune_step, rng):
    """fine_tune_step works for a single example, for two classes, and for a single input or feature."""
    for batch, inputs, features, classes in ((1, 3, 4, 2), (5, 1, 2, 3), (3, 4, 1, 2)):
        backbone, head = _network(rng, inputs, features, classes)
        x, y = _sized(rng, batch, inputs), torch.arange(batch) % classes
        for freeze_backbone in (True, False):
            expected = _tuned(backbone, head, x, y, 0.5, freeze_backbone)
            _assert_tuned(fine_tune_step(backbone, head, x, y, lr=0.5, freeze_backbone=freeze_backbone), expected)


def test_fine_tune_step_of_float32(fine_tune_step, rng):
    """fine_tune_step is right for float32 tensors, also for some that are not contiguous."""
    backbone, head = (
        {name: _not_contiguous(tensor.float()) for name, tensor in layer.items()} for layer in _network(rng, 3, 4, 2)
    )
    x, y = _not_contiguous(_sized(rng, 6, 3).float()), _labels(rng, 0, 0, 1, 1, 1, 1)
    for freeze_backbone in (True, False):
        expected = _tuned(backbone, head, x, y, 0.5, freeze_backbone)
        _assert_tuned(fine_tune_step(backbone, head, x, y, 0.5, freeze_backbone), expected)


def test_fine_tune_step_leaves_its_arguments_alone(fine_tune_step, rng):
    """fine_tune_step returns new dicts with new tensors and changes neither those that it is given nor the data."""
    backbone, head = _network(rng, 3, 4, 2)
    x, y = _sized(rng, 5, 3), _labels(rng, 0, 0, 1, 1, 1)
    for freeze_backbone in (True, False):
        expected = _tuned(backbone, head, x, y, 0.5, freeze_backbone)
        _assert_tuned(fine_tune_step(backbone, head, x, y, 0.5, freeze_backbone), expected)
        assert_unchanged(fine_tune_step, backbone, head, x, y, 0.5, freeze_backbone)


def _ridge(features, labels, num_classes, l2):
    """scikit-learn's ridge regression onto one-hot labels, in float64."""
    targets = np.eye(num_classes)[labels.numpy()]
    ridge = Ridge(alpha=l2, solver="cholesky").fit(features.double().numpy(), targets)
    return ridge.coef_, ridge.intercept_


def _assert_probe(answer, expected):
    """Weight and bias; entries that cancel are compared with the largest one, so that float32 suffices."""
    for actual, wanted in zip(unpack(answer, "weight", "bias"), expected, strict=True):
        assert_close(actual, wanted, atol=1e-4 * np.abs(wanted).max())


def _features(rng, examples, dimensions):
    """Features that are far from centred."""
    return _sized(rng, examples, dimensions) + torch.from_numpy(rng.uniform(1.0, 2.0, dimensions))


@pytest.mark.points(3)
def test_linear_probe_agrees_with_scikit_learn(linear_probe, rng):
    """linear_probe is ridge regression onto one-hot labels, with a bias that is not penalized."""
    features, labels = _features(rng, 12, 3), _labels(rng, *[0] * 2, *[1] * 3, *[2] * 1, *[3] * 6)
    l2 = rng.uniform(1.5, 3.0)
    _assert_probe(linear_probe(features, labels, 4, l2), _ridge(features, labels, 4, l2))


@pytest.mark.points(2)
def test_linear_probe_with_few_examples(linear_probe, rng):
    """linear_probe works if there are fewer examples than features, since the penalty makes the answer unique."""
    features, labels = _features(rng, 4, 7), _labels(rng, 0, 1, 1, 2)
    for l2 in (0.3, 5.0):
        _assert_probe(linear_probe(features, labels, num_classes=3, l2=l2), _ridge(features, labels, 3, l2))


def test_linear_probe_with_classes_that_do_not_occur(linear_probe, rng):
    """linear_probe has a row for every class, of zeros for a class that does not occur, be it the last or another."""
    features, labels = _features(rng, 8, 3), _labels(rng, 0, 0, 0, 2, 2, 3, 3, 3)
    _assert_probe(linear_probe(features, labels, 6, 0.7), _ridge(features, labels, 6, 0.7))


def test_linear_probe_with_a_strong_penalty(linear_probe, rng):
    """linear_probe with an overwhelming penalty has weights of almost zero, and its bias is the share of each
    class."""
    features, labels = _features(rng, 10, 4), _labels(rng, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2)
    weight, bias = unpack(linear_probe(features, labels, 3, 1e8), "weight", "bias")
    assert_close(weight, np.zeros((3, 4)), atol=1e-5)
    assert_close(bias, np.array([0.1, 0.3, 0.6]), atol=1e-4)


def test_linear_probe_of_shifted_features(linear_probe, rng):
    """linear_probe finds the same weights for features that are shifted by a constant; its bias makes up for it."""
    features, labels = _sized(rng, 9, 3), _labels(rng, 0, 0, 0, 0, 1, 1, 1, 1, 1)
    shift = torch.tensor([10.0, -4.0, 7.0], dtype=torch.float64)
    weight, bias = _ridge(features, labels, 2, 2.0)
    expected = weight, bias - weight @ shift.numpy()
    _assert_probe(linear_probe(features + shift, labels, 2, 2.0), expected)


def test_linear_probe_of_one_example(linear_probe, rng):
    """linear_probe of a single example has weights of zero, and its bias is the one-hot label."""
    answer = linear_probe(_features(rng, 1, 3), torch.tensor([1]), 3, 0.5)
    weight, bias = unpack(answer, "weight", "bias")
    assert_close(weight, np.zeros((3, 3)), atol=1e-5)
    assert_close(bias, np.array([0.0, 1.0, 0.0]), atol=1e-5)


def test_linear_probe_of_float32(linear_probe, rng):
    """linear_probe is right for float32 features, also for some that are not contiguous."""
    features, labels = _features(rng, 11, 2).float(), _labels(rng, *[0] * 3, *[1] * 6, *[2] * 2)
    expected = _ridge(features, labels, 3, 2.0)
    for same in (features, _not_contiguous(features)):
        _assert_probe(linear_probe(same, labels, 3, 2.0), expected)


def test_linear_probe_leaves_its_arguments_alone(linear_probe, rng):
    """linear_probe changes neither the features nor the labels."""
    features, labels = _features(rng, 6, 2), _labels(rng, 0, 0, 1, 1, 1, 1)
    _assert_probe(linear_probe(features, labels, 2, 1.0), _ridge(features, labels, 2, 1.0))
    assert_unchanged(linear_probe, features, labels, 2, 1.0)


def _assert_rates(answer, expected):
    """A list of numbers, each within tolerance of its own."""
    if not isinstance(answer, (list, tuple)):
        raise Mismatch(f"a value of type {type(answer).__name__} came back; a list of numbers is expected")
    if len(answer) != len(expected):
        raise Mismatch(f"a list of {len(answer)} came back; one learning rate for every layer is expected")
    for actual, wanted in zip(answer, expected, strict=True):
        assert_close(actual, wanted)


def _rates(num_layers, base_lr, decay):
    """From the last layer to the first, one multiplication at a time."""
    rates = [base_lr]
    while len(rates) < num_layers:
        rates.insert(0, rates[0] * decay)
    return rates


@pytest.mark.points(3)
def test_layerwise_learning_rates_fall_towards_the_input(layerwise_learning_rates, rng):
    """layerwise_learning_rates gives the last layer the full rate and every layer before it a rate that is smaller by
    the same factor, first layer first."""
    base_lr, decay = rng.uniform(0.1, 0.5), rng.uniform(0.65, 0.85)
    _assert_rates(layerwise_learning_rates(6, base_lr, decay), _rates(6, base_lr, decay))


@pytest.mark.points(2)
def test_layerwise_learning_rates_of_a_deep_network(layerwise_learning_rates, rng):
    """layerwise_learning_rates is right for many layers, and for a strong decay and a small rate."""
    base_lr = rng.uniform(1e-4, 1e-3)
    for num_layers, decay in ((12, 1 / 2.6), (48, 0.9)):
        answer = layerwise_learning_rates(num_layers=num_layers, base_lr=base_lr, decay=decay)
        _assert_rates(answer, _rates(num_layers, base_lr, decay))


def test_layerwise_learning_rates_of_few_layers(layerwise_learning_rates, rng):
    """layerwise_learning_rates of one layer is the full rate alone, of two layers the reduced and the full one."""
    base_lr, decay = rng.uniform(0.1, 0.5), rng.uniform(0.2, 0.4)
    for num_layers in (1, 2):
        _assert_rates(layerwise_learning_rates(num_layers, base_lr, decay), _rates(num_layers, base_lr, decay))


def test_layerwise_learning_rates_without_decay(layerwise_learning_rates, rng):
    """layerwise_learning_rates with a decay of one trains all layers alike."""
    base_lr = rng.uniform(0.1, 0.5)
    _assert_rates(layerwise_learning_rates(5, base_lr, 1.0), [base_lr] * 5)


def test_layerwise_learning_rates_with_everything_frozen_but_the_last(layerwise_learning_rates, rng):
    """layerwise_learning_rates with a decay of zero trains the last layer only."""
    base_lr = rng.uniform(0.1, 0.5)
    _assert_rates(layerwise_learning_rates(4, base_lr, 0.0), [0.0, 0.0, 0.0, base_lr])
