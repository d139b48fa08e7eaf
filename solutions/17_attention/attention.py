# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A30, A46, A49, B22, B27, B50]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 17 · Attention
#
# Attention looks something up in a table, softly. Every entry of the table has a **key**, by which it is found, and a
# **value**, which is what you get. A **query** is compared with all keys, the similarities become weights that sum to
# 1, and the answer is the average of the values with these weights. Since nothing is picked and everything is only
# weighted, the whole lookup has a gradient and can be learned.
#
# You will build the dot-product attention of the Transformer in its parts, the mask that keeps a language model from
# reading ahead, the older additive attention, and at last a whole multi-head layer.
#
# **Rules of this topic.** Use NumPy and the standard library: nothing else can be imported while your work is graded.
# Arrays hold finite floats (float64 or float32), and every axis has at least one entry. A mask holds booleans: **True
# means that the query may attend to the key**, and every query may attend to at least one key. No function changes its
# arguments. Scores, which are what goes into the softmax, may be as large as $\pm 10^4$: a warning from NumPy costs
# nothing, a NaN does.
#
# **Questions answered:** A30, A46, A49, B22, B27 and B50 (A and B are the two interview documents that this collection
# follows). All six ask what attention is. Some things in their answers need correcting:
#
# - A30, A46 and A49 call the key by the Chinese word for "key-value", as if it were key and value in one. They are two
#   vectors with two jobs: the key decides *how much* an entry counts, the value is *what* it contributes. The values
#   are averaged, never the keys.
# - A30 says that the scores express weights. A score can be any number; only after the softmax are they weights.
# - No answer mentions that the scores are divided by $\sqrt{d}$, along which axis the softmax runs, or that there are
#   masks. These three decide whether an implementation works.
# - A30, A46 and A49 praise the efficiency. Comparing each of $L$ positions with all others takes time in proportion to
#   $L^2 d$ and $L^2$ numbers of memory. What it buys is that any two positions are one step apart, and that all
#   positions are computed at once (Vaswani et al., 2017, table 1).
# - B22, B27 and B50 speak of adjusting the attention weights. The weights are no parameters: they are computed afresh
#   for every input. What is trained are the matrices that make queries, keys and values.

# %%
import numpy as np

# %% [markdown]
# ## `attention_weights`: who looks at whom
#
# $$A = \mathrm{softmax}\left(\frac{Q K^\top}{\sqrt{d}}\right), \qquad
# A_{ij} = \frac{e^{s_{ij}}}{\sum_k e^{s_{ik}}} \quad\text{with}\quad s_{ij} = \frac{q_i \cdot k_j}{\sqrt{d}}$$
#
# Row $i$ belongs to query $i$ and says how it divides its attention among the keys: each *row* sums to 1. All axes
# before the last two (a batch, the heads) are carried along: each of their entries is a problem of its own.
#
# **Why $\sqrt{d}$.** If the entries of $q$ and $k$ are independent with mean 0 and variance 1, their dot product is a
# sum of $d$ such terms and has variance $d$. Without the division, scores grow with $d$ until the softmax gives
# everything to one key, and its slope vanishes. Here $d$ is the size of one query or key, not their number.
#
# **The mask.** A key that a query may not see has weight 0, and the remaining weights still sum to 1. So the mask acts
# on the *scores*, before the softmax: give the forbidden ones the score $-\infty$ (or something far below any score),
# and $e^{-\infty} = 0$. To multiply scores by the mask is a common mistake: it makes them 0, and 0 is a perfectly
# ordinary score. The mask may have fewer axes than the scores, or axes of length 1; it is broadcast as NumPy does it.
#
# Keep the exponentials from overflowing as in any softmax. A key that is masked must not matter in any way, even if
# its score would have been by far the largest.


# %%
def attention_weights(query, key, mask=None):
    """The weights with which every query attends to the keys.

        attention_weights = softmax(query key^T / sqrt(d)),  along the keys; 0 where the mask is False

    Args:
        query: array of floats, (..., Lq, d); any number of leading axes, also none.
        key: array of floats, (..., Lk, d), the same leading axes as query.
        mask: array of booleans that broadcasts to (..., Lq, Lk), True where the query may attend to the key; at least
            one True for every query. None: every query may attend to every key.

    Returns:
        Array (..., Lq, Lk), entries from 0 to 1; the last axis sums to 1. No entry is NaN for scores as large as 1e4.

    Source: Vaswani et al., 2017, "Attention is all you need", section 3.2.1.
    """
    ### BEGIN SOLUTION
    scores = query @ key.mT / np.sqrt(query.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    z = np.exp(scores - scores.max(axis=-1, keepdims=True))  # the largest entry of every row is 1
    return z / z.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Shapes first: $(\ldots, L_q, d)$ and $(\ldots, L_k, d)$ must become $(\ldots, L_q, L_k)$. `.T` turns *all* axes
#    around; you want to exchange the last two only, which `.mT` and `np.swapaxes` can do.
# 2. Scores, then scaling, then the mask, then a softmax along the last axis. `np.where` gives forbidden scores another
#    value without touching the others.
# 3. For the softmax subtract the largest score of every row, after masking, so that a forbidden score cannot be the
#    largest. `keepdims=True` keeps the axis, so that rows line up.

# %% [markdown]
# The reason for $\sqrt{d}$ in a picture: random queries and 10 random keys, with vectors of more and more entries. The
# largest of the 10 weights, averaged over many queries, hardly changes with the scaling. Without it, one key soon
# takes almost everything. (The thin line is an equal share for all keys.)

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
# scaled, unscaled = [], []
# for d in sizes:
#     query, key = rng.normal(size=(300, 1, d)), rng.normal(size=(300, 10, d))
#     scaled.append(attention_weights(query, key).max(axis=-1).mean())
#     unscaled.append(attention_weights(query * np.sqrt(d), key).max(axis=-1).mean())
#
# plt.figure(figsize=(6, 3.5))
# plt.semilogx(sizes, scaled, "o-", base=2, label="divided by the root of d")
# plt.semilogx(sizes, unscaled, "o-", base=2, label="not divided")
# plt.axhline(0.1, color="grey", linewidth=0.5)
# plt.xlabel("d")
# plt.ylabel("largest weight, mean")
# plt.ylim(0, 1)
# plt.legend()
# plt.show()

# %% [markdown]
# ## `scaled_dot_product_attention`: the weighted average
#
# $$\mathrm{Attention}(Q, K, V) = \mathrm{softmax}\left(\frac{Q K^\top}{\sqrt{d}}\right) V$$
#
# Row $i$ of the result is the average of the values with the weights of query $i$. Every key has one value, so there
# are as many values as keys; but a value may have another size, $d_v$, than queries and keys. There are as many results
# as queries.
#
# An average stays within the range of what it averages: attention can mix values, it cannot make them larger.


# %%
def scaled_dot_product_attention(query, key, value, mask=None):
    """For every query the average of the values, weighted by how well the keys match.

        scaled_dot_product_attention = softmax(query key^T / sqrt(d)) value

    Args:
        query: array of floats, (..., Lq, d); any number of leading axes, also none.
        key: array of floats, (..., Lk, d), the same leading axes as query.
        value: array of floats, (..., Lk, dv), the same leading axes as query.
        mask: array of booleans that broadcasts to (..., Lq, Lk), True where the query may attend to the key; at least
            one True for every query. None: every query may attend to every key.

    Returns:
        Array (..., Lq, dv). The weights are not returned.

    Source: Vaswani et al., 2017, "Attention is all you need", section 3.2.1;
    torch.nn.functional.scaled_dot_product_attention.
    """
    ### BEGIN SOLUTION
    return attention_weights(query, key, mask) @ value
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. The weights are the exercise before; use it. One step is left.
# 2. $(\ldots, L_q, L_k)$ and $(\ldots, L_k, d_v)$ must become $(\ldots, L_q, d_v)$: which axis is summed over? The
#    operator `@` does just this, for all leading axes at once.

# %% [markdown]
# ## `causal_mask`: no reading ahead
#
# A language model learns to predict the next token at every position of a text at once. Position $i$ may then look at
# the positions up to and including its own, $j \le i$; if it saw position $i + 1$, it would see the answer. As a
# matrix, with a row for every query and a column for every key, position 0 first:
#
# $$M_{ij} = \text{True} \iff j \le i$$
#
# The diagonal is True: a position may see itself, and the first one would otherwise have nothing to attend to.
#
# **Mind the convention.** Here True means "may attend", as in `torch.nn.functional.scaled_dot_product_attention`. In
# `torch.nn.MultiheadAttention` a boolean mask means the opposite, True for "may *not* attend", and other libraries add
# a mask of 0 and $-\infty$ to the scores. With the meaning turned around, every position sees only the future, and the
# last one sees nothing at all.


# %%
def causal_mask(length):
    """The mask with which every position attends to itself and to earlier positions.

        causal_mask[i, j] = True where j <= i

    Args:
        length: int, the number of positions L, at least 1.

    Returns:
        Array of booleans, (L, L): row i belongs to query i, column j to key j.

    Source: Vaswani et al., 2017, "Attention is all you need", section 3.2.3.
    """
    ### BEGIN SOLUTION
    return np.tri(length, dtype=bool)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Write down the mask for three positions. Which triangle is True, and what about the diagonal?
# 2. Either compare row numbers with column numbers: an array of shape $(L, 1)$ and one of shape $(L,)$ compare to
#    $(L, L)$. Or look up `np.tril`, and see to it that the result holds booleans.

# %% [markdown]
# The mask for eight positions, and the weights of a random sequence that attends to itself under it. The first position
# can only look at itself; the later ones have more to share their attention among.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# query, key = rng.normal(size=(8, 16)), rng.normal(size=(8, 16))
#
# figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8))
# left.imshow(causal_mask(8), cmap="Greys", vmin=0, vmax=1.5)
# left.set(title="mask (dark: may attend)", xlabel="key", ylabel="query")
# image = right.imshow(attention_weights(query, key, causal_mask(8)), cmap="viridis", vmin=0, vmax=1)
# right.set(title="weights", xlabel="key", ylabel="query")
# figure.colorbar(image, ax=[left, right])
# plt.show()

# %% [markdown]
# ## `additive_attention`: how it began
#
# Attention came into deep learning with machine translation (Bahdanau, Cho & Bengio, 2015). A recurrent decoder, before
# it writes the next word, compares its state (the query $q$) with the encoder's states at all $L$ words of the source
# sentence (the keys $k_1, \dots, k_L$). The comparison is a small network with one hidden layer of $a$ units:
#
# $$s_l = v \cdot \tanh(W_q\, q + W_k\, k_l), \qquad
# \alpha = \mathrm{softmax}(s), \qquad
# c = \sum_{l=1}^{L} \alpha_l\, k_l$$
#
# The name comes from the sum inside the tanh. The keys are the values too: what is averaged into the **context** $c$
# are the encoder's states themselves, not their projections $W_k k_l$. There is no division by a root.
#
# The tanh matters more than it may seem. Without it, $s_l = v \cdot W_q q + v \cdot W_k k_l$, and the first term is the
# same for all keys: it cancels in the softmax, and the query has no influence at all.


# %%
def additive_attention(query, keys, w_query, w_key, v):
    """Additive (Bahdanau) attention: one query per example over a sequence of keys, which are the values too.

        score_l = v . tanh(w_query query + w_key key_l),  weights = softmax(score),  context = sum_l weights_l key_l

    Args:
        query: array of floats, (N, d), one query per example.
        keys: array of floats, (N, L, d), the sequence that each example attends to.
        w_query: array of floats, (a, d), applied to the query.
        w_key: array of floats, (a, d), applied to every key.
        v: array of floats, (a,).

    Returns:
        The tuple (context, weights): (N, d), and (N, L) whose rows sum to 1. No entry is NaN for scores as large as
        1e4.

    Source: Bahdanau, Cho & Bengio, 2015, "Neural machine translation by jointly learning to align and translate",
    section 3.1 and appendix A.1.2.
    """
    ### BEGIN SOLUTION
    scores = np.tanh((query @ w_query.T)[:, None] + keys @ w_key.T) @ v
    z = np.exp(scores - scores.max(axis=1, keepdims=True))  # the largest entry of every row is 1
    weights = z / z.sum(axis=1, keepdims=True)
    return (weights[:, :, None] * keys).sum(axis=1), weights
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Project first: the query becomes $(N, a)$, the keys become $(N, L, a)$. To add them, the projected query needs an
#    axis of length 1. Where?
# 2. The tanh keeps the shape $(N, L, a)$; the product with `v` removes the last axis and leaves the scores, $(N, L)$.
#    Then a stable softmax along $L$.
# 3. For the context, weigh the *original* keys and sum over $L$: multiply with the weights as $(N, L, 1)$, or use
#    `np.einsum`.

# %% [markdown]
# ## `multi_head_attention`: several lookups at once
#
# One set of weights can follow one kind of relation. A multi-head layer has $H$ of them: it projects the input to
# queries, keys and values, cuts each into $H$ pieces, lets every head attend with its own piece, and puts the results
# together again. Here in self-attention, where queries, keys and values are all made from the same $x$:
#
# $$Q = X W_q^\top, \quad K = X W_k^\top, \quad V = X W_v^\top, \qquad
# \mathrm{head}_h = \mathrm{Attention}(Q_h, K_h, V_h)$$
#
# $$\mathrm{MultiHead}(X) = \mathrm{concat}(\mathrm{head}_1, \dots, \mathrm{head}_H)\, W_o^\top$$
#
# Every head has $d_h = d / H$ features. $Q_h$ holds the features $h d_h$ to $(h + 1) d_h - 1$ of $Q$, with $h$ counted
# from 0: neighbouring features belong to the same head. $K_h$ and $V_h$ likewise. The dot products in a head are over
# $d_h$ numbers, so the scores are divided by $\sqrt{d_h}$, not by $\sqrt{d}$.
#
# The weights have the shape (out, in) of a linear layer, as in PyTorch, and there are no biases. The same mask holds
# for every example and every head. If $d$ cannot be divided into $H$ equal parts, raise a `ValueError`.
#
# **Heads cost nothing extra:** the number of parameters is $4d^2$ for every $H$. And attention knows no order: without
# a mask, shuffled positions give the same results, shuffled. A model that should know the order must be told, by
# position encodings in $x$.


# %%
def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    """Multi-head self-attention: project, split into heads, attend in each head, concatenate, project.

        multi_head_attention = concat(head_0, ..., head_(H-1)) w_o^T
        head_h = softmax(q_h k_h^T / sqrt(d / H)) v_h,   q = x w_q^T, k = x w_k^T, v = x w_v^T

    The features of q, k and v are split into H blocks of d / H neighbours, block h for head h.

    Args:
        x: array of floats, (N, L, d).
        w_q: array of floats, (d, d), makes the queries.
        w_k: array of floats, (d, d), makes the keys.
        w_v: array of floats, (d, d), makes the values.
        w_o: array of floats, (d, d), applied to the concatenated heads.
        num_heads: int, the number of heads H, at least 1.
        mask: array of booleans, (L, L), True where the query (row) may attend to the key (column), for all examples
            and heads; at least one True in every row. None: every position may attend to every position.

    Returns:
        Array (N, L, d). No entry is NaN for scores as large as 1e4.

    Raises:
        ValueError: num_heads does not divide d.

    Source: Vaswani et al., 2017, "Attention is all you need", section 3.2.2; torch.nn.MultiheadAttention with
    bias=False.
    """
    ### BEGIN SOLUTION
    batch, length, features = x.shape
    if features % num_heads:
        raise ValueError(f"num_heads must divide the {features} features of x, got {num_heads}")

    def split(projected):  # (N, L, d) -> (N, H, L, d / H)
        return projected.reshape(batch, length, num_heads, features // num_heads).transpose(0, 2, 1, 3)

    heads = scaled_dot_product_attention(split(x @ w_q.T), split(x @ w_k.T), split(x @ w_v.T), mask)
    return heads.transpose(0, 2, 1, 3).reshape(x.shape) @ w_o.T
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. `scaled_dot_product_attention` takes any number of leading axes. If the heads stand before $L$, as
#    $(N, H, L, d_h)$, one call does all of them, and an $(L, L)$ mask broadcasts by itself.
# 2. A reshape can cut the last axis in two, $(N, L, d)$ to $(N, L, H, d_h)$, but it cannot exchange axes. Exchanging
#    is a second step. A loop over slices of the features works as well.
# 3. On the way back do the same in reverse order: exchange the axes, then join the last two, then apply `w_o`.

# %% [markdown] tags=["mark-scheme"] question="A30"
# - 1 point: a query is compared with every key; the scores say how relevant each position is.
# - 1 point: softmax turns the scores into weights that sum to 1; the output is the weighted mean of the values.
# - 1 point: dot products are divided by the square root of their dimension, since their variance grows with it and
#   softmax would saturate.
# - 1 point: what it gains and costs: any two positions are one step apart and all are computed at once, for work that
#   grows with the square of the length.
