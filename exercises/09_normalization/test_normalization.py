import numpy as np
import pytest


def test_batch_norm_train_by_hand(batch_norm_train):
    """Column 1 has mean 5 and variance 16; with eps = 9 its deviations are divided by 5. Column 2 is constant."""
    x = np.array([[1.0, 10.0], [9.0, 10.0]])
    gamma, beta = np.array([2.0, 7.0]), np.array([1.0, -3.0])
    y, _, _ = batch_norm_train(x, gamma, beta, np.zeros(2), np.ones(2), eps=9.0)
    np.testing.assert_allclose(y, [[-0.6, -3.0], [2.6, -3.0]])


def test_batch_norm_train_updates_the_running_statistics(batch_norm_train):
    """A tenth of the way from 0 to the means 5 and 10, and from 1 to the unbiased variances (16 + 16) / 1 and 0."""
    x = np.array([[1.0, 10.0], [9.0, 10.0]])
    _, running_mean, running_var = batch_norm_train(x, np.ones(2), np.zeros(2), np.zeros(2), np.ones(2))
    np.testing.assert_allclose(running_mean, [0.5, 1.0])
    np.testing.assert_allclose(running_var, [4.1, 0.9])


def test_batch_norm_train_takes_the_momentum_as_the_weight_of_the_new_value(batch_norm_train):
    """With momentum 0.25, a running mean of 8 and a batch mean of 4 become 3/4 of 8 plus 1/4 of 4."""
    x = np.array([[3.0], [4.0], [5.0]])
    answer = batch_norm_train(x, np.ones(1), np.zeros(1), np.array([8.0]), np.array([1.0]), momentum=0.25)
    np.testing.assert_allclose(answer[1], [7.0])


def test_batch_norm_train_needs_two_examples(batch_norm_train):
    """One example has no spread."""
    with pytest.raises(ValueError):
        batch_norm_train(np.array([[1.0, 2.0]]), np.ones(2), np.zeros(2), np.zeros(2), np.ones(2))


def test_batch_norm_eval_by_hand(batch_norm_eval):
    """6 is 4 above the running mean 2; variance 16 and eps 9 make a divisor of 5; 0.8 is doubled and shifted by 1."""
    x = np.array([[6.0], [2.0], [-8.0]])
    y = batch_norm_eval(x, np.array([2.0]), np.array([1.0]), np.array([2.0]), np.array([16.0]), eps=9.0)
    np.testing.assert_allclose(y, [[2.6], [1.0], [-3.0]])


def test_batch_norm_eval_of_one_example(batch_norm_eval):
    """Running mean 0 and variance 1 change next to nothing; a batch of one is fine."""
    x = np.array([[3.0, -4.0]])
    y = batch_norm_eval(x, np.ones(2), np.zeros(2), np.zeros(2), np.ones(2))
    np.testing.assert_allclose(y, x, rtol=1e-4)


def test_batch_norm2d_train_by_hand(batch_norm2d_train):
    """Channel 1 holds 1 and 9, channel 2 holds 20 and 28: both have variance 16, and eps = 9 makes the divisor 5."""
    x = np.array([[[[1.0, 9.0, 1.0]], [[20.0, 20.0, 28.0]]], [[[9.0, 1.0, 9.0]], [[28.0, 20.0, 28.0]]]])
    y = batch_norm2d_train(x, np.array([1.0, 10.0]), np.array([0.0, 100.0]), eps=9.0)
    np.testing.assert_allclose(y[:, 0], [[[-0.8, 0.8, -0.8]], [[0.8, -0.8, 0.8]]])
    np.testing.assert_allclose(y[:, 1], [[[92.0, 92.0, 108.0]], [[108.0, 92.0, 108.0]]])


def test_batch_norm2d_train_has_one_mean_per_channel(batch_norm2d_train):
    """A dark and a bright image stay dark and bright: both are measured against the same mean."""
    x = np.zeros((2, 1, 2, 3))
    x[1] = 8.0
    y = batch_norm2d_train(x, np.ones(1), np.zeros(1), eps=9.0)
    np.testing.assert_allclose(y[0], np.full((1, 2, 3), -0.8))
    np.testing.assert_allclose(y[1], np.full((1, 2, 3), 0.8))


def test_batch_norm_backward_by_hand(batch_norm_backward):
    """x_hat is -0.8 and 0.8, gamma / sqrt(16 + 9) is 1; for the first example that leaves 1 - 1/2 - 0.8 * 0.8 / 2."""
    x, grad_output = np.array([[1.0], [9.0]]), np.array([[1.0], [0.0]])
    grad_x, grad_gamma, grad_beta = batch_norm_backward(grad_output, x, np.array([5.0]), eps=9.0)
    np.testing.assert_allclose(grad_gamma, [-0.8])
    np.testing.assert_allclose(grad_beta, [1.0])
    np.testing.assert_allclose(grad_x, [[0.18], [-0.18]])


def test_batch_norm_backward_when_all_outputs_count_the_same(batch_norm_backward):
    """The outputs of a batch always sum to N * beta, whatever x is: a loss that only sees their sum ignores x."""
    x, grad_output = np.array([[1.0], [2.0], [6.0]]), np.full((3, 1), 2.0)
    grad_x, grad_gamma, grad_beta = batch_norm_backward(grad_output, x, np.array([5.0]))
    np.testing.assert_allclose(grad_x, np.zeros((3, 1)), atol=1e-9)
    np.testing.assert_allclose(grad_gamma, [0.0], atol=1e-9)
    np.testing.assert_allclose(grad_beta, [6.0])


def test_batch_norm_backward_agrees_with_differences(batch_norm_backward):
    """Moving one input a little changes the loss as the gradient says."""
    x = np.array([[1.0, 5.0], [2.0, -1.0], [4.0, 0.0]])
    grad_output = np.array([[0.5, 1.0], [-1.0, 3.0], [2.0, -2.0]])
    gamma, step = np.array([2.0, -3.0]), 1e-4

    def loss(x):
        return np.sum(grad_output * gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 0.5))

    grad_x, _, _ = batch_norm_backward(grad_output, x, gamma, eps=0.5)
    for i in range(3):
        for j in range(2):
            move = np.zeros((3, 2))
            move[i, j] = step
            np.testing.assert_allclose(grad_x[i, j], (loss(x + move) - loss(x - move)) / (2 * step), rtol=1e-4)


def test_layer_norm_by_hand(layer_norm):
    """Both rows have variance 16, and eps = 9 makes the divisor 5. Their different means are gone afterwards."""
    x = np.array([[1.0, 9.0], [108.0, 100.0], [7.0, 7.0]])
    y = layer_norm(x, np.array([1.0, 10.0]), np.array([0.0, 100.0]), eps=9.0)
    np.testing.assert_allclose(y, [[-0.8, 108.0], [0.8, 92.0], [0.0, 100.0]])


def test_layer_norm_of_a_sequence(layer_norm):
    """Every token of a sequence is normalized by itself, over the last axis."""
    x = np.array([[[1.0, 9.0], [28.0, 20.0], [3.0, 3.0]]])
    y = layer_norm(x, np.ones(2), np.zeros(2), eps=9.0)
    np.testing.assert_allclose(y, [[[-0.8, 0.8], [0.8, -0.8], [0.0, 0.0]]])
