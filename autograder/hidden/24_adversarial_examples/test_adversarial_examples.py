"""Hidden tests of 24_adversarial_examples. Oracles: PyTorch's autograd in float64, and the attacks entry by entry.

The loss behind an attack is a hill: its gradient points towards a target of our choice. No point that a right answer
can reach comes near a target, so that rounding cannot turn a sign.
"""

import itertools
import math

import numpy as np
import pytest
import torch

from autograder.suite.assertions import Mismatch, assert_close, assert_unchanged

FAR = 50.0  # in steps: a target that is never reached


def _away_from_zero(rng, low, high, *shape):
    """Numbers of size low to high, every second one negative, in random order."""
    values = rng.uniform(low, high, math.prod(shape))
    values[::2] *= -1
    return rng.permutation(values).reshape(shape)


def _every_combination(rng, shape, *choices):
    """An array of the shape for each of the choices; every combination of them stands somewhere, in random order."""
    combinations = np.array(list(itertools.product(*choices)), dtype=float)
    entries = np.resize(combinations, (math.prod(shape), len(choices)))
    return rng.permutation(entries).T.reshape(len(choices), *shape)


# input_gradient


def _classifier(rng, examples=5, features=4):
    """Inputs, labels, weight and bias of three classes; logits of ordinary size, every class among the first three."""
    x = _away_from_zero(rng, 0.3, 1.0, examples, features)
    y = np.resize(rng.permutation(3), examples)
    bias = rng.permutation([-1.5, 0.2, 1.1]) + rng.uniform(-0.1, 0.1, 3)
    return x, y, _away_from_zero(rng, 0.3, 1.2, 3, features), bias


def _gradient(x, y, weight, bias):
    """The gradient of the mean cross entropy by autograd, in float64."""
    point, weight, bias = (torch.from_numpy(np.array(array, dtype=np.float64)) for array in (x, weight, bias))
    logits = torch.nn.functional.linear(point.requires_grad_(), weight, bias)
    (gradient,) = torch.autograd.grad(torch.nn.functional.cross_entropy(logits, torch.from_numpy(y)), point)
    return gradient


@pytest.mark.points(3)
def test_input_gradient_agrees_with_autograd(input_gradient, rng):
    """input_gradient is the gradient of the mean cross entropy of the batch with respect to the inputs."""
    arguments = _classifier(rng)
    assert_close(input_gradient(*arguments), _gradient(*arguments))


def test_input_gradient_of_one_example(input_gradient, rng):
    """input_gradient of a single example is the sum of the weight's rows, each times the error of its logit."""
    arguments = _classifier(rng, examples=1)
    assert_close(input_gradient(*arguments), _gradient(*arguments))


def test_input_gradient_of_a_large_batch(input_gradient, rng):
    """input_gradient shrinks as the batch grows, since every example has a smaller share of the mean."""
    arguments = _classifier(rng, examples=40, features=2)
    assert_close(input_gradient(*arguments), _gradient(*arguments))


@pytest.mark.points(2)
def test_input_gradient_of_large_logits(input_gradient, rng):
    """input_gradient is right when all logits of one row are large, those of another very negative."""
    x, y, weight, bias = _classifier(rng)
    weight[:, 0] = 1  # raises or lowers all logits of a row alike
    x[:, 0] = rng.permutation([0.0, 1e3, -1e3, 1e4, -1e4])
    assert_close(input_gradient(x, y, weight, bias), _gradient(x, y, weight, bias))


def test_input_gradient_of_distant_logits(input_gradient, rng):
    """input_gradient is right when the classifier is certain, rightly or wrongly."""
    x, _, weight, bias = _classifier(rng, examples=4)
    x *= 1e4
    logits = x @ weight.T
    y = np.concatenate([logits[:2].argmax(axis=1), logits[2:].argmin(axis=1)])
    assert_close(input_gradient(x, y, weight, bias), _gradient(x, y, weight, bias))


def test_input_gradient_of_float32(input_gradient, rng):
    """input_gradient is right for float32 input."""
    x, y, weight, bias = _classifier(rng)
    x, weight, bias = (array.astype(np.float32) for array in (x, weight, bias))
    assert_close(input_gradient(x, y, weight, bias), _gradient(x, y, weight, bias))


def test_input_gradient_of_arrays_that_are_not_contiguous(input_gradient, rng):
    """input_gradient is right for arrays whose order in memory is another than that of their indices."""
    x, y, weight, bias = _classifier(rng)
    expected = _gradient(x, y, weight, bias)
    assert_close(input_gradient(np.asfortranarray(x), y, np.asfortranarray(weight), bias), expected)


def test_input_gradient_leaves_its_arguments_alone(input_gradient, rng):
    """input_gradient returns a new array and does not change its arguments."""
    arguments = _classifier(rng)
    assert_close(input_gradient(*arguments), _gradient(*arguments))
    assert_unchanged(input_gradient, *arguments)


# fgsm_attack and pgd_attack


def _towards(rng, target):
    """The gradient of a loss that is highest at the target; its size differs widely from entry to entry."""
    scale = rng.permutation(np.geomspace(1e-4, 1e3, target.size)).reshape(target.shape)
    return lambda point: scale * (target - point)


def _watched(gradient, shape):
    """`gradient` for the submission to call, and a list that records where: None for anything but a point."""
    seen = []

    def loss_gradient(point=None, *_, **__):
        if not isinstance(point, np.ndarray) or point.shape != shape or point.dtype.kind != "f":
            seen.append(None)
            return np.full(shape, np.nan)
        seen.append(point.astype(np.float64))
        with np.errstate(all="ignore"):
            return np.asarray(gradient(seen[-1].copy()), dtype=point.dtype)

    return loss_gradient, seen


def _assert_asked_at(seen, points):
    """loss_gradient was called once at each of the points, in their order, and nowhere else."""
    if len(seen) != len(points):
        raise Mismatch(f"loss_gradient was called {len(seen)} times", f"expected: {len(points)}")
    for number, (point, expected) in enumerate(zip(seen, points, strict=True), 1):
        if point is None:
            raise Mismatch(f"call {number} of loss_gradient had no array of floats of the shape of x")
        if not np.allclose(point, expected, rtol=1e-4, atol=1e-6):
            raise Mismatch(f"call {number} of loss_gradient was made at another point", f"expected:\n{expected}")


def _path(x, gradient, epsilon, step_size, num_steps, low=0.0, high=1.0):
    """All points of the attack, the first of them x: the definition, entry by entry in float64."""
    points = [x.astype(np.float64)]
    for _ in range(num_steps):
        slope, point = gradient(points[-1]), points[-1].copy()
        for index, start in np.ndenumerate(points[0]):
            if slope[index] > 0:
                point[index] = min(point[index] + step_size, start + epsilon, high)
            elif slope[index] < 0:
                point[index] = max(point[index] - step_size, start - epsilon, low)
        points.append(point)
    return points


def _assert_fgsm(answer, x, gradient, epsilon, *limits):
    assert_close(answer, _path(x, gradient, epsilon, epsilon, 1, *limits)[-1])


def _near_the_limits(rng, low, high, room, signs=(-1, 1)):
    """Inputs that are less than `room` from either limit, or in the middle, and gradients of both signs for each."""
    where, direction = _every_combination(rng, (3, 4), (0, 1, 2), signs)
    nearness = room * rng.uniform(0.3, 0.7, (3, 4))
    x = np.choose(where.astype(int), [low + nearness, (low + high) / 2 + nearness, high - nearness])
    return x, _towards(rng, x + FAR * direction)


def _inner(rng, *shape):
    """Inputs far from 0 and 1, and a gradient of both signs."""
    x = rng.uniform(0.4, 0.6, shape)
    return x, _towards(rng, x + _away_from_zero(rng, 0.03, 0.05, *shape))


@pytest.mark.points(3)
def test_fgsm_attack_moves_along_the_sign(fgsm_attack, rng):
    """fgsm_attack moves every entry by epsilon, up where the gradient is positive and down where it is negative."""
    x, gradient = _inner(rng, 3, 4)
    epsilon = rng.uniform(0.1, 0.2)
    loss_gradient, _ = _watched(gradient, x.shape)
    _assert_fgsm(fgsm_attack(np.array(x), loss_gradient, epsilon), x, gradient, epsilon)


@pytest.mark.points(2)
def test_fgsm_attack_by_default(fgsm_attack, rng):
    """fgsm_attack clips its result to the default range of the signature when none is given."""
    epsilon = rng.uniform(0.1, 0.2)
    x, gradient = _near_the_limits(rng, 0.0, 1.0, epsilon)
    loss_gradient, _ = _watched(gradient, x.shape)
    _assert_fgsm(fgsm_attack(np.array(x), loss_gradient, epsilon=epsilon), x, gradient, epsilon)


@pytest.mark.points(2)
def test_fgsm_attack_with_another_range(fgsm_attack, rng):
    """fgsm_attack clips its result to the range that it is given."""
    epsilon = rng.uniform(0.1, 0.2)
    for low, high in ((-1.5, 2.5), (0.3, 0.8)):
        x, gradient = _near_the_limits(rng, low, high, epsilon)
        loss_gradient, _ = _watched(gradient, x.shape)
        _assert_fgsm(fgsm_attack(np.array(x), loss_gradient, epsilon, low, high), x, gradient, epsilon, low, high)
        attacked = fgsm_attack(x=np.array(x), loss_gradient=loss_gradient, epsilon=epsilon, high=high, low=low)
        _assert_fgsm(attacked, x, gradient, epsilon, low, high)


def test_fgsm_attack_without_a_slope(fgsm_attack, rng):
    """fgsm_attack leaves an entry where it is if its gradient is zero."""
    x = rng.uniform(0.4, 0.6, (2, 5))
    (direction,) = _every_combination(rng, x.shape, (-1, 0, 1))
    loss_gradient, _ = _watched(gradient := _towards(rng, x + direction), x.shape)
    _assert_fgsm(fgsm_attack(np.array(x), loss_gradient, 0.15), x, gradient, 0.15)


def test_fgsm_attack_asks_once(fgsm_attack, rng):
    """fgsm_attack asks for the gradient a single time, at x itself."""
    # Every known mistake shows in this call, so that an answer which is right but asks too often is not taken for one.
    x, gradient = _near_the_limits(rng, -1.5, 2.5, 0.15, signs=(-1, 0, 1))
    loss_gradient, seen = _watched(gradient, x.shape)
    answer, *_ = fgsm_attack.with_arguments_after(np.array(x), loss_gradient, 0.15, -1.5, 2.5)
    _assert_asked_at(seen, [x])
    _assert_fgsm(answer, x, gradient, 0.15, -1.5, 2.5)


def test_fgsm_attack_of_float32(fgsm_attack, rng):
    """fgsm_attack is right for float32 input."""
    x, gradient = _near_the_limits(rng, 0.0, 1.0, 0.15)
    x = x.astype(np.float32)
    loss_gradient, _ = _watched(gradient, x.shape)
    _assert_fgsm(fgsm_attack(np.array(x), loss_gradient, 0.15), x, gradient, 0.15)


def test_fgsm_attack_of_any_shape(fgsm_attack, rng):
    """fgsm_attack keeps the shape of x, whatever the number of axes and the order in memory."""
    for shape in ((1,), (7,), (2, 3, 4, 5)):
        x, gradient = _inner(rng, *shape)
        loss_gradient, _ = _watched(gradient, shape)
        _assert_fgsm(fgsm_attack(np.array(x, order="F"), loss_gradient, 0.15), x, gradient, 0.15)


def test_fgsm_attack_leaves_its_input_alone(fgsm_attack, rng):
    """fgsm_attack returns a new array and does not change x."""
    x, gradient = _near_the_limits(rng, 0.0, 1.0, 0.15)
    loss_gradient, _ = _watched(gradient, x.shape)
    _assert_fgsm(fgsm_attack(np.array(x), epsilon=0.15, loss_gradient=loss_gradient), x, gradient, 0.15)
    assert_unchanged(fgsm_attack, x, epsilon=0.15, loss_gradient=loss_gradient)


# project_linf


def _inside_and_outside(rng, *shape):
    """Centres of both signs, a radius, and points on both sides of every centre, inside of the ball and outside."""
    x, epsilon = _away_from_zero(rng, 1.0, 3.0, *shape), rng.uniform(0.3, 0.6)
    distance, direction = _every_combination(rng, shape, (0.25, 0.75, 1.5, 6.0), (-1, 1))
    return x + direction * distance * epsilon * rng.uniform(0.9, 1.1, shape), x, epsilon


def _projected(x_adv, x, epsilon):
    """The projection, entry by entry in float64."""
    result = x_adv.astype(np.float64)
    for index, centre in np.ndenumerate(x.astype(np.float64)):
        result[index] = sorted((centre - epsilon, result[index], centre + epsilon))[1]
    return result


@pytest.mark.points(3)
def test_project_linf_treats_every_entry_by_itself(project_linf, rng):
    """project_linf moves the entries that are too far from x, and no others, to the nearest end of their interval."""
    x_adv, x, epsilon = _inside_and_outside(rng, 3, 8)
    assert_close(project_linf(x_adv, x, epsilon), _projected(x_adv, x, epsilon))


def test_project_linf_above(project_linf, rng):
    """project_linf brings entries that are too large down to the upper end of their interval."""
    _, x, epsilon = _inside_and_outside(rng, 4, 3)
    x_adv = x + epsilon * rng.uniform(1.5, 4.0, x.shape)
    assert_close(project_linf(x_adv, x, epsilon), x + epsilon)


def test_project_linf_below(project_linf, rng):
    """project_linf raises entries that are too small to the lower end of their interval."""
    _, x, epsilon = _inside_and_outside(rng, 4, 3)
    x_adv = x - epsilon * rng.uniform(1.5, 4.0, x.shape)
    assert_close(project_linf(x_adv=x_adv, x=x, epsilon=epsilon), x - epsilon)


@pytest.mark.points(2)
def test_project_linf_of_a_point_in_the_ball(project_linf, rng):
    """project_linf leaves a point alone that is in the ball already."""
    _, x, epsilon = _inside_and_outside(rng, 4, 3)
    x_adv = x + _away_from_zero(rng, 0.6 * epsilon, 0.9 * epsilon, *x.shape)
    assert_close(project_linf(x_adv, x, epsilon), x_adv)


def test_project_linf_without_a_radius(project_linf, rng):
    """project_linf returns the centre when the radius is zero."""
    x_adv, x, _ = _inside_and_outside(rng, 2, 5)
    assert_close(project_linf(x_adv, x, 0.0), x)


def test_project_linf_of_float32(project_linf, rng):
    """project_linf is right for float32 input."""
    x_adv, x, epsilon = _inside_and_outside(rng, 3, 8)
    x_adv, x = x_adv.astype(np.float32), x.astype(np.float32)
    assert_close(project_linf(x_adv, x, epsilon), _projected(x_adv, x, epsilon))


def test_project_linf_of_any_shape(project_linf, rng):
    """project_linf keeps the shape of its input, whatever the number of axes and the order in memory."""
    for shape in ((1,), (9,), (2, 3, 4, 5)):
        x_adv, x, epsilon = _inside_and_outside(rng, *shape)
        assert_close(project_linf(np.asfortranarray(x_adv), x, epsilon), _projected(x_adv, x, epsilon))


def test_project_linf_leaves_its_arguments_alone(project_linf, rng):
    """project_linf returns a new array and does not change its arguments."""
    x_adv, x, epsilon = _inside_and_outside(rng, 3, 8)
    assert_close(project_linf(x_adv, x, epsilon), _projected(x_adv, x, epsilon))
    assert_unchanged(project_linf, x_adv, x, epsilon)


# pgd_attack. Targets lie between the points that the steps can reach: at 1.5 steps from x, for example.


def _hills(rng, x, step_size, *reaches):
    """The gradient of a loss whose highest point is, entry by entry, one of `reaches` steps above or below x."""
    reach, direction = _every_combination(rng, x.shape, reaches, (-1, 1))
    return _towards(rng, x + direction * reach * step_size)


def _assert_pgd(answer, x, gradient, *arguments):
    assert_close(answer, _path(x, gradient, *arguments)[-1])


@pytest.mark.points(3)
def test_pgd_attack_follows_the_gradient(pgd_attack, rng):
    """pgd_attack takes each step from the latest point, along the sign of the gradient at that point."""
    x, step = rng.uniform(0.4, 0.6, (3, 4)), rng.uniform(0.03, 0.04)
    gradient = _hills(rng, x, step, 1.5, 2.5)
    loss_gradient, _ = _watched(gradient, x.shape)
    for num_steps in (4, 5):
        answer = pgd_attack(np.array(x), loss_gradient, 6 * step, step, num_steps)
        _assert_pgd(answer, x, gradient, 6 * step, step, num_steps)


@pytest.mark.points(3)
def test_pgd_attack_stays_in_the_ball(pgd_attack, rng):
    """pgd_attack brings every step back into the ball around the original input, before the next gradient is taken."""
    x, step = rng.uniform(0.4, 0.6, (3, 4)), rng.uniform(0.03, 0.04)
    gradient = _hills(rng, x, step, 2.75, FAR)
    loss_gradient, _ = _watched(gradient, x.shape)
    _assert_pgd(pgd_attack(np.array(x), loss_gradient, 2.5 * step, step, 4), x, gradient, 2.5 * step, step, 4)


def test_pgd_attack_with_large_steps(pgd_attack, rng):
    """pgd_attack stays in the ball around the original input when a step is longer than its radius."""
    x, step = rng.uniform(0.4, 0.6, (4, 3)), rng.uniform(0.1, 0.12)
    gradient = _hills(rng, x, step, 0.2, FAR)
    loss_gradient, _ = _watched(gradient, x.shape)
    _assert_pgd(pgd_attack(np.array(x), loss_gradient, 0.4 * step, step, 3), x, gradient, 0.4 * step, step, 3)


def _at_the_limits(rng, low, high, step_size):
    """Inputs 0.6 steps from a limit, with the highest loss a little beyond that limit, or far beyond it."""
    reach, direction = _every_combination(rng, (3, 4), (0.8, FAR), (-1, 1))
    x = np.where(direction > 0, high - 0.6 * step_size, low + 0.6 * step_size)
    return x, _towards(rng, x + direction * reach * step_size)


@pytest.mark.points(2)
def test_pgd_attack_by_default(pgd_attack, rng):
    """pgd_attack clips every step to the default range of the signature when none is given."""
    step = rng.uniform(0.05, 0.1)
    x, gradient = _at_the_limits(rng, 0.0, 1.0, step)
    loss_gradient, _ = _watched(gradient, x.shape)
    answer = pgd_attack(np.array(x), loss_gradient, epsilon=3.5 * step, step_size=step, num_steps=4)
    _assert_pgd(answer, x, gradient, 3.5 * step, step, 4)


def test_pgd_attack_with_another_range(pgd_attack, rng):
    """pgd_attack clips every step to the range that it is given."""
    step = rng.uniform(0.05, 0.1)
    for low, high in ((-1.5, 2.5), (0.3, 0.8)):
        x, gradient = _at_the_limits(rng, low, high, step)
        loss_gradient, _ = _watched(gradient, x.shape)
        answer = pgd_attack(np.array(x), loss_gradient, 3.5 * step, step, 4, low, high)
        _assert_pgd(answer, x, gradient, 3.5 * step, step, 4, low, high)
        answer = pgd_attack(np.array(x), loss_gradient, 3.5 * step, step, 4, high=high, low=low)
        _assert_pgd(answer, x, gradient, 3.5 * step, step, 4, low, high)


@pytest.mark.points(2)
def test_pgd_attack_asks_once_per_step(pgd_attack, rng):
    """pgd_attack asks for the gradient once per step: first at x, then at each point that it has reached."""
    # Every known mistake shows in this call, so that an answer which is right but asks too often is not taken for one.
    x, step = rng.uniform(0.4, 0.6, (4, 3)), rng.uniform(0.03, 0.04)
    gradient = _hills(rng, x, step, 1.5, 2.75, FAR)
    loss_gradient, seen = _watched(gradient, x.shape)
    answer = pgd_attack(np.array(x), loss_gradient, 2.5 * step, step, 4)
    _assert_asked_at(seen, _path(x, gradient, 2.5 * step, step, 4)[:-1])
    _assert_pgd(answer, x, gradient, 2.5 * step, step, 4)


def test_pgd_attack_without_a_slope(pgd_attack, rng):
    """pgd_attack leaves an entry where it is if its gradient is zero."""
    x, step = rng.uniform(0.4, 0.6, (2, 5)), rng.uniform(0.03, 0.04)
    gradient = _hills(rng, x, step, 0, FAR)
    loss_gradient, _ = _watched(gradient, x.shape)
    _assert_pgd(pgd_attack(np.array(x), loss_gradient, 2.5 * step, step, 2), x, gradient, 2.5 * step, step, 2)


def test_pgd_attack_of_float32_and_any_shape(pgd_attack, rng):
    """pgd_attack is right for float32 input, whatever the number of axes and the order in memory."""
    for shape in ((1,), (7,), (2, 3, 4, 5)):
        x, step = rng.uniform(0.4, 0.6, shape).astype(np.float32), rng.uniform(0.03, 0.04)
        gradient = _hills(rng, x, step, 1.5, 2.75, FAR)
        loss_gradient, _ = _watched(gradient, shape)
        answer = pgd_attack(np.array(x, order="F"), loss_gradient, 2.5 * step, step, 4)
        _assert_pgd(answer, x, gradient, 2.5 * step, step, 4)


def test_pgd_attack_leaves_its_input_alone(pgd_attack, rng):
    """pgd_attack returns a new array and does not change x."""
    x, step = rng.uniform(0.4, 0.6, (3, 4)), rng.uniform(0.03, 0.04)
    gradient = _hills(rng, x, step, 1.5, FAR)
    loss_gradient, _ = _watched(gradient, x.shape)
    numbers = {"epsilon": 2.5 * step, "step_size": step, "num_steps": 4}
    _assert_pgd(pgd_attack(np.array(x), loss_gradient, **numbers), x, gradient, *numbers.values())
    assert_unchanged(pgd_attack, x, loss_gradient=loss_gradient, **numbers)
