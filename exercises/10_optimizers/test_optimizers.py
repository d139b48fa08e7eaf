import numpy as np


def test_minibatch_indices_cuts_full_batches_and_a_short_last_one(minibatch_indices):
    """Ten examples in batches of four: 4, 4 and the 2 that are left."""
    batches = minibatch_indices(10, 4, np.random.default_rng(0))
    assert [batch.shape for batch in batches] == [(4,), (4,), (2,)]


def test_minibatch_indices_covers_every_example_once(minibatch_indices):
    """Put together and sorted, the batches are 0, 1, ..., 9."""
    batches = minibatch_indices(10, 4, np.random.default_rng(0))
    np.testing.assert_array_equal(np.sort(np.concatenate(batches)), np.arange(10))


def test_minibatch_indices_shuffles(minibatch_indices):
    """A hundred examples do not come in their original order, and the order depends on the generator."""
    first = np.concatenate(minibatch_indices(100, 10, np.random.default_rng(0)))
    second = np.concatenate(minibatch_indices(100, 10, np.random.default_rng(1)))
    assert not np.array_equal(first, np.arange(100))
    assert not np.array_equal(first, second)


def test_sgd_step_goes_against_the_gradient(sgd_step):
    """A positive gradient makes the parameter smaller, a negative one larger."""
    new = sgd_step(np.array([1.0, 1.0, 1.0]), np.array([2.0, -4.0, 0.0]), 0.5)
    np.testing.assert_allclose(new, [0.0, 3.0, 1.0])


def test_sgd_step_leaves_its_arguments_alone(sgd_step):
    """The new parameter is a new array."""
    param = np.array([1.0, 2.0])
    sgd_step(param, np.array([1.0, 1.0]), lr=0.1)
    np.testing.assert_array_equal(param, [1.0, 2.0])


def test_momentum_step_first_step(momentum_step):
    """From rest, the velocity becomes the gradient, and the step is that of SGD."""
    param, velocity = momentum_step(np.array([1.0]), np.array([2.0]), np.array([0.0]), 0.1)
    np.testing.assert_allclose(velocity, [2.0])
    np.testing.assert_allclose(param, [0.8])


def test_momentum_step_keeps_a_share_of_the_velocity(momentum_step):
    """With momentum 0.5: velocity 0.5 * 4 + 2 = 4, parameter 1 - 0.1 * 4 = 0.6."""
    param, velocity = momentum_step(np.array([1.0]), np.array([2.0]), np.array([4.0]), 0.1, momentum=0.5)
    np.testing.assert_allclose(velocity, [4.0])
    np.testing.assert_allclose(param, [0.6])


def test_adagrad_step_divides_by_the_root_of_the_sum_of_squares(adagrad_step):
    """Sum of squares 9 + 16 = 25, root 5, step 0.5 * 4 / 5 = 0.4."""
    param, square_sum = adagrad_step(np.array([1.0]), np.array([4.0]), np.array([9.0]), 0.5)
    np.testing.assert_allclose(square_sum, [25.0])
    np.testing.assert_allclose(param, [0.6])


def test_adagrad_step_without_a_gradient_stays(adagrad_step):
    """A parameter that has never seen a gradient does not move; eps prevents 0 / 0."""
    param, square_sum = adagrad_step(np.array([1.0]), np.array([0.0]), np.array([0.0]), 0.5)
    np.testing.assert_allclose(param, [1.0])
    np.testing.assert_allclose(square_sum, [0.0])


def test_rmsprop_step_averages_the_squares(rmsprop_step):
    """Average 0.5 * 14 + 0.5 * 4 = 9, root 3, step 0.3 * 2 / 3 = 0.2."""
    param, square_avg = rmsprop_step(np.array([1.0]), np.array([2.0]), np.array([14.0]), 0.3, alpha=0.5)
    np.testing.assert_allclose(square_avg, [9.0])
    np.testing.assert_allclose(param, [0.8])


def test_rmsprop_step_adds_eps_after_the_root(rmsprop_step):
    """Average 0.75 * 4 + 0.25 * 4 = 4, root 2, plus eps 3 is 5; step 1 * 2 / 5 = 0.4."""
    param, _ = rmsprop_step(np.array([1.0]), np.array([2.0]), np.array([4.0]), 1.0, alpha=0.75, eps=3.0)
    np.testing.assert_allclose(param, [0.6])


def test_adam_step_first_step_is_lr_long(adam_step):
    """At step 1 the corrected averages are g and g^2, so the step is lr in the direction of the sign."""
    zero = np.zeros(3)
    param, m, v = adam_step(np.zeros(3), np.array([2.0, -0.5, 100.0]), zero, zero, 1, lr=0.1)
    np.testing.assert_allclose(param, [-0.1, 0.1, -0.1], rtol=1e-6)
    np.testing.assert_allclose(m, [0.2, -0.05, 10.0])
    np.testing.assert_allclose(v, [0.004, 0.00025, 10.0])


def test_adam_step_second_step(adam_step):
    """With both betas 0.5: m 1.5, corrected 2; v 3, corrected 4, root 2; step 0.1 * 2 / 2 = 0.1."""
    param, m, v = adam_step(
        np.array([1.0]), np.array([2.0]), np.array([1.0]), np.array([2.0]), 2, lr=0.1, beta1=0.5, beta2=0.5
    )
    np.testing.assert_allclose(m, [1.5])
    np.testing.assert_allclose(v, [3.0])
    np.testing.assert_allclose(param, [0.9])


def test_adam_step_adds_eps_after_the_root_of_the_corrected_average(adam_step):
    """The first step with gradient 1e-6 and eps 1e-6 is 1e-6 / (1e-6 + 1e-6) = half of lr."""
    param, _, _ = adam_step(np.zeros(1), np.array([1e-6]), np.zeros(1), np.zeros(1), 1, lr=1.0, eps=1e-6)
    np.testing.assert_allclose(param, [-0.5], rtol=1e-5)


def test_adamax_step_takes_the_larger_of_old_and_new(adamax_step):
    """beta2 * u = 2 is below |-3| in the first place and 6 is above |1| in the second."""
    _, _, u = adamax_step(np.zeros(2), np.array([-3.0, 1.0]), np.zeros(2), np.array([4.0, 12.0]), 1, beta2=0.5)
    np.testing.assert_allclose(u, [3.0, 6.0], rtol=1e-6)


def test_adamax_step_first_step_is_lr_long(adamax_step):
    """m is 0.1 g, corrected g; divided by |g| it leaves the sign."""
    param, m, _ = adamax_step(np.zeros(2), np.array([5.0, -0.2]), np.zeros(2), np.zeros(2), 1, lr=0.1)
    np.testing.assert_allclose(param, [-0.1, 0.1], rtol=1e-6)
    np.testing.assert_allclose(m, [0.5, -0.02])


def test_adamw_step_without_a_gradient_only_decays(adamw_step):
    """With no gradient, now or before, the weight is multiplied by 1 - 0.1 * 0.5 = 0.95."""
    zero = np.zeros(2)
    param, m, v = adamw_step(np.array([2.0, -4.0]), zero, zero, zero, 1, lr=0.1, weight_decay=0.5)
    np.testing.assert_allclose(param, [1.9, -3.8])
    np.testing.assert_allclose(m, [0.0, 0.0])
    np.testing.assert_allclose(v, [0.0, 0.0])


def test_adamw_step_decays_and_steps(adamw_step):
    """The weight 2 shrinks to 1.9, then Adam's first step of 0.1 leads to 1.8; m is 0.1 g, without the weight in
    it."""
    param, m, _ = adamw_step(np.array([2.0]), np.array([3.0]), np.zeros(1), np.zeros(1), 1, lr=0.1, weight_decay=0.5)
    np.testing.assert_allclose(param, [1.8], rtol=1e-6)
    np.testing.assert_allclose(m, [0.3])
