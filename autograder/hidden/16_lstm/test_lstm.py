"""Hidden tests of 16_lstm. Oracle: torch.nn.LSTMCell and torch.nn.LSTM in float64; autograd for the gradient."""

import numpy as np
import pytest
import torch

from autograder.suite.assertions import assert_close, assert_unchanged, unpack

#: Gates and states are of size 1; an answer in float32 is off by some 1e-7 per step even where it is nearly 0.
ATOL = 1e-5
NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def _away_from_zero(rng, low, high, *shape):
    return rng.uniform(low, high, size=shape) * rng.choice([-1.0, 1.0], size=shape)


def _parameters(rng, inputs, hidden):
    return (
        _away_from_zero(rng, 0.2, 1.0, 4 * hidden, inputs),
        _away_from_zero(rng, 0.2, 1.0, 4 * hidden, hidden),
        _away_from_zero(rng, 0.3, 1.0, 4 * hidden),
        _away_from_zero(rng, 0.3, 1.0, 4 * hidden),
    )


def _step_inputs(rng, batch, inputs, hidden):
    """x and h of one step; h is as small as a hidden state must be."""
    return rng.normal(size=(batch, inputs)), _away_from_zero(rng, 0.2, 0.9, batch, hidden)


def _cell_states(rng, batch, hidden):
    return _away_from_zero(rng, 0.5, 2.0, batch, hidden)


def _extreme_inputs(rng):
    """x, h and parameters whose second example has pre-activations of size 1e3 to 1e4, both signs in every gate."""
    x, h = _step_inputs(rng, 3, 2, 5)
    parameters = _parameters(rng, 2, 5)
    x[1] = [1.2e4, 0.0]
    parameters[0][:, 0] = np.abs(parameters[0][:, 0]) * np.where(np.arange(20) % 2, -1.0, 1.0)
    return x, h, parameters


def _tensor(array):
    return torch.from_numpy(np.array(array, dtype=np.float64))


def _load(module, parameters):
    for parameter, value in zip(module.parameters(), parameters, strict=True):
        parameter.data = _tensor(value)
    return module.requires_grad_(False)


def _torch_gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    z = torch.nn.functional.linear(_tensor(x), _tensor(weight_ih), _tensor(bias_ih))
    z = z + torch.nn.functional.linear(_tensor(h), _tensor(weight_hh), _tensor(bias_hh))
    i, f, g, o = z.chunk(4, dim=1)
    return torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)


def _torch_cell(x, h, c, *parameters):
    cell = _load(torch.nn.LSTMCell(x.shape[1], h.shape[1], dtype=torch.float64), parameters)
    return cell(_tensor(x), (_tensor(h), _tensor(c)))


def _torch_forward(x, h0, c0, *parameters):
    lstm = _load(torch.nn.LSTM(x.shape[2], h0.shape[1], dtype=torch.float64), parameters)
    outputs, (h, c) = lstm(_tensor(x), (_tensor(h0)[None], _tensor(c0)[None]))
    return outputs, h[0], c[0]


def _assert_gates(answer, expected):
    for part, wanted in zip(unpack(answer, "i", "f", "g", "o"), expected, strict=True):
        assert_close(part, wanted, atol=ATOL)


def _assert_states(answer, expected):
    for part, wanted in zip(unpack(answer, "h", "c"), expected, strict=True):
        assert_close(part, wanted, atol=ATOL)


def _assert_sequence(answer, expected):
    for part, wanted in zip(unpack(answer, "outputs", "h_T", "c_T"), expected, strict=True):
        assert_close(part, wanted, atol=ATOL)


# lstm_gates


@pytest.mark.points(3)
def test_lstm_gates_agree_with_torch(lstm_gates, rng):
    """Gates are sigmoids and the candidate a tanh of input, hidden state and both biases, as in torch.nn.LSTMCell."""
    inputs = *_step_inputs(rng, 4, 3, 5), *_parameters(rng, 3, 5)
    _assert_gates(lstm_gates(*inputs), _torch_gates(*inputs))


def test_lstm_gates_come_in_torch_order(lstm_gates, rng):
    """The blocks of rows belong to i, f, g and o in this order, and the tuple has the same order."""
    x, h = np.ones((2, 1)), np.zeros((2, 3))
    weight_ih = np.repeat([-2.0, 1.0, -0.6, 2.5], 3)[:, None] + rng.uniform(-0.2, 0.2, size=(12, 1))
    inputs = x, h, weight_ih, np.zeros((12, 3)), np.zeros(12), np.zeros(12)
    _assert_gates(lstm_gates(*inputs), _torch_gates(*inputs))


def test_lstm_gates_read_the_hidden_state(lstm_gates, rng):
    """The hidden state of the step before goes through weight_hh into all four parts."""
    weight_ih, weight_hh, bias_ih, bias_hh = _parameters(rng, 2, 6)
    h = _away_from_zero(rng, 0.2, 0.9, 3, 6)
    inputs = np.zeros((3, 2)), h, weight_ih, weight_hh, bias_ih, bias_hh
    _assert_gates(lstm_gates(*inputs), _torch_gates(*inputs))


def test_lstm_gates_add_both_biases(lstm_gates, rng):
    """bias_ih and bias_hh are both added, once each."""
    _, _, bias_ih, bias_hh = _parameters(rng, 2, 4)
    inputs = np.zeros((3, 2)), np.zeros((3, 4)), np.zeros((16, 2)), np.zeros((16, 4)), bias_ih, bias_hh
    _assert_gates(lstm_gates(*inputs), _torch_gates(*inputs))


@pytest.mark.points(2)
def test_lstm_gates_are_right_at_large_pre_activations(lstm_gates, rng):
    """Large pre-activations of either sign open or shut a gate completely, without NaN; other examples stay right."""
    x, h, parameters = _extreme_inputs(rng)
    _assert_gates(lstm_gates(x, h, *parameters), _torch_gates(x, h, *parameters))


def test_lstm_gates_of_float32(lstm_gates, rng):
    """Arrays of float32 give the same gates."""
    inputs = tuple(a.astype(np.float32) for a in (*_step_inputs(rng, 5, 2, 3), *_parameters(rng, 2, 3)))
    _assert_gates(lstm_gates(*inputs), _torch_gates(*inputs))


def test_lstm_gates_of_one_example_and_one_unit(lstm_gates, rng):
    """A batch of one example with one unit keeps both axes."""
    inputs = *_step_inputs(rng, 1, 1, 1), *_parameters(rng, 1, 1)
    _assert_gates(lstm_gates(*inputs), _torch_gates(*inputs))


def test_lstm_gates_of_named_strided_arguments(lstm_gates, rng):
    """Arguments may be named, and arrays may be views that are not contiguous in memory."""
    x, h = _step_inputs(rng, 6, 5, 2)
    weight_ih, weight_hh, bias_ih, bias_hh = _parameters(rng, 5, 2)
    x, h, bias_ih = x[::2], np.asfortranarray(h)[1::2], bias_ih[::-1]
    named = dict(zip(NAMES, (np.asfortranarray(weight_ih), weight_hh[::-1], bias_ih, bias_hh), strict=True))
    _assert_gates(lstm_gates(x=x, h=h, **named), _torch_gates(x, h, **named))


def test_lstm_gates_leave_their_arguments_alone(lstm_gates, rng):
    """No argument is changed in place."""
    assert_unchanged(lstm_gates, *_step_inputs(rng, 4, 3, 5), *_parameters(rng, 3, 5))


# lstm_cell


@pytest.mark.points(3)
def test_lstm_cell_agrees_with_torch(lstm_cell, rng):
    """One step gives the hidden state and the cell state of torch.nn.LSTMCell, in this order."""
    x, h = _step_inputs(rng, 4, 3, 5)
    inputs = x, h, _cell_states(rng, 4, 5), *_parameters(rng, 3, 5)
    _assert_states(lstm_cell(*inputs), _torch_cell(*inputs))


def test_lstm_cell_keeps_what_the_forget_gate_lets_through(lstm_cell, rng):
    """With the forget gate open and the input gate shut, the cell state passes through a step unchanged."""
    x, h = _step_inputs(rng, 3, 2, 4)
    c = _cell_states(rng, 3, 4)
    weight_ih, weight_hh, bias_ih, bias_hh = _parameters(rng, 2, 4)
    bias_ih[:4], bias_ih[4:8] = -60.0, 60.0
    _, c_new = unpack(lstm_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh), "h", "c")
    assert_close(c_new, c)


def test_lstm_cell_output_gate_hides_but_keeps(lstm_cell, rng):
    """With the output gate shut, the hidden state is zero while the cell state is updated all the same."""
    x, h = _step_inputs(rng, 3, 2, 4)
    inputs = x, h, _cell_states(rng, 3, 4), *_parameters(rng, 2, 4)
    inputs[-1][12:] = -60.0
    _assert_states(lstm_cell(*inputs), (np.zeros((3, 4)), _torch_cell(*inputs)[1]))


def test_lstm_cell_is_right_at_large_pre_activations(lstm_cell, rng):
    """Gates that are fully open or shut by large pre-activations give finite states, the right ones."""
    x, h, parameters = _extreme_inputs(rng)
    inputs = x, h, _cell_states(rng, 3, 5), *parameters
    _assert_states(lstm_cell(*inputs), _torch_cell(*inputs))


def test_lstm_cell_is_right_at_large_cell_states(lstm_cell, rng):
    """A large cell state saturates the tanh of the hidden state; it does not become NaN."""
    x, h = _step_inputs(rng, 3, 2, 4)
    c = _cell_states(rng, 3, 4)
    c[1] = [1e3, -1e3, 1e4, -1e4]
    weight_ih, weight_hh, bias_ih, bias_hh = _parameters(rng, 2, 4)
    bias_ih[4:8] = 60.0
    inputs = x, h, c, weight_ih, weight_hh, bias_ih, bias_hh
    _assert_states(lstm_cell(*inputs), _torch_cell(*inputs))


def test_lstm_cell_of_float32(lstm_cell, rng):
    """Arrays of float32 give the same states."""
    x, h = _step_inputs(rng, 5, 2, 3)
    inputs = tuple(a.astype(np.float32) for a in (x, h, _cell_states(rng, 5, 3), *_parameters(rng, 2, 3)))
    _assert_states(lstm_cell(*inputs), _torch_cell(*inputs))


def test_lstm_cell_of_one_example_and_one_unit(lstm_cell, rng):
    """A batch of one example with one unit keeps both axes."""
    x, h = _step_inputs(rng, 1, 3, 1)
    inputs = x, h, _cell_states(rng, 1, 1), *_parameters(rng, 3, 1)
    _assert_states(lstm_cell(*inputs), _torch_cell(*inputs))


def test_lstm_cell_of_named_strided_arguments(lstm_cell, rng):
    """Arguments may be named, and arrays may be views that are not contiguous in memory."""
    x, h = _step_inputs(rng, 6, 5, 2)
    x, h, c = x[::2], h[::-2], np.asfortranarray(_cell_states(rng, 3, 2))
    parameters = tuple(np.asfortranarray(a) for a in _parameters(rng, 5, 2))
    named = dict(zip(NAMES, parameters, strict=True))
    _assert_states(lstm_cell(c=c, h=h, x=x, **named), _torch_cell(x, h, c, *parameters))


def test_lstm_cell_leaves_its_arguments_alone(lstm_cell, rng):
    """No argument is changed in place, the old cell state included."""
    x, h = _step_inputs(rng, 4, 3, 5)
    assert_unchanged(lstm_cell, x, h, _cell_states(rng, 4, 5), *_parameters(rng, 3, 5))


# lstm_forward


def _sequence_inputs(rng, steps, batch, inputs, hidden):
    x = rng.normal(size=(steps, batch, inputs))
    h0 = _away_from_zero(rng, 0.2, 0.9, batch, hidden)
    return x, h0, _cell_states(rng, batch, hidden), *_parameters(rng, inputs, hidden)


@pytest.mark.points(3)
def test_lstm_forward_outputs_agree_with_torch(lstm_forward, rng):
    """The outputs are the hidden states after every step, time first, as torch.nn.LSTM gives them."""
    inputs = _sequence_inputs(rng, 6, 4, 3, 5)
    outputs, _, _ = unpack(lstm_forward(*inputs), "outputs", "h_T", "c_T")
    assert_close(outputs, _torch_forward(*inputs)[0], atol=ATOL)


@pytest.mark.points(2)
def test_lstm_forward_final_states_agree_with_torch(lstm_forward, rng):
    """The hidden and the cell state after the last step come back with the outputs, without a time axis."""
    inputs = _sequence_inputs(rng, 5, 2, 4, 3)
    _, h_last, c_last = unpack(lstm_forward(*inputs), "outputs", "h_T", "c_T")
    _, h_wanted, c_wanted = _torch_forward(*inputs)
    assert_close(h_last, h_wanted, atol=ATOL)
    assert_close(c_last, c_wanted, atol=ATOL)


def test_lstm_forward_of_one_step(lstm_forward, rng):
    """A sequence of one step starts from the given states and keeps its time axis."""
    inputs = _sequence_inputs(rng, 1, 3, 2, 4)
    _assert_sequence(lstm_forward(*inputs), _torch_forward(*inputs))


def test_lstm_forward_remembers_the_initial_cell_state(lstm_forward, rng):
    """With the forget gates open and the input gates shut, the initial cell state is still there at the end."""
    inputs = _sequence_inputs(rng, 9, 2, 3, 4)
    bias_ih = inputs[5]
    bias_ih[:4], bias_ih[4:8] = -60.0, 60.0
    _, _, c_last = unpack(lstm_forward(*inputs), "outputs", "h_T", "c_T")
    assert_close(c_last, inputs[2])


def test_lstm_forward_is_right_at_large_inputs(lstm_forward, rng):
    """One example with large inputs at one step gives finite outputs, the right ones, and leaves the others alone."""
    x, h0, c0, *parameters = _sequence_inputs(rng, 4, 3, 2, 5)
    x[1, 2] = [1.2e4, 0.0]
    _assert_sequence(lstm_forward(x, h0, c0, *parameters), _torch_forward(x, h0, c0, *parameters))


def test_lstm_forward_of_float32(lstm_forward, rng):
    """Arrays of float32 give the same outputs and states."""
    inputs = tuple(a.astype(np.float32) for a in _sequence_inputs(rng, 4, 2, 5, 3))
    _assert_sequence(lstm_forward(*inputs), _torch_forward(*inputs))


def test_lstm_forward_of_named_strided_arguments(lstm_forward, rng):
    """Arguments may be named, and arrays may be views that are not contiguous in memory."""
    x, h0, c0, *parameters = _sequence_inputs(rng, 3, 5, 2, 4)
    x, h0 = np.ascontiguousarray(x.transpose(1, 0, 2)).transpose(1, 0, 2), h0[::-1]
    named = dict(zip(NAMES, parameters, strict=True))
    _assert_sequence(lstm_forward(x=x, c0=c0, h0=h0, **named), _torch_forward(x, h0, c0, *parameters))


def test_lstm_forward_starts_afresh_at_every_call(lstm_forward, rng):
    """A call depends on its arguments alone: nothing is carried over from the call before, nothing is random."""
    first, second = _sequence_inputs(rng, 3, 2, 4, 5), _sequence_inputs(rng, 3, 2, 4, 5)
    for inputs in (first, second, first):
        _assert_sequence(lstm_forward(*inputs), _torch_forward(*inputs))


def test_lstm_forward_leaves_its_arguments_alone(lstm_forward, rng):
    """No argument is changed in place, the initial states included."""
    assert_unchanged(lstm_forward, *_sequence_inputs(rng, 3, 4, 2, 5))


# cell_state_gradient


def _autograd(forget_gates):
    """d c_T / d c_0 by autograd through c = f * c + constant."""
    c0 = torch.zeros(forget_gates.shape[1:], dtype=torch.float64, requires_grad=True)
    c = c0
    for f in _tensor(forget_gates):
        c = f * c + 0.5
    (gradient,) = torch.autograd.grad(c.sum(), c0)
    return gradient


@pytest.mark.points(3)
def test_cell_state_gradient_agrees_with_autograd(cell_state_gradient, rng):
    """The derivative is what autograd finds along the chain of cell states, gates held fixed."""
    forget_gates = rng.uniform(0.3, 0.95, size=(5, 3, 4))
    assert_close(cell_state_gradient(forget_gates), _autograd(forget_gates))


def test_cell_state_gradient_of_an_lstm_without_other_paths(cell_state_gradient, rng):
    """When the hidden state feeds nothing back, the derivative is that of the whole LSTM."""
    x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh = _sequence_inputs(rng, 4, 2, 3, 5)
    weight_hh[:] = 0.0
    parameters = weight_ih, weight_hh, bias_ih, bias_hh
    forget_gates = np.stack([_torch_gates(x_t, h0, *parameters)[1].numpy() for x_t in x])
    lstm = _load(torch.nn.LSTM(3, 5, dtype=torch.float64), parameters)
    start = _tensor(c0)[None].requires_grad_()
    _, (_, c_last) = lstm(_tensor(x), (_tensor(h0)[None], start))
    (gradient,) = torch.autograd.grad(c_last.sum(), start)
    assert_close(cell_state_gradient(forget_gates), gradient[0])


def test_cell_state_gradient_of_open_gates(cell_state_gradient):
    """Where every forget gate is fully open, the derivative passes undiminished."""
    assert_close(cell_state_gradient(np.ones((7, 2, 3))), np.ones((2, 3)))


def test_cell_state_gradient_stops_at_a_shut_gate(cell_state_gradient, rng):
    """One forget gate that is fully shut cuts the path of its own example and unit, and of no other."""
    forget_gates = rng.uniform(0.6, 0.95, size=(5, 2, 3))
    forget_gates[2, 1, 0] = 0.0
    forget_gates[0, 0, 2] = 0.0
    forget_gates[4, 0, 1] = 0.0
    assert_close(cell_state_gradient(forget_gates), _autograd(forget_gates))


def test_cell_state_gradient_vanishes_over_many_steps(cell_state_gradient, rng):
    """Over many steps the derivative shrinks by every single gate."""
    forget_gates = rng.uniform(0.75, 0.9, size=(40, 3, 2))
    assert_close(cell_state_gradient(forget_gates), _autograd(forget_gates))


def test_cell_state_gradient_of_one_step(cell_state_gradient, rng):
    """After a single step the derivative is that step's forget gate."""
    forget_gates = rng.uniform(0.1, 0.9, size=(1, 4, 3))
    assert_close(cell_state_gradient(forget_gates), _autograd(forget_gates))


def test_cell_state_gradient_of_float32(cell_state_gradient, rng):
    """Gates in float32 give the same derivative."""
    forget_gates = rng.uniform(0.3, 0.95, size=(6, 2, 5)).astype(np.float32)
    assert_close(cell_state_gradient(forget_gates), _autograd(forget_gates))


def test_cell_state_gradient_of_a_named_strided_argument(cell_state_gradient, rng):
    """The argument may be named, and may be a view that is not contiguous in memory."""
    forget_gates = rng.uniform(0.3, 0.95, size=(3, 8, 2)).transpose(1, 0, 2)[::2]
    assert_close(cell_state_gradient(forget_gates=forget_gates), _autograd(forget_gates))


def test_cell_state_gradient_leaves_its_argument_alone(cell_state_gradient, rng):
    """The gates are not changed in place."""
    assert_unchanged(cell_state_gradient, rng.uniform(0.3, 0.9, size=(4, 2, 3)))
