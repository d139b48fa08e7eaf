"""Right answers to 16_lstm written another way; every one must get full marks."""

import math

import numpy as np


def _sigmoid(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def _step(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """One step on the joined vector [x, h], with a sigmoid made of a tanh."""
    weight, bias = np.hstack([weight_ih, weight_hh]), bias_ih + bias_hh
    z = np.concatenate([x, h], axis=1) @ weight.T + bias
    size = h.shape[1]
    i, f, g, o = (z[:, part * size : (part + 1) * size] for part in range(4))
    c = 0.5 * (1 + np.tanh(f / 2)) * c + 0.5 * (1 + np.tanh(i / 2)) * np.tanh(g)
    return 0.5 * (1 + np.tanh(o / 2)) * np.tanh(c), c


def lstm_gates__one_block_at_a_time(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Four separate products, a plain sigmoid that overflows harmlessly, and a list in place of a tuple."""
    size = h.shape[1]
    parts = []
    for part, activation in enumerate((_sigmoid, _sigmoid, np.tanh, _sigmoid)):
        rows = slice(part * size, (part + 1) * size)
        z = x @ weight_ih[rows].T + bias_ih[rows] + h @ weight_hh[rows].T + bias_hh[rows]
        parts.append(activation(z))
    return parts


def lstm_gates__einsum_and_reshape(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Weights as (4, H, ...), and one tanh for all: sigmoid(z) = (1 + tanh(z / 2)) / 2."""
    size = h.shape[1]
    z = np.einsum("ni,khi->knh", x, weight_ih.reshape(4, size, -1))
    z = z + np.einsum("nj,khj->knh", h, weight_hh.reshape(4, size, size))
    z = z + (bias_ih + bias_hh).reshape(4, 1, size)
    scale = np.array([0.5, 0.5, 1.0, 0.5]).reshape(4, 1, 1)
    t = np.tanh(z * scale)
    return 0.5 + 0.5 * t[0], 0.5 + 0.5 * t[1], t[2], 0.5 + 0.5 * t[3]


def lstm_gates__number_by_number_in_float32(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Loops over examples and units with clipped exponentials, rounded to float32 at the end."""
    (batch, _), size = x.shape, h.shape[1]
    gates = np.empty((4, batch, size), dtype=np.float32)
    for n in range(batch):
        for row in range(4 * size):
            z = sum(a * b for a, b in zip(x[n], weight_ih[row], strict=True)) + bias_ih[row]
            z += sum(a * b for a, b in zip(h[n], weight_hh[row], strict=True)) + bias_hh[row]
            part, unit = divmod(row, size)
            gates[part, n, unit] = math.tanh(z) if part == 2 else 1 / (1 + math.exp(min(-z, 500.0)))
    return gates[0], gates[1], gates[2], gates[3]


def lstm_cell__joined_input(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """One product with [x, h]; every sigmoid is a tanh of half the argument."""
    return _step(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)


def lstm_cell__in_place_on_new_arrays(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """In-place operators, but only on arrays of its own; returns a list."""
    z = h @ weight_hh.T
    z += x @ weight_ih.T
    z += bias_ih
    z += bias_hh
    i, f, g, o = (z[:, block] for block in np.arange(z.shape[1]).reshape(4, -1))
    new = _sigmoid(f)
    new *= c
    new += _sigmoid(i) * np.tanh(g)
    return [_sigmoid(o) * np.tanh(new), new]


def lstm_cell__float32(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """Everything in float32."""
    x, h, c, weight_ih, weight_hh, bias_ih, bias_hh = (
        np.asarray(a, dtype=np.float32) for a in (x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    )
    return _step(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)


def lstm_forward__filled_array(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Writes the hidden states into an array with a row for the initial state, then cuts that row off."""
    steps, batch, _ = x.shape
    states = np.zeros((steps + 1, batch, h0.shape[1]))
    states[0] = h0
    c = c0.copy()
    for t in range(steps):
        states[t + 1], c = _step(x[t], states[t], c, weight_ih, weight_hh, bias_ih, bias_hh)
    return states[1:], states[-1], c


def lstm_forward__input_products_first(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """All products with the input at once, before the loop; a copy of the last output as final state."""
    from_input = np.tensordot(x, weight_ih, axes=(2, 1)) + bias_ih + bias_hh
    outputs, c = [h0], np.array(c0)
    for z_t in from_input:
        i, f, g, o = np.split(z_t + outputs[-1] @ weight_hh.T, 4, axis=-1)
        c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
        outputs.append(_sigmoid(o) * np.tanh(c))
    return [np.array(outputs[1:]), outputs[-1].copy(), c]


def lstm_forward__float32(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Everything in float32."""
    x, h, c, weight_ih, weight_hh, bias_ih, bias_hh = (
        np.asarray(a, dtype=np.float32) for a in (x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    )
    outputs = []
    for x_t in x:
        h, c = _step(x_t, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs.append(h)
    return np.stack(outputs), h, c


def cell_state_gradient__chain_rule_loop(forget_gates):
    """Walks back through time, one factor per step."""
    gradient = np.ones(forget_gates.shape[1:])
    for f in forget_gates[::-1]:
        gradient = gradient * f
    return gradient


def cell_state_gradient__sum_of_logarithms(forget_gates):
    """The exponential of the sum of the logarithms; a shut gate gives exp(-inf) = 0."""
    with np.errstate(divide="ignore"):
        return np.exp(np.log(forget_gates).sum(axis=0))


def cell_state_gradient__last_running_product(forget_gates):
    """The last row of the running products, in float32."""
    return np.cumprod(forget_gates, axis=0, dtype=np.float32)[-1]
