import math

import numpy as np
import pytest
import torch
from scipy import stats

from autograder.suite.assertions import Mismatch, assert_close, assert_equal, assert_unchanged

# The actions of epsilon_greedy are random, so two of its tests are statistical. A right answer fails a single check
# with a probability of at most RARE; a run makes eight such checks, so a right answer is rejected less than once in a
# hundred million runs. Every known mistake lies far beyond the limits.
RARE = 1e-9


def _both_signs(rng, *shape):
    """Numbers of size 0.5 to 3, every second one negative, in random order; no zero among them."""
    x = rng.uniform(0.5, 3.0, math.prod(shape))
    x[::2] *= -1
    return rng.permutation(x).reshape(shape)


def _returns(rewards, gamma):
    """The definition: each step sums up what follows it."""
    steps = range(len(rewards))
    return np.array([sum(gamma ** (k - t) * float(rewards[k]) for k in steps[t:]) for t in steps])


@pytest.mark.points(3)
def test_discounted_returns_of_an_episode(discounted_returns, rng):
    """discounted_returns gives every step its own reward plus all later ones, each discounted by its distance."""
    for gamma, length in ((0.9, 7), (0.5, 11)):
        rewards = _both_signs(rng, length)
        assert_close(discounted_returns(rewards, gamma), _returns(rewards, gamma))


def test_discounted_returns_without_a_future(discounted_returns, rng):
    """discounted_returns with gamma zero gives every step its own reward."""
    rewards = _both_signs(rng, 6)
    assert_close(discounted_returns(rewards, gamma=0.0), rewards)


def test_discounted_returns_without_a_discount(discounted_returns, rng):
    """discounted_returns with gamma one gives every step the plain sum of its own reward and all later ones."""
    rewards = _both_signs(rng, 6)
    assert_close(discounted_returns(rewards=rewards, gamma=1.0), _returns(rewards, 1.0))


def test_discounted_returns_of_a_long_episode(discounted_returns, rng):
    """discounted_returns is right for an episode so long that the powers of gamma become zero."""
    rewards = _both_signs(rng, 600)
    assert_close(discounted_returns(rewards, 0.2), _returns(rewards, 0.2))


def test_discounted_returns_of_one_step(discounted_returns, rng):
    """discounted_returns of a single step is its reward, still as an array of one entry."""
    rewards = _both_signs(rng, 1)
    assert_close(discounted_returns(rewards, 0.7), rewards)


def test_discounted_returns_of_float32(discounted_returns, rng):
    """discounted_returns is right for float32 rewards, and for rewards that are not contiguous in memory."""
    for rewards in (_both_signs(rng, 8).astype(np.float32), _both_signs(rng, 16)[::-2]):
        assert_close(discounted_returns(rewards, 0.8), _returns(rewards, 0.8))


def test_discounted_returns_leaves_its_argument_alone(discounted_returns, rng):
    """discounted_returns returns a new array and does not change the rewards."""
    rewards = _both_signs(rng, 5)
    assert_close(discounted_returns(rewards, 0.9), _returns(rewards, 0.9))
    assert_unchanged(discounted_returns, rewards, 0.9)


def _generator(rng):
    """A generator of its own for every call."""
    return np.random.default_rng(int(rng.integers(2**62)))


def _far_apart(rng, best, num_actions, gap=7.0):
    """Values of both signs, about `gap` apart, the largest of them at `best`."""
    values = gap * (rng.permutation(num_actions) + rng.uniform(-0.1, 0.1, num_actions) - 0.5)
    at = int(np.argmax(values))
    values[[at, best]] = values[[best, at]]
    return values


def _action(answer, num_actions):
    """The chosen action as an int, or a mismatch."""
    whole = isinstance(answer, (int, np.integer)) and not isinstance(answer, bool)
    if isinstance(answer, np.ndarray) and answer.shape == () and answer.dtype.kind in "iu":
        whole = True
    if not whole:
        raise Mismatch(
            f"a value of type {type(answer).__name__} came back; the index of an action, an int, is expected"
        )
    if not 0 <= answer < num_actions:
        raise Mismatch("the answer is not the index of an action", f"answer: {answer}, actions: {num_actions}")
    return int(answer)


def _assert_frequencies(actions, probabilities):
    """How often each action was taken follows a binomial distribution."""
    calls, counts = len(actions), np.bincount(actions, minlength=len(probabilities))
    instructor = f"probabilities: {probabilities}, counts in {calls} calls: {counts}"
    for count, probability in zip(counts, probabilities, strict=True):
        which = "the best action" if probability == max(probabilities) != min(probabilities) else "an action"
        if stats.binom.cdf(count, calls, probability) < RARE / 2:
            raise Mismatch(f"{which} is chosen too seldom", instructor)
        if stats.binom.sf(count - 1, calls, probability) < RARE / 2:
            raise Mismatch(f"{which} is chosen too often", instructor)


@pytest.mark.points(2)
def test_epsilon_greedy_without_exploration(epsilon_greedy, rng):
    """epsilon_greedy with epsilon zero always returns the index of the largest value, as an integer."""
    for best in range(6):
        for _ in range(5):
            assert_equal(epsilon_greedy(_far_apart(rng, best, 6), 0.0, _generator(rng)), best)


def test_epsilon_greedy_of_negative_values(epsilon_greedy, rng):
    """epsilon_greedy finds the best action when all values are negative."""
    for best in range(4):
        q_values = _far_apart(rng, best, 4) - 50
        assert_equal(epsilon_greedy(q_values=q_values, epsilon=0.0, rng=_generator(rng)), best)


@pytest.mark.points(3)
def test_epsilon_greedy_explores_all_actions_alike(epsilon_greedy, rng):
    """epsilon_greedy with epsilon one takes every action equally often, the best one included."""
    q_values = _far_apart(rng, 1, 3, gap=1.5)  # Near enough that values with noise, or their softmax, vary as well.
    actions = [_action(epsilon_greedy(q_values, 1.0, _generator(rng)), 3) for _ in range(300)]
    _assert_frequencies(actions, [1 / 3, 1 / 3, 1 / 3])


@pytest.mark.points(2)
def test_epsilon_greedy_explores_sometimes(epsilon_greedy, rng):
    """epsilon_greedy takes the best action unless it explores, and explores with the probability that it is given."""
    q_values = _far_apart(rng, 0, 5)
    actions = [_action(epsilon_greedy(q_values, 0.6, _generator(rng)), 5) for _ in range(300)]
    _assert_frequencies(actions, [0.52, 0.12, 0.12, 0.12, 0.12])


def test_epsilon_greedy_of_equal_values(epsilon_greedy, rng):
    """epsilon_greedy with epsilon zero returns one of the best actions, as a single integer, when there are several."""
    q_values = _far_apart(rng, 2, 5)
    q_values[4] = q_values[2]
    for _ in range(5):
        if _action(epsilon_greedy(q_values, 0.0, _generator(rng)), 5) not in (2, 4):
            raise Mismatch("the answer is none of the best actions")


def test_epsilon_greedy_of_one_action(epsilon_greedy, rng):
    """epsilon_greedy takes the only action there is, exploring or not."""
    for epsilon in (0.0, 0.5, 1.0):
        assert_equal(epsilon_greedy(_both_signs(rng, 1), epsilon, _generator(rng)), 0)


@pytest.mark.points(2)
def test_epsilon_greedy_draws_from_the_given_generator(epsilon_greedy, rng):
    """epsilon_greedy takes all its randomness from rng: generators in the same state lead to the same action."""
    q_values = _far_apart(rng, 3, 50)
    seeds = [int(seed) for seed in rng.integers(2**62, size=25)]
    first, again = (
        [_action(epsilon_greedy(q_values, 1.0, np.random.default_rng(seed)), 50) for seed in seeds] for _ in range(2)
    )
    assert_equal(np.array(again), np.array(first))
    if len(set(first)) == 1:  # With a probability of 50^-24.
        raise Mismatch("generators of different seeds always led to the same action")


def test_epsilon_greedy_moves_the_generator_on(epsilon_greedy, rng):
    """epsilon_greedy called again and again with one generator does not always explore the same action."""
    q_values, after, actions = _far_apart(rng, 3, 50), {"rng": _generator(rng)}, []
    for _ in range(20):
        answer, _, after = epsilon_greedy.with_arguments_after(q_values, 1.0, rng=after["rng"])
        actions.append(_action(answer, 50))
        if not isinstance(after.get("rng"), np.random.Generator):
            raise Mismatch("the generator was replaced by something else")
    if len(set(actions)) == 1:  # With a probability of 50^-19.
        raise Mismatch("all calls with the same generator explored the same action")


def test_epsilon_greedy_of_float32(epsilon_greedy, rng):
    """epsilon_greedy is right for float32 values, and for values that are not contiguous in memory."""
    q_values = _far_apart(rng, 2, 6)
    assert_equal(epsilon_greedy(q_values.astype(np.float32), 0.0, _generator(rng)), 2)
    assert_equal(epsilon_greedy(q_values[::-1], 0.0, _generator(rng)), 3)


def test_epsilon_greedy_leaves_its_argument_alone(epsilon_greedy, rng):
    """epsilon_greedy does not change the values, exploring or not."""
    q_values = _far_apart(rng, 2, 4)
    assert_equal(epsilon_greedy(q_values, 0.0, _generator(rng)), 2)
    assert_unchanged(epsilon_greedy, q_values, 0.0, _generator(rng))
    assert_unchanged(epsilon_greedy, q_values, 1.0, _generator(rng))


def _ranks(rng, num_rows, num_actions):
    """0 to num_actions - 1 in every row, in random order."""
    return rng.permuted(np.tile(np.arange(num_actions), (num_rows, 1)), axis=1)


def _next_values(rng, num_rows, num_actions):
    """Well separated values; some rows are all negative and some all positive."""
    within = 1.5 * _ranks(rng, num_rows, num_actions) + rng.uniform(0.0, 0.5, (num_rows, num_actions))
    return within + np.where(np.arange(num_rows) % 2, 3.0, -20.0)[:, None] + rng.uniform(0.0, 5.0, (num_rows, 1))


def _some_done(num_rows):
    """Every third episode has ended; among the others, even and odd rows occur."""
    return np.arange(num_rows) % 3 == 0


def _targets(rewards, next_values, dones, gamma):
    """One transition at a time; next_values says what the next state is worth."""
    transitions = zip(rewards, next_values, dones, strict=True)
    return np.array([float(r) if done else float(r) + gamma * float(value) for r, value, done in transitions])


@pytest.mark.points(3)
def test_dqn_targets_of_a_batch(dqn_targets, rng):
    """dqn_targets is the reward plus the discounted largest value of the next state; where done, the reward alone."""
    rewards, next_q, dones = _both_signs(rng, 8), _next_values(rng, 8, 5), _some_done(8)
    assert_close(dqn_targets(rewards, next_q, dones, 0.5), _targets(rewards, next_q.max(1), dones, 0.5))
    assert_close(
        dqn_targets(rewards=rewards, next_q_values=next_q, dones=dones, gamma=0.9),
        _targets(rewards, next_q.max(1), dones, 0.9),
    )


@pytest.mark.points(2)
def test_dqn_targets_when_all_go_on(dqn_targets, rng):
    """dqn_targets bootstraps from every next state when no episode has ended."""
    rewards, next_q, dones = _both_signs(rng, 4), _next_values(rng, 4, 3), np.zeros(4, dtype=bool)
    assert_close(dqn_targets(rewards, next_q, dones, 0.7), rewards + 0.7 * next_q.max(1))


@pytest.mark.points(2)
def test_dqn_targets_when_all_are_done(dqn_targets, rng):
    """dqn_targets returns the rewards when every episode has ended."""
    rewards, next_q, dones = _both_signs(rng, 4), _next_values(rng, 4, 3), np.ones(4, dtype=bool)
    assert_close(dqn_targets(rewards, next_q, dones, 0.9), rewards)


def test_dqn_targets_of_negative_values(dqn_targets, rng):
    """dqn_targets takes the largest value of the next state when all are negative, too."""
    rewards, next_q, dones = _both_signs(rng, 5), -rng.uniform(2.0, 9.0, (5, 3)), np.zeros(5, dtype=bool)
    assert_close(dqn_targets(rewards, next_q, dones, 0.8), rewards + 0.8 * next_q.max(1))


def test_dqn_targets_at_the_limits_of_gamma(dqn_targets, rng):
    """dqn_targets is the reward alone when gamma is zero, and does not discount at all when it is one."""
    rewards, next_q, dones = _both_signs(rng, 7), _next_values(rng, 7, 4), _some_done(7)
    for gamma in (0.0, 1.0):
        assert_close(dqn_targets(rewards, next_q, dones, gamma), _targets(rewards, next_q.max(1), dones, gamma))


def test_dqn_targets_of_one_transition_or_action(dqn_targets, rng):
    """dqn_targets takes a batch of one transition, and an environment of one action."""
    for size, num_actions in ((1, 4), (6, 1), (1, 1)):
        rewards, next_q, dones = _both_signs(rng, size), _next_values(rng, size, num_actions), ~_some_done(size)
        assert_close(dqn_targets(rewards, next_q, dones, 0.9), _targets(rewards, next_q.max(1), dones, 0.9))


def test_dqn_targets_of_float32(dqn_targets, rng):
    """dqn_targets is right for float32 input, and for values that are not contiguous in memory."""
    rewards, next_q, dones = _both_signs(rng, 7), _next_values(rng, 7, 4), _some_done(7)
    expected = _targets(rewards, next_q.max(1), dones, 0.5)
    assert_close(dqn_targets(rewards.astype(np.float32), next_q.astype(np.float32), dones, 0.5), expected)
    assert_close(dqn_targets(rewards, np.asfortranarray(next_q), dones, 0.5), expected)


def test_dqn_targets_leaves_its_arguments_alone(dqn_targets, rng):
    """dqn_targets returns a new array and changes neither the rewards nor the values."""
    rewards, next_q, dones = _both_signs(rng, 7), _next_values(rng, 7, 4), _some_done(7)
    assert_close(dqn_targets(rewards, next_q, dones, 0.5), _targets(rewards, next_q.max(1), dones, 0.5))
    assert_unchanged(dqn_targets, rewards, next_q, dones, 0.5)


def _two_networks(rng, num_rows, num_actions):
    """(online, target, value): networks that never agree on the best action, and what double DQN makes of them.

    In even rows the online network's values are all above those of the target network, in odd rows all below.
    """
    shape, ranks = (num_rows, num_actions), _ranks(rng, num_rows, num_actions)
    target = 1.5 * ranks + rng.uniform(0.0, 0.5, shape) + rng.uniform(-9.0, 3.0, (num_rows, 1))
    apart = np.where(np.arange(num_rows) % 2, -40.0, 40.0)[:, None]
    online = 2.2 * np.roll(ranks, 1, axis=1) + rng.uniform(0.0, 0.5, shape) + apart
    return online, target, np.array([t[list(o).index(max(o))] for o, t in zip(online, target, strict=True)])


@pytest.mark.points(3)
def test_double_dqn_targets_of_a_batch(double_dqn_targets, rng):
    """double_dqn_targets lets the online network choose the next action and the target network say what it is worth."""
    rewards, dones = _both_signs(rng, 8), _some_done(8)
    online, target, value = _two_networks(rng, 8, 5)
    assert_close(double_dqn_targets(rewards, online, target, dones, 0.5), _targets(rewards, value, dones, 0.5))
    assert_close(
        double_dqn_targets(rewards=rewards, next_q_online=online, next_q_target=target, dones=dones, gamma=0.9),
        _targets(rewards, value, dones, 0.9),
    )


@pytest.mark.points(2)
def test_double_dqn_targets_when_all_go_on(double_dqn_targets, rng):
    """double_dqn_targets bootstraps from every next state when no episode has ended."""
    online, target, value = _two_networks(rng, 4, 3)
    rewards, dones = _both_signs(rng, 4), np.zeros(4, dtype=bool)
    assert_close(double_dqn_targets(rewards, online, target, dones, 0.7), rewards + 0.7 * value)


@pytest.mark.points(2)
def test_double_dqn_targets_when_all_are_done(double_dqn_targets, rng):
    """double_dqn_targets returns the rewards when every episode has ended."""
    online, target, _ = _two_networks(rng, 4, 3)
    rewards = _both_signs(rng, 4)
    assert_close(double_dqn_targets(rewards, online, target, np.ones(4, dtype=bool), 0.9), rewards)


def test_double_dqn_targets_of_one_network(double_dqn_targets, rng):
    """double_dqn_targets with the same network in both places is plain DQN."""
    rewards, next_q, dones = _both_signs(rng, 7), _next_values(rng, 7, 4), _some_done(7)
    expected = _targets(rewards, next_q.max(1), dones, 0.8)
    assert_close(double_dqn_targets(rewards, next_q, next_q.copy(), dones, 0.8), expected)


def test_double_dqn_targets_at_the_limits_of_gamma(double_dqn_targets, rng):
    """double_dqn_targets is the reward alone when gamma is zero, and does not discount at all when it is one."""
    rewards, dones = _both_signs(rng, 7), _some_done(7)
    online, target, value = _two_networks(rng, 7, 4)
    for gamma in (0.0, 1.0):
        assert_close(double_dqn_targets(rewards, online, target, dones, gamma), _targets(rewards, value, dones, gamma))


def test_double_dqn_targets_of_one_transition_or_action(double_dqn_targets, rng):
    """double_dqn_targets takes a batch of one transition, and an environment of one action."""
    for size, num_actions in ((1, 4), (6, 1)):
        rewards, dones = _both_signs(rng, size), ~_some_done(size)
        online, target, value = _two_networks(rng, size, num_actions)
        assert_close(double_dqn_targets(rewards, online, target, dones, 0.9), _targets(rewards, value, dones, 0.9))


def test_double_dqn_targets_of_float32(double_dqn_targets, rng):
    """double_dqn_targets is right for float32 input, and for values that are not contiguous in memory."""
    rewards, dones = _both_signs(rng, 7), _some_done(7)
    online, target, value = _two_networks(rng, 7, 4)
    expected = _targets(rewards, value, dones, 0.5)
    single = [x.astype(np.float32) for x in (rewards, online, target)]
    assert_close(double_dqn_targets(*single, dones, 0.5), expected)
    assert_close(
        double_dqn_targets(rewards, np.asfortranarray(online), np.asfortranarray(target), dones, 0.5), expected
    )


def test_double_dqn_targets_leaves_its_arguments_alone(double_dqn_targets, rng):
    """double_dqn_targets returns a new array and changes none of its arguments."""
    rewards, dones = _both_signs(rng, 7), _some_done(7)
    online, target, value = _two_networks(rng, 7, 4)
    assert_close(double_dqn_targets(rewards, online, target, dones, 0.5), _targets(rewards, value, dones, 0.5))
    assert_unchanged(double_dqn_targets, rewards, online, target, dones, 0.5)


def _small(rng, size):
    """Errors of size 0.2 to 0.9, of either sign."""
    return rng.uniform(0.2, 0.9, size) * np.where(np.arange(size) % 2, -1, 1)


def _large(rng, size):
    """Errors of size 1.2 to 9, of either sign; the first two are below 2."""
    sizes = np.concatenate([rng.uniform(1.2, 1.9, 2), rng.uniform(3.0, 9.0, size - 2)])
    return sizes * np.where(np.arange(size) % 2, -1, 1)


def _batch(rng, errors, num_actions):
    """(q_values, actions, targets) with the given errors; the action taken is never the one of the largest value."""
    errors = rng.permutation(errors)
    rows = np.arange(len(errors))
    actions = rng.permutation(rows) % num_actions
    q_values = _both_signs(rng, len(errors), num_actions)
    chosen = q_values[rows, actions]
    q_values[rows, (actions + 1) % num_actions] = np.abs(chosen) + 4.0
    return q_values, actions, chosen - errors


def _smooth_l1(q_values, actions, targets):
    """PyTorch's smooth L1 loss of the chosen values."""
    chosen = torch.from_numpy(q_values).double().gather(1, torch.from_numpy(actions)[:, None])[:, 0]
    return torch.nn.functional.smooth_l1_loss(chosen, torch.from_numpy(targets).double())


@pytest.mark.points(3)
def test_huber_td_loss_agrees_with_torch(huber_td_loss, rng):
    """huber_td_loss is the mean smooth L1 loss between the values of the chosen actions and the targets."""
    batch = _batch(rng, np.concatenate([_small(rng, 3), _large(rng, 4)]), 5)
    assert_close(huber_td_loss(*batch), _smooth_l1(*batch))


def test_huber_td_loss_by_keyword(huber_td_loss, rng):
    """huber_td_loss takes its arguments by name."""
    q_values, actions, targets = _batch(rng, np.concatenate([_small(rng, 5), _large(rng, 4)]), 3)
    answer = huber_td_loss(targets=targets, actions=actions, q_values=q_values)
    assert_close(answer, _smooth_l1(q_values, actions, targets))


@pytest.mark.points(2)
def test_huber_td_loss_of_small_errors(huber_td_loss, rng):
    """huber_td_loss is half the mean squared error as long as all errors are small."""
    batch = _batch(rng, _small(rng, 6), 4)
    assert_close(huber_td_loss(*batch), _smooth_l1(*batch))


@pytest.mark.points(2)
def test_huber_td_loss_of_large_errors(huber_td_loss, rng):
    """huber_td_loss grows in proportion to the error where the errors are large."""
    batch = _batch(rng, _large(rng, 6), 4)
    assert_close(huber_td_loss(*batch), _smooth_l1(*batch))
    batch = _batch(rng, np.array([1e4, -1e3, 0.5]), 4)
    assert_close(huber_td_loss(*batch), _smooth_l1(*batch))


def test_huber_td_loss_where_the_pieces_meet(huber_td_loss):
    """huber_td_loss is right where the quadratic piece meets the linear one."""
    q_values, actions = np.array([[2.0, 9.0], [-9.0, 3.0], [1.0, 7.0]]), np.array([0, 1, 0])
    for errors in ([1.0, -1.0, 1.0], [0.999, -1.001, 1.001]):
        batch = q_values, actions, np.array([2.0, 3.0, 1.0]) - errors
        assert_close(huber_td_loss(*batch), _smooth_l1(*batch))


def test_huber_td_loss_without_an_error(huber_td_loss, rng):
    """huber_td_loss is zero when the chosen values are the targets, whatever the other values are."""
    assert_close(huber_td_loss(*_batch(rng, np.zeros(5), 3)), 0.0, atol=1e-9)


def test_huber_td_loss_of_one_transition_or_action(huber_td_loss, rng):
    """huber_td_loss takes a batch of one transition, and an environment of one action."""
    batch = _batch(rng, _small(rng, 1), 4)
    assert_close(huber_td_loss(*batch), _smooth_l1(*batch))
    chosen, errors = _both_signs(rng, 5), np.concatenate([_small(rng, 2), _large(rng, 3)])
    batch = chosen[:, None], np.zeros(5, dtype=int), chosen - errors
    assert_close(huber_td_loss(*batch), _smooth_l1(*batch))


def test_huber_td_loss_of_float32(huber_td_loss, rng):
    """huber_td_loss is right for float32 input, and for values that are not contiguous in memory."""
    q_values, actions, targets = _batch(rng, np.concatenate([_small(rng, 3), _large(rng, 4)]), 5)
    expected = _smooth_l1(q_values, actions, targets)
    assert_close(huber_td_loss(q_values.astype(np.float32), actions, targets.astype(np.float32)), expected)
    assert_close(huber_td_loss(np.asfortranarray(q_values), actions, targets), expected)


def test_huber_td_loss_leaves_its_arguments_alone(huber_td_loss, rng):
    """huber_td_loss changes none of its arguments."""
    batch = _batch(rng, np.concatenate([_small(rng, 3), _large(rng, 4)]), 5)
    assert_close(huber_td_loss(*batch), _smooth_l1(*batch))
    assert_unchanged(huber_td_loss, *batch)


def _episode(rng, length):
    """(log_probs, returns), jointly permuted: one return is negative, and high returns go with improbable actions."""
    log_probs = np.sort(rng.uniform(-3.0, -0.2, length))
    returns = np.sort(rng.uniform(1.0, 4.0, length))[::-1].copy()
    returns[-1] = -rng.uniform(1.0, 2.0)
    order = rng.permutation(length)
    return log_probs[order], returns[order]


def _reinforce(log_probs, returns, baseline):
    """One step at a time."""
    steps = zip(log_probs, returns, strict=True)
    return sum(float(log_prob) * (baseline - float(g)) for log_prob, g in steps) / len(returns)


@pytest.mark.points(3)
def test_policy_gradient_loss_without_a_baseline(policy_gradient_loss, rng):
    """policy_gradient_loss is minus the mean of each step's log-probability times its return."""
    for length in (7, 12):
        log_probs, returns = _episode(rng, length)
        assert_close(policy_gradient_loss(log_probs, returns), _reinforce(log_probs, returns, 0.0))


@pytest.mark.points(3)
def test_policy_gradient_loss_with_a_baseline(policy_gradient_loss, rng):
    """policy_gradient_loss subtracts the baseline from every return, whether it is positive or negative."""
    for baseline in (0.7, -1.6):
        log_probs, returns = _episode(rng, 9)
        expected = _reinforce(log_probs, returns, baseline)
        assert_close(policy_gradient_loss(log_probs, returns, baseline), expected)
        assert_close(policy_gradient_loss(returns=returns, baseline=baseline, log_probs=log_probs), expected)


def test_policy_gradient_loss_with_a_high_baseline(policy_gradient_loss, rng):
    """policy_gradient_loss is negative when all returns lie below the baseline."""
    log_probs, returns = _episode(rng, 6)
    assert_close(policy_gradient_loss(log_probs, returns, 10.0), _reinforce(log_probs, returns, 10.0))


def test_policy_gradient_loss_with_a_baseline_of_zero(policy_gradient_loss, rng):
    """policy_gradient_loss leaves the returns as they are when the baseline is given as zero."""
    log_probs, returns = _episode(rng, 8)
    assert_close(policy_gradient_loss(log_probs, returns, 0.0), _reinforce(log_probs, returns, 0.0))


def test_policy_gradient_loss_of_one_step(policy_gradient_loss, rng):
    """policy_gradient_loss of a single step is minus the product of its log-probability and its return."""
    log_probs, returns = -rng.uniform(0.5, 3.0, 1), rng.uniform(2.0, 5.0, 1)
    assert_close(policy_gradient_loss(log_probs, returns), -log_probs[0] * returns[0])
    assert_close(policy_gradient_loss(log_probs, returns, 0.5), -log_probs[0] * (returns[0] - 0.5))


def test_policy_gradient_loss_of_improbable_actions(policy_gradient_loss, rng):
    """policy_gradient_loss is right for actions so improbable that their probability is zero as a float."""
    returns = rng.uniform(1.0, 4.0, 3)
    log_probs = rng.permutation([-1e3, -1e4, -0.5])
    assert_close(policy_gradient_loss(log_probs, returns), _reinforce(log_probs, returns, 0.0))


def test_policy_gradient_loss_of_float32(policy_gradient_loss, rng):
    """policy_gradient_loss is right for float32 input, and for arrays that are not contiguous in memory."""
    log_probs, returns = _episode(rng, 10)
    expected = _reinforce(log_probs, returns, 0.7)
    assert_close(policy_gradient_loss(log_probs.astype(np.float32), returns.astype(np.float32), 0.7), expected)
    log_probs, returns = log_probs[::-2], returns[::-2]
    assert_close(policy_gradient_loss(log_probs, returns, -3.0), _reinforce(log_probs, returns, -3.0))


def test_policy_gradient_loss_leaves_its_arguments_alone(policy_gradient_loss, rng):
    """policy_gradient_loss changes neither the log-probabilities nor the returns."""
    log_probs, returns = _episode(rng, 7)
    assert_close(policy_gradient_loss(log_probs, returns, 0.7), _reinforce(log_probs, returns, 0.7))
    assert_unchanged(policy_gradient_loss, log_probs, returns, 0.7)


_SHAPES = {"hidden.weight": (4, 3), "hidden.bias": (4,), "kernel": (2, 3, 5), "output.weight": (2, 4), "scale": (1,)}


def _networks(rng, shapes=_SHAPES):
    """(target, online): parameters of both signs, each at least 1 away from its counterpart."""
    target = {name: _both_signs(rng, *shape) for name, shape in shapes.items()}
    online = {name: target[name] + _both_signs(rng, *shape) * 2 for name, shape in shapes.items()}
    return target, online


def _mixed(target, online, tau):
    """A weighted mean, parameter by parameter."""
    return {name: target[name] + tau * (online[name] - target[name]) for name in target}


def _assert_network(answer, expected):
    """The answer is a dict of the right names and arrays."""
    if not isinstance(answer, dict):
        came = "None (is a return missing?)" if answer is None else f"a value of type {type(answer).__name__}"
        raise Mismatch(f"{came} came back; a dict is expected")
    if answer.keys() != expected.keys():
        raise Mismatch("the names in the dict are not those of the target network", f"expected: {list(expected)}")
    for name in expected:
        assert_close(answer[name], expected[name])


@pytest.mark.points(3)
def test_soft_update_of_a_network(soft_update, rng):
    """soft_update moves every parameter of the target network towards that of the online network by a share of tau."""
    for tau in (0.1, 0.7):
        target, online = _networks(rng)
        _assert_network(soft_update(target, online, tau), _mixed(target, online, tau))


def test_soft_update_by_keyword(soft_update, rng):
    """soft_update takes its arguments by name."""
    target, online = _networks(rng)
    _assert_network(soft_update(tau=0.3, online=online, target=target), _mixed(target, online, 0.3))


@pytest.mark.points(2)
def test_soft_update_goes_by_the_names(soft_update, rng):
    """soft_update pairs parameters by name when the two dicts hold them in another order."""
    target, online = _networks(rng, {"a": (3, 2), "b": (3, 2), "c": (3, 2)})
    shuffled = {name: online[name] for name in "cab"}
    _assert_network(soft_update(target, shuffled, 0.4), _mixed(target, online, 0.4))


def test_soft_update_with_tau_one_copies(soft_update, rng):
    """soft_update with tau one gives the parameters of the online network."""
    target, online = _networks(rng)
    _assert_network(soft_update(target, online, 1.0), online)


def test_soft_update_with_tau_zero_stays(soft_update, rng):
    """soft_update with tau zero gives the parameters of the target network."""
    target, online = _networks(rng)
    _assert_network(soft_update(target, online, 0.0), target)


def test_soft_update_again_and_again(soft_update, rng):
    """soft_update called repeatedly brings the target network ever closer to the online network."""
    start, online = _networks(rng, {"weight": (3, 4), "bias": (3,)})
    target = start
    for step in range(1, 6):
        target = soft_update(target, online, 0.25)
        _assert_network(target, _mixed(start, online, 1 - 0.75**step))


def test_soft_update_of_float32(soft_update, rng):
    """soft_update is right for float32 parameters, and for arrays that are not contiguous in memory."""
    target, online = _networks(rng)
    single = [{name: array.astype(np.float32) for name, array in network.items()} for network in (target, online)]
    _assert_network(soft_update(*single, 0.2), _mixed(target, online, 0.2))
    turned = [{name: array.T for name, array in network.items()} for network in (target, online)]
    _assert_network(soft_update(*turned, 0.2), _mixed(*turned, 0.2))


def test_soft_update_leaves_both_networks_alone(soft_update, rng):
    """soft_update returns a new dict with new arrays and changes neither of the two networks."""
    target, online = _networks(rng)
    _assert_network(soft_update(target, online, 0.4), _mixed(target, online, 0.4))
    assert_unchanged(soft_update, target, online, 0.4)
