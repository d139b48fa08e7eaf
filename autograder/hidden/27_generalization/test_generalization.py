"""Hidden tests of 27_generalization. Oracles: scikit-learn, and properties that define a split."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import KFold, cross_val_score
from sklearn.preprocessing import StandardScaler

from autograder.suite.assertions import Mismatch, assert_close, assert_equal, assert_unchanged, same_value, unpack

# Some tests of the two random exercises are statistical. A right answer fails a single check with a probability of at
# most RARE; a run makes fewer than ten such checks, so a right answer is rejected less than once in a hundred million
# runs. Every known mistake lies far beyond the limits.
RARE = 1e-9


def _generator(rng):
    """A generator of its own for every call."""
    return np.random.default_rng(int(rng.integers(2**62)))


def _indices(part, name):
    """One part of a split as an array of integers. An empty one may be of another kind: it selects nothing."""
    if not isinstance(part, np.ndarray) or part.ndim != 1:
        raise Mismatch(f"the {name} part is not a one-dimensional array")
    if part.size == 0:
        return np.zeros(0, dtype=int)
    if part.dtype.kind not in "iu":
        raise Mismatch(f"the {name} part does not hold integers")
    return part.astype(int)


def _split(answer):
    train, validation = unpack(answer, "train", "validation")
    return _indices(train, "training"), _indices(validation, "validation")


def _folds(answer, k):
    if not isinstance(answer, (list, tuple)):
        raise Mismatch("the answer is not a list of folds")
    if len(answer) != k:
        raise Mismatch("the answer does not hold as many folds as asked for", f"expected: {k}, answer: {len(answer)}")
    return [_split(pair) for pair in answer]


def _assert_complements(train, validation, num_examples):
    """Every index is in exactly one of the two parts, in whatever order."""
    if np.intersect1d(train, validation).size:
        raise Mismatch("some examples are in the training part and in the validation part")
    assert_equal(np.sort(np.concatenate([train, validation])), np.arange(num_examples))


# train_validation_split


@pytest.mark.points(3)
def test_train_validation_split_uses_every_example_once(train_validation_split, rng):
    """train_validation_split gives two index arrays that have no example in common and leave none out."""
    for num_examples, fraction in ((53, 0.2), (64, 0.75), (700, 0.3)):
        train, validation = _split(train_validation_split(num_examples, fraction, _generator(rng)))
        _assert_complements(train, validation, num_examples)


# For the sizes below, a coin for each example gives the right ones with a probability of less than 1e-10.
@pytest.mark.points(2)
def test_train_validation_split_sizes(train_validation_split, rng):
    """train_validation_split gives the validation part its share of the examples, rounded, and the training part the
    rest."""
    for num_examples, fraction in (
        (23, 0.3),
        (17, 0.25),
        (523, 0.3),
        (1017, 0.2),
        (2004, 0.4),
        (3003, 0.1),
        (999, 0.6),
    ):
        train, validation = _split(train_validation_split(num_examples, fraction, _generator(rng)))
        size = int(np.floor(num_examples * fraction + 0.5))  # No product is near a half.
        assert_equal(np.array([len(train), len(validation)]), np.array([num_examples - size, size]))


def test_train_validation_split_rounds_a_half_to_even(train_validation_split, rng):
    """train_validation_split rounds as Python does, when the share lies half-way between two sizes."""
    for num_examples, size in ((10, 2), (14, 4), (18, 4), (22, 6)):
        answer = train_validation_split(num_examples=num_examples, validation_fraction=0.25, rng=_generator(rng))
        assert_equal(len(_split(answer)[1]), size)


def test_train_validation_split_with_an_empty_part(train_validation_split, rng):
    """train_validation_split leaves the validation part empty for a fraction of zero, or one that rounds to no example,
    and the training part for a fraction of one."""
    for num_examples, fraction, size in ((7, 0.0, 0), (4, 0.1, 0), (7, 1.0, 7), (1, 0.0, 0), (1, 1.0, 1)):
        train, validation = _split(train_validation_split(num_examples, fraction, _generator(rng)))
        assert_equal(len(validation), size)
        _assert_complements(train, validation, num_examples)


@pytest.mark.points(3)
def test_train_validation_split_is_random(train_validation_split, rng):
    """train_validation_split scatters the validation examples over all indices, without a pattern."""
    num_examples = 1500
    _, validation = _split(train_validation_split(num_examples, 0.3, _generator(rng)))
    validates = np.isin(np.arange(num_examples), validation)
    size = int(validates.sum())
    if not 0 < size < num_examples:
        raise Mismatch("all examples are in the same part")
    early = int(validates[: num_examples // 2].sum())
    distribution = stats.hypergeom(num_examples, size, num_examples // 2)
    if min(distribution.cdf(early), distribution.sf(early - 1)) < RARE / 2:
        raise Mismatch("one half of the examples is validated far more often than the other", f"first half: {early}")
    # The number of runs (Wald & Wolfowitz, 1940) is nearly normal: beyond 7 standard deviations lie less than 1e-11.
    runs = 1 + int((validates[1:] != validates[:-1]).sum())
    mean = 1 + 2 * size * (num_examples - size) / num_examples
    deviation = np.sqrt((mean - 1) * (mean - 2) / (num_examples - 1))
    if abs(runs - mean) > 7 * deviation:
        raise Mismatch("the validation examples lie in a pattern", f"runs: {runs}, expected: {mean} +- {deviation}")


@pytest.mark.points(2)
def test_train_validation_split_draws_from_the_given_generator(train_validation_split, rng):
    """train_validation_split takes all its randomness from rng: generators of equal seed give the same split, others do
    not."""
    seed = int(rng.integers(2**62))
    first, again, other = (
        np.sort(_split(train_validation_split(90, 0.5, np.random.default_rng(s)))[1]) for s in (seed, seed, seed + 1)
    )
    assert_equal(again, first)
    if np.array_equal(other, first):  # With a probability of 1e-26.
        raise Mismatch("two generators of different seeds gave the same split")


def test_train_validation_split_moves_the_generator_on(train_validation_split, rng):
    """train_validation_split called twice with the same generator gives another split the second time."""
    answer, _, after = train_validation_split.with_arguments_after(90, validation_fraction=0.5, rng=_generator(rng))
    first = np.sort(_split(answer)[1])
    if not isinstance(after.get("rng"), np.random.Generator):
        raise Mismatch("the generator was replaced by something else")
    second = np.sort(_split(train_validation_split(90, validation_fraction=0.5, rng=after["rng"]))[1])
    if np.array_equal(second, first):  # With a probability of 1e-26.
        raise Mismatch("two calls with the same generator gave the same split")


# k_fold_indices


def _scikit_learn_folds(num_examples, k):
    return list(KFold(k).split(np.zeros((num_examples, 1))))


@pytest.mark.points(3)
def test_k_fold_indices_validates_block_by_block(k_fold_indices):
    """k_fold_indices makes each block of neighbours, in order, the validation part of one fold."""
    for num_examples, k in ((12, 3), (20, 5), (8, 2)):
        folds = _folds(k_fold_indices(num_examples, k), k)
        for (_, validation), (_, expected) in zip(folds, _scikit_learn_folds(num_examples, k), strict=True):
            assert_equal(validation, expected)


@pytest.mark.points(2)
def test_k_fold_indices_of_uneven_folds(k_fold_indices):
    """k_fold_indices makes the first folds larger by one, when the number of folds does not divide that of examples."""
    for num_examples, k in ((11, 4), (23, 5), (17, 6), (9, 7), (5, 2)):
        folds = _folds(k_fold_indices(num_examples=num_examples, k=k), k)
        for (_, validation), (_, expected) in zip(folds, _scikit_learn_folds(num_examples, k), strict=True):
            assert_equal(validation, expected)


@pytest.mark.points(3)
def test_k_fold_indices_trains_on_the_rest(k_fold_indices):
    """k_fold_indices puts into each training part all examples that are not in the validation part beside it."""
    for num_examples, k in ((12, 3), (11, 4), (23, 5)):
        for train, validation in _folds(k_fold_indices(num_examples, k), k):
            _assert_complements(train, validation, num_examples)
            if not 0 < len(validation) < len(train) + 2:
                raise Mismatch("a validation part is empty, or far larger than its training part")


def test_k_fold_indices_leaves_one_out(k_fold_indices):
    """k_fold_indices allows as many folds as there are examples: each validates a single one."""
    for num_examples in (2, 3, 7):
        folds = _folds(k_fold_indices(num_examples, num_examples), num_examples)
        for (train, validation), (rest, single) in zip(
            folds, _scikit_learn_folds(num_examples, num_examples), strict=True
        ):
            assert_equal(validation, single)
            assert_equal(np.sort(train), rest)


def test_k_fold_indices_refuses_too_few_folds(k_fold_indices):
    """k_fold_indices raises ValueError for fewer than two folds."""
    for k in (1, 0, -2):
        with pytest.raises(ValueError):
            k_fold_indices(10, k)


def test_k_fold_indices_refuses_too_many_folds(k_fold_indices):
    """k_fold_indices raises ValueError for more folds than examples."""
    for num_examples, k in ((5, 6), (10, 25), (1, 2)):
        with pytest.raises(ValueError):
            k_fold_indices(num_examples, k)


# stratified_k_fold_indices


def _assert_stratified(answer, labels, k):
    """Every example is validated once, and any two folds differ by at most one in each class."""
    validations = [validation for _, validation in _folds(answer, k)]
    assert_equal(np.sort(np.concatenate(validations)), np.arange(len(labels)))
    for label in np.unique(labels):
        counts = [int((labels[validation] == label).sum()) for validation in validations]
        if max(counts) - min(counts) > 1:
            raise Mismatch("some class is spread unevenly over the folds", f"class {label}: {counts}\nlabels: {labels}")


def _mixed(rng, *sizes):
    """Labels 0, 1, 2, ..., so many of each, in random order."""
    return rng.permutation(np.repeat(np.arange(len(sizes)), sizes))


@pytest.mark.points(3)
def test_stratified_k_fold_indices_spreads_every_class(stratified_k_fold_indices, rng):
    """stratified_k_fold_indices gives any two folds nearly equal numbers of every class, whatever their sizes."""
    for k, sizes in ((4, (31, 11, 6)), (3, (8, 20)), (5, (14, 9, 29, 13))):
        labels = _mixed(rng, *sizes)
        _assert_stratified(stratified_k_fold_indices(labels, k), labels, k)


@pytest.mark.points(2)
def test_stratified_k_fold_indices_of_sorted_labels(stratified_k_fold_indices):
    """stratified_k_fold_indices takes a share of each class into every fold when the labels are sorted."""
    labels = np.repeat([0, 1, 2], [15, 9, 6])
    _assert_stratified(stratified_k_fold_indices(labels, 3), labels, 3)
    _assert_stratified(stratified_k_fold_indices(labels[::-1].copy(), 3), labels[::-1], 3)


def test_stratified_k_fold_indices_of_alternating_labels(stratified_k_fold_indices):
    """stratified_k_fold_indices takes a share of each class into every fold when the labels alternate."""
    for k, num_classes in ((3, 3), (4, 2), (2, 4)):
        labels = np.arange(24) % num_classes
        _assert_stratified(stratified_k_fold_indices(labels=labels, k=k), labels, k)


@pytest.mark.points(2)
def test_stratified_k_fold_indices_trains_on_the_rest(stratified_k_fold_indices, rng):
    """stratified_k_fold_indices puts into each training part all examples that are not in the validation part beside
    it."""
    labels = _mixed(rng, 12, 8, 4)
    for train, validation in _folds(stratified_k_fold_indices(labels, 4), 4):
        _assert_complements(train, validation, len(labels))


def test_stratified_k_fold_indices_are_sorted(stratified_k_fold_indices, rng):
    """stratified_k_fold_indices returns the indices of every part in ascending order."""
    labels = rng.permutation(np.repeat([0, 1], [11, 10]))
    labels[:4] = 1, 0, 1, 0  # So that no part is sorted by accident when the classes are taken one after another.
    labels[-4:] = 1, 0, 1, 0
    for parts in _folds(stratified_k_fold_indices(labels, 3), 3):
        for part in parts:
            if part.size == 0 or (np.diff(part) <= 0).any():
                raise Mismatch("the indices of a part are not in ascending order", f"part: {part}")


def test_stratified_k_fold_indices_of_a_rare_class(stratified_k_fold_indices, rng):
    """stratified_k_fold_indices puts no two examples of a class into the same fold when it has fewer than there are
    folds."""
    labels = _mixed(rng, 13, 3, 1)
    _assert_stratified(stratified_k_fold_indices(labels, 5), labels, 5)


def test_stratified_k_fold_indices_of_any_labels(stratified_k_fold_indices, rng):
    """stratified_k_fold_indices takes any integers as labels, in an array of any layout, and also a single class."""
    labels = np.array([-3, 40, 1000])[_mixed(rng, 8, 13, 5)]
    _assert_stratified(stratified_k_fold_indices(labels, 4), labels, 4)
    _assert_stratified(stratified_k_fold_indices(np.repeat(labels, 2)[::2], 3), labels, 3)
    single = np.full(7, 5)
    _assert_stratified(stratified_k_fold_indices(single, 3), single, 3)


def test_stratified_k_fold_indices_leaves_its_labels_alone(stratified_k_fold_indices, rng):
    """stratified_k_fold_indices does not change the labels."""
    labels = _mixed(rng, 6, 8)
    labels[0], labels[-1] = 1, 0  # so that they are not sorted
    _assert_stratified(stratified_k_fold_indices(labels, 2), labels, 2)
    assert_unchanged(stratified_k_fold_indices, labels, 2)


# cross_validate


def _watched(fit, score, all_x, all_y):
    """`fit` and `score` for the learner to call, through the wire, and a log of the calls.

    Neither raises, whatever it is given: what is odd is noted in the log, and answered with NaN. What they answer
    depends on their arguments alone, never on earlier calls, since a diagnosis repeats the calls.
    """
    log = SimpleNamespace(fits=[], scores=[], problems=[])

    def refused(name, x, y, surplus):
        problems = []
        if surplus:
            problems.append(f"{name} was called with arguments that it does not take")
        for argument, part, whole in (("x", x, all_x), ("y", y, all_y)):
            if not isinstance(part, np.ndarray) or part.ndim != whole.ndim or part.dtype.kind not in "biuf":
                problems.append(f"{name} was called with an {argument} that is not an array of examples")
            elif part.shape[1:] != whole.shape[1:]:
                problems.append(f"{name} was called with an {argument} whose examples have another shape")
            elif not np.isfinite(part).all():
                problems.append(f"{name} was called with an {argument} that is not finite")
        if not problems and len(x) != len(y):
            problems.append(f"{name} was called with an x and a y of different length")
        log.problems.extend(problems)
        return bool(problems)

    def answer(name, function, *args):
        try:
            with np.errstate(all="ignore"):
                return function(*args)
        except Exception as error:
            log.problems.append(f"{name} could make nothing of what it was called with ({type(error).__name__})")
            return float("nan")

    def watched_fit(x=None, y=None, *surplus, **named):
        log.fits.append((x, y))
        return float("nan") if refused("fit", x, y, surplus or named) else answer("fit", fit, x, y)

    def watched_score(model=None, x=None, y=None, *surplus, **named):
        log.scores.append((model, x, y))
        return float("nan") if refused("score", x, y, surplus or named) else answer("score", score, model, x, y)

    return watched_fit, watched_score, log


def _no_problems(log):
    if log.problems:
        raise Mismatch(log.problems[0])
    if not log.fits or not log.scores:
        raise Mismatch("fit or score was never called")


def _numbered(num_examples, *shape):
    """Examples in which every entry of the first column is the number of the example, and the numbers as targets."""
    x = np.zeros((num_examples, *shape)) + np.arange(num_examples).reshape(-1, *(1 for _ in shape))
    return x, np.arange(float(num_examples))


def _traced(rng, num_examples):
    """fit and score for numbered examples. The score tells which examples the model was fitted to, and which it is
    asked about, so that no two ways of calling them look alike to a diagnosis."""
    fitted, asked = rng.uniform(1.0, 2.0, (2, num_examples))

    def score(model, x, y):
        return float(fitted[model.astype(int)].sum() - asked[y.astype(int)].sum())

    return lambda x, y: np.sort(y), score


def _members(x, y):
    """The numbers of the examples of one call, in ascending order; a mismatch when x and y do not belong together."""
    numbers = x.reshape(len(x), -1)[:, 0] if x.size else np.zeros(0)
    if not np.array_equal(numbers, y):
        raise Mismatch("fit or score got examples together with the targets of others")
    return tuple(int(number) for number in np.sort(numbers[np.isfinite(numbers)]))


def _rest(fold, num_examples):
    return tuple(index for index in range(num_examples) if index not in set(fold))


def _blocks(num_examples, k):
    return [tuple(int(index) for index in validation) for _, validation in _scikit_learn_folds(num_examples, k)]


def _fit_linear(x, y):
    """A linear model with intercept, by least squares, as a dict. The normal equations end whatever x and y are."""
    design = np.column_stack([x, np.ones(len(x))])
    solution = np.linalg.solve(design.T @ design, design.T @ y)
    return {"weight": solution[:-1], "intercept": float(solution[-1])}


def _r_squared(model, x, y):
    residual = y - x @ model["weight"] - model["intercept"]
    return float(1 - (residual**2).sum() / ((y - y.mean()) ** 2).sum())


def _noisy_data(rng, num_examples, num_features):
    x = rng.normal(size=(num_examples, num_features))
    return x, x @ rng.uniform(1.0, 2.0, num_features) + rng.normal(size=num_examples)


@pytest.mark.points(3)
def test_cross_validate_agrees_with_scikit_learn(cross_validate, rng):
    """cross_validate returns the score of each fold's validation part, from a model fitted to all other examples."""
    for num_examples, k in ((30, 5), (23, 4)):
        x, y = _noisy_data(rng, num_examples, 3)
        fit, score, log = _watched(_fit_linear, _r_squared, x, y)
        answer = cross_validate(fit, score, x, y, k)
        _no_problems(log)
        assert_close(answer, cross_val_score(LinearRegression(), x, y, cv=KFold(k)))


@pytest.mark.points(2)
def test_cross_validate_fits_to_the_training_part(cross_validate, rng):
    """cross_validate fits a model to the training part of every fold, and to nothing else."""
    for num_examples, k in ((12, 3), (11, 4)):
        x, y = _numbered(num_examples, 2)
        fit, score, log = _watched(*_traced(rng, num_examples), x, y)
        cross_validate(fit=fit, score=score, x=x, y=y, k=k)
        _no_problems(log)
        fitted = {_members(*call) for call in log.fits}
        if fitted != {_rest(block, num_examples) for block in _blocks(num_examples, k)}:
            raise Mismatch("fit was not called with the training part of each fold", f"called with: {fitted}")


@pytest.mark.points(2)
def test_cross_validate_scores_the_validation_part(cross_validate, rng):
    """cross_validate scores the validation part of every fold, and nothing else."""
    for num_examples, k in ((12, 3), (11, 4)):
        x, y = _numbered(num_examples, 2)
        fit, score, log = _watched(*_traced(rng, num_examples), x, y)
        cross_validate(fit, score, x, y, k)
        _no_problems(log)
        scored = {_members(*call) for _, *call in log.scores}
        if scored != set(_blocks(num_examples, k)):
            raise Mismatch("score was not called with the validation part of each fold", f"called with: {scored}")


@pytest.mark.points(2)
def test_cross_validate_asks_each_model_about_the_others(cross_validate, rng):
    """cross_validate never scores a model on an example that it was fitted to, and leaves out no other."""
    x, y = _numbered(14, 3)
    fit, score, log = _watched(*_traced(rng, 14), x, y)
    cross_validate(fit, score, x, y, 4)
    _no_problems(log)
    for model, *call in log.scores:
        if not same_value(model, np.array(_rest(_members(*call), 14), dtype=float)):
            raise Mismatch("score was called with a model that was fitted to other examples", f"model: {model}")


def test_cross_validate_calls_as_often_as_there_are_folds(cross_validate, rng):
    """cross_validate calls fit once for each fold, and score once."""
    x, y = _numbered(13, 2)
    for k in (2, 5):
        fit, score, log = _watched(*_traced(rng, 13), x, y)
        cross_validate(fit, score, x, y, k)
        _no_problems(log)
        if (len(log.fits), len(log.scores)) != (k, k):
            raise Mismatch(
                "fit or score was called more or less often than once for each fold",
                f"fit: {len(log.fits)}, score: {len(log.scores)}, folds: {k}",
            )


def test_cross_validate_returns_the_scores_in_order(cross_validate, rng):
    """cross_validate returns one score for each fold, as an array, in the order of the folds."""
    x, y = _numbered(17, 2)
    table = rng.permutation(17) + rng.uniform(0.1, 0.9, 17)  # the score is that of the first example
    fit, score, log = _watched(lambda x, y: 0.0, lambda model, x, y: model + float(table[int(y.min())]), x, y)
    for k in (5, 17):
        answer = cross_validate(fit, score, x, y, k)
        _no_problems(log)
        assert_close(answer, np.array([table[block[0]] for block in _blocks(17, k)]))


def test_cross_validate_takes_any_model(cross_validate, rng):
    """cross_validate hands whatever fit has returned on to score, unchanged."""
    x, y = _numbered(6, 2)
    array, number = rng.normal(size=(2, 3)), float(rng.normal())
    for model in ({"weight": array, "bias": number}, array, number, [array, number], "the text of a model"):

        def sum_of_targets(given, x, y, model=model):
            return float(y.sum()) if same_value(given, model) else float("nan")

        fit, score, log = _watched(lambda x, y, model=model: model, sum_of_targets, x, y)
        answer = cross_validate(fit, score, x, y, 3)
        _no_problems(log)
        if not all(same_value(given, model) for given, *_ in log.scores):
            raise Mismatch("score got something else than the model that fit had returned")
        assert_close(answer, np.array([1.0, 5.0, 9.0]))


def test_cross_validate_of_arrays_of_more_axes(cross_validate, rng):
    """cross_validate divides examples and targets along the first axis only, whatever their shape and precision."""
    x, y = rng.uniform(0.5, 1.5, (10, 2, 3, 4)).astype(np.float32), rng.uniform(0.5, 1.5, (10, 3))
    fit, score, log = _watched(
        lambda x, y: [float(x.sum(dtype=np.float64)), float(y.sum())],
        lambda model, x, y: model[0] * y.sum() + model[1] * float(x.sum(dtype=np.float64)),
        x,
        y,
    )
    answer = cross_validate(fit, score, x, y, 4)
    _no_problems(log)
    sums_x, sums_y = x.sum(axis=(1, 2, 3), dtype=np.float64), y.sum(axis=1)
    assert_close(
        answer,
        [
            sums_x[train].sum() * sums_y[validation].sum() + sums_y[train].sum() * sums_x[validation].sum()
            for train, validation in _scikit_learn_folds(10, 4)
        ],
    )


def test_cross_validate_leaves_its_arguments_alone(cross_validate, rng):
    """cross_validate changes neither the examples nor the targets."""
    x, y = _noisy_data(rng, 21, 2)
    fit, score, log = _watched(_fit_linear, _r_squared, x, y)
    answer = cross_validate(fit, score, x, y, 3)
    _no_problems(log)
    assert_close(answer, cross_val_score(LinearRegression(), x, y, cv=KFold(3)))
    assert_unchanged(cross_validate, fit, score, x, y, 3)


# standardize_split


def _features(rng, *shape):
    """Features with means of 1 to 5 and standard deviations of about 0.5 to 2, different for each."""
    return rng.normal(size=shape) * rng.uniform(0.5, 2.0, shape[1:]) + rng.uniform(1.0, 5.0, shape[1:])


def _two_parts(rng):
    """A training part, and a validation part that lies elsewhere and is spread otherwise."""
    return _features(rng, 9, 4), 3 * _features(rng, 6, 4) - 10


def _standardized(train, validation):
    scaler = StandardScaler().fit(train.astype(np.float64))
    return scaler.transform(train.astype(np.float64)), scaler.transform(validation.astype(np.float64))


def _assert_both(answer, expected):
    for part, value in zip(unpack(answer, "train", "validation"), expected, strict=True):
        assert_close(part, value)


@pytest.mark.points(2)
def test_standardize_split_of_the_training_part(standardize_split, rng):
    """standardize_split gives each feature of the training part a mean of zero and a standard deviation of one."""
    train, validation = _two_parts(rng)
    answer, _ = unpack(standardize_split(train, validation), "train", "validation")
    assert_close(answer, _standardized(train, validation)[0])


@pytest.mark.points(3)
def test_standardize_split_of_the_validation_part(standardize_split, rng):
    """standardize_split scales the validation part with the training part's mean and standard deviation."""
    train, validation = _two_parts(rng)
    _, answer = unpack(standardize_split(train=train, validation=validation), "train", "validation")
    assert_close(answer, _standardized(train, validation)[1])


@pytest.mark.points(2)
def test_standardize_split_of_a_constant_feature(standardize_split, rng):
    """standardize_split only centres a feature that is constant in the training part, in both parts."""
    train, validation = _two_parts(rng)
    train[:, 1], train[:, 3] = 0.0, 4.0  # for these, the computed standard deviation is exactly zero
    mean, std = train.mean(axis=0), train.std(axis=0)
    std[[1, 3]] = 1
    _assert_both(standardize_split(train, validation), [(train - mean) / std, (validation - mean) / std])


def test_standardize_split_is_not_fooled_by_rounding(standardize_split, rng):
    """standardize_split only centres a constant feature even when rounding makes its standard deviation differ from
    zero."""
    constants = np.concatenate([rng.uniform(0.1, 9.0, 40), [0.1, 0.3, 0.7, 1e6 / 3]])
    train, offset = np.tile(constants, (6, 1)), rng.uniform(1.0, 2.0, (3, 44))
    answer = standardize_split(train, constants + offset)
    for part, value in zip(unpack(answer, "train", "validation"), (np.zeros((6, 44)), offset), strict=True):
        assert_close(part, value, atol=1e-6)


def test_standardize_split_of_a_feature_constant_in_validation(standardize_split, rng):
    """standardize_split looks at the training part alone to see whether a feature is constant."""
    train, validation = _two_parts(rng)
    validation[:, 2] = 1.5
    _assert_both(standardize_split(train, validation), _standardized(train, validation))


def test_standardize_split_of_small_and_large_features(standardize_split, rng):
    """standardize_split scales every feature that is not constant, however small or large its numbers are."""
    train, validation = _two_parts(rng)
    size = np.array([1e-9, 1.0, 1e7, 1e-6])
    _assert_both(standardize_split(train * size, validation * size), _standardized(train, validation))


def test_standardize_split_of_single_examples(standardize_split, rng):
    """standardize_split takes a validation part of a single example, and a training part of one, which makes every
    feature constant."""
    train, validation = _two_parts(rng)
    _assert_both(standardize_split(train, validation[:1]), _standardized(train, validation[:1]))
    _assert_both(standardize_split(train[:1], validation), [np.zeros((1, 4)), validation - train[:1]])


def test_standardize_split_of_float32(standardize_split, rng):
    """standardize_split is right for float32 input."""
    train, validation = (part.astype(np.float32) for part in _two_parts(rng))
    expected = _standardized(train, validation)
    for part, value in zip(unpack(standardize_split(train, validation), "train", "validation"), expected, strict=True):
        assert_close(part, value, atol=1e-5)  # values near the mean lose digits


def test_standardize_split_leaves_its_arguments_alone(standardize_split, rng):
    """standardize_split returns new arrays and changes neither of its arguments."""
    train, validation = _two_parts(rng)
    _assert_both(standardize_split(train, validation), _standardized(train, validation))
    assert_unchanged(standardize_split, train, validation)


# random_horizontal_flip


def _images(rng, *shape):
    return rng.uniform(0.5, 3.0, shape)


def _mirrored(answer, images):
    """Which of the images were mirrored; a mismatch unless each of them is the original or its mirror image."""
    if not isinstance(answer, np.ndarray) or answer.dtype.kind not in "biuf":
        raise Mismatch("the answer is not an array of real numbers")
    if answer.shape != images.shape:
        raise Mismatch(f"the answer has shape {answer.shape}, which is not that of the images")
    same, mirrored = (
        np.isclose(answer, wanted, rtol=1e-6, atol=0).all(axis=(1, 2, 3)) for wanted in (images, images[..., ::-1])
    )
    if not (same | mirrored).all():
        raise Mismatch("some images are neither the original nor its mirror image")
    return mirrored & ~same


@pytest.mark.points(3)
def test_random_horizontal_flip_mirrors_left_to_right(random_horizontal_flip, rng):
    """random_horizontal_flip returns each image either as it was or mirrored left to right, all its channels and rows
    together."""
    images = _images(rng, 70, 3, 4, 5)
    mirrored = _mirrored(random_horizontal_flip(images, 0.5, _generator(rng)), images)
    if mirrored.all() or not mirrored.any():  # With a probability of 0.5^69.
        raise Mismatch("all images have the same fate")


@pytest.mark.points(2)
def test_random_horizontal_flip_mirrors_with_probability_p(random_horizontal_flip, rng):
    """random_horizontal_flip mirrors each image with the probability that it is given, small or large."""
    for p in (0.1, 0.35, 0.9):
        images = _images(rng, 3000, 1, 2, 2)
        count = int(_mirrored(random_horizontal_flip(images=images, p=p, rng=_generator(rng)), images).sum())
        if min(stats.binom.cdf(count, 3000, p), stats.binom.sf(count - 1, 3000, p)) < RARE / 2:
            raise Mismatch("far too many or too few images are mirrored", f"p: {p}, mirrored: {count} of 3000")


@pytest.mark.points(2)
def test_random_horizontal_flip_decides_for_every_image(random_horizontal_flip, rng):
    """random_horizontal_flip decides for every image by itself: no pattern, and no fixed number of mirrored images."""
    images = _images(rng, 3000, 1, 1, 2)
    mirrored = _mirrored(random_horizontal_flip(images, 0.5, _generator(rng)), images)
    changes = int(
        (mirrored[1:] != mirrored[:-1]).sum()
    )  # From one image to the next, the chances of a change are even.
    if min(stats.binom.cdf(changes, 2999, 0.5), stats.binom.sf(changes - 1, 2999, 0.5)) < RARE / 2:
        raise Mismatch("neighbouring images are not independent of each other", f"changes: {changes} of 2999")
    counts = set()
    for _ in range(12):
        images = _images(rng, 400, 1, 1, 2)
        counts.add(int(_mirrored(random_horizontal_flip(images, 0.5, _generator(rng)), images).sum()))
    if len(counts) == 1:  # The likeliest number has a probability of 0.04: twelve equal ones come up with 0.04^11.
        raise Mismatch("the number of mirrored images is always the same; it must be random")


def test_random_horizontal_flip_with_certainty(random_horizontal_flip, rng):
    """random_horizontal_flip mirrors no image with a probability of zero, and every image with a probability of one."""
    images = _images(rng, 60, 2, 3, 4)
    assert_close(random_horizontal_flip(images, 0.0, _generator(rng)), images)
    assert_close(random_horizontal_flip(images, 1.0, _generator(rng)), images[..., ::-1])


@pytest.mark.points(2)
def test_random_horizontal_flip_draws_from_the_given_generator(random_horizontal_flip, rng):
    """random_horizontal_flip takes all its randomness from rng: generators of equal seed mirror the same images, others
    do not."""
    images, seed = _images(rng, 90, 1, 2, 3), int(rng.integers(2**62))
    first, again, other = (
        _mirrored(random_horizontal_flip(images, 0.5, np.random.default_rng(s)), images) for s in (seed, seed, seed + 1)
    )
    assert_equal(again, first)
    if np.array_equal(other, first):  # With a probability of 0.5^90.
        raise Mismatch("two generators of different seeds mirrored the same images")


def test_random_horizontal_flip_moves_the_generator_on(random_horizontal_flip, rng):
    """random_horizontal_flip called twice with the same generator mirrors other images the second time."""
    images = _images(rng, 90, 1, 2, 3)
    answer, _, after = random_horizontal_flip.with_arguments_after(images, p=0.5, rng=_generator(rng))
    first = _mirrored(answer, images)
    if not isinstance(after.get("rng"), np.random.Generator):
        raise Mismatch("the generator was replaced by something else")
    second = _mirrored(random_horizontal_flip(images, p=0.5, rng=after["rng"]), images)
    if np.array_equal(second, first):  # With a probability of 0.5^90.
        raise Mismatch("two calls with the same generator mirrored the same images")


def test_random_horizontal_flip_of_any_images(random_horizontal_flip, rng):
    """random_horizontal_flip takes a single image, images of any width, float32, and arrays of any layout."""
    for images in (_images(rng, 1, 2, 5, 4), _images(rng, 3, 4, 60, 2).transpose(2, 0, 3, 1)):
        assert_close(random_horizontal_flip(images, 1.0, _generator(rng)), images[..., ::-1])
    for images in (_images(rng, 60, 3, 2, 7).astype(np.float32), _images(rng, 3, 4, 60, 2).transpose(2, 0, 3, 1)):
        mirrored = _mirrored(random_horizontal_flip(images, 0.5, _generator(rng)), images)
        if mirrored.all() or not mirrored.any():  # With a probability of 0.5^59.
            raise Mismatch("all images have the same fate")


def test_random_horizontal_flip_leaves_its_images_alone(random_horizontal_flip, rng):
    """random_horizontal_flip returns a new array and does not change the images."""
    images, seed = _images(rng, 80, 2, 3, 4), int(rng.integers(2**62))
    mirrored = _mirrored(random_horizontal_flip(images, 0.5, np.random.default_rng(seed)), images)
    if not mirrored.any():  # With a probability of 0.5^80.
        raise Mismatch("no image is mirrored")
    assert_unchanged(random_horizontal_flip, images, 0.5, np.random.default_rng(seed))
