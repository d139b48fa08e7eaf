import math

import numpy as np
import pytest
import torch

from autograder.suite.assertions import assert_close, assert_equal, assert_unchanged, unpack


def _both_signs(rng, *shape):
    """Numbers of size 2 to 4, every second one negative, in random order."""
    x = rng.uniform(2.0, 4.0, math.prod(shape))
    x[::2] *= -1
    return rng.permutation(x).reshape(shape)


def _layers(rng):
    """Three arrays of different shapes, each with positive and negative entries."""
    return [_both_signs(rng, 3, 5), _both_signs(rng, 4), _both_signs(rng, 2, 1, 3)]


def _not_contiguous(rng):
    """Three axes of different length, in another order than in memory."""
    return _both_signs(rng, 2, 3, 5).transpose(2, 0, 1)


def _l1(weights):
    """The sum of the absolute values, in float64."""
    return sum(torch.from_numpy(weight).double().abs().sum() for weight in weights)


def _l2(weights):
    """The sum of the squares, in float64."""
    return sum(torch.from_numpy(weight).double().square().sum() for weight in weights)


def _gradient(penalty, weight):
    """What PyTorch differentiates the penalty to, in float64."""
    weight = torch.from_numpy(weight).double().requires_grad_()
    penalty(weight).backward()
    return weight.grad


def _l1_gradient(weight, strength):
    return _gradient(lambda w: strength * w.abs().sum(), weight)


def _l2_gradient(weight, strength):
    return _gradient(lambda w: strength * w.square().sum(), weight)


def _decayed(weight, grad, lr, weight_decay):
    """The weight after a step along the gradient of a loss of slope `grad` with an L2 penalty of half the decay, for
    which plain gradient descent and weight decay are the same; in float64. (torch.optim.SGD is slow to load.)"""
    grad = torch.from_numpy(grad).double()
    slope = _gradient(lambda w: (grad * w).sum() + weight_decay / 2 * w.square().sum(), weight)
    return torch.from_numpy(weight).double() - lr * slope


def _softshrink(weight, threshold):
    return torch.nn.functional.softshrink(torch.from_numpy(weight).double(), threshold)


def _assert_epochs(answer, best_epoch, stop_epoch):
    best, stop = unpack(answer, "best_epoch", "stop_epoch")
    assert_equal(best, best_epoch)
    assert_equal(stop, stop_epoch)


@pytest.mark.points(3)
def test_l1_penalty_of_one_array(l1_penalty, rng):
    """l1_penalty is the strength times the sum of the absolute values of all entries."""
    weights, strength = [_both_signs(rng, 3, 5)], rng.uniform(0.1, 0.4)
    assert_close(l1_penalty(weights, strength), strength * _l1(weights))


@pytest.mark.points(2)
def test_l1_penalty_of_several_arrays(l1_penalty, rng):
    """l1_penalty adds up all arrays of the list, whatever their shapes."""
    weights, strength = _layers(rng), rng.uniform(0.1, 0.4)
    assert_close(l1_penalty(weights, strength=strength), strength * _l1(weights))


def test_l1_penalty_of_any_strength(l1_penalty, rng):
    """l1_penalty grows in proportion to the strength, also above one, and is zero without it."""
    weights, strength = _layers(rng), rng.uniform(2.0, 3.0)
    assert_close(l1_penalty(weights, strength), strength * _l1(weights))
    assert_close(l1_penalty(weights, 0.0), 0.0)


def test_l1_penalty_of_zeros(l1_penalty, rng):
    """l1_penalty costs nothing for weights that are zero."""
    weights = [np.zeros((2, 3)), np.array([0.0, rng.uniform(2.0, 3.0)])]
    assert_close(l1_penalty(weights, 0.5), 0.5 * _l1(weights))
    assert_close(l1_penalty(weights[:1], 0.5), 0.0)


def test_l1_penalty_of_float32(l1_penalty, rng):
    """l1_penalty is right for float32 weights, large ones included."""
    weights = [weight.astype(np.float32) for weight in (*_layers(rng), np.array([1e3, -1e4]))]
    assert_close(l1_penalty(weights, 0.25), 0.25 * _l1(weights))


def test_l1_penalty_of_any_shape(l1_penalty, rng):
    """l1_penalty takes arrays of any number of axes, of a single entry, and of any order in memory."""
    weights = [_not_contiguous(rng), _both_signs(rng, 1), _both_signs(rng, 2, 6)[:, ::2]]
    assert_close(l1_penalty(weights, 0.25), 0.25 * _l1(weights))


def test_l1_penalty_leaves_its_weights_alone(l1_penalty, rng):
    """l1_penalty does not change the weights that it is given."""
    weights = _layers(rng)
    assert_close(l1_penalty(weights, 0.25), 0.25 * _l1(weights))
    assert_unchanged(l1_penalty, weights, 0.25)


@pytest.mark.points(3)
def test_l2_penalty_of_one_array(l2_penalty, rng):
    """l2_penalty is the strength times the sum of the squares of all entries."""
    weights, strength = [_both_signs(rng, 3, 5)], rng.uniform(0.1, 0.4)
    assert_close(l2_penalty(weights, strength), strength * _l2(weights))


@pytest.mark.points(2)
def test_l2_penalty_of_several_arrays(l2_penalty, rng):
    """l2_penalty adds up all arrays of the list, whatever their shapes."""
    weights, strength = _layers(rng), rng.uniform(0.1, 0.4)
    assert_close(l2_penalty(weights, strength=strength), strength * _l2(weights))


def test_l2_penalty_of_any_strength(l2_penalty, rng):
    """l2_penalty grows in proportion to the strength, also above one, and is zero without it."""
    weights, strength = _layers(rng), rng.uniform(2.0, 3.0)
    assert_close(l2_penalty(weights, strength), strength * _l2(weights))
    assert_close(l2_penalty(weights, 0.0), 0.0)


def test_l2_penalty_of_zeros(l2_penalty, rng):
    """l2_penalty costs nothing for weights that are zero."""
    weights = [np.zeros((2, 3)), np.array([0.0, rng.uniform(2.0, 3.0)])]
    assert_close(l2_penalty(weights, 0.5), 0.5 * _l2(weights))
    assert_close(l2_penalty(weights[:1], 0.5), 0.0)


def test_l2_penalty_of_float32(l2_penalty, rng):
    """l2_penalty is right for float32 weights, large ones included."""
    weights = [weight.astype(np.float32) for weight in (*_layers(rng), np.array([1e3, -1e4]))]
    assert_close(l2_penalty(weights, 0.25), 0.25 * _l2(weights))


def test_l2_penalty_of_any_shape(l2_penalty, rng):
    """l2_penalty takes arrays of any number of axes, of a single entry, and of any order in memory."""
    weights = [_not_contiguous(rng), _both_signs(rng, 1), _both_signs(rng, 2, 6)[:, ::2]]
    assert_close(l2_penalty(weights, 0.25), 0.25 * _l2(weights))


def test_l2_penalty_leaves_its_weights_alone(l2_penalty, rng):
    """l2_penalty does not change the weights that it is given."""
    weights = _layers(rng)
    assert_close(l2_penalty(weights, 0.25), 0.25 * _l2(weights))
    assert_unchanged(l2_penalty, weights, 0.25)


@pytest.mark.points(3)
def test_l1_subgradient_away_from_zero(l1_subgradient, rng):
    """l1_subgradient is the slope of the L1 penalty for every weight: of the size of the strength, with a sign."""
    weight, strength = _both_signs(rng, 4, 7), rng.uniform(0.1, 0.4)
    assert_close(l1_subgradient(weight, strength), _l1_gradient(weight, strength))


@pytest.mark.points(2)
def test_l1_subgradient_at_zero(l1_subgradient, rng):
    """l1_subgradient is zero where the weight is zero."""
    weight, strength = _both_signs(rng, 3, 4), rng.uniform(0.1, 0.4)
    weight[1] = 0
    assert_close(l1_subgradient(weight, strength=strength), _l1_gradient(weight, strength))
    assert_close(l1_subgradient(np.zeros(5), strength), np.zeros(5))


def test_l1_subgradient_of_any_size(l1_subgradient, rng):
    """l1_subgradient depends on the sign of a weight, not on its size: tiny weights are pulled like huge ones."""
    sizes = np.array([1e-12, 1e-9, 1e-6, 1e-3, 1.0, 1e3, 1e4])
    weight = rng.permutation(np.concatenate([sizes, -sizes]))
    assert_close(l1_subgradient(weight, 2.5), _l1_gradient(weight, 2.5))


def test_l1_subgradient_of_float32(l1_subgradient, rng):
    """l1_subgradient is right for float32 weights."""
    weight = _both_signs(rng, 3, 4).astype(np.float32)
    weight[0, :2] = 0
    assert_close(l1_subgradient(weight, 0.25), _l1_gradient(weight, 0.25))


def test_l1_subgradient_of_any_shape(l1_subgradient, rng):
    """l1_subgradient keeps the shape of the weight, whatever the number of axes."""
    for weight in (_not_contiguous(rng), _both_signs(rng, 1)):
        assert_close(l1_subgradient(weight, 0.25), _l1_gradient(weight, 0.25))


def test_l1_subgradient_leaves_its_weight_alone(l1_subgradient, rng):
    """l1_subgradient returns a new array and does not change the weight."""
    weight = _both_signs(rng, 3, 4)
    assert_close(l1_subgradient(weight, 0.25), _l1_gradient(weight, 0.25))
    assert_unchanged(l1_subgradient, weight, 0.25)


@pytest.mark.points(3)
def test_l2_gradient_agrees_with_torch(l2_gradient, rng):
    """l2_gradient is the derivative of the L2 penalty by every weight."""
    weight, strength = _both_signs(rng, 4, 7), rng.uniform(0.1, 0.4)
    assert_close(l2_gradient(weight, strength), _l2_gradient(weight, strength))


def test_l2_gradient_of_any_strength(l2_gradient, rng):
    """l2_gradient grows in proportion to the strength, also above one, and is zero without it."""
    weight, strength = _both_signs(rng, 3, 4), rng.uniform(2.0, 3.0)
    assert_close(l2_gradient(weight, strength=strength), _l2_gradient(weight, strength))
    assert_close(l2_gradient(weight, 0.0), np.zeros((3, 4)))


def test_l2_gradient_of_any_size(l2_gradient, rng):
    """l2_gradient grows in proportion to the weight, from zero and tiny weights to huge ones."""
    sizes = np.array([0.0, 1e-6, 1e-3, 1.0, 1e3, 1e4])
    weight = rng.permutation(np.concatenate([sizes, -sizes[1:]]))
    assert_close(l2_gradient(weight, 0.25), _l2_gradient(weight, 0.25), atol=0.0)
    assert_close(l2_gradient(np.zeros((2, 3)), 0.25), np.zeros((2, 3)))


def test_l2_gradient_of_float32(l2_gradient, rng):
    """l2_gradient is right for float32 weights."""
    weight = _both_signs(rng, 3, 4).astype(np.float32)
    assert_close(l2_gradient(weight, 0.25), _l2_gradient(weight, 0.25))


def test_l2_gradient_of_any_shape(l2_gradient, rng):
    """l2_gradient keeps the shape of the weight, whatever the number of axes."""
    for weight in (_not_contiguous(rng), _both_signs(rng, 1)):
        assert_close(l2_gradient(weight, 0.25), _l2_gradient(weight, 0.25))


def test_l2_gradient_leaves_its_weight_alone(l2_gradient, rng):
    """l2_gradient returns a new array and does not change the weight."""
    weight = _both_signs(rng, 3, 4)
    assert_close(l2_gradient(weight, 0.25), _l2_gradient(weight, 0.25))
    assert_unchanged(l2_gradient, weight, 0.25)


@pytest.mark.points(3)
def test_weight_decay_step_with_gradient_and_decay(weight_decay_step, rng):
    """weight_decay_step subtracts the gradient and a share of the old weight, both times the learning rate."""
    weight, grad = _both_signs(rng, 4, 7), _both_signs(rng, 4, 7)
    lr, weight_decay = rng.uniform(0.3, 0.5), rng.uniform(0.6, 0.8)
    assert_close(weight_decay_step(weight, grad, lr, weight_decay), _decayed(weight, grad, lr, weight_decay))


@pytest.mark.points(2)
def test_weight_decay_step_without_gradient(weight_decay_step, rng):
    """weight_decay_step shrinks the weights even where the gradient is zero."""
    weight, grad = _both_signs(rng, 3, 5), np.zeros((3, 5))
    lr, weight_decay = rng.uniform(0.3, 0.5), rng.uniform(0.6, 0.8)
    expected = _decayed(weight, grad, lr, weight_decay)
    assert_close(weight_decay_step(weight, grad, lr=lr, weight_decay=weight_decay), expected)


def test_weight_decay_step_without_decay(weight_decay_step, rng):
    """weight_decay_step without decay is plain gradient descent, and so it is for weights that are zero."""
    weight, grad = _both_signs(rng, 3, 5), _both_signs(rng, 3, 5)
    lr = rng.uniform(0.3, 0.5)
    assert_close(weight_decay_step(weight, grad, lr, 0.0), _decayed(weight, grad, lr, 0.0))
    zeros = np.zeros((3, 5))
    assert_close(weight_decay_step(zeros, grad, lr, 0.7), _decayed(zeros, grad, lr, 0.7))


def test_weight_decay_step_several_times(weight_decay_step, rng):
    """weight_decay_step is right for several steps in succession."""
    weight, lr, weight_decay = _both_signs(rng, 2, 3), rng.uniform(0.1, 0.2), rng.uniform(1.5, 2.0)
    grads = [_both_signs(rng, 2, 3) for _ in range(4)]
    expected = weight
    for grad in grads:
        expected = _decayed(expected, grad, lr, weight_decay).numpy()
        weight = weight_decay_step(weight, grad, lr, weight_decay)
        assert_close(weight, expected)


def test_weight_decay_step_of_float32(weight_decay_step, rng):
    """weight_decay_step is right for float32 weights and gradients."""
    weight, grad = _both_signs(rng, 3, 4).astype(np.float32), _both_signs(rng, 3, 4).astype(np.float32)
    assert_close(weight_decay_step(weight, grad, 0.25, 0.5), _decayed(weight, grad, 0.25, 0.5))


def test_weight_decay_step_of_any_shape(weight_decay_step, rng):
    """weight_decay_step keeps the shape of the weight, whatever the number of axes."""
    for weight, grad in (
        (_not_contiguous(rng), _both_signs(rng, 5, 2, 3)),
        (_both_signs(rng, 4), _both_signs(rng, 4)),
        (_both_signs(rng, 1), _both_signs(rng, 1)),
    ):
        assert_close(weight_decay_step(weight, grad, 0.25, 0.5), _decayed(weight, grad, 0.25, 0.5))


def test_weight_decay_step_leaves_its_arguments_alone(weight_decay_step, rng):
    """weight_decay_step returns a new array and changes neither the weight nor the gradient."""
    weight, grad = _both_signs(rng, 3, 4), _both_signs(rng, 3, 4)
    assert_close(weight_decay_step(weight, grad, 0.25, 0.5), _decayed(weight, grad, 0.25, 0.5))
    assert_unchanged(weight_decay_step, weight, grad, 0.25, 0.5)


def _around_the_threshold(rng, threshold):
    """A (4, 5) array: sizes well below and well above the threshold, both with both signs, in random order."""
    shares = np.concatenate([rng.uniform(0.2, 0.8, 10), rng.uniform(1.3, 4.0, 10)])
    shares[::2] *= -1
    return threshold * rng.permutation(shares).reshape(4, 5)


@pytest.mark.points(3)
def test_soft_threshold_agrees_with_torch(soft_threshold, rng):
    """soft_threshold moves every weight towards zero by the threshold, but not across zero."""
    threshold = rng.uniform(0.5, 0.8)
    weight = _around_the_threshold(rng, threshold)
    assert_close(soft_threshold(weight, threshold), _softshrink(weight, threshold))


@pytest.mark.points(2)
def test_soft_threshold_makes_exact_zeros(soft_threshold, rng):
    """soft_threshold turns weights up to the threshold into exactly zero, those that just reach it included."""
    threshold = float(rng.choice([0.5, 1.25, 2.0]))
    shares = np.concatenate([rng.uniform(0.1, 0.9, 4), rng.uniform(-0.9, -0.1, 4), [0.0, 1.0, -1.0, 3.0, -3.0]])
    weight = threshold * rng.permutation(shares)
    assert_close(soft_threshold(weight, threshold=threshold), _softshrink(weight, threshold), atol=0.0)


def test_soft_threshold_of_zero(soft_threshold, rng):
    """soft_threshold with a threshold of zero returns the weights as they are, zeros included."""
    weight = _around_the_threshold(rng, 1.0)
    weight[1, 2:] = 0
    assert_close(soft_threshold(weight, 0.0), weight)


def test_soft_threshold_above_all_weights(soft_threshold, rng):
    """soft_threshold returns only zeros when no weight reaches the threshold."""
    weight = _around_the_threshold(rng, 1.0)
    assert_close(soft_threshold(weight, 5.0), np.zeros((4, 5)))


def test_soft_threshold_of_large_weights(soft_threshold, rng):
    """soft_threshold is right for large weights beside ordinary ones, and for a large threshold."""
    weight = np.stack([rng.permutation([-2.0, 3.0, -9.0, 8.0]), rng.permutation([-1e4, -1e3, 1e3, 1e4])])
    assert_close(soft_threshold(weight, 5.0), _softshrink(weight, 5.0))
    assert_close(soft_threshold(weight, 4e3), _softshrink(weight, 4e3))


def test_soft_threshold_of_float32(soft_threshold, rng):
    """soft_threshold is right for float32 weights."""
    weight = _around_the_threshold(rng, 0.75).astype(np.float32)
    assert_close(soft_threshold(weight, 0.75), _softshrink(weight, 0.75))


def test_soft_threshold_of_any_shape(soft_threshold, rng):
    """soft_threshold keeps the shape of the weight, whatever the number of axes."""
    for weight in (_not_contiguous(rng), _both_signs(rng, 1)):
        assert_close(soft_threshold(weight, 1.5), _softshrink(weight, 1.5))


def test_soft_threshold_leaves_its_weight_alone(soft_threshold, rng):
    """soft_threshold returns a new array and does not change the weight."""
    weight = _around_the_threshold(rng, 1.0)
    assert_close(soft_threshold(weight, 1.0), _softshrink(weight, 1.0))
    assert_unchanged(soft_threshold, weight, 1.0)


def _falling(rng, epochs, start=2.0):
    """Losses that fall by 0.05 to 0.1 from epoch to epoch."""
    return start - np.cumsum(rng.uniform(0.05, 0.1, epochs))


@pytest.mark.points(3)
def test_early_stopping_when_patience_runs_out(early_stopping, rng):
    """early_stopping stops at the epoch that ends a run of `patience` epochs without a new best, and looks no
    further."""
    for patience in (int(rng.integers(2, 5)), 1):
        epochs = int(rng.integers(3, 7))
        falling = _falling(rng, epochs)
        # The bad epochs get better among themselves, but none is as good as the best; what follows would be.
        bad = falling[-1] + 0.5 + _falling(rng, patience, start=0.5)
        losses = np.concatenate([falling, bad, _falling(rng, 3, start=0.0)])
        _assert_epochs(early_stopping(losses, patience), epochs - 1, epochs - 1 + patience)


@pytest.mark.points(2)
def test_early_stopping_counts_epochs_in_a_row(early_stopping, rng):
    """early_stopping starts to count anew after every new best."""
    patience = int(rng.integers(2, 5))
    rounds = [np.append(best, best + rng.uniform(0.2, 0.4, patience - 1)) for best in _falling(rng, 3)]
    losses = np.concatenate([*rounds, [1.0], 3.0 + rng.uniform(0.0, 1.0, patience), [0.0]])
    _assert_epochs(early_stopping(losses, patience), 3 * patience, 4 * patience)


def test_early_stopping_at_the_last_epoch(early_stopping, rng):
    """early_stopping stops at the last epoch when the patience never runs out, whether or not that is the best one."""
    epochs = int(rng.integers(4, 8))
    falling = _falling(rng, epochs)
    _assert_epochs(early_stopping(falling, 1), epochs - 1, epochs - 1)
    losses = np.append(falling, falling[-1] + [0.3, 0.2])
    _assert_epochs(early_stopping(losses, 3), epochs - 1, epochs + 1)
    _assert_epochs(early_stopping(losses, patience=2), epochs - 1, epochs + 1)
    _assert_epochs(early_stopping(falling[:1], 1), 0, 0)


@pytest.mark.points(2)
def test_early_stopping_with_min_delta(early_stopping, rng):
    """early_stopping takes an epoch for a new best only if its gain on the best so far is above min_delta."""
    scale = float(rng.choice([1.0, 4.0, 16.0]))
    #                  best  too little  best  too little ...  stop    not reached
    losses = scale * np.array([9.0, 8.5, 7.75, 7.25, 7.5, 7.0, 1.0])
    _assert_epochs(early_stopping(losses, 3, min_delta=scale), 2, 5)
    _assert_epochs(early_stopping(losses, 2, scale), 2, 4)


def test_early_stopping_adds_up_small_gains(early_stopping, rng):
    """early_stopping compares with the latest new best, so that several gains below min_delta make a new best."""
    start = float(rng.integers(2, 9))
    losses = start - np.array([0.0, 0.375, 0.75, 1.125, 1.5, 1.375, 1.25, 5.0])
    _assert_epochs(early_stopping(losses, 3, 1.0), 3, 6)


def test_early_stopping_with_a_tie(early_stopping, rng):
    """early_stopping does not take an epoch for a new best if its gain is exactly min_delta, or its loss the same."""
    start = float(rng.integers(3, 9))
    losses = start - np.array([0.0, 0.5, 0.25, 1.0])
    _assert_epochs(early_stopping(losses, 2, min_delta=0.5), 0, 2)
    losses = np.array([start, start - 1, start - 1, start - 1, 0.0])
    _assert_epochs(early_stopping(losses, 2), 1, 3)
    _assert_epochs(early_stopping(np.full(4, start), 3), 0, 3)


def test_early_stopping_by_default(early_stopping, rng):
    """early_stopping takes any gain, however small, for a new best when min_delta is not given."""
    epochs = int(rng.integers(4, 8))
    losses = 0.5 - np.arange(epochs) / 2**20
    _assert_epochs(early_stopping(losses, 1), epochs - 1, epochs - 1)


def test_early_stopping_of_losses_of_any_size(early_stopping, rng):
    """early_stopping is right for losses of any size and sign, and takes min_delta as a difference."""
    shape = np.array([3.0, 1.0, 0.5, 0.75, 2.0, -2.0])
    for level in (1e4, 0.0, -1e3 - float(rng.integers(1, 9))):
        _assert_epochs(early_stopping(shape + level, 2, min_delta=0.25), 2, 4)
    _assert_epochs(early_stopping(1e4 * shape, 2, min_delta=0.75), 2, 4)


def test_early_stopping_of_float32(early_stopping, rng):
    """early_stopping is right for float32 losses, and leaves them as they are."""
    losses = (rng.integers(1, 5) + np.array([3.0, 2.0, 1.75, 1.0, 1.5, 0.5, 0.75, 0.75, -5.0])).astype(np.float32)
    _assert_epochs(early_stopping(losses, 3, 0.75), 3, 6)
    assert_unchanged(early_stopping, losses, 3, 0.75)
