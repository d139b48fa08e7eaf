import numpy as np


def rotation_batch__not_turned(images):
    """Every image comes four times, upright each time. The labels tell the model how an image was turned: turn the
    second block by 90 degrees, the third by 180 and the fourth by 270."""
    return np.concatenate([images] * 4), np.repeat(np.arange(4), len(images))


def rotation_batch__clockwise(images):
    """The second and the fourth block are exchanged: the images turn clockwise. With row 0 at the top, a quarter turn
    counter-clockwise takes the right-hand column to the top row."""
    turned = [np.rot90(images, -k, axes=(2, 3)) for k in range(4)]
    return np.concatenate(turned), np.repeat(np.arange(4), len(images))


def rotation_batch__mirrored(images):
    """The second and the fourth block are mirror images of the right ones. Exchanging rows and columns is a reflection,
    not a rotation: one of the two axes has to be turned round as well."""
    upside_down = images[:, :, ::-1, ::-1]
    blocks = [images, images.swapaxes(2, 3), upside_down, upside_down.swapaxes(2, 3)]
    return np.concatenate(blocks), np.repeat(np.arange(4), len(images))


def rotation_batch__default_axes(images):
    """The images themselves are not turned: np.rot90 turns the first two axes unless it is told otherwise, and these
    are the examples and the channels. Rows and columns are the last two."""
    turned = [np.rot90(images, k) for k in range(4)]
    return np.concatenate(turned), np.repeat(np.arange(4), len(images))


def rotation_batch__labels_interleaved(images):
    """The batch is right, but the labels run 0, 1, 2, 3, 0, 1, ... while the images come in blocks. Most images get the
    label of another one: repeat each label as often as there are images."""
    turned = [np.rot90(images, k, axes=(2, 3)) for k in range(4)]
    return np.concatenate(turned), np.tile(np.arange(4), len(images))


def rotation_batch__image_by_image(images):
    """Labels and images belong together, but the four versions of the first image come first, then those of the second.
    The order asked for is by angle: all images upright, then all turned once, and so on."""
    batch = np.stack([np.rot90(image, k, axes=(1, 2)) for image in images for k in range(4)])
    return batch, np.tile(np.arange(4), len(images))


def rotation_batch__labels_in_degrees(images):
    """The labels are 0, 90, 180 and 270. They are to be classes for a cross entropy, which counts them from 0: use the
    number of quarter turns."""
    turned = [np.rot90(images, k, axes=(2, 3)) for k in range(4)]
    return np.concatenate(turned), np.repeat([0, 90, 180, 270], len(images))


def mask_tokens__targets_everywhere(tokens, mask_id, p, rng):
    """Every token is a target, also those that the model can see. It would be rewarded for copying: a visible token
    gets the target -100, which the loss ignores."""
    hidden = rng.random(tokens.shape) < p
    return np.where(hidden, mask_id, tokens), tokens.copy()


def mask_tokens__keeps_with_probability_p(tokens, mask_id, p, rng):
    """The share of hidden tokens is 1 - p. Here p is the probability of hiding a token, not of keeping it: look at the
    direction of the comparison."""
    hidden = rng.random(tokens.shape) >= p
    return np.where(hidden, mask_id, tokens), np.where(hidden, tokens, -100)


def mask_tokens__targets_of_the_masked(tokens, mask_id, p, rng):
    """The targets hold the mask token where something is hidden, so the original is lost. Take the targets from the
    tokens as they were before masking."""
    hidden = rng.random(tokens.shape) < p
    masked = np.where(hidden, mask_id, tokens)
    return masked, np.where(hidden, masked, -100)


def mask_tokens__exact_number(tokens, mask_id, p, rng):
    """Exactly the share p of the tokens is hidden, every time. Each token is to be chosen by itself, so that the number
    is random and only its average is fixed."""
    hidden = np.zeros(tokens.size, dtype=bool)
    hidden[rng.choice(tokens.size, round(p * tokens.size), replace=False)] = True
    hidden = hidden.reshape(tokens.shape)
    return np.where(hidden, mask_id, tokens), np.where(hidden, tokens, -100)


def mask_tokens__same_places_in_all_rows(tokens, mask_id, p, rng):
    """All rows are hidden in the same places: the random numbers are drawn for one row and broadcast over the batch.
    Draw one for every token."""
    hidden = np.broadcast_to(rng.random(tokens.shape[-1]) < p, tokens.shape)
    return np.where(hidden, mask_id, tokens), np.where(hidden, tokens, -100)


def mask_tokens__as_in_bert(tokens, mask_id, p, rng):
    """Some of the chosen tokens stay as they are, or become another token. That is the 80-10-10 rule of BERT; in this
    exercise every chosen token becomes the mask token."""
    hidden, fate = rng.random(tokens.shape) < p, rng.random(tokens.shape)
    other = rng.choice(tokens.ravel(), tokens.shape)
    replacement = np.where(fate < 0.8, mask_id, np.where(fate < 0.9, other, tokens))
    return np.where(hidden, replacement, tokens), np.where(hidden, tokens, -100)


def mask_tokens__targets_by_comparison(tokens, mask_id, p, rng):
    """Right unless the mask token occurs in the text. A chosen token that is the mask token already does not change, so
    comparing before and after does not find it: use your random choice for both results."""
    masked = np.where(rng.random(tokens.shape) < p, mask_id, tokens)
    return masked, np.where(masked != tokens, tokens, -100)


def masked_reconstruction_loss__all_entries(prediction, target, mask):
    """The mask is not used: this is the error over all entries. The model can see most of them and would be rewarded
    for copying; only the masked ones count."""
    return np.mean((prediction - target) ** 2)


def masked_reconstruction_loss__divides_by_all(prediction, target, mask):
    """The loss is too small, by the share of the masked entries. The sum is over these alone, but it is divided by the
    number of all: a mean over zeros is still a mean over everything."""
    return np.mean(mask * (prediction - target) ** 2)


def masked_reconstruction_loss__visible_entries(prediction, target, mask):
    """The error is averaged over the visible entries. In this exercise True means masked, and the loss is about what
    was masked: take the mask as it is, without turning it round."""
    return np.sum(~mask * (prediction - target) ** 2) / max(np.sum(~mask), 1)


def masked_reconstruction_loss__sum(prediction, target, mask):
    """The squared errors are added up but not divided by their number, so the loss grows with the size of the mask. It
    is to be a mean."""
    return np.sum((prediction[mask] - target[mask]) ** 2)


def masked_reconstruction_loss__mean_of_means(prediction, target, mask):
    """Right if all rows have equally many masked entries. Each row is averaged by itself, and then the rows are: a
    single masked entry in one row counts as much as ten in another. Take one mean over all."""
    error = mask * (prediction - target) ** 2
    return np.mean(error.sum(axis=-1) / np.maximum(mask.sum(axis=-1), 1))


def masked_reconstruction_loss__target_not_masked(prediction, target, mask):
    """The mask is applied to the prediction but not to the target: visible entries of the target are compared with 0
    and add to the sum. Mask the errors."""
    return np.sum((mask * prediction - target) ** 2) / np.sum(mask)


def masked_reconstruction_loss__root(prediction, target, mask):
    """This is the root of the mean squared error. It is a good number to report, but the loss is the mean of the
    squares itself."""
    return np.sqrt(np.mean((prediction[mask] - target[mask]) ** 2))


def next_token_pairs__not_shifted(tokens, context):
    """Inputs and targets are the same. The model would learn to copy: the target of a token is the one after it, so the
    targets start one token later."""
    inputs = np.stack([tokens[i : i + context] for i in range(len(tokens) - context)])
    return inputs, inputs.copy()


def next_token_pairs__shifted_backwards(tokens, context):
    """Inputs and targets are exchanged, so that the model would predict the token before each input. The targets are
    the later ones."""
    windows = np.stack([tokens[i : i + context + 1] for i in range(len(tokens) - context)])
    return windows[:, 1:], windows[:, :-1]


def next_token_pairs__one_target(tokens, context):
    """There is one target for each window, the token after its end. Every token of the window has a target of its own,
    the next one: the targets are as wide as the inputs."""
    starts = range(len(tokens) - context)
    return np.stack([tokens[i : i + context] for i in starts]), np.array([tokens[i + context] for i in starts])


def next_token_pairs__no_overlap(tokens, context):
    """The windows lie side by side: each starts where the one before it ended. Every window is asked for, so the start
    moves by one token at a time."""
    windows = np.stack([tokens[i : i + context + 1] for i in range(0, len(tokens) - context, context)])
    return windows[:, :-1], windows[:, 1:]


def next_token_pairs__last_window_missing(tokens, context):
    """The last window is missing, the one whose last target is the last token of the text. The end of a range is not
    part of it: count the windows of a very short text."""
    starts = np.arange(len(tokens) - context - 1)[:, None] + np.arange(context)
    return tokens[starts], tokens[starts + 1]


def next_token_pairs__wraps_around(tokens, context):
    """There is one window too many, and its last target is the first token of the text. np.roll moves what falls off at
    one end to the other, but nothing follows the last token: leave that window out."""
    starts = np.arange(len(tokens) - context + 1)[:, None] + np.arange(context)
    return tokens[starts], np.roll(tokens, -1)[starts]


def next_token_pairs__next_block(tokens, context):
    """The targets start where the inputs end, a whole window later. They are to be shifted by one token only, so that
    each token is paired with the one right after it."""
    starts = np.arange(max(len(tokens) - 2 * context + 1, 0))[:, None] + np.arange(context)
    return tokens[starts], tokens[starts + context]


def info_nce_loss__self_included(z1, z2, temperature):
    """The loss is too large, even for perfect views: in the denominator, each view is compared with itself as well, and
    that is the largest term of all. Leave out k = i."""
    z = np.concatenate([z1, z2])
    z = z / np.linalg.norm(z, axis=1, keepdims=True)
    logits = z @ z.T / temperature
    logits -= logits.max(axis=1, keepdims=True)
    partner = np.concatenate([logits.diagonal(len(z1)), logits.diagonal(-len(z1))])
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - partner)


def info_nce_loss__partner_left_out(z1, z2, temperature):
    """The loss is too small, and can become negative: the partner is missing from the denominator. It is a softmax over
    all other views, and the right answer is one of them."""
    n, z = len(z1), np.concatenate([z1, z2])
    z = z / np.linalg.norm(z, axis=1, keepdims=True)
    logits = z @ z.T / temperature
    partner = np.concatenate([logits.diagonal(n), logits.diagonal(-n)])
    logits[np.tile(np.eye(n, dtype=bool), (2, 2))] = -np.inf
    largest = logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(logits - largest).sum(axis=1)) + largest[:, 0] - partner)


def info_nce_loss__dot_products(z1, z2, temperature):
    """Right only for vectors of length 1: the similarities are plain dot products, so longer vectors count for more.
    Cosine similarity divides by both lengths."""
    z = np.concatenate([z1, z2])
    logits = z @ z.T / temperature
    np.fill_diagonal(logits, -np.inf)
    logits -= logits.max(axis=1, keepdims=True)
    partner = np.concatenate([logits.diagonal(len(z1)), logits.diagonal(-len(z1))])
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - partner)


def info_nce_loss__first_views_only(z1, z2, temperature):
    """The mean is over the first views alone. The second views have to find their partners, too, and their losses are
    different: there are 2N terms."""
    n, z = len(z1), np.concatenate([z1, z2])
    z = z / np.linalg.norm(z, axis=1, keepdims=True)
    logits = z @ z.T / temperature
    np.fill_diagonal(logits, -np.inf)
    logits -= logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(logits[:n]).sum(axis=1)) - logits.diagonal(n))


def info_nce_loss__across_sides_only(z1, z2, temperature):
    """Views in z1 are compared with those in z2 only, as in CLIP, where the sides are images and texts. Here the views
    of other images on the same side count as well: there are 2N - 1 to choose from, not N."""
    a, b = (z / np.linalg.norm(z, axis=1, keepdims=True) for z in (z1, z2))
    losses = []
    for scores in (a @ b.T / temperature, b @ a.T / temperature):
        scores = scores - scores.max(axis=1, keepdims=True)
        losses.append(np.log(np.exp(scores).sum(axis=1)) - scores.diagonal())
    return np.mean(losses)


def info_nce_loss__no_shift(z1, z2, temperature):
    """Right for ordinary temperatures, but NaN or infinite for very low ones: the exponentials overflow. Shift the
    scores of each view by the largest of them that takes part; the result does not change."""
    z = np.concatenate([z1, z2])
    z = z / np.linalg.norm(z, axis=1, keepdims=True)
    e = np.exp(z @ z.T / temperature)
    np.fill_diagonal(e, 0)
    partner = np.concatenate([e.diagonal(len(z1)), e.diagonal(-len(z1))])
    return -np.mean(np.log(partner / e.sum(axis=1)))


def info_nce_loss__divides_by_too_few(z1, z2, temperature):
    """The loss is too large by a constant factor for a given number of images: the sum is divided by 2(N - 1), which is
    the number of wrong views. Losses are averaged over all 2N views."""
    n, z = len(z1), np.concatenate([z1, z2])
    z = z / np.linalg.norm(z, axis=1, keepdims=True)
    logits = z @ z.T / temperature
    np.fill_diagonal(logits, -np.inf)
    logits -= logits.max(axis=1, keepdims=True)
    partner = np.concatenate([logits.diagonal(n), logits.diagonal(-n)])
    return np.sum(np.log(np.exp(logits).sum(axis=1)) - partner) / (2 * np.float64(n - 1))
