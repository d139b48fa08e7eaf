import numpy as np


def test_l1_penalty_by_hand(l1_penalty):
    """|1| + |-2| + |0| + |3| = 6, times 0.5 gives 3."""
    weights = [np.array([[1.0, -2.0], [0.0, 3.0]])]
    np.testing.assert_allclose(l1_penalty(weights, 0.5), 3.0)


def test_l1_penalty_of_several_arrays(l1_penalty):
    """All entries of all arrays count: (1 + 2) + (3 + 4 + 5) = 15, times 2 gives 30."""
    weights = [np.array([1.0, -2.0]), np.array([[-3.0], [4.0], [-5.0]])]
    np.testing.assert_allclose(l1_penalty(weights, strength=2.0), 30.0)


def test_l2_penalty_by_hand(l2_penalty):
    """9 + 16 = 25, times 0.1 gives 2.5. The square root of 25 is not taken, and there is no factor 1/2."""
    np.testing.assert_allclose(l2_penalty([np.array([3.0, -4.0])], 0.1), 2.5)


def test_l2_penalty_of_several_arrays(l2_penalty):
    """All entries of all arrays count: (1 + 4) + (9 + 0 + 1) = 15, times 2 gives 30."""
    weights = [np.array([1.0, -2.0]), np.array([[-3.0], [0.0], [1.0]])]
    np.testing.assert_allclose(l2_penalty(weights, strength=2.0), 30.0)


def test_l1_subgradient_by_hand(l1_subgradient):
    """Positive weights give the strength, negative ones minus the strength, and 0 gives 0."""
    np.testing.assert_allclose(l1_subgradient(np.array([2.0, -5.0, 0.0]), 0.3), [0.3, -0.3, 0.0])


def test_l1_subgradient_does_not_depend_on_the_size(l1_subgradient):
    """A small weight is pulled as strongly as a large one."""
    weight = np.array([[1e-9, 1e3], [-1e-9, -1e3]])
    np.testing.assert_allclose(l1_subgradient(weight, strength=2.0), [[2.0, 2.0], [-2.0, -2.0]])


def test_l2_gradient_by_hand(l2_gradient):
    """The derivative of 0.3 w^2 is 0.6 w."""
    np.testing.assert_allclose(l2_gradient(np.array([2.0, -5.0, 0.0]), 0.3), [1.2, -3.0, 0.0])


def test_l2_gradient_is_the_slope_of_the_penalty(l2_gradient):
    """Move one weight a little and see how the penalty, 0.3 times the sum of the squares, changes."""
    weight, little = np.array([[1.0, -2.0, 0.5]]), np.array([[0.0, 1e-6, 0.0]])
    slope = 0.3 * (np.sum((weight + little) ** 2) - np.sum((weight - little) ** 2)) / 2e-6
    np.testing.assert_allclose(l2_gradient(weight, strength=0.3)[0, 1], slope, rtol=1e-6)


def test_weight_decay_step_by_hand(weight_decay_step):
    """2 - 0.5 * 3 - 0.5 * 0.1 * 2 = 0.4 and -4 - 0.5 * 1 + 0.5 * 0.1 * 4 = -4.3."""
    weight, grad = np.array([2.0, -4.0]), np.array([3.0, 1.0])
    np.testing.assert_allclose(weight_decay_step(weight, grad, lr=0.5, weight_decay=0.1), [0.4, -4.3])


def test_weight_decay_step_without_a_gradient(weight_decay_step):
    """If the loss is flat, the weights still shrink, here by a twentieth: 1 - 0.5 * 0.1 = 0.95."""
    weight = np.array([[2.0], [-4.0]])
    np.testing.assert_allclose(weight_decay_step(weight, np.zeros((2, 1)), 0.5, 0.1), [[1.9], [-3.8]])


def test_weight_decay_step_without_decay(weight_decay_step):
    """With a decay of 0 it is plain gradient descent: 2 - 0.5 * 3 = 0.5."""
    np.testing.assert_allclose(weight_decay_step(np.array([2.0]), np.array([3.0]), 0.5, 0.0), [0.5])


def test_soft_threshold_by_hand(soft_threshold):
    """Weights move towards 0 by 1: 3 becomes 2, and -2.5 becomes -1.5."""
    np.testing.assert_allclose(soft_threshold(np.array([[3.0], [-2.5]]), 1.0), [[2.0], [-1.5]])


def test_soft_threshold_makes_exact_zeros(soft_threshold):
    """Weights of absolute value up to the threshold become 0: they do not move past it."""
    np.testing.assert_array_equal(soft_threshold(np.array([0.2, -0.9, 0.0, 1.0, -1.0]), threshold=1.0), np.zeros(5))


def test_early_stopping_stops_after_patience_epochs(early_stopping):
    """Epoch 2 is the best. Epochs 3 and 4 are no better, so patience 2 ends there; the 0.1 is never reached."""
    losses = np.array([0.9, 0.7, 0.5, 0.6, 0.8, 0.1])
    assert tuple(early_stopping(losses, patience=2)) == (2, 4)


def test_early_stopping_starts_to_count_again(early_stopping):
    """Epoch 1 is no new best, but epoch 2 is; only after that come two in a row."""
    losses = np.array([0.9, 1.0, 0.6, 0.7, 0.6, 0.1])
    assert tuple(early_stopping(losses, 2)) == (2, 4)


def test_early_stopping_may_reach_the_last_epoch(early_stopping):
    """The patience of 3 does not run out, so training ends with the last epoch, 4; the best is 3."""
    losses = np.array([0.9, 0.7, 0.8, 0.5, 0.6])
    assert tuple(early_stopping(losses, 3)) == (3, 4)


def test_early_stopping_wants_more_than_min_delta(early_stopping):
    """From 4 to 3 is exactly 1: no new best. From 4 to 2.5 is more than 1, so epoch 2 is; after that nothing is."""
    losses = np.array([4.0, 3.0, 2.5, 2.0, 1.75])
    assert tuple(early_stopping(losses, 2, min_delta=1.0)) == (2, 4)
