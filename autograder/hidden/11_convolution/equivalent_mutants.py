"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

_LETTERS = "the letters of einsum are names; capitals name the same axes"

EQUIVALENT = {
    "conv2d": {
        'out = np.einsum("ncuvij,ocij->nouv", windows, weight) -> '
        'out = np.einsum("NCUVIJ,OCIJ->NOUV", windows, weight)': _LETTERS,
    },
    "conv2d_backward": {
        'grad_weight[:, :, i, j] = np.einsum("nouv,ncuv->oc", grad_output, padded[met]) -> '
        'grad_weight[:, :, i, j] = np.einsum("NOUV,NCUV->OC", grad_output, padded[met])': _LETTERS,
        'grad_padded[met] += np.einsum("nouv,oc->ncuv", grad_output, weight[:, :, i, j]) -> '
        'grad_padded[met] += np.einsum("NOUV,OC->NCUV", grad_output, weight[:, :, i, j])': _LETTERS,
    },
    "conv_transpose2d": {
        '"ncuv,co->nouv", x, weight[:, :, i, j] -> "NCUV,CO->NOUV", x, weight[:, :, i, j]': _LETTERS,
    },
}
