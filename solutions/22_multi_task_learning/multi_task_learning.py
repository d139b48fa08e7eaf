# ---
# jupyter:
#   autograder:
#     profile: torch
#     questions: [B25]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 22 · Multi-task learning
#
# How deep is this pixel, and does it belong to a car or to the road? Two networks could answer the two questions, but
# both would need the same edges and surfaces first. In multi-task learning with *hard parameter sharing* (Caruana,
# 1997) a **trunk** computes features once, and every task has a small **head** of its own that reads them. What is
# shared is the trunk; the heads are not.
#
# You will run such a network, add up the losses of its tasks, with weights that you choose and with weights that are
# learned, and compute the gradient in which the tasks meet: that of the trunk.
#
# **Rules of this topic.** Use PyTorch (all of it), NumPy and the standard library. Tensors are on the CPU and hold
# finite floats, all float64 or all float32; they require no gradient. Whatever belongs to a task is in a dict, by the
# name of the task. All dicts of a call have the same names, at least one, but **not necessarily in the same order**:
# look things up by name. Arguments stay as they were, which includes the dicts and the tensors in them. Tensors that
# are returned may require gradients or not.
#
# **Interview questions.** B25 (B is the second of the two documents that this collection follows) asks what multi-task
# learning is and where it is used. What you compute here answers it:
#
# | the question | what answers it |
# |---|---|
# | What is shared, and what is not? | `multi_task_forward`: one trunk, computed once, and a head per task |
# | What is trained? | `multi_task_loss`: *one* number, a weighted sum. Other weights are another problem to solve |
# | Who chooses the weights? | you, or the training: `uncertainty_weighted_loss` |
# | What do the tasks do to each other? | `shared_gradient`: in the trunk, their gradients add up, or cancel |
# | Where is it used? | where one input raises several questions: depth and segmentation of street scenes, say |
#
# The document's answer promises too much and says too little:
#
# - It says that sharing parameters makes every task better. Tasks can also *hurt* each other: if their gradients point
#   in different directions, a step that helps one harms another, and the trunk ends up as a compromise that is worse
#   than a network for each. That is **negative transfer**. Standley et al. (2020) measured which tasks gain from being
#   learned together; for many pairs, training apart was better.
# - That tasks are related does not settle it. In the same study, how well a task helped another when learned
#   *together* did not follow from how well it served as pre-training *for* it (topic 21).
# - The weights of the losses are not mentioned. Losses come in different units: a mean squared error in square
#   millimetres is a million times one in square metres, and without weights its task takes over the trunk. Kendall,
#   Gal & Cipolla (2018) found the result to depend strongly on these weights.
# - As fields of use it names image classification, speech recognition and language processing. Each is a field of deep
#   learning in general; what makes it multi-task is that one network is trained for several outputs at once.

# %%
import torch
import torch.nn.functional as F

# %% [markdown]
# ## `multi_task_forward`: one trunk, many heads
#
# The network is as small as it can be: one layer with a tanh as its trunk, one linear layer as the head of each task.
#
# $$h = \tanh(x W^\top + b), \qquad z_t = h\,W_t^\top + b_t \quad \text{for every task } t$$
#
# Every head reads the *same* $h$, and none of them changes it. The outputs $z_t$ have no activation: they may be
# numbers to predict or scores of classes, and each task has its own number of them. Entries of $x W^\top + b$ may be
# as large as $\pm 10^4$, so a tanh from exponentials needs care; `torch.tanh` is allowed here.


# %%
def multi_task_forward(x, trunk, heads):
    """The outputs of a network with a shared trunk and one linear head for each task.

        hidden = tanh(x @ trunk_weight.T + trunk_bias)
        outputs[name] = hidden @ head_weight.T + head_bias     for every head

    Args:
        x: inputs, (N, I).
        trunk: {"weight": (D, I), "bias": (D,)}.
        heads: by name of the task, {"weight": (O, D), "bias": (O,)}; every task has an O of its own.

    Returns:
        A dict with the names of heads; the output of a task is a tensor (N, O).

    Source: Caruana, 1997, "Multitask learning".
    """
    ### BEGIN SOLUTION
    hidden = torch.tanh(F.linear(x, trunk["weight"], trunk["bias"]))
    return {name: F.linear(hidden, head["weight"], head["bias"]) for name, head in heads.items()}
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Compute the features once, before you look at any head. How often does the tanh occur in the formula?
# 2. `F.linear(x, weight, bias)` takes a weight of shape (outputs, inputs), which is how all of them are stored here.
# 3. Go through `heads.items()` and put each output into a *new* dict under the name of its task.

# %% [markdown]
# ## `multi_task_loss`: one number to minimize
#
# $$L = \sum_t w_t L_t$$
#
# It is a plain weighted sum: neither divided by the number of tasks nor by the sum of the weights. A weight of 0
# switches a task off. The weights do not only scale the loss, as one common factor would: their *ratios* decide which
# network is the best one. With a single task, a weight is no more than another learning rate.
#
# In training, the losses carry the graph that leads back to the parameters. `.item()` or `float()` would cut it.


# %%
def multi_task_loss(losses, weights):
    """The weighted sum of the losses of all tasks.

        L = sum over tasks of weight * loss

    Args:
        losses: by name of the task, its loss, a 0-d tensor.
        weights: by name of the task, its weight, a float, at least 0.

    Returns:
        The total loss, a 0-d tensor.

    Source: Kendall, Gal & Cipolla, 2018, "Multi-task learning using uncertainty to weigh losses for scene geometry
    and semantics", equation 1.
    """
    ### BEGIN SOLUTION
    return sum(weights[name] * loss for name, loss in losses.items())
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. What would happen to `zip(losses.values(), weights.values())` if one dict lists its tasks in another order?
# 2. Add up products. If you do it with `+=` or `*=`, make sure that the tensor on the left is your own: a total that
#    starts as one of the losses *is* that loss.

# %% [markdown]
# ## `uncertainty_weighted_loss`: weights that are learned
#
# Weights cannot simply be trained along with the network: the best weight of a loss is always 0. Kendall, Gal &
# Cipolla (2018) give each task a noise variance $\sigma_t^2$ and ask for the likelihood of the data. A variance that
# is large makes the errors of its task cheap, but it has a price of its own, $\log \sigma_t^2$. Trained is
# $s_t = \log \sigma_t^2$, which may be any real number, whereas a variance has to stay positive:
#
# $$L = \sum_t \left( e^{-s_t} L_t + s_t \right)$$
#
# - Differentiate with respect to $s_t$: the best one is $s_t = \log L_t$. The weight $e^{-s_t}$ is then $1/L_t$, so a
#   task with a large loss, or in small units, is turned down, and its term is $1 + \log L_t$.
# - So **the total may be negative**. Several public implementations were reported as broken because of it. It is
#   right: a density can be larger than 1, and its negative logarithm is then below 0. Do not clamp it.
# - For squared errors, $\tfrac12 (e^{-s} L + s)$ is the negative log-likelihood of a Gaussian but for a constant. Here
#   the $\tfrac12$ is left out. The paper also has a form for classes, $e^{-s} L + \tfrac12 s$; here every task has the
#   form above.
#
# Log-variances are as large as $10^4$ here, but never so negative that $e^{-s}$ overflows.


# %%
def uncertainty_weighted_loss(losses, log_vars):
    """The sum of the losses of all tasks, each weighted by a learned uncertainty.

        L = sum over tasks of exp(-s) * loss + s,   s = log(variance) of the task

    Args:
        losses: by name of the task, its loss, a 0-d tensor, positive.
        log_vars: by name of the task, the logarithm s of its variance, a 0-d tensor, any sign.

    Returns:
        The total loss, a 0-d tensor; it may be negative.

    Source: Kendall, Gal & Cipolla, 2018, "Multi-task learning using uncertainty to weigh losses for scene geometry
    and semantics", section 3.2; twice the regression form, with s for the logarithm of the variance.
    """
    ### BEGIN SOLUTION
    return sum(torch.exp(-log_vars[name]) * loss + log_vars[name] for name, loss in losses.items())
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. What is given is already the logarithm of the variance. Is there anything left to take the logarithm of?
# 2. Each task contributes two terms. Check them one by one: with a log-variance of 0 the task contributes its loss,
#    with a very large one little more than the log-variance.

# %% [markdown]
# The term of one task for three losses. Each curve is lowest at $s = \log L$: the network cannot gain by making the
# variance ever larger, since $s$ grows with it. Where the loss is small, the lowest point is below zero.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# log_vars = torch.linspace(-4, 4, 201)
# for loss in (5.0, 1.0, 0.1):
#     terms = [float(uncertainty_weighted_loss({"t": torch.tensor(loss)}, {"t": s})) for s in log_vars]
#     best = torch.tensor(loss).log()
#     (line,) = plt.plot(log_vars, terms, label=f"loss {loss}")
#     plt.plot(best, 1 + best, "o", color=line.get_color())
# plt.axhline(0, color="black", linewidth=0.5)
# plt.ylim(-3, 8)
# plt.xlabel("log-variance $s$")
# plt.ylabel("$e^{-s} L + s$")
# plt.legend()
# plt.show()

# %% [markdown]
# ## `shared_gradient`: where the tasks meet
#
# A head gets its gradient from its own task alone. The trunk gets one from every task, and they add up:
#
# $$\frac{\partial L}{\partial W} = \sum_t w_t \frac{\partial L_t}{\partial W}, \qquad
# \frac{\partial L}{\partial b} = \sum_t w_t \frac{\partial L_t}{\partial b}$$
#
# Here the loss of each task is the mean squared error of its output, over **all** its elements: a task with more
# outputs does not get a larger say because of that.
#
# $$L_t = \frac{1}{N O_t} \sum_{n,o} \left( z_{t,no} - y_{t,no} \right)^2$$
#
# Autograd finds the gradient for you; by hand it is the backward pass of one layer (topic 05). Either will do. If you
# use autograd, the tensors that you are given must not collect anything: work on ones of your own.
#
# This sum is where negative transfer happens. If two gradients point in opposite directions, little is left of them,
# and what is left helps the task with the larger weight *at the cost of* the other. Some methods therefore change the
# gradients before adding them, such as PCGrad (Yu et al., 2020).


# %%
def shared_gradient(x, targets, trunk, heads, weights):
    """The gradient of the weighted sum of all losses with respect to the trunk.

        L = sum over tasks of weight * mean((output - target)^2),   outputs as in multi_task_forward

    Args:
        x: inputs, (N, I).
        targets: by name of the task, its targets, (N, O).
        trunk: {"weight": (D, I), "bias": (D,)}.
        heads: by name of the task, {"weight": (O, D), "bias": (O,)}; every task has an O of its own.
        weights: by name of the task, its weight, a float, at least 0.

    Returns:
        {"weight": (D, I), "bias": (D,)}, the gradient of L with respect to each tensor of the trunk.

    Source: Sener & Koltun, 2018, "Multi-task learning as multi-objective optimization", section 3.
    """
    ### BEGIN SOLUTION
    hidden = torch.tanh(F.linear(x, trunk["weight"], trunk["bias"]))
    hidden_gradient = 0
    for name, head in heads.items():
        error = F.linear(hidden, head["weight"], head["bias"]) - targets[name]
        hidden_gradient = hidden_gradient + weights[name] * 2 / error.numel() * error @ head["weight"]
    trunk_gradient = hidden_gradient * (1 - hidden**2)
    return {"weight": trunk_gradient.T @ x, "bias": trunk_gradient.sum(0)}
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. With autograd: make copies of the two trunk tensors that require gradients, compute the outputs, the losses and
#    their weighted sum from them, and ask `torch.autograd.grad` for the gradient of that one number.
# 2. By hand: each head turns the error of its output into a gradient of $h$. Only after all heads have added theirs
#    comes the tanh, and then the linear layer, once.
# 3. Check the factors with a single task: the square gives a 2, the mean divides by $N O_t$, and the slope of the tanh
#    is $1 - h^2$.

# %% [markdown]
# Two tasks that disagree: they have the same head, and targets of opposite sign. The features begin at zero, so neither
# has learned anything yet. The trunk takes one small step along the negative shared gradient, for all ways to divide a
# weight of 1 between the two. Below zero a task has gained from the step, above zero it has lost. Whatever one gains
# the other pays for, and with equal weights nothing moves at all. Real tasks lie between this and full agreement.

# %% tags=["active-ipynb"]
# generator = torch.Generator().manual_seed(0)
# x = torch.randn(20, 3, generator=generator)
# trunk = {"weight": torch.zeros(4, 3), "bias": torch.zeros(4)}
# head = {"weight": torch.randn(1, 4, generator=generator), "bias": torch.zeros(1)}
# heads = {"up": head, "down": head}
# targets = {"up": x[:, :1], "down": -x[:, :1]}
#
#
# def losses_with(trunk):
#     outputs = multi_task_forward(x, trunk, heads)
#     return {name: F.mse_loss(outputs[name], targets[name]) for name in heads}
#
#
# before = losses_with(trunk)
# shares = torch.linspace(0, 1, 21).tolist()
# changes = {"up": [], "down": []}
# for share in shares:
#     gradient = shared_gradient(x, targets, trunk, heads, {"up": share, "down": 1 - share})
#     after = losses_with({name: trunk[name] - 0.02 * gradient[name] for name in trunk})
#     for name in heads:
#         changes[name].append(float(after[name] - before[name]))
# for name in heads:
#     plt.plot(shares, changes[name], label=f'task "{name}"')
# plt.axhline(0, color="black", linewidth=0.5)
# plt.xlabel('weight of the task "up"')
# plt.ylabel("change of the loss in one step")
# plt.legend()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="B25"
# - 1 point: several tasks share layers, each has a head of its own; the loss is a weighted sum of theirs.
# - 1 point: why it can help: the shared features see more data, and each task keeps the others from overfitting.
# - 1 point: why it can harm: gradients conflict, or one loss drowns the others; names a remedy, such as learned or
#   tuned weights.
# - 1 point: a field with two tasks or more that share an input.
