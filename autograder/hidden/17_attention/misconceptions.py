"""Known wrong answers to 17_attention; each docstring is the diagnosis that the learner reads."""

import numpy as np


def _softmax(scores, axis=-1):
    z = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return z / z.sum(axis=axis, keepdims=True)


def _scores(query, key, mask=None):
    scores = query @ key.swapaxes(-1, -2) / np.sqrt(query.shape[-1])
    return scores if mask is None else np.where(mask, scores, -np.inf)


def _attention(query, key, value, mask=None):
    return _softmax(_scores(query, key, mask)) @ value


def _split(projected, num_heads):
    batch, length, d = projected.shape
    return projected.reshape(batch, length, num_heads, d // num_heads).swapaxes(1, 2)


def _merge(heads):
    batch, num_heads, length, size = heads.shape
    return heads.swapaxes(1, 2).reshape(batch, length, num_heads * size)


def _check(x, num_heads):
    if x.shape[2] % num_heads:
        raise ValueError("num_heads must divide the number of features")


def attention_weights__no_softmax(query, key, mask=None):
    """These are the scores. They become weights only through a softmax along the keys: then none is negative, and
    those of a query sum to 1. Document A (question 30) blurs the difference."""
    scores = _scores(query, key)
    return scores if mask is None else np.where(mask, scores, 0.0)


def attention_weights__no_scaling(query, key, mask=None):
    """The weights are too sharp: the dot products go into the softmax as they are. Divide them by the square root of
    the size of a query first. None of the documents mentions it."""
    return _softmax(_scores(query * np.sqrt(query.shape[-1]), key, mask))


def attention_weights__divided_by_d(query, key, mask=None):
    """The weights are too even: the dot products are divided by d itself. It is the standard deviation of a dot product
    that has to become 1, and that is the square root of d."""
    return _softmax(_scores(query / np.sqrt(query.shape[-1]), key, mask))


def attention_weights__softmax_over_queries(query, key, mask=None):
    """The columns sum to 1, not the rows. Every query divides its own attention among the keys, so the softmax runs
    along the keys, which are the last axis."""
    scores = query @ key.swapaxes(-1, -2) / np.sqrt(query.shape[-1])
    return _softmax(scores if mask is None else np.where(mask, scores, -1e9), axis=-2)


def attention_weights__mask_inverted(query, key, mask=None):
    """The mask works the wrong way round: the forbidden keys get all the weight. Here True means "may attend", other
    than in torch.nn.MultiheadAttention."""
    return _softmax(_scores(query, key, None if mask is None else ~mask))


def attention_weights__mask_multiplied(query, key, mask=None):
    """Masked keys still get weight. To multiply scores by the mask makes them 0, and so does filling in a tiny number
    like -1e-9; but 0 is an ordinary score, and e^0 = 1. A forbidden score must be far below all others."""
    scores = _scores(query, key)
    return _softmax(scores if mask is None else scores * mask)


def attention_weights__masked_not_low_enough(query, key, mask=None):
    """Masked keys get weight when all other scores of the row are very negative: -10000 is then no longer far below
    them. Minus infinity is below any score."""
    scores = _scores(query, key)
    return _softmax(scores if mask is None else np.where(mask, scores, -1e4))


def attention_weights__zeroed_after_softmax(query, key, mask=None):
    """Masked keys get weight 0, but the other weights no longer sum to 1: the masked keys had their share in the sum of
    the softmax. Mask the scores, before the softmax."""
    weights = _softmax(_scores(query, key))
    return weights if mask is None else weights * mask


def attention_weights__no_shift(query, key, mask=None):
    """Right for ordinary scores, but NaN for large or very negative ones: the exponentials overflow, or all become 0.
    Subtract the largest score of every row first; the weights do not change."""
    z = np.exp(_scores(query, key, mask))
    return z / z.sum(axis=-1, keepdims=True)


def attention_weights__shifted_by_masked_score(query, key, mask=None):
    """Right unless a masked key has by far the largest score: it is then what the row is shifted by, and the
    exponentials of all other keys become 0. Mask first, and look for the largest score afterwards."""
    scores = _scores(query, key)
    z = np.exp(scores - scores.max(axis=-1, keepdims=True))
    if mask is not None:
        z = z * mask
    return z / z.sum(axis=-1, keepdims=True)


def attention_weights__changes_query(query, key, mask=None):
    """The values are right, but query itself was changed on the way, and the caller may still need it. An operator such
    as /= writes into the caller's array; compute a new one."""
    query /= np.sqrt(query.shape[-1])
    scores = query @ key.swapaxes(-1, -2)
    return _softmax(scores if mask is None else np.where(mask, scores, -np.inf))


def scaled_dot_product_attention__keys_averaged(query, key, value, mask=None):
    """The keys are averaged in place of the values. Key and value are two things, although three answers of document A
    name the key as if it were both: keys are for comparing, values are what comes out."""
    return _attention(query, key, key, mask)


def scaled_dot_product_attention__plain_average(query, key, value, mask=None):
    """All allowed values count the same, whatever the query. The average has to be weighted with the attention weights,
    which depend on how well query and key match."""
    return _attention(np.zeros_like(query), key, value, mask)


def scaled_dot_product_attention__no_softmax(query, key, value, mask=None):
    """The values are multiplied by the bare scores. The result is no average: scores may be negative and do not sum to
    1. The softmax is missing."""
    scores = _scores(query, key)
    return (scores if mask is None else np.where(mask, scores, 0.0)) @ value


def scaled_dot_product_attention__no_scaling(query, key, value, mask=None):
    """The dot products are not divided by the square root of d, so the softmax is too sharp. The documents leave this
    step out; it is what "scaled" in the name stands for."""
    return _attention(query * np.sqrt(query.shape[-1]), key, value, mask)


def scaled_dot_product_attention__scaled_by_value_size(query, key, value, mask=None):
    """The scores are divided by the square root of the size of the values. They are dot products of queries and keys:
    it is the size of those that counts. Values may have another one."""
    return _attention(query * np.sqrt(query.shape[-1] / value.shape[-1]), key, value, mask)


def scaled_dot_product_attention__softmax_over_queries(query, key, value, mask=None):
    """The softmax runs along the queries, so that the results are no averages of the values. Every query needs weights
    that sum to 1 over the keys."""
    scores = query @ key.swapaxes(-1, -2) / np.sqrt(query.shape[-1])
    return _softmax(scores if mask is None else np.where(mask, scores, -1e9), axis=-2) @ value


def scaled_dot_product_attention__mask_multiplied(query, key, value, mask=None):
    """Masked values still come through. Multiplied by the mask a score becomes 0, which is an ordinary score with
    weight e^0 = 1 before the division. Forbidden scores must be far below all others."""
    scores = _scores(query, key)
    return _softmax(scores if mask is None else scores * mask) @ value


def scaled_dot_product_attention__mask_ignored(query, key, value, mask=None):
    """Right without a mask, but with one all keys are attended to as before. The mask has to reach the scores, before
    the softmax."""
    return _attention(query, key, value)


def scaled_dot_product_attention__no_shift(query, key, value, mask=None):
    """Right for ordinary scores, but NaN for large or very negative ones: the exponentials overflow, or all become 0.
    Subtract the largest score of every row first; the weights do not change."""
    z = np.exp(_scores(query, key, mask))
    return z / z.sum(axis=-1, keepdims=True) @ value


def scaled_dot_product_attention__returns_weights_too(query, key, value, mask=None):
    """The average and the weights come back as a tuple. Only the average is asked for, as PyTorch's function of this
    name returns it."""
    weights = _softmax(_scores(query, key, mask))
    return weights @ value, weights


def causal_mask__true_means_blocked(length):
    """True marks the future, which is what a query may not see. That is the mask of torch.nn.MultiheadAttention; here
    True means "may attend"."""
    return np.triu(np.ones((length, length), dtype=bool), k=1)


def causal_mask__looks_forward(length):
    """The mask is mirrored: every position sees itself and the future. Rows belong to queries, columns to keys, and the
    column must not be beyond the row."""
    return np.triu(np.ones((length, length), dtype=bool))


def causal_mask__excludes_itself(length):
    """The diagonal is False, so that no position sees itself, and the first one sees nothing at all, which makes its
    softmax NaN. The present is allowed; only the future is not."""
    return np.tri(length, k=-1, dtype=bool)


def causal_mask__lets_the_next_one_in(length):
    """Every position also sees the one after it, which is the very token it is to predict. The last True of a row
    stands on the diagonal."""
    return np.tri(length, k=1, dtype=bool)


def causal_mask__hides_nothing(length):
    """Everything is True: every position sees the whole sequence, the future included. One triangle of the matrix has
    to be False."""
    return np.full((length, length), True)


def causal_mask__zeros_and_ones(length):
    """The triangle is right, but it holds numbers. As a mask, booleans are asked for: ~ and np.where mean something
    else, or nothing, for zeros and ones."""
    return np.tri(length)


def causal_mask__minus_infinity(length):
    """This is the mask that is added to the scores, 0 for allowed and minus infinity for forbidden. Here a mask holds
    booleans, True where the query may attend."""
    return np.triu(np.full((length, length), -np.inf), k=1)


def additive_attention__no_tanh(query, keys, w_query, w_key, v):
    """The weights are the same for every query. Without the tanh, the query adds the same number to the scores of all
    keys, and that cancels in the softmax."""
    weights = _softmax(((query @ w_query.T)[:, None] + keys @ w_key.T) @ v)
    return np.einsum("nl,nld->nd", weights, keys), weights


def additive_attention__tanh_of_each(query, keys, w_query, w_key, v):
    """The tanh is applied to the projected query and the projected key separately. Then the query's part is the same
    for all keys and cancels in the softmax: add first, then apply the tanh."""
    weights = _softmax((np.tanh(query @ w_query.T)[:, None] + np.tanh(keys @ w_key.T)) @ v)
    return np.einsum("nl,nld->nd", weights, keys), weights


def additive_attention__dot_product(query, keys, w_query, w_key, v):
    """Projected query and key are multiplied with each other and v is not used. That is dot-product attention; the
    additive kind adds them, applies tanh, and then weighs the hidden units with v."""
    weights = _softmax(np.einsum("na,nla->nl", query @ w_query.T, keys @ w_key.T))
    return np.einsum("nl,nld->nd", weights, keys), weights


def additive_attention__matrices_swapped(query, keys, w_query, w_key, v):
    """The two matrices are exchanged: w_query belongs to the query and w_key to the keys. Nothing complains, since they
    have the same shape."""
    weights = _softmax(np.tanh((query @ w_key.T)[:, None] + keys @ w_query.T) @ v)
    return np.einsum("nl,nld->nd", weights, keys), weights


def additive_attention__scaled(query, keys, w_query, w_key, v):
    """The weights are too even: the scores are divided by a square root. That belongs to dot-product attention; the
    additive kind has no scaling, its hidden units are bounded by the tanh."""
    weights = _softmax(np.tanh((query @ w_query.T)[:, None] + keys @ w_key.T) @ v / np.sqrt(len(v)))
    return np.einsum("nl,nld->nd", weights, keys), weights


def additive_attention__softmax_over_examples(query, keys, w_query, w_key, v):
    """The softmax runs along the batch, so that the examples compete with each other. The weights of each example must
    sum to 1 over its own keys."""
    weights = _softmax(np.tanh((query @ w_query.T)[:, None] + keys @ w_key.T) @ v, axis=0)
    return np.einsum("nl,nld->nd", weights, keys), weights


def additive_attention__projections_averaged(query, keys, w_query, w_key, v):
    """The weights are right, but the context averages the projected keys. The projections serve the comparison alone:
    what is averaged are the keys as they came in."""
    projected = keys @ w_key.T
    weights = _softmax(np.tanh((query @ w_query.T)[:, None] + projected) @ v)
    return np.einsum("nl,nla->na", weights, projected), weights


def additive_attention__no_shift(query, keys, w_query, w_key, v):
    """Right for ordinary scores, but NaN for large or very negative ones. The tanh is bounded, but v is not: subtract
    the largest score of every example before the exponential."""
    z = np.exp(np.tanh((query @ w_query.T)[:, None] + keys @ w_key.T) @ v)
    weights = z / z.sum(axis=1, keepdims=True)
    return np.einsum("nl,nld->nd", weights, keys), weights


def additive_attention__returns_scores(query, keys, w_query, w_key, v):
    """The context is right, but the scores come back with it in place of the weights. Return what the softmax has made
    of them: entries between 0 and 1 that sum to 1 for every example."""
    scores = np.tanh((query @ w_query.T)[:, None] + keys @ w_key.T) @ v
    return np.einsum("nl,nld->nd", _softmax(scores), keys), scores


def multi_head_attention__scaled_by_model_size(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    """Right for one head; with more, the weights are too even. The scores are divided by the square root of d, but a
    dot product within a head has only d / num_heads terms."""
    _check(x, num_heads)
    q, k, v = (_split(x @ w.T, num_heads) for w in (w_q, w_k, w_v))
    return _merge(_attention(q / np.sqrt(num_heads), k, v, mask)) @ w_o.T


def multi_head_attention__single_head(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    """Right for one head only: num_heads makes no difference. The features have to be cut into blocks, and every block
    needs a softmax of its own."""
    _check(x, num_heads)
    return _attention(x @ w_q.T, x @ w_k.T, x @ w_v.T, mask) @ w_o.T


def multi_head_attention__no_output_weight(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    """These are the concatenated heads. The last step is missing: w_o, which lets the heads' results mix."""
    _check(x, num_heads)
    q, k, v = (_split(x @ w.T, num_heads) for w in (w_q, w_k, w_v))
    return _merge(_attention(q, k, v, mask))


def multi_head_attention__split_by_reshape_alone(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    """A reshape straight to (N, H, L, dh) has the right shape but the wrong contents: it cuts the sequence, not the
    features. Cut the last axis first, then exchange two axes."""
    _check(x, num_heads)
    batch, length, d = x.shape
    shape = batch, num_heads, length, d // num_heads
    q, k, v = ((x @ w.T).reshape(shape) for w in (w_q, w_k, w_v))
    return _merge(_attention(q, k, v, mask)) @ w_o.T


def multi_head_attention__merged_by_reshape_alone(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    """The heads are right, but put together in the wrong order. A reshape from (N, H, L, dh) to (N, L, d) mixes
    positions with heads: exchange the two axes back first."""
    _check(x, num_heads)
    q, k, v = (_split(x @ w.T, num_heads) for w in (w_q, w_k, w_v))
    return _attention(q, k, v, mask).reshape(x.shape) @ w_o.T


def multi_head_attention__heads_interleaved(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    """The features are dealt out to the heads in turns, every num_heads-th one to the same head. Each head gets a block
    of neighbouring features: the axis of the heads comes before the one of their features."""
    _check(x, num_heads)
    batch, length, d = x.shape
    shape = batch, length, d // num_heads, num_heads
    q, k, v = ((x @ w.T).reshape(shape).transpose(0, 3, 1, 2) for w in (w_q, w_k, w_v))
    return _attention(q, k, v, mask).transpose(0, 2, 3, 1).reshape(x.shape) @ w_o.T


def multi_head_attention__weights_not_transposed(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    """x is multiplied by the weights as they stand. They have the shape (out, in) of linear layers, so each has to be
    transposed; since they are square, nothing complains."""
    _check(x, num_heads)
    q, k, v = (_split(x @ w, num_heads) for w in (w_q, w_k, w_v))
    return _merge(_attention(q, k, v, mask)) @ w_o


def multi_head_attention__mask_inverted(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    """The mask works the wrong way round. In torch.nn.MultiheadAttention True forbids; here, as in the other exercises
    of this topic, True allows."""
    _check(x, num_heads)
    q, k, v = (_split(x @ w.T, num_heads) for w in (w_q, w_k, w_v))
    return _merge(_attention(q, k, v, None if mask is None else ~mask)) @ w_o.T


def multi_head_attention__no_shift(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    """Right for ordinary scores, but NaN when some are large: the exponentials overflow. Subtract the largest score of
    every query in every head first."""
    _check(x, num_heads)
    q, k, v = (_split(x @ w.T, num_heads) for w in (w_q, w_k, w_v))
    z = np.exp(_scores(q, k, mask))
    return _merge(z / z.sum(axis=-1, keepdims=True) @ v) @ w_o.T


def multi_head_attention__uneven_heads(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    """Right as long as the heads fit; else some heads get more features than others, and no error is raised.
    np.array_split does this silently. Check that num_heads divides d, and raise a ValueError if not."""
    q, k, v = (np.array_split(x @ w.T, num_heads, axis=2) for w in (w_q, w_k, w_v))
    heads = [_attention(*parts, mask) for parts in zip(q, k, v, strict=True)]
    return np.concatenate(heads, axis=2) @ w_o.T
