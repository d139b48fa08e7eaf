import numpy as np


def test_discounted_returns_by_hand(discounted_returns):
    """Backwards with gamma 0.5: 8, then -2 + 0.5 * 8 = 2, then 4 + 0.5 * 2 = 5, then 1 + 0.5 * 5 = 3.5."""
    rewards = np.array([1.0, 4.0, -2.0, 8.0])
    np.testing.assert_allclose(discounted_returns(rewards, 0.5), [3.5, 5.0, 2.0, 8.0])


def test_discounted_returns_at_the_limits(discounted_returns):
    """With gamma 0 a return is the step's own reward; with gamma 1 it is the sum of all that follow as well."""
    rewards = np.array([1.0, 4.0, -2.0, 8.0])
    np.testing.assert_allclose(discounted_returns(rewards, 0.0), rewards)
    np.testing.assert_allclose(discounted_returns(rewards, gamma=1.0), [11.0, 10.0, 6.0, 8.0])


def test_discounted_returns_of_a_long_episode(discounted_returns):
    """With gamma 0.5 and a reward of 1 at every step, nearly all returns are 2; the last three are 1.75, 1.5 and 1."""
    returns = discounted_returns(np.ones(700), 0.5)
    np.testing.assert_allclose(returns[:600], np.full(600, 2.0))
    np.testing.assert_allclose(returns[-3:], [1.75, 1.5, 1.0])


def test_epsilon_greedy_without_exploration(epsilon_greedy):
    """With epsilon 0 it is always the place of the largest value."""
    rng = np.random.default_rng(0)
    assert epsilon_greedy(np.array([0.5, -1.0, 3.0, 2.0]), 0.0, rng) == 2
    assert epsilon_greedy(np.array([-5.0, -1.0, -3.0]), epsilon=0.0, rng=rng) == 1


def test_epsilon_greedy_explores_all_actions(epsilon_greedy):
    """With epsilon 1 each of three actions, the best one included, is taken about 200 times in 600."""
    rng = np.random.default_rng(1)
    actions = [epsilon_greedy(np.array([9.0, 0.0, 4.0]), 1.0, rng) for _ in range(600)]
    counts = np.bincount(actions, minlength=3)
    assert counts.shape == (3,)
    assert 120 < counts.min() <= counts.max() < 280


def test_epsilon_greedy_mostly_takes_the_best(epsilon_greedy):
    """With epsilon 0.4 and four actions, the best has probability 0.6 + 0.1 and each of the others 0.1."""
    rng = np.random.default_rng(2)
    actions = [epsilon_greedy(np.array([1.0, 2.0, 0.0, 3.0]), 0.4, rng) for _ in range(1000)]
    counts = np.bincount(actions, minlength=4)
    assert counts.shape == (4,)
    assert 600 < counts[3] < 800
    assert 40 < counts[:3].min() <= counts[:3].max() < 160


def test_dqn_targets_by_hand(dqn_targets):
    """With gamma 0.5: 1 + 0.5 * 4 = 3 and 2 + 0.5 * (-2) = 1. The last one is done and keeps its reward, 5."""
    rewards = np.array([1.0, 2.0, 5.0])
    next_q_values = np.array([[3.0, 4.0], [-2.0, -6.0], [10.0, 20.0]])
    dones = np.array([False, False, True])
    np.testing.assert_allclose(dqn_targets(rewards, next_q_values, dones, 0.5), [3.0, 1.0, 5.0])


def test_dqn_targets_when_all_are_done(dqn_targets):
    """Where every episode ended, the targets are the rewards."""
    rewards = np.array([1.0, -2.0])
    next_q_values = np.array([[3.0, 4.0, 1.0], [7.0, 5.0, 6.0]])
    np.testing.assert_allclose(dqn_targets(rewards, next_q_values, np.array([True, True]), 0.9), rewards)


def test_double_dqn_targets_by_hand(double_dqn_targets):
    """The online network chooses actions 1, 0 and 2, which the target network values at 4, -2 and 8.

    With gamma 0.5: 1 + 0.5 * 4 = 3 and 2 + 0.5 * (-2) = 1. The last one is done and keeps its reward, 5.
    """
    rewards = np.array([1.0, 2.0, 5.0])
    next_q_online = np.array([[0.0, 9.0, 1.0], [3.0, 2.0, 1.0], [5.0, 6.0, 7.0]])
    next_q_target = np.array([[10.0, 4.0, 6.0], [-2.0, 5.0, 7.0], [1.0, 2.0, 8.0]])
    dones = np.array([False, False, True])
    targets = double_dqn_targets(rewards, next_q_online, next_q_target, dones, 0.5)
    np.testing.assert_allclose(targets, [3.0, 1.0, 5.0])


def test_double_dqn_targets_when_the_networks_agree(double_dqn_targets):
    """With twice the same network it is plain DQN: 1 + 0.5 * 6 = 4 and 2 + 0.5 * 8 = 6."""
    next_q = np.array([[2.0, 6.0, 4.0], [8.0, 1.0, 3.0]])
    dones = np.array([False, False])
    np.testing.assert_allclose(double_dqn_targets(np.array([1.0, 2.0]), next_q, next_q, dones, 0.5), [4.0, 6.0])


def test_huber_td_loss_by_hand(huber_td_loss):
    """The errors are 0.5, -3 and 1, so the mean is (0.125 + 2.5 + 0.5) / 3; the other actions play no part."""
    q_values = np.array([[1.5, 7.0], [9.0, 2.0], [4.0, -8.0]])
    actions = np.array([0, 1, 0])
    targets = np.array([1.0, 5.0, 3.0])
    np.testing.assert_allclose(huber_td_loss(q_values, actions, targets), 3.125 / 3)


def test_huber_td_loss_of_a_large_error(huber_td_loss):
    """Far from the target the loss grows in proportion to the error: an error of 100 costs 99.5."""
    np.testing.assert_allclose(huber_td_loss(np.array([[100.0, 3.0]]), np.array([0]), np.array([0.0])), 99.5)


def test_huber_td_loss_without_an_error(huber_td_loss):
    """Where the chosen actions' values are the targets, the loss is 0."""
    q_values = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    np.testing.assert_allclose(huber_td_loss(q_values, np.array([2, 0]), np.array([3.0, 4.0])), 0.0)


def test_policy_gradient_loss_by_hand(policy_gradient_loss):
    """The products are -2 * 3, -1 * 5 and -4 * (-2); their mean is -1, and the loss is 1."""
    log_probs = np.array([-2.0, -1.0, -4.0])
    returns = np.array([3.0, 5.0, -2.0])
    np.testing.assert_allclose(policy_gradient_loss(log_probs, returns), 1.0)


def test_policy_gradient_loss_with_a_baseline(policy_gradient_loss):
    """With baseline 2 the returns count as 1, 3 and -4: the products -2, -3 and 16 have mean 11/3."""
    log_probs = np.array([-2.0, -1.0, -4.0])
    returns = np.array([3.0, 5.0, -2.0])
    np.testing.assert_allclose(policy_gradient_loss(log_probs, returns, baseline=2.0), -11 / 3)


def test_policy_gradient_loss_rewards_what_went_well(policy_gradient_loss):
    """If an action with a high return becomes more probable, the loss falls."""
    returns = np.array([10.0])
    likely, unlikely = (policy_gradient_loss(np.log([p]), returns, 4.0) for p in (0.8, 0.2))
    assert likely < unlikely


def test_soft_update_by_hand(soft_update):
    """With tau 0.25 a parameter goes a quarter of the way: from 0 to 4 it gets to 1, from 8 to 4 it gets to 7."""
    target = {"weight": np.array([[0.0, 8.0]]), "bias": np.array([2.0])}
    online = {"weight": np.array([[4.0, 4.0]]), "bias": np.array([-2.0])}
    new = soft_update(target, online, 0.25)
    assert sorted(new) == ["bias", "weight"]
    np.testing.assert_allclose(new["weight"], [[1.0, 7.0]])
    np.testing.assert_allclose(new["bias"], [1.0])


def test_soft_update_goes_by_the_names(soft_update):
    """The order in which the names stand in the two dicts does not matter."""
    target = {"a": np.array([0.0, 2.0]), "b": np.array([10.0, 20.0])}
    online = {"b": np.array([30.0, 40.0]), "a": np.array([4.0, 6.0])}
    new = soft_update(target, online, tau=0.5)
    np.testing.assert_allclose(new["a"], [2.0, 4.0])
    np.testing.assert_allclose(new["b"], [20.0, 30.0])


def test_soft_update_leaves_both_networks_alone(soft_update):
    """The result is new; the networks that were passed in stay as they were."""
    target, online = {"w": np.array([1.0, 2.0])}, {"w": np.array([3.0, 6.0])}
    np.testing.assert_allclose(soft_update(target, online, 0.5)["w"], [2.0, 4.0])
    np.testing.assert_array_equal(target["w"], [1.0, 2.0])
    np.testing.assert_array_equal(online["w"], [3.0, 6.0])
