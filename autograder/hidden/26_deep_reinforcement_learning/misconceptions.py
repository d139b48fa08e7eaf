import copy

import numpy as np


def discounted_returns__rewards_as_they_are(rewards, gamma):
    """Every step gets its own reward and nothing else. The return of a step also holds what comes later: add the
    discounted return of the next step."""
    return rewards.copy()


def discounted_returns__no_discount(rewards, gamma):
    """All later rewards count in full: gamma is not used. Each step that a reward lies further ahead multiplies it by
    gamma once more."""
    return np.cumsum(rewards[::-1])[::-1]


def discounted_returns__next_reward_only(rewards, gamma):
    """Only the next reward is added to the own one. The return reaches to the end of the episode: add the next step's
    return, not its reward."""
    returns = rewards.copy()
    returns[:-1] = rewards[:-1] + gamma * rewards[1:]
    return returns


def discounted_returns__past_rewards(rewards, gamma):
    """The episode was added up from front to back, so that each step sums up the rewards before it. A return looks
    ahead: begin with the last step."""
    returns = np.zeros(len(rewards))
    running = 0.0
    for t in range(len(rewards)):
        running = rewards[t] + gamma * running
        returns[t] = running
    return returns


def discounted_returns__back_to_front(rewards, gamma):
    """The right numbers in the wrong order: the return of the last step comes first. You have gone through the episode
    backwards; turn the result round."""
    returns = []
    running = 0.0
    for reward in rewards[::-1]:
        running = reward + gamma * running
        returns.append(running)
    return np.array(returns)


def discounted_returns__discounts_from_the_start(rewards, gamma):
    """Right for the first step only. The rewards are discounted by their distance from the start of the episode; each
    return discounts from its own step, whose reward counts in full."""
    discounted = rewards * gamma ** np.arange(len(rewards))
    return np.cumsum(discounted[::-1])[::-1]


def discounted_returns__discounts_its_own_reward(rewards, gamma):
    """All returns are too small by a factor of gamma. The reward of the step itself counts in full; only what the next
    step has gathered is discounted."""
    returns = np.zeros(len(rewards))
    running = 0.0
    for t in reversed(range(len(rewards))):
        running = gamma * (rewards[t] + running)
        returns[t] = running
    return returns


def discounted_returns__divides_by_powers(rewards, gamma):
    """Right for short episodes, but NaN when gamma is 0 or the episode is long: a power of gamma became 0, and you
    divide by it. Go backwards step by step instead, and no division is needed."""
    powers = gamma ** np.arange(len(rewards))
    return np.cumsum((rewards * powers)[::-1])[::-1] / powers


def discounted_returns__normalised(rewards, gamma):
    """The returns have mean 0 and standard deviation 1. Many programs scale them so before a policy-gradient step, but
    that is another step: return them as they are."""
    returns = np.zeros(len(rewards))
    running = 0.0
    for t in reversed(range(len(rewards))):
        running = rewards[t] + gamma * running
        returns[t] = running
    return (returns - returns.mean()) / (returns.std() + 1e-8)


def discounted_returns__only_the_first(rewards, gamma):
    """One number came back, the return of the whole episode. Every step has a return of its own."""
    return float(np.sum(rewards * gamma ** np.arange(len(rewards))))


def discounted_returns__changes_rewards(rewards, gamma):
    """The values are right, but they were written into the caller's rewards, which may still be needed. Work on a new
    array."""
    for t in reversed(range(len(rewards) - 1)):
        rewards[t] += gamma * rewards[t + 1]
    return rewards


def epsilon_greedy__never_explores(q_values, epsilon, rng):
    """The best action is taken every time, whatever epsilon is. With probability epsilon the action must be a random
    one."""
    return int(np.argmax(q_values))


def epsilon_greedy__always_explores(q_values, epsilon, rng):
    """The action is always random, whatever epsilon is. That is what exploring means; without it, take the best
    action."""
    return int(rng.integers(len(q_values)))


def epsilon_greedy__roles_of_epsilon_swapped(q_values, epsilon, rng):
    """With epsilon 0 it always explores, and with 1 never. epsilon is the probability of exploring, so being greedy has
    probability 1 - epsilon: turn the comparison round."""
    if rng.random() > epsilon:
        return int(rng.integers(len(q_values)))
    return int(np.argmax(q_values))


def epsilon_greedy__explores_the_others_only(q_values, epsilon, rng):
    """Exploring never takes the best action. Some texts define it like that; here all actions are equally likely when
    exploring, the best one included."""
    best = int(np.argmax(q_values))
    others = [action for action in range(len(q_values)) if action != best] or [best]
    return others[int(rng.integers(len(others)))] if rng.random() < epsilon else best


def epsilon_greedy__never_the_last_action(q_values, epsilon, rng):
    """The last action is never explored. rng.integers leaves its upper limit out, so that limit is the number of
    actions."""
    if rng.random() < epsilon:
        return int(rng.integers(max(len(q_values) - 1, 1)))
    return int(np.argmax(q_values))


def epsilon_greedy__one_number_for_both(q_values, epsilon, rng):
    """Right for epsilon 0 and 1, but in between only the first actions are explored. One random number serves twice:
    once it is known to be below epsilon, it is no longer evenly spread from 0 to 1. Draw another one."""
    u = rng.random()
    if u < epsilon:
        return int(u * len(q_values))
    return int(np.argmax(q_values))


def epsilon_greedy__normal_random_number(q_values, epsilon, rng):
    """It explores with the wrong probability, even with epsilon 0. Half of all normal random numbers are below 0; you
    want one that is evenly spread from 0 to 1."""
    if rng.standard_normal() < epsilon:
        return int(rng.integers(len(q_values)))
    return int(np.argmax(q_values))


def epsilon_greedy__noise_on_the_values(q_values, epsilon, rng):
    """Noise is added to the values before the best is chosen. So an action far below the best is never tried; exploring
    here does not look at the values at all."""
    return int(np.argmax(q_values + epsilon * rng.standard_normal(len(q_values))))


def epsilon_greedy__samples_by_value(q_values, epsilon, rng):
    """Exploring prefers actions of high value: it draws from their softmax. That is Boltzmann exploration; here all
    actions are equally likely when exploring."""
    if rng.random() < epsilon:
        z = np.exp(q_values - q_values.max())
        return int(rng.choice(len(q_values), p=z / z.sum()))
    return int(np.argmax(q_values))


def epsilon_greedy__value_for_action(q_values, epsilon, rng):
    """When not exploring, the largest value comes back. Its place is wanted: the index of the action."""
    if rng.random() < epsilon:
        return int(rng.integers(len(q_values)))
    return float(np.max(q_values))


def epsilon_greedy__lowest_value(q_values, epsilon, rng):
    """When not exploring, the worst action is taken. Values are rewards to come, so the largest is the best."""
    if rng.random() < epsilon:
        return int(rng.integers(len(q_values)))
    return int(np.argmin(q_values))


def epsilon_greedy__maximum_starts_at_zero(q_values, epsilon, rng):
    """Right unless all values are negative: then the first action wins. The search for the largest value starts at 0;
    start it with a value of the array."""
    if rng.random() < epsilon:
        return int(rng.integers(len(q_values)))
    best, largest = 0, 0.0
    for action, value in enumerate(q_values):
        if value > largest:
            best, largest = action, value
    return best


def epsilon_greedy__all_best_actions(q_values, epsilon, rng):
    """When not exploring, an array of all the best actions comes back. Choose one of them, as a single integer."""
    if rng.random() < epsilon:
        return int(rng.integers(len(q_values)))
    return np.flatnonzero(q_values == q_values.max())


def epsilon_greedy__own_generator(q_values, epsilon, rng):
    """Every call makes the same random choices, whatever generator is passed. A generator that is made and seeded
    inside the function starts anew each time: draw from rng."""
    own = np.random.default_rng(0)
    if own.random() < epsilon:
        return int(own.integers(len(q_values)))
    return int(np.argmax(q_values))


def epsilon_greedy__copies_the_generator(q_values, epsilon, rng):
    """Right for a single call, but the next call with the same generator chooses the same again. You draw from a copy,
    so rng itself stays where it was: a generator is meant to be moved on."""
    own = copy.deepcopy(rng)
    if own.random() < epsilon:
        return int(own.integers(len(q_values)))
    return int(np.argmax(q_values))


def dqn_targets__rewards_only(rewards, next_q_values, dones, gamma):
    """The targets are the rewards, and what comes after them is missing. Where the episode goes on, add the discounted
    value of the next state."""
    return rewards.copy()


def dqn_targets__bootstraps_at_the_end(rewards, next_q_values, dones, gamma):
    """Right where the episode goes on, but a finished one gets a value for a next state that does not exist. Use
    dones."""
    return rewards + gamma * next_q_values.max(axis=1)


def dqn_targets__bootstraps_only_at_the_end(rewards, next_q_values, dones, gamma):
    """The other way round: finished episodes get a future, and the ones that go on get none. dones is true where the
    episode ended."""
    return rewards + gamma * next_q_values.max(axis=1) * dones


def dqn_targets__last_reward_lost(rewards, next_q_values, dones, gamma):
    """The targets of finished episodes are 0. Only the future is missing there; the reward of the last step was
    received and counts."""
    return (rewards + gamma * next_q_values.max(axis=1)) * (1 - dones)


def dqn_targets__no_discount(rewards, next_q_values, dones, gamma):
    """The value of the next state counts in full: gamma is not used. It lies one step ahead and is discounted once."""
    return rewards + next_q_values.max(axis=1) * (1 - dones)


def dqn_targets__discounts_the_reward(rewards, next_q_values, dones, gamma):
    """The reward is discounted as well. It has been received already; gamma belongs to the value of the next state
    only."""
    return gamma * (rewards + next_q_values.max(axis=1) * (1 - dones))


def dqn_targets__reward_missing(rewards, next_q_values, dones, gamma):
    """The targets hold the discounted future only. Add the reward that was received in this step."""
    return gamma * next_q_values.max(axis=1) * (1 - dones)


def dqn_targets__mean_over_actions(rewards, next_q_values, dones, gamma):
    """The mean of the next state's values is taken. That would be the value of acting at random; Q-learning assumes
    that the best action follows."""
    return rewards + gamma * next_q_values.mean(axis=1) * (1 - dones)


def dqn_targets__one_maximum_for_all(rewards, next_q_values, dones, gamma):
    """Every transition gets the same future: the largest value of the whole batch. Each row has a maximum of its own,
    so say along which axis."""
    return rewards + gamma * next_q_values.max() * (1 - dones)


def dqn_targets__wrong_axis(rewards, next_q_values, dones, gamma):
    """The maximum runs over the batch: one number for each action instead of one for each transition. Take it along the
    axis of the actions."""
    return rewards + gamma * next_q_values.max(axis=0) * (1 - dones)


def dqn_targets__index_for_value(rewards, next_q_values, dones, gamma):
    """The index of the best action is added, not its value. argmax says where the largest value stands; here you want
    the value."""
    return rewards + gamma * next_q_values.argmax(axis=1) * (1 - dones)


def dqn_targets__never_below_zero(rewards, next_q_values, dones, gamma):
    """Right unless all values of a next state are negative: then it is taken to be worth 0. The search for the largest
    value starts at 0, and must not."""
    return rewards + gamma * next_q_values.max(axis=1, initial=0) * (1 - dones)


def dqn_targets__changes_the_values(rewards, next_q_values, dones, gamma):
    """The targets are right, but zeros were written into the caller's values on the way. They may still be needed:
    choose with np.where, or work on a copy."""
    next_q_values[dones] = 0
    return rewards + gamma * next_q_values.max(axis=1)


def double_dqn_targets__plain_dqn(rewards, next_q_online, next_q_target, dones, gamma):
    """The target network both chooses the action and values it. That is plain DQN with its overestimation; the online
    network is not used."""
    return rewards + gamma * next_q_target.max(axis=1) * (1 - dones)


def double_dqn_targets__online_network_only(rewards, next_q_online, next_q_target, dones, gamma):
    """The online network both chooses the action and values it. What the chosen action is worth must come from the
    target network."""
    return rewards + gamma * next_q_online.max(axis=1) * (1 - dones)


def double_dqn_targets__roles_swapped(rewards, next_q_online, next_q_target, dones, gamma):
    """The target network chooses and the online network values: the other way round. The online network is the one that
    acts, so it chooses."""
    best = next_q_target.argmax(axis=1)
    return rewards + gamma * next_q_online[np.arange(len(best)), best] * (1 - dones)


def double_dqn_targets__smaller_of_two_maxima(rewards, next_q_online, next_q_target, dones, gamma):
    """The smaller of the two networks' largest values is taken. TD3 does something like that; in double DQN one network
    chooses and the other values its choice."""
    value = np.minimum(next_q_online.max(axis=1), next_q_target.max(axis=1))
    return rewards + gamma * value * (1 - dones)


def double_dqn_targets__mean_of_both(rewards, next_q_online, next_q_target, dones, gamma):
    """The two networks' values are averaged, and the largest mean is taken. Then the same numbers choose and value
    again; the two tasks must be kept apart."""
    return rewards + gamma * ((next_q_online + next_q_target) / 2).max(axis=1) * (1 - dones)


def double_dqn_targets__columns_for_all_rows(rewards, next_q_online, next_q_target, dones, gamma):
    """A matrix comes out: a colon in the index picks every chosen column from every row. Each row has one choice, so
    give an array of rows beside the array of columns."""
    return rewards + gamma * next_q_target[:, next_q_online.argmax(axis=1)] * (1 - dones)


def double_dqn_targets__index_for_value(rewards, next_q_online, next_q_target, dones, gamma):
    """The index of the chosen action is added, not its value. Look the index up in the target network's values."""
    return rewards + gamma * next_q_online.argmax(axis=1) * (1 - dones)


def double_dqn_targets__bootstraps_at_the_end(rewards, next_q_online, next_q_target, dones, gamma):
    """Right where the episode goes on, but a finished one gets a value for a next state that does not exist. Use
    dones."""
    best = next_q_online.argmax(axis=1)
    return rewards + gamma * next_q_target[np.arange(len(best)), best]


def double_dqn_targets__bootstraps_only_at_the_end(rewards, next_q_online, next_q_target, dones, gamma):
    """The other way round: finished episodes get a future, and the ones that go on get none. dones is true where the
    episode ended."""
    best = next_q_online.argmax(axis=1)
    return rewards + gamma * next_q_target[np.arange(len(best)), best] * dones


def double_dqn_targets__last_reward_lost(rewards, next_q_online, next_q_target, dones, gamma):
    """The targets of finished episodes are 0. Only the future is missing there; the reward of the last step was
    received and counts."""
    best = next_q_online.argmax(axis=1)
    return (rewards + gamma * next_q_target[np.arange(len(best)), best]) * (1 - dones)


def double_dqn_targets__no_discount(rewards, next_q_online, next_q_target, dones, gamma):
    """The value of the next state counts in full: gamma is not used. It lies one step ahead and is discounted once."""
    best = next_q_online.argmax(axis=1)
    return rewards + next_q_target[np.arange(len(best)), best] * (1 - dones)


def double_dqn_targets__changes_the_values(rewards, next_q_online, next_q_target, dones, gamma):
    """The targets are right, but zeros were written into the caller's values on the way. They may still be needed:
    choose with np.where, or work on a copy."""
    next_q_target[dones] = 0
    best = next_q_online.argmax(axis=1)
    return rewards + gamma * next_q_target[np.arange(len(best)), best]


def huber_td_loss__squared_error(q_values, actions, targets):
    """The squared error, for large errors too. Beyond an error of 1 the Huber loss goes on as a straight line, and
    below it there is a factor of one half."""
    error = q_values[np.arange(len(actions)), actions] - targets
    return np.mean(error**2)


def huber_td_loss__half_squared_error(q_values, actions, targets):
    """Right for small errors, but large ones are squared as well, so that a few of them outweigh all others. Beyond 1
    the loss is linear."""
    error = q_values[np.arange(len(actions)), actions] - targets
    return np.mean(error**2) / 2


def huber_td_loss__absolute_error(q_values, actions, targets):
    """The absolute error, for small errors too. Up to an error of 1 the Huber loss is half its square."""
    error = q_values[np.arange(len(actions)), actions] - targets
    return np.mean(np.abs(error))


def huber_td_loss__half_forgotten(q_values, actions, targets):
    """Small errors cost twice as much as they should. The quadratic piece has a factor of one half; without it the two
    pieces do not meet at 1."""
    error = np.abs(q_values[np.arange(len(actions)), actions] - targets)
    return np.mean(np.where(error < 1, error**2, error - 0.5))


def huber_td_loss__jumps_at_one(q_values, actions, targets):
    """Right for small errors, but the linear piece lies too high by one half. At an error of 1 both pieces must have
    the same value."""
    error = np.abs(q_values[np.arange(len(actions)), actions] - targets)
    return np.mean(np.where(error < 1, 0.5 * error**2, error))


def huber_td_loss__error_clipped(q_values, actions, targets):
    """Right for small errors, but no error costs more than one half. You have clipped the error before squaring it, so
    large errors have no slope and nothing is learned from them: it is the slope that stays below 1."""
    error = q_values[np.arange(len(actions)), actions] - targets
    return np.mean(0.5 * np.clip(error, -1, 1) ** 2)


def huber_td_loss__smooth_approximation(q_values, actions, targets):
    """Close, but not the same: this is the pseudo-Huber loss, which is smooth throughout. The Huber loss is made of two
    pieces."""
    error = q_values[np.arange(len(actions)), actions] - targets
    return np.mean(np.sqrt(1 + error**2) - 1)


def huber_td_loss__largest_value(q_values, actions, targets):
    """The largest value of each row is compared with the target. The transition shows what the action that was *taken*
    led to: use actions."""
    error = np.abs(q_values.max(axis=1) - targets)
    return np.mean(np.where(error < 1, 0.5 * error**2, error - 0.5))


def huber_td_loss__all_actions(q_values, actions, targets):
    """All values of a row are pulled towards the target. Only one action was taken; nothing is known about the others,
    and they play no part."""
    error = np.abs(q_values - targets[:, None])
    return np.mean(np.where(error < 1, 0.5 * error**2, error - 0.5))


def huber_td_loss__columns_for_all_rows(q_values, actions, targets):
    """Every target is compared with every row: a colon in the index picks every chosen column from every row. Each row
    has one action, so give an array of rows beside the array of columns."""
    error = np.abs(q_values[:, actions] - targets)
    return np.mean(np.where(error < 1, 0.5 * error**2, error - 0.5))


def huber_td_loss__divides_by_all_entries(q_values, actions, targets):
    """Too small by the number of actions: the mean runs over all entries of q_values. One entry of each row counts, so
    divide by the number of rows."""
    error = np.abs(q_values[np.arange(len(actions)), actions] - targets)
    return np.sum(np.where(error < 1, 0.5 * error**2, error - 0.5)) / q_values.size


def huber_td_loss__sum(q_values, actions, targets):
    """Right for a single transition, but a batch is summed up. Take the mean, so that the loss does not grow with the
    size of the batch."""
    error = np.abs(q_values[np.arange(len(actions)), actions] - targets)
    return np.sum(np.where(error < 1, 0.5 * error**2, error - 0.5))


def huber_td_loss__one_loss_per_transition(q_values, actions, targets):
    """An array came back, one loss for each transition. An optimizer needs a single number: take the mean."""
    error = np.abs(q_values[np.arange(len(actions)), actions] - targets)
    return np.where(error < 1, 0.5 * error**2, error - 0.5)


def huber_td_loss__large_if_any_is_large(q_values, actions, targets):
    """Right when all errors are small or all are large, but not for a mixed batch: one piece is chosen for the whole
    batch. Each error decides for itself."""
    error = np.abs(q_values[np.arange(len(actions)), actions] - targets)
    return np.mean(error - 0.5) if np.any(error > 1) else np.mean(0.5 * error**2)


def huber_td_loss__changes_the_values(q_values, actions, targets):
    """The loss is right, but the targets were subtracted in the caller's q_values. An operator such as -= writes into
    that array; compute a new one."""
    q_values -= targets[:, None]
    error = np.abs(q_values[np.arange(len(actions)), actions])
    return np.mean(np.where(error < 1, 0.5 * error**2, error - 0.5))


def policy_gradient_loss__maximises(log_probs, returns, baseline=0.0):
    """The sign is turned: minimising this makes good actions less probable. The policy gradient is to be climbed, and
    an optimizer goes down, so the loss is its negative."""
    return np.mean(log_probs * (returns - baseline))


def policy_gradient_loss__sum(log_probs, returns, baseline=0.0):
    """Right for a single step, but an episode is summed up. Both are in use; this exercise wants the mean over the
    steps."""
    return -np.sum(log_probs * (returns - baseline))


def policy_gradient_loss__ignores_the_returns(log_probs, returns, baseline=0.0):
    """The mean negative log-probability: every action that was taken is made more probable, however it turned out.
    That imitates; weight each step by its return."""
    return -np.mean(log_probs)


def policy_gradient_loss__ignores_the_baseline(log_probs, returns, baseline=0.0):
    """Right without a baseline only: the argument is not used. Subtract it from every return."""
    return -np.mean(log_probs * returns)


def policy_gradient_loss__adds_the_baseline(log_probs, returns, baseline=0.0):
    """The baseline is added to the returns. It says what is normal, so it is subtracted: what is left says how much
    better or worse a step turned out."""
    return -np.mean(log_probs * (returns + baseline))


def policy_gradient_loss__baseline_outside(log_probs, returns, baseline=0.0):
    """The baseline is subtracted after the multiplication, where it has no influence on any gradient. It belongs to the
    returns: subtract first, then multiply."""
    return -np.mean(log_probs * returns - baseline)


def policy_gradient_loss__default_is_the_mean(log_probs, returns, baseline=0.0):
    """Right for a baseline other than 0, but without one the mean return is subtracted. That is a good baseline, but
    not what was asked for: the default of the signature is 0."""
    return -np.mean(log_probs * (returns - (baseline or returns.mean())))


def policy_gradient_loss__negative_advantages_dropped(log_probs, returns, baseline=0.0):
    """Steps with a return below the baseline count as 0. They turned out badly, and the policy is to learn that as
    well: keep their negative weight."""
    return -np.mean(log_probs * np.maximum(returns - baseline, 0))


def policy_gradient_loss__probabilities(log_probs, returns, baseline=0.0):
    """The returns are multiplied by probabilities. The policy gradient holds the gradient of the *log*-probability, and
    these are what the function receives: do not exponentiate."""
    return -np.mean(np.exp(log_probs) * (returns - baseline))


def policy_gradient_loss__product_of_the_means(log_probs, returns, baseline=0.0):
    """The mean log-probability is multiplied by the mean return. Then it no longer matters which action led to which
    return: multiply step by step, and take the mean of the products."""
    return -np.mean(log_probs) * np.mean(returns - baseline)


def policy_gradient_loss__normalised_returns(log_probs, returns, baseline=0.0):
    """The returns are scaled to standard deviation 1. Many programs do that, but it is a step of its own: take them as
    they are, minus the baseline."""
    return -np.mean(log_probs * (returns - baseline) / (returns.std() + 1e-8))


def policy_gradient_loss__changes_the_returns(log_probs, returns, baseline=0.0):
    """The loss is right, but the baseline was subtracted in the caller's returns. An operator such as -= writes into
    that array; compute a new one."""
    returns -= baseline
    return -np.mean(log_probs * returns)


def soft_update__stays(target, online, tau):
    """The target network comes out as it went in. It has to move towards the online network by a share of tau."""
    return dict(target)


def soft_update__copies(target, online, tau):
    """The target network becomes the online network at once, whatever tau is. That is a hard update; a soft one goes
    only a part of the way."""
    return {name: online[name].copy() for name in target}


def soft_update__weights_swapped(target, online, tau):
    """tau weights the wrong network. Some texts name the share that stays; here tau is the share that is taken from the
    online network, and usually small."""
    return {name: tau * target[name] + (1 - tau) * online[name] for name in target}


def soft_update__adds_without_shrinking(target, online, tau):
    """The online network's share is added, but the target network keeps its full weight, so that the parameters grow.
    The two weights must sum to 1."""
    return {name: target[name] + tau * online[name] for name in target}


def soft_update__step_only(target, online, tau):
    """The step comes out, not the place where it leads: the way to the online network times tau. Add it to the target
    network's parameters."""
    return {name: tau * (online[name] - target[name]) for name in target}


def soft_update__wrong_direction(target, online, tau):
    """The target network moves away from the online network. The step is the online parameters minus those of the
    target network, not the reverse."""
    return {name: target[name] + tau * (target[name] - online[name]) for name in target}


def soft_update__plain_mean(target, online, tau):
    """The mean of the two networks, whatever tau is. tau says how far to go; one half is only one of the
    possibilities."""
    return {name: (target[name] + online[name]) / 2 for name in target}


def soft_update__pairs_by_position(target, online, tau):
    """Right as long as both dicts have the same order. The first array of one is mixed with the first of the other,
    whatever their names are: look each name up in both."""
    pairs = zip(target, target.values(), online.values(), strict=True)
    return {name: (1 - tau) * old + tau * new for name, old, new in pairs}


def soft_update__first_parameter_only(target, online, tau):
    """The dict that came back holds one parameter. The function returns inside the loop: go through all the names
    first."""
    updated = {}
    for name in target:
        updated[name] = (1 - tau) * target[name] + tau * online[name]
        return updated


def soft_update__list_of_arrays(target, online, tau):
    """The arrays are right, but their names are lost. Return a dict, so that it can be used as a network's parameters
    again."""
    return [(1 - tau) * target[name] + tau * online[name] for name in target]


def soft_update__returns_nothing(target, online, tau):
    """Nothing came back; the caller's target network was changed instead. That is common in PyTorch, but here a new
    dict is wanted, and both networks stay as they were."""
    for name in target:
        target[name] = (1 - tau) * target[name] + tau * online[name]


def soft_update__changes_the_target(target, online, tau):
    """The values are right, but the caller's target network was changed on the way. Put the new arrays into a new
    dict."""
    for name in target:
        target[name] = (1 - tau) * target[name] + tau * online[name]
    return target
