import numpy as np


def test_lstm_gates_are_half_open_at_zero(lstm_gates):
    """With all weights and biases 0 every pre-activation is 0: the gates are 1/2, the candidate is 0."""
    x, h = np.ones((2, 3)), np.ones((2, 5))
    i, f, g, o = lstm_gates(x, h, np.zeros((20, 3)), np.zeros((20, 5)), np.zeros(20), np.zeros(20))
    np.testing.assert_allclose(i, np.full((2, 5), 0.5))
    np.testing.assert_allclose(f, np.full((2, 5), 0.5))
    np.testing.assert_allclose(g, np.zeros((2, 5)), atol=1e-12)
    np.testing.assert_allclose(o, np.full((2, 5), 0.5))


def test_lstm_gates_come_in_the_order_i_f_g_o(lstm_gates):
    """sigmoid(log 3) = 3/4, sigmoid(-log 3) = 1/4, tanh(log 2) = 3/5, sigmoid(log 4) = 4/5."""
    bias_ih = np.log([3.0, 1 / 3, 2.0, 4.0])
    i, f, g, o = lstm_gates(np.ones((1, 1)), np.ones((1, 1)), np.zeros((4, 1)), np.zeros((4, 1)), bias_ih, np.zeros(4))
    np.testing.assert_allclose([i, f, g, o], [[[0.75]], [[0.25]], [[0.6]], [[0.8]]])


def test_lstm_gates_add_up_all_four_terms(lstm_gates):
    """Half of log 3 from the input, a quarter from the hidden state, an eighth from each bias: log 3 in all."""
    share = np.log(3.0) / 8
    x, h = np.array([[2.0]]), np.array([[-1.0]])
    weight_ih, weight_hh = np.full((4, 1), 2 * share), np.full((4, 1), -2 * share)
    i, f, g, o = lstm_gates(x, h, weight_ih, weight_hh, np.full(4, share), np.full(4, share))
    np.testing.assert_allclose([i, f, g, o], [[[0.75]], [[0.75]], [[0.8]], [[0.75]]])


def test_lstm_gates_saturate_without_nan(lstm_gates):
    """Pre-activations of 1000 open the gates fully, those of -1000 shut them."""
    x, h = np.array([[1000.0], [-1000.0]]), np.zeros((2, 1))
    i, f, g, o = lstm_gates(x, h, np.ones((4, 1)), np.zeros((4, 1)), np.zeros(4), np.zeros(4))
    for gate in (i, f, o):
        np.testing.assert_allclose(gate, [[1.0], [0.0]], atol=1e-12)
    np.testing.assert_allclose(g, [[1.0], [-1.0]])


def test_lstm_cell_forgets_a_part_and_adds_a_part(lstm_cell):
    """i = 3/4, f = 1/4, g = 3/5, o = 4/5: the cell state 2 becomes 2/4 + 3/4 * 3/5 = 0.95."""
    bias_ih = np.log([3.0, 1 / 3, 2.0, 4.0])
    x, h, c = np.ones((1, 1)), np.ones((1, 1)), np.array([[2.0]])
    h_new, c_new = lstm_cell(x, h, c, np.zeros((4, 1)), np.zeros((4, 1)), bias_ih, np.zeros(4))
    np.testing.assert_allclose(c_new, [[0.95]])
    np.testing.assert_allclose(h_new, [[0.8 * np.tanh(0.95)]])


def test_lstm_cell_keeps_its_memory_when_the_gates_say_so(lstm_cell):
    """Input gate shut, forget gate open, output gate half open: c stays, h shows half of tanh(c)."""
    bias_ih = np.array([-50.0, 50.0, 1.0, 0.0])
    x, h, c = np.ones((1, 1)), np.ones((1, 1)), np.array([[-0.7]])
    h_new, c_new = lstm_cell(x, h, c, np.zeros((4, 1)), np.zeros((4, 1)), bias_ih, np.zeros(4))
    np.testing.assert_allclose(c_new, [[-0.7]])
    np.testing.assert_allclose(h_new, [[0.5 * np.tanh(-0.7)]])


def test_lstm_forward_carries_the_cell_state(lstm_forward):
    """All gates half open and no candidate: the cell state halves at every step, from 8 to 4 to 2 to 1."""
    x, h0, c0 = np.zeros((3, 1, 2)), np.zeros((1, 1)), np.array([[8.0]])
    outputs, h_last, c_last = lstm_forward(x, h0, c0, np.zeros((4, 2)), np.zeros((4, 1)), np.zeros(4), np.zeros(4))
    np.testing.assert_allclose(outputs, 0.5 * np.tanh([[[4.0]], [[2.0]], [[1.0]]]))
    np.testing.assert_allclose(h_last, [[0.5 * np.tanh(1.0)]])
    np.testing.assert_allclose(c_last, [[1.0]])


def test_lstm_forward_reads_time_along_the_first_axis(lstm_forward):
    """Three steps of two examples: one output for every step and example, and one final state for every example."""
    x, h0, c0 = np.ones((3, 2, 4)), np.zeros((2, 5)), np.zeros((2, 5))
    outputs, h_last, c_last = lstm_forward(x, h0, c0, np.ones((20, 4)), np.ones((20, 5)), np.zeros(20), np.zeros(20))
    assert outputs.shape == (3, 2, 5)
    assert h_last.shape == c_last.shape == (2, 5)
    np.testing.assert_allclose(outputs[-1], h_last)


def test_cell_state_gradient_multiplies_the_gates(cell_state_gradient):
    """Two steps, one example, three units: each unit's gates are multiplied."""
    forget_gates = np.array([[[0.5, 1.0, 0.9]], [[0.5, 0.2, 0.0]]])
    np.testing.assert_allclose(cell_state_gradient(forget_gates), [[0.25, 0.2, 0.0]])


def test_cell_state_gradient_shrinks_with_the_number_of_steps(cell_state_gradient):
    """Ten gates of one half leave a thousandth: 1/1024."""
    np.testing.assert_allclose(cell_state_gradient(np.full((10, 2, 3), 0.5)), np.full((2, 3), 1 / 1024))
