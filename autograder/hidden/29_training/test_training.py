"""Hidden tests of 29_training. Oracle: gradient descent on torch's binary_cross_entropy_with_logits by autograd, in
float64, for the logistic regression; accuracy or error on unseen data for the rest, against a bar."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from autograder.suite.assertions import Mismatch, assert_close, assert_unchanged, unpack

# The bars lie far from both sides. Measured on these tests, over 50 seeds for right models and 15 for the others:
#
# | | worst right model | best model that must fail |
# |---|---|---|
# | spirals | 0.98 | 0.69 without an activation; 0.77 for the straight line that suits the test points best |
# | recall | 0.04 | 1.00 without memory; 0.73 without the order of the values |
# | two patterns | 0.96 pooled over the map; 0.88 in windows of 2 x 2 | 0.39 without shared weights; 0.68 without an activation |
# | three patterns | 0.91 pooled over the map; 0.72 in windows of 2 x 2 | 0.32 without shared weights; 0.61 without pooling |

#: Share of right answers that an MLP must reach on spirals.
SPIRALS_BAR = 0.85
#: Largest mean cross entropy of an MLP on spirals.
SPIRALS_LOSS_BAR = 1.0
#: Largest mean squared error of a recurrent network, as a share of the variance of the targets.
RECALL_BAR = 0.5
#: Share of right answers that a convolutional network must reach, by the number of patterns.
PATTERNS_BARS = {2: 0.75, 3: 0.65}

#: Three patterns of five bright pixels each.
PATTERNS = np.array(
    [
        [[0, 1, 0], [1, 1, 1], [0, 1, 0]],
        [[1, 0, 1], [0, 1, 0], [1, 0, 1]],
        [[1, 0, 0], [1, 0, 0], [1, 1, 1]],
    ]
)


def _classes(rng, size):
    """Labels of both classes, in random order; more ones than zeros."""
    return torch.from_numpy(rng.permutation((np.arange(size) % 3 > 0).astype(np.int64)))


def _descended(x, y, lr, num_steps):
    """(weight, bias) after gradient descent from zeros, by autograd."""
    x, y = x.double(), y.double()
    parameters = [torch.zeros(x.shape[1], dtype=torch.float64), torch.zeros((), dtype=torch.float64)]
    for _ in range(num_steps):
        weight, bias = (parameter.detach().requires_grad_() for parameter in parameters)
        loss = F.binary_cross_entropy_with_logits((x * weight).sum(dim=1) + bias, y)
        gradients = torch.autograd.grad(loss, (weight, bias))
        parameters = [before - lr * gradient for before, gradient in zip((weight, bias), gradients)]
    return [parameter.detach() for parameter in parameters]


def _check_fit(answer, x, y, lr, num_steps):
    weight, bias = unpack(answer, "weight", "bias")
    expected_weight, expected_bias = _descended(x, y, lr, num_steps)
    assert_close(weight, expected_weight)
    assert_close(bias, expected_bias)


def _generator(seed):
    return torch.Generator().manual_seed(seed)


def _seed(rng):
    return int(rng.integers(2**31))


def _checked(answer, *shape):
    """The answer in float64, if it is a tensor of finite floats of this shape."""
    if not isinstance(answer, torch.Tensor) or not answer.dtype.is_floating_point:
        raise Mismatch(f"{type(answer).__name__} came back; a tensor of floats is expected")
    if answer.shape != shape:
        raise Mismatch(f"the answer has shape {tuple(answer.shape)}, which is not the right one", f"expected: {shape}")
    if not answer.isfinite().all():
        raise Mismatch("the answer contains NaN or infinity")
    return answer.detach().double()


def _check_accuracy(logits, y, bar):
    accuracy = (logits.argmax(dim=1) == y).double().mean().item()
    if accuracy < bar:
        raise Mismatch(f"only {accuracy:.0%} of the test examples are classified correctly", f"expected: {bar:.0%}")


def _check_spirals(answer, y):
    logits = _checked(answer, len(y), int(y.max()) + 1)
    _check_accuracy(logits, y, SPIRALS_BAR)
    loss = F.cross_entropy(logits, y).item()
    if loss > SPIRALS_LOSS_BAR:
        raise Mismatch(
            f"the mean cross entropy on the test examples is {loss:.1f}: mistakes are made with great confidence",
            f"expected: {SPIRALS_LOSS_BAR}",
        )


def _check_are_logits(answer):
    """Logits are any numbers; only probabilities are all positive with a sum of one in each row."""
    if (answer >= 0).all() and torch.allclose(answer.sum(dim=1), torch.ones(len(answer), dtype=torch.float64)):
        raise Mismatch("the answer holds probabilities; logits are expected")


def _check_differ(first, second, feedback):
    if torch.equal(first, second):
        raise Mismatch(feedback)


def _check_generator(train, rng, *shape):
    """Predictions depend on the generator, and on nothing else that is random."""
    one, other = _seed(rng), _seed(rng)
    first = _checked(train(generator=_generator(one)), *shape)
    assert_close(_checked(train(generator=_generator(one)), *shape), first)
    different = _checked(train(generator=_generator(other)), *shape)
    _check_differ(first, different, "another generator gave exactly the same predictions")


def _check_steps_and_lr(train, *shape):
    """Predictions depend on how long and how fast the model is trained."""
    first = _checked(train(num_steps=3, lr=0.02), *shape)
    longer = _checked(train(num_steps=6, lr=0.02), *shape)
    _check_differ(first, longer, "twice as many steps gave exactly the same predictions")
    faster = _checked(train(num_steps=3, lr=0.04), *shape)
    _check_differ(first, faster, "another learning rate gave exactly the same predictions")


def _check_one_by_one(predict, x_test, width):
    """Predictions for a few of the test examples are those for all of them."""
    together = _checked(predict(x_test), len(x_test), width)
    assert_close(_checked(predict(x_test[:3]), 3, width), together[:3], atol=1e-4)


@pytest.mark.points(3)
def test_train_logistic_regression_agrees_with_autograd(train_logistic_regression, rng):
    """train_logistic_regression descends along the gradient of the mean log loss, step by step."""
    x, y = torch.from_numpy(rng.normal(0.7, 1.2, (23, 4))), _classes(rng, 23)
    _check_fit(train_logistic_regression(x, y, 0.4, 30), x, y, 0.4, 30)


@pytest.mark.points(2)
def test_train_logistic_regression_takes_one_step(train_logistic_regression, rng):
    """train_logistic_regression starts from zeros, so that in the first step every probability is one half."""
    x, y = torch.from_numpy(rng.normal(1.0, 0.5, (11, 3))), _classes(rng, 11)
    _check_fit(train_logistic_regression(x, y, lr=0.3, num_steps=1), x, y, 0.3, 1)


def test_train_logistic_regression_takes_no_step(train_logistic_regression, rng):
    """train_logistic_regression returns zeros after no steps."""
    x, y = torch.from_numpy(rng.normal(size=(6, 5))), _classes(rng, 6)
    _check_fit(train_logistic_regression(x, y, 0.3, 0), x, y, 0.3, 0)


def test_train_logistic_regression_with_other_rates(train_logistic_regression, rng):
    """train_logistic_regression uses the learning rate that it is given, and keeps it."""
    x, y = torch.from_numpy(rng.normal(-0.6, 0.8, (14, 2))), _classes(rng, 14)
    for lr, num_steps in ((0.02, 7), (2.5, 4)):
        _check_fit(train_logistic_regression(x, y, lr, num_steps), x, y, lr, num_steps)


def test_train_logistic_regression_until_it_converges(train_logistic_regression, rng):
    """train_logistic_regression ends where the loss is smallest, if it is given the time."""
    x, y = torch.from_numpy(rng.normal(0.5, 1.0, (12, 2))), _classes(rng, 12)
    x, y = torch.cat([x, x]), torch.cat([y, 1 - y[:4], y[4:]])  # some examples contradict others: no perfect fit
    _check_fit(train_logistic_regression(x, y, 0.5, 400), x, y, 0.5, 400)


def test_train_logistic_regression_of_one_example_or_feature(train_logistic_regression, rng):
    """train_logistic_regression works with a single example, with a single feature, and with a single class."""
    for size, features, y in ((1, 3, [1]), (5, 1, [0, 1, 1, 0, 1]), (4, 2, [0, 0, 0, 0])):
        x, y = torch.from_numpy(rng.uniform(0.5, 1.5, (size, features))), torch.tensor(y)
        _check_fit(train_logistic_regression(x, y, 0.7, 5), x, y, 0.7, 5)


@pytest.mark.points(2)
def test_train_logistic_regression_far_from_the_border(train_logistic_regression, rng):
    """train_logistic_regression learns also from examples so far on the wrong side that their probability is rounded
    to zero or one."""
    near, far = rng.uniform(0.5, 1.5, (4, 1)), rng.uniform([[500], [2500]], [[700], [2900]])
    x, y = torch.from_numpy(np.concatenate([near, far])), torch.tensor([1, 0, 1, 1, 1, 0])
    # The first step follows the last example, which puts the one before it far on the wrong side in the second.
    _check_fit(train_logistic_regression(x, y, 0.5, 2), x, y, 0.5, 2)


def test_train_logistic_regression_of_float32(train_logistic_regression, rng):
    """train_logistic_regression is right for float32 tensors, also for those with gaps in memory, and for classes that
    are floats."""
    x, y = torch.from_numpy(rng.normal(0.5, 1.0, (10, 6))).float()[:, ::2], _classes(rng, 10).float()
    _check_fit(train_logistic_regression(x, y, 0.5, 12), x, y, 0.5, 12)


def test_train_logistic_regression_leaves_its_arguments_alone(train_logistic_regression, rng):
    """train_logistic_regression changes neither the examples nor their classes."""
    x, y = torch.from_numpy(rng.normal(0.5, 1.0, (9, 3))), _classes(rng, 9).double()
    _check_fit(train_logistic_regression(x, y, 0.5, 3), x, y, 0.5, 3)
    assert_unchanged(train_logistic_regression, x, y, 0.5, 3)


def _spirals(rng, size, arms, turns):
    """Points on the arms of a spiral, and the arm of each."""
    y = rng.permutation(np.arange(size) % arms)
    radius = rng.uniform(0.15, 1, size)
    angle = 2 * np.pi * (turns * radius + y / arms) + rng.normal(0, 0.1, size)
    x = 2 * radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return torch.from_numpy(x).float(), torch.from_numpy(y)


def _few_points(rng, size, features, classes):
    return torch.from_numpy(rng.normal(size=(size, features))).float(), torch.from_numpy(np.arange(size) % classes)


def test_mlp_classifier_returns_logits(mlp_classifier, rng):
    """mlp_classifier returns one row for each test example with a logit, not a probability, for each class, whether or
    not it occurs in training."""
    for size, features, classes, hidden_size, tested in ((12, 3, 5, 4, 7), (5, 1, 3, 1, 1)):
        x, y = _few_points(rng, size, features, classes - 1)
        x_test, _ = _few_points(rng, tested, features, classes)
        arguments = x, y, x_test, classes, hidden_size, 2, 0.05, _generator(_seed(rng))
        _check_are_logits(_checked(mlp_classifier(*arguments), tested, classes))


@pytest.mark.points(2)
def test_mlp_classifier_draws_from_its_generator(mlp_classifier, rng):
    """mlp_classifier gives the same logits with the same generator, and others with another."""
    x, y = _few_points(rng, 10, 3, 2)

    def train(generator):
        return mlp_classifier(x, y, x[:6], 2, 4, 2, 0.05, generator)

    _check_generator(train, rng, 6, 2)


def test_mlp_classifier_uses_steps_and_learning_rate(mlp_classifier, rng):
    """mlp_classifier trains for as many steps and with such a learning rate as it is told."""
    x, y = _few_points(rng, 10, 3, 2)
    seed = _seed(rng)

    def train(num_steps, lr):
        return mlp_classifier(x, y, x[:6], 2, 4, num_steps=num_steps, lr=lr, generator=_generator(seed))

    _check_steps_and_lr(train, 6, 2)


def test_mlp_classifier_looks_at_each_test_example_alone(mlp_classifier, rng):
    """mlp_classifier gives a test example the same logits whatever else is tested."""
    x, y = _few_points(rng, 10, 3, 2)
    x_test = torch.from_numpy(rng.normal(2.0, 3.0, (8, 3))).float()
    seed = _seed(rng)
    _check_one_by_one(lambda tested: mlp_classifier(x, y, tested, 2, 4, 3, 0.05, _generator(seed)), x_test, 2)


def test_mlp_classifier_leaves_its_arguments_alone(mlp_classifier, rng):
    """mlp_classifier changes neither the training set nor the test set."""
    x, y = _few_points(rng, 9, 2, 3)
    arguments = x, y, x[:4] + 1, 3, 5, 2, 0.05
    _checked(mlp_classifier(*arguments, _generator(1)), 4, 3)
    assert_unchanged(mlp_classifier, *arguments, _generator(1))


@pytest.mark.points(2)
def test_mlp_classifier_is_not_linear(mlp_classifier, rng):
    """mlp_classifier is more than a linear map: halfway between two points, the logits are not simply the mean of
    theirs."""
    x, y = _few_points(rng, 10, 3, 2)
    a, b = torch.from_numpy(rng.normal(0, 10, (2, 20, 3))).float()
    x_test = torch.cat([a, b, (a + b) / 2])
    logits = _checked(mlp_classifier(x, y, x_test, 2, 16, 2, 0.05, _generator(_seed(rng))), 60, 2)
    if torch.allclose((logits[:20] + logits[20:40]) / 2, logits[40:], rtol=0, atol=1e-3 * logits.abs().max().item()):
        raise Mismatch("the logits are a linear function of the example, so that all borders are straight")


@pytest.mark.points(3)
def test_mlp_classifier_separates_two_spirals(mlp_classifier, rng):
    """mlp_classifier learns two spirals so well that it recognises most points that it has not seen."""
    x, y = _spirals(rng, 500, 2, 1.0)
    logits = mlp_classifier(x[:200], y[:200], x[200:], 2, 32, 600, 0.1, _generator(_seed(rng)))
    _check_spirals(logits, y[200:])


@pytest.mark.points(2)
def test_mlp_classifier_separates_three_spirals(mlp_classifier, rng):
    """mlp_classifier learns three spirals so well that it recognises most points that it has not seen."""
    x, y = _spirals(rng, 510, 3, 0.6)
    logits = mlp_classifier(x[:210], y[:210], x[210:], 3, 40, 600, 0.1, _generator(_seed(rng)))
    _check_spirals(logits, y[210:])


def _sequences(rng, size, steps):
    return torch.from_numpy(rng.uniform(-1, 1, (size, steps, 1))).float()


def _check_recall(answer, y):
    error = ((_checked(answer, *y.shape) - y) ** 2).mean().item()
    share = error / y.var().item()
    if share > RECALL_BAR:
        raise Mismatch(
            f"the mean squared error is {share:.2f} times the variance of the targets", f"expected: {RECALL_BAR}"
        )


def test_sequence_regressor_returns_one_number_per_sequence(sequence_regressor, rng):
    """sequence_regressor returns one row with one number for each test sequence, however long the sequences are."""
    for size, steps, hidden_size, tested in ((6, 4, 3, 5), (3, 1, 2, 1), (1, 3, 1, 2)):
        x, x_test = _sequences(rng, size, steps), _sequences(rng, tested, steps)
        answer = sequence_regressor(x, x[:, 0], x_test, hidden_size, 2, 0.02, _generator(_seed(rng)))
        _checked(answer, tested, 1)


@pytest.mark.points(2)
def test_sequence_regressor_draws_from_its_generator(sequence_regressor, rng):
    """sequence_regressor gives the same predictions with the same generator, and others with another."""
    x = _sequences(rng, 8, 4)

    def train(generator):
        return sequence_regressor(x, x[:, 0], x[:5], 3, 2, 0.02, generator)

    _check_generator(train, rng, 5, 1)


def test_sequence_regressor_uses_steps_and_learning_rate(sequence_regressor, rng):
    """sequence_regressor trains for as many steps and with such a learning rate as it is told."""
    x = _sequences(rng, 8, 4)
    seed = _seed(rng)

    def train(num_steps, lr):
        return sequence_regressor(x, x[:, 0], x[:5], 3, num_steps=num_steps, lr=lr, generator=_generator(seed))

    _check_steps_and_lr(train, 5, 1)


@pytest.mark.points(2)
def test_sequence_regressor_looks_at_each_test_sequence_alone(sequence_regressor, rng):
    """sequence_regressor predicts the same for a test sequence whatever else is tested, before or after it."""
    x, x_test = _sequences(rng, 8, 4), 2 * _sequences(rng, 7, 4)
    seed = _seed(rng)

    def predict(tested):
        return sequence_regressor(x, x[:, 0], tested, 3, 3, 0.02, _generator(seed))

    _check_one_by_one(predict, x_test, 1)
    assert_close(_checked(predict(x_test.flip(0)), 7, 1), _checked(predict(x_test), 7, 1).flip(0), atol=1e-4)


def test_sequence_regressor_reads_the_whole_sequence(sequence_regressor, rng):
    """sequence_regressor lets every value of a sequence have an influence on its prediction."""
    x, x_test = _sequences(rng, 8, 5), _sequences(rng, 3, 5)
    seed = _seed(rng)

    def predict(tested):
        return _checked(sequence_regressor(x, x[:, 0], tested, 8, 2, 0.02, _generator(seed)), 3, 1)

    before = predict(x_test)
    for step in range(5):
        changed = x_test.clone()
        changed[:, step] += 1
        _check_differ(before, predict(changed), "a value in the sequence has no influence on the prediction")


def test_sequence_regressor_leaves_its_arguments_alone(sequence_regressor, rng):
    """sequence_regressor changes neither the training set nor the test set."""
    x, x_test = _sequences(rng, 6, 3), _sequences(rng, 4, 3)
    arguments = x, x[:, 0].clone(), x_test, 3, 2, 0.02
    _checked(sequence_regressor(*arguments, _generator(1)), 4, 1)
    assert_unchanged(sequence_regressor, *arguments, _generator(1))


@pytest.mark.points(3)
def test_sequence_regressor_recalls_the_first_value(sequence_regressor, rng):
    """sequence_regressor learns to recall the first value of a sequence at its end."""
    x = _sequences(rng, 300, 5)
    y = x[:, 0]
    _check_recall(sequence_regressor(x[:100], y[:100], x[100:], 16, 200, 0.02, _generator(_seed(rng))), y[100:])


@pytest.mark.points(2)
def test_sequence_regressor_recalls_the_second_value(sequence_regressor, rng):
    """sequence_regressor learns to recall the second value of a sequence at its end."""
    x = _sequences(rng, 300, 4)
    y = x[:, 1]
    _check_recall(sequence_regressor(x[:100], y[:100], x[100:], 20, 200, 0.02, _generator(_seed(rng))), y[100:])


def _images(rng, size, side, classes, places=None):
    """Noisy images with one pattern each, at a random one of the places (by default, of all), and its number."""
    y = rng.permutation(np.arange(size) % classes)
    x = rng.normal(0, 0.3, (size, 1, side, side))
    for image, label, place in zip(x, y, rng.choice((side - 2) ** 2 if places is None else places, size)):
        row, column = divmod(place, side - 2)
        image[0, row : row + 3, column : column + 3] += 3 * PATTERNS[label]
    return torch.from_numpy(x).float(), torch.from_numpy(y)


def _check_recognises(image_classifier, rng, size, side, classes):
    """It is trained on patterns at four fifths of the places, and tested at the others."""
    places = rng.permutation((side - 2) ** 2)
    seen = len(places) * 4 // 5
    x, y = _images(rng, size, side, classes, places[:seen])
    x_test, y_test = _images(rng, 200, side, classes, places[seen:])
    logits = image_classifier(x, y, x_test, classes, 120, 0.01, _generator(_seed(rng)))
    _check_accuracy(_checked(logits, 200, classes), y_test, PATTERNS_BARS[classes])


def test_image_classifier_returns_logits(image_classifier, rng):
    """image_classifier returns one row for each test image with a logit, not a probability, for each class, whether or
    not it occurs in training, and whatever the size of the images."""
    for size, side, classes, tested in ((6, 9, 4, 5), (4, 8, 3, 1), (5, 12, 2, 7)):
        x, y = _images(rng, size, side, classes - 1)
        x_test, _ = _images(rng, tested, side, classes - 1)
        answer = image_classifier(x, y, x_test, classes, 2, 0.02, _generator(_seed(rng)))
        _check_are_logits(_checked(answer, tested, classes))


@pytest.mark.points(2)
def test_image_classifier_draws_from_its_generator(image_classifier, rng):
    """image_classifier gives the same logits with the same generator, and others with another."""
    x, y = _images(rng, 8, 9, 2)

    def train(generator):
        return image_classifier(x, y, x[:5], 2, 2, 0.02, generator)

    _check_generator(train, rng, 5, 2)


def test_image_classifier_uses_steps_and_learning_rate(image_classifier, rng):
    """image_classifier trains for as many steps and with such a learning rate as it is told."""
    x, y = _images(rng, 8, 9, 2)
    seed = _seed(rng)

    def train(num_steps, lr):
        return image_classifier(x, y, x[:5], 2, num_steps=num_steps, lr=lr, generator=_generator(seed))

    _check_steps_and_lr(train, 5, 2)


def test_image_classifier_looks_at_each_test_image_alone(image_classifier, rng):
    """image_classifier gives a test image the same logits whatever else is tested."""
    x, y = _images(rng, 8, 9, 2)
    x_test = _images(rng, 6, 9, 2)[0] * torch.arange(1, 7)[:, None, None, None]
    seed = _seed(rng)
    _check_one_by_one(lambda tested: image_classifier(x, y, tested, 2, 3, 0.02, _generator(seed)), x_test, 2)


def test_image_classifier_leaves_its_arguments_alone(image_classifier, rng):
    """image_classifier changes neither the training set nor the test set."""
    x, y = _images(rng, 6, 8, 3)
    arguments = x, y, x[:4] + 1, 3, 2, 0.02
    _checked(image_classifier(*arguments, _generator(1)), 4, 3)
    assert_unchanged(image_classifier, *arguments, _generator(1))


@pytest.mark.points(3)
def test_image_classifier_tells_two_patterns_apart(image_classifier, rng):
    """image_classifier tells two patterns apart where no training image has shown one."""
    _check_recognises(image_classifier, rng, 160, 10, 2)


@pytest.mark.points(2)
def test_image_classifier_tells_three_patterns_apart(image_classifier, rng):
    """image_classifier tells three patterns apart where no training image has shown one."""
    _check_recognises(image_classifier, rng, 200, 9, 3)
