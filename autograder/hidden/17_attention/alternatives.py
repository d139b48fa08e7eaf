"""Right answers to 17_attention written another way; every one must get full marks."""

import math

import numpy as np


def _softmax(scores):
    return np.exp(scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True))


def attention_weights__einsum(query, key, mask=None):
    """The query is scaled, not the scores; forbidden scores get a number far below all others; the exponential of the
    logarithm of a softmax."""
    scores = np.einsum("...id,...jd->...ij", query * query.shape[-1] ** -0.5, key)
    if mask is not None:
        scores[~np.broadcast_to(mask, scores.shape)] = -1e9
    return _softmax(scores)


def attention_weights__one_query_at_a_time(query, key, mask=None):
    """Loops over all queries, and leaves masked keys out of the softmax."""
    *leading, length, d = query.shape
    result = np.zeros((*leading, length, key.shape[-2]))
    allowed = np.full(result.shape, True) if mask is None else np.broadcast_to(mask, result.shape)
    for index in np.ndindex(*leading, length):
        keys = key[index[:-1]][allowed[index]]
        scores = [float(query[index] @ k) / math.sqrt(d) for k in keys]
        exponentials = np.array([math.exp(score - max(scores)) for score in scores])
        result[index][allowed[index]] = exponentials / exponentials.sum()
    return result


def attention_weights__float32(query, key, mask=None):
    """Everything in float32, with a mask of 0 and minus infinity that is added."""
    query, key = np.asarray(query, dtype=np.float32), np.asarray(key, dtype=np.float32)
    scores = np.matmul(query, np.moveaxis(key, -1, -2)) / np.float32(math.sqrt(query.shape[-1]))
    if mask is not None:
        scores = scores + np.where(mask, np.float32(0), np.float32(-np.inf))
    z = np.exp(scores - scores.max(-1)[..., None])
    return z / z.sum(-1)[..., None]


def scaled_dot_product_attention__divided_at_the_end(query, key, value, mask=None):
    """Sums the values with weights that do not sum to 1, and divides by their sum afterwards."""
    scores = query @ key.swapaxes(-2, -1) / math.sqrt(key.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, np.finfo(scores.dtype).min)
    z = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return z @ value / np.sum(z, axis=-1, keepdims=True)


def scaled_dot_product_attention__streaming(query, key, value, mask=None):
    """One key at a time with a running maximum, so that the weights are never stored (as FlashAttention does)."""
    shape = *query.shape[:-1], key.shape[-2]
    allowed = np.broadcast_to(True if mask is None else mask, shape)
    maximum, total = np.full((*query.shape[:-1], 1), -1e300), np.zeros((*query.shape[:-1], 1))
    result = np.zeros((*query.shape[:-1], value.shape[-1]))
    for j in range(key.shape[-2]):
        score = (query * key[..., j : j + 1, :]).sum(-1, keepdims=True) / query.shape[-1] ** 0.5
        score = np.where(allowed[..., j : j + 1], score, -np.inf)
        larger = np.maximum(maximum, score)
        shrink, weight = np.exp(maximum - larger), np.exp(score - larger)
        total = total * shrink + weight
        result = result * shrink + weight * value[..., j : j + 1, :]
        maximum = larger
    return result / total


def scaled_dot_product_attention__float32(query, key, value, mask=None):
    """Everything in float32."""
    query, key, value = (np.asarray(array, dtype=np.float32) for array in (query, key, value))
    scores = np.einsum("...id,...jd->...ij", query, key) / np.float32(math.sqrt(query.shape[-1]))
    if mask is not None:
        scores = np.where(mask, scores, np.float32(-np.inf))
    z = np.exp(scores - scores.max(-1, keepdims=True))
    return np.einsum("...ij,...jv->...iv", z / z.sum(-1, keepdims=True), value)


def causal_mask__compared_indices(length):
    """Compares column numbers with row numbers."""
    position = np.arange(length)
    return position <= position[:, None]


def causal_mask__triangle_of_ones(length):
    """The lower triangle of a matrix of True."""
    return np.tril(np.ones((length, length), dtype=bool))


def causal_mask__row_by_row(length):
    """A list of rows, made into an array."""
    return np.array([[True] * (i + 1) + [False] * (length - i - 1) for i in range(length)])


def additive_attention__joined_input(query, keys, w_query, w_key, v):
    """One product with query and key laid end to end, in the manner of Luong's "concat" score."""
    batch, length, d = keys.shape
    joined = np.concatenate([np.broadcast_to(query[:, None, :], (batch, length, d)), keys], axis=2)
    scores = np.einsum("a,nla->nl", v, np.tanh(joined @ np.concatenate([w_query, w_key], axis=1).T))
    weights = _softmax(scores)
    return np.einsum("nl,nld->nd", weights, keys), weights


def additive_attention__one_example_at_a_time(query, keys, w_query, w_key, v):
    """Loops over examples and keys; a list in place of a tuple."""
    contexts, weights = [], []
    for q, sequence in zip(query, keys, strict=True):
        projected = w_query @ q
        scores = np.array([np.tanh(projected + w_key @ k) @ v for k in sequence])
        exponentials = np.exp(scores - max(scores))
        weights.append(exponentials / sum(exponentials))
        contexts.append(weights[-1] @ sequence)
    return [np.array(contexts), np.array(weights)]


def additive_attention__float32(query, keys, w_query, w_key, v):
    """Everything in float32."""
    query, keys, w_query, w_key, v = (np.asarray(a, dtype=np.float32) for a in (query, keys, w_query, w_key, v))
    hidden = np.tanh(np.expand_dims(query @ w_query.T, 1) + np.tensordot(keys, w_key, axes=(2, 1)))
    weights = _softmax(hidden @ v)
    return np.squeeze(weights[:, None, :] @ keys, axis=1), weights


def multi_head_attention__loop_over_heads(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    """Each head has its own rows of the weights; the heads are concatenated at the end."""
    size, rest = divmod(x.shape[-1], num_heads)
    if rest != 0:
        raise ValueError("num_heads")
    heads = []
    for start in range(0, x.shape[-1], size):
        rows = slice(start, start + size)
        scores = (x @ w_q[rows].T) @ (x @ w_k[rows].T).transpose(0, 2, 1) / math.sqrt(size)
        if mask is not None:
            scores[:, ~mask] = -np.inf
        heads.append(_softmax(scores) @ (x @ w_v[rows].T))
    return np.concatenate(heads, axis=-1) @ w_o.T


def multi_head_attention__sum_of_heads(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    """Weights as (H, dh, d); every head is projected by its own columns of w_o, and the results are added up."""
    if x.shape[2] % num_heads != 0:
        raise ValueError("num_heads must divide the size of x")
    shape = num_heads, x.shape[2] // num_heads, x.shape[2]
    q, k, v = (np.einsum("nld,hed->nhle", x, w.reshape(shape)) for w in (w_q, w_k, w_v))
    scores = np.einsum("nhie,nhje->nhij", q, k) / math.sqrt(shape[1])
    if mask is not None:
        scores = np.where(mask[None, None], scores, -1e9)
    heads = _softmax(scores) @ v
    return np.einsum("nhle,ohe->nlo", heads, w_o.reshape(x.shape[2], num_heads, shape[1]))


def multi_head_attention__heads_in_the_batch(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    """The heads become further examples of the batch; everything in float32."""
    x, w_q, w_k, w_v, w_o = (np.asarray(a, dtype=np.float32) for a in (x, w_q, w_k, w_v, w_o))
    if x.shape[2] // num_heads * num_heads != x.shape[2]:
        raise ValueError("num_heads does not divide d")
    q, k, v = (np.concatenate(np.split(x @ w.T, num_heads, axis=2)) for w in (w_q, w_k, w_v))
    scores = q @ np.swapaxes(k, 1, 2) / np.float32(math.sqrt(q.shape[2]))
    if mask is not None:
        scores = np.where(mask, scores, np.float32(-1e9))
    z = np.exp(scores - scores.max(axis=2, keepdims=True))
    heads = np.split(z / z.sum(axis=2, keepdims=True) @ v, num_heads)
    return np.concatenate(heads, axis=2) @ w_o.T
