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

    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


# %% [markdown]
# Weights set by hand make one unit a memory: its input is a value and a "write" flag. The flag opens the input gate
# and shuts the forget gate; without it the cell holds what it has. Only the written values matter, whatever comes
# between. (The level is not exactly the value: it has gone through two tanhs.)

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
    raise NotImplementedError
