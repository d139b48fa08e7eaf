import numpy as np


def batch_norm_train__standardizes_only(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """The output has mean 0 and variance 1, and gamma and beta are never used. The documents stop there (A11, A35,
    A39), but the learned scale and shift are part of the layer."""
    mean, var = x.mean(axis=0), x.var(axis=0)
    if len(x) == 1:
        raise ValueError("x has one row")
    new_mean = (1 - momentum) * running_mean + momentum * mean
    new_var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    return (x - mean) / np.sqrt(var + eps), new_mean, new_var


def batch_norm_train__one_mean_for_all(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """The whole batch shares one mean and one variance, which is how B11 and B35 can be read. A mean without an axis
    runs over everything: every feature needs a mean of its own."""
    if len(x) == 1:
        raise ValueError("x has one row")
    mean, var = x.mean(), x.var()
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    new_mean = (1 - momentum) * running_mean + momentum * mean
    new_var = (1 - momentum) * running_var + momentum * x.var(ddof=1)
    return y, new_mean, new_var


def batch_norm_train__per_example(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """Each example is normalized over its own features. That is layer norm: batch norm compares the examples with each
    other, feature by feature, so mean and variance run along the other axis."""
    if len(x) == 1:
        raise ValueError("x has one row")
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    new_mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
    new_var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    return y, new_mean, new_var


def batch_norm_train__normalizes_with_running(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """The output is made with the running statistics. In training they are only collected: normalize with the mean and
    the variance of the batch itself."""
    if len(x) == 1:
        raise ValueError("x has one row")
    new_mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
    new_var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    return gamma * (x - new_mean) / np.sqrt(new_var + eps) + beta, new_mean, new_var


def batch_norm_train__momentum_reversed(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """The running statistics jump almost all the way to each batch. Keras and many courses call the weight of the old
    value momentum; here, as in PyTorch, it is the weight of the new one."""
    if len(x) == 1:
        raise ValueError("x has one row")
    mean, var = x.mean(axis=0), x.var(axis=0)
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    new_mean = momentum * running_mean + (1 - momentum) * mean
    new_var = momentum * running_var + (1 - momentum) * x.var(axis=0, ddof=1)
    return y, new_mean, new_var


def batch_norm_train__biased_running_variance(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """All is right but the running variance, which takes in the biased variance of the batch. Many courses do that; the
    paper and PyTorch use the unbiased one there, divided by N - 1."""
    if len(x) == 1:
        raise ValueError("x has one row")
    mean, var = x.mean(axis=0), x.var(axis=0)
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    return y, (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_var + momentum * var


def batch_norm_train__squares_minus_square(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """Right for ordinary features, but wrong or NaN for those far from zero. The mean of the squares less the square of
    the mean subtracts two huge numbers that are almost equal: square the deviations from the mean instead."""
    n = len(x)
    if n == 1:
        raise ValueError("x has one row")
    mean = x.mean(axis=0)
    var = (x**2).mean(axis=0) - mean**2
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    new_var = (1 - momentum) * running_var + momentum * var * n / (n - 1)
    return y, (1 - momentum) * running_mean + momentum * mean, new_var


def batch_norm_train__no_eps(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """eps is never used. A feature that is the same in all examples is then divided by 0 and becomes NaN: add eps to
    the variance."""
    if len(x) == 1:
        raise ValueError("x has one row")
    mean = x.mean(axis=0)
    y = gamma * (x - mean) / x.std(axis=0) + beta
    new_mean = (1 - momentum) * running_mean + momentum * mean
    new_var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    return y, new_mean, new_var


def batch_norm_train__accepts_one_example(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """A batch of one example is accepted. Its output would be beta, whatever the input, and its unbiased variance is 0
    / 0, which spoils the running statistics for good: raise ValueError."""
    mean, var = x.mean(axis=0), x.var(axis=0)
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    new_mean = (1 - momentum) * running_mean + momentum * mean
    new_var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    return y, new_mean, new_var


def batch_norm_train__changes_running_statistics(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    """The values are right, but the running statistics of the caller were overwritten. PyTorch does that; this function
    returns new ones. Operators such as *= and += write into the array that was passed in."""
    if len(x) == 1:
        raise ValueError("x has one row")
    mean, var = x.mean(axis=0), x.var(axis=0)
    running_mean *= 1 - momentum
    running_mean += momentum * mean
    running_var *= 1 - momentum
    running_var += momentum * x.var(axis=0, ddof=1)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta, running_mean, running_var


def batch_norm_eval__batch_statistics(x, gamma, beta, running_mean, running_var, eps=1e-5):
    """The batch is normalized with its own mean and variance, as in training. In evaluation the running statistics take
    their place, so that an example's output does not depend on its company."""
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


def batch_norm_eval__standardizes_only(x, gamma, beta, running_mean, running_var, eps=1e-5):
    """gamma and beta are never used. The documents stop at mean 0 and deviation 1 (A11, A35, A39), but the learned
    scale and shift are part of the layer, in evaluation too."""
    return (x - running_mean) / np.sqrt(running_var + eps)


def batch_norm_eval__no_eps(x, gamma, beta, running_mean, running_var, eps=1e-5):
    """eps is never used. A feature that never varied in training is then divided by 0: add eps to the variance."""
    return gamma * (x - running_mean) / np.sqrt(running_var) + beta


def batch_norm_eval__eps_outside_the_root(x, gamma, beta, running_mean, running_var, eps=1e-5):
    """eps is added to the standard deviation. It belongs to the variance, under the root; for features of small
    variance that makes a great difference."""
    return gamma * (x - running_mean) / (np.sqrt(running_var) + eps) + beta


def batch_norm_eval__divides_by_the_variance(x, gamma, beta, running_mean, running_var, eps=1e-5):
    """The deviations are divided by the variance. They have the unit of x, the variance that of its square: take the
    root."""
    return gamma * (x - running_mean) / (running_var + eps) + beta


def batch_norm_eval__corrects_the_variance_again(x, gamma, beta, running_mean, running_var, eps=1e-5):
    """The running variance is multiplied by N / (N - 1). The paper does that when it reads the estimates out; here they
    were corrected when they were collected, and the size of this batch has nothing to do with them."""
    n = len(x)
    return gamma * (x - running_mean) / np.sqrt(running_var * n / (n - 1) + eps) + beta


def batch_norm_eval__other_default(x, gamma, beta, running_mean, running_var, eps=1e-3):
    """Right when eps is given, but the default is 1e-3. Libraries differ here (Keras has 1e-3); this exercise follows
    PyTorch: keep the default of the signature."""
    return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta


def batch_norm_eval__changes_input(x, gamma, beta, running_mean, running_var, eps=1e-5):
    """The values are right, but x itself was changed on the way, and the caller may still need it. An operator such as
    -= writes into the caller's array; compute a new one."""
    x -= running_mean
    return gamma * x / np.sqrt(running_var + eps) + beta


def batch_norm2d_train__over_the_batch_only(x, gamma, beta, eps=1e-5):
    """Every position of the image has a mean of its own, over the batch. A channel is one feature, wherever it is
    looked at: its mean runs over all images and all positions together."""
    xhat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
    return gamma.reshape(1, -1, 1, 1) * xhat + beta.reshape(1, -1, 1, 1)


def batch_norm2d_train__each_image_by_itself(x, gamma, beta, eps=1e-5):
    """Each image has means of its own, one per channel. That is instance norm: batch norm takes the mean of a channel
    over the images as well."""
    mean, var = x.mean(axis=(2, 3), keepdims=True), x.var(axis=(2, 3), keepdims=True)
    return gamma.reshape(1, -1, 1, 1) * (x - mean) / np.sqrt(var + eps) + beta.reshape(1, -1, 1, 1)


def batch_norm2d_train__layer_norm_axes(x, gamma, beta, eps=1e-5):
    """Each image has one mean over all of its channels. That is a layer norm: in batch norm the channels are kept apart
    and the images are taken together."""
    mean, var = x.mean(axis=(1, 2, 3), keepdims=True), x.var(axis=(1, 2, 3), keepdims=True)
    return gamma.reshape(1, -1, 1, 1) * (x - mean) / np.sqrt(var + eps) + beta.reshape(1, -1, 1, 1)


def batch_norm2d_train__reshape_mixes_channels(x, gamma, beta, eps=1e-5):
    """The columns that are normalized are not the channels. Reshape never moves a number past another, and the channels
    are the second axis: bring them to the end first."""
    rows = x.reshape(-1, x.shape[1])
    rows = gamma * (rows - rows.mean(axis=0)) / np.sqrt(rows.var(axis=0) + eps) + beta
    return rows.reshape(x.shape)


def batch_norm2d_train__scale_along_the_width(x, gamma, beta, eps=1e-5):
    """gamma and beta meet the width of the images instead of the channels. Shapes are lined up from the right: give
    them two more axes of length 1 at the end."""
    mean, var = x.mean(axis=(0, 2, 3), keepdims=True), x.var(axis=(0, 2, 3), keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


def batch_norm2d_train__standardizes_only(x, gamma, beta, eps=1e-5):
    """gamma and beta are never used. Each channel is scaled and shifted again after it has been normalized."""
    mean, var = x.mean(axis=(0, 2, 3), keepdims=True), x.var(axis=(0, 2, 3), keepdims=True)
    return (x - mean) / np.sqrt(var + eps)


def batch_norm2d_train__unbiased(x, gamma, beta, eps=1e-5):
    """The variance is divided by one less than the number of its terms. The unbiased variance is for the running
    statistics; to normalize, use the biased one."""
    mean, var = x.mean(axis=(0, 2, 3), keepdims=True), x.var(axis=(0, 2, 3), keepdims=True, ddof=1)
    return gamma.reshape(1, -1, 1, 1) * (x - mean) / np.sqrt(var + eps) + beta.reshape(1, -1, 1, 1)


def batch_norm2d_train__mean_of_the_variances(x, gamma, beta, eps=1e-5):
    """The variance is the mean of the variances of the single images. The images differ in level too, and that spread
    is lost: measure all deviations from the mean of the whole channel."""
    mean, var = x.mean(axis=(0, 2, 3), keepdims=True), x.var(axis=(2, 3), keepdims=True).mean(axis=0)
    return gamma.reshape(1, -1, 1, 1) * (x - mean) / np.sqrt(var + eps) + beta.reshape(1, -1, 1, 1)


def batch_norm2d_train__squares_minus_square(x, gamma, beta, eps=1e-5):
    """Right for ordinary channels, but wrong or NaN for those far from zero. The mean of the squares less the square of
    the mean subtracts two huge numbers that are almost equal: square the deviations from the mean instead."""
    mean = x.mean(axis=(0, 2, 3), keepdims=True)
    var = (x**2).mean(axis=(0, 2, 3), keepdims=True) - mean**2
    return gamma.reshape(1, -1, 1, 1) * (x - mean) / np.sqrt(var + eps) + beta.reshape(1, -1, 1, 1)


def batch_norm_backward__statistics_as_constants(grad_output, x, gamma, eps=1e-5):
    """The gradient of x is grad_output times a factor, as if mean and variance were constants. Both move when an input
    moves, and so do the outputs of all other examples: two terms are missing."""
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    return gamma / std * grad_output, (grad_output * x_hat).sum(axis=0), grad_output.sum(axis=0)


def batch_norm_backward__variance_as_constant(grad_output, x, gamma, eps=1e-5):
    """The gradient of x counts that the mean moves with the input, but not the variance. A third term is missing, the
    one along the normalized input."""
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    grad_x = gamma / std * (grad_output - grad_output.mean(axis=0))
    return grad_x, (grad_output * x_hat).sum(axis=0), grad_output.sum(axis=0)


def batch_norm_backward__sums_for_means(grad_output, x, gamma, eps=1e-5):
    """The terms that are subtracted in the gradient of x are N times too large. Each example has only 1/N of the mean
    and of the variance: divide the two sums by N."""
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    grad_gamma, grad_beta = (grad_output * x_hat).sum(axis=0), grad_output.sum(axis=0)
    return gamma / std * (grad_output - grad_beta - x_hat * grad_gamma), grad_gamma, grad_beta


def batch_norm_backward__scale_forgotten(grad_output, x, gamma, eps=1e-5):
    """The gradient of x does not contain gamma. On its way back, grad_output first passes the scale of its feature."""
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    grad_gamma, grad_beta = (grad_output * x_hat).sum(axis=0), grad_output.sum(axis=0)
    return (grad_output - (grad_beta + x_hat * grad_gamma) / len(x)) / std, grad_gamma, grad_beta


def batch_norm_backward__scale_meets_the_raw_input(grad_output, x, gamma, eps=1e-5):
    """The gradient of gamma is computed from x as it came in. What gamma multiplies in the forward pass is the
    normalized input."""
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    grad_x = gamma / std * (grad_output - grad_output.mean(axis=0) - x_hat * (grad_output * x_hat).mean(axis=0))
    return grad_x, (grad_output * x).sum(axis=0), grad_output.sum(axis=0)


def batch_norm_backward__averages_over_the_batch(grad_output, x, gamma, eps=1e-5):
    """The gradients of gamma and beta are N times too small. All examples use the same parameters, so their shares add
    up; if the loss is a mean, grad_output already contains the division."""
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    grad_gamma, grad_beta = (grad_output * x_hat).mean(axis=0), grad_output.mean(axis=0)
    return gamma / std * (grad_output - grad_beta - x_hat * grad_gamma), grad_gamma, grad_beta


def batch_norm_backward__unbiased(grad_output, x, gamma, eps=1e-5):
    """The variance is divided by N - 1. The forward pass normalizes with the biased variance, and so must the backward
    pass."""
    std = np.sqrt(x.var(axis=0, ddof=1) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    grad_gamma, grad_beta = (grad_output * x_hat).sum(axis=0), grad_output.sum(axis=0)
    return gamma / std * (grad_output - (grad_beta + x_hat * grad_gamma) / len(x)), grad_gamma, grad_beta


def batch_norm_backward__no_eps(grad_output, x, gamma, eps=1e-5):
    """eps is never used. The gradient belongs to the forward pass, which has eps under its root; without it a constant
    feature gives NaN."""
    std = x.std(axis=0)
    x_hat = (x - x.mean(axis=0)) / std
    grad_gamma, grad_beta = (grad_output * x_hat).sum(axis=0), grad_output.sum(axis=0)
    return gamma / std * (grad_output - (grad_beta + x_hat * grad_gamma) / len(x)), grad_gamma, grad_beta


def batch_norm_backward__changes_grad_output(grad_output, x, gamma, eps=1e-5):
    """The values are right, but grad_output itself was changed on the way, and the caller may still need it. An
    operator such as *= writes into the caller's array; compute a new one."""
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    grad_gamma, grad_beta = (grad_output * x_hat).sum(axis=0), grad_output.sum(axis=0)
    grad_output *= gamma
    grad_x = (grad_output - grad_output.mean(axis=0) - x_hat * (grad_output * x_hat).mean(axis=0)) / std
    return grad_x, grad_gamma, grad_beta


def layer_norm__over_the_batch(x, gamma, beta, eps=1e-5):
    """Mean and variance run over the examples. That is batch norm: layer norm looks at one vector at a time, along the
    last axis."""
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


def layer_norm__whole_example(x, gamma, beta, eps=1e-5):
    """Right for a table, but for more axes everything but the first shares one mean. Each vector along the last axis
    (each token) has a mean of its own."""
    axes = tuple(range(1, x.ndim)) or 0
    mean, var = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


def layer_norm__loses_the_axis(x, gamma, beta, eps=1e-5):
    """A mean along an axis loses that axis, so that it no longer lines up with x: NumPy complains about broadcasting,
    or silently matches the wrong entries. Keep the axis, with length 1."""
    return gamma * (x - x.mean(axis=-1)) / np.sqrt(x.var(axis=-1) + eps) + beta


def layer_norm__standardizes_only(x, gamma, beta, eps=1e-5):
    """gamma and beta are never used. Each feature is scaled and shifted again after the vector has been normalized."""
    return (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + eps)


def layer_norm__unbiased(x, gamma, beta, eps=1e-5):
    """The variance is divided by D - 1, the default of PyTorch's own var and std. Layer norm uses the biased one,
    divided by D; a single feature then has variance 0, not NaN."""
    var = x.var(axis=-1, ddof=1, keepdims=True)
    return gamma * (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(var + eps) + beta


def layer_norm__eps_outside_the_root(x, gamma, beta, eps=1e-5):
    """eps is added to the standard deviation, as in some well-known Transformer code. It belongs to the variance, under
    the root; for vectors of small variance that makes a great difference."""
    return gamma * (x - x.mean(axis=-1, keepdims=True)) / (x.std(axis=-1, keepdims=True) + eps) + beta


def layer_norm__not_centred(x, gamma, beta, eps=1e-5):
    """The vectors are scaled but not centred. That is RMSNorm with a shift: layer norm subtracts the mean first and
    measures the spread around it."""
    return gamma * x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + eps) + beta


def layer_norm__squares_minus_square(x, gamma, beta, eps=1e-5):
    """Right for ordinary vectors, but wrong or NaN for those far from zero. The mean of the squares less the square of
    the mean subtracts two huge numbers that are almost equal: square the deviations from the mean instead."""
    mean = x.mean(axis=-1, keepdims=True)
    var = (x**2).mean(axis=-1, keepdims=True) - mean**2
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


def layer_norm__changes_input(x, gamma, beta, eps=1e-5):
    """The values are right, but x itself was changed on the way, and the caller may still need it. An operator such as
    -= writes into the caller's array; compute a new one."""
    x -= x.mean(axis=-1, keepdims=True)
    return gamma * x / np.sqrt(x.var(axis=-1, keepdims=True) + eps) + beta
