import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from autograder.suite.assertions import assert_close, assert_unchanged


def _doubles(*arrays):
    """The arrays as tensors of float64 (classes as int64), for the oracle."""
    return [torch.from_numpy(a.astype(np.float64 if a.dtype.kind == "f" else np.int64)) for a in arrays]


def _not_contiguous(*arrays):
    """The same axes in another order than in memory."""
    return [array.transpose(2, 0, 1) for array in arrays]


def _regression(rng, *shape):
    """Predictions and targets that differ by 1.5 to 3, every second time downwards."""
    difference = rng.uniform(1.5, 3.0, math.prod(shape))
    difference[::2] *= -1
    target = rng.normal(size=shape)
    return target + rng.permutation(difference).reshape(shape), target


def _labels(rng, *shape):
    """Zeros and ones, as equal in number as can be, in random order."""
    return rng.permutation(np.arange(math.prod(shape)) % 2).astype(np.float64).reshape(shape)


def _probabilities(rng, *shape):
    """Probabilities between 0.1 and 0.9, and labels."""
    return rng.uniform(0.1, 0.9, shape), _labels(rng, *shape)


def _logits(rng, *shape):
    """Logits of size 0.5 to 3, of which some have the sign of their label and some have not, and labels."""
    labels = _labels(rng, *shape)
    sign = np.where(np.arange(labels.size) % 3 == 0, -1, 1) * (2 * labels.ravel() - 1)
    return (rng.uniform(0.5, 3.0, labels.size) * sign).reshape(shape), labels


def _distributions(rng, *shape):
    """Logits of several sizes and signs for log_softmax."""
    x = rng.uniform(0.5, 3.0, math.prod(shape))
    x[::2] *= -1
    return rng.permutation(x).reshape(shape)


def _classes(rng, examples, classes):
    """Logits of which the right one is raised, and the right classes, which all occur if there are enough examples."""
    target = rng.permutation(np.arange(examples) % classes)
    logits = rng.uniform(-1.0, 1.0, (examples, classes))
    logits[np.arange(examples), target] += 2.5
    return logits, target


@pytest.mark.points(3)
def test_mse_loss_agrees_with_torch(mse_loss, rng):
    """mse_loss is the mean over all elements of the squared differences."""
    prediction, target = _regression(rng, 4, 7)
    assert_close(mse_loss(prediction, target), functional.mse_loss(*_doubles(prediction, target)))


def test_mse_loss_of_any_shape(mse_loss, rng):
    """mse_loss averages over every element, whatever the number of axes."""
    for prediction, target in (
        _regression(rng, 5),
        _not_contiguous(*_regression(rng, 2, 3, 5)),
        _regression(rng, 6, 1),
        _regression(rng, 1),
    ):
        assert_close(mse_loss(prediction, target), functional.mse_loss(*_doubles(prediction, target)))


def test_mse_loss_of_a_perfect_prediction(mse_loss, rng):
    """mse_loss is zero when the predictions are the targets, and only then."""
    prediction, target = _regression(rng, 3, 4)
    assert_close(mse_loss(target.copy(), target), 0.0, atol=1e-9)
    assert_close(mse_loss(prediction, target), functional.mse_loss(*_doubles(prediction, target)))


def test_mse_loss_of_float32(mse_loss, rng):
    """mse_loss is right for float32 input."""
    prediction, target = (array.astype(np.float32) for array in _regression(rng, 3, 5))
    assert_close(mse_loss(prediction, target), functional.mse_loss(*_doubles(prediction, target)))


def test_mse_loss_takes_keywords(mse_loss, rng):
    """mse_loss can be called with the names of its arguments."""
    prediction, target = _regression(rng, 2, 3)
    loss = mse_loss(target=target, prediction=prediction)
    assert_close(loss, functional.mse_loss(*_doubles(prediction, target)))


def test_mse_loss_leaves_its_arguments_alone(mse_loss, rng):
    """mse_loss does not change the predictions or the targets."""
    prediction, target = _regression(rng, 3, 4)
    assert_close(mse_loss(prediction, target), functional.mse_loss(*_doubles(prediction, target)))
    assert_unchanged(mse_loss, prediction, target)


@pytest.mark.points(3)
def test_binary_cross_entropy_agrees_with_torch(binary_cross_entropy, rng):
    """binary_cross_entropy is the mean over all elements of minus the logarithm of the right class's probability."""
    probability, target = _probabilities(rng, 4, 7)
    loss = binary_cross_entropy(probability, target)
    assert_close(loss, functional.binary_cross_entropy(*_doubles(probability, target)))


@pytest.mark.points(2)
def test_binary_cross_entropy_of_certain_and_right(binary_cross_entropy, rng):
    """binary_cross_entropy is finite, and nothing is charged, where a probability of zero or one is right."""
    probability, target = _probabilities(rng, 6)
    probability, target = np.append(probability, [0.0, 1.0, 1.0]), np.append(target, [0.0, 1.0, 1.0])
    loss = binary_cross_entropy(probability, target)
    assert_close(loss, functional.binary_cross_entropy(*_doubles(probability, target)))


@pytest.mark.points(2)
def test_binary_cross_entropy_of_certain_and_wrong(binary_cross_entropy, rng):
    """binary_cross_entropy charges no more and no less than the clamp says where a probability of zero or one is wrong,
    for each class."""
    for certain in (0.0, 1.0):
        probability, target = _probabilities(rng, 5)
        probability, target = np.append(probability, certain), np.append(target, 1 - certain)
        loss = binary_cross_entropy(probability, target)
        assert_close(loss, functional.binary_cross_entropy(*_doubles(probability, target)))


def test_binary_cross_entropy_clamps_logarithms(binary_cross_entropy, rng):
    """binary_cross_entropy clamps the logarithms, not the probabilities and not the loss: a tiny probability counts in
    full as long as its logarithm is above the clamp, no more when it is below, and in part for a soft target."""
    for probability, target in ((1e-30, 1.0), (1e-60, 1.0), (0.0, 0.25), (1.0, 0.75)):
        probability, target = np.array([rng.uniform(0.1, 0.9), probability]), np.array([0.0, target])
        loss = binary_cross_entropy(probability, target)
        assert_close(loss, functional.binary_cross_entropy(*_doubles(probability, target)))


def test_binary_cross_entropy_of_soft_targets(binary_cross_entropy, rng):
    """binary_cross_entropy mixes the two logarithms when a target lies between zero and one."""
    target = np.where(_labels(rng, 3, 5) == 1, rng.uniform(0.6, 0.75, (3, 5)), rng.uniform(0.25, 0.4, (3, 5)))
    probability = np.where(target > 0.5, rng.uniform(0.05, 0.2, (3, 5)), rng.uniform(0.8, 0.95, (3, 5)))
    loss = binary_cross_entropy(probability, target)
    assert_close(loss, functional.binary_cross_entropy(*_doubles(probability, target)))


def test_binary_cross_entropy_of_float32(binary_cross_entropy, rng):
    """binary_cross_entropy is right for float32 input, probabilities of zero and one included."""
    probability, target = _probabilities(rng, 6)
    probability, target = np.append(probability, [0.0, 1.0, 1.0, 0.0]), np.append(target, [0.0, 1.0, 0.0, 1.0])
    probability, target = probability.astype(np.float32), target.astype(np.float32)
    # The nearest float32 to e^-100 has the logarithm -99.98: a clip there is as good as the clamp.
    expected = functional.binary_cross_entropy(*_doubles(probability, target))
    assert_close(binary_cross_entropy(probability, target), expected, rtol=1e-3)


def test_binary_cross_entropy_of_any_shape(binary_cross_entropy, rng):
    """binary_cross_entropy averages over every element, whatever the number of axes."""
    for probability, target in (
        _probabilities(rng, 5),
        _not_contiguous(*_probabilities(rng, 2, 3, 5)),
        _probabilities(rng, 6, 1),
        _probabilities(rng, 1),
    ):
        loss = binary_cross_entropy(probability, target)
        assert_close(loss, functional.binary_cross_entropy(*_doubles(probability, target)))


def test_binary_cross_entropy_takes_keywords(binary_cross_entropy, rng):
    """binary_cross_entropy can be called with the names of its arguments."""
    probability, target = _probabilities(rng, 2, 3)
    loss = binary_cross_entropy(target=target, probability=probability)
    assert_close(loss, functional.binary_cross_entropy(*_doubles(probability, target)))


def test_binary_cross_entropy_leaves_its_arguments_alone(binary_cross_entropy, rng):
    """binary_cross_entropy does not change the probabilities or the targets."""
    probability, target = _probabilities(rng, 3, 4)
    probability[0, :2], target[0, :2] = [0.0, 1.0], [0.0, 1.0]
    loss = binary_cross_entropy(probability, target)
    assert_close(loss, functional.binary_cross_entropy(*_doubles(probability, target)))
    assert_unchanged(binary_cross_entropy, probability, target)


@pytest.mark.points(3)
def test_binary_cross_entropy_with_logits_agrees_with_torch(binary_cross_entropy_with_logits, rng):
    """binary_cross_entropy_with_logits is the mean binary cross-entropy of the sigmoid of the logits."""
    logits, target = _logits(rng, 4, 7)
    loss = binary_cross_entropy_with_logits(logits, target)
    assert_close(loss, functional.binary_cross_entropy_with_logits(*_doubles(logits, target)))


@pytest.mark.points(2)
def test_binary_cross_entropy_with_logits_of_certain_and_wrong(binary_cross_entropy_with_logits, rng):
    """binary_cross_entropy_with_logits grows with the logit where it is on the wrong side, without a limit and for each
    class."""
    for size in (50.0, 1e3, 1e4):
        for logit, target in ((-size, 1.0), (size, 0.0), (-size, 0.25), (size, 0.25)):
            logits, target = np.array([rng.uniform(0.5, 3.0), logit]), np.array([1.0, target])
            loss = binary_cross_entropy_with_logits(logits, target)
            assert_close(loss, functional.binary_cross_entropy_with_logits(*_doubles(logits, target)))


@pytest.mark.points(2)
def test_binary_cross_entropy_with_logits_of_certain_and_right(binary_cross_entropy_with_logits, rng):
    """binary_cross_entropy_with_logits is finite, and practically nothing is charged, where a large logit is on the
    right side, for each class."""
    for size in (50.0, 1e3, 1e4):
        logits, target = _logits(rng, 5)
        logits, target = np.append(logits, [-size, size, size]), np.append(target, [0.0, 1.0, 1.0])
        loss = binary_cross_entropy_with_logits(logits, target)
        assert_close(loss, functional.binary_cross_entropy_with_logits(*_doubles(logits, target)))


def test_binary_cross_entropy_with_logits_of_soft_targets(binary_cross_entropy_with_logits, rng):
    """binary_cross_entropy_with_logits mixes the losses of both classes when a target lies between zero and one."""
    target = np.where(_labels(rng, 3, 5) == 1, rng.uniform(0.6, 0.75, (3, 5)), rng.uniform(0.25, 0.4, (3, 5)))
    logits = np.where(target > 0.5, -1, 1) * rng.uniform(1.5, 3.0, (3, 5))
    loss = binary_cross_entropy_with_logits(logits, target)
    assert_close(loss, functional.binary_cross_entropy_with_logits(*_doubles(logits, target)))


def test_binary_cross_entropy_with_logits_of_float32(binary_cross_entropy_with_logits, rng):
    """binary_cross_entropy_with_logits is right for float32 input, large logits on either side included."""
    for size in (0.0, 120.0, 1e4):
        logits, target = _logits(rng, 5)
        logits, target = np.append(logits, [-size, size, size, -size]), np.append(target, [0.0, 1.0, 0.0, 1.0])
        logits, target = logits.astype(np.float32), target.astype(np.float32)
        loss = binary_cross_entropy_with_logits(logits, target)
        assert_close(loss, functional.binary_cross_entropy_with_logits(*_doubles(logits, target)))


def test_binary_cross_entropy_with_logits_of_any_shape(binary_cross_entropy_with_logits, rng):
    """binary_cross_entropy_with_logits averages over every element, whatever the number of axes."""
    for logits, target in (
        _logits(rng, 5),
        _not_contiguous(*_logits(rng, 2, 3, 5)),
        _logits(rng, 6, 1),
        _logits(rng, 1),
    ):
        loss = binary_cross_entropy_with_logits(logits, target)
        assert_close(loss, functional.binary_cross_entropy_with_logits(*_doubles(logits, target)))


def test_binary_cross_entropy_with_logits_takes_keywords(binary_cross_entropy_with_logits, rng):
    """binary_cross_entropy_with_logits can be called with the names of its arguments."""
    logits, target = _logits(rng, 2, 3)
    loss = binary_cross_entropy_with_logits(target=target, logits=logits)
    assert_close(loss, functional.binary_cross_entropy_with_logits(*_doubles(logits, target)))


def test_binary_cross_entropy_with_logits_leaves_its_arguments_alone(binary_cross_entropy_with_logits, rng):
    """binary_cross_entropy_with_logits does not change the logits or the targets."""
    logits, target = _logits(rng, 3, 4)
    loss = binary_cross_entropy_with_logits(logits, target)
    assert_close(loss, functional.binary_cross_entropy_with_logits(*_doubles(logits, target)))
    assert_unchanged(binary_cross_entropy_with_logits, logits, target)


@pytest.mark.points(3)
def test_log_softmax_agrees_with_torch(log_softmax, rng):
    """log_softmax gives the logarithms of the probabilities that softmax gives, for every slice along the last axis."""
    logits = _distributions(rng, 4, 7)
    assert_close(log_softmax(logits), torch.log_softmax(*_doubles(logits), -1))


@pytest.mark.points(2)
def test_log_softmax_along_any_axis(log_softmax, rng):
    """log_softmax works along the axis that it is given, counted from the front or from the back."""
    logits = _distributions(rng, 3, 4, 5)
    assert_close(log_softmax(logits, axis=0), torch.log_softmax(*_doubles(logits), 0))
    assert_close(log_softmax(logits, 1), torch.log_softmax(*_doubles(logits), 1))
    assert_close(log_softmax(logits, axis=-2), torch.log_softmax(*_doubles(logits), -2))


@pytest.mark.points(2)
def test_log_softmax_of_large_logits(log_softmax, rng):
    """log_softmax is right when all logits of one row are large, all of another very negative, and others ordinary."""
    logits = rng.uniform(-1.0, 1.0, (5, 4)) + np.array([[0.0], [1e3], [-1e3], [1e4], [-1e4]])
    assert_close(log_softmax(logits), torch.log_softmax(*_doubles(logits), -1))


@pytest.mark.points(2)
def test_log_softmax_of_distant_logits(log_softmax, rng):
    """log_softmax is finite and right when the logits of one slice lie so far apart that a probability rounds to
    zero."""
    for size in (50.0, 1e3, 1e4):
        logits = np.stack([_distributions(rng, 4), rng.permutation([-size, -size / 2, 1.0, size])])
        assert_close(log_softmax(logits), torch.log_softmax(*_doubles(logits), -1))


def test_log_softmax_of_float32(log_softmax, rng):
    """log_softmax is right for float32 input, large and distant logits included."""
    # exp overflows at 89 in float32. A larger shift would reject the stable x - logsumexp(x) for its rounding.
    logits = (rng.uniform(-1.0, 1.0, (3, 5)) + np.array([[0.0], [120.0], [-120.0]])).astype(np.float32)
    assert_close(log_softmax(logits), torch.log_softmax(*_doubles(logits), -1))
    logits = rng.permutation([-1e4, -1e3, 1.0, 1e3, 1e4]).astype(np.float32)
    assert_close(log_softmax(logits), torch.log_softmax(*_doubles(logits), -1))


def test_log_softmax_of_any_shape(log_softmax, rng):
    """log_softmax takes a vector as well as an array of more axes, and a single class has the log-probability zero."""
    for logits in (_distributions(rng, 6), *_not_contiguous(_distributions(rng, 2, 3, 5)), _distributions(rng, 3, 1)):
        assert_close(log_softmax(logits), torch.log_softmax(*_doubles(logits), -1), atol=1e-6)


def test_log_softmax_takes_keywords(log_softmax, rng):
    """log_softmax can be called with the names of its arguments."""
    logits = _distributions(rng, 2, 5)
    assert_close(log_softmax(axis=0, logits=logits), torch.log_softmax(*_doubles(logits), 0))


def test_log_softmax_leaves_its_input_alone(log_softmax, rng):
    """log_softmax returns a new array and does not change its input."""
    logits = _distributions(rng, 3, 4)
    assert_close(log_softmax(logits), torch.log_softmax(*_doubles(logits), -1))
    assert_unchanged(log_softmax, logits)


@pytest.mark.points(3)
def test_cross_entropy_loss_agrees_with_torch(cross_entropy_loss, rng):
    """cross_entropy_loss is the mean over the examples of minus the log-softmax of the right class."""
    logits, target = _classes(rng, 7, 4)
    assert_close(cross_entropy_loss(logits, target), functional.cross_entropy(*_doubles(logits, target)))


@pytest.mark.points(2)
def test_cross_entropy_loss_of_large_logits(cross_entropy_loss, rng):
    """cross_entropy_loss is right when all logits of one row are large, all of another very negative, and others
    ordinary."""
    logits, target = _classes(rng, 5, 3)
    logits += np.array([[0.0], [1e3], [-1e3], [1e4], [-1e4]])
    assert_close(cross_entropy_loss(logits, target), functional.cross_entropy(*_doubles(logits, target)))


@pytest.mark.points(2)
def test_cross_entropy_loss_of_certain_and_wrong(cross_entropy_loss, rng):
    """cross_entropy_loss grows with the distance between the right logit and the largest one, and stays finite."""
    for distance in (50.0, 1e3, 1e4):
        logits, target = _classes(rng, 4, 3)
        logits[1, target[1]] -= distance
        assert_close(cross_entropy_loss(logits, target), functional.cross_entropy(*_doubles(logits, target)))


def test_cross_entropy_loss_of_certain_and_right(cross_entropy_loss, rng):
    """cross_entropy_loss charges practically nothing for an example whose right logit is far above the others."""
    for distance in (50.0, 1e3, 1e4):
        logits, target = _classes(rng, 4, 3)
        logits[1:, :][np.arange(3), target[1:]] += distance
        assert_close(cross_entropy_loss(logits, target), functional.cross_entropy(*_doubles(logits, target)))


def test_cross_entropy_loss_of_fewer_examples_than_classes(cross_entropy_loss, rng):
    """cross_entropy_loss is right for a few examples of many classes, and for a single one."""
    for logits, target in (_classes(rng, 3, 8), _classes(rng, 1, 5)):
        assert_close(cross_entropy_loss(logits, target), functional.cross_entropy(*_doubles(logits, target)))


def test_cross_entropy_loss_of_a_single_class(cross_entropy_loss, rng):
    """cross_entropy_loss is zero when there is one class only, and is not when there are two."""
    for classes in (1, 2):
        logits, target = _classes(rng, 3, classes)
        expected = functional.cross_entropy(*_doubles(logits, target))
        assert_close(cross_entropy_loss(logits, target), expected, atol=1e-6)


def test_cross_entropy_loss_of_float32(cross_entropy_loss, rng):
    """cross_entropy_loss is right for float32 logits, large and distant ones included."""
    logits, target = _classes(rng, 4, 3)
    logits = (logits + np.array([[0.0], [120.0], [-120.0], [0.0]])).astype(np.float32)
    assert_close(cross_entropy_loss(logits, target), functional.cross_entropy(*_doubles(logits, target)))
    logits[2, target[2]] -= 1e4
    assert_close(cross_entropy_loss(logits, target), functional.cross_entropy(*_doubles(logits, target)))


def test_cross_entropy_loss_of_a_transposed_array(cross_entropy_loss, rng):
    """cross_entropy_loss does not depend on how the logits lie in memory, and takes the names of its arguments."""
    logits, target = _classes(rng, 6, 4)
    loss = cross_entropy_loss(target=target, logits=np.asfortranarray(logits))
    assert_close(loss, functional.cross_entropy(*_doubles(logits, target)))


def test_cross_entropy_loss_leaves_its_arguments_alone(cross_entropy_loss, rng):
    """cross_entropy_loss does not change the logits or the targets."""
    logits, target = _classes(rng, 5, 3)
    assert_close(cross_entropy_loss(logits, target), functional.cross_entropy(*_doubles(logits, target)))
    assert_unchanged(cross_entropy_loss, logits, target)
