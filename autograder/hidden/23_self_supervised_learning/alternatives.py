import math

import numpy as np


def rotation_batch__one_turn_at_a_time(images):
    """Each block is the block before it, turned once more: rows and columns exchanged, then upside down."""
    blocks = [images]
    for _ in range(3):
        blocks.append(blocks[-1].swapaxes(2, 3)[:, :, ::-1])
    return np.concatenate(blocks, axis=0), np.arange(4 * len(images)) // len(images)


def rotation_batch__pixel_by_pixel(images):
    """Every pixel is put in its place; the labels are a list made into an array."""
    n, _, size, _ = images.shape
    batch = np.empty((4 * n, *images.shape[1:]))
    for i in range(size):
        for j in range(size):
            pixel, last = images[:, :, i, j], size - 1
            batch[:n, :, i, j] = pixel
            batch[n : 2 * n, :, last - j, i] = pixel
            batch[2 * n : 3 * n, :, last - i, last - j] = pixel
            batch[3 * n :, :, j, last - i] = pixel
    return batch, np.array([k for k in range(4) for _ in range(n)])


def rotation_batch__image_by_image(images):
    """Each image is turned by itself, clockwise by what is missing to a full turn; a list comes back, with labels of
    another integer type."""
    batch = [np.rot90(image, k - 4, (1, 2)) for k in range(4) for image in images]
    return [np.stack(batch), np.repeat([0, 1, 2, 3], len(images)).astype(np.uint8)]


def mask_tokens__binomial(tokens, mask_id, p, rng):
    """The choice is drawn from a binomial distribution with one trial, and written into copies."""
    hidden = rng.binomial(1, p, size=tokens.shape) == 1
    masked, targets = tokens.copy(), np.full(tokens.shape, -100)
    masked[hidden] = mask_id
    targets[hidden] = tokens[hidden]
    return masked, targets


def mask_tokens__loop(tokens, mask_id, p, rng):
    """One token at a time; a list comes back instead of a tuple."""
    masked, targets = np.array(tokens), np.empty_like(tokens)
    for index in np.ndindex(tokens.shape):
        if rng.uniform() < p:
            masked[index], targets[index] = mask_id, tokens[index]
        else:
            targets[index] = -100
    return [masked, targets]


def mask_tokens__count_then_places(tokens, mask_id, p, rng):
    """First how many, from a binomial distribution, then which ones, all sets of that size being equally likely."""
    count = rng.binomial(tokens.size, p)
    hidden = np.zeros(tokens.size, dtype=bool)
    hidden[rng.permutation(tokens.size)[:count]] = True
    hidden = hidden.reshape(tokens.shape)
    return hidden * mask_id + ~hidden * tokens, hidden * (tokens + 100) - 100


def masked_reconstruction_loss__weights(prediction, target, mask):
    """The mask as a weight of 0 or 1; the sums come before the division."""
    weight = mask.astype(prediction.dtype)
    return ((prediction - target) ** 2 * weight).sum() / weight.sum()


def masked_reconstruction_loss__loop(prediction, target, mask):
    """One entry at a time; a Python number comes back."""
    total, count = 0.0, 0
    for p, t, m in zip(prediction.ravel(), target.ravel(), mask.ravel()):
        if m:
            total += (float(p) - float(t)) ** 2
            count += 1
    return total / count


def masked_reconstruction_loss__where(prediction, target, mask):
    """The errors of visible entries are set to zero, and the mean is corrected for them; an array of no axes."""
    error = np.where(mask, prediction - target, 0)
    return np.asarray(np.mean(error * error) * mask.size / np.count_nonzero(mask))


def next_token_pairs__slices(tokens, context):
    """Slices are collected in a loop over the starts; a list comes back instead of a tuple."""
    inputs, targets = [], []
    for start in range(len(tokens) - context):
        inputs.append(tokens[start : start + context])
        targets.append(tokens[start + 1 : start + 1 + context])
    return [np.array(inputs), np.array(targets)]


def next_token_pairs__index(tokens, context):
    """One array of positions; the targets are one position further."""
    position = np.arange(len(tokens) - context)[:, None] + np.arange(context)
    return tokens[position], tokens[position + 1]


def next_token_pairs__columns(tokens, context):
    """Column by column: column j is the text without its first j tokens, cut to the number of windows."""
    count = len(tokens) - context
    columns = np.stack([tokens[j : j + count] for j in range(context + 1)], axis=1)
    return columns[:, :context], columns[:, 1:]


def info_nce_loss__loop(z1, z2, temperature):
    """One view at a time, its own score left out by its index; a Python number comes back."""
    views = [view / math.sqrt(float(view @ view)) for view in [*z1, *z2]]
    total = 0.0
    for i, view in enumerate(views):
        scores = {k: float(view @ other) / temperature for k, other in enumerate(views) if k != i}
        largest = max(scores.values())
        total += largest + math.log(sum(math.exp(score - largest) for score in scores.values()))
        total -= scores[(i + len(z1)) % len(views)]
    return total / len(views)


def info_nce_loss__logaddexp(z1, z2, temperature):
    """The logarithm of the sum is accumulated stably by NumPy, over the off-diagonal scores."""
    z = np.concatenate([z1, z2], axis=0)
    z = z / np.sqrt((z**2).sum(axis=1))[:, None]
    scores = z @ z.T / temperature
    others = scores[~np.eye(len(z), dtype=bool)].reshape(len(z), len(z) - 1)
    partner = (z * np.roll(z, len(z1), axis=0)).sum(axis=1) / temperature
    return (np.logaddexp.reduce(others, axis=1) - partner).mean()


def info_nce_loss__side_by_side(z1, z2, temperature):
    """Two classifications, one for each side, with the partner's score first and minus a billion for the view itself;
    the vectors are made a tiny bit shorter to be safe from a division by zero."""
    a = z1 / (np.linalg.norm(z1, axis=1, keepdims=True) + 1e-9)
    b = z2 / (np.linalg.norm(z2, axis=1, keepdims=True) + 1e-9)
    losses = []
    for own, other in ((a, b), (b, a)):
        scores = np.hstack([own @ other.T, own @ own.T - 1e9 * np.eye(len(own))]) / temperature
        scores = scores - scores.max(axis=1, keepdims=True)
        probability_log = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        losses.append(-np.diagonal(probability_log).mean())
    return (losses[0] + losses[1]) / 2
