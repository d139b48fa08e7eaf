# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A6, A18, A22, A26, A42, B18, B42]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 16 · Long short-term memory
#
# A plain recurrent network rewrites its whole state at every step, so what it saw long ago is multiplied by the
# same matrix again and again until nothing is left of it, or until it blows up. The LSTM (Hochreiter & Schmidhuber,
# 1997) adds a second state, the **cell state** $c$, which is changed only by scaling and adding, number by number.
# Three gates, each a number between 0 and 1 for every unit, control it:
#
# $$
# \begin{aligned}
# i_t &= \sigma(W_{ii} x_t + b_{ii} + W_{hi} h_{t-1} + b_{hi}) && \text{input gate} \\
# f_t &= \sigma(W_{if} x_t + b_{if} + W_{hf} h_{t-1} + b_{hf}) && \text{forget gate} \\
# g_t &= \tanh(W_{ig} x_t + b_{ig} + W_{hg} h_{t-1} + b_{hg}) && \text{candidate (not a gate)} \\
# o_t &= \sigma(W_{io} x_t + b_{io} + W_{ho} h_{t-1} + b_{ho}) && \text{output gate} \\
# c_t &= f_t \odot c_{t-1} + i_t \odot g_t && \text{cell state} \\
# h_t &= o_t \odot \tanh(c_t) && \text{hidden state, the output}
# \end{aligned}
# $$
#
# where $\sigma(z) = 1 / (1 + e^{-z})$ and $\odot$ multiplies element by element. Everything here follows
# [`torch.nn.LSTM`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html), with one layer and one
# direction.
#
# **Shapes.** $N$ examples in a batch, $I$ input features, $H$ hidden units, $T$ time steps, all at least 1. The
# weights of the four parts are stacked by rows: `weight_ih` is $(4H, I)$, `weight_hh` is $(4H, H)$, `bias_ih` and
# `bias_hh` are $(4H,)$, and rows $0 \ldots H-1$ belong to $i$, the next $H$ to $f$, then $g$, then $o$.
#
# You may use NumPy and the standard library, nothing else. No function may change its arguments.
#
# **Questions answered:** A6, A18, A22, A26, A42, B18, B42. All seven ask what an LSTM is. Read their answers with
# care:
#
# - None of them mentions the candidate $g$, without which there is nothing for the input gate to let in.
# - A6 and A18 let the forget gate and the input gate work on the hidden state. Both work on the *cell* state; only
#   the output gate meets the hidden state, because $h_t$ is made of it.
# - A22 computes the output gate from the updated cell state. In the usual LSTM all gates see only $x_t$ and
#   $h_{t-1}$; gates that look at the cell belong to a variant, the peephole LSTM (Gers & Schmidhuber, 2000,
#   "Recurrent nets that time and count"). A22 also has the input gate's value "update the input gate", which is
#   circular: it updates the cell.
# - A26 says that the input gate and the output gate act by summation. Every gate *multiplies*. What is added up are
#   the two products, $f \odot c + i \odot g$.
# - All of them say that vanishing and exploding gradients are solved or avoided. Vanishing is made milder, along
#   one path; exploding is not prevented at all. The last exercise shows exactly how much is true.

# %%
import numpy as np

# %% [markdown]
# ## `lstm_gates`: three gates and a candidate
#
# One step begins with four affine maps of the same two vectors, $x_t$ and $h_{t-1}$. Since the weights are stacked,
# one product with `weight_ih` and one with `weight_hh` give all four *pre-activations* as an $(N, 4H)$ array, which
# is then cut into four blocks of $H$ columns.
#
# Two things to watch:
#
# - **The order of the blocks is a convention.** Here, as in PyTorch and Keras, it is $i, f, g, o$; in ONNX it is
#   $i, o, f, g$, and some courses put $g$ last. Weights moved between libraries without reordering give a network
#   that runs and is wrong.
# - **The activations differ.** The gates get a sigmoid, since they say *how much* (0 to 1). The candidate gets a
#   tanh, since it is *content* and needs a sign.
#
# PyTorch has two biases, although only their sum matters; add both. Pre-activations of size 1000 or 10000 must give
# gates that are simply 0 or 1 (and candidates of -1 or 1), never NaN. A formula that divides $\infty$ by $\infty$
# fails here. `np.tanh` may be used.


# %%
def lstm_gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """The input gate, forget gate, candidate and output gate of one LSTM step.

        z = x weight_ih^T + bias_ih + h weight_hh^T + bias_hh = [z_i | z_f | z_g | z_o]
        i = sigmoid(z_i),  f = sigmoid(z_f),  g = tanh(z_g),  o = sigmoid(z_o)

    Args:
        x: the input of this step, (N, I).
        h: the hidden state of the step before, (N, H).
        weight_ih: (4H, I), the rows of i, f, g, o in this order.
        weight_hh: (4H, H), in the same order.
        bias_ih: (4H,), in the same order.
        bias_hh: (4H,), in the same order; added as well.

    Returns:
        The tuple (i, f, g, o), each (N, H), activations applied; right for pre-activations as large as 1e4.

    Source: torch.nn.LSTMCell; Hochreiter & Schmidhuber, 1997, "Long short-term memory"; the forget gate is from
        Gers, Schmidhuber & Cummins, 2000, "Learning to forget: continual prediction with LSTM".
    """

    ### BEGIN SOLUTION
    def sigmoid(z):
        return np.exp(-np.logaddexp(0, -z))

    i, f, g, o = np.split(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh, 4, axis=1)
    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. First all pre-activations at once, as an $(N, 4H)$ array. Which of the matrices have to be transposed?
# 2. Cut the array into four blocks of $H$ columns, not rows, in the order of the statement. `np.split` does it.
# 3. The sigmoid is needed three times, and must not divide infinity by infinity: $1 / (1 + e^{-z})$ is safe,
#    $e^z / (1 + e^z)$ is not. The third block gets a tanh.

# %% [markdown]
# ## `lstm_cell`: one step
#
# $$c_t = f_t \odot c_{t-1} + i_t \odot g_t, \qquad h_t = o_t \odot \tanh(c_t)$$
#
# Read it unit by unit. $f = 1, i = 0$ keeps the memory untouched; $f = 0, i = 1$ replaces it by the candidate; $f =
# 1, i = 1$ adds to it, so that a cell can count. Each gate has weights of its own: nothing forces $i + f = 1$ (a
# GRU does couple the two). The output gate decides which memories are *shown* in $h_t$, and thereby to the gates of
# the next step and to the layers above; a memory that is not shown is still kept.
#
# The cell state is not bounded: a unit that adds almost 1 at every step is near 1000 after 1000 steps. The tanh in
# $h_t$ brings it back into $(-1, 1)$, and must survive such values too.


# %%
def lstm_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """One LSTM step: the new hidden state and the new cell state.

        c_new = f * c + i * g,   h_new = o * tanh(c_new),   i, f, g, o from x and the old h

    Args:
        x: the input of this step, (N, I).
        h: the hidden state of the step before, (N, H).
        c: the cell state of the step before, (N, H).
        weight_ih: (4H, I), the rows of i, f, g, o in this order.
        weight_hh: (4H, H), in the same order.
        bias_ih: (4H,), in the same order.
        bias_hh: (4H,), in the same order.

    Returns:
        The tuple (h, c) after the step, each (N, H). The arguments h and c are left as they are.

    Source: torch.nn.LSTMCell.
    """
    ### BEGIN SOLUTION
    i, f, g, o = lstm_gates(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    c = f * c + i * g
    return o * np.tanh(c), c
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. `lstm_gates` gives everything that this step needs. It is called with the *old* hidden state.
# 2. The new cell state comes first, since the new hidden state is made of it. All products are element by element.
# 3. Mind the order of the result, (h, c), and do not write into `c`: an operator such as `*=` would.

# %% [markdown]
# ## `lstm_forward`: a whole sequence
#
# The same weights are used at every step, and *both* states travel from one step to the next. Time is the first
# axis, as in `torch.nn.LSTM` without `batch_first`: `x[t]` is the batch at step `t`. What comes out there,
# `outputs[t]`, is the hidden state after having read `x[t]`, never the cell state; so `outputs[-1]` is the final
# hidden state.
#
# The sequence starts from the states that are passed in. That is how a long sequence is processed piece by piece:
# the final states of one piece are the initial states of the next.


# %%
def lstm_forward(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """An LSTM layer over a whole sequence.

        h, c = h0, c0;   for every t: h, c = one LSTM step on x[t], h, c;   outputs[t] = h

    Args:
        x: the sequence, time first, (T, N, I), T at least 1.
        h0: the hidden state before the first step, (N, H).
        c0: the cell state before the first step, (N, H).
        weight_ih: (4H, I), the rows of i, f, g, o in this order.
        weight_hh: (4H, H), in the same order.
        bias_ih: (4H,), in the same order.
        bias_hh: (4H,), in the same order.

    Returns:
        The tuple (outputs, h_T, c_T): the hidden state after every step, (T, N, H), and the hidden and the cell state
        after the last one, each (N, H).

    Source: torch.nn.LSTM (one layer, batch_first=False), which wraps the last two as (1, N, H).
    """
    ### BEGIN SOLUTION
    h, c = h0, c0
    outputs = []
    for x_t in x:
        h, c = lstm_cell(x_t, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs.append(h)
    return np.stack(outputs), h, c
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Looping over an array runs along its first axis, which here is time.
# 2. Before the loop, two variables hold the initial states. Each round replaces both by what `lstm_cell` returns, and
#    appends one of them to a list.
# 3. `np.stack` makes an array of the list, with time in front again. The final states are what the variables hold
#    after the last round.

# %% [markdown]
# Weights set by hand make one unit a memory: its input is a value and a "write" flag. The flag opens the input gate
# and shuts the forget gate; without it the cell holds what it has. Only the written values matter, whatever comes
# between. (The level is not exactly the value: it has gone through two tanhs.)

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# steps = np.arange(60)
# value = rng.uniform(-1, 1, size=60)
# write = np.isin(steps, [5, 25, 45]).astype(float)
# weight_ih = np.array([[0.0, 20.0], [0.0, -20.0], [1.5, 0.0], [0.0, 0.0]])  # rows i, f, g, o; columns value, write
# bias_ih = np.array([-10.0, 10.0, 0.0, 10.0])
# parameters = weight_ih, np.zeros((4, 1)), bias_ih, np.zeros(4)
# sequence = np.stack([value, write], axis=1)[:, None, :]
# outputs, h_T, c_T = lstm_forward(sequence, np.zeros((1, 1)), np.zeros((1, 1)), *parameters)
# plt.figure(figsize=(9, 3))
# plt.plot(steps, value, color="0.7", label="value")
# plt.plot(steps, outputs[:, 0, 0], drawstyle="steps-mid", label="hidden state")
# plt.scatter(steps[write == 1], value[write == 1], color="C3", zorder=3, label="write")
# plt.xlabel("step")
# plt.legend(loc="upper left", bbox_to_anchor=(1, 1))
# plt.tight_layout()
# plt.show()

# %% [markdown]
# ## `cell_state_gradient`: what is true about vanishing gradients
#
# From $c_t = f_t \odot c_{t-1} + i_t \odot g_t$, with the gates and the candidate held fixed, one step back
# multiplies the gradient by $f_t$, element by element. Over $T$ steps
#
# $$\frac{\partial c_T}{\partial c_0} = f_1 \odot f_2 \odot \cdots \odot f_T .$$
#
# There is no weight matrix and no slope of a sigmoid or tanh on this path. That is the whole idea: where a forget
# gate stays near 1, the gradient survives. But it is a product of numbers below 1:
#
# - $f = 0.9$ leaves $0.9^{100} \approx 3 \cdot 10^{-5}$ after 100 steps: it *does* vanish, only later than in a
#   plain network. The LSTM of 1997 had no forget gate ($f = 1$, the "constant error carousel"); the gate was added
#   in 2000 so that a cell can be emptied. Starting its bias at 1 keeps the gates open early in training (Jozefowicz
#   et al., 2015, "An empirical exploration of recurrent network architectures").
# - It is one path among many. The gates depend on $h_{t-1}$, and so on $c_{t-1}$; those other paths run through
#   `weight_hh` at every step and can explode. LSTMs are therefore trained with gradient clipping (Sutskever et al.,
#   2014, "Sequence to sequence learning with neural networks", section 3.4; Pascanu et al., 2013).
#
# So "mitigates vanishing, does not prevent exploding" is the answer to give, and this product is the reason.


# %%
def cell_state_gradient(forget_gates):
    """The derivative of the last cell state with respect to the first, along the cell state's own path.

        d c_T / d c_0 = f_1 * f_2 * ... * f_T   (element-wise; gates and candidates held fixed)

    Args:
        forget_gates: the forget gates of every step, between 0 and 1, (T, N, H), T at least 1.

    Returns:
        The derivative, (N, H): each unit's cell state depends on this path only on its own past.

    Source: Gers, Schmidhuber & Cummins, 2000, "Learning to forget: continual prediction with LSTM".
    """
    ### BEGIN SOLUTION
    return np.prod(forget_gates, axis=0)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Every unit of every example has its own path. Which axis of the $(T, N, H)$ array disappears?
# 2. Multiply along that axis, with a loop or with NumPy's function for products. (It is the product over the steps, not
#    a power of the last gate or of the mean.)

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# lengths = np.arange(1, 201)
# for gate in [1.0, 0.99, 0.9, 0.5]:
#     gradients = [cell_state_gradient(np.full((length, 1, 1), gate)).item() for length in lengths]
#     plt.semilogy(lengths, gradients, label=f"every forget gate at {gate}")
# plt.ylim(1e-12, 3)
# plt.xlabel("steps T")
# plt.ylabel("d c_T / d c_0")
# plt.legend()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="A26"
# - 1 point: the forget gate says how much of the cell state is kept.
# - 1 point: the input gate says how much of the candidate is written into it.
# - 1 point: the output gate says how much of the cell state, through tanh, is shown as hidden state.
# - 1 point: each gate is a sigmoid of input and previous hidden state, entry by entry; the cell state is changed by
#   adding, so gradients survive many steps while the forget gate is near 1.
