import numpy as np


def discounted_returns__definition(rewards, gamma):
    """The sum of the definition, for each step anew."""
    steps = len(rewards)
    return np.array([np.sum(rewards[t:] * gamma ** np.arange(steps - t)) for t in range(steps)])


def discounted_returns__matrix(rewards, gamma):
    """A triangular matrix of powers of gamma, times the rewards."""
    steps = np.arange(len(rewards))
    distance = steps[None, :] - steps[:, None]
    return np.where(distance >= 0, float(gamma) ** np.maximum(distance, 0), 0.0) @ rewards


def discounted_returns__recursive(rewards, gamma):
    """One function call per step, with the rewards' own dtype."""
    returns = np.zeros_like(rewards)

    def _fill(t):
        if t == len(rewards):
            return 0.0
        returns[t] = rewards[t] + gamma * _fill(t + 1)
        return returns[t]

    _fill(0)
    return returns


def discounted_returns__list(rewards, gamma):
    """A list that is built backwards and then turned round."""
    returns, running = [], 0.0
    for reward in rewards[::-1].tolist():
        running = reward + gamma * running
        returns.append(running)
    return np.array(returns[::-1])


def epsilon_greedy__choice(q_values, epsilon, rng):
    """The probabilities of all actions, and one draw from them; a NumPy integer comes back."""
    probabilities = np.full(len(q_values), epsilon / len(q_values))
    probabilities[np.argmax(q_values)] += 1 - epsilon
    return rng.choice(len(q_values), p=probabilities / probabilities.sum())


def epsilon_greedy__both_drawn_first(q_values, epsilon, rng):
    """A random action is drawn in any case, and a random number decides whether it is taken."""
    action, u = rng.choice(len(q_values)), rng.uniform(0, 1)
    return np.argmax(q_values) if u >= epsilon else action


def epsilon_greedy__random_among_the_best(q_values, epsilon, rng):
    """Of several best actions, a random one is taken."""
    if rng.binomial(1, epsilon):
        return int(rng.permutation(len(q_values))[0])
    best = [action for action, value in enumerate(q_values) if value == max(q_values)]
    return best[int(rng.integers(0, len(best) - 1, endpoint=True))]


def epsilon_greedy__one_number_cut_into_pieces(q_values, epsilon, rng):
    """One random number, compared with cumulative probabilities, the greedy part last."""
    u, piece = rng.random(), epsilon / len(q_values)
    for action in range(len(q_values)):
        if u < (action + 1) * piece:
            return action
    return q_values.tolist().index(max(q_values.tolist()))


def dqn_targets__product(rewards, next_q_values, dones, gamma):
    """Multiplied by 1 - dones."""
    return rewards + (1 - dones) * gamma * np.amax(next_q_values, axis=-1)


def dqn_targets__copy(rewards, next_q_values, dones, gamma):
    """A copy of the rewards; the future is added where the episode goes on."""
    targets = rewards.copy()
    targets[~dones] += gamma * next_q_values[~dones].max(1)
    return targets


def dqn_targets__loop(rewards, next_q_values, dones, gamma):
    """One transition at a time."""
    targets = []
    for reward, values, done in zip(rewards, next_q_values, dones, strict=True):
        targets.append(reward if done else reward + gamma * max(values))
    return np.array(targets)


def double_dqn_targets__take_along_axis(rewards, next_q_online, next_q_target, dones, gamma):
    """The chosen values as a column, multiplied by the opposite of dones."""
    best = np.argmax(next_q_online, axis=1, keepdims=True)
    value = np.take_along_axis(next_q_target, best, axis=1).squeeze(1)
    return rewards + gamma * value * np.logical_not(dones)


def double_dqn_targets__one_hot(rewards, next_q_online, next_q_target, dones, gamma):
    """The choice as a row of zeros with a single one."""
    choice = np.eye(next_q_online.shape[1])[next_q_online.argmax(1)]
    return rewards + gamma * (choice * next_q_target).sum(axis=1) * (1.0 - dones)


def double_dqn_targets__loop(rewards, next_q_online, next_q_target, dones, gamma):
    """One transition at a time."""
    targets = np.zeros(len(rewards))
    for i in range(len(rewards)):
        targets[i] = rewards[i]
        if not dones[i]:
            targets[i] += gamma * next_q_target[i, int(np.argmax(next_q_online[i]))]
    return targets


def huber_td_loss__two_pieces(q_values, actions, targets):
    """Both pieces for all errors, and a choice between them; a Python float comes back."""
    error = np.take_along_axis(q_values, actions[:, None], axis=1)[:, 0] - targets
    loss = np.where(np.abs(error) <= 1, 0.5 * error**2, np.abs(error) - 0.5)
    return float(loss.mean())


def huber_td_loss__quadratic_and_linear_part(q_values, actions, targets):
    """Half the square of the part of the error below 1, plus the part beyond."""
    error = np.abs((q_values * np.eye(q_values.shape[1])[actions]).sum(axis=1) - targets)
    inner = np.clip(error, 0, 1)
    return np.average(0.5 * inner**2 + (error - inner))


def huber_td_loss__loop(q_values, actions, targets):
    """One transition at a time."""
    total = 0.0
    for values, action, target in zip(q_values, actions, targets, strict=True):
        error = abs(values[action] - target)
        total += 0.5 * error * error if error < 1 else error - 0.5
    return np.array(total / len(targets))


def policy_gradient_loss__dot_product(log_probs, returns, baseline=0.0):
    """A dot product, divided by the number of steps."""
    return float(log_probs @ (baseline - returns)) / len(returns)


def policy_gradient_loss__two_means(log_probs, returns, baseline=0.0):
    """The products with the returns and with the baseline, averaged apart."""
    return baseline * log_probs.mean() - (log_probs * returns).mean()


def policy_gradient_loss__loop(log_probs, returns, baseline=0.0):
    """One step at a time."""
    loss = 0.0
    for log_prob, g in zip(log_probs, returns, strict=True):
        loss -= log_prob * (g - baseline)
    return loss / len(log_probs)


def soft_update__step(target, online, tau):
    """The way to the online network, times tau, is added."""
    return {name: value + tau * (online[name] - value) for name, value in target.items()}


def soft_update__copies_moved_in_place(target, online, tau):
    """Copies of the target network's arrays are changed in place, in the order of the online network."""
    updated = {}
    for name in sorted(online, reverse=True):
        updated[name] = target[name].copy()
        updated[name] *= 1 - tau
        updated[name] += tau * online[name]
    return updated


def soft_update__average(target, online, tau):
    """A weighted average from NumPy."""
    pairs = {name: np.stack([target[name], online[name]]) for name in target}
    return {name: np.average(pair, axis=0, weights=[1 - tau, tau]) for name, pair in pairs.items()}
