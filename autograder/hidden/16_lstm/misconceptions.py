"""Known wrong answers to 16_lstm; each docstring is the diagnosis that the learner reads."""

import numpy as np


def _sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def _pre_activations(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    return x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh


def _gates(x, h, *parameters):
    i, f, g, o = np.split(_pre_activations(x, h, *parameters), 4, axis=1)
    return _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)


def _step(x, h, c, *parameters):
    i, f, g, o = _gates(x, h, *parameters)
    c = f * c + i * g
    return o * np.tanh(c), c


def lstm_gates__candidate_last(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The third block of rows is treated as the output gate and the fourth as the candidate. That is the order of
    some courses; here, as in PyTorch, the candidate's rows come third and the output gate's last."""
    i, f, o, g = np.split(_pre_activations(x, h, weight_ih, weight_hh, bias_ih, bias_hh), 4, axis=1)
    return _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)


def lstm_gates__forget_gate_first(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The input gate and the forget gate are exchanged. Textbooks often describe the forget gate first, but PyTorch
    stacks the input gate's rows first."""
    f, i, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return i, f, g, o


def lstm_gates__candidate_sigmoid(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The candidate goes through a sigmoid like the three gates, so it can never be negative. It is content, not a
    gate: it needs an activation with values between -1 and 1."""
    z = _pre_activations(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return tuple(np.split(_sigmoid(z), 4, axis=1))


def lstm_gates__no_activations(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """These are the pre-activations: the sigmoids of the gates and the tanh of the candidate are still missing."""
    return tuple(np.split(_pre_activations(x, h, weight_ih, weight_hh, bias_ih, bias_hh), 4, axis=1))


def lstm_gates__one_bias(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Only bias_ih is added. PyTorch's LSTM has a bias for the input and one for the hidden state; both belong to
    the sum."""
    return _gates(x, h, weight_ih, weight_hh, bias_ih, 0.0)


def lstm_gates__interleaved(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The rows are read as if the four parts took turns, one row each, unit after unit. They are stacked in four
    blocks instead: first all rows of one part, then all rows of the next."""
    z = _pre_activations(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return _sigmoid(z[:, 0::4]), _sigmoid(z[:, 1::4]), np.tanh(z[:, 2::4]), _sigmoid(z[:, 3::4])


def lstm_gates__exponentials_overflow(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Large pre-activations give NaN: exp overflows in the numerator and in the denominator, and infinity over
    infinity is not a number. Use a form of sigmoid and tanh in which no quotient of two infinities can arise."""
    z = _pre_activations(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    with np.errstate(over="ignore", invalid="ignore"):
        i, f, _, o = np.split(np.exp(z) / (1 + np.exp(z)), 4, axis=1)
        _, _, g, _ = np.split((np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)), 4, axis=1)
    return i, f, g, o


def lstm_cell__forget_acts_on_hidden(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The forget gate scales the old hidden state, and the old cell state is lost. What the forget gate keeps or
    erases is the cell state; some interview answers say otherwise."""
    i, f, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    c = f * h + i * g
    return o * np.tanh(c), c


def lstm_cell__gates_added(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The input gate is added to the candidate and the output gate to the tanh of the cell state. A gate lets a part
    through by multiplying; the only sum is the one of the kept memory and the admitted candidate."""
    i, f, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    c = f * c + (i + g)
    return o + np.tanh(c), c


def lstm_cell__output_gate_reads_new_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The output gate is computed from the new cell state in place of the old hidden state. Gates that look at the
    cell belong to another variant; here all four parts see the input and the old hidden state only."""
    i, f, g, _ = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    c = f * c + i * g
    _, _, _, o = _gates(x, c, weight_ih, weight_hh, bias_ih, bias_hh)
    return o * np.tanh(c), c


def lstm_cell__output_uses_old_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The hidden state shows the cell state from before the step. Update the cell state first, then let the output
    gate act on the new one."""
    i, f, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return o * np.tanh(c), f * c + i * g


def lstm_cell__no_output_tanh(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The hidden state is the output gate times the bare cell state, so it is not bounded. The cell state goes
    through a tanh before the output gate acts on it."""
    i, f, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    c = f * c + i * g
    return o * c, c


def lstm_cell__coupled_gates(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """One gate serves twice: what is kept is one minus what is let in. A GRU couples them so; an LSTM's forget gate
    has weights of its own."""
    i, _, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    c = (1 - i) * c + i * g
    return o * np.tanh(c), c


def lstm_cell__updates_cell_in_place(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """The values are right, but operators such as *= and += write them into the caller's cell state. Make a new
    array for the new state: whoever trains the network still needs the old one."""
    i, f, g, o = _gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    c *= f
    c += i * g
    return o * np.tanh(c), c


def lstm_forward__starts_from_zeros(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The sequence always starts from zero states: h0 and c0 are ignored. The first step must use the states that
    were passed in."""
    h, c = np.zeros_like(h0), np.zeros_like(c0)
    outputs = []
    for x_t in x:
        h, c = _step(x_t, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs.append(h)
    return np.stack(outputs), h, c


def lstm_forward__cell_state_not_carried(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The hidden state travels from step to step, but every step starts from c0 again. The cell state is the memory:
    hand each step the one that the step before returned."""
    h = h0
    outputs = []
    for x_t in x:
        h, c = _step(x_t, h, c0, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs.append(h)
    return np.stack(outputs), h, c


def lstm_forward__outputs_are_cell_states(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The outputs are the cell states of the steps. The cell state stays inside the layer; what it shows at each
    step is the hidden state."""
    h, c = h0, c0
    outputs = []
    for x_t in x:
        h, c = _step(x_t, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs.append(c)
    return np.stack(outputs), h, c


def lstm_forward__outputs_batch_first(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The outputs have the batch on their first axis and time on the second. Time comes first here, in the outputs
    as in x."""
    h, c = h0, c0
    outputs = []
    for x_t in x:
        h, c = _step(x_t, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs.append(h)
    return np.stack(outputs, axis=1), h, c


def lstm_forward__one_buffer_for_all_outputs(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Every output is the final hidden state: the same array was overwritten at each step and stored again and
    again. Store a new array (or a copy) per step."""
    h, c = h0.copy(), c0
    outputs = []
    for x_t in x:
        h[:], c = _step(x_t, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs.append(h)
    return np.stack(outputs), h, c


def lstm_forward__forget_acts_on_hidden(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """At every step the forget gate scales the hidden state, and the cell state is never read. The forget gate keeps
    or erases the cell state; some interview answers say otherwise."""
    h, c = h0, c0
    outputs = []
    for x_t in x:
        i, f, g, o = _gates(x_t, h, weight_ih, weight_hh, bias_ih, bias_hh)
        c = f * h + i * g
        h = o * np.tanh(c)
        outputs.append(h)
    return np.stack(outputs), h, c


def lstm_forward__overwrites_initial_states(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The values are right, but h0 and c0 are overwritten on the way, so the caller's next sequence would start from
    the end of this one. Bind new names to new arrays instead of writing into the arguments."""
    outputs = []
    for x_t in x:
        h0[:], c0[:] = _step(x_t, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs.append(h0.copy())
    return np.stack(outputs), h0, c0


def cell_state_gradient__always_one(forget_gates):
    """The derivative is 1 whatever the gates are, as if nothing could ever vanish. That holds only while every
    forget gate is fully open: each step scales the cell state, and the derivative with it."""
    return np.ones_like(forget_gates[0])


def cell_state_gradient__sum_over_time(forget_gates):
    """The gates of the steps are added. The steps follow one another, so by the chain rule their derivatives are
    multiplied."""
    return np.sum(forget_gates, axis=0)


def cell_state_gradient__last_gate_only(forget_gates):
    """This is the derivative across the last step only. The path from the first cell state to the last crosses every
    step."""
    return forget_gates[-1].copy()


def cell_state_gradient__sigmoid_slope(forget_gates):
    """Each step contributes f (1 - f), the slope of the sigmoid. That would be the derivative with respect to the
    gate's pre-activation; the derivative with respect to the cell state that the gate multiplies is simpler."""
    return np.prod(forget_gates * (1 - forget_gates), axis=0)


def cell_state_gradient__first_gate_skipped(forget_gates):
    """The product leaves out the first step's gate. The first gate already stands between the initial cell state and
    the next one, so T steps give T factors."""
    return np.prod(forget_gates[1:], axis=0)


def cell_state_gradient__running_products(forget_gates):
    """These are the derivatives of the cell states after every step, with a time axis. Only the one of the last cell
    state is asked for."""
    return np.cumprod(forget_gates, axis=0)


def cell_state_gradient__overwrites_first_gate(forget_gates):
    """The values are right, but the running product is written into the caller's first row: forget_gates[0] is a
    view, not a copy, and *= works in place. Start from a new array."""
    gradient = forget_gates[0]
    for f in forget_gates[1:]:
        gradient *= f
    return gradient
