"""Hidden tests of 15_recurrent_networks. Oracle: torch.nn.RNN and GRUCell in float64, autograd for the gradients."""

import numpy as np
import pytest
import torch

from autograder.suite.assertions import Mismatch, assert_close, assert_unchanged, unpack

#: States are of size 1; an answer in float32 is off by some 1e-7 per step even where it is nearly 0.
ATOL = 1e-5
NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def _away_from_zero(rng, low, high, *shape):
    return rng.uniform(low, high, size=shape) * rng.choice([-1.0, 1.0], size=shape)


def _parameters(rng, inputs, hidden, parts=1):
    return (
        _away_from_zero(rng, 0.2, 0.8, parts * hidden, inputs),
        _away_from_zero(rng, 0.2, 0.8, parts * hidden, hidden),
        _away_from_zero(rng, 0.2, 0.6, parts * hidden),
        _away_from_zero(rng, 0.2, 0.6, parts * hidden),
    )


def _step_inputs(rng, batch, inputs, hidden):
    """x and h of one step; h is as small as a hidden state must be."""
    return rng.normal(size=(batch, inputs)), _away_from_zero(rng, 0.2, 0.9, batch, hidden)


def _extreme_inputs(rng, parts):
    """x, h and parameters whose second example has pre-activations of size 1e3 to 1e4, both signs in every part."""
    x, h = _step_inputs(rng, 3, 2, 5)
    parameters = _parameters(rng, 2, 5, parts)
    x[1] = [1.2e4, 0.0]
    parameters[0][:, 0] = np.abs(parameters[0][:, 0]) * np.where(np.arange(5 * parts) % 2, -1.0, 1.0)
    return x, h, parameters


def _sequence_inputs(rng, steps, batch, inputs, hidden):
    x = rng.normal(size=(steps, batch, inputs))
    h0 = _away_from_zero(rng, 0.2, 0.9, batch, hidden)
    return x, h0, *_parameters(rng, inputs, hidden)


def _tensor(array):
    return torch.from_numpy(np.array(array, dtype=np.float64))


def _load(module, parameters):
    for parameter, value in zip(module.parameters(), parameters, strict=True):
        parameter.data = _tensor(value)
    return module


def _torch_cell(x, h, *parameters):
    cell = _load(torch.nn.RNNCell(x.shape[1], h.shape[1], dtype=torch.float64), parameters)
    return cell(_tensor(x), _tensor(h))


def _torch_forward(x, h0, *parameters):
    rnn = _load(torch.nn.RNN(x.shape[2], h0.shape[1], dtype=torch.float64), parameters)
    outputs, h = rnn(_tensor(x), _tensor(h0)[None])
    return outputs, h[0]


def _torch_backward(grad_outputs, x, h0, *parameters):
    rnn = _load(torch.nn.RNN(x.shape[2], h0.shape[1], dtype=torch.float64), parameters)
    x, h0 = _tensor(x).requires_grad_(), _tensor(h0).requires_grad_()
    outputs, _ = rnn(x, h0[None])
    gradients = torch.autograd.grad(outputs, (x, h0, *rnn.parameters()), _tensor(grad_outputs))
    return dict(zip(("x", "h0", *NAMES), gradients, strict=True))


def _torch_gru(x, h, *parameters):
    cell = _load(torch.nn.GRUCell(x.shape[1], h.shape[1], dtype=torch.float64), parameters)
    return cell(_tensor(x), _tensor(h))


def _assert_sequence(answer, expected):
    for part, wanted in zip(unpack(answer, "outputs", "h_T"), expected, strict=True):
        assert_close(part, wanted, atol=ATOL)


def _assert_gradients(answer, expected, *names):
    """The answer is a dict with the right gradients of these names; by default of all."""
    if not isinstance(answer, dict):
        raise Mismatch(f"a value of type {type(answer).__name__} came back; a dict of gradients is expected")
    for name in names or expected:
        if name not in answer:
            raise Mismatch(f"the dict has no gradient named {name!r}")
        try:
            assert_close(answer[name], expected[name], atol=ATOL * expected[name].abs().max().item())
        except Mismatch as mismatch:
            raise Mismatch(f"gradient of {name}: {mismatch.feedback}", str(mismatch)) from None


# rnn_cell


@pytest.mark.points(3)
def test_rnn_cell_agrees_with_torch(rnn_cell, rng):
    """The new state is the tanh of what input, old state and both biases add up to, as in torch.nn.RNNCell."""
    inputs = *_step_inputs(rng, 4, 3, 5), *_parameters(rng, 3, 5)
    assert_close(rnn_cell(*inputs), _torch_cell(*inputs), atol=ATOL)


@pytest.mark.points(2)
def test_rnn_cell_reads_the_old_state(rnn_cell, rng):
    """The old state goes through weight_hh, each row of which belongs to the unit that reads."""
    weight_ih, weight_hh, bias_ih, bias_hh = _parameters(rng, 2, 6)
    inputs = np.zeros((3, 2)), _away_from_zero(rng, 0.2, 0.9, 3, 6), weight_ih, weight_hh, bias_ih, bias_hh
    assert_close(rnn_cell(*inputs), _torch_cell(*inputs), atol=ATOL)


def test_rnn_cell_adds_both_biases(rnn_cell, rng):
    """bias_ih and bias_hh are both added, once each."""
    _, _, bias_ih, bias_hh = _parameters(rng, 2, 4)
    inputs = np.zeros((3, 2)), np.zeros((3, 4)), np.zeros((4, 2)), np.zeros((4, 4)), bias_ih, bias_hh
    assert_close(rnn_cell(*inputs), _torch_cell(*inputs), atol=ATOL)


def test_rnn_cell_is_right_at_large_pre_activations(rnn_cell, rng):
    """Units that are driven far to either side show one or minus one, without NaN; other examples stay right."""
    x, h, parameters = _extreme_inputs(rng, 1)
    assert_close(rnn_cell(x, h, *parameters), _torch_cell(x, h, *parameters), atol=ATOL)


def test_rnn_cell_of_float32(rnn_cell, rng):
    """Arrays of float32 give the same state."""
    inputs = tuple(a.astype(np.float32) for a in (*_step_inputs(rng, 5, 2, 3), *_parameters(rng, 2, 3)))
    assert_close(rnn_cell(*inputs), _torch_cell(*inputs), atol=ATOL)


def test_rnn_cell_of_one_example_and_one_unit(rnn_cell, rng):
    """A batch of one example with one unit keeps both axes."""
    inputs = *_step_inputs(rng, 1, 2, 1), *_parameters(rng, 2, 1)
    assert_close(rnn_cell(*inputs), _torch_cell(*inputs), atol=ATOL)


def test_rnn_cell_of_named_strided_arguments(rnn_cell, rng):
    """Arguments may be named, and arrays may be views that are not contiguous in memory."""
    x, h = _step_inputs(rng, 6, 5, 2)
    weight_ih, weight_hh, bias_ih, bias_hh = _parameters(rng, 5, 2)
    x, h, parameters = x[::2], np.asfortranarray(h)[1::2], (np.asfortranarray(weight_ih), weight_hh[::-1])
    named = dict(zip(NAMES, (*parameters, bias_ih[::-1], bias_hh), strict=True))
    assert_close(rnn_cell(h=h, x=x, **named), _torch_cell(x, h, *named.values()), atol=ATOL)


def test_rnn_cell_leaves_its_arguments_alone(rnn_cell, rng):
    """rnn_cell returns a new state and changes no argument in place."""
    inputs = *_step_inputs(rng, 2, 4, 3), *_parameters(rng, 4, 3)
    assert_close(rnn_cell(*inputs), _torch_cell(*inputs), atol=ATOL)
    assert_unchanged(rnn_cell, *inputs)


# rnn_forward


@pytest.mark.points(3)
def test_rnn_forward_outputs_agree_with_torch(rnn_forward, rng):
    """The outputs are the hidden states after every step, time first, as torch.nn.RNN gives them."""
    inputs = _sequence_inputs(rng, 6, 4, 3, 5)
    outputs, _ = unpack(rnn_forward(*inputs), "outputs", "h_T")
    assert_close(outputs, _torch_forward(*inputs)[0], atol=ATOL)


@pytest.mark.points(2)
def test_rnn_forward_final_state_agrees_with_torch(rnn_forward, rng):
    """The hidden state after the last step comes back with the outputs, without a time axis."""
    inputs = _sequence_inputs(rng, 5, 2, 4, 3)
    _, h_last = unpack(rnn_forward(*inputs), "outputs", "h_T")
    assert_close(h_last, _torch_forward(*inputs)[1], atol=ATOL)


def test_rnn_forward_of_one_step(rnn_forward, rng):
    """A sequence of one step starts from the given state and keeps its time axis."""
    inputs = _sequence_inputs(rng, 1, 3, 2, 4)
    _assert_sequence(rnn_forward(*inputs), _torch_forward(*inputs))


def test_rnn_forward_of_one_example_and_one_unit(rnn_forward, rng):
    """A batch of one example with one unit keeps all axes."""
    inputs = _sequence_inputs(rng, 4, 1, 2, 1)
    _assert_sequence(rnn_forward(*inputs), _torch_forward(*inputs))


def test_rnn_forward_is_right_at_large_inputs(rnn_forward, rng):
    """One example with large inputs at one step gives the right outputs, without NaN, and leaves the others alone."""
    x, h0, *parameters = _sequence_inputs(rng, 4, 3, 2, 5)
    x[1, 2] = [1.2e4, 0.0]
    _assert_sequence(rnn_forward(x, h0, *parameters), _torch_forward(x, h0, *parameters))


def test_rnn_forward_of_float32(rnn_forward, rng):
    """Arrays of float32 give the same outputs and state."""
    inputs = tuple(a.astype(np.float32) for a in _sequence_inputs(rng, 4, 2, 5, 3))
    _assert_sequence(rnn_forward(*inputs), _torch_forward(*inputs))


def test_rnn_forward_of_named_strided_arguments(rnn_forward, rng):
    """Arguments may be named, and arrays may be views that are not contiguous in memory."""
    x, h0, *parameters = _sequence_inputs(rng, 3, 5, 2, 4)
    x, h0 = np.ascontiguousarray(x.transpose(1, 0, 2)).transpose(1, 0, 2), h0[::-1]
    named = dict(zip(NAMES, parameters, strict=True))
    _assert_sequence(rnn_forward(h0=h0, x=x, **named), _torch_forward(x, h0, *parameters))


def test_rnn_forward_starts_afresh_at_every_call(rnn_forward, rng):
    """A call depends on its arguments alone: nothing is carried over from the call before, nothing is random."""
    first, second = _sequence_inputs(rng, 3, 2, 4, 5), _sequence_inputs(rng, 3, 2, 4, 5)
    for inputs in (first, second, first):
        _assert_sequence(rnn_forward(*inputs), _torch_forward(*inputs))


def test_rnn_forward_leaves_its_arguments_alone(rnn_forward, rng):
    """No argument is changed in place, the initial state included."""
    inputs = _sequence_inputs(rng, 3, 4, 2, 5)
    _assert_sequence(rnn_forward(*inputs), _torch_forward(*inputs))
    assert_unchanged(rnn_forward, *inputs)


# rnn_backward


def _backward_inputs(rng, steps, batch, inputs, hidden):
    return _away_from_zero(rng, 0.5, 2.0, steps, batch, hidden), *_sequence_inputs(rng, steps, batch, inputs, hidden)


@pytest.mark.points(3)
def test_rnn_backward_parameters_agree_with_autograd(rnn_backward, rng):
    """The gradients of the weights and biases add up what every step of every example contributes."""
    inputs = _backward_inputs(rng, 6, 4, 3, 5)
    _assert_gradients(rnn_backward(*inputs), _torch_backward(*inputs), *NAMES)


@pytest.mark.points(2)
def test_rnn_backward_x_agrees_with_autograd(rnn_backward, rng):
    """The gradient of an input collects from its own output and from all later ones."""
    inputs = _backward_inputs(rng, 5, 2, 4, 3)
    _assert_gradients(rnn_backward(*inputs), _torch_backward(*inputs), "x")


@pytest.mark.points(2)
def test_rnn_backward_h0_agrees_with_autograd(rnn_backward, rng):
    """The gradient of the initial state is what is left when the gradient has passed all steps."""
    inputs = _backward_inputs(rng, 4, 3, 2, 5)
    _assert_gradients(rnn_backward(*inputs), _torch_backward(*inputs), "h0")


def test_rnn_backward_from_the_last_output_alone(rnn_backward, rng):
    """When the loss reads only the last output, its gradient still arrives at all steps."""
    grad_outputs, *inputs = _backward_inputs(rng, 4, 2, 3, 5)
    grad_outputs[:-1] = 0.0
    _assert_gradients(rnn_backward(grad_outputs, *inputs), _torch_backward(grad_outputs, *inputs))


def test_rnn_backward_of_one_step(rnn_backward, rng):
    """A sequence of one step is a dense layer with a tanh."""
    inputs = _backward_inputs(rng, 1, 4, 3, 2)
    _assert_gradients(rnn_backward(*inputs), _torch_backward(*inputs))


def test_rnn_backward_stops_at_saturated_units(rnn_backward, rng):
    """Where a large input has driven the units to the end of their range, no gradient passes, and nothing is NaN."""
    grad_outputs, x, *rest = _backward_inputs(rng, 4, 3, 2, 5)
    x[2, 1] = [1.2e4, 0.0]
    _assert_gradients(rnn_backward(grad_outputs, x, *rest), _torch_backward(grad_outputs, x, *rest))


def test_rnn_backward_of_float32(rnn_backward, rng):
    """Arrays of float32 give the same gradients."""
    inputs = tuple(a.astype(np.float32) for a in _backward_inputs(rng, 3, 4, 2, 5))
    _assert_gradients(rnn_backward(*inputs), _torch_backward(*inputs))


def test_rnn_backward_of_named_strided_arguments(rnn_backward, rng):
    """Arguments may be named, and arrays may be views that are not contiguous in memory."""
    grad_outputs, x, h0, *parameters = _backward_inputs(rng, 3, 5, 4, 2)
    x, h0, grad_outputs = np.ascontiguousarray(x.transpose(1, 0, 2)).transpose(1, 0, 2), h0[::-1], grad_outputs[::-1]
    parameters = tuple(np.asfortranarray(a) for a in parameters)
    named = dict(zip(NAMES, parameters, strict=True))
    answer = rnn_backward(x=x, h0=h0, grad_outputs=grad_outputs, **named)
    _assert_gradients(answer, _torch_backward(grad_outputs, x, h0, *parameters))


def test_rnn_backward_leaves_its_arguments_alone(rnn_backward, rng):
    """No argument is changed in place, the incoming gradients included."""
    inputs = _backward_inputs(rng, 3, 2, 5, 4)
    _assert_gradients(rnn_backward(*inputs), _torch_backward(*inputs))
    assert_unchanged(rnn_backward, *inputs)


# clip_grad_norm


def _gradients(rng):
    """Three arrays of different shapes and sizes."""
    return [
        _away_from_zero(rng, 0.5, 3.0, 3, 5),
        _away_from_zero(rng, 0.2, 0.9, 4),
        _away_from_zero(rng, 2.0, 6.0, 2, 1, 3),
    ]


def _norm(grads):
    """The norm of the vector of all entries, in float64."""
    return torch.cat([_tensor(grad).flatten() for grad in grads]).norm().item()


def _assert_clipped(answer, grads, factor):
    """The answer holds the gradients times the factor, and the norm that they had before."""
    clipped, norm = unpack(answer, "clipped", "norm")
    parts = unpack(clipped, *(f"gradient {number + 1}" for number in range(len(grads))))
    for part, grad in zip(parts, grads, strict=True):
        assert_close(part, factor * _tensor(grad))
    assert_close(norm, _norm(grads))


@pytest.mark.points(3)
def test_clip_grad_norm_scales_all_by_one_factor(clip_grad_norm, rng):
    """Gradients whose common norm exceeds the limit are scaled by one factor so that the norm meets the limit."""
    grads, factor = _gradients(rng), rng.uniform(0.1, 0.4)
    clipped, _ = unpack(clip_grad_norm(grads, factor * _norm(grads)), "clipped", "norm")
    for part, grad in zip(unpack(clipped, "first", "second", "third"), grads, strict=True):
        assert_close(part, factor * grad)


@pytest.mark.points(2)
def test_clip_grad_norm_returns_the_norm_before(clip_grad_norm, rng):
    """The number that comes back is the norm before clipping: the root of the sum of all squares."""
    grads = _gradients(rng)
    for factor in (0.3, 2.0):
        _, norm = unpack(clip_grad_norm(grads, factor * _norm(grads)), "clipped", "norm")
        assert_close(norm, _norm(grads))


@pytest.mark.points(2)
def test_clip_grad_norm_keeps_what_is_within(clip_grad_norm, rng):
    """Gradients whose norm is within the limit keep their values, be it far below or close to the limit."""
    grads = _gradients(rng)
    for factor in (1.05, 7.0):
        _assert_clipped(clip_grad_norm(grads, factor * _norm(grads)), grads, 1.0)


def test_clip_grad_norm_just_above_the_limit(clip_grad_norm, rng):
    """Gradients that exceed the limit only slightly are scaled, too."""
    grads = _gradients(rng)
    _assert_clipped(clip_grad_norm(grads, 0.95 * _norm(grads)), grads, 0.95)


def test_clip_grad_norm_of_small_and_large_gradients(clip_grad_norm, rng):
    """The norm afterwards is exactly the limit, also for gradients that are very small or very large."""
    for size in (5e-5, 1e6):
        grads, factor = [size * grad for grad in _gradients(rng)], rng.uniform(0.2, 0.5)
        _assert_clipped(clip_grad_norm(grads, factor * _norm(grads)), grads, factor)


def test_clip_grad_norm_of_zeros(clip_grad_norm):
    """Gradients that are zero everywhere stay zero, without NaN."""
    grads = [np.zeros((2, 3)), np.zeros(4)]
    _assert_clipped(clip_grad_norm(grads, 0.5), grads, 1.0)


def test_clip_grad_norm_of_float32(clip_grad_norm, rng):
    """Gradients in float32 give the same result."""
    grads = [grad.astype(np.float32) for grad in _gradients(rng)]
    _assert_clipped(clip_grad_norm(grads, 0.3 * _norm(grads)), grads, 0.3)


def test_clip_grad_norm_of_one_named_strided_array(clip_grad_norm, rng):
    """The list may hold a single array, arguments may be named, and arrays may be views that are not contiguous."""
    grads = [_away_from_zero(rng, 0.5, 3.0, 4, 6)[:, ::2].T]
    _assert_clipped(clip_grad_norm(max_norm=0.4 * _norm(grads), grads=grads), grads, 0.4)


def test_clip_grad_norm_leaves_its_arguments_alone(clip_grad_norm, rng):
    """clip_grad_norm returns new gradients and changes neither the list nor its arrays."""
    grads = _gradients(rng)
    for factor in (0.25, 1.5):
        _assert_clipped(clip_grad_norm(grads, factor * _norm(grads)), grads, min(factor, 1.0))
        assert_unchanged(clip_grad_norm, grads, factor * _norm(grads))


# gru_cell


@pytest.mark.points(3)
def test_gru_cell_agrees_with_torch(gru_cell, rng):
    """One step gives the hidden state of torch.nn.GRUCell."""
    inputs = *_step_inputs(rng, 4, 3, 5), *_parameters(rng, 3, 5, 3)
    assert_close(gru_cell(*inputs), _torch_gru(*inputs), atol=ATOL)


def test_gru_cell_update_gate_keeps_the_old_state(gru_cell, rng):
    """Where the update gate, the second block of rows, is fully open, the old state passes through unchanged."""
    x, h = _step_inputs(rng, 3, 2, 4)
    parameters = _parameters(rng, 2, 4, 3)
    parameters[2][4:8] = 60.0
    assert_close(gru_cell(x, h, *parameters), h)


def test_gru_cell_update_gate_lets_the_candidate_in(gru_cell, rng):
    """Where the update gate is shut, the candidate, which may be negative, replaces the old state."""
    x, h = _step_inputs(rng, 3, 2, 4)
    parameters = _parameters(rng, 2, 4, 3)
    parameters[2][4:8] = -60.0
    assert_close(gru_cell(x, h, *parameters), _torch_gru(x, h, *parameters), atol=ATOL)


@pytest.mark.points(2)
def test_gru_cell_reset_gate_acts_after_the_product(gru_cell, rng):
    """The reset gate multiplies what weight_hh and bias_hh give for the candidate, for every unit by itself."""
    x, h = _step_inputs(rng, 3, 2, 4)
    parameters = _parameters(rng, 2, 4, 3)
    parameters[2][:4] = rng.permutation([-2.0, -1.0, 1.0, 2.0])
    parameters[2][4:8] = -60.0
    x[:] = 0.0
    assert_close(gru_cell(x, h, *parameters), _torch_gru(x, h, *parameters), atol=ATOL)


def test_gru_cell_reset_gate_shut(gru_cell, rng):
    """Where the reset gate, the first block of rows, is shut, the candidate knows nothing of the old state."""
    x, h = _step_inputs(rng, 3, 2, 4)
    weight_ih, weight_hh, bias_ih, bias_hh = _parameters(rng, 2, 4, 3)
    bias_ih[:4], bias_ih[4:8] = -60.0, -60.0
    expected = torch.tanh(_tensor(x) @ _tensor(weight_ih[8:]).T + _tensor(bias_ih[8:]))
    assert_close(gru_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh), expected, atol=ATOL)


def test_gru_cell_is_right_at_large_pre_activations(gru_cell, rng):
    """Gates that large inputs open or shut give the right state, without NaN; other examples stay right."""
    x, h, parameters = _extreme_inputs(rng, 3)
    assert_close(gru_cell(x, h, *parameters), _torch_gru(x, h, *parameters), atol=ATOL)


def test_gru_cell_of_float32(gru_cell, rng):
    """Arrays of float32 give the same state."""
    inputs = tuple(a.astype(np.float32) for a in (*_step_inputs(rng, 5, 2, 3), *_parameters(rng, 2, 3, 3)))
    assert_close(gru_cell(*inputs), _torch_gru(*inputs), atol=ATOL)


def test_gru_cell_of_named_strided_arguments(gru_cell, rng):
    """Arguments may be named, arrays may be views, and one example with one unit keeps both axes."""
    for examples, hidden in ((3, 2), (1, 1)):
        x, h = _step_inputs(rng, 2 * examples, 5, hidden)
        x, h, parameters = x[::2], np.asfortranarray(h)[::-2], [a[::-1] for a in _parameters(rng, 5, hidden, 3)]
        named = dict(zip(NAMES, parameters, strict=True))
        assert_close(gru_cell(h=h, x=x, **named), _torch_gru(x, h, *parameters), atol=ATOL)


def test_gru_cell_leaves_its_arguments_alone(gru_cell, rng):
    """gru_cell returns a new state and changes no argument in place, the old state included."""
    inputs = *_step_inputs(rng, 2, 4, 3), *_parameters(rng, 4, 3, 3)
    assert_close(gru_cell(*inputs), _torch_gru(*inputs), atol=ATOL)
    assert_unchanged(gru_cell, *inputs)
