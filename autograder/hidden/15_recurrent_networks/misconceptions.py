"""Known wrong answers to 15_recurrent_networks; each docstring is the diagnosis that the learner reads."""

import numpy as np


def _sigmoid(a):
    return np.exp(-np.logaddexp(0, -a))


def _step(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    return np.tanh(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)


def _outputs(x, h, *parameters):
    outputs = []
    for x_t in x:
        h = _step(x_t, h, *parameters)
        outputs.append(h)
    return np.stack(outputs)


def _deltas(grad_outputs, outputs, weight_back):
    """The gradients with respect to the arguments of tanh, and what arrives at the initial state."""
    delta, grad_h = np.zeros(outputs.shape), 0.0
    for t in reversed(range(len(outputs))):
        delta[t] = (grad_outputs[t] + grad_h) * (1 - outputs[t] ** 2)
        grad_h = delta[t] @ weight_back
    return delta, grad_h


def _gradients(delta, grad_h0, x, previous, weight_ih):
    return {
        "x": delta @ weight_ih,
        "h0": grad_h0,
        "weight_ih": np.einsum("tnh,tni->hi", delta, x),
        "weight_hh": np.einsum("tnh,tnj->hj", delta, previous),
        "bias_ih": delta.sum(axis=(0, 1)),
        "bias_hh": delta.sum(axis=(0, 1)),
    }


def _previous(h0, outputs):
    return np.concatenate([h0[None], outputs[:-1]])


def _norm(grads):
    return np.sqrt(sum(np.sum(grad**2) for grad in grads))


def _scaled(grads, factor):
    return [grad * factor for grad in grads]


def _gru_parts(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    from_x = np.split(x @ weight_ih.T + bias_ih, 3, axis=1)
    from_h = np.split(h @ weight_hh.T + bias_hh, 3, axis=1)
    return from_x, from_h


def rnn_cell__no_recurrence(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The old state plays no part, so this is a plain dense layer without memory. What weight_hh makes of h belongs to
    the sum."""
    return np.tanh(x @ weight_ih.T + bias_ih + bias_hh)


def rnn_cell__no_activation(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """This is the argument of the tanh; the tanh itself is missing. Without it the state can grow without bound from
    step to step."""
    return x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh


def rnn_cell__sigmoid(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """No unit is ever negative: the activation is a sigmoid. Sigmoids belong to gates; the state of this cell goes
    through a tanh."""
    return _sigmoid(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)


def rnn_cell__state_outside_the_tanh(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Only the part from the input goes through the tanh; the part from the old state is added afterwards. Add up
    everything first and apply the tanh to the sum."""
    return np.tanh(x @ weight_ih.T + bias_ih) + h @ weight_hh.T + bias_hh


def rnn_cell__weight_hh_not_transposed(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """weight_hh is used with rows and columns exchanged. It is square, so NumPy does not notice: but its rows, too,
    belong to the units that read, and it has to be transposed like weight_ih."""
    return np.tanh(x @ weight_ih.T + bias_ih + h @ weight_hh + bias_hh)


def rnn_cell__one_bias(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Only bias_ih is added. There is a second bias, for the state; both belong to the sum."""
    return np.tanh(x @ weight_ih.T + bias_ih + h @ weight_hh.T)


def rnn_cell__infinity_by_infinity(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Right for ordinary inputs, but NaN for large ones: in your tanh the exponentials overflow above and below the
    line, and infinity by infinity is not a number. np.tanh may be used here."""
    a = x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh
    return (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))


def rnn_cell__changes_the_bias(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The values are right, but bias_ih was changed on the way: += writes into the caller's array, and the next step
    would start from a wrong bias. Compute a new array."""
    bias_ih += bias_hh
    return np.tanh(x @ weight_ih.T + h @ weight_hh.T + bias_ih)


def rnn_forward__state_not_carried(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Every step starts from h0 again, so no step knows of the ones before. Hand each step the state that the previous
    one has returned."""
    outputs = np.stack([_step(x_t, h0, weight_ih, weight_hh, bias_ih, bias_hh) for x_t in x])
    return outputs, outputs[-1]


def rnn_forward__starts_from_zeros(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The sequence always starts from a state of zeros, and h0 is ignored. The first step must use the state that was
    passed in."""
    outputs = _outputs(x, np.zeros(h0.shape), weight_ih, weight_hh, bias_ih, bias_hh)
    return outputs, outputs[-1]


def rnn_forward__outputs_one_step_late(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The outputs begin with h0, so each shows the state before its input was read. Collect the state after the
    step."""
    outputs = _outputs(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return _previous(h0, outputs), outputs[-1]


def rnn_forward__outputs_batch_first(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The outputs have the batch on their first axis and time on the second. Time comes first here, in the outputs as
    in x."""
    outputs = _outputs(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return outputs.swapaxes(0, 1), outputs[-1]


def rnn_forward__final_state_with_time_axis(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The final state has three axes, as torch.nn.RNN returns it, where the first counts layers and directions. Here it
    is a plain (N, H), like h0."""
    outputs = _outputs(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    return outputs, outputs[-1:]


def rnn_forward__one_buffer_for_all_outputs(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Every output is the final state: one array was overwritten at each step and stored again and again. Store a new
    array, or a copy, per step."""
    h = np.array(h0)
    outputs = []
    for x_t in x:
        h[:] = _step(x_t, h, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs.append(h)
    return np.stack(outputs), h


def rnn_forward__overwrites_the_initial_state(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The values are right, but h0 holds the final state afterwards: the steps were written into the caller's array.
    Bind the name to a new array at each step, or work on a copy."""
    outputs = _outputs(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    h0[:] = outputs[-1]
    return outputs, outputs[-1]


def rnn_backward__no_gradient_through_time(grad_outputs, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Every step gets only the gradient of its own output. The state is also read by the next step, which sends a
    gradient back: without it nothing is learned about the past."""
    outputs = _outputs(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    delta = grad_outputs * (1 - outputs**2)
    return _gradients(delta, delta[0] @ weight_hh, x, _previous(h0, outputs), weight_ih)


def rnn_backward__x_from_its_own_output_only(grad_outputs, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """All gradients are right but that of x, which is made of the gradient of the same step's output alone. Through the
    state an input also reaches all later outputs: use the same delta as for the weights."""
    outputs = _outputs(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    delta, grad_h0 = _deltas(grad_outputs, outputs, weight_hh)
    gradients = _gradients(delta, grad_h0, x, _previous(h0, outputs), weight_ih)
    return {**gradients, "x": grad_outputs * (1 - outputs**2) @ weight_ih}


def rnn_backward__no_slope(grad_outputs, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradient passes the tanh undiminished. On its way back through every step it must be multiplied by the slope
    of the tanh, too."""
    outputs = _outputs(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    delta, grad_h0 = _deltas(grad_outputs, np.zeros(outputs.shape), weight_hh)
    return _gradients(delta, grad_h0, x, _previous(h0, outputs), weight_ih)


def rnn_backward__slope_of_the_new_state(grad_outputs, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The slope is taken at the wrong place: the tanh is applied once more to the outputs, which have already gone
    through it. The slope in terms of the output y is 1 - y^2."""
    outputs = _outputs(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    delta, grad_h0 = _deltas(grad_outputs, np.tanh(outputs), weight_hh)
    return _gradients(delta, grad_h0, x, _previous(h0, outputs), weight_ih)


def rnn_backward__transposed_on_the_way_back(grad_outputs, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """From step to step the gradient goes through weight_hh the wrong way round. The step forward multiplies by the
    transpose, so the step back multiplies by weight_hh itself; it is square, and no shape tells them apart."""
    outputs = _outputs(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    delta, grad_h0 = _deltas(grad_outputs, outputs, weight_hh.T)
    return _gradients(delta, grad_h0, x, _previous(h0, outputs), weight_ih)


def rnn_backward__parameters_of_the_first_step_only(grad_outputs, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradients of the weights and biases are those of the first step alone; each turn of the loop has replaced
    what the one before had found. All steps share the weights, so their contributions are added up."""
    outputs = _outputs(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    delta, grad_h0 = _deltas(grad_outputs, outputs, weight_hh)
    gradients = _gradients(delta[:1], grad_h0, x[:1], h0[None], weight_ih)
    return {**gradients, "x": delta @ weight_ih}


def rnn_backward__weight_hh_with_the_new_state(grad_outputs, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradient of weight_hh is made with the state after each step. What weight_hh was multiplied with is the state
    before the step, h0 for the first."""
    outputs = _outputs(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    delta, grad_h0 = _deltas(grad_outputs, outputs, weight_hh)
    return _gradients(delta, grad_h0, x, outputs, weight_ih)


def rnn_backward__mean_over_the_batch(grad_outputs, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The gradients of the weights and biases are divided by the number of examples. If the loss is a mean, that
    division is already in grad_outputs: here the examples are summed."""
    outputs = _outputs(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    delta, grad_h0 = _deltas(grad_outputs, outputs, weight_hh)
    gradients = _gradients(delta, grad_h0, x, _previous(h0, outputs), weight_ih)
    return {name: grad if name in ("x", "h0") else grad / len(h0) for name, grad in gradients.items()}


def rnn_backward__changes_grad_outputs(grad_outputs, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The values are right, but grad_outputs was changed: the gradients that come back through time were added into the
    caller's array. Add them up in a new one."""
    outputs = _outputs(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    delta, grad_h0 = _deltas(grad_outputs, outputs, weight_hh)
    grad_outputs[:-1] += delta[1:] @ weight_hh
    return _gradients(delta, grad_h0, x, _previous(h0, outputs), weight_ih)


def clip_grad_norm__nothing_clipped(grads, max_norm):
    """The norm is right, but the gradients come back as they were, however long they are. Scale them down when the norm
    exceeds the limit."""
    return grads, _norm(grads)


def clip_grad_norm__always_rescales(grads, max_norm):
    """Short gradients are stretched to the limit, and those of zero become NaN. A limit only shortens: gradients within
    it stay as they are."""
    return _scaled(grads, max_norm / _norm(grads)), _norm(grads)


def clip_grad_norm__each_array_by_itself(grads, max_norm):
    """Each array is clipped by its own norm, which changes the direction of the whole step. All arrays together have
    one norm and get one factor."""
    return [grad * min(1.0, max_norm / max(_norm([grad]), max_norm)) for grad in grads], _norm(grads)


def clip_grad_norm__each_entry_by_itself(grads, max_norm):
    """Each entry is cut off at the limit. That is clipping by value, which changes the direction of the step: here all
    entries are multiplied by the same factor."""
    return [np.clip(grad, -max_norm, max_norm) for grad in grads], _norm(grads)


def clip_grad_norm__no_square_root(grads, max_norm):
    """The norm is the sum of the squares, so the limit is compared with the wrong number. The root is missing; document
    A leaves it out as well when it describes the L2 norm (question 34)."""
    norm = _norm(grads) ** 2
    return _scaled(grads, max_norm / max(norm, max_norm)), norm


def clip_grad_norm__norms_added(grads, max_norm):
    """The norms of the arrays are added up. Norms do not add: add up the squares of all entries, and take the root
    once, at the end."""
    norm = sum(_norm([grad]) for grad in grads)
    return _scaled(grads, max_norm / max(norm, max_norm)), norm


def clip_grad_norm__adds_1e_6(grads, max_norm):
    """Right for ordinary gradients, but very small ones come out too short: a constant is added to the norm before the
    division, as PyTorch does. Here a clipped gradient has exactly the norm max_norm."""
    norm = _norm(grads)
    return _scaled(grads, min(1.0, max_norm / (norm + 1e-6))), norm


def clip_grad_norm__norm_after_clipping(grads, max_norm):
    """The gradients are right, but the norm that comes back is the one after clipping, which never exceeds the limit.
    What is worth watching is the norm before."""
    clipped = _scaled(grads, max_norm / max(_norm(grads), max_norm))
    return clipped, _norm(clipped)


def clip_grad_norm__changes_the_gradients(grads, max_norm):
    """The values are right, but the caller's gradients were overwritten. PyTorch's function does that; here new arrays
    are returned."""
    norm = _norm(grads)
    for grad in grads:
        grad *= max_norm / max(norm, max_norm)
    return grads, norm


def gru_cell__plain_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The candidate is returned as the new state, as if this were a plain cell. The update gate has to mix it with the
    old state."""
    (r_x, _, n_x), (r_h, _, n_h) = _gru_parts(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    return np.tanh(n_x + _sigmoid(r_x + r_h) * n_h)


def gru_cell__update_gate_first(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The first block of rows is treated as the update gate and the second as the reset gate. That is the order of
    Keras; here, as in PyTorch, the reset gate comes first."""
    (z_x, r_x, n_x), (z_h, r_h, n_h) = _gru_parts(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    z, n = _sigmoid(z_x + z_h), np.tanh(n_x + _sigmoid(r_x + r_h) * n_h)
    return (1 - z) * n + z * h


def gru_cell__update_gate_reversed(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The update gate works the other way round: where it is open, the candidate is taken. Some papers write it like
    this; here an open update gate keeps the old state."""
    (r_x, z_x, n_x), (r_h, z_h, n_h) = _gru_parts(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    z, n = _sigmoid(z_x + z_h), np.tanh(n_x + _sigmoid(r_x + r_h) * n_h)
    return z * n + (1 - z) * h


def gru_cell__reset_before_the_product(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The reset gate multiplies the old state before the product with the weights, as in the paper of Cho et al.
    PyTorch, and this exercise, multiply the result of the product, bias included."""
    (r_x, z_x, n_x), (r_h, z_h, _) = _gru_parts(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    r, z, size = _sigmoid(r_x + r_h), _sigmoid(z_x + z_h), h.shape[1]
    n = np.tanh(n_x + (r * h) @ weight_hh[2 * size :].T + bias_hh[2 * size :])
    return (1 - z) * n + z * h


def gru_cell__bias_not_reset(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The reset gate multiplies the product of weights and state, but not the bias that belongs to it. In the candidate
    bias_hh stands inside the brackets."""
    (r_x, z_x, n_x), (r_h, z_h, n_h) = _gru_parts(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    z, bias = _sigmoid(z_x + z_h), bias_hh[2 * h.shape[1] :]
    n = np.tanh(n_x + _sigmoid(r_x + r_h) * (n_h - bias) + bias)
    return (1 - z) * n + z * h


def gru_cell__reset_gate_unused(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The candidate always sees the whole old state: the reset gate plays no part. It multiplies what comes from h."""
    (_, z_x, n_x), (_, z_h, n_h) = _gru_parts(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    z, n = _sigmoid(z_x + z_h), np.tanh(n_x + n_h)
    return (1 - z) * n + z * h


def gru_cell__candidate_sigmoid(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The candidate goes through a sigmoid like the gates, so it can never be negative. It is content, not a gate: it
    needs a tanh."""
    (r_x, z_x, n_x), (r_h, z_h, n_h) = _gru_parts(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    z, n = _sigmoid(z_x + z_h), _sigmoid(n_x + _sigmoid(r_x + r_h) * n_h)
    return (1 - z) * n + z * h


def gru_cell__infinity_by_infinity(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Right for ordinary inputs, but NaN for large ones: in your sigmoid the exponential overflows above and below the
    line. Find a form in which it stands below the line only."""
    (r_x, z_x, n_x), (r_h, z_h, n_h) = _gru_parts(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    r, z = (np.exp(a) / (1 + np.exp(a)) for a in (r_x + r_h, z_x + z_h))
    return (1 - z) * np.tanh(n_x + r * n_h) + z * h


def gru_cell__changes_the_old_state(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The values are right, but they were written into the caller's h: operators such as *= and += work in place. Make
    a new array for the new state; the way back still needs the old one."""
    (r_x, z_x, n_x), (r_h, z_h, n_h) = _gru_parts(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    z, n = _sigmoid(z_x + z_h), np.tanh(n_x + _sigmoid(r_x + r_h) * n_h)
    h *= z
    h += (1 - z) * n
    return h
