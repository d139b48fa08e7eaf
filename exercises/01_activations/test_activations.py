import numpy as np


def test_sigmoid_of_zero_is_one_half(sigmoid):
    """An input of 0 gives 1/2: neither class is more likely."""
    np.testing.assert_allclose(sigmoid(np.array([0.0])), [0.5])


def test_sigmoid_turns_log_odds_into_probabilities(sigmoid):
    """If e^x is 3, three times out of four: 1 / (1 + 1/3) = 3/4. With the sign turned, 1/4."""
    x = np.log([[3.0], [1 / 3]])
    np.testing.assert_allclose(sigmoid(x), [[0.75], [0.25]])


def test_sigmoid_of_large_inputs(sigmoid):
    """Far from 0 the sigmoid has reached 0 on the left and 1 on the right; it never becomes NaN."""
    np.testing.assert_allclose(sigmoid(np.array([-1e4, 1e4])), [0.0, 1.0], atol=1e-12)


def test_tanh_by_hand(tanh):
    """With e^x = 2: (2 - 1/2) / (2 + 1/2) = 0.6. The function is odd, so -x gives -0.6."""
    x = np.array([-np.log(2), 0.0, np.log(2)])
    np.testing.assert_allclose(tanh(x), [-0.6, 0.0, 0.6], atol=1e-12)


def test_tanh_of_large_inputs(tanh):
    """Far from 0 tanh has reached -1 on the left and 1 on the right; it never becomes NaN."""
    np.testing.assert_allclose(tanh(np.array([-1e4, 1e4])), [-1.0, 1.0])


def test_relu_cuts_off_negative_inputs(relu):
    """Negative inputs become 0; positive inputs stay as they are."""
    np.testing.assert_allclose(relu(np.array([-2.0, 0.0, 3.0])), [0.0, 0.0, 3.0])


def test_relu_keeps_the_shape(relu):
    """Every entry is treated by itself, so the result has the shape of the input."""
    x = np.array([[1.0, -1.0, 0.5], [-4.0, 2.0, -0.1]])
    np.testing.assert_allclose(relu(x), [[1.0, 0.0, 0.5], [0.0, 2.0, 0.0]])


def test_leaky_relu_by_default(leaky_relu):
    """Negative inputs are multiplied by 0.01; positive inputs stay as they are."""
    np.testing.assert_allclose(leaky_relu(np.array([-200.0, -2.0, 0.0, 3.0])), [-2.0, -0.02, 0.0, 3.0])


def test_leaky_relu_with_another_slope(leaky_relu):
    """Negative inputs are multiplied by the slope that was asked for."""
    np.testing.assert_allclose(leaky_relu(np.array([-2.0, 3.0]), negative_slope=0.5), [-1.0, 3.0])


def test_leaky_relu_with_a_steep_slope(leaky_relu):
    """The slope may be above 1."""
    np.testing.assert_allclose(leaky_relu(np.array([-2.0, 3.0]), 4.0), [-8.0, 3.0])


def test_softmax_by_hand(softmax):
    """Exponentials 1, 2 and 5 sum to 8, so the probabilities are 1/8, 2/8 and 5/8."""
    np.testing.assert_allclose(softmax(np.log([1.0, 2.0, 5.0])), [0.125, 0.25, 0.625])


def test_softmax_works_along_the_last_axis_by_default(softmax):
    """Each row is a distribution of its own."""
    x = np.log([[1.0, 1.0, 2.0], [6.0, 1.0, 3.0]])
    np.testing.assert_allclose(softmax(x), [[0.25, 0.25, 0.5], [0.6, 0.1, 0.3]])


def test_softmax_along_another_axis(softmax):
    """With axis=0 each column sums to 1."""
    x = np.log([[1.0, 1.0, 2.0], [4.0, 1.0, 3.0]])
    np.testing.assert_allclose(softmax(x, axis=0), [[0.2, 0.5, 0.4], [0.8, 0.5, 0.6]])


def test_softmax_of_large_scores(softmax):
    """Equal scores are equally likely, however large they are."""
    np.testing.assert_allclose(softmax(np.array([1000.0, 1000.0])), [0.5, 0.5])
