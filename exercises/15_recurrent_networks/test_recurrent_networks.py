import numpy as np


def test_rnn_cell_adds_up_all_four_terms(rnn_cell):
    """The input gives 1/2 log 2, the hidden state and the two biases 1/6 log 2 each: tanh(log 2) = 0.6."""
    share = np.log(2) / 6
    x, h = np.array([[3.0]]), np.array([[-0.5]])
    weight_ih, weight_hh = np.array([[share]]), np.array([[-2 * share]])
    h_new = rnn_cell(x, h, weight_ih, weight_hh, np.array([share]), np.array([share]))
    np.testing.assert_allclose(h_new, [[0.6]])


def test_rnn_cell_reads_the_old_state_by_rows(rnn_cell):
    """The only weight stands in row 0, column 1: unit 0 reads unit 1, and unit 1 reads nothing."""
    x, h = np.zeros((1, 3)), np.array([[0.25, 0.5]])
    weight_hh = np.array([[0.0, 2 * np.log(3)], [0.0, 0.0]])
    h_new = rnn_cell(x, h, np.zeros((2, 3)), weight_hh, np.zeros(2), np.zeros(2))
    np.testing.assert_allclose(h_new, [[0.8, 0.0]], atol=1e-12)


def test_rnn_cell_keeps_examples_apart(rnn_cell):
    """Two examples with inputs of either sign; a large one drives the unit to -1, never to NaN."""
    x, h = np.array([[np.log(2)], [-1e4]]), np.zeros((2, 1))
    h_new = rnn_cell(x, h, np.ones((1, 1)), np.zeros((1, 1)), np.zeros(1), np.zeros(1))
    np.testing.assert_allclose(h_new, [[0.6], [-1.0]])


def test_rnn_forward_carries_the_state(rnn_forward):
    """Unit 0 shows the input, tanh(log 2) = 0.6. Unit 1 shows what unit 0 showed one step before."""
    x = np.log(2) * np.array([1.0, -1.0, 0.0]).reshape(3, 1, 1)
    h0 = np.array([[-0.6, 0.0]])
    weight_ih, weight_hh = np.array([[1.0], [0.0]]), np.array([[0.0, 0.0], [np.log(2) / 0.6, 0.0]])
    outputs, h_last = rnn_forward(x, h0, weight_ih, weight_hh, np.zeros(2), np.zeros(2))
    np.testing.assert_allclose(outputs, [[[0.6, -0.6]], [[-0.6, 0.6]], [[0.0, -0.6]]], atol=1e-12)
    np.testing.assert_allclose(h_last, [[0.0, -0.6]], atol=1e-12)


def test_rnn_forward_reads_time_along_the_first_axis(rnn_forward):
    """Three steps of two examples: one output for every step and example, and one final state for every example."""
    x, h0 = np.ones((3, 2, 4)), np.zeros((2, 5))
    outputs, h_last = rnn_forward(x, h0, np.ones((5, 4)), np.ones((5, 5)), np.zeros(5), np.zeros(5))
    assert outputs.shape == (3, 2, 5)
    assert h_last.shape == (2, 5)
    np.testing.assert_allclose(outputs[-1], h_last)


def test_rnn_backward_by_hand(rnn_backward):
    """Both states are 0.6, so both slopes are 0.64. The second step sends 0.64 * 0.5 back, times 0.64: 0.2048."""
    x = np.array([np.log(2), np.log(2) - 0.3]).reshape(2, 1, 1)
    one, half, zero = np.ones((1, 1)), np.full((1, 1), 0.5), np.zeros(1)
    grads = rnn_backward(np.array([[[0.0]], [[1.0]]]), x, np.zeros((1, 1)), one, half, zero, zero)
    np.testing.assert_allclose(grads["x"], [[[0.2048]], [[0.64]]])
    np.testing.assert_allclose(grads["h0"], [[0.1024]])
    np.testing.assert_allclose(grads["weight_ih"], [[0.2048 * x[0, 0, 0] + 0.64 * x[1, 0, 0]]])
    np.testing.assert_allclose(grads["weight_hh"], [[0.64 * 0.6]])
    np.testing.assert_allclose(grads["bias_ih"], [0.8448])
    np.testing.assert_allclose(grads["bias_hh"], [0.8448])


def test_rnn_backward_of_one_step(rnn_backward):
    """At state 0 the slope is 1, and gradients 5 and -2 of two examples pass the single step as they are."""
    x, h0 = np.array([[[1.0], [3.0]]]), np.array([[2.0], [4.0]])
    grad_outputs = np.array([[[5.0], [-2.0]]])
    grads = rnn_backward(grad_outputs, x, h0, np.zeros((1, 1)), np.zeros((1, 1)), np.zeros(1), np.zeros(1))
    np.testing.assert_allclose(grads["weight_ih"], [[5 * 1 - 2 * 3]])
    np.testing.assert_allclose(grads["weight_hh"], [[5 * 2 - 2 * 4]])
    np.testing.assert_allclose(grads["bias_hh"], [3.0])


def test_rnn_backward_agrees_with_finite_differences(rnn_backward):
    """Every gradient says how the loss reacts when one number is moved a little."""
    rng = np.random.default_rng(0)
    shapes = {"x": (3, 2, 4), "h0": (2, 3), "weight_ih": (3, 4), "weight_hh": (3, 3), "bias_ih": (3,), "bias_hh": (3,)}
    values = {name: rng.normal(scale=0.5, size=shape) for name, shape in shapes.items()}
    grad_outputs = rng.normal(size=(3, 2, 3))

    def loss(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
        total, h = 0.0, h0
        for x_t, grad_output in zip(x, grad_outputs, strict=True):
            h = np.tanh(x_t @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)
            total += np.sum(grad_output * h)
        return total

    grads = rnn_backward(grad_outputs, **values)
    for name, shape in shapes.items():
        expected = np.zeros(shape)
        for index in np.ndindex(shape):
            step = np.zeros(shape)
            step[index] = 1e-5
            above, below = loss(**{**values, name: values[name] + step}), loss(**{**values, name: values[name] - step})
            expected[index] = (above - below) / 2e-5
        np.testing.assert_allclose(grads[name], expected, rtol=1e-4, atol=1e-6, err_msg=name)


def test_clip_grad_norm_of_two_arrays(clip_grad_norm):
    """The norm of 3 and 4 is 5. For a limit of 1 both are divided by 5, and the norm before clipping comes back."""
    clipped, norm = clip_grad_norm([np.array([3.0]), np.array([[-4.0]])], 1.0)
    np.testing.assert_allclose(clipped[0], [0.6])
    np.testing.assert_allclose(clipped[1], [[-0.8]])
    np.testing.assert_allclose(norm, 5.0)


def test_clip_grad_norm_leaves_short_gradients_alone(clip_grad_norm):
    """A norm of 5 is within a limit of 10: nothing is scaled."""
    clipped, norm = clip_grad_norm([np.array([3.0]), np.array([[-4.0]])], 10.0)
    np.testing.assert_allclose(clipped[0], [3.0])
    np.testing.assert_allclose(clipped[1], [[-4.0]])
    np.testing.assert_allclose(norm, 5.0)


def test_clip_grad_norm_of_zeros(clip_grad_norm):
    """No gradient at all stays 0 and does not become NaN."""
    clipped, norm = clip_grad_norm([np.zeros((2, 3))], 1.0)
    np.testing.assert_allclose(clipped[0], np.zeros((2, 3)))
    np.testing.assert_allclose(norm, 0.0)


def test_gru_cell_without_weights(gru_cell):
    """With all weights and biases 0 both gates are 1/2 and the candidate is 0: the state is halved."""
    x, h = np.ones((1, 4)), np.array([[0.8, -0.4]])
    h_new = gru_cell(x, h, np.zeros((6, 4)), np.zeros((6, 2)), np.zeros(6), np.zeros(6))
    np.testing.assert_allclose(h_new, [[0.4, -0.2]])


def test_gru_cell_mixes_old_state_and_candidate(gru_cell):
    """z = sigmoid(-log 3) = 1/4 and n = tanh(log 2) = 0.6: three quarters of 0.6 and one quarter of 0.2 are 0.5."""
    x, h = np.ones((1, 1)), np.array([[0.2]])
    bias_ih = np.array([0.0, -np.log(3), np.log(2)])
    h_new = gru_cell(x, h, np.zeros((3, 1)), np.zeros((3, 1)), bias_ih, np.zeros(3))
    np.testing.assert_allclose(h_new, [[0.5]])


def test_gru_cell_resets_what_comes_from_the_state(gru_cell):
    """r = sigmoid(log 3) = 3/4 and z = 0: from h comes 2/3 log 2, from bias_hh 2/3 log 2, and 3/4 of both is log 2."""
    x, h = np.ones((1, 1)), np.array([[0.5]])
    weight_hh = np.array([[0.0], [0.0], [4 / 3 * np.log(2)]])
    bias_ih, bias_hh = np.array([np.log(3), -50.0, 0.0]), np.array([0.0, 0.0, 2 / 3 * np.log(2)])
    h_new = gru_cell(x, h, np.zeros((3, 1)), weight_hh, bias_ih, bias_hh)
    np.testing.assert_allclose(h_new, [[0.6]])


def test_gru_cell_saturates_without_nan(gru_cell):
    """An input of 1e4 shuts the update gate and drives the candidate to -1; an input of -1e4 keeps the old state."""
    x, h = np.array([[1e4], [-1e4]]), np.array([[0.3], [0.7]])
    weight_ih = np.array([[1.0], [-1.0], [-1.0]])
    h_new = gru_cell(x, h, weight_ih, np.zeros((3, 1)), np.zeros(3), np.zeros(3))
    np.testing.assert_allclose(h_new, [[-1.0], [0.7]])
