# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [B7]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 26 · Deep reinforcement learning
#
# In supervised learning somebody knows the right answer. In reinforcement learning nobody does. An *agent* sees the
# *state* of its environment, takes an *action*, and receives a *reward* and the next state. From this alone it has to
# find out which behaviour, its *policy*, brings the most reward in the long run. Deep reinforcement learning is the
# case in which a neural network approximates what the agent has to know.
#
# There are two schools, and you will write the heart of both. *Value-based* methods such as the deep Q-network (DQN)
# learn $Q(s, a)$, the reward to be expected in total after taking action $a$ in state $s$, and then take the best
# action: `epsilon_greedy`, `dqn_targets`, `double_dqn_targets`, `huber_td_loss` and `soft_update`. *Policy gradients*
# make the actions that turned out well more probable: `discounted_returns` and `policy_gradient_loss`. The networks
# themselves are not part of this topic: you work with the numbers that come out of them.
#
# **Rules of this topic.** Use NumPy and the standard library. $T$ is the number of time steps of an episode, $B$ the
# number of transitions in a batch, $A$ the number of actions; each is at least 1. Arrays hold finite floats (float64
# or float32) unless told otherwise, and they stay as they were. The discount $\gamma$ (`gamma`) lies between 0 and 1,
# both included.
#
# **Interview question.** B7 (A and B are the two documents that this collection follows). Its answer needs correcting
# twice:
#
# - It says that deep reinforcement learning imitates how people decide. No person is modelled: the agent learns by
#   trial and error from rewards, and what it finds may be nothing that a person would do. Learning from what people did
#   is another field, *imitation learning*.
# - It has the network represent states and value functions. The state (a picture of the screen, say) is the
#   network's *input*. What it approximates is a value function, a policy, or a model of the environment.
#
# And it leaves out what makes the subject hard: rewards come late, the agent has to try actions that it believes to be
# bad, and the targets that it learns from are made of its own estimates.

# %%
import numpy as np

# %% [markdown]
# ## `discounted_returns`: what a step is worth in the long run
#
# The *return* $G_t$ is the sum of all rewards from step $t$ to the end of the episode, those further away counting
# less:
#
# $$G_t = \sum_{k=t}^{T-1} \gamma^{\,k-t}\, r_k = r_t + \gamma\, G_{t+1}, \qquad G_T = 0$$
#
# Here $r_t$, `rewards[t]`, is the reward that *follows* the action of step $t$. Sutton and Barto call the same number
# $R_{t+1}$, because it arrives together with the next state; the returns are the same.
#
# The reward of the step itself counts in full, whatever $t$ is: a return looks ahead from its own step, not from the
# start of the episode. With $\gamma = 0$ it is that reward alone, with $\gamma = 1$ the plain sum of everything that is
# still to come. Both must work, and so must an episode of hundreds of steps: there $\gamma^t$ may be too small for a
# float, and a formula that divides by it gives NaN.


# %%
def discounted_returns(rewards, gamma):
    """The discounted return of every time step of one episode.

        G_t = r_t + gamma * r_(t+1) + gamma^2 * r_(t+2) + ...    to the end of the episode

    Args:
        rewards: (T,), the reward that follows the action of each step.
        gamma: float between 0 and 1, both included.

    Returns:
        Array (T,), the return of every step, in the order of the steps.

    Source: Sutton & Barto, 2018, "Reinforcement learning: an introduction", sections 3.3 and 3.4.
    """
    ### BEGIN SOLUTION
    returns = np.empty(len(rewards))
    future = 0.0
    for t in reversed(range(len(rewards))):
        future = rewards[t] + gamma * future
        returns[t] = future
    return returns
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. The last step has no future: its return is its reward. What is then the return of the step before it?
# 2. Go through the episode backwards and keep one running number, the return of the step that was just done.
# 3. The running number becomes "this reward plus gamma times the running number". Store it at the place of the step, so
#    that the order comes out right.

# %% [markdown]
# A single reward of 1 at the end of an episode of 60 steps, seen from every earlier step. The smaller $\gamma$, the
# later the agent notices that something good lies ahead. About $1 / (1 - \gamma)$ steps can be seen: the *horizon*.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rewards = np.zeros(60)
# rewards[-1] = 1
#
# plt.figure(figsize=(6, 3.5))
# for gamma in (0.5, 0.8, 0.9, 0.99):
#     plt.plot(discounted_returns(rewards, gamma), label=f"gamma = {gamma}")
# plt.xlabel("time step")
# plt.ylabel("return")
# plt.legend()
# plt.show()

# %% [markdown]
# ## `epsilon_greedy`: mostly the best, sometimes any
#
# An agent that always takes the action with the highest estimate never learns whether it underrates another one. The
# simplest remedy: with probability $\varepsilon$ explore, otherwise be greedy.
#
# $$a = \begin{cases} \text{any of the } A \text{ actions, all equally likely} & \text{with probability }
# \varepsilon \\ \arg\max_a Q(a) & \text{with probability } 1 - \varepsilon \end{cases}$$
#
# "Any" includes the greedy action, so that it is taken with probability $1 - \varepsilon + \varepsilon / A$ in all, and
# each other one with $\varepsilon / A$. (A few texts explore among the others only. Then $\varepsilon = 1$ would not be
# a uniform policy, but one that avoids the best action.) If several actions share the highest value, each of them
# counts as greedy.
#
# Draw every random number from `rng`: not from `np.random.rand` and the like, and not from a generator of your own.
# Drawing moves `rng` on, and that is how it should be. No test knows which numbers you draw, or how many: the tests
# look at how often each action is taken in some hundred calls. The limits are so wide that a right answer fails less
# than once in a million runs.


# %%
def epsilon_greedy(q_values, epsilon, rng):
    """Choose an action: with probability epsilon any, uniformly over all actions, and otherwise the best.

        P(a) = epsilon / A + (1 - epsilon) * [a is the best action]

    Args:
        q_values: (A,), the estimated value of each action; may all be negative.
        epsilon: float between 0 and 1, both included, the probability of exploring.
        rng: np.random.Generator, the only source of randomness; drawing moves it on.

    Returns:
        int, the index of the chosen action. Of several best actions, any may be chosen as the best.

    Source: Sutton & Barto, 2018, "Reinforcement learning: an introduction", section 2.2.
    """
    ### BEGIN SOLUTION
    if rng.random() < epsilon:
        return int(rng.integers(len(q_values)))
    return int(np.argmax(q_values))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Two decisions are to be made: whether to explore, and if so, which action to take. Each needs randomness of its
#    own.
# 2. `rng.random()` is evenly spread from 0 to 1. With which probability is it below `epsilon`?
# 3. `rng.integers(n)` draws from 0 to `n - 1`, all equally likely. Not exploring, you want the *place* of the largest
#    value, not the value.

# %% [markdown]
# ## `dqn_targets`: learning a guess from a guess
#
# The best total reward after action $a$ is the reward that follows plus, discounted, the best that the next state
# $s'$ still offers. So DQN pulls $Q(s, a)$ towards
#
# $$y = \begin{cases} r & \text{if the episode ended with this step} \\ r + \gamma \max_{a'} Q^-(s', a') &
# \text{otherwise} \end{cases}$$
#
# $Q^-$ is a slowly changing copy of the network, the *target network*; `next_q_values` holds what it says about the
# next states, one row per transition. Using an estimate to improve an estimate is called *bootstrapping*.
#
# Where the episode ended there is no next state, so there is nothing to bootstrap from. Without this rule the network
# would go on adding up imagined rewards, and since all values rest on those of the last steps, all would be wrong. The
# reward of the last step counts like any other.
#
# In practice:
#
# - `dones` should be true where the *task* ended, not where a time limit cut the episode short. There the future still
#   has a value (Pardo et al., 2018); Gymnasium reports the two as `terminated` and `truncated`.
# - The targets count as constants: in PyTorch they are computed under `torch.no_grad()`, so that no gradient flows
#   through them.
# - Multiplying by `1 - dones` is fine here, where all numbers are finite. If a finished row may hold NaN, it is not:
#   0 times NaN is NaN. Choosing with `np.where` is right in both cases.


# %%
def dqn_targets(rewards, next_q_values, dones, gamma):
    """The values that a deep Q-network is trained towards.

        y_i = r_i + gamma * max_a next_q_values[i, a]    where the episode goes on
              r_i                                        where it is done

    Args:
        rewards: (B,).
        next_q_values: (B, A), the target network's values in the next states; may be negative.
        dones: boolean (B,), True where the episode ended with this transition.
        gamma: float between 0 and 1, both included.

    Returns:
        Array (B,).

    Source: Mnih et al., 2015, "Human-level control through deep reinforcement learning", algorithm 1.
    """
    ### BEGIN SOLUTION
    return rewards + gamma * np.where(dones, 0, next_q_values.max(axis=1))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. First ignore the ends of episodes. Each row of `next_q_values` gives one number: along which axis is the maximum
#    taken?
# 2. `gamma` belongs to that number only. The reward has arrived already and is not discounted.
# 3. Replace the number by 0 where `dones` is true, before it is added to the reward. `np.where` chooses entry by entry,
#    without writing into the array that you were given.

# %% [markdown]
# ## `double_dqn_targets`: one network chooses, the other judges
#
# Estimates are noisy, and a maximum prefers whatever the noise has made too large. So $\max_{a'} Q^-(s', a')$ is too
# high on average, even if every single estimate is right on average. Double DQN asks two networks: the *online*
# network, the one in training, says which action is best, and the *target* network says what that action is worth.
#
# $$y = r + \gamma\, Q^-\Bigl(s', \arg\max_{a'} Q(s', a')\Bigr) \qquad\text{or } y = r \text{ if the episode ended}$$
#
# An action that one network overrates is now overestimated only if the other network overrates it, too.


# %%
def double_dqn_targets(rewards, next_q_online, next_q_target, dones, gamma):
    """The targets of double DQN: the online network chooses the next action, the target network says what it is worth.

        y_i = r_i + gamma * next_q_target[i, a_i],  a_i = argmax_a next_q_online[i, a]    where the episode goes on
              r_i                                                                         where it is done

    Args:
        rewards: (B,).
        next_q_online: (B, A), the online network's values in the next states.
        next_q_target: (B, A), the target network's values in the next states.
        dones: boolean (B,), True where the episode ended with this transition.
        gamma: float between 0 and 1, both included.

    Returns:
        Array (B,).

    Source: van Hasselt, Guez & Silver, 2016, "Deep reinforcement learning with double Q-learning".
    """
    ### BEGIN SOLUTION
    best = next_q_online.argmax(axis=1)
    return rewards + gamma * np.where(dones, 0, next_q_target[np.arange(len(best)), best])
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. From the online network you need a place in each row, not a value. From the target network you need a value at that
#    place.
# 2. To pick one entry from each row, an array of rows and an array of columns of equal length are needed, both as
#    indices. A colon in place of the rows would pick the chosen columns from *every* row.
# 3. What is left is the same as in `dqn_targets`: nothing where done, discounted elsewhere, plus the reward.

# %% [markdown]
# The overestimation, measured. All actions are worth exactly 0, and the networks' estimates are that plus noise. The
# more actions there are, the more DQN believes that there is something to win. Here the two networks' errors are
# independent, and double DQN is right on average. Real online and target networks share most of their history, so in
# practice the error becomes smaller but does not vanish.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# rewards, dones = np.zeros(5000), np.zeros(5000, dtype=bool)
# actions = [1, 2, 4, 8, 16, 32]
# single, double = [], []
# for num_actions in actions:
#     online, target = rng.normal(size=(2, 5000, num_actions))
#     single.append(dqn_targets(rewards, target, dones, 1.0).mean())
#     double.append(double_dqn_targets(rewards, online, target, dones, 1.0).mean())
#
# plt.figure(figsize=(6, 3.5))
# plt.semilogx(actions, single, "o-", base=2, label="DQN")
# plt.semilogx(actions, double, "s-", base=2, label="double DQN")
# plt.axhline(0, color="black", linewidth=0.8, label="truth")
# plt.xlabel("number of actions")
# plt.ylabel("mean target")
# plt.legend()
# plt.show()

# %% [markdown]
# ## `huber_td_loss`: large errors must not take over
#
# The *temporal-difference error* of a transition is what the network says about the action that was taken, minus the
# target: $\delta_i = Q(s_i, a_i) - y_i$. The other actions of the row were not tried, so nothing is known about them
# and they have no part in the loss. Squaring would let a few surprises dominate the batch. The Huber loss is quadratic
# near 0 and linear beyond:
#
# $$L = \frac{1}{B} \sum_{i=1}^{B} h(\delta_i), \qquad
# h(\delta) = \begin{cases} \tfrac12 \delta^2 & |\delta| \le 1 \\ |\delta| - \tfrac12 & |\delta| > 1 \end{cases}$$
#
# The two pieces meet at $|\delta| = 1$ in value and in slope, and the slope is $\delta$ clipped to $[-1, 1]$.
#
# That is how the DQN paper puts it: the error is clipped. It is the *slope* that is meant. Who clips the error and then
# squares it gets a loss that is flat beyond 1, and learns nothing from its worst mistakes.
#
# PyTorch's `smooth_l1_loss` with its default `beta=1` is the same function.


# %%
def huber_td_loss(q_values, actions, targets):
    """Mean Huber loss (smooth L1, beta 1) between the values of the chosen actions and their targets.

        mean_i h(q_values[i, actions[i]] - targets[i]),    h(d) = d^2 / 2     where |d| <= 1
                                                                  |d| - 1/2   elsewhere

    Args:
        q_values: (B, A), the online network's values in the states of the batch.
        actions: (B,), integers from 0 to A - 1, the action that was taken in each state.
        targets: (B,).

    Returns:
        float, the mean over the batch.

    Source: Huber, 1964, "Robust estimation of a location parameter"; torch.nn.functional.smooth_l1_loss.
    """
    ### BEGIN SOLUTION
    error = np.abs(q_values[np.arange(len(actions)), actions] - targets)
    slope = np.minimum(error, 1)
    return np.mean(slope * (error - slope / 2))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. One number per row is needed, that of the action taken. Picking it works as in `double_dqn_targets`: rows and
#    columns both as index arrays.
# 2. Compute the absolute error, then both pieces for the whole batch, and choose between them entry by entry.
# 3. Check the pieces at an error of 1: both must give one half. The mean runs over the batch, not over all the entries
#    of `q_values`.

# %% [markdown]
# ## `policy_gradient_loss`: reward what went well
#
# A policy network gives probabilities $\pi(a \mid s)$. REINFORCE plays an episode and then makes each action that was
# taken more probable if a high return followed, and less probable if a low one did. The mean over the steps of
# $\nabla \log \pi(a_t \mid s_t)\,(G_t - b)$ estimates the direction in which the expected return rises. Optimizers
# minimise, so one gives them the function whose gradient is the negative of that:
#
# $$L = -\frac1T \sum_{t=0}^{T-1} \log \pi(a_t \mid s_t)\,(G_t - b)$$
#
# The *baseline* $b$ says what counts as high. It changes nothing on average as long as it does not depend on the
# action, but it takes away much of the noise: if all returns lie between 100 and 110, every action looks good until
# about 105 has been subtracted. A learned value $V(s_t)$ in the place of $b$ leads to actor-critic methods. Here $b$ is
# one number for all steps.
#
# - The input is *log*-probabilities, which are never positive. Do not take another logarithm, and do not undo it.
# - Only the gradient means something. The loss may have either sign, and it need not fall while the agent improves.
# - Some sum over the steps instead, which only changes the size of the gradient. In Sutton and Barto there is one more
#   factor, $\gamma^t$; nearly all implementations leave it out, and so do we.


# %%
def policy_gradient_loss(log_probs, returns, baseline=0.0):
    """The loss of REINFORCE: minimising it makes actions with a return above the baseline more probable.

        -mean_t log_probs[t] * (returns[t] - baseline)

    Args:
        log_probs: (T,), the log-probabilities of the actions that were taken.
        returns: (T,), the returns that followed.
        baseline: float, subtracted from every return.

    Returns:
        float, the mean over the steps.

    Source: Williams, 1992, "Simple statistical gradient-following algorithms for connectionist reinforcement learning".
    """
    ### BEGIN SOLUTION
    return -np.mean(log_probs * (returns - baseline))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Suppose an action had a return above the baseline. Its log-probability should rise. Which sign must its term have,
#    so that a rising log-probability makes the loss fall?
# 2. The baseline belongs to the returns, before anything is multiplied.
# 3. One product per step, then one mean over all steps. The mean of the products is not the product of the means.

# %% [markdown]
# ## `soft_update`: a target that follows slowly
#
# If the targets came from the network that is being trained, each step would move the goal as well. So a second set of
# parameters, the target network, follows the online network with a delay. After every training step it takes a small
# part of the way:
#
# $$\theta^- \leftarrow (1 - \tau)\,\theta^- + \tau\,\theta$$
#
# A typical $\tau$ is 0.005. With $\tau = 1$ the online network is copied as it is; DQN did that once in 10,000
# updates, a *hard* update. Note what $\tau$ multiplies: some libraries name the other factor instead (`polyak`, say
# 0.995).
#
# A network's parameters come as a dict from names to arrays, as from `state_dict()` in PyTorch. Both dicts have the
# same names, but not necessarily in the same order: a name says what belongs together, a position does not. Return a
# new dict with new arrays, and leave both networks as they are.


# %%
def soft_update(target, online, tau):
    """Move the target network's parameters a part of the way towards those of the online network.

        new[name] = (1 - tau) * target[name] + tau * online[name]

    Args:
        target: dict from names to arrays, the parameters of the target network.
        online: dict with the same names, in any order, and for each name an array of the same shape.
        tau: float between 0 and 1, both included.

    Returns:
        A new dict with the names of target.

    Source: Lillicrap et al., 2016, "Continuous control with deep reinforcement learning", section 3.
    """
    ### BEGIN SOLUTION
    return {name: (1 - tau) * target[name] + tau * online[name] for name in target}
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. What must come out for `tau` 0, and what for 1? A weighted mean of the two networks has weights that sum to 1.
# 2. Go through the names of one dict and look each name up in both.
# 3. Put each new array under its name into a dict that was empty at the start. `target[name] = ...` would change the
#    caller's dict.

# %% [markdown]
# Everything at work. The world is a corridor of ten cells; the agent starts at the left end, can step left or right,
# and every step costs 1 until it reaches the right end. The "network" is a table with one entry per cell and action,
# which is enough for ten cells; transitions are kept in a *replay memory* and drawn from it at random, as in DQN. Each
# entry moves against the slope of the Huber loss. Left: the episodes become shorter, until only the random steps keep
# them above the shortest way. Right: the values that were learned, and the true ones.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# cells, gamma = 10, 0.9
# online = {"q": np.zeros((cells, 2))}
# target = {"q": np.zeros((cells, 2))}
# memory, steps = [], []
# for _ in range(120):
#     state, done, steps_taken = 0, False, 0
#     while not done and steps_taken < 500:
#         action = epsilon_greedy(online["q"][state], 0.1, rng)
#         next_state = max(state - 1, 0) if action == 0 else state + 1
#         done = next_state == cells - 1
#         memory.append((state, action, -1.0, next_state, done))
#         state, steps_taken = next_state, steps_taken + 1
#
#         batch = [memory[index] for index in rng.integers(len(memory), size=16)]
#         states, actions, rewards, next_states, dones = map(np.array, zip(*batch))
#         targets = dqn_targets(rewards, target["q"][next_states], dones, gamma)
#         slope = np.clip(online["q"][states, actions] - targets, -1, 1)  # of the Huber loss
#         np.add.at(online["q"], (states, actions), -0.1 * slope)
#         target = soft_update(target, online, 0.1)
#     steps.append(steps_taken)
#
# figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.5))
# left.plot(steps)
# left.axhline(cells - 1, color="black", linewidth=0.8)
# left.set(title="steps to the end", xlabel="episode")
# right.plot(online["q"][:-1].max(axis=1), "o", label="learned")
# right.plot(discounted_returns(np.full(cells - 1, -1.0), gamma), color="black", linewidth=0.8, label="true")
# right.set(title="value of the best action", xlabel="cell")
# right.legend()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="B7"
# - 1 point: an agent learns by acting: states, actions, rewards; the aim is the expected discounted return, and
#   nobody labels the right action.
# - 1 point: the network stands for a value function or a policy (or both), where tables would be too large.
# - 1 point: what makes it hard, with a remedy: exploration (epsilon-greedy), correlated data (replay), moving targets
#   (a target network), delayed or noisy returns.
# - 1 point: a field of use, with what states, actions and rewards are there.
