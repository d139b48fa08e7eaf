import itertools
import math

import numpy as np
import pytest
import torch

from autograder.suite.assertions import Mismatch, assert_close, assert_equal, assert_unchanged, unpack


def _signed(rng, *shape):
    """Numbers of size 0.5 to 2, every second one negative, in random order."""
    x = rng.uniform(0.5, 2.0, math.prod(shape))
    x[::2] *= -1
    return rng.permutation(x).reshape(shape)


def _positive(rng, *shape):
    """Numbers from 0.5 to 2: a state that holds squares or absolute values."""
    return rng.uniform(0.5, 2.0, shape)


def _float32(*arrays):
    return [array.astype(np.float32) for array in arrays]


def _not_contiguous(*arrays):
    """The same three axes in another order than in memory."""
    return [array.transpose(2, 0, 1) for array in arrays]


def _torch_step(optimizer, param, grad, state, **options):
    """One step in float64 of a torch optimizer that starts in the given state: (param, the state's arrays in
    order)."""
    tensor = torch.nn.Parameter(torch.tensor(param, dtype=torch.float64))
    instance = optimizer([tensor], **options)
    instance.state[tensor] = {name: torch.tensor(value, dtype=torch.float64) for name, value in state.items()}
    tensor.grad = torch.tensor(grad, dtype=torch.float64)
    instance.step()
    return tensor.detach().numpy(), *(instance.state[tensor][name].numpy() for name in state if name != "step")


def _torch_momentum(param, grad, velocity, lr, momentum=0.9):
    return _torch_step(torch.optim.SGD, param, grad, {"momentum_buffer": velocity}, lr=lr, momentum=momentum)


def _torch_adagrad(param, grad, square_sum, lr, **options):
    return _torch_step(torch.optim.Adagrad, param, grad, {"sum": square_sum, "step": 0}, lr=lr, **options)


def _torch_rmsprop(param, grad, square_avg, lr, **options):
    return _torch_step(torch.optim.RMSprop, param, grad, {"square_avg": square_avg, "step": 0}, lr=lr, **options)


def _torch_adam(param, grad, m, v, step, optimizer=torch.optim.Adam, **options):
    return _torch_step(optimizer, param, grad, {"exp_avg": m, "exp_avg_sq": v, "step": step - 1}, **options)


def _torch_adamw(param, grad, m, v, step, **options):
    return _torch_adam(param, grad, m, v, step, torch.optim.AdamW, **options)


def _torch_adamax(param, grad, m, u, step, **options):
    state = {"exp_avg": m, "exp_inf": u, "step": step - 1}
    return _torch_step(torch.optim.Adamax, param, grad, state, **options)


def _all_close(answer, expected, *names):
    """The parts of an answer, when every one of them agrees with the oracle's."""
    parts = unpack(answer, *names)
    for part, value in zip(parts, expected, strict=True):
        assert_close(part, value)
    return parts


def _batches(answer):
    """The batches of an answer that is a list of index arrays, and is not empty."""
    if not isinstance(answer, (list, tuple)) or not answer:
        raise Mismatch("the answer is not a list of batches")
    for batch in answer:
        if not isinstance(batch, np.ndarray) or batch.ndim != 1 or batch.dtype.kind not in "iu":
            raise Mismatch("a batch is not a one-dimensional array of integers")
    return list(answer)


def _sizes(answer):
    return np.array([len(batch) for batch in _batches(answer)])


def _generator(rng):
    return np.random.default_rng(int(rng.integers(2**62)))


@pytest.mark.points(3)
def test_minibatch_indices_covers_every_example_once(minibatch_indices, rng):
    """minibatch_indices holds every index exactly once, those of a short last batch included."""
    for num_examples, batch_size in ((23, 5), (24, 6)):
        batches = _batches(minibatch_indices(num_examples, batch_size, _generator(rng)))
        assert_equal(np.sort(np.concatenate(batches)), np.arange(num_examples))


@pytest.mark.points(2)
def test_minibatch_indices_only_the_last_batch_is_short(minibatch_indices, rng):
    """minibatch_indices fills all batches but the last, which takes what is left."""
    assert_equal(_sizes(minibatch_indices(23, 5, _generator(rng))), np.array([5, 5, 5, 5, 3]))
    assert_equal(_sizes(minibatch_indices(num_examples=17, batch_size=7, rng=_generator(rng))), np.array([7, 7, 3]))


def test_minibatch_indices_of_whole_batches(minibatch_indices, rng):
    """minibatch_indices returns no empty batch when the batch size divides the number of examples."""
    assert_equal(_sizes(minibatch_indices(24, 6, _generator(rng))), np.array([6, 6, 6, 6]))


def test_minibatch_indices_with_a_large_batch_size(minibatch_indices, rng):
    """minibatch_indices returns one batch of everything when the batch size reaches the number of examples."""
    for batch_size in (9, 50):
        batches = _batches(minibatch_indices(9, batch_size, _generator(rng)))
        assert_equal(len(batches), 1)
        assert_equal(np.sort(batches[0]), np.arange(9))


@pytest.mark.points(2)
def test_minibatch_indices_mixes_all_examples(minibatch_indices, rng):
    """minibatch_indices brings examples from everywhere into every batch, not just neighbours."""
    batches = _batches(minibatch_indices(120, 40, _generator(rng)))
    for batch in batches:
        # Three uniform batches of 40 contain 40 neighbours with a probability below 1e-29.
        if len(batch) and int(batch.max()) - int(batch.min()) < len(batch):
            raise Mismatch("a batch holds neighbouring examples only")
    assert_equal(np.sort(np.concatenate(batches)), np.arange(120))


@pytest.mark.points(2)
def test_minibatch_indices_reaches_every_order(minibatch_indices, rng):
    """minibatch_indices can bring the examples into any order whatsoever."""
    orders = set()
    for _ in range(160):
        order = np.concatenate(_batches(minibatch_indices(3, 1, _generator(rng))))
        assert_equal(np.sort(order), np.arange(3))
        orders.add(tuple(order.tolist()))
    # One of six equally likely orders is missing after 160 draws with a probability below 6 * (5 / 6)**160 = 1.3e-12.
    missing = set(itertools.permutations(range(3))) - orders
    if missing:
        raise Mismatch("some orders never come up", f"missing: {sorted(missing)}")


def test_minibatch_indices_is_a_new_shuffle_for_another_generator(minibatch_indices, rng):
    """minibatch_indices draws its order from the generator that it is given: another generator, another order."""
    first, second = (np.concatenate(_batches(minibatch_indices(50, 8, _generator(rng)))) for _ in range(2))
    assert_equal(np.sort(first), np.arange(50))
    if np.array_equal(first, second):  # With a probability of 1 / 50!.
        raise Mismatch("two generators of different seeds gave the same order")


def test_minibatch_indices_repeats_itself_for_the_same_generator(minibatch_indices, rng):
    """minibatch_indices takes all its randomness from rng: generators of equal seed give equal batches."""
    seed = int(rng.integers(2**62))
    first, second = (_batches(minibatch_indices(50, 8, np.random.default_rng(seed))) for _ in range(2))
    assert_equal(np.sort(np.concatenate(first)), np.arange(50))
    assert_equal(_sizes(second), _sizes(first))
    assert_equal(np.concatenate(second), np.concatenate(first))


@pytest.mark.points(3)
def test_sgd_step_agrees_with_torch(sgd_step, rng):
    """sgd_step subtracts the learning rate times the gradient from the parameter."""
    param, grad, lr = _signed(rng, 4, 7), _signed(rng, 4, 7), rng.uniform(0.1, 0.4)
    (expected,) = _torch_step(torch.optim.SGD, param, grad, {}, lr=lr)
    assert_close(sgd_step(param, grad, lr), expected)


@pytest.mark.points(2)
def test_sgd_step_is_as_long_as_the_gradient(sgd_step, rng):
    """sgd_step uses the gradient as it is, small or very large, neither clipped nor normalised."""
    param, grad = np.zeros((2, 4)), np.stack([_signed(rng, 4), rng.permutation([-1e4, -1e3, 5.0, 1e4])])
    (expected,) = _torch_step(torch.optim.SGD, param, grad, {}, lr=0.25)
    assert_close(sgd_step(param, grad, lr=0.25), expected)


def test_sgd_step_repeated_goes_downhill(sgd_step, rng):
    """sgd_step, repeated on a quadratic bowl, shrinks the parameter by the same factor each time."""
    start = param = _signed(rng, 5)
    for count in range(1, 5):
        param = sgd_step(param, 2 * np.asarray(param), 0.1)
        assert_close(param, start * 0.8**count)


def test_sgd_step_of_float32(sgd_step, rng):
    """sgd_step is right for float32 input."""
    param, grad = _float32(_signed(rng, 3, 5), _signed(rng, 3, 5))
    (expected,) = _torch_step(torch.optim.SGD, param, grad, {}, lr=0.3)
    assert_close(sgd_step(param, grad, 0.3), expected)


def test_sgd_step_of_any_shape(sgd_step, rng):
    """sgd_step keeps the shape of the parameter, whatever the number of axes."""
    three_axes = _not_contiguous(_signed(rng, 2, 3, 5), _signed(rng, 2, 3, 5))
    for param, grad in (three_axes, (_signed(rng, 1), _signed(rng, 1))):
        (expected,) = _torch_step(torch.optim.SGD, param, grad, {}, lr=0.3)
        assert_close(sgd_step(param, grad, 0.3), expected)


def test_sgd_step_leaves_its_input_alone(sgd_step, rng):
    """sgd_step returns a new array and changes neither the parameter nor the gradient."""
    param, grad = _signed(rng, 3, 4), _signed(rng, 3, 4)
    (expected,) = _torch_step(torch.optim.SGD, param, grad, {}, lr=0.3)
    assert_close(sgd_step(param, grad, 0.3), expected)
    assert_unchanged(sgd_step, param, grad, 0.3)


@pytest.mark.points(2)
def test_momentum_step_moves_the_parameter(momentum_step, rng):
    """momentum_step moves the parameter by the learning rate times the new velocity."""
    args = _signed(rng, 4, 7), _signed(rng, 4, 7), _signed(rng, 4, 7), rng.uniform(0.1, 0.4)
    param, _ = unpack(momentum_step(*args, 0.6), "param", "velocity")
    assert_close(param, _torch_momentum(*args, momentum=0.6)[0])


@pytest.mark.points(2)
def test_momentum_step_returns_the_velocity(momentum_step, rng):
    """momentum_step returns the new velocity: a share of the old one, plus the whole gradient."""
    args = _signed(rng, 4, 7), _signed(rng, 4, 7), _signed(rng, 4, 7), rng.uniform(0.1, 0.4)
    _, velocity = unpack(momentum_step(*args, momentum=0.6), "param", "velocity")
    assert_close(velocity, _torch_momentum(*args, momentum=0.6)[1])


def test_momentum_step_by_default(momentum_step, rng):
    """momentum_step keeps the share of the velocity that its signature says when none is given."""
    args = _signed(rng, 3, 5), _signed(rng, 3, 5), _signed(rng, 3, 5), 0.3
    _all_close(momentum_step(*args), _torch_momentum(*args), "param", "velocity")


@pytest.mark.points(2)
def test_momentum_step_repeated(momentum_step, rng):
    """momentum_step, fed with its own answers, follows torch, even if the learning rate changes on the way."""
    ours = theirs = (_signed(rng, 3, 2), np.zeros((3, 2)))
    for lr in (0.5, 0.1, 0.3, 0.05):
        grad = _signed(rng, 3, 2)
        theirs = _torch_momentum(theirs[0], grad, theirs[1], lr, 0.7)
        answer = momentum_step(param=ours[0], grad=grad, velocity=ours[1], lr=lr, momentum=0.7)
        ours = _all_close(answer, theirs, "param", "velocity")


def test_momentum_step_coasts(momentum_step, rng):
    """momentum_step goes on moving when the gradient is zero, more slowly."""
    param, velocity = _signed(rng, 4), _signed(rng, 4)
    expected = param - 0.5 * 0.8 * velocity, 0.8 * velocity
    _all_close(momentum_step(param, np.zeros(4), velocity, 0.5, 0.8), expected, "param", "velocity")


def test_momentum_step_without_momentum(momentum_step, rng):
    """momentum_step with a momentum of zero is plain gradient descent, and the velocity is the gradient."""
    param, grad, velocity = _signed(rng, 2, 3), _signed(rng, 2, 3), _signed(rng, 2, 3)
    answer = momentum_step(param, grad, velocity, 0.25, momentum=0.0)
    _all_close(answer, (param - 0.25 * grad, grad), "param", "velocity")


def test_momentum_step_of_float32(momentum_step, rng):
    """momentum_step is right for float32 input."""
    arrays = _float32(_signed(rng, 3, 5), _signed(rng, 3, 5), _signed(rng, 3, 5))
    _all_close(momentum_step(*arrays, 0.3), _torch_momentum(*arrays, 0.3), "param", "velocity")


def test_momentum_step_of_any_shape(momentum_step, rng):
    """momentum_step keeps the shape of the parameter, whatever the number of axes."""
    three_axes = _not_contiguous(*(_signed(rng, 2, 3, 5) for _ in range(3)))
    for arrays in (three_axes, [_signed(rng, 1) for _ in range(3)]):
        _all_close(momentum_step(*arrays, 0.3), _torch_momentum(*arrays, 0.3), "param", "velocity")


def test_momentum_step_leaves_its_input_alone(momentum_step, rng):
    """momentum_step returns new arrays and does not change the old parameter or velocity."""
    args = _signed(rng, 3, 4), _signed(rng, 3, 4), _signed(rng, 3, 4), 0.3
    _all_close(momentum_step(*args), _torch_momentum(*args), "param", "velocity")
    assert_unchanged(momentum_step, *args)


@pytest.mark.points(2)
def test_adagrad_step_moves_the_parameter(adagrad_step, rng):
    """adagrad_step divides every gradient by the root of that parameter's own sum of squares, the new one
    included."""
    args = _signed(rng, 4, 7), _signed(rng, 4, 7), _positive(rng, 4, 7), rng.uniform(0.3, 0.6)
    param, _ = unpack(adagrad_step(*args), "param", "square_sum")
    assert_close(param, _torch_adagrad(*args)[0])


@pytest.mark.points(2)
def test_adagrad_step_returns_the_sum_of_squares(adagrad_step, rng):
    """adagrad_step returns the old sum plus the square of the gradient."""
    args = _signed(rng, 4, 7), _signed(rng, 4, 7), _positive(rng, 4, 7), rng.uniform(0.3, 0.6)
    _, square_sum = unpack(adagrad_step(*args), "param", "square_sum")
    assert_close(square_sum, _torch_adagrad(*args)[1])


@pytest.mark.points(2)
def test_adagrad_step_of_tiny_gradients(adagrad_step, rng):
    """adagrad_step adds eps after the root, so that tiny gradients still make full steps."""
    for size in (1e-6, 1e-9):
        args = _signed(rng, 4, 3), size * _signed(rng, 4, 3), np.zeros((4, 3)), 0.5
        param, _ = unpack(adagrad_step(*args), "param", "square_sum")
        assert_close(param, _torch_adagrad(*args)[0])


def test_adagrad_step_with_a_large_eps(adagrad_step, rng):
    """adagrad_step uses the eps that it is given."""
    args = _signed(rng, 3, 5), _signed(rng, 3, 5), _positive(rng, 3, 5), 0.5
    expected = _torch_adagrad(*args, eps=0.3)
    _all_close(adagrad_step(*args, 0.3), expected, "param", "square_sum")
    _all_close(adagrad_step(*args, eps=0.3), expected, "param", "square_sum")


def test_adagrad_step_without_any_gradient(adagrad_step, rng):
    """adagrad_step leaves a parameter where it is that has never had a gradient."""
    param, zero = _signed(rng, 3, 2), np.zeros((3, 2))
    _all_close(adagrad_step(param, zero, zero, 0.5), (param, zero), "param", "square_sum")


def test_adagrad_step_repeated(adagrad_step, rng):
    """adagrad_step, fed with its own answers, follows torch while the sum grows."""
    ours = theirs = (_signed(rng, 3, 2), np.zeros((3, 2)))
    for size in (0.1, 1.0, 20.0, 0.5):
        grad = size * _signed(rng, 3, 2)
        theirs = _torch_adagrad(theirs[0], grad, theirs[1], 0.4)
        answer = adagrad_step(param=ours[0], grad=grad, square_sum=ours[1], lr=0.4)
        ours = _all_close(answer, theirs, "param", "square_sum")


def test_adagrad_step_of_float32(adagrad_step, rng):
    """adagrad_step is right for float32 input."""
    arrays = _float32(_signed(rng, 3, 5), _signed(rng, 3, 5), _positive(rng, 3, 5))
    _all_close(adagrad_step(*arrays, 0.4), _torch_adagrad(*arrays, 0.4), "param", "square_sum")


def test_adagrad_step_of_any_shape(adagrad_step, rng):
    """adagrad_step keeps the shape of the parameter, whatever the number of axes."""
    three_axes = _not_contiguous(_signed(rng, 2, 3, 5), _signed(rng, 2, 3, 5), _positive(rng, 2, 3, 5))
    for arrays in (three_axes, (_signed(rng, 1), _signed(rng, 1), _positive(rng, 1))):
        _all_close(adagrad_step(*arrays, 0.4), _torch_adagrad(*arrays, 0.4), "param", "square_sum")


def test_adagrad_step_leaves_its_input_alone(adagrad_step, rng):
    """adagrad_step returns new arrays and does not change the old parameter or sum."""
    args = _signed(rng, 3, 4), _signed(rng, 3, 4), _positive(rng, 3, 4), 0.4
    _all_close(adagrad_step(*args), _torch_adagrad(*args), "param", "square_sum")
    assert_unchanged(adagrad_step, *args)


@pytest.mark.points(2)
def test_rmsprop_step_moves_the_parameter(rmsprop_step, rng):
    """rmsprop_step divides every gradient by the root of the new average of its squares."""
    args = _signed(rng, 4, 7), _signed(rng, 4, 7), _positive(rng, 4, 7), rng.uniform(0.3, 0.6)
    param, _ = unpack(rmsprop_step(*args, 0.7), "param", "square_avg")
    assert_close(param, _torch_rmsprop(*args, alpha=0.7)[0])


@pytest.mark.points(2)
def test_rmsprop_step_returns_the_average(rmsprop_step, rng):
    """rmsprop_step returns an average that keeps the share alpha and takes in the rest from the squared
    gradient."""
    args = _signed(rng, 4, 7), _signed(rng, 4, 7), _positive(rng, 4, 7), rng.uniform(0.3, 0.6)
    _, square_avg = unpack(rmsprop_step(*args, alpha=0.7), "param", "square_avg")
    assert_close(square_avg, _torch_rmsprop(*args, alpha=0.7)[1])


def test_rmsprop_step_by_default(rmsprop_step, rng):
    """rmsprop_step keeps the share of the average that its signature says when none is given."""
    args = _signed(rng, 3, 5), 10 * _signed(rng, 3, 5), _positive(rng, 3, 5), 0.4
    _all_close(rmsprop_step(*args), _torch_rmsprop(*args), "param", "square_avg")


@pytest.mark.points(2)
def test_rmsprop_step_of_tiny_gradients(rmsprop_step, rng):
    """rmsprop_step adds eps after the root, so that tiny gradients still make large steps."""
    args = _signed(rng, 4, 3), 1e-6 * _signed(rng, 4, 3), np.zeros((4, 3)), 0.5
    param, _ = unpack(rmsprop_step(*args), "param", "square_avg")
    assert_close(param, _torch_rmsprop(*args)[0])


def test_rmsprop_step_with_a_large_eps(rmsprop_step, rng):
    """rmsprop_step uses the eps that it is given."""
    args = _signed(rng, 3, 5), _signed(rng, 3, 5), _positive(rng, 3, 5), 0.5
    expected = _torch_rmsprop(*args, alpha=0.8, eps=0.3)
    _all_close(rmsprop_step(*args, 0.8, 0.3), expected, "param", "square_avg")
    _all_close(rmsprop_step(*args, eps=0.3, alpha=0.8), expected, "param", "square_avg")


def test_rmsprop_step_repeated(rmsprop_step, rng):
    """rmsprop_step, fed with its own answers, follows torch while old gradients are forgotten."""
    ours = theirs = (_signed(rng, 3, 2), np.zeros((3, 2)))
    for size in (20.0, 1.0, 1e-3, 0.5):
        grad = size * _signed(rng, 3, 2)
        theirs = _torch_rmsprop(theirs[0], grad, theirs[1], 0.4, alpha=0.5)
        answer = rmsprop_step(param=ours[0], grad=grad, square_avg=ours[1], lr=0.4, alpha=0.5)
        ours = _all_close(answer, theirs, "param", "square_avg")


def test_rmsprop_step_of_float32(rmsprop_step, rng):
    """rmsprop_step is right for float32 input."""
    arrays = _float32(_signed(rng, 3, 5), _signed(rng, 3, 5), _positive(rng, 3, 5))
    _all_close(rmsprop_step(*arrays, 0.4, 0.7), _torch_rmsprop(*arrays, 0.4, alpha=0.7), "param", "square_avg")


def test_rmsprop_step_of_any_shape(rmsprop_step, rng):
    """rmsprop_step keeps the shape of the parameter, whatever the number of axes."""
    three_axes = _not_contiguous(_signed(rng, 2, 3, 5), _signed(rng, 2, 3, 5), _positive(rng, 2, 3, 5))
    for arrays in (three_axes, (_signed(rng, 1), _signed(rng, 1), _positive(rng, 1))):
        _all_close(rmsprop_step(*arrays, 0.4, 0.7), _torch_rmsprop(*arrays, 0.4, alpha=0.7), "param", "square_avg")


def test_rmsprop_step_leaves_its_input_alone(rmsprop_step, rng):
    """rmsprop_step returns new arrays and does not change the old parameter or average."""
    args = _signed(rng, 3, 4), _signed(rng, 3, 4), _positive(rng, 3, 4), 0.4
    _all_close(rmsprop_step(*args), _torch_rmsprop(*args), "param", "square_avg")
    assert_unchanged(rmsprop_step, *args)


@pytest.mark.points(3)
def test_adam_step_moves_the_parameter(adam_step, rng):
    """adam_step moves the parameter by the corrected average, divided by the root of the corrected average of
    squares."""
    args = _signed(rng, 4, 7), _signed(rng, 4, 7), _signed(rng, 4, 7), _positive(rng, 4, 7), 3
    lr = rng.uniform(0.3, 0.6)
    param, _, _ = unpack(adam_step(*args, lr, 0.8, 0.95), "param", "m", "v")
    assert_close(param, _torch_adam(*args, lr=lr, betas=(0.8, 0.95))[0])


@pytest.mark.points(2)
def test_adam_step_returns_the_moments(adam_step, rng):
    """adam_step returns the new moving averages of the gradient and of its square, without the correction."""
    args = _signed(rng, 4, 7), _signed(rng, 4, 7), _signed(rng, 4, 7), _positive(rng, 4, 7), 3
    _, m, v = unpack(adam_step(*args, lr=0.5, beta1=0.8, beta2=0.95), "param", "m", "v")
    _, expected_m, expected_v = _torch_adam(*args, lr=0.5, betas=(0.8, 0.95))
    assert_close(m, expected_m)
    assert_close(v, expected_v)


@pytest.mark.points(2)
def test_adam_step_first_step(adam_step, rng):
    """adam_step makes a first step of about the learning rate, whatever the size of the gradient."""
    zero, grad = np.zeros((2, 4)), np.stack([_signed(rng, 4), rng.permutation([-1e4, -0.1, 1e3, 1e4])])
    param, _, _ = unpack(adam_step(zero, grad, zero, zero, 1, lr=0.2), "param", "m", "v")
    assert_close(param, _torch_adam(zero, grad, zero, zero, 1, lr=0.2)[0])


@pytest.mark.points(2)
def test_adam_step_repeated(adam_step, rng):
    """adam_step, fed with its own answers, follows torch over steps with gradients of very different size."""
    ours = theirs = (_signed(rng, 3, 2), np.zeros((3, 2)), np.zeros((3, 2)))
    for step, size in enumerate((1.0, 1e-6, 30.0, 1e-3), start=1):
        grad = size * _signed(rng, 3, 2)
        theirs = _torch_adam(theirs[0], grad, *theirs[1:], step, lr=0.3)
        answer = adam_step(param=ours[0], grad=grad, m=ours[1], v=ours[2], step=step, lr=0.3)
        ours = _all_close(answer, theirs, "param", "m", "v")


def test_adam_step_by_default(adam_step, rng):
    """adam_step has the learning rate and the betas of its signature when none are given."""
    args = 1e-3 * _signed(rng, 3, 5), _signed(rng, 3, 5), _signed(rng, 3, 5), _positive(rng, 3, 5), 5
    _all_close(adam_step(*args), _torch_adam(*args), "param", "m", "v")


@pytest.mark.points(2)
def test_adam_step_of_tiny_gradients(adam_step, rng):
    """adam_step adds eps after the root of the corrected average, so that tiny gradients still make full steps."""
    zero = np.zeros((4, 3))
    args = _signed(rng, 4, 3), 1e-6 * _signed(rng, 4, 3), zero, zero, 1
    param, _, _ = unpack(adam_step(*args, lr=0.5), "param", "m", "v")
    assert_close(param, _torch_adam(*args, lr=0.5)[0])


def test_adam_step_with_a_large_eps(adam_step, rng):
    """adam_step uses the eps that it is given, and adds it outside the root."""
    args = _signed(rng, 3, 5), _signed(rng, 3, 5), _signed(rng, 3, 5), _positive(rng, 3, 5), 2
    expected = _torch_adam(*args, lr=0.4, betas=(0.7, 0.6), eps=0.3)
    _all_close(adam_step(*args, 0.4, 0.7, 0.6, 0.3), expected, "param", "m", "v")
    _all_close(adam_step(*args, eps=0.3, beta2=0.6, beta1=0.7, lr=0.4), expected, "param", "m", "v")


def test_adam_step_of_float32_and_any_shape(adam_step, rng):
    """adam_step is right for float32 input, and keeps the shape of the parameter, whatever the number of axes."""
    three_axes = _not_contiguous(*(_signed(rng, 2, 3, 5) for _ in range(3)), _positive(rng, 2, 3, 5))
    for arrays in (three_axes, _float32(*three_axes), [*(_signed(rng, 1) for _ in range(3)), _positive(rng, 1)]):
        _all_close(adam_step(*arrays, 2, lr=0.4), _torch_adam(*arrays, 2, lr=0.4), "param", "m", "v")


def test_adam_step_leaves_its_input_alone(adam_step, rng):
    """adam_step returns new arrays and does not change the old parameter or averages."""
    args = _signed(rng, 3, 4), _signed(rng, 3, 4), _signed(rng, 3, 4), _positive(rng, 3, 4), 2, 0.4
    _all_close(adam_step(*args), _torch_adam(*args[:5], lr=0.4), "param", "m", "v")
    assert_unchanged(adam_step, *args)


def _adamax_arguments(rng, *shape):
    """Parameter, gradient, m and u, such that u is larger than |grad| in some places and smaller in others."""
    grad = _signed(rng, *shape)
    factor = rng.permutation(np.resize([0.25, 4.0], grad.size)).reshape(shape)
    return _signed(rng, *shape), grad, _signed(rng, *shape), factor * np.abs(grad)


@pytest.mark.points(3)
def test_adamax_step_moves_the_parameter(adamax_step, rng):
    """adamax_step moves the parameter by the corrected average of the gradient, divided by u as it is."""
    args, lr = (*_adamax_arguments(rng, 4, 7), 3), rng.uniform(0.3, 0.6)
    param, _, _ = unpack(adamax_step(*args, lr, 0.8, 0.7), "param", "m", "u")
    assert_close(param, _torch_adamax(*args, lr=lr, betas=(0.8, 0.7))[0])


@pytest.mark.points(2)
def test_adamax_step_returns_its_state(adamax_step, rng):
    """adamax_step returns the uncorrected average, and the larger of the decayed u and the size of the gradient."""
    args = *_adamax_arguments(rng, 4, 7), 3
    _, m, u = unpack(adamax_step(*args, lr=0.5, beta1=0.8, beta2=0.7), "param", "m", "u")
    _, expected_m, expected_u = _torch_adamax(*args, lr=0.5, betas=(0.8, 0.7))
    assert_close(m, expected_m)
    assert_close(u, expected_u)


@pytest.mark.points(2)
def test_adamax_step_first_step(adamax_step, rng):
    """adamax_step makes a first step of about the learning rate, whatever the size and sign of the gradient."""
    zero, grad = np.zeros((2, 4)), np.stack([_signed(rng, 4), rng.permutation([-1e4, -0.1, 1e3, 1e4])])
    param, _, _ = unpack(adamax_step(zero, grad, zero, zero, 1, lr=0.2), "param", "m", "u")
    assert_close(param, _torch_adamax(zero, grad, zero, zero, 1, lr=0.2)[0])


@pytest.mark.points(2)
def test_adamax_step_repeated(adamax_step, rng):
    """adamax_step, fed with its own answers, follows torch over steps with gradients of very different size."""
    ours = theirs = (_signed(rng, 3, 2), np.zeros((3, 2)), np.zeros((3, 2)))
    for step, size in enumerate((1.0, 1e-6, 30.0, 1e-3), start=1):
        grad = size * _signed(rng, 3, 2)
        theirs = _torch_adamax(theirs[0], grad, *theirs[1:], step, lr=0.3, betas=(0.9, 0.8))
        answer = adamax_step(param=ours[0], grad=grad, m=ours[1], u=ours[2], step=step, lr=0.3, beta2=0.8)
        ours = _all_close(answer, theirs, "param", "m", "u")


def test_adamax_step_by_default(adamax_step, rng):
    """adamax_step has the learning rate and the betas of its signature when none are given."""
    param, *rest = _adamax_arguments(rng, 3, 5)
    args = 1e-3 * param, *rest, 5
    _all_close(adamax_step(*args), _torch_adamax(*args), "param", "m", "u")


def test_adamax_step_of_tiny_gradients(adamax_step, rng):
    """adamax_step adds eps to the size of the gradient inside the maximum, which shows when the gradient is
    tiny."""
    zero = np.zeros((4, 3))
    for grad in (1e-6 * _signed(rng, 4, 3), zero):
        args = _signed(rng, 4, 3), grad, zero, zero, 1
        _all_close(adamax_step(*args, lr=0.5), _torch_adamax(*args, lr=0.5), "param", "m", "u")


def test_adamax_step_with_a_large_eps(adamax_step, rng):
    """adamax_step uses the eps that it is given, and makes it part of u only where the new gradient is larger."""
    args = *_adamax_arguments(rng, 3, 5), 2
    expected = _torch_adamax(*args, lr=0.4, betas=(0.7, 0.9), eps=0.3)
    _all_close(adamax_step(*args, 0.4, 0.7, 0.9, 0.3), expected, "param", "m", "u")
    _all_close(adamax_step(*args, eps=0.3, beta2=0.9, beta1=0.7, lr=0.4), expected, "param", "m", "u")


def test_adamax_step_of_float32_and_any_shape(adamax_step, rng):
    """adamax_step is right for float32 input, and keeps the shape of the parameter, whatever the number of axes."""
    three_axes = _not_contiguous(*_adamax_arguments(rng, 2, 3, 5))
    for arrays in (three_axes, _float32(*three_axes), _adamax_arguments(rng, 1)):
        _all_close(adamax_step(*arrays, 2, lr=0.4), _torch_adamax(*arrays, 2, lr=0.4), "param", "m", "u")


def test_adamax_step_leaves_its_input_alone(adamax_step, rng):
    """adamax_step returns new arrays and does not change the old parameter or state."""
    args = *_adamax_arguments(rng, 3, 4), 2, 0.4
    _all_close(adamax_step(*args), _torch_adamax(*args[:5], lr=0.4), "param", "m", "u")
    assert_unchanged(adamax_step, *args)


@pytest.mark.points(3)
def test_adamw_step_moves_the_parameter(adamw_step, rng):
    """adamw_step shrinks the old parameter by the learning rate times the decay, and takes the step of Adam."""
    args = _signed(rng, 4, 7), _signed(rng, 4, 7), _signed(rng, 4, 7), _positive(rng, 4, 7), 3
    lr = rng.uniform(0.4, 0.6)
    param, _, _ = unpack(adamw_step(*args, lr, 0.8, 0.95, 1e-8, 0.5), "param", "m", "v")
    assert_close(param, _torch_adamw(*args, lr=lr, betas=(0.8, 0.95), weight_decay=0.5)[0])


@pytest.mark.points(2)
def test_adamw_step_returns_the_moments(adamw_step, rng):
    """adamw_step returns the averages of the plain gradient and of its square: the decay does not enter them."""
    args = _signed(rng, 4, 7), _signed(rng, 4, 7), _signed(rng, 4, 7), _positive(rng, 4, 7), 3
    _, m, v = unpack(adamw_step(*args, lr=0.5, beta1=0.8, beta2=0.95, weight_decay=0.5), "param", "m", "v")
    _, expected_m, expected_v = _torch_adamw(*args, lr=0.5, betas=(0.8, 0.95), weight_decay=0.5)
    assert_close(m, expected_m)
    assert_close(v, expected_v)


def test_adamw_step_without_a_gradient(adamw_step, rng):
    """adamw_step without any gradient just multiplies the parameter by one minus learning rate times decay."""
    param, zero = _signed(rng, 3, 5), np.zeros((3, 5))
    answer = adamw_step(param, zero, zero, zero, 1, lr=0.2, weight_decay=0.5)
    _all_close(answer, (0.9 * param, zero, zero), "param", "m", "v")


def test_adamw_step_without_decay(adamw_step, rng):
    """adamw_step without weight decay is Adam."""
    args = _signed(rng, 3, 5), _signed(rng, 3, 5), _signed(rng, 3, 5), _positive(rng, 3, 5), 1
    answer = adamw_step(*args, lr=0.4, weight_decay=0.0)
    _all_close(answer, _torch_adam(*args, lr=0.4), "param", "m", "v")


@pytest.mark.points(2)
def test_adamw_step_by_default(adamw_step, rng):
    """adamw_step has the learning rate, the betas and the weight decay of its signature when none are given."""
    args = _signed(rng, 3, 5), _signed(rng, 3, 5), _signed(rng, 3, 5), _positive(rng, 3, 5), 5
    _all_close(adamw_step(*args, lr=1.0), _torch_adamw(*args, lr=1.0), "param", "m", "v")
    args = 1e-3 * args[0], *args[1:]
    _all_close(adamw_step(*args), _torch_adamw(*args), "param", "m", "v")


def test_adamw_step_of_tiny_gradients(adamw_step, rng):
    """adamw_step adds eps after the root of the corrected average, which shows when gradients are tiny or eps
    large."""
    zero = np.zeros((4, 3))
    args = _signed(rng, 4, 3), 1e-6 * _signed(rng, 4, 3), zero, zero, 1
    for eps in (1e-8, 1e-5):
        param, _, _ = unpack(adamw_step(*args, lr=0.5, eps=eps), "param", "m", "v")
        assert_close(param, _torch_adamw(*args, lr=0.5, eps=eps)[0])


@pytest.mark.points(2)
def test_adamw_step_repeated(adamw_step, rng):
    """adamw_step, fed with its own answers, follows torch over steps with gradients of very different size."""
    ours = theirs = (_signed(rng, 3, 2), np.zeros((3, 2)), np.zeros((3, 2)))
    for step, size in enumerate((1.0, 1e-6, 30.0, 1e-3), start=1):
        grad = size * _signed(rng, 3, 2)
        theirs = _torch_adamw(theirs[0], grad, *theirs[1:], step, lr=0.3, weight_decay=0.4)
        answer = adamw_step(param=ours[0], grad=grad, m=ours[1], v=ours[2], step=step, lr=0.3, weight_decay=0.4)
        ours = _all_close(answer, theirs, "param", "m", "v")


def test_adamw_step_of_float32_and_any_shape(adamw_step, rng):
    """adamw_step is right for float32 input, and keeps the shape of the parameter, whatever the number of axes."""
    options = {"lr": 0.4, "weight_decay": 0.3}
    three_axes = _not_contiguous(*(_signed(rng, 2, 3, 5) for _ in range(3)), _positive(rng, 2, 3, 5))
    for arrays in (three_axes, _float32(*three_axes), [*(_signed(rng, 1) for _ in range(3)), _positive(rng, 1)]):
        _all_close(adamw_step(*arrays, 2, **options), _torch_adamw(*arrays, 2, **options), "param", "m", "v")


def test_adamw_step_leaves_its_input_alone(adamw_step, rng):
    """adamw_step returns new arrays and does not change the old parameter or averages."""
    args = _signed(rng, 3, 4), _signed(rng, 3, 4), _signed(rng, 3, 4), _positive(rng, 3, 4), 2, 0.4
    _all_close(adamw_step(*args), _torch_adamw(*args[:5], lr=0.4), "param", "m", "v")
    assert_unchanged(adamw_step, *args)
