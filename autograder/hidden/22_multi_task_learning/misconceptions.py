"""Known wrong answers to 22_multi_task_learning; the docstring of each is its diagnosis."""

import torch
import torch.nn.functional as F


def _features(x, trunk):
    return torch.tanh(F.linear(x, trunk["weight"], trunk["bias"]))


def _error(hidden, head, target):
    return F.linear(hidden, head["weight"], head["bias"]) - target


def _to_trunk(hidden_gradient, hidden, x):
    trunk_gradient = hidden_gradient * (1 - hidden**2)
    return {"weight": trunk_gradient.T @ x, "bias": trunk_gradient.sum(0)}


def multi_task_forward__trunk_not_activated(x, trunk, heads):
    """There is no tanh after the trunk. Trunk and head are then together one linear map, and the features that the
    tasks share amount to nothing that a single layer could not do."""
    hidden = F.linear(x, trunk["weight"], trunk["bias"])
    return {name: F.linear(hidden, head["weight"], head["bias"]) for name, head in heads.items()}


def multi_task_forward__relu_in_the_trunk(x, trunk, heads):
    """The features look like those of a ReLU: none is negative. The trunk of this topic ends in a tanh."""
    hidden = F.relu(F.linear(x, trunk["weight"], trunk["bias"]))
    return {name: F.linear(hidden, head["weight"], head["bias"]) for name, head in heads.items()}


def multi_task_forward__outputs_activated(x, trunk, heads):
    """All outputs lie between -1 and 1: a tanh was applied to the heads as well. Heads are linear, for their targets
    may be any numbers."""
    hidden = _features(x, trunk)
    return {name: torch.tanh(F.linear(hidden, head["weight"], head["bias"])) for name, head in heads.items()}


def multi_task_forward__no_head_bias(x, trunk, heads):
    """The biases of the heads are missing. Add each after the product with the weight of its head."""
    return {name: F.linear(_features(x, trunk), head["weight"]) for name, head in heads.items()}


def multi_task_forward__no_trunk_bias(x, trunk, heads):
    """The bias of the trunk is missing. It is added before the tanh."""
    hidden = torch.tanh(F.linear(x, trunk["weight"]))
    return {name: F.linear(hidden, head["weight"], head["bias"]) for name, head in heads.items()}


def multi_task_forward__first_head_for_all(x, trunk, heads):
    """Every task gets the output of the first head. Only the trunk is shared; each task has a head of its own."""
    head = next(iter(heads.values()))
    output = F.linear(_features(x, trunk), head["weight"], head["bias"])
    return dict.fromkeys(heads, output)


def multi_task_forward__writes_into_heads(x, trunk, heads):
    """The outputs are right, but they were written into the dict of the heads, whose weights are lost to the caller.
    Start a new dict for the outputs."""
    hidden = _features(x, trunk)
    for name, head in heads.items():
        heads[name] = F.linear(hidden, head["weight"], head["bias"])
    return heads


def multi_task_loss__not_weighted(losses, weights):
    """The losses are added up as they are. Multiply each with the weight of its task first, or the task with the
    largest unit decides everything."""
    return sum(losses.values())


def multi_task_loss__mean_over_tasks(losses, weights):
    """The sum is divided by the number of tasks. The total is the weighted sum itself, not a mean."""
    return sum(weights[name] * losses[name] for name in losses) / len(losses)


def multi_task_loss__divided_by_the_weights(losses, weights):
    """The sum is divided by the sum of the weights, as in a weighted average. The weights here need not sum to 1 and
    are used as they are."""
    total = sum(weights[name] * losses[name] for name in losses)
    return total / max(sum(weights.values()), 1e-12)


def multi_task_loss__by_order(losses, weights):
    """The first weight goes to the first loss, the second to the second. The two dicts may list their tasks in
    different orders: look the weight up under the name of the task."""
    return sum(weight * loss for loss, weight in zip(losses.values(), weights.values(), strict=True))


def multi_task_loss__last_task_overwrites(losses, weights):
    """Only the last task is left: the total is assigned anew in each round. Add to it instead."""
    for name, loss in losses.items():
        total = weights[name] * loss
    return total


def multi_task_loss__in_place(losses, weights):
    """The total is right, but the losses themselves were changed: *= writes into the tensors that you were given.
    Compute each product as a new tensor."""
    for name in losses:
        losses[name] *= weights[name]
    return sum(losses.values())


def uncertainty_weighted_loss__no_regularizer(losses, log_vars):
    """The log-variances themselves are missing in the sum. Without that price, training would make every variance
    infinite and so ignore all tasks."""
    return sum(torch.exp(-log_vars[name]) * losses[name] for name in losses)


def uncertainty_weighted_loss__not_weighted(losses, log_vars):
    """The log-variances are added, but the losses are not weighted by them: each loss is divided by its variance."""
    return sum(losses[name] + log_vars[name] for name in losses)


def uncertainty_weighted_loss__multiplied_by_the_variance(losses, log_vars):
    """The losses are multiplied with the variance: the sign in the exponent is missing. A task that is uncertain has
    to count less, not more."""
    return sum(torch.exp(log_vars[name]) * losses[name] + log_vars[name] for name in losses)


def uncertainty_weighted_loss__halved(losses, log_vars):
    """The result is half of what it should be. The factor of one half of the Gaussian likelihood is left out here."""
    return sum(0.5 * (torch.exp(-log_vars[name]) * losses[name] + log_vars[name]) for name in losses)


def uncertainty_weighted_loss__half_the_price(losses, log_vars):
    """You add half of each log-variance, as the paper does for classification. In the form used here the whole
    log-variance is added for every task."""
    return sum(torch.exp(-log_vars[name]) * losses[name] + log_vars[name] / 2 for name in losses)


def uncertainty_weighted_loss__log_of_sigma(losses, log_vars):
    """The losses are divided by the exponential of twice the log-variance, as if it were the logarithm of the
    standard deviation. It is that of the variance: nothing has to be squared."""
    return sum(torch.exp(-2 * log_vars[name]) * losses[name] + log_vars[name] for name in losses)


def uncertainty_weighted_loss__never_negative(losses, log_vars):
    """A negative total was cut off at zero. It may be negative, since a small variance has a negative logarithm; and
    where it is cut off, nothing is learned any more."""
    return sum(torch.exp(-log_vars[name]) * losses[name] + log_vars[name] for name in losses).clamp(min=0)


def uncertainty_weighted_loss__by_order(losses, log_vars):
    """The first log-variance goes to the first loss, the second to the second. The two dicts may list their tasks in
    different orders: look it up under the name of the task."""
    return sum(torch.exp(-s) * loss + s for loss, s in zip(losses.values(), log_vars.values(), strict=True))


def uncertainty_weighted_loss__in_place(losses, log_vars):
    """The total is right, but the losses themselves were changed: *= writes into the tensors that you were given.
    Compute each product as a new tensor."""
    for name in losses:
        losses[name] *= torch.exp(-log_vars[name])
    return sum(losses.values()) + sum(log_vars.values())


def shared_gradient__last_task_overwrites(x, targets, trunk, heads, weights):
    """Only one task is left in the gradient: that of the task before is overwritten in each round. In the trunk the
    gradients of all tasks are added up."""
    hidden = _features(x, trunk)
    for name, head in heads.items():
        error = _error(hidden, head, targets[name])
        hidden_gradient = weights[name] * 2 / error.numel() * error @ head["weight"]
    return _to_trunk(hidden_gradient, hidden, x)


def shared_gradient__not_weighted(x, targets, trunk, heads, weights):
    """All tasks count the same: the weights are not used. Multiply the gradient of each task with its weight."""
    hidden = _features(x, trunk)
    hidden_gradient = 0
    for name, head in heads.items():
        error = _error(hidden, head, targets[name])
        hidden_gradient = hidden_gradient + 2 / error.numel() * error @ head["weight"]
    return _to_trunk(hidden_gradient, hidden, x)


def shared_gradient__mean_over_tasks(x, targets, trunk, heads, weights):
    """The gradient is divided by the number of tasks. The total loss is a sum over tasks, and so is its gradient."""
    hidden = _features(x, trunk)
    hidden_gradient = 0
    for name, head in heads.items():
        error = _error(hidden, head, targets[name])
        hidden_gradient = hidden_gradient + weights[name] * 2 / error.numel() * error @ head["weight"]
    return _to_trunk(hidden_gradient / len(heads), hidden, x)


def shared_gradient__mean_over_rows_only(x, targets, trunk, heads, weights):
    """Tasks with several outputs have too large a share. The squared errors are averaged over rows and outputs, not
    summed over the outputs."""
    hidden = _features(x, trunk)
    hidden_gradient = 0
    for name, head in heads.items():
        error = _error(hidden, head, targets[name])
        hidden_gradient = hidden_gradient + weights[name] * 2 / len(x) * error @ head["weight"]
    return _to_trunk(hidden_gradient, hidden, x)


def shared_gradient__factor_two_missing(x, targets, trunk, heads, weights):
    """The gradient is half of what it should be. The squared error has no factor of one half here, so its derivative
    has a factor of 2."""
    hidden = _features(x, trunk)
    hidden_gradient = 0
    for name, head in heads.items():
        error = _error(hidden, head, targets[name])
        hidden_gradient = hidden_gradient + weights[name] / error.numel() * error @ head["weight"]
    return _to_trunk(hidden_gradient, hidden, x)


def shared_gradient__no_tanh_derivative(x, targets, trunk, heads, weights):
    """The slope of the tanh is missing. On its way from the features back to the weights, the gradient passes the
    tanh, which multiplies it by one minus the square of the feature."""
    hidden = _features(x, trunk)
    hidden_gradient = 0
    for name, head in heads.items():
        error = _error(hidden, head, targets[name])
        hidden_gradient = hidden_gradient + weights[name] * 2 / error.numel() * error @ head["weight"]
    return {"weight": hidden_gradient.T @ x, "bias": hidden_gradient.sum(0)}


def shared_gradient__weights_by_order(x, targets, trunk, heads, weights):
    """The first weight goes to the first head, the second to the second. The dicts may list their tasks in different
    orders: look the weight up under the name of the task."""
    hidden = _features(x, trunk)
    hidden_gradient = 0
    for (name, head), weight in zip(heads.items(), weights.values(), strict=True):
        error = _error(hidden, head, targets[name])
        hidden_gradient = hidden_gradient + weight * 2 / error.numel() * error @ head["weight"]
    return _to_trunk(hidden_gradient, hidden, x)


def shared_gradient__descent_direction(x, targets, trunk, heads, weights):
    """The sign is reversed. Asked for is the gradient, which points uphill; the minus belongs to the step that follows
    it down."""
    hidden = _features(x, trunk)
    hidden_gradient = 0
    for name, head in heads.items():
        error = _error(hidden, head, targets[name])
        hidden_gradient = hidden_gradient - weights[name] * 2 / error.numel() * error @ head["weight"]
    return _to_trunk(hidden_gradient, hidden, x)


def shared_gradient__errors_in_place(x, targets, trunk, heads, weights):
    """The gradient is right, but the targets were changed: -= writes into the tensor on its left. Compute each error
    as a new tensor."""
    hidden = _features(x, trunk)
    hidden_gradient = 0
    for name, head in heads.items():
        error = targets[name]
        error -= F.linear(hidden, head["weight"], head["bias"])
        hidden_gradient = hidden_gradient - weights[name] * 2 / error.numel() * error @ head["weight"]
    return _to_trunk(hidden_gradient, hidden, x)
