"""Known wrong answers to 21_transfer_learning; the docstring of each is its diagnosis."""

import torch
import torch.nn.functional as F


def load_matching_weights__copies_nothing(target, source):
    """The new network comes back with its initial weights. Where name and shape agree, the tensor of the source must
    take their place: that is the transfer."""
    return dict(target), sorted(target)


def load_matching_weights__ignores_shapes(target, source):
    """You copy whatever has the same name. A new head has the name of the old one and another shape: compare the
    shapes, too."""
    weights = {name: source.get(name, tensor) for name, tensor in target.items()}
    return weights, sorted(name for name in target if name not in source)


def load_matching_weights__compares_the_number_of_entries(target, source):
    """You take tensors to fit if they have equally many entries, and reshape them. A (4, 3) tensor in a (3, 4) one has
    its entries in the wrong places: compare shapes, not sizes."""
    copied = {name for name in target if name in source and source[name].numel() == target[name].numel()}
    weights = {n: source[n].reshape(t.shape) if n in copied else t for n, t in target.items()}
    return weights, sorted(target.keys() - copied)


def load_matching_weights__broadcasts(target, source):
    """A smaller tensor of the source is broadcast to the shape of the target, as copy_ does. It was trained for
    another shape: where shapes differ, nothing is copied."""
    weights, not_copied = {}, []
    for name, tensor in target.items():
        try:
            weights[name] = source[name].expand(tensor.shape)
        except (KeyError, RuntimeError):
            weights[name] = tensor
            not_copied.append(name)
    return weights, sorted(not_copied)


def load_matching_weights__adds_what_only_the_source_has(target, source):
    """The result also holds tensors that only the trained network has. The new network has no place for them: go
    through the names of target."""
    fits = {n: t for n, t in source.items() if n not in target or t.shape == target[n].shape}
    return {**target, **fits}, sorted(target.keys() - fits.keys())


def load_matching_weights__drops_what_was_not_copied(target, source):
    """The tensors that were not copied are missing in the result. They stay as initialized, so that the new network
    is complete."""
    weights = {n: source[n] for n, t in target.items() if n in source and source[n].shape == t.shape}
    return weights, sorted(target.keys() - weights.keys())


def load_matching_weights__reports_missing_names_only(target, source):
    """The weights are right, but the list lacks the names whose shapes differ. These were not copied either, and a
    new head is the most frequent case of it."""
    copied = {n for n, t in target.items() if n in source and source[n].shape == t.shape}
    return {n: source[n] if n in copied else t for n, t in target.items()}, sorted(target.keys() - source.keys())


def load_matching_weights__reports_what_was_copied(target, source):
    """The list holds the names that *were* copied. Asked for are the others, which still have random weights."""
    copied = {n for n, t in target.items() if n in source and source[n].shape == t.shape}
    return {n: source[n] if n in copied else t for n, t in target.items()}, sorted(copied)


def load_matching_weights__not_sorted(target, source):
    """The right names, but in the order in which target holds them. Sort them."""
    copied = {n for n, t in target.items() if n in source and source[n].shape == t.shape}
    return {n: source[n] if n in copied else t for n, t in target.items()}, [n for n in target if n not in copied]


def load_matching_weights__writes_into_the_target(target, source):
    """The answer is right, but it is the dict of the caller, which you have written into. Make a new one."""
    not_copied = []
    for name, tensor in target.items():
        if name in source and source[name].shape == tensor.shape:
            target[name] = source[name]
        else:
            not_copied.append(name)
    return target, sorted(not_copied)


def _step(backbone, head, x, y, lr, trained, activation=torch.tanh, loss=F.cross_entropy):
    """One step on the parameters whose names, such as "head.bias", are in `trained`."""
    network = {"backbone": backbone, "head": head}
    network = {k: {n: t.clone().requires_grad_() for n, t in layer.items()} for k, layer in network.items()}
    before = loss(F.linear(activation(F.linear(x, **network["backbone"])), **network["head"]), y)
    before.backward()
    new = [
        {n: (t - lr * t.grad if f"{k}.{n}" in trained else t).detach() for n, t in layer.items()}
        for k, layer in network.items()
    ]
    return (*new, before.detach())


_HEAD = ("head.weight", "head.bias")
_BACKBONE = ("backbone.weight", "backbone.bias")


def _trained(freeze_backbone):
    return _HEAD if freeze_backbone else _HEAD + _BACKBONE


def fine_tune_step__trains_nothing(backbone, head, x, y, lr, freeze_backbone=True):
    """The loss is right, but all weights come back as they were. After the gradients comes the update: subtract the
    learning rate times the gradient."""
    return _step(backbone, head, x, y, lr, ())


def fine_tune_step__freezes_nothing(backbone, head, x, y, lr, freeze_backbone=True):
    """The backbone moves even if it is frozen. Look at freeze_backbone, which is True by default: then the head alone
    is trained."""
    return _step(backbone, head, x, y, lr, _HEAD + _BACKBONE)


def fine_tune_step__freezes_always(backbone, head, x, y, lr, freeze_backbone=True):
    """The backbone never moves. With freeze_backbone=False it is trained as well; if you take the features under
    no_grad or detach them, no gradient reaches it."""
    return _step(backbone, head, x, y, lr, _HEAD)


def fine_tune_step__freezes_the_head(backbone, head, x, y, lr, freeze_backbone=True):
    """It is the head that you have frozen. The backbone brings what was learned before and is kept; the head is new
    and has to learn."""
    return _step(backbone, head, x, y, lr, _BACKBONE if freeze_backbone else _HEAD + _BACKBONE)


def fine_tune_step__freezes_the_weight_only(backbone, head, x, y, lr, freeze_backbone=True):
    """The weight of the frozen backbone stays, but its bias moves. Freezing a layer means all of its parameters."""
    return _step(backbone, head, x, y, lr, (*_trained(freeze_backbone), "backbone.bias"))


def fine_tune_step__not_frozen_by_default(backbone, head, x, y, lr, freeze_backbone=False):
    """Right as long as freeze_backbone is given. Without it the backbone is to be frozen: the default is True."""
    return _step(backbone, head, x, y, lr, _trained(freeze_backbone))


def fine_tune_step__head_first(backbone, head, x, y, lr, freeze_backbone=True):
    """The backbone is trained against the *new* head, in a second pass. All gradients are taken at the same point,
    before anything moves."""
    _, new_head, loss = _step(backbone, head, x, y, lr, _HEAD)
    if not freeze_backbone:
        backbone = _step(backbone, new_head, x, y, lr, _BACKBONE)[0]
    return backbone, new_head, loss


def fine_tune_step__uphill(backbone, head, x, y, lr, freeze_backbone=True):
    """Your step goes uphill: the gradient is added, so the loss grows. Subtract it."""
    return _step(backbone, head, x, y, -lr, _trained(freeze_backbone))


def fine_tune_step__loss_after_the_step(backbone, head, x, y, lr, freeze_backbone=True):
    """The weights are right, but the loss is the one after the step. Return the loss whose gradients you took."""
    backbone, head, _ = _step(backbone, head, x, y, lr, _trained(freeze_backbone))
    return backbone, head, _step(backbone, head, x, y, lr, ())[2]


def fine_tune_step__sums_over_the_batch(backbone, head, x, y, lr, freeze_backbone=True):
    """Loss and step are larger than they should be, by a factor that is the number of examples: the cross entropy is
    added up over the batch. Take the mean."""
    return _step(backbone, head, x, y, lr, _trained(freeze_backbone), loss=lambda z, y: F.cross_entropy(z, y) * len(y))


def fine_tune_step__softmax_twice(backbone, head, x, y, lr, freeze_backbone=True):
    """The scores go through softmax before the cross entropy, which applies it once more. Give it the scores
    themselves."""

    def loss(logits, y):
        return F.cross_entropy(logits.softmax(-1), y)

    return _step(backbone, head, x, y, lr, _trained(freeze_backbone), loss=loss)


def fine_tune_step__softmax_then_logarithm(backbone, head, x, y, lr, freeze_backbone=True):
    """Right for moderate scores only. For large ones softmax gives an exact 0, whose logarithm is infinite: use a
    cross entropy or log_softmax that takes the scores."""

    def loss(logits, y):
        return F.nll_loss(logits.softmax(-1).log(), y)

    return _step(backbone, head, x, y, lr, _trained(freeze_backbone), loss=loss)


def fine_tune_step__no_tanh(backbone, head, x, y, lr, freeze_backbone=True):
    """The features lack their tanh. Without it backbone and head together are one linear map."""
    return _step(backbone, head, x, y, lr, _trained(freeze_backbone), activation=lambda h: h)


def fine_tune_step__writes_into_the_weights(backbone, head, x, y, lr, freeze_backbone=True):
    """The values are right, but the weights of the caller have changed, too. -= and add_ write into the tensor that
    they are given: update copies."""
    new_backbone, new_head, loss = _step(backbone, head, x, y, lr, _trained(freeze_backbone))
    for name in ("weight", "bias"):
        backbone[name].copy_(new_backbone[name])
        head[name].copy_(new_head[name])
    return backbone, head, loss


def _probe(features, targets, penalty):
    """Weight and bias from a penalty matrix."""
    mean = features.mean(0)
    centred = features - mean
    weight = torch.linalg.solve(centred.T @ centred + penalty, centred.T @ targets).T
    return weight, targets.mean(0) - weight @ mean


def _identity(features):
    return torch.eye(features.shape[1], dtype=features.dtype)


def _one_hot(features, labels, num_classes):
    return F.one_hot(labels, num_classes).to(features.dtype)


def linear_probe__ignores_the_penalty(features, labels, num_classes, l2):
    """This is least squares without a penalty: l2 has no effect. It belongs on the diagonal of the matrix, and makes
    the answer unique if there are few examples."""
    targets = _one_hot(features, labels, num_classes)
    centred = features - features.mean(0)
    weight = (torch.linalg.pinv(centred) @ targets).T
    return weight, targets.mean(0) - weight @ features.mean(0)


def linear_probe__penalizes_the_bias(features, labels, num_classes, l2):
    """The column of ones is penalized like the features, so the bias is drawn towards zero. Leave the bias out of the
    penalty."""
    ones = torch.ones(len(features), 1, dtype=features.dtype)
    design = torch.cat([features, ones], 1)
    targets = _one_hot(features, labels, num_classes)
    solution = torch.linalg.solve(design.T @ design + l2 * _identity(design), design.T @ targets)
    return solution[:-1].T, solution[-1]


def linear_probe__no_bias(features, labels, num_classes, l2):
    """The model has no bias: yours is always zero, and the weights have to make up for it. Centre the features, and
    compute the bias from the means."""
    targets = _one_hot(features, labels, num_classes)
    weight = torch.linalg.solve(features.T @ features + l2 * _identity(features), features.T @ targets).T
    return weight, torch.zeros(num_classes, dtype=features.dtype)


def linear_probe__bias_of_centred_features(features, labels, num_classes, l2):
    """The weights are right; the bias is that for centred features, the share of each class. The features that come
    in are not centred: take off what the weights make of their mean."""
    targets = _one_hot(features, labels, num_classes)
    return _probe(features, targets, l2 * _identity(features))[0], targets.mean(0)


def linear_probe__penalty_on_every_entry(features, labels, num_classes, l2):
    """l2 is added to every entry of the matrix. The penalty is l2 times the identity: it changes the diagonal only."""
    return _probe(features, _one_hot(features, labels, num_classes), torch.full_like(_identity(features), l2))


def linear_probe__mean_instead_of_sum(features, labels, num_classes, l2):
    """Your penalty is too strong by a factor that is the number of examples: you weigh it against the mean of the
    squared errors. Here it stands beside their sum."""
    return _probe(features, _one_hot(features, labels, num_classes), l2 * len(features) * _identity(features))


def linear_probe__half_the_penalty(features, labels, num_classes, l2):
    """Your penalty is half as strong as it should be. Errors and weights are both squared without a factor of one
    half, so the factors of 2 cancel."""
    return _probe(features, _one_hot(features, labels, num_classes), l2 / 2 * _identity(features))


def linear_probe__counts_the_classes_itself(features, labels, num_classes, l2):
    """There is no row for the last classes if no example belongs to them. num_classes says how many rows there
    are."""
    return _probe(features, _one_hot(features, labels, -1), l2 * _identity(features))


def linear_probe__targets_of_plus_and_minus_one(features, labels, num_classes, l2):
    """Your targets are 1 and -1, so the weights are twice as large. One-hot labels are 1 and 0."""
    return _probe(features, 2 * _one_hot(features, labels, num_classes) - 1, l2 * _identity(features))


def linear_probe__transposed(features, labels, num_classes, l2):
    """The weight comes back with one column per class. Linear layers hold one row per output: transpose it."""
    weight, bias = _probe(features, _one_hot(features, labels, num_classes), l2 * _identity(features))
    return weight.T, bias


def linear_probe__centres_in_place(features, labels, num_classes, l2):
    """The values are right, but the features of the caller are centred now, too. -= writes into the tensor on its
    left: make a new one."""
    targets, mean = _one_hot(features, labels, num_classes), features.mean(0)
    features -= mean
    weight = _probe(features, targets, l2 * _identity(features))[0]
    return weight, targets.mean(0) - weight @ mean


def layerwise_learning_rates__all_alike(num_layers, base_lr, decay):
    """Every layer has the same rate: the decay has no effect. Multiply by it once for each layer further from the
    output."""
    return [base_lr] * num_layers


def layerwise_learning_rates__last_layer_first(num_layers, base_lr, decay):
    """The rates are in the wrong order: yours fall towards the output. The first layer, whose features are the most
    general, moves least, and it comes first in the list."""
    return [base_lr * decay**layer for layer in range(num_layers)]


def layerwise_learning_rates__decays_the_last_layer(num_layers, base_lr, decay):
    """All rates are too small by one factor. The last layer has the full rate: its distance to itself is zero."""
    return [base_lr * decay ** (num_layers - layer) for layer in range(num_layers)]


def layerwise_learning_rates__decays_once(num_layers, base_lr, decay):
    """All layers but the last have the same rate. The factor applies again for every further layer."""
    return [base_lr * decay] * (num_layers - 1) + [base_lr]


def layerwise_learning_rates__linear(num_layers, base_lr, decay):
    """Your rates fall by the same amount from layer to layer. They fall by the same factor: it is a power."""
    return [base_lr * (1 - (1 - decay) * distance) for distance in reversed(range(num_layers))]


def layerwise_learning_rates__divides(num_layers, base_lr, decay):
    """Your rates grow towards the input, since you divide by the decay. The first layers learn more slowly than the
    last: multiply."""
    return [base_lr / decay**distance for distance in reversed(range(num_layers))]


def layerwise_learning_rates__takes_decay_as_the_share_lost(num_layers, base_lr, decay):
    """You take decay as the share that is lost from layer to layer. It is the share that is left: multiply by decay
    itself."""
    return [base_lr * (1 - decay) ** distance for distance in reversed(range(num_layers))]
