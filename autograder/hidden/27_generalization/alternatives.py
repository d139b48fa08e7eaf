from itertools import pairwise

import numpy as np


def train_validation_split__drawn(num_examples, validation_fraction, rng):
    """The validation examples are drawn without replacement; both parts come back sorted."""
    size = int(np.rint(validation_fraction * num_examples))
    validation = np.sort(rng.choice(num_examples, size=size, replace=False))
    return np.setdiff1d(np.arange(num_examples), validation), validation


def train_validation_split__keys(num_examples, validation_fraction, rng):
    """Every example gets a random key; those with the smallest keys are validated. A list of two arrays."""
    order = np.argsort(rng.random(num_examples))
    validates = np.zeros(num_examples, dtype=bool)
    validates[order[: round(num_examples * validation_fraction)]] = True
    return [np.flatnonzero(~validates), np.flatnonzero(validates)]


def train_validation_split__shuffled_list(num_examples, validation_fraction, rng):
    """Fisher-Yates by hand; the validation part is the end of the list, and an empty part is an array of floats."""
    order = list(range(num_examples))
    for i in range(num_examples - 1, 0, -1):
        j = int(rng.integers(i + 1))
        order[i], order[j] = order[j], order[i]
    cut = num_examples - round(num_examples * validation_fraction)
    return np.array(order[:cut]), np.array(order[cut:])


def k_fold_indices__running_start(num_examples, k):
    """The start moves on by the size of each fold; what lies before and after it is the training part."""
    if k < 2 or k > num_examples:
        raise ValueError("k")
    size, larger = divmod(num_examples, k)
    folds, start = [], 0
    for fold in range(k):
        stop = start + size + (fold < larger)
        folds.append((np.concatenate([np.arange(start), np.arange(stop, num_examples)]), np.arange(start, stop)))
        start = stop
    return folds


def k_fold_indices__numbers_of_folds(num_examples, k):
    """Every example gets the number of its fold, as ceil-divided by hand; a tuple of lists of two."""
    if not 2 <= k <= num_examples:
        raise ValueError("k")
    sizes = [-(-(num_examples - fold) // k) for fold in range(k)]
    numbers = np.repeat(np.arange(k), sizes)
    return tuple([np.flatnonzero(numbers != fold), np.flatnonzero(numbers == fold)] for fold in range(k))


def k_fold_indices__rolled(num_examples, k):
    """The training part begins right after the fold and goes around; int32 indices."""
    if not 2 <= k <= num_examples:
        raise ValueError("k")
    starts = [0, *np.cumsum([len(range(fold, num_examples, k)) for fold in range(k)])]
    folds = []
    for start, stop in pairwise(starts):
        order = np.roll(np.arange(num_examples, dtype=np.int32), -start)
        folds.append((order[stop - start :], order[: stop - start]))
    return folds


def stratified_k_fold_indices__class_by_class(labels, k):
    """The examples of each class are dealt out beginning with fold 0, so the first folds are the larger ones."""
    numbers = np.empty(len(labels), dtype=int)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        numbers[members] = np.arange(len(members)) % k
    return [(np.flatnonzero(numbers != fold), np.flatnonzero(numbers == fold)) for fold in range(k)]


def stratified_k_fold_indices__blocks(labels, k):
    """Each class is cut into blocks of neighbours, as scikit-learn does; the last folds are the larger ones."""
    validations = [[] for _ in range(k)]
    for label in set(labels.tolist()):
        members = np.flatnonzero(labels == label)
        for fold, block in enumerate(reversed(np.array_split(members, k))):
            validations[fold] += block.tolist()
    everything = np.arange(len(labels))
    return [(np.setdiff1d(everything, validation), np.sort(validation)) for validation in validations]


def stratified_k_fold_indices__counters(labels, k):
    """One pass over the examples, with a counter for each class that occurs."""
    seen, validations, trains = {}, [[] for _ in range(k)], [[] for _ in range(k)]
    for index, label in enumerate(labels.tolist()):
        fold = seen[label] = (seen.get(label, -1) + 1) % k
        for other in range(k):
            (validations if other == fold else trains)[other].append(index)
    return [[np.array(train), np.array(validation)] for train, validation in zip(trains, validations, strict=True)]


def _folds(num_examples, k):
    return np.array_split(np.arange(num_examples), k)


def cross_validate__all_models_first(fit, score, x, y, k):
    """All models are fitted before the first is scored; everything is passed by keyword."""
    folds = _folds(len(x), k)
    models = [fit(x=np.delete(x, fold, axis=0), y=np.delete(y, fold, axis=0)) for fold in folds]
    return np.array([score(model=model, x=x[fold], y=y[fold]) for model, fold in zip(models, folds, strict=True)])


def cross_validate__masks(fit, score, x, y, k):
    """Boolean masks instead of indices; the scores are written into an array."""
    scores = np.zeros(k)
    for number, fold in enumerate(_folds(x.shape[0], k)):
        mask = np.zeros(x.shape[0], dtype=bool)
        mask[fold] = True
        scores[number] = score(fit(x[~mask], y[~mask]), x[mask], y[mask])
    return scores


def cross_validate__slices(fit, score, x, y, k):
    """Slices for the folds, concatenation for the rest, and a running start."""
    size, larger = divmod(len(x), k)
    scores, start = [], 0
    for fold in range(k):
        stop = start + size + (1 if fold < larger else 0)
        model = fit(np.concatenate([x[:start], x[stop:]]), np.concatenate([y[:start], y[stop:]]))
        scores.append(float(score(model, x[start:stop], y[start:stop])))
        start = stop
    return np.asarray(scores)


def standardize_split__peak_to_peak(train, validation):
    """The range of each feature says whether it is constant; a list of two arrays."""
    mean, std = np.mean(train, axis=0, keepdims=True), np.std(train, axis=0, keepdims=True)
    std[np.ptp(train, axis=0, keepdims=True) == 0] = 1
    return [(part - mean) / std for part in (train, validation)]


def standardize_split__loop(train, validation):
    """Feature by feature, with the variance as the mean squared deviation, in float64."""
    parts = np.array(train, dtype=np.float64), np.array(validation, dtype=np.float64)
    for feature in range(train.shape[1]):
        values = parts[0][:, feature].copy()
        mean = values.sum() / len(values)
        variance = ((values - mean) ** 2).sum() / len(values)
        for part in parts:
            part[:, feature] -= mean
            if (values != values[0]).any():
                part[:, feature] /= variance**0.5
    return parts


def standardize_split__divides_where_it_may(train, validation):
    """The division is carried out only where the feature varies."""
    mean, std = train.mean(0), train.std(0)
    varies = train.min(0) != train.max(0)
    return tuple(
        np.divide(part - mean, std, out=part - mean, where=np.broadcast_to(varies, part.shape))
        for part in (train, validation)
    )


def random_horizontal_flip__loop(images, p, rng):
    """Image by image, in a copy, with np.fliplr for each channel."""
    output = images.copy()
    for image in output:
        if rng.random() < p:
            for channel in range(image.shape[0]):
                image[channel] = np.fliplr(image[channel])
    return output


def random_horizontal_flip__binomial(images, p, rng):
    """The coins are thrown by the generator's binomial; the mirrored images are assigned by a mask."""
    mirrored = rng.binomial(1, p, size=images.shape[0]).astype(bool)
    output = np.array(images)
    output[mirrored] = np.flip(images[mirrored], axis=3)
    return output


def random_horizontal_flip__columns(images, p, rng):
    """The columns are taken in an order that differs from image to image; the coin shows the other side."""
    width = images.shape[-1]
    order = np.where(rng.random((len(images), 1)) >= 1 - p, np.arange(width)[::-1], np.arange(width))
    return np.take_along_axis(images, order[:, None, None, :], axis=-1)
