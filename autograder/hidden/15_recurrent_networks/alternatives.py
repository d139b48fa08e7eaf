"""Right answers to 15_recurrent_networks written another way; every one must get full marks."""

import math

import numpy as np


def _step(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """One step of the plain cell on the joined vector [x, h]."""
    weight = np.hstack([weight_ih, weight_hh])
    return np.tanh(np.concatenate([x, h], axis=1) @ weight.T + (bias_ih + bias_hh))


def _float32(*arrays):
    return tuple(np.asarray(a, dtype=np.float32) for a in arrays)


def rnn_cell__joined_input(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """One product with the joined vector [x, h], and one bias, the sum of the two."""
    return _step(x, h, weight_ih, weight_hh, bias_ih, bias_hh)


def rnn_cell__number_by_number(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Loops over examples and units, with the tanh of the math module."""
    result = np.zeros(h.shape)
    for n, unit in np.ndindex(h.shape):
        total = bias_ih[unit] + bias_hh[unit]
        total += sum(a * b for a, b in zip(x[n].tolist(), weight_ih[unit].tolist(), strict=True))
        total += sum(a * b for a, b in zip(h[n].tolist(), weight_hh[unit].tolist(), strict=True))
        result[n, unit] = math.tanh(total)
    return result


def rnn_cell__sigmoid_in_float32(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The tanh is made of a sigmoid, which overflows harmlessly; everything in float32."""
    x, h, weight_ih, weight_hh, bias_ih, bias_hh = _float32(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    a = np.einsum("ni,hi->nh", x, weight_ih) + np.einsum("nj,hj->nh", h, weight_hh) + bias_ih + bias_hh
    return 2 / (1 + np.exp(-2 * a)) - 1


def rnn_forward__filled_array(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Writes the states into an array with a row for the initial state, then cuts that row off."""
    states = np.zeros((len(x) + 1, *h0.shape))
    states[0] = h0
    for t in range(len(x)):
        states[t + 1] = _step(x[t], states[t], weight_ih, weight_hh, bias_ih, bias_hh)
    return states[1:], states[-1]


def rnn_forward__input_products_first(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """All products with the input at once, before the loop; a list in place of the tuple."""
    h, outputs = h0, []
    for from_x in np.tensordot(x, weight_ih, axes=(2, 1)) + bias_ih + bias_hh:
        h = np.tanh(from_x + h @ weight_hh.T)
        outputs.append(h)
    return [np.array(outputs), outputs[-1].copy()]


def rnn_forward__recursion_in_float32(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """The first step, then the rest of the sequence by a call of itself; everything in float32."""
    parameters = _float32(weight_ih, weight_hh, bias_ih, bias_hh)
    h = _step(*_float32(x[0], h0), *parameters)
    if len(x) == 1:
        return h[None], h
    outputs, h_last = rnn_forward__recursion_in_float32(x[1:], h, *parameters)
    return np.concatenate([h[None], outputs]), h_last


def rnn_backward__joined_weights(grad_outputs, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """One weight for the joined vector [x, h], accumulated step by step; the slope is one by cosh squared."""
    weight, size = np.hstack([weight_ih, weight_hh]), x.shape[2]
    joined, arguments, h = [], [], h0
    for x_t in x:
        joined.append(np.hstack([x_t, h]))
        arguments.append(joined[-1] @ weight.T + bias_ih + bias_hh)
        h = np.tanh(arguments[-1])
    grad_weight, grad_bias, grad_x = np.zeros(weight.shape), np.zeros(bias_ih.shape), np.zeros(x.shape)
    grad_h = np.zeros(h0.shape)
    for t in range(len(x) - 1, -1, -1):
        delta = (grad_h + grad_outputs[t]) / np.cosh(arguments[t]) ** 2
        grad_weight += delta.T @ joined[t]
        grad_bias += delta.sum(axis=0)
        back = delta @ weight
        grad_x[t], grad_h = back[:, :size], back[:, size:]
    return {
        "x": grad_x,
        "h0": grad_h,
        "weight_ih": grad_weight[:, :size],
        "weight_hh": grad_weight[:, size:],
        "bias_ih": grad_bias,
        "bias_hh": grad_bias,
    }


def rnn_backward__every_output_by_itself(grad_outputs, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """A way back of its own for the gradient of each output, and all of them added up."""
    h, states = h0, [h0]
    for x_t in x:
        h = _step(x_t, h, weight_ih, weight_hh, bias_ih, bias_hh)
        states.append(h)
    total = np.zeros((len(x), *h0.shape))
    grad_h0 = np.zeros(h0.shape)
    for last in range(len(x)):
        grad = grad_outputs[last]
        for t in range(last, -1, -1):
            grad = grad * (1 - states[t + 1]) * (1 + states[t + 1])
            total[t] += grad
            grad = grad @ weight_hh
        grad_h0 += grad
    previous, units = np.stack(states[:-1]).reshape(-1, h0.shape[1]), total.reshape(-1, h0.shape[1])
    return {
        "h0": grad_h0,
        "x": np.einsum("tnh,hi->tni", total, weight_ih),
        "bias_ih": units.sum(axis=0),
        "bias_hh": units.sum(axis=0),
        "weight_ih": units.T @ x.reshape(-1, x.shape[2]),
        "weight_hh": units.T @ previous,
    }


def rnn_backward__float32(grad_outputs, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Everything in float32, step by step."""
    grad_outputs, x, h, *parameters = _float32(grad_outputs, x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    weight_ih, weight_hh, bias_ih, bias_hh = parameters
    states = [h]
    for x_t in x:
        states.append(_step(x_t, states[-1], *parameters))
    grads = {name: np.zeros_like(a) for name, a in zip(("weight_ih", "weight_hh", "bias_ih"), parameters, strict=False)}
    grad_x, grad_h = np.zeros_like(x), np.zeros_like(h)
    for t in reversed(range(len(x))):
        delta = (grad_outputs[t] + grad_h) * (1 - np.square(states[t + 1]))
        grads["weight_ih"] += delta.T @ x[t]
        grads["weight_hh"] += delta.T @ states[t]
        grads["bias_ih"] += delta.sum(axis=0)
        grad_x[t], grad_h = delta @ weight_ih, delta @ weight_hh
    return {**grads, "bias_hh": grads["bias_ih"].copy(), "x": grad_x, "h0": grad_h}


def clip_grad_norm__branch(grads, max_norm):
    """One vector of all entries, and a branch; gradients within the limit come back as they are."""
    norm = np.linalg.norm(np.concatenate([grad.ravel() for grad in grads]))
    if norm <= max_norm:
        return grads, norm
    return [grad / norm * max_norm for grad in grads], norm


def clip_grad_norm__norm_of_norms(grads, max_norm):
    """The norm of the arrays' norms, by the math module; a tiny constant saves the division by 0."""
    norm = math.hypot(*(float(np.linalg.norm(grad.ravel())) for grad in grads))
    factor = min(1.0, max_norm / (norm + 1e-8))
    return [factor * grad for grad in grads], norm


def clip_grad_norm__copies_in_float32(grads, max_norm):
    """Copies in float32, divided in place; lists and tuples exchanged, and the norm as a 0-d array."""
    copies = tuple(np.array(grad, dtype=np.float32) for grad in grads)
    norm = np.sqrt(np.array(sum(np.vdot(grad, grad) for grad in copies)))
    if norm > max_norm:
        for grad in copies:
            grad /= norm / max_norm
    return [copies, norm]


def gru_cell__one_block_at_a_time(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Separate products for every part, and a plain sigmoid that overflows harmlessly."""
    size = h.shape[1]
    from_x, from_h = [], []
    for part in range(3):
        rows = slice(part * size, (part + 1) * size)
        from_x.append(x @ weight_ih[rows].T + bias_ih[rows])
        from_h.append(h @ weight_hh[rows].T + bias_hh[rows])
    r = 1 / (1 + np.exp(-(from_x[0] + from_h[0])))
    z = 1 / (1 + np.exp(-(from_x[1] + from_h[1])))
    n = np.tanh(from_x[2] + r * from_h[2])
    return n + z * (h - n)


def gru_cell__number_by_number(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Loops over examples and units; every sigmoid is a tanh of half the argument."""
    size = h.shape[1]
    result = np.empty(h.shape)
    for n, unit in np.ndindex(h.shape):
        from_x = [float(x[n] @ weight_ih[row] + bias_ih[row]) for row in range(unit, 3 * size, size)]
        from_h = [float(h[n] @ weight_hh[row] + bias_hh[row]) for row in range(unit, 3 * size, size)]
        reset, update = (0.5 + 0.5 * math.tanh((a + b) / 2) for a, b in zip(from_x[:2], from_h[:2], strict=True))
        candidate = math.tanh(from_x[2] + reset * from_h[2])
        result[n, unit] = (1 - update) * candidate + update * h[n, unit]
    return result


def gru_cell__einsum_in_float32(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """Weights as (3, H, ...), and everything in float32."""
    x, h, weight_ih, weight_hh, bias_ih, bias_hh = _float32(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    size = h.shape[1]
    from_x = np.einsum("ni,khi->knh", x, weight_ih.reshape(3, size, -1)) + bias_ih.reshape(3, 1, size)
    from_h = np.einsum("nj,khj->knh", h, weight_hh.reshape(3, size, size)) + bias_hh.reshape(3, 1, size)
    r, z = 0.5 + 0.5 * np.tanh((from_x[:2] + from_h[:2]) / 2)
    return (1 - z) * np.tanh(from_x[2] + r * from_h[2]) + z * h
