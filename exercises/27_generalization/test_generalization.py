import numpy as np
import pytest


def test_train_validation_split_sizes(train_validation_split):
    """A quarter of 10 examples would be 2.5; Python's round takes that to 2, which leaves 8 for training."""
    train, validation = train_validation_split(10, 0.25, np.random.default_rng(0))
    assert len(train) == 8
    assert len(validation) == 2


def test_train_validation_split_uses_every_example_once(train_validation_split):
    """Together the two parts are all the indices; none is in both."""
    train, validation = train_validation_split(9, 1 / 3, np.random.default_rng(1))
    np.testing.assert_array_equal(np.sort(np.concatenate([train, validation])), np.arange(9))


def test_train_validation_split_shuffles(train_validation_split):
    """The validation part is neither the beginning nor the end, and the next one differs."""
    rng = np.random.default_rng(2)
    first, second = (np.sort(train_validation_split(1000, 0.5, rng)[1]) for _ in range(2))
    assert 150 < (first < 500).sum() < 350
    assert not np.array_equal(first, second)


def test_k_fold_indices_by_hand(k_fold_indices):
    """Six examples in three folds: two examples each."""
    expected = [([2, 3, 4, 5], [0, 1]), ([0, 1, 4, 5], [2, 3]), ([0, 1, 2, 3], [4, 5])]
    folds = k_fold_indices(6, 3)
    assert len(folds) == 3
    for (train, validation), (expected_train, expected_validation) in zip(folds, expected, strict=True):
        np.testing.assert_array_equal(train, expected_train)
        np.testing.assert_array_equal(validation, expected_validation)


def test_k_fold_indices_of_uneven_folds(k_fold_indices):
    """Eleven examples in four folds: the first three folds hold one more than the last, and nothing is left over."""
    assert [len(validation) for _, validation in k_fold_indices(11, 4)] == [3, 3, 3, 2]


def test_k_fold_indices_refuses_one_fold(k_fold_indices):
    """With one fold there is nothing left to train on; with more folds than examples some are empty."""
    for k in (1, 6):
        with pytest.raises(ValueError):
            k_fold_indices(5, k)


def test_stratified_k_fold_indices_spreads_the_classes(stratified_k_fold_indices):
    """Four examples of one class and two of another, in two folds: each fold gets two of the one
    and one of the other."""
    labels = np.array([7, 7, 7, 3, 3, 7])
    for _, validation in stratified_k_fold_indices(labels, 2):
        np.testing.assert_array_equal(np.sort(labels[validation]), [3, 7, 7])


def test_stratified_k_fold_indices_validates_every_example_once(stratified_k_fold_indices):
    """The validation parts together are all examples, and a training part is what its validation part leaves over."""
    folds = stratified_k_fold_indices(np.array([0, 1, 0, 0, 1, 0, 1, 0]), 3)
    assert len(folds) == 3
    np.testing.assert_array_equal(np.sort(np.concatenate([validation for _, validation in folds])), np.arange(8))
    for train, validation in folds:
        np.testing.assert_array_equal(np.sort(np.concatenate([train, validation])), np.arange(8))


def test_cross_validate_by_hand(cross_validate):
    """The model is the mean of the training targets, the score how far it is from the mean of the validation targets.
    The folds are (1, 3) and (5, 9), with means 2 and 7: both scores are 5, with opposite signs."""
    x, y = np.zeros((4, 1)), np.array([1.0, 3.0, 5.0, 9.0])
    scores = cross_validate(lambda x, y: y.mean(), lambda model, x, y: model - y.mean(), x, y, 2)
    np.testing.assert_allclose(scores, [5.0, -5.0])


def test_cross_validate_calls(cross_validate):
    """With three folds of one example each, three models are fitted on two examples and scored on one."""
    x, y = np.array([[10.0], [20.0], [30.0]]), np.array([1.0, 2.0, 3.0])
    fitted, scored = [], []

    def fit(x, y):
        fitted.append((x.ravel().tolist(), y.tolist()))
        return {"number": len(fitted)}

    def score(model, x, y):
        scored.append((model["number"], x.ravel().tolist(), y.tolist()))
        return 0.5

    np.testing.assert_allclose(cross_validate(fit, score, x, y, k=3), [0.5, 0.5, 0.5])
    assert fitted == [([20.0, 30.0], [2.0, 3.0]), ([10.0, 30.0], [1.0, 3.0]), ([10.0, 20.0], [1.0, 2.0])]
    assert scored == [(1, [10.0], [1.0]), (2, [20.0], [2.0]), (3, [30.0], [3.0])]


def test_standardize_split_by_hand(standardize_split):
    """The training values 1 and 5 have mean 3 and standard deviation 2. The validation value 9 becomes (9 - 3) / 2."""
    train, validation = standardize_split(np.array([[1.0], [5.0]]), np.array([[9.0]]))
    np.testing.assert_allclose(train, [[-1.0], [1.0]])
    np.testing.assert_allclose(validation, [[3.0]])


def test_standardize_split_of_each_feature(standardize_split):
    """Every column has a mean and a standard deviation of its own."""
    train, validation = standardize_split(np.array([[1.0, 100.0], [5.0, 300.0]]), np.array([[3.0, 250.0], [4.0, 0.0]]))
    np.testing.assert_allclose(train, [[-1.0, -1.0], [1.0, 1.0]])
    np.testing.assert_allclose(validation, [[0.0, 0.5], [0.5, -2.0]], atol=1e-12)


def test_standardize_split_of_a_constant_feature(standardize_split):
    """A feature that is constant in the training part is only centred."""
    train, validation = standardize_split(np.full((3, 1), 0.1), np.array([[0.1], [2.1]]))
    np.testing.assert_allclose(train, np.zeros((3, 1)), atol=1e-12)
    np.testing.assert_allclose(validation, [[0.0], [2.0]], atol=1e-12)


def test_random_horizontal_flip_with_probability_one(random_horizontal_flip):
    """With p = 1 every row of every image is reversed; with p = 0 nothing happens."""
    images = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]], [[[7.0, 8.0, 9.0], [0.0, 1.0, 2.0]]]])
    mirrored = [[[[3.0, 2.0, 1.0], [6.0, 5.0, 4.0]]], [[[9.0, 8.0, 7.0], [2.0, 1.0, 0.0]]]]
    np.testing.assert_array_equal(random_horizontal_flip(images, 1.0, np.random.default_rng(0)), mirrored)
    np.testing.assert_array_equal(random_horizontal_flip(images, 0.0, np.random.default_rng(0)), images)


def test_random_horizontal_flip_throws_a_coin_for_each_image(random_horizontal_flip):
    """With p = 0.2 about 200 of 1000 images are mirrored."""
    images = np.tile(np.array([1.0, 2.0]), (1000, 1, 1, 1))
    output = random_horizontal_flip(images, 0.2, np.random.default_rng(1))
    assert output.shape == (1000, 1, 1, 2)
    assert 120 < (output[:, 0, 0, 0] == 2).sum() < 280
