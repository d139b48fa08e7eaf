import numpy as np


def l1_penalty__signs_cancel(weights, strength):
    """Negative weights lower the penalty, so that it can even be negative. Either sign costs the same: take the
    absolute value of every entry before adding up."""
    return strength * sum(weight.sum() for weight in weights)


def l1_penalty__absolute_value_of_the_sum(weights, strength):
    """Positive and negative weights of an array cancel. The absolute value comes too late: it belongs to every entry,
    not to the sum."""
    return strength * sum(abs(weight.sum()) for weight in weights)


def l1_penalty__counts_nonzeros(weights, strength):
    """The size of the weights does not matter, only how many are not zero. That penalizes the lack of sparsity
    directly, but its slope is 0 almost everywhere; L1 adds up absolute values, and sparsity follows from that."""
    return strength * sum(np.count_nonzero(weight) for weight in weights)


def l1_penalty__matrix_norm(weights, strength):
    """Right for vectors only. Of a matrix, NumPy's 1-norm is the largest sum of a column, and for more axes it raises:
    here all entries count, whatever the shape."""
    return strength * sum(np.linalg.norm(weight, 1) for weight in weights)


def l1_penalty__mean(weights, strength):
    """The answer is too small: the absolute values of each array are averaged. The penalty is their sum, so that
    every weight counts the same, in a large array as in a small one."""
    return strength * sum(np.abs(weight).mean() for weight in weights)


def l1_penalty__forgets_the_strength(weights, strength):
    """The strength has no effect. It multiplies the sum, and a strength of 0 switches the penalty off."""
    return sum(np.abs(weight).sum() for weight in weights)


def l1_penalty__last_array_only(weights, strength):
    """Right for a single array, but of several only the last one counts. Inside the loop, add to the total instead of
    replacing it."""
    for weight in weights:
        total = np.abs(weight).sum()
    return strength * total


def l1_penalty__changes_weights(weights, strength):
    """The value is right, but afterwards no weight of the network is negative any more: the absolute values were
    written into the caller's arrays. Compute new ones."""
    return strength * sum(np.abs(weight, out=weight).sum() for weight in weights)


def l2_penalty__square_root(weights, strength):
    """The answer is the length of the weights, the L2 norm. Document A speaks of the norm, but the penalty is its
    square: leave the root out."""
    return strength * np.sqrt(sum(np.square(weight).sum() for weight in weights))


def l2_penalty__norm_of_each_array(weights, strength):
    """The answer is the sum of the norms of the arrays, each of which is a square root. The penalty adds up squares:
    no root, neither of the total nor of a part."""
    return strength * sum(np.linalg.norm(weight) for weight in weights)


def l2_penalty__halved(weights, strength):
    """The answer is half of what it should be. Many books write strength / 2 in front of the sum, so that the gradient
    has no 2; the convention of this topic has no such factor."""
    return strength / 2 * sum(np.square(weight).sum() for weight in weights)


def l2_penalty__mean(weights, strength):
    """The answer is too small: the squares of each array are averaged. The penalty is their sum, so that every weight
    counts the same, in a large array as in a small one."""
    return strength * sum(np.square(weight).mean() for weight in weights)


def l2_penalty__rewards_large_weights(weights, strength):
    """The sign is turned: larger weights give a smaller loss, so that training would make them grow. Regularization
    holds a model back, whatever document B says in question 34: the penalty is never negative."""
    return -strength * sum(np.square(weight).sum() for weight in weights)


def l2_penalty__forgets_the_strength(weights, strength):
    """The strength has no effect. It multiplies the sum, and a strength of 0 switches the penalty off."""
    return sum(np.square(weight).sum() for weight in weights)


def l2_penalty__square_of_the_sum(weights, strength):
    """Positive and negative weights of an array cancel before they are squared. Square every entry, and add up
    afterwards."""
    return strength * sum(weight.sum() ** 2 for weight in weights)


def l2_penalty__changes_weights(weights, strength):
    """The value is right, but afterwards all weights of the network are squared: an operator such as **= writes into
    the caller's arrays. Compute new ones."""
    total = 0.0
    for weight in weights:
        weight **= 2
        total += weight.sum()
    return strength * total


def l1_subgradient__divides_by_zero(weight, strength):
    """Right except at 0, where 0 / 0 is NaN, and one NaN spoils every later step. Decide the case of a weight that is 0
    by itself."""
    return strength * weight / np.abs(weight)


def l1_subgradient__nonzero_at_zero(weight, strength):
    """Right except at 0, which is treated like a positive number. Such a weight would be pushed away from 0, where L1
    wants it to be: its entry is 0."""
    return strength * np.where(weight >= 0, 1.0, -1.0)


def l1_subgradient__fades_near_zero(weight, strength):
    """Right for large weights only: a small number in the denominator avoids 0 / 0 but weakens the pull on small
    weights. The pull does not depend on the size of the weight, only on its sign."""
    return strength * weight / (np.abs(weight) + 1e-8)


def l1_subgradient__absolute_value(weight, strength):
    """The answer is the penalty of every weight, not its slope. How fast does |w| change when w grows a little, on
    either side of 0?"""
    return strength * np.abs(weight)


def l1_subgradient__pull_in_proportion(weight, strength):
    """Large weights are pulled more strongly than small ones. That is the gradient of the L2 penalty; the absolute
    value has the same slope everywhere on one side of 0."""
    return 2 * strength * weight


def l1_subgradient__sign_turned(weight, strength):
    """Every sign is turned. The gradient points to where the penalty grows, away from 0; it is the update that
    subtracts it."""
    return -strength * np.sign(weight)


def l1_subgradient__forgets_the_strength(weight, strength):
    """The entries are 1, -1 and 0, whatever the strength. It is a factor of the penalty, and therefore of its
    slope."""
    return np.sign(weight)


def l1_subgradient__changes_weight(weight, strength):
    """The values are right, but the weight itself was overwritten with its signs. An argument out= or an operator such
    as *= writes into the caller's array; compute a new one."""
    np.sign(weight, out=weight)
    return strength * weight


def l2_gradient__without_the_two(weight, strength):
    """The answer is half of what it should be. It would be the gradient of a penalty with a factor 1/2 in front; here
    there is none, so the exponent of the square comes down."""
    return strength * weight


def l2_gradient__sign_pull(weight, strength):
    """All weights are pulled alike, whatever their size. That is the subgradient of the L1 penalty; a square is the
    steeper, the further you are from 0."""
    return strength * np.sign(weight)


def l2_gradient__of_the_norm(weight, strength):
    """The result has the same length however large the weights are. It is the gradient of the norm; the penalty is the
    norm squared, and needs no division."""
    return strength * weight / np.linalg.norm(weight)


def l2_gradient__squares(weight, strength):
    """The answer is the penalty of every weight, not its slope, and negative weights lose their sign. Differentiate
    the square."""
    return strength * weight**2


def l2_gradient__sign_turned(weight, strength):
    """Every sign is turned. The gradient points to where the penalty grows, away from 0; it is the update that
    subtracts it."""
    return -2 * strength * weight


def l2_gradient__shrunk_weight(weight, strength):
    """The answer is a weight after a step, not the gradient. Return the gradient alone; how to use it is up to the
    caller."""
    return weight - 2 * strength * weight


def l2_gradient__forgets_the_strength(weight, strength):
    """The strength has no effect. It is a factor of the penalty, and therefore of its gradient."""
    return 2 * weight


def l2_gradient__changes_weight(weight, strength):
    """The values are right, but the weight itself was changed, and the caller still needs it. An operator such as *=
    writes into the caller's array; compute a new one."""
    weight *= 2 * strength
    return weight


def weight_decay_step__forgets_the_decay(weight, grad, lr, weight_decay):
    """The decay has no effect: this is plain gradient descent. A share of the weight is to be taken away as well."""
    return weight - lr * grad


def weight_decay_step__doubles_the_decay(weight, grad, lr, weight_decay):
    """The weights shrink twice as fast as they should. The 2 comes from the gradient of a sum of squares, but weight
    decay is no penalty: its factor stands as it is."""
    return weight - lr * (grad + 2 * weight_decay * weight)


def weight_decay_step__shrinks_the_update(weight, grad, lr, weight_decay):
    """With a gradient of 0 the weights stay as they are: the step is made smaller instead of the weights. Document A
    (question 3) has it like this, but what decays is the weight."""
    return weight - lr * (1 - weight_decay) * grad


def weight_decay_step__grows_instead(weight, grad, lr, weight_decay):
    """With a gradient of 0 the weights move away from 0. Check the sign of the decay term: like the gradient, it is
    subtracted."""
    return weight - lr * grad + lr * weight_decay * weight


def weight_decay_step__decay_without_learning_rate(weight, grad, lr, weight_decay):
    """The learning rate has no effect on the decay. Here both terms are multiplied by it, as in PyTorch, so that
    a smaller rate also means a slower decay."""
    return (1 - weight_decay) * weight - lr * grad


def weight_decay_step__decays_the_new_weight(weight, grad, lr, weight_decay):
    """Nearly right: the weight after the gradient step is shrunk, and with it the step. The share is taken from
    the weight as it was before the step."""
    weight = weight - lr * grad
    return weight - lr * weight_decay * weight


def weight_decay_step__changes_weight(weight, grad, lr, weight_decay):
    """The values are right, but the caller's weight was changed too. An operator such as -= writes into that array;
    return a new one."""
    weight -= lr * (grad + weight_decay * weight)
    return weight


def weight_decay_step__changes_grad(weight, grad, lr, weight_decay):
    """The values are right, but the decay was added into the caller's gradient, which would count it again at the next
    use. An operator such as += writes into that array; compute a new one."""
    grad += weight_decay * weight
    return weight - lr * grad


def soft_threshold__moves_past_zero(weight, threshold):
    """Right for large weights, but small ones move across 0 and come out with the other sign. They are to stop
    at 0."""
    return weight - threshold * np.sign(weight)


def soft_threshold__hard(weight, threshold):
    """Small weights become 0, but large ones stay as they are. That is hard thresholding; the soft one moves the large
    weights towards 0 too, by the threshold."""
    return np.where(np.abs(weight) > threshold, weight, 0)


def soft_threshold__sign_lost(weight, threshold):
    """No entry is negative. After the absolute value has been reduced, the sign of the weight has to come back."""
    return np.maximum(np.abs(weight) - threshold, 0)


def soft_threshold__positive_side_only(weight, threshold):
    """All negative weights become 0. Only those close to 0 should: the function treats both signs alike."""
    return np.maximum(weight - threshold, 0)


def soft_threshold__returns_what_should_go(weight, threshold):
    """Small weights stay and large ones are cut down to the threshold. That is the part to be taken away; what
    remains is the answer."""
    return np.clip(weight, -threshold, threshold)


def soft_threshold__l2_shrinkage(weight, threshold):
    """All weights are scaled down and none becomes 0. That is what the L2 penalty does; L1 subtracts the same amount
    from all of them."""
    return weight / (1 + 2 * threshold)


def soft_threshold__divides_by_zero(weight, threshold):
    """Right except when a weight and the threshold are both 0: then 0 / 0 is NaN. Do without the division, or treat
    weights that are 0 by themselves."""
    return np.maximum(1 - threshold / np.abs(weight), 0) * weight


def soft_threshold__changes_weight(weight, threshold):
    """The values are right, but the weight itself was changed, and the caller may still need it. An operator such as -=
    writes into the caller's array; work on a new one."""
    weight -= np.clip(weight, -threshold, threshold)
    return weight


def early_stopping__one_epoch_too_late(validation_losses, patience, min_delta=0.0):
    """Training stops one epoch too late. The epoch that brings the count to the patience is itself the last one:
    check with >= rather than >."""
    best, waited = 0, 0
    for epoch, loss in enumerate(validation_losses):
        if epoch == 0 or validation_losses[best] - loss > min_delta:
            best, waited = epoch, 0
        else:
            waited += 1
        if waited > patience:
            break
    return best, epoch


def early_stopping__never_counts_anew(validation_losses, patience, min_delta=0.0):
    """Training stops too early when good and bad epochs alternate: all bad epochs are counted together. A new best
    must set the count back to 0."""
    best, waited = 0, 0
    for epoch, loss in enumerate(validation_losses):
        if epoch == 0 or validation_losses[best] - loss > min_delta:
            best = epoch
        else:
            waited += 1
        if waited == patience:
            break
    return best, epoch


def early_stopping__compares_with_the_previous_epoch(validation_losses, patience, min_delta=0.0):
    """An epoch counts as the best when it is better than the one before it, even if an earlier one was better still.
    Compare with the best so far, which you have to remember."""
    best = 0
    for epoch in range(len(validation_losses)):
        if epoch > 0 and validation_losses[epoch - 1] - validation_losses[epoch] > min_delta:
            best = epoch
        if epoch - best == patience:
            break
    return best, epoch


def early_stopping__small_gains_move_the_best(validation_losses, patience, min_delta=0.0):
    """Every gain, however small, lowers the mark to beat, so that small gains never add up to a new best. The mark is
    the loss of the latest new best; a gain up to min_delta leaves it where it is."""
    best, lowest = 0, validation_losses[0]
    for epoch, loss in enumerate(validation_losses):
        if lowest - loss > min_delta:
            best = epoch
        lowest = min(lowest, loss)
        if epoch - best == patience:
            break
    return best, epoch


def early_stopping__equal_is_enough(validation_losses, patience, min_delta=0.0):
    """Right except in case of a tie: a gain of exactly min_delta, with the default a loss that stays the same, counts
    as a new best. It must be more than that."""
    best = 0
    for epoch, loss in enumerate(validation_losses):
        if validation_losses[best] - loss >= min_delta:
            best = epoch
        if epoch - best == patience:
            break
    return best, epoch


def early_stopping__ignores_min_delta(validation_losses, patience, min_delta=0.0):
    """Right for the default only: every gain is a new best, whatever min_delta the caller asks for. Use the
    argument."""
    best = 0
    for epoch, loss in enumerate(validation_losses):
        if loss < validation_losses[best]:
            best = epoch
        if epoch - best == patience:
            break
    return best, epoch


def early_stopping__never_stops(validation_losses, patience, min_delta=0.0):
    """Training always goes on to the last epoch: the patience has no effect. Count the epochs in a row without a new
    best, and leave the loop when there are enough of them."""
    best = 0
    for epoch, loss in enumerate(validation_losses):
        if validation_losses[best] - loss > min_delta:
            best = epoch
    return best, len(validation_losses) - 1


def early_stopping__looks_ahead(validation_losses, patience, min_delta=0.0):
    """The stop is right, but the best epoch is the lowest loss of the whole list, also of epochs after the stop, which
    are never trained, and whatever min_delta is. Keep track of the best epoch as you go."""
    best = 0
    for epoch, loss in enumerate(validation_losses):
        if validation_losses[best] - loss > min_delta:
            best = epoch
        if epoch - best == patience:
            break
    return int(np.argmin(validation_losses)), epoch
