"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "cnn_forward": {
        'maps = np.einsum("nchwij,ocij->nohw", windows, params["conv_weight"]) + params["conv_bias"][:, None, None] -> '
        'maps = np.einsum("NCHWIJ,OCIJ->NOHW", windows, params["conv_weight"]) + params["conv_bias"][:, None, None]': (
            "the labels are only names"
        ),
        'return pooled.reshape(len(x), -1) @ params["fc_weight"].T + params["fc_bias"] -> '
        'return pooled.reshape(len(x), -2) @ params["fc_weight"].T + params["fc_bias"]': (
            "reshape takes any negative length for the one to be inferred"
        ),
    },
}
