# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A17, A41, B17, B41]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 15 · Recurrent networks
#
# A sequence may have any length, and a network has a fixed number of weights. A recurrent network reads the sequence
# one step at a time, with the *same* weights at every step, and carries a vector along, the **hidden state** $h$, in
# which it can keep what it has read so far:
#
# $$h_t = \tanh(W_{ih}\,x_t + b_{ih} + W_{hh}\,h_{t-1} + b_{hh})$$
#
# You will write one step, a whole sequence, and the way back through time. On that way the gradient is multiplied by
# $W_{hh}$ once per step, and so it explodes or vanishes. There is a remedy for each: `clip_grad_norm` against
# exploding, and the gated unit of `gru_cell` against vanishing.
#
# **Shapes.** $N$ examples in a batch, $I$ input features, $H$ hidden units, $T$ time steps, all at least 1. Time is the
# first axis: `x` is $(T, N, I)$, and `x[t]` is the batch at step $t$. `weight_ih` is $(H, I)$, `weight_hh` is $(H, H)$,
# row = unit that reads; `bias_ih` and `bias_hh` are $(H,)$. All names and conventions are those of
# [`torch.nn.RNN`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html) with one layer and one direction.
#
# **Rules of this topic.** Use NumPy and the standard library; `np.tanh` may be used. Arrays hold float64 or float32. No
# function changes its arguments. Results must be right, and never NaN, where a unit is driven by $\pm 10^4$.
#
# **Interview questions.** A17, A41, B17 and B41 (A and B are the two documents that this collection follows). What they say
# about sequences and hidden states is right, but note:
#
# - A41 and B17 praise recurrent networks for learning *long-term* dependencies. A41 itself says, a few lines earlier,
#   that they hardly do so, and that is the right half: Bengio, Simard & Frasconi (1994) showed why, and
#   `rnn_backward` will show you.
# - A17 and A41 call the structure recursive. A *recursive* network is something else: it folds a tree, from the leaves
#   to the root. A *recurrent* one repeats over time.
# - A17 describes an input layer, a hidden layer and an output layer. Every network has those. What makes this one
#   recurrent is that the hidden layer also reads its own previous state, through weights shared by all steps.
# - A41 presents LSTM and GRU as the solution to vanishing and exploding gradients. They make vanishing milder, and do
#   not prevent exploding; they are trained with clipped gradients, too.

# %%
import numpy as np

# %% [markdown]
# ## `rnn_cell`: one step
#
# $$h' = \tanh(x\,W_{ih}^\top + b_{ih} + h\,W_{hh}^\top + b_{hh})$$
#
# written for a batch, one example per row. The new state of each unit is a mixture of the input and of *all* units of
# the old state, squeezed into $(-1, 1)$.
#
# PyTorch has two biases, although only their sum matters. They are here so that weights can be exchanged with it: add
# both.


# %%
def rnn_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """One step of a recurrent network.

        h_new = tanh(x weight_ih^T + bias_ih + h weight_hh^T + bias_hh)

    Args:
        x: the input of this step, (N, I).
        h: the hidden state of the step before, (N, H).
        weight_ih: from the input to the units, (H, I).
        weight_hh: from the old state to the units, (H, H).
        bias_ih: (H,).
        bias_hh: (H,); added as well.

    Returns:
        The new hidden state, (N, H).

    Source: Elman, 1990, "Finding structure in time"; torch.nn.RNNCell.
    """
    ### BEGIN SOLUTION
    return np.tanh(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. It is two dense layers, one for `x` and one for `h`, added up, and an activation on the sum.
# 2. Mind the shapes: `(N, I)` and `(H, I)` become `(N, H)` when the weight is transposed. `weight_hh` is square, so
#    NumPy will not complain if you forget it there.

# %% [markdown]
# ## `rnn_forward`: a whole sequence
#
# $$h_t = \mathrm{rnn\_cell}(x_t, h_{t-1}), \qquad t = 1 \ldots T$$
#
# One step after the other: each needs the state of the one before, so the steps cannot run side by side. (That is the
# price of recurrence, and one reason for the success of attention.)
#
# The outputs are the hidden states after every step, `outputs[t]` being the one that has read `x[t]`. The last of them
# is returned once more by itself, as a summary of the whole sequence, and as the `h0` with which the next piece of a
# long sequence continues. The first step starts from the `h0` that is passed in, which need not be zero.


# %%
def rnn_forward(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """A recurrent layer over a whole sequence.

        h = h0;   for every t: h = rnn_cell(x[t], h, ...),   outputs[t] = h

    Args:
        x: the sequence, time first, (T, N, I).
        h0: the hidden state before the first step, (N, H).
        weight_ih: (H, I).
        weight_hh: (H, H).
        bias_ih: (H,).
        bias_hh: (H,).

    Returns:
        The tuple (outputs, h_T): the hidden state after every step, (T, N, H), and the one after the last step, (N, H).

    Source: torch.nn.RNN (one layer, batch_first=False), which wraps the second as (1, N, H).
    """
    ### BEGIN SOLUTION
    h = h0
    outputs = []
    for x_t in x:
        h = rnn_cell(x_t, h, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs.append(h)
    return np.stack(outputs), h
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Iterating over `x` gives one batch `(N, I)` after the other, in the order of time.
# 2. Keep one variable for the current state. It begins as `h0`, every step replaces it, and a list collects it.
# 3. `np.stack` makes one array of the list, with time as its first axis.

# %% [markdown]
# ## `rnn_backward`: back through time
#
# Unrolled over $T$ steps, the recurrent network is a deep network with one layer per step, all with the same weights.
# So backpropagation applies as it is, and is called *backpropagation through time*.
#
# Let $g_t$ be the gradient of the loss with respect to the output of step $t$, `grad_outputs[t]`. The state $h_t$ is
# used twice: it is an output, and the next step reads it. So two gradients meet there, and both pass the slope of
# $\tanh$, which is $1 - h_t^2$. With $\delta_t$ for the gradient with respect to the argument of $\tanh$ at step $t$:
#
# $$\delta_t = (g_t + \delta_{t+1} W_{hh}) \odot (1 - h_t^2), \qquad \delta_{T+1} = 0$$
#
# from the last step to the first. The rest follows as in any dense layer. The weights are used at every step, so their
# gradients are *sums* over time (and over the batch, without a mean):
#
# $$\frac{\partial L}{\partial x_t} = \delta_t W_{ih} \quad
# \frac{\partial L}{\partial h_0} = \delta_1 W_{hh} \quad
# \frac{\partial L}{\partial W_{ih}} = \sum_t \delta_t^\top x_t \quad
# \frac{\partial L}{\partial W_{hh}} = \sum_t \delta_t^\top h_{t-1} \quad
# \frac{\partial L}{\partial b} = \sum_t \sum_n \delta_{t,n}$$
#
# An input reaches not only its own output but all later ones; a gradient of $x_t$ made of $g_t$ alone is a known
# mistake of published code, and no shape reveals it. The final state $h_T$ is the last output: if the loss uses it,
# its gradient is added to $g_T$ by the caller.


# %%
def rnn_backward(grad_outputs, x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Gradients of the loss with respect to all arguments of rnn_forward, by backpropagation through time.

        delta_t = (grad_outputs[t] + delta_{t+1} weight_hh) * (1 - h_t^2),    nothing comes from beyond the last step

    Args:
        grad_outputs: gradient with respect to the outputs of rnn_forward, (T, N, H).
        x: the sequence, time first, (T, N, I).
        h0: the hidden state before the first step, (N, H).
        weight_ih: (H, I).
        weight_hh: (H, H).
        bias_ih: (H,).
        bias_hh: (H,).

    Returns:
        A dict with the keys "x", "h0", "weight_ih", "weight_hh", "bias_ih" and "bias_hh", each gradient in the shape of
        its argument. Those of the weights and biases are summed over time and batch.

    Source: Werbos, 1990, "Backpropagation through time: what it does and how to do it"; torch.nn.RNN.
    """
    ### BEGIN SOLUTION
    outputs, _ = rnn_forward(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    delta = np.zeros(outputs.shape)
    grad_h = np.zeros(h0.shape)  # what the step after sends back
    for t in reversed(range(len(x))):
        delta[t] = (grad_outputs[t] + grad_h) * (1 - outputs[t] ** 2)
        grad_h = delta[t] @ weight_hh
    return {
        "x": delta @ weight_ih,
        "h0": grad_h,
        "weight_ih": sum(d.T @ x_t for d, x_t in zip(delta, x)),
        "weight_hh": sum(d.T @ h for d, h in zip(delta, [h0, *outputs])),  # the state before each step
        "bias_ih": delta.sum(axis=(0, 1)),
        "bias_hh": delta.sum(axis=(0, 1)),
    }
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. You need the states, so run `rnn_forward` first. Then walk through time in reverse, with one variable for the
#    gradient that the later step sends back to the state before it. What is it when you start, and what is it, in the
#    end, the gradient of?
# 2. At each step: add up the two gradients that meet in $h_t$, multiply by the slope, and keep the result. This is
#    $\delta_t$. All six gradients are made of the $\delta$s.
# 3. $W_{hh}$ was multiplied with the state *before* each step: $h_0$ for the first. Each $\delta_t^\top x_t$ is a
#    product of `(H, N)` and `(N, I)`; add up the products of all steps.

# %% [markdown]
# **Vanishing and exploding.** The loss reads only the last output; the curves show how much of its gradient arrives at
# each earlier input. The weight matrix is a rotation times a factor, so that every step back multiplies the gradient by
# this factor and by slopes of at most 1. Below 1 the gradient vanishes, whatever the network would have to remember
# from 50 steps ago; above 1 it can grow by orders of magnitude. Nothing keeps a trained matrix on the narrow edge
# between the two, and where units saturate, their slopes alone make the gradient vanish.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# steps, hidden = 80, 32
# rotation, _ = np.linalg.qr(rng.normal(size=(hidden, hidden)))
# x = rng.normal(scale=0.001, size=(steps, 1, 16))
# weight_ih, bias = rng.normal(size=(hidden, 16)), np.zeros(hidden)
# grad_outputs = np.zeros((steps, 1, hidden))
# grad_outputs[-1] = rng.normal(size=hidden)
#
# plt.figure(figsize=(7, 3.5))
# for factor in [1.1, 1.0, 0.9, 0.8]:
#     grads = rnn_backward(grad_outputs, x, np.zeros((1, hidden)), weight_ih, factor * rotation, bias, bias)
#     plt.semilogy(np.linalg.norm(grads["x"][::-1, 0], axis=1), label=f"factor {factor}")
# plt.xlabel("steps back from the end")
# plt.ylabel("size of the gradient")
# plt.legend(loc="upper left", bbox_to_anchor=(1, 1))
# plt.tight_layout()
# plt.show()

# %% [markdown]
# ## `clip_grad_norm`: a speed limit
#
# When the gradient explodes, its direction may still be good; only a step of that length is a disaster. So its length
# is limited. All gradients of the network together count as *one* long vector, with one norm:
#
# $$\lVert g \rVert = \sqrt{\sum_k \sum_i \bigl( g^{(k)}_i \bigr)^2} \qquad\qquad
# g^{(k)} \leftarrow g^{(k)} \cdot \min\!\left(1, \frac{\texttt{max\_norm}}{\lVert g \rVert}\right)$$
#
# - One factor for all arrays. If each were clipped by itself, or each entry cut off, the direction would change.
# - A gradient within the limit stays as it is. It is a limit, not a normalisation: nothing is ever made longer.
# - Afterwards a clipped gradient has exactly the norm `max_norm`. PyTorch's `clip_grad_norm_` adds $10^{-6}$ to the
#   norm before it divides, which makes small gradients come out shorter; here nothing is added. Mind the gradient that
#   is 0 everywhere.
# - PyTorch overwrites the gradients; here new ones are returned. The norm is returned, too: the one *before* clipping,
#   which is worth watching while you train.
#
# The norm is the *root* of the sum of squares. Document A (question 34) calls the sum itself the L2 norm, which is a
# slip that would clip far too much here.


# %%
def clip_grad_norm(grads, max_norm):
    """Scale gradients down, all by one factor, so that their common norm is at most max_norm.

        norm = sqrt(sum g^2)    over all entries of all arrays;    g * max_norm / norm    if norm > max_norm

    Args:
        grads: list of one or more arrays of floats, each of any shape with one or more axes. All entries may be 0;
            otherwise their sizes are between 1e-10 and 1e10.
        max_norm: float > 0.

    Returns:
        The tuple (clipped, norm): the list of the gradients after clipping, in order and shape of grads, and the norm
        before clipping, a number. Gradients whose norm is at most max_norm have the same values afterwards.

    Source: Pascanu, Mikolov & Bengio, 2013, "On the difficulty of training recurrent neural networks", algorithm 1;
        torch.nn.utils.clip_grad_norm_ (which adds 1e-6 to the norm and works in place).
    """
    ### BEGIN SOLUTION
    norm = np.sqrt(sum(np.square(grad).sum() for grad in grads))
    scale = max_norm / max(norm, max_norm)
    return [scale * grad for grad in grads], norm
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. First one number: every array contributes the sum of its squares, and the root comes last, over the total.
# 2. Then one factor for all arrays. Which is it when the norm is within the limit? And does your formula divide by 0
#    when there is no gradient at all?
# 3. Build a new list of new arrays. `*=` would change the caller's.

# %% [markdown]
# **Why a limit on the step helps.** One unit that reads only itself, 30 steps, and the loss as a function of its bias.
# With a weight above 1 the unit has two resting points, and a small change of the bias decides which one it ends in:
# the loss has a cliff. On the cliff the gradient is in the hundreds. One plain step of gradient descent throws the bias
# far out of the picture, where the unit is saturated and no gradient is left to bring it back; the clipped step goes
# down the cliff and stays nearby.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# steps, weight, h0 = 30, np.array([[1.4]]), np.array([[-0.3]])
# x, weight_ih = np.zeros((steps, 1, 1)), np.zeros((1, 1))
#
#
# def loss_and_gradient(bias):
#     parameters = weight_ih, weight, np.array([bias]), np.zeros(1)
#     outputs, h_T = rnn_forward(x, h0, *parameters)
#     grad_outputs = np.zeros((steps, 1, 1))
#     grad_outputs[-1] = 2 * (h_T - 0.9)
#     return (h_T.item() - 0.9) ** 2, rnn_backward(grad_outputs, x, h0, *parameters)["bias_ih"]
#
#
# biases = np.linspace(-0.1, 0.3, 801)
# losses, gradients = zip(*[loss_and_gradient(bias) for bias in biases])
# start = biases[np.argmax(np.abs(gradients))] - 0.0003
# loss, gradient = loss_and_gradient(start)
# (clipped,), norm = clip_grad_norm([gradient], 1.0)
# after = start - 0.05 * clipped.item()
#
# plt.figure(figsize=(7, 3.5))
# plt.plot(biases, losses)
# plt.plot(start, loss, "ko", label=f"start, gradient {gradient.item():.0f}")
# plt.plot(after, loss_and_gradient(after)[0], "C2o", label="after the clipped step")
# plt.xlabel(f"bias (a plain step would land at {start - 0.05 * gradient.item():.0f})")
# plt.ylabel("loss")
# plt.legend()
# plt.show()

# %% [markdown]
# ## `gru_cell`: gates
#
# The plain cell writes its whole state anew at every step. The *gated recurrent unit* decides, for each unit by itself,
# how much of the old state to keep, with the **update gate** $z$; and how much of it to look at when it makes up a
# candidate $n$ for the new content, with the **reset gate** $r$:
#
# $$
# \begin{aligned}
# r &= \sigma(W_{ir}\,x + b_{ir} + W_{hr}\,h + b_{hr}) && \text{reset gate} \\
# z &= \sigma(W_{iz}\,x + b_{iz} + W_{hz}\,h + b_{hz}) && \text{update gate} \\
# n &= \tanh(W_{in}\,x + b_{in} + r \odot (W_{hn}\,h + b_{hn})) && \text{candidate} \\
# h' &= (1 - z) \odot n + z \odot h && \text{new hidden state}
# \end{aligned}
# $$
#
# where $\sigma(a) = 1 / (1 + e^{-a})$ and $\odot$ multiplies entry by entry. Where $z = 1$, the old state passes
# untouched, and so does its gradient: that is the way around the vanishing.
#
# Three conventions, all as in [`torch.nn.GRUCell`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GRUCell.html):
#
# - **The order.** The three parts are stacked by rows: `weight_ih` is $(3H, I)$, `weight_hh` is $(3H, H)$, the biases
#   are $(3H,)$; the first $H$ rows belong to $r$, the next to $z$, the last to $n$. Keras has $z$ first.
# - **What $z$ means.** Here, as with Cho et al. (2014), $z = 1$ keeps the old state. Chung et al. (2014) and many
#   textbooks exchange the roles of $z$ and $1 - z$.
# - **Where $r$ acts.** Here it multiplies $W_{hn} h + b_{hn}$, the *result* of the product, bias included. In the paper
#   of Cho et al. it multiplies $h$ *before* the product, which gives other numbers. So the two biases of the candidate
#   do not simply add up.


# %%
def gru_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """One step of a gated recurrent unit.

        r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)
        z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)
        n = tanh(W_in x + b_in + r * (W_hn h + b_hn))
        h_new = (1 - z) * n + z * h

    Args:
        x: the input of this step, (N, I).
        h: the hidden state of the step before, (N, H).
        weight_ih: (3H, I), the rows of r, z, n in this order.
        weight_hh: (3H, H), in the same order.
        bias_ih: (3H,), in the same order.
        bias_hh: (3H,), in the same order.

    Returns:
        The new hidden state, (N, H).

    Source: Cho et al., 2014, "Learning phrase representations using RNN encoder-decoder for statistical machine
        translation"; torch.nn.GRUCell, whose reset gate acts after the product.
    """

    ### BEGIN SOLUTION
    def sigmoid(a):
        return np.exp(-np.logaddexp(0, -a))

    r_x, z_x, n_x = np.split(x @ weight_ih.T + bias_ih, 3, axis=1)
    r_h, z_h, n_h = np.split(h @ weight_hh.T + bias_hh, 3, axis=1)
    z = sigmoid(z_x + z_h)
    n = np.tanh(n_x + sigmoid(r_x + r_h) * n_h)
    return (1 - z) * n + z * h
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Two products with stacked weights give everything that comes from `x` and everything that comes from `h`, each an
#    array `(N, 3H)`. For the candidate you need the two apart, so do not add them up yet.
# 2. `np.split` cuts each into three blocks of columns, in the order r, z, n. Add and squash the first two pairs, then
#    build the candidate.
# 3. The sigmoid must stand numbers of size $10^4$. $1 / (1 + e^{-a})$ does, with a warning; $e^a / (1 + e^a)$
#    does not.

# %% [markdown]
# **Keeping a value.** Both cells see a value once, at step 5, and then only noise. The GRU's weights are set by hand so
# that its update gate lets go only when a second feature, a "write" flag, is up: it holds the value. The plain unit
# reads itself with weight 1; it cannot tell noise from value, adds up both, and loses what it had.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# value, write = rng.normal(scale=0.1, size=60), np.zeros(60)
# value[5], write[5] = 0.8, 1
# x = np.stack([value, write], axis=1)[:, None, :]
# weight_ih = np.array([[0.0, 0.0], [0.0, -20.0], [1.0, 0.0]])  # rows r, z, n; columns value, write
# bias_ih = np.array([0.0, 10.0, 0.0])
#
# gru, h = [], np.zeros((1, 1))
# for x_t in x:
#     h = gru_cell(x_t, h, weight_ih, np.zeros((3, 1)), bias_ih, np.zeros(3))
#     gru.append(h.item())
# plain, _ = rnn_forward(x, np.zeros((1, 1)), np.array([[1.0, 0.0]]), np.array([[1.0]]), np.zeros(1), np.zeros(1))
#
# plt.figure(figsize=(7, 3.5))
# plt.plot(value, color="0.75", label="input")
# plt.plot(plain[:, 0, 0], label="plain cell")
# plt.plot(gru, label="GRU cell")
# plt.xlabel("step")
# plt.ylabel("hidden state")
# plt.legend(loc="upper left", bbox_to_anchor=(1, 1))
# plt.tight_layout()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="A41"
# - 1 point: reads a sequence step by step; a hidden state, made from the previous one and the current input, carries
#   what was read.
# - 1 point: the same weights at every step, so any length is possible.
# - 1 point: is trained by backpropagation through time: the network unrolled over the steps.
# - 1 point: gradients are products over the steps, so they vanish or explode; names a remedy for each, such as gates
#   and clipping.
