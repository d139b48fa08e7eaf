import numpy as np


def _softmax(logits, axis=-1):
    z = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return z / z.sum(axis=axis, keepdims=True)


def _log_softmax(logits, axis=-1):
    shifted = logits - logits.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _sigmoid(logits):
    z = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1, z) / (1 + z)


def mse_loss__sum(prediction, target):
    """The result grows with the number of elements: it is the sum of the squares. The M in MSE stands for mean."""
    return np.sum((prediction - target) ** 2)


def mse_loss__as_in_a13(prediction, target):
    """Too large by the number of outputs. The squares of every row are summed and only the sums are averaged, which is
    how the sentence in document A (question 13) reads; the mean is over all elements."""
    return np.mean(np.sum((prediction - target) ** 2, axis=-1))


def mse_loss__square_of_the_mean(prediction, target):
    """Errors of opposite sign cancel, so that a bad model can get a loss near 0. The mean is squared here; square
    first, then average."""
    return np.mean(prediction - target) ** 2


def mse_loss__root(prediction, target):
    """The result is the square root of the right one. That is the RMSE, which has the unit of the targets; the loss is
    asked for without the root."""
    return np.sqrt(np.mean((prediction - target) ** 2))


def mse_loss__half(prediction, target):
    """The result is half of the right one. Textbooks often put a factor 1/2 in front to make the derivative shorter;
    the definition here, and PyTorch's, has none."""
    return 0.5 * np.mean((prediction - target) ** 2)


def mse_loss__not_averaged(prediction, target):
    """An array came back: the squared error of every element. A loss is one number, so the mean is still missing."""
    return (prediction - target) ** 2


def mse_loss__changes_input(prediction, target):
    """The value is right, but the predictions were changed on the way, and the caller still needs them for the
    gradient. An operator such as -= writes into the caller's array; compute a new one."""
    prediction -= target
    return np.mean(prediction**2)


def binary_cross_entropy__positive_class_only(probability, target):
    """Elements whose target is 0 cost nothing, so a model that always answers 1 would be perfect. The second half of
    the formula is missing: the probability of class 0 counts where class 0 was right."""
    with np.errstate(divide="ignore"):
        return -np.mean(target * np.maximum(np.log(probability), -100))


def binary_cross_entropy__as_in_a13(probability, target):
    """One logarithm too many. Document A (question 13) speaks of the logarithm of the negative log-likelihood, but the
    negative log-likelihood, averaged, already is the loss."""
    with np.errstate(divide="ignore"):
        log_p, log_q = np.maximum(np.log(probability), -100), np.maximum(np.log(1 - probability), -100)
    return np.log(-np.mean(target * log_p + (1 - target) * log_q))


def binary_cross_entropy__no_clamp(probability, target):
    """Right for ordinary probabilities, but infinite or NaN as soon as one of them is exactly 0 or 1: log(0) is minus
    infinity, and 0 times infinity is NaN. Clamp the logarithms before you multiply."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.mean(target * np.log(probability) + (1 - target) * np.log(1 - probability))


def binary_cross_entropy__clips_the_probability(probability, target):
    """Right for ordinary probabilities, but a certain and wrong answer costs too little. The probability is kept away
    from 0 and 1 by a small number, and the logarithm of that number is far above -100: clamp the logarithms instead."""
    p = np.clip(probability, 1e-7, 1 - 1e-7)
    return -np.mean(target * np.log(p) + (1 - target) * np.log(1 - p))


def binary_cross_entropy__hard_targets(probability, target):
    """Right for targets of 0 and 1, but a target in between is treated as one of the two. Do not decide between the two
    logarithms: weigh them."""
    with np.errstate(divide="ignore"):
        return -np.mean(np.maximum(np.log(np.where(target > 0.5, probability, 1 - probability)), -100))


def binary_cross_entropy__sum(probability, target):
    """The result grows with the number of elements: it is the sum of their losses. The mean is asked for."""
    with np.errstate(divide="ignore"):
        log_p, log_q = np.maximum(np.log(probability), -100), np.maximum(np.log(1 - probability), -100)
    return -np.sum(target * log_p + (1 - target) * log_q)


def binary_cross_entropy__changes_input(probability, target):
    """The value is right, but the probabilities were changed on the way, and the caller may still need them. An out=
    that names an argument writes into the caller's array; let NumPy make a new one."""
    with np.errstate(divide="ignore"):
        log_q = np.maximum(np.log(1 - probability), -100)
        np.log(probability, out=probability)
    np.maximum(probability, -100, out=probability)
    return -np.mean(target * probability + (1 - target) * log_q)


def binary_cross_entropy_with_logits__takes_probabilities(logits, target):
    """The logits are treated as if they were probabilities already, so a negative one gives NaN. They are scores that
    may be any number: the sigmoid belongs to this loss."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.mean(target * np.log(logits) + (1 - target) * np.log(1 - logits))


def binary_cross_entropy_with_logits__through_the_sigmoid(logits, target):
    """Right for ordinary logits, but infinite or NaN for large ones: the sigmoid has rounded to 0 or 1 before the
    logarithm sees it. Simplify the logarithm of the sigmoid on paper before you compute anything."""
    p = _sigmoid(logits)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.mean(target * np.log(p) + (1 - target) * np.log(1 - p))


def binary_cross_entropy_with_logits__clamped(logits, target):
    """Right for ordinary logits, but a certain and wrong answer costs too little. The sigmoid is computed first and its
    logarithm clamped, as in binary_cross_entropy; starting from logits, the loss can be had without a limit."""
    p = _sigmoid(logits)
    with np.errstate(divide="ignore"):
        log_p, log_q = np.maximum(np.log(p), -100), np.maximum(np.log(1 - p), -100)
    return -np.mean(target * log_p + (1 - target) * log_q)


def binary_cross_entropy_with_logits__overflows(logits, target):
    """Right for ordinary and for very negative logits, but infinite for large positive ones, where the exponential
    overflows. Find a form whose exponential is small on both sides."""
    with np.errstate(over="ignore"):
        return np.mean(np.log(1 + np.exp(logits)) - target * logits)


def binary_cross_entropy_with_logits__signed_targets(logits, target):
    """Right where the target is 1, but where it is 0 every logit costs the same. This form is for targets of -1 and 1;
    here they are 0 and 1, or in between."""
    return np.mean(np.logaddexp(0, -target * logits))


def binary_cross_entropy_with_logits__sum(logits, target):
    """The result grows with the number of elements: it is the sum of their losses. The mean is asked for."""
    return np.sum(np.logaddexp(0, logits) - target * logits)


def binary_cross_entropy_with_logits__changes_input(logits, target):
    """The value is right, but the logits were changed on the way, and the caller still needs them for the gradient. An
    operator such as *= writes into the caller's array; compute a new one."""
    right = np.logaddexp(0, logits)
    logits *= target
    return np.mean(right - logits)


def log_softmax__logarithm_of_softmax(logits, axis=-1):
    """Right for logits of similar size, but minus infinity when they lie far apart: the softmax has rounded a small
    probability to 0. Write the logarithm of the quotient as a difference, and no quotient is needed."""
    with np.errstate(divide="ignore"):
        return np.log(_softmax(logits, axis))


def log_softmax__logarithm_with_a_floor(logits, axis=-1):
    """Finite everywhere, but wrong for unlikely classes: the small number inside the logarithm puts a floor under the
    result, which has none. Avoid the zero instead of covering it, with a form that needs no quotient."""
    return np.log(_softmax(logits, axis) + 1e-9)


def log_softmax__no_shift(logits, axis=-1):
    """Right for ordinary logits, but infinite or NaN for large or very negative ones: the exponentials overflow, or all
    become 0. Subtract something from the logits first; the result does not change."""
    with np.errstate(over="ignore", divide="ignore"):
        return logits - np.log(np.exp(logits).sum(axis=axis, keepdims=True))


def log_softmax__softmax(logits, axis=-1):
    """The results are probabilities. Their logarithms are asked for, numbers that are at most 0."""
    return _softmax(logits, axis)


def log_softmax__one_maximum_for_all(logits, axis=-1):
    """Right as long as all slices are of similar size. The largest logit of the whole array is subtracted everywhere,
    so a slice far below it is left with exponentials that are all 0: shift every slice by its own maximum."""
    shifted = logits - logits.max()
    with np.errstate(divide="ignore"):
        return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def log_softmax__ignores_the_axis(logits, axis=-1):
    """Right for the default axis only: the exponentials sum to 1 along the last axis whatever the caller asks for. Use
    the argument, for the maximum and for the sum."""
    return _log_softmax(logits)


def log_softmax__changes_input(logits, axis=-1):
    """The values are right, but the logits themselves were changed on the way, and the caller may still need them. An
    operator such as -= writes into the caller's array; compute a new one."""
    logits -= logits.max(axis=axis, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=axis, keepdims=True))


def cross_entropy_loss__takes_probabilities(logits, target):
    """The logits are treated as if they were probabilities already, so a negative one gives NaN. They are scores that
    may be any number: the softmax belongs to this loss."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.mean(np.log(logits[np.arange(len(target)), target]))


def cross_entropy_loss__softmax_twice(logits, target):
    """Even a certain and right answer costs something, and a wrong one too little. Softmax is applied twice: the
    log-softmax contains one already, so give it the logits."""
    return -np.mean(_log_softmax(_softmax(logits))[np.arange(len(target)), target])


def cross_entropy_loss__logarithm_with_a_floor(logits, target):
    """Right for ordinary logits, but a certain and wrong answer costs too little: the small number inside the logarithm
    limits the loss. Take the log-softmax, which cannot become infinite, and no such number is needed."""
    return -np.mean(np.log(_softmax(logits)[np.arange(len(target)), target] + 1e-7))


def cross_entropy_loss__every_target_for_every_row(logits, target):
    """Every row is charged for the targets of all examples, not for its own alone. A colon in front of an array of
    columns picks these columns from all rows: pair the rows with the targets."""
    return -np.mean(_log_softmax(logits)[:, target])


def cross_entropy_loss__mean_over_classes_too(logits, target):
    """Too small by the number of classes. With one-hot targets most products are 0, and the mean counts them; divide by
    the number of examples alone."""
    return -np.mean(np.eye(logits.shape[1])[target] * _log_softmax(logits))


def cross_entropy_loss__binary_for_every_class(logits, target):
    """Too large: the wrong classes are charged as well, each as in a binary cross-entropy. The softmax has tied the
    probabilities together already, so only that of the right class enters."""
    one_hot, p = np.eye(logits.shape[1])[target], _softmax(logits)
    with np.errstate(divide="ignore"):
        log_p, log_q = np.maximum(np.log(p), -100), np.maximum(np.log(1 - p), -100)
    return -np.mean(np.sum(one_hot * log_p + (1 - one_hot) * log_q, axis=1))


def cross_entropy_loss__changes_input(logits, target):
    """The value is right, but the logits were changed on the way, and the caller still needs them for the gradient. An
    operator such as -= writes into the caller's array; compute a new one."""
    logits -= logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(logits).sum(axis=1))
    return np.mean(log_sums - logits[np.arange(len(target)), target])
