"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

_BIASES = "the two biases are only ever added up"

EQUIVALENT = {
    "lstm_cell": {
        "i, f, g, o = lstm_gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh) -> "
        "i, f, g, o = lstm_gates(x, h, weight_ih, weight_hh, (bias_hh), (bias_ih))": _BIASES,
    },
    "lstm_forward": {
        "h, c = lstm_cell(x_t, h, c, weight_ih, weight_hh, bias_ih, bias_hh) -> "
        "h, c = lstm_cell(x_t, h, c, weight_ih, weight_hh, (bias_hh), (bias_ih))": _BIASES,
    },
}
