import numpy as np


def test_numerical_gradient_of_a_sum_of_squares(numerical_gradient):
    """The gradient of x_0^2 + x_1^2 + x_2^2 is 2 x."""
    x = np.array([1.0, -2.0, 3.0])
    np.testing.assert_allclose(numerical_gradient(lambda p: np.sum(p**2), x), [2.0, -4.0, 6.0], rtol=1e-6)


def test_numerical_gradient_moves_one_entry_at_a_time(numerical_gradient):
    """The slope of a product in one factor is the product of the others: 3 * 5, 2 * 5 and 2 * 3."""
    x = np.array([2.0, 3.0, 5.0])
    np.testing.assert_allclose(numerical_gradient(np.prod, x), [15.0, 10.0, 6.0], rtol=1e-6)


def test_numerical_gradient_of_a_matrix(numerical_gradient):
    """The result has the shape of x; the gradient of a weighted sum is the array of its weights."""
    weights = np.array([[1.0, -2.0, 4.0], [0.0, 3.0, 0.5]])
    gradient = numerical_gradient(lambda p: np.sum(weights * p), np.ones((2, 3)))
    np.testing.assert_allclose(gradient, weights, rtol=1e-6, atol=1e-9)


def test_numerical_gradient_with_a_large_step(numerical_gradient):
    """For x^3 at 2 with a step of 1: (27 - 1) / 2 = 13. The slope itself is 12; the difference is eps squared."""
    np.testing.assert_allclose(numerical_gradient(lambda p: p[0] ** 3, np.array([2.0]), eps=1.0), [13.0])


def test_relu_backward_passes_or_stops(relu_backward):
    """The gradient passes where x is positive and stops where it is negative, whatever the gradient's own sign."""
    grad_output = np.array([[5.0, -6.0], [7.0, -8.0]])
    x = np.array([[2.0, 0.5], [-1.0, -3.0]])
    np.testing.assert_allclose(relu_backward(grad_output, x), [[5.0, -6.0], [0.0, 0.0]])


def test_relu_backward_at_zero(relu_backward):
    """At x = 0 the slope is taken to be 0."""
    np.testing.assert_allclose(relu_backward(np.array([3.0, 4.0]), np.array([0.0, 1.0])), [0.0, 4.0])


def test_sigmoid_backward_by_hand(sigmoid_backward):
    """The slopes are 0.5 * 0.5, 0.8 * 0.2 and 0.1 * 0.9; each is multiplied by its incoming gradient."""
    grad_output = np.array([1.0, 2.0, -10.0])
    output = np.array([0.5, 0.8, 0.1])
    np.testing.assert_allclose(sigmoid_backward(grad_output, output), [0.25, 0.32, -0.9])


def test_sigmoid_backward_of_a_saturated_unit(sigmoid_backward):
    """An output of exactly 0 or 1 lets no gradient through."""
    np.testing.assert_allclose(sigmoid_backward(np.array([3.0, -4.0]), np.array([0.0, 1.0])), [0.0, 0.0])


def test_linear_backward_of_the_input(linear_backward):
    """Each example collects the rows of the weight, times its gradients: 2 (1, 2, 3) - (4, 5, 6) in the second."""
    grad_output = np.array([[1.0, 0.0], [2.0, -1.0]])
    x = np.array([[1.0, 0.0, 2.0], [3.0, 1.0, 0.0]])
    weight = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    grad_x, _, _ = linear_backward(grad_output, x, weight)
    np.testing.assert_allclose(grad_x, [[1.0, 2.0, 3.0], [-2.0, -1.0, 0.0]])


def test_linear_backward_of_the_weight(linear_backward):
    """Each output collects the examples, times its gradients: (1, 0, 2) + 2 (3, 1, 0) in the first."""
    grad_output = np.array([[1.0, 0.0], [2.0, -1.0]])
    x = np.array([[1.0, 0.0, 2.0], [3.0, 1.0, 0.0]])
    weight = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    _, grad_weight, _ = linear_backward(grad_output, x, weight)
    np.testing.assert_allclose(grad_weight, [[7.0, 2.0, 2.0], [-3.0, -1.0, 0.0]])


def test_linear_backward_of_the_bias(linear_backward):
    """The gradients of all examples are added: 1 + 2 and 0 - 1."""
    grad_output = np.array([[1.0, 0.0], [2.0, -1.0]])
    _, _, grad_bias = linear_backward(grad_output, np.ones((2, 3)), np.ones((2, 3)))
    np.testing.assert_allclose(grad_bias, [3.0, -1.0])


def test_cross_entropy_backward_by_hand(cross_entropy_backward):
    """Probabilities (1/8, 2/8, 5/8) and (0.6, 0.1, 0.3); the true class loses 1, and all is divided by 2 examples."""
    logits = np.log([[1.0, 2.0, 5.0], [6.0, 1.0, 3.0]])
    expected = [[0.0625, 0.125, -0.1875], [-0.2, 0.05, 0.15]]
    np.testing.assert_allclose(cross_entropy_backward(logits, np.array([2, 0])), expected)


def test_cross_entropy_backward_of_a_sure_answer(cross_entropy_backward):
    """A sure and right answer gets no gradient; a sure and wrong one is pushed with full force."""
    logits = np.array([[1000.0, 0.0], [0.0, 1000.0]])
    np.testing.assert_allclose(cross_entropy_backward(logits, np.array([0, 0])), [[0.0, 0.0], [-0.5, 0.5]], atol=1e-12)


def test_mlp_backward_of_a_single_layer(mlp_backward):
    """With weights of 0 both classes have probability 1/2, so the logits get -1/4 and 1/4, or 1/4 and -1/4."""
    x, target = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([0, 1])
    loss, grad_weights, grad_biases = mlp_backward(x, target, [np.zeros((2, 2))], [np.zeros(2)])
    np.testing.assert_allclose(loss, np.log(2))
    np.testing.assert_allclose(grad_weights[0], [[0.5, -0.75], [-0.5, 0.75]])
    np.testing.assert_allclose(grad_biases[0], [0.0, 0.0], atol=1e-12)


def test_mlp_backward_of_two_layers(mlp_backward):
    """The hidden layer is (3, -1) before and (3, 0) after its ReLU, the logits are 6 and 6; the second unit is shut."""
    weights = [np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([[1.0, 5.0], [2.0, 7.0]])]
    biases = [np.array([0.0, 0.0]), np.array([3.0, 0.0])]
    loss, grad_weights, grad_biases = mlp_backward(np.array([[1.0, 2.0]]), np.array([0]), weights, biases)
    np.testing.assert_allclose(loss, np.log(2))
    np.testing.assert_allclose(grad_weights[1], [[-1.5, 0.0], [1.5, 0.0]])
    np.testing.assert_allclose(grad_biases[1], [-0.5, 0.5])
    np.testing.assert_allclose(grad_weights[0], [[0.5, 1.0], [0.0, 0.0]])
    np.testing.assert_allclose(grad_biases[0], [0.5, 0.0])


def test_mlp_backward_is_the_slope_of_its_loss(mlp_backward):
    """Moving one weight a little to both sides changes the loss as its gradient says."""
    x, target = np.array([[1.0, -2.0], [0.5, 1.5], [-1.0, 0.3]]), np.array([2, 0, 1])
    weights = [np.array([[0.4, -0.7], [1.1, 0.2]]), np.array([[0.3, -0.5], [0.9, 0.6], [-0.8, 0.1]])]
    biases = [np.array([0.1, -0.2]), np.array([0.0, 0.2, -0.1])]
    _, grad_weights, _ = mlp_backward(x, target, weights, biases)
    nudge = np.array([[1e-5, 0.0], [0.0, 0.0]])
    loss_above, _, _ = mlp_backward(x, target, [weights[0] + nudge, weights[1]], biases)
    loss_below, _, _ = mlp_backward(x, target, [weights[0] - nudge, weights[1]], biases)
    np.testing.assert_allclose(grad_weights[0][0, 0], (loss_above - loss_below) / 2e-5, rtol=1e-4)
