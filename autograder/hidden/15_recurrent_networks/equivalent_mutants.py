"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

_BIASES = "the two biases are only ever added up"

EQUIVALENT = {
    "rnn_forward": {
        "h = rnn_cell(x_t, h, weight_ih, weight_hh, bias_ih, bias_hh) -> "
        "h = rnn_cell(x_t, h, weight_ih, weight_hh, (bias_hh), (bias_ih))": _BIASES,
    },
    "rnn_backward": {
        "outputs, _ = rnn_forward(x, h0, weight_ih, weight_hh, bias_ih, bias_hh) -> "
        "outputs, _ = rnn_forward(x, h0, weight_ih, weight_hh, (bias_hh), (bias_ih))": _BIASES,
    },
}
