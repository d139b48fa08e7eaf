import numpy as np


def train_validation_split__not_shuffled(num_examples, validation_fraction, rng):
    """The validation part is always the end of the data. Files are often sorted, so that the end is unlike the rest:
    bring the indices into a random order before you cut them."""
    size = round(num_examples * validation_fraction)
    return np.arange(num_examples - size), np.arange(num_examples - size, num_examples)


def train_validation_split__with_replacement(num_examples, validation_fraction, rng):
    """Some examples appear twice and others not at all, and some are in both parts. Random integers may repeat: shuffle
    the indices instead, and cut them once."""
    order = rng.integers(num_examples, size=num_examples)
    size = round(num_examples * validation_fraction)
    return order[size:], order[:size]


def train_validation_split__training_keeps_everything(num_examples, validation_fraction, rng):
    """The validation part is right, but the training part still holds all examples, those of the validation part
    included. The model would be asked what it has been told."""
    validation = rng.permutation(num_examples)[: round(num_examples * validation_fraction)]
    return np.arange(num_examples), validation


def train_validation_split__rounds_down(num_examples, validation_fraction, rng):
    """The validation part is sometimes one example too small: int cuts off what follows the decimal point. The
    statement asks for round."""
    order = rng.permutation(num_examples)
    size = int(num_examples * validation_fraction)
    return order[size:], order[:size]


def train_validation_split__swapped(num_examples, validation_fraction, rng):
    """The two parts are interchanged. The training part comes first, and the fraction is the share of the second."""
    order = rng.permutation(num_examples)
    size = round(num_examples * validation_fraction)
    return order[:size], order[size:]


def train_validation_split__one_coin_per_example(num_examples, validation_fraction, rng):
    """The size of the validation part is left to chance: a coin for each example gives the right share only on average.
    Which examples are validated is random, but not how many."""
    validates = rng.random(num_examples) < validation_fraction
    return np.flatnonzero(~validates), np.flatnonzero(validates)


def train_validation_split__own_generator(num_examples, validation_fraction, rng):
    """The split is random only at first sight: it comes from a generator with a seed of its own and is the same in
    every call. Draw from the generator that you are given."""
    order = np.random.default_rng(0).permutation(num_examples)
    size = round(num_examples * validation_fraction)
    return order[size:], order[:size]


def k_fold_indices__train_contains_validation(num_examples, k):
    """The folds are right, but every training part holds all examples, those to be validated included. Leave the fold's
    own examples out."""
    if not 2 <= k <= num_examples:
        raise ValueError("k")
    indices = np.arange(num_examples)
    return [(indices, fold) for fold in np.array_split(indices, k)]


def k_fold_indices__swapped(num_examples, k):
    """The two parts of each pair are interchanged. The fold itself is the validation part and comes second; all the
    rest is for training and comes first."""
    if not 2 <= k <= num_examples:
        raise ValueError("k")
    indices = np.arange(num_examples)
    return [(fold, np.setdiff1d(indices, fold)) for fold in np.array_split(indices, k)]


def k_fold_indices__drops_the_remainder(num_examples, k):
    """Right when k divides the number of examples. Otherwise some at the end are in no validation part at all: the
    first folds have to take one more each."""
    if not 2 <= k <= num_examples:
        raise ValueError("k")
    indices, size = np.arange(num_examples), num_examples // k
    folds = [indices[start : start + size] for start in range(0, k * size, size)]
    return [(np.setdiff1d(indices, fold), fold) for fold in folds]


def k_fold_indices__last_takes_the_rest(num_examples, k):
    """Right when k divides the number of examples. Otherwise the last fold is too large, since it takes everything that
    is left over. Spread the rest: one more for each of the first folds."""
    if not 2 <= k <= num_examples:
        raise ValueError("k")
    indices, size = np.arange(num_examples), num_examples // k
    folds = np.split(indices, [size * fold for fold in range(1, k)])
    return [(np.setdiff1d(indices, fold), fold) for fold in folds]


def k_fold_indices__every_kth(num_examples, k):
    """Each fold takes every k-th example, so its examples lie scattered. The sizes are right, but these folds are
    blocks: neighbours stay together."""
    if not 2 <= k <= num_examples:
        raise ValueError("k")
    indices = np.arange(num_examples)
    return [(np.setdiff1d(indices, indices[fold::k]), indices[fold::k]) for fold in range(k)]


def k_fold_indices__takes_any_k(num_examples, k):
    """The folds are right, but a k that makes no sense is accepted: with one fold the training part is empty, with more
    folds than examples some validation parts are. Raise ValueError."""
    indices = np.arange(num_examples)
    return [(np.setdiff1d(indices, fold), fold) for fold in np.array_split(indices, k)]


def k_fold_indices__refuses_leave_one_out(num_examples, k):
    """As many folds as examples are refused, although each then holds one example, which is allowed. Look at the limits
    of your check: only above the number of examples is k too large."""
    if not 2 <= k < num_examples:
        raise ValueError("k")
    indices = np.arange(num_examples)
    return [(np.setdiff1d(indices, fold), fold) for fold in np.array_split(indices, k)]


def _pairs(num_examples, validations):
    indices = np.arange(num_examples)
    return [(np.setdiff1d(indices, validation), np.sort(validation)) for validation in validations]


def _members(labels):
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]


def stratified_k_fold_indices__ignores_the_labels(labels, k):
    """These are plain folds: blocks of neighbours, whatever their labels. In a sorted data set some of them are one
    class only. Divide every class by itself."""
    return _pairs(len(labels), np.array_split(np.arange(len(labels)), k))


def stratified_k_fold_indices__every_kth(labels, k):
    """Each fold takes every k-th example, whatever its label. That spreads classes which come in long runs, but fails
    when the labels alternate: count within each class, not over all examples."""
    return _pairs(len(labels), [np.arange(fold, len(labels), k) for fold in range(k)])


def stratified_k_fold_indices__whole_classes(labels, k):
    """A class is never divided: all its examples are in one fold, and so missing from that fold's training part. It is
    the other way round: every fold gets some of every class."""
    numbers = np.unique(labels, return_inverse=True)[1].ravel() % k
    return _pairs(len(labels), [np.flatnonzero(numbers == fold) for fold in range(k)])


def stratified_k_fold_indices__not_sorted(labels, k):
    """The right examples, but class after class. The statement asks for sorted indices, so that the examples of a part
    keep their order."""
    validations = [np.concatenate([own[fold::k] for own in _members(labels)]) for fold in range(k)]
    trains = [np.concatenate([np.delete(own, np.s_[fold::k]) for own in _members(labels)]) for fold in range(k)]
    return list(zip(trains, validations, strict=True))


def stratified_k_fold_indices__last_takes_the_rest(labels, k):
    """When k does not divide the size of a class, the last fold gets too many of it: all that is left over. Spread the
    rest, one for each fold."""
    validations = [[] for _ in range(k)]
    for own in _members(labels):
        size = len(own) // k
        for fold in range(k):
            stop = len(own) if fold == k - 1 else (fold + 1) * size
            validations[fold] += own[fold * size : stop].tolist()
    return _pairs(len(labels), [np.array(validation, dtype=int) for validation in validations])


def stratified_k_fold_indices__drops_the_remainder(labels, k):
    """When k does not divide the size of a class, some of its examples are in no validation part. Each example has to
    be validated once: spread the rest, one for each fold."""
    validations = [[] for _ in range(k)]
    for own in _members(labels):
        size = len(own) // k
        for fold in range(k):
            validations[fold] += own[fold * size : (fold + 1) * size].tolist()
    return _pairs(len(labels), [np.array(validation, dtype=int) for validation in validations])


def stratified_k_fold_indices__counts_labels_from_zero(labels, k):
    """Right when the labels are 0, 1, 2 and so on. Here they may be any integers, and examples whose label is not among
    the first numbers are in no validation part: go through the labels that occur."""
    numbers = np.full(len(labels), -1)
    for label in range(len(np.unique(labels))):
        own = np.flatnonzero(labels == label)
        numbers[own] = np.arange(len(own)) % k
    return _pairs(len(labels), [np.flatnonzero(numbers == fold) for fold in range(k)])


def stratified_k_fold_indices__train_contains_validation(labels, k):
    """The validation parts are right, but every training part holds all examples, those to be validated included. Leave
    the fold's own examples out."""
    folds = [np.sort(np.argsort(labels)[fold::k]) for fold in range(k)]
    return [(np.arange(len(labels)), fold) for fold in folds]


def _folds(num_examples, k):
    indices = np.arange(num_examples)
    return [(np.setdiff1d(indices, fold), fold) for fold in np.array_split(indices, k)]


def cross_validate__trains_on_everything(fit, score, x, y, k):
    """The model is fitted to all examples and then asked about some of them, so it has seen every one: the scores are
    too good. Fit anew for each fold, without its validation part."""
    model = fit(x, y)
    return np.array([score(model, x[validation], y[validation]) for _, validation in _folds(len(x), k)])


def cross_validate__scores_the_training_part(fit, score, x, y, k):
    """The models are right, but each is scored on the examples that it was fitted to. How well it does on examples that
    it has not seen is the question."""
    return np.array([score(fit(x[train], y[train]), x[train], y[train]) for train, _ in _folds(len(x), k)])


def cross_validate__scores_everything(fit, score, x, y, k):
    """The models are right, but each is scored on all examples, most of which it was fitted to. Give the score nothing
    but the validation part."""
    return np.array([score(fit(x[train], y[train]), x, y) for train, _ in _folds(len(x), k)])


def cross_validate__roles_interchanged(fit, score, x, y, k):
    """Each model is fitted to one fold and scored on all the others. It is the other way round: a single fold
    validates, and the rest is for training."""
    folds = _folds(len(x), k)
    return np.array([score(fit(x[fold], y[fold]), x[rest], y[rest]) for rest, fold in folds])


def cross_validate__one_model_for_all_folds(fit, score, x, y, k):
    """The first score is right. The others come from the model of the first fold, which has seen their validation
    examples: every fold needs a model of its own."""
    folds = _folds(len(x), k)
    model = fit(x[folds[0][0]], y[folds[0][0]])
    return np.array([score(model, x[validation], y[validation]) for _, validation in folds])


def cross_validate__returns_the_mean(fit, score, x, y, k):
    """A single number came back, the mean of the scores. The exercise asks for the scores themselves, one for each
    fold: their spread is worth knowing, too."""
    folds = _folds(len(x), k)
    return np.mean([score(fit(x[train], y[train]), x[validation], y[validation]) for train, validation in folds])


def cross_validate__drops_the_remainder(fit, score, x, y, k):
    """Right when k divides the number of examples. Otherwise those left over at the end are never validated: use the
    folds of k_fold_indices."""
    size, scores = len(x) // k, []
    for start in range(0, k * size, size):
        fold = np.arange(start, start + size)
        model = fit(np.delete(x, fold, axis=0), np.delete(y, fold, axis=0))
        scores.append(score(model, x[fold], y[fold]))
    return np.array(scores)


def cross_validate__shuffles_first(fit, score, x, y, k):
    """The procedure is right, but the examples were shuffled first, so these are other folds. The folds here are those
    of k_fold_indices, in the order in which the examples come."""
    order = np.random.default_rng(0).permutation(len(x))
    x, y = x[order], y[order]
    folds = _folds(len(x), k)
    return np.array([score(fit(x[train], y[train]), x[validation], y[validation]) for train, validation in folds])


def _spread(array):
    return np.where(array.max(axis=0) > array.min(axis=0), array.std(axis=0), 1)


def standardize_split__leaves_validation_alone(train, validation):
    """The training part is right, but the validation part comes back as it was. The model would meet numbers on another
    scale than those that it was trained on: apply the same mean and standard deviation to both."""
    return (train - train.mean(axis=0)) / _spread(train), np.array(validation)


def standardize_split__each_by_its_own_statistics(train, validation):
    """The training part is right, but the validation part was scaled with a mean and standard deviation of its own. The
    same measurement then becomes two different inputs: use the training part's for both."""
    return (train - train.mean(axis=0)) / _spread(train), (validation - validation.mean(axis=0)) / _spread(validation)


def standardize_split__statistics_of_both(train, validation):
    """The statistics were computed from all examples together. So the validation part has a say in how the training
    part looks, which is a leak: compute them from the training part alone."""
    both = np.concatenate([train, validation])
    return (train - both.mean(axis=0)) / _spread(both), (validation - both.mean(axis=0)) / _spread(both)


def standardize_split__sample_standard_deviation(train, validation):
    """Everything is slightly too small: the standard deviation divides by N - 1. Here it divides by N, as NumPy's
    default does."""
    if len(train) == 1:
        return train - train.mean(axis=0), validation - train.mean(axis=0)
    std = np.where(train.max(axis=0) > train.min(axis=0), train.std(axis=0, ddof=1), 1)
    return (train - train.mean(axis=0)) / std, (validation - train.mean(axis=0)) / std


def standardize_split__one_scale_for_all_features(train, validation):
    """One mean and one standard deviation serve for the whole array, so large features drown small ones. Every feature
    has its own: along which axis do the examples lie?"""
    std = train.std() if train.max() > train.min() else 1
    return (train - train.mean()) / std, (validation - train.mean()) / std


def standardize_split__divides_by_zero(train, validation):
    """Right unless a feature is constant in the training part: then a zero is divided by zero, or by what rounding made
    of it. Such a feature is only centred."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / std, (validation - mean) / std


def standardize_split__asks_whether_std_is_zero(train, validation):
    """Right for most constant features, absurdly large for some. Rounding makes the mean differ a little from the
    values and the standard deviation a little from 0: compare the largest value with the smallest instead."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std == 0, 1, std)
    return (train - mean) / std, (validation - mean) / std


def standardize_split__adds_epsilon(train, validation):
    """Nearly right for features of ordinary size, but features whose numbers are very small come out too small:
    something was added to the standard deviation. Treat constant features by themselves, and divide the others by
    exactly their standard deviation."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / (std + 1e-8), (validation - mean) / (std + 1e-8)


def standardize_split__changes_its_arguments(train, validation):
    """The values are right, but the caller's arrays were changed, and may still be needed. Operators such as -= write
    into the array that you were given; compute new ones."""
    mean, std = train.mean(axis=0), _spread(train)
    train -= mean
    train /= std
    validation -= mean
    validation /= std
    return train, validation


def _mirrored(images, coins):
    return np.where(coins[:, None, None, None], images[..., ::-1], images)


def random_horizontal_flip__never(images, p, rng):
    """No image is ever mirrored. Throw a coin for each image, and reverse the last axis of those that it picks."""
    return np.array(images)


def random_horizontal_flip__one_coin_for_the_batch(images, p, rng):
    """All images of a batch are mirrored, or none is: one random number decides for the whole batch. Draw one for each
    image."""
    return np.array(images[..., ::-1] if rng.random() < p else images)


def random_horizontal_flip__upside_down(images, p, rng):
    """The right images are picked, but they come out upside down: the axis before the last is the height. Left to right
    is the last axis."""
    coins = rng.random(len(images)) < p
    return np.where(coins[:, None, None, None], images[:, :, ::-1], images)


def random_horizontal_flip__channels_by_themselves(images, p, rng):
    """The channels of an image are mirrored independently of each other, so that its colours come apart. One coin
    decides for all channels of an image."""
    coins = rng.random(images.shape[:2]) < p
    return np.where(coins[..., None, None], images[..., ::-1], images)


def random_horizontal_flip__probability_of_keeping(images, p, rng):
    """The wrong share of images is mirrored, except for p = 0.5: p is taken for the probability that an image stays as
    it is. Turn the comparison round."""
    return _mirrored(images, rng.random(len(images)) > p)


def random_horizontal_flip__half_of_them(images, p, rng):
    """Every second image is mirrored on average, whatever the caller asks for. Use p."""
    return _mirrored(images, rng.random(len(images)) < 0.5)


def random_horizontal_flip__exact_share(images, p, rng):
    """The number of mirrored images is always the same; only which ones they are is random. With a coin for each image,
    the number varies from batch to batch."""
    coins = np.zeros(len(images), dtype=bool)
    coins[rng.permutation(len(images))[: round(p * len(images))]] = True
    return _mirrored(images, coins)


def random_horizontal_flip__own_generator(images, p, rng):
    """The same images are mirrored in every call: the coins come from a generator with a seed of its own. Draw from the
    generator that you are given."""
    return _mirrored(images, np.random.default_rng(0).random(len(images)) < p)


def random_horizontal_flip__changes_its_argument(images, p, rng):
    """The values are right, but the caller's images were changed: in the next epoch they would be mirrored from there.
    Assigning to images[...] writes into the caller's array; work on a copy."""
    coins = rng.random(len(images)) < p
    images[coins] = images[coins][..., ::-1]
    return images
