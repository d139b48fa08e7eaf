import numpy as np


def minibatch_indices__not_shuffled(num_examples, batch_size, rng):
    """The batches hold the examples in their original order. Data often comes sorted by class or by time, so
    neighbouring examples are alike: bring the indices into a random order before you cut them."""
    order = np.arange(num_examples)
    return [order[start : start + batch_size] for start in range(0, num_examples, batch_size)]


def minibatch_indices__with_replacement(num_examples, batch_size, rng):
    """Some examples appear twice and others not at all. Every index is drawn independently, but an epoch visits
    each example exactly once: shuffle, instead of drawing again and again."""
    order = rng.integers(num_examples, size=num_examples)
    return [order[start : start + batch_size] for start in range(0, num_examples, batch_size)]


def minibatch_indices__drops_the_last(num_examples, batch_size, rng):
    """The examples left over at the end are lost, when the batch size does not divide their number. A short last
    batch holds them."""
    order = rng.permutation(num_examples)
    last = num_examples - batch_size + 1
    return [order[start : start + batch_size] for start in range(0, last, batch_size)]


def minibatch_indices__evened_out(num_examples, batch_size, rng):
    """The batches are made nearly equal, so that several are too short. All batches have batch_size examples,
    except that the last takes what is left; np.array_split does not cut like that."""
    return np.array_split(rng.permutation(num_examples), -(-num_examples // batch_size))


def minibatch_indices__shuffles_only_the_batches(num_examples, batch_size, rng):
    """The batches come in random order, but every batch is a run of neighbours. The examples must be mixed before
    they are cut into batches, not after."""
    blocks = [np.arange(start, min(start + batch_size, num_examples)) for start in range(0, num_examples, batch_size)]
    order = np.concatenate([blocks[i] for i in rng.permutation(len(blocks))])
    return [order[start : start + batch_size] for start in range(0, num_examples, batch_size)]


def minibatch_indices__own_generator(num_examples, batch_size, rng):
    """The order is the same in every call, whatever generator is passed. A generator made inside the function
    starts anew each time, so all epochs look alike: draw from rng."""
    order = np.random.default_rng(0).permutation(num_examples)
    return [order[start : start + batch_size] for start in range(0, num_examples, batch_size)]


def minibatch_indices__never_stays(num_examples, batch_size, rng):
    """Some orders can never come up: no example ever stays in its place. In the shuffle by exchanges
    (Fisher-Yates), the partner of an element may be the element itself: the range to draw from is one too short."""
    order = np.arange(num_examples)
    for i in range(num_examples - 1, 0, -1):
        j = rng.integers(i)
        order[i], order[j] = order[j], order[i]
    return [order[start : start + batch_size] for start in range(0, num_examples, batch_size)]


def sgd_step__uphill(param, grad, lr):
    """The step goes uphill. The gradient points where the loss grows; to make it smaller, go the other way."""
    return param + lr * grad


def sgd_step__returns_the_step(param, grad, lr):
    """What comes back is the step, not the parameter after it."""
    return -lr * grad


def sgd_step__ignores_the_learning_rate(param, grad, lr):
    """The step is the whole gradient. Scale it with the learning rate."""
    return param - grad


def sgd_step__normalised(param, grad, lr):
    """The step has the same length whatever the gradient's. Only the direction of the gradient was used, but in SGD
    a steep slope means a long step: don't divide by the norm."""
    return param - lr * grad / np.linalg.norm(grad)


def sgd_step__sign_only(param, grad, lr):
    """Every parameter moves by the learning rate exactly, up or down. That is sign descent; SGD uses the size of
    the gradient too."""
    return param - lr * np.sign(grad)


def sgd_step__clips(param, grad, lr):
    """Right for small gradients, too short a step for large ones: the gradient is clipped on the way. Clipping is a
    decision of its own; the plain update does not make it."""
    return param - lr * np.clip(grad, -1, 1)


def sgd_step__changes_param(param, grad, lr):
    """The values are right, but param itself was changed, and the caller may still need it. An operator such as -=
    writes into the caller's array; compute a new one."""
    param -= lr * grad
    return param


def momentum_step__average(param, grad, velocity, lr, momentum=0.9):
    """The gradient enters with weight 1 - momentum, which makes the velocity an average of gradients. In this
    convention (PyTorch's) it is a sum: the gradient enters whole."""
    velocity = momentum * velocity + (1 - momentum) * grad
    return param - lr * velocity, velocity


def momentum_step__regulariser(param, grad, velocity, lr, momentum=0.9):
    """The gradient was added to a share of the parameter, as if momentum were a regulariser. Document A (question
    33) says so, but what is remembered is the velocity of the previous step."""
    velocity = momentum * param + grad
    return param - lr * velocity, velocity


def momentum_step__old_velocity(param, grad, velocity, lr, momentum=0.9):
    """The velocity that comes back is right, but the parameter was moved by the old one, which does not know
    today's gradient yet. Update the velocity first, then move."""
    return param - lr * velocity, momentum * velocity + grad


def momentum_step__nesterov(param, grad, velocity, lr, momentum=0.9):
    """The velocity is right, but the step looks ahead: momentum is applied to the new velocity once more. That is
    Nesterov's variant; here the step is the learning rate times the new velocity."""
    velocity = momentum * velocity + grad
    return param - lr * (grad + momentum * velocity), velocity


def momentum_step__learning_rate_in_the_velocity(param, grad, velocity, lr, momentum=0.9):
    """The velocity is in units of the parameter, with the learning rate and the minus sign in it. Many texts write
    it so, but here the velocity collects plain gradients, and the learning rate comes in only when the parameter
    moves."""
    velocity = momentum * velocity - lr * grad
    return param + velocity, velocity


def momentum_step__ignores_momentum(param, grad, velocity, lr, momentum=0.9):
    """Right for the default momentum only: 0.9 of the velocity is kept whatever the caller asks for. Use the
    argument."""
    velocity = 0.9 * velocity + grad
    return param - lr * velocity, velocity


def momentum_step__changes_velocity(param, grad, velocity, lr, momentum=0.9):
    """The values are right, but the velocity that was passed in was changed, and the caller may still need it.
    Operators such as *= and += write into the caller's array; compute a new one."""
    velocity *= momentum
    velocity += grad
    return param - lr * velocity, velocity


def adagrad_step__no_root(param, grad, square_sum, lr, eps=1e-10):
    """The sum is right, but the gradient is divided by the sum itself. Document A (question 33) says so; with
    squares in the sum, only its root has the unit of the gradient."""
    square_sum = square_sum + grad**2
    return param - lr * grad / (square_sum + eps), square_sum


def adagrad_step__sums_absolute_values(param, grad, square_sum, lr, eps=1e-10):
    """The sum collects the absolute values of the gradients. It is their squares that are added up, and the root is
    taken of the sum."""
    square_sum = square_sum + np.abs(grad)
    return param - lr * grad / (np.sqrt(square_sum) + eps), square_sum


def adagrad_step__eps_inside_the_root(param, grad, square_sum, lr, eps=1e-10):
    """Right for ordinary gradients, much too short a step for tiny ones: eps is added before the root, which makes
    it the far larger root of eps. Take the root first."""
    square_sum = square_sum + grad**2
    return param - lr * grad / np.sqrt(square_sum + eps), square_sum


def adagrad_step__old_sum(param, grad, square_sum, lr, eps=1e-10):
    """The sum that comes back is right, but the step was divided by the root of the old one. At the very first step
    that is eps alone, and the parameter is thrown far away: update the sum first."""
    return param - lr * grad / (np.sqrt(square_sum) + eps), square_sum + grad**2


def adagrad_step__one_sum_for_all(param, grad, square_sum, lr, eps=1e-10):
    """All parameters share one sum of squares. The point of AdaGrad is that every parameter has its own: square
    entry by entry, and add nothing up across entries."""
    square_sum = square_sum + np.sum(grad**2)
    return param - lr * grad / (np.sqrt(square_sum) + eps), square_sum


def adagrad_step__forgets_eps(param, grad, square_sum, lr, eps=1e-10):
    """NaN for a parameter that has never had a gradient, as zero is divided by zero. That is what eps is for."""
    square_sum = square_sum + grad**2
    return param - lr * grad / np.sqrt(square_sum), square_sum


def adagrad_step__changes_square_sum(param, grad, square_sum, lr, eps=1e-10):
    """The values are right, but the sum that was passed in was changed, and the caller may still need it. An
    operator such as += writes into the caller's array; compute a new one."""
    square_sum += grad**2
    return param - lr * grad / (np.sqrt(square_sum) + eps), square_sum


def rmsprop_step__sums_like_adagrad(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    """The squares are added up and never forgotten. That is AdaGrad, whose steps only ever shrink; RMSProp takes a
    moving average, in which alpha has a part."""
    square_avg = square_avg + grad**2
    return param - lr * grad / (np.sqrt(square_avg) + eps), square_avg


def rmsprop_step__alpha_on_the_new(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    """The two weights of the average are exchanged. alpha is the share of the old average that is kept; the new
    square gets the rest."""
    square_avg = (1 - alpha) * square_avg + alpha * grad**2
    return param - lr * grad / (np.sqrt(square_avg) + eps), square_avg


def rmsprop_step__whole_square(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    """The old average is decayed, but the new square enters whole, so the result is no average: the two weights
    should sum to 1."""
    square_avg = alpha * square_avg + grad**2
    return param - lr * grad / (np.sqrt(square_avg) + eps), square_avg


def rmsprop_step__eps_inside_the_root(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    """Right for ordinary gradients, much too short a step for tiny ones: eps is added before the root, which makes
    it the far larger root of eps. Some libraries do so; here the root comes first."""
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / np.sqrt(square_avg + eps), square_avg


def rmsprop_step__old_average(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    """The average that comes back is right, but the step was divided by the root of the old one. At the very first
    step that is eps alone, and the parameter is thrown far away: update the average first."""
    new_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / (np.sqrt(square_avg) + eps), new_avg


def rmsprop_step__other_default(param, grad, square_avg, lr, alpha=0.9, eps=1e-8):
    """Right when alpha is given, but the default is 0.9. The original lecture has that value, and so has Keras;
    this exercise follows PyTorch: keep the default of the signature."""
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / (np.sqrt(square_avg) + eps), square_avg


def rmsprop_step__changes_square_avg(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    """The values are right, but the average that was passed in was changed, and the caller may still need it.
    Operators such as *= and += write into the caller's array; compute a new one."""
    square_avg *= alpha
    square_avg += (1 - alpha) * grad**2
    return param - lr * grad / (np.sqrt(square_avg) + eps), square_avg


def adam_step__no_correction(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The averages are right, but the step uses them uncorrected. Both start at zero and are too small at first,
    one much more than the other: the step number is there to correct them."""
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return param - lr * m / (np.sqrt(v) + eps), m, v


def adam_step__same_correction_every_step(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Right at step 1, wrong afterwards: the correction is always that of the first step. It fades as the averages
    warm up, because the betas are raised to the power of the step number."""
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return param - lr * m / (1 - beta1) / (np.sqrt(v / (1 - beta2)) + eps), m, v


def adam_step__returns_corrected_averages(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The parameter is right, but the averages come back corrected, so the next step would correct them a second
    time. The corrected ones serve this step only; return m and v as they were before the correction."""
    m = (beta1 * m + (1 - beta1) * grad) / (1 - beta1**step)
    v = (beta2 * v + (1 - beta2) * grad**2) / (1 - beta2**step)
    return param - lr * m / (np.sqrt(v) + eps), m, v


def adam_step__raw_gradient(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The averages are right, but the step has the plain gradient in its numerator, as if Adam were SGD with
    AdaGrad's scaling (document A, questions 9 and 38). Its momentum is missing: the corrected m belongs there."""
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return param - lr * grad / (np.sqrt(v / (1 - beta2**step)) + eps), m, v


def adam_step__centred(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """v averages the squared distance of the gradient from m, a variance. Document A (question 33) calls it that,
    but Adam averages the squared gradient itself, with nothing subtracted."""
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * (grad - m) ** 2
    return param - lr * m / (1 - beta1**step) / (np.sqrt(v / (1 - beta2**step)) + eps), m, v


def adam_step__eps_inside_the_root(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Right for ordinary gradients, much too short a step for tiny ones: eps is added before the root, which makes
    it the far larger root of eps. Take the root first."""
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return param - lr * m / (1 - beta1**step) / np.sqrt(v / (1 - beta2**step) + eps), m, v


def adam_step__eps_before_the_correction(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Right for ordinary gradients, too short a step for tiny ones. eps is added to the root of the uncorrected v,
    and the correction in the learning rate magnifies it: correct v first, take the root, then add eps."""
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr = lr * np.sqrt(1 - beta2**step) / (1 - beta1**step)
    return param - lr * m / (np.sqrt(v) + eps), m, v


def adamax_step__average_of_absolute_values(param, grad, m, u, step, lr=2e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """u is a moving average of the gradient's absolute value. In Adamax it is a maximum: the larger of the decayed
    u and the new absolute value."""
    m = beta1 * m + (1 - beta1) * grad
    u = beta2 * u + (1 - beta2) * (np.abs(grad) + eps)
    return param - lr / (1 - beta1**step) * m / u, m, u


def adamax_step__corrects_u_too(param, grad, m, u, step, lr=2e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The state is right, but the step divides by a corrected u, as Adam does with v. A maximum takes in the first
    gradient whole and needs no correction."""
    m = beta1 * m + (1 - beta1) * grad
    u = np.maximum(beta2 * u, np.abs(grad) + eps)
    return param - lr / (1 - beta1**step) * m / (u / (1 - beta2**step)), m, u


def adamax_step__no_correction(param, grad, m, u, step, lr=2e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """The state is right, but the first steps are too short. u needs no correction, but m does: it starts at zero,
    as in Adam."""
    m = beta1 * m + (1 - beta1) * grad
    u = np.maximum(beta2 * u, np.abs(grad) + eps)
    return param - lr * m / u, m, u


def adamax_step__eps_outside(param, grad, m, u, step, lr=2e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Right for ordinary gradients, but u differs where the gradient is tiny or eps is large. eps is added when
    dividing, as in Adam; here it is added to |grad| inside the maximum and stays in u."""
    m = beta1 * m + (1 - beta1) * grad
    u = np.maximum(beta2 * u, np.abs(grad))
    return param - lr / (1 - beta1**step) * m / (u + eps), m, u


def adamax_step__keeps_the_sign(param, grad, m, u, step, lr=2e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Right for positive gradients, but a large negative one does not count in u. What is compared is the size of
    the gradient, without its sign."""
    m = beta1 * m + (1 - beta1) * grad
    u = np.maximum(beta2 * u, grad + eps)
    return param - lr / (1 - beta1**step) * m / u, m, u


def adamax_step__u_never_decays(param, grad, m, u, step, lr=2e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """u is the largest gradient ever seen and never becomes smaller, so one outlier slows down the rest of the
    training. Let the old u decay before comparing."""
    m = beta1 * m + (1 - beta1) * grad
    u = np.maximum(u, np.abs(grad) + eps)
    return param - lr / (1 - beta1**step) * m / u, m, u


def adamax_step__learning_rate_of_adam(param, grad, m, u, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Right when the learning rate is given, but the default is that of Adam, 0.001. Adamax has 0.002: keep the
    default of the signature."""
    m = beta1 * m + (1 - beta1) * grad
    u = np.maximum(beta2 * u, np.abs(grad) + eps)
    return param - lr / (1 - beta1**step) * m / u, m, u


def _adam(param, grad, m, v, step, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return param - lr * m / (1 - beta1**step) / (np.sqrt(v / (1 - beta2**step)) + eps), m, v


def adamw_step__decay_in_the_gradient(
    param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2
):
    """m and v contain the decay: it was added to the gradient, as a penalty on the loss would do (document A,
    question 3). That is Adam with L2 regularisation; in AdamW the decay bypasses the averages and acts on the
    parameter alone."""
    return _adam(param, grad + weight_decay * param, m, v, step, lr, beta1, beta2, eps)


def adamw_step__shrinks_the_step(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    """The decay makes the step smaller instead of the weight. Document A (question 3) puts it that way, but without
    any gradient the weight must still decay."""
    return _adam(param, grad, m, v, step, lr * (1 - weight_decay), beta1, beta2, eps)


def adamw_step__decay_without_learning_rate(
    param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2
):
    """The weight decays too much: by the whole weight_decay, whatever the learning rate. The paper writes it so
    (with a schedule factor), PyTorch multiplies the decay with the learning rate, and so does this exercise."""
    return _adam((1 - weight_decay) * param, grad, m, v, step, lr, beta1, beta2, eps)


def adamw_step__decays_after_the_step(
    param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2
):
    """Nearly right, but the step of Adam is shrunk as well, because the decay comes last. It is the parameter
    before the step that decays."""
    param, m, v = _adam(param, grad, m, v, step, lr, beta1, beta2, eps)
    return (1 - lr * weight_decay) * param, m, v


def adamw_step__grows(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    """The weights are pushed away from zero instead of towards it: the decay has the wrong sign."""
    return _adam((1 + lr * weight_decay) * param, grad, m, v, step, lr, beta1, beta2, eps)


def adamw_step__no_decay_by_default(
    param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0
):
    """Right when the decay is given, but by default there is none, as in Adam. AdamW decays by 0.01 unless told
    otherwise: keep the default of the signature."""
    return _adam((1 - lr * weight_decay) * param, grad, m, v, step, lr, beta1, beta2, eps)


def adamw_step__one_step_ahead(param, grad, m, v, step, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    """The bias correction is that of the next step: the step number already counts from 1 and was increased once
    more. Use it as it comes."""
    step += 1
    return _adam((1 - lr * weight_decay) * param, grad, m, v, step, lr, beta1, beta2, eps)
