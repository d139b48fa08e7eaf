import numpy as np


def test_linear_by_hand(linear):
    """One example (1, 2) and three outputs: 3 + 8 + 10 = 21, 5 + 12 + 20 = 37 and 0 - 2 + 30 = 28."""
    x = np.array([[1.0, 2.0]])
    weight = np.array([[3.0, 4.0], [5.0, 6.0], [0.0, -1.0]])
    np.testing.assert_allclose(linear(x, weight, np.array([10.0, 20.0, 30.0])), [[21.0, 37.0, 28.0]])


def test_linear_treats_every_row_by_itself(linear):
    """The difference and the sum of the two numbers in each row, plus 100 and plus 200."""
    x = np.array([[5.0, 3.0], [1.0, 4.0], [0.0, 0.0]])
    weight = np.array([[1.0, -1.0], [1.0, 1.0]])
    y = linear(x, weight, np.array([100.0, 200.0]))
    np.testing.assert_allclose(y, [[102.0, 208.0], [97.0, 205.0], [100.0, 200.0]])


def test_mlp_forward_computes_xor(mlp_forward):
    """The hidden units are relu(x1 + x2) and relu(x1 + x2 - 1); the first minus twice the second is XOR."""
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    weights = [np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([[1.0, -2.0]])]
    biases = [np.array([0.0, -1.0]), np.array([0.0])]
    np.testing.assert_allclose(mlp_forward(x, weights, biases), [[0.0], [1.0], [1.0], [0.0]], atol=1e-12)


def test_mlp_forward_cuts_off_hidden_values_only(mlp_forward):
    """Hidden units: 2 - 5 = -3, cut off to 0, and 2 + 1 = 3. Output: 0 - 3 = -3, which stays negative."""
    weights = [np.array([[1.0], [1.0]]), np.array([[4.0, -1.0]])]
    biases = [np.array([-5.0, 1.0]), np.array([0.0])]
    np.testing.assert_allclose(mlp_forward(np.array([[2.0]]), weights, biases), [[-3.0]])


def test_mlp_forward_with_one_layer(mlp_forward):
    """A single layer is the last one, so it has no activation: -2 * 3 + 1 = -5."""
    y = mlp_forward(np.array([[3.0]]), [np.array([[-2.0]])], [np.array([1.0])])
    np.testing.assert_allclose(y, [[-5.0]])


def test_count_parameters_of_one_layer(count_parameters):
    """3 inputs and 4 outputs: 12 weights and 4 biases."""
    assert count_parameters([3, 4]) == 16


def test_count_parameters_of_a_digit_classifier(count_parameters):
    """784 * 128 weights and 128 biases, then 128 * 10 weights and 10 biases: 100480 + 1290."""
    assert count_parameters([784, 128, 10]) == 101770


def test_collapse_linear_layers_by_hand(collapse_linear_layers):
    """5 * (2x + 3) + 7 is 10x + 22."""
    weight, bias = collapse_linear_layers([np.array([[2.0]]), np.array([[5.0]])], [np.array([3.0]), np.array([7.0])])
    np.testing.assert_allclose(weight, [[10.0]])
    np.testing.assert_allclose(bias, [22.0])


def test_collapse_linear_layers_of_different_widths(collapse_linear_layers):
    """The hidden units are x1 + 1, x2 + 2 and x1 + x2 + 3; once, twice and three times these, plus 4."""
    weights = [np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), np.array([[1.0, 2.0, 3.0]])]
    biases = [np.array([1.0, 2.0, 3.0]), np.array([4.0])]
    weight, bias = collapse_linear_layers(weights, biases)
    np.testing.assert_allclose(weight, [[4.0, 5.0]])
    np.testing.assert_allclose(bias, [18.0])


def test_collapse_linear_layers_of_one_layer(collapse_linear_layers):
    """A single layer is its own collapsed form."""
    weight, bias = collapse_linear_layers([np.array([[1.0, -2.0]])], [np.array([3.0])])
    np.testing.assert_allclose(weight, [[1.0, -2.0]])
    np.testing.assert_allclose(bias, [3.0])
