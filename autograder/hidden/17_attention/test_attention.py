"""Hidden tests of 17_attention. Oracles: torch's scaled_dot_product_attention and MultiheadAttention in float64."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from autograder.suite.assertions import assert_close, assert_equal, assert_unchanged, unpack

#: Averages of values of size 1 may cancel to nearly 0; in float32 they are still off by some 1e-7 per operation.
ATOL = 1e-5


def _tensor(array):
    return torch.from_numpy(np.array(array, dtype=np.float64))


def _float32(*arrays):
    return tuple(array.astype(np.float32) for array in arrays)


def _mask(rng, *shape):
    """Two keys allowed for every query, two neighbouring queries never the same, and not symmetric when square."""
    *leading, queries, keys = shape
    offsets = 2 * np.arange(queries)[:, None] + rng.integers(keys, size=(*leading, 1, 1))
    return (np.arange(keys) + offsets) % keys < 2


def _strided(array):
    """The same numbers as a view that is not contiguous in memory."""
    return np.asfortranarray(np.repeat(array, 2, axis=-1))[..., ::2]


# attention_weights and scaled_dot_product_attention


def _queries_and_keys(rng, *leading, queries, keys, d):
    return rng.normal(size=(*leading, queries, d)), rng.normal(size=(*leading, keys, d))


def _torch_attention(query, key, value, mask=None):
    mask = None if mask is None else torch.from_numpy(np.ascontiguousarray(mask))
    return functional.scaled_dot_product_attention(_tensor(query), _tensor(key), _tensor(value), mask)


def _torch_weights(query, key, mask=None):
    """The weights are what attention makes of the identity matrix as values."""
    identity = np.broadcast_to(np.eye(key.shape[-2]), (*key.shape[:-1], key.shape[-2]))
    return _torch_attention(query, key, identity, mask)


def _large_scores(rng):
    """Rows of scores near 0, 1e3, 1e4 and -1e4, in one example with a key far from the rest; exact even in float32."""
    query, key = rng.integers(-4, 5, size=(2, 4, 4)) / 4, rng.integers(-4, 5, size=(2, 5, 4)) / 4
    query[:, :, 0] = rng.permutation([0.0, 2e3, 2e4, -2e4])
    key[:, :, 0] = 1.0
    key[1, 2, 0] = -1.0
    return query, key


def _large_masked_scores(rng):
    """Keys of which the mask hides two, one with a score of 1e3 and one with a score of 1e4."""
    query, key = rng.integers(-4, 5, size=(3, 4)) / 4, rng.integers(-4, 5, size=(5, 4)) / 4
    query[:, 0] = 1.0
    hidden = rng.permutation(5)[:2]
    key[hidden, 0] = [2e3, 2e4]
    mask = np.ones((3, 5), dtype=bool)
    mask[:, hidden] = False
    return query, key, mask


@pytest.mark.points(3)
def test_attention_weights_agree_with_torch(attention_weights, rng):
    """The weights are the softmax, along the keys, of the dot products divided by the root of the vectors' size."""
    query, key = _queries_and_keys(rng, 3, queries=4, keys=5, d=6)
    assert_close(attention_weights(query, key), _torch_weights(query, key))


@pytest.mark.points(2)
def test_attention_weights_under_a_mask(attention_weights, rng):
    """Keys where the mask is False get no weight, and the weights of the others still sum to one."""
    query, key = _queries_and_keys(rng, 2, queries=4, keys=5, d=3)
    mask = _mask(rng, 4, 5)
    assert_close(attention_weights(query, key, mask), _torch_weights(query, key, mask))


def test_attention_weights_broadcast_the_mask(attention_weights, rng):
    """The mask may differ from example to example, and one row of it may serve all queries."""
    query, key = _queries_and_keys(rng, 3, queries=4, keys=5, d=2)
    for mask in (_mask(rng, 3, 4, 5), _mask(rng, 3, 1, 5), _mask(rng, 3, 5)[1]):
        assert_close(attention_weights(query, key, mask=mask), _torch_weights(query, key, mask))


@pytest.mark.points(2)
def test_attention_weights_of_large_scores(attention_weights, rng):
    """The weights are right when the scores of some rows are large or very negative and those of others are not."""
    query, key = _large_scores(rng)
    assert_close(attention_weights(query, key), _torch_weights(query, key))


def test_attention_weights_of_masked_large_scores(attention_weights, rng):
    """A masked key has no weight and no influence, even if its score or that of the other keys is far from zero."""
    for query, key, mask in (_large_masked_scores(rng), (*_large_scores(rng), _mask(rng, 4, 5))):
        assert_close(attention_weights(query, key, mask), _torch_weights(query, key, mask))


def test_attention_weights_with_any_leading_axes(attention_weights, rng):
    """There may be no leading axis or several, and a single query or key."""
    for leading, queries, keys in (((), 4, 3), ((2, 3), 5, 4), ((2,), 1, 4), ((3,), 2, 1)):
        query, key = _queries_and_keys(rng, *leading, queries=queries, keys=keys, d=6)
        assert_close(attention_weights(query, key), _torch_weights(query, key))


def test_attention_weights_of_float32(attention_weights, rng):
    """The weights are right for float32 input, whose exponentials overflow much sooner."""
    query, key = _queries_and_keys(rng, 2, queries=3, keys=5, d=4)
    query[0, :, 0], query[1, :, 0] = 256.0, -256.0
    key[:, :, 0] = 1.0
    mask = _mask(rng, 3, 5)
    query, key = _float32(query, key)
    assert_close(attention_weights(query, key, mask), _torch_weights(query, key, mask))


def test_attention_weights_of_named_strided_arguments(attention_weights, rng):
    """Arguments may be named, and arrays may be views that are not contiguous in memory."""
    query, key = _queries_and_keys(rng, 2, queries=4, keys=5, d=3)
    query, key, mask = _strided(query), _strided(key), _mask(rng, 5, 4).T
    mask[:, 0] = True
    assert_close(attention_weights(mask=mask, key=key, query=query), _torch_weights(query, key, mask))


def test_attention_weights_leave_their_arguments_alone(attention_weights, rng):
    """The weights come back in a new array; query, key and mask stay as they were."""
    query, key = _queries_and_keys(rng, 2, queries=3, keys=4, d=5)
    mask = _mask(rng, 3, 4)
    assert_close(attention_weights(query, key, mask), _torch_weights(query, key, mask))
    assert_unchanged(attention_weights, query, key, mask)


@pytest.mark.points(3)
def test_scaled_dot_product_attention_agrees_with_torch(scaled_dot_product_attention, rng):
    """Every query gets the average of the values, weighted by its attention weights, and nothing else comes back."""
    query, key = _queries_and_keys(rng, 2, queries=3, keys=5, d=4)
    value = rng.normal(size=(2, 5, 6))
    assert_close(scaled_dot_product_attention(query, key, value), _torch_attention(query, key, value), atol=ATOL)


@pytest.mark.points(2)
def test_scaled_dot_product_attention_under_a_mask(scaled_dot_product_attention, rng):
    """Values whose keys are masked do not enter the average, and the remaining weights still sum to one."""
    query, key = _queries_and_keys(rng, 3, queries=4, keys=5, d=6)
    value, mask = rng.normal(size=(3, 5, 2)), _mask(rng, 4, 5)
    expected = _torch_attention(query, key, value, mask)
    assert_close(scaled_dot_product_attention(query, key, value, mask), expected, atol=ATOL)


def test_scaled_dot_product_attention_broadcasts_the_mask(scaled_dot_product_attention, rng):
    """The mask may differ from example to example, and one row of it may serve all queries."""
    query, key = _queries_and_keys(rng, 3, queries=2, keys=5, d=4)
    value = rng.normal(size=(3, 5, 6))
    for mask in (_mask(rng, 3, 2, 5), _mask(rng, 3, 1, 5)):
        expected = _torch_attention(query, key, value, mask)
        assert_close(scaled_dot_product_attention(query, key, value, mask=mask), expected, atol=ATOL)


@pytest.mark.points(2)
def test_scaled_dot_product_attention_of_large_scores(scaled_dot_product_attention, rng):
    """The averages are right when the scores of some queries are large or very negative and those of others are not."""
    query, key = _large_scores(rng)
    value = rng.normal(size=(2, 5, 3))
    assert_close(scaled_dot_product_attention(query, key, value), _torch_attention(query, key, value), atol=ATOL)


def test_scaled_dot_product_attention_ignores_what_is_masked(scaled_dot_product_attention, rng):
    """A masked key with a large score and a large value has no influence on the average."""
    query, key, mask = _large_masked_scores(rng)
    value = np.where(mask[0][:, None], rng.normal(size=(5, 2)), 1e4)
    expected = _torch_attention(query, key, value, mask)
    assert_close(scaled_dot_product_attention(query, key, value, mask), expected, atol=ATOL)


def test_scaled_dot_product_attention_with_any_leading_axes(scaled_dot_product_attention, rng):
    """There may be no leading axis or several, and a single query or key."""
    for leading, queries, keys in (((), 4, 3), ((2, 3), 5, 4), ((2,), 1, 4), ((3,), 2, 1)):
        query, key = _queries_and_keys(rng, *leading, queries=queries, keys=keys, d=6)
        value = rng.normal(size=(*leading, keys, 7))
        assert_close(scaled_dot_product_attention(query, key, value), _torch_attention(query, key, value), atol=ATOL)


def test_scaled_dot_product_attention_of_float32(scaled_dot_product_attention, rng):
    """The averages are right for float32 input."""
    query, key, value = _float32(*_queries_and_keys(rng, 2, queries=3, keys=4, d=5), rng.normal(size=(2, 4, 6)))
    mask = _mask(rng, 3, 4)
    expected = _torch_attention(query, key, value, mask)
    assert_close(scaled_dot_product_attention(query, key, value, mask), expected, atol=ATOL)


def test_scaled_dot_product_attention_of_named_strided_arguments(scaled_dot_product_attention, rng):
    """Arguments may be named, and arrays may be views that are not contiguous in memory."""
    query, key = _queries_and_keys(rng, 2, queries=3, keys=4, d=5)
    query, key, value = _strided(query), _strided(key), _strided(rng.normal(size=(2, 4, 6)))
    expected = _torch_attention(query, key, value)
    assert_close(scaled_dot_product_attention(value=value, key=key, query=query), expected, atol=ATOL)


def test_scaled_dot_product_attention_leaves_its_arguments_alone(scaled_dot_product_attention, rng):
    """The averages come back in a new array; query, key, value and mask stay as they were."""
    query, key = _queries_and_keys(rng, 2, queries=3, keys=4, d=5)
    value, mask = rng.normal(size=(2, 4, 6)), _mask(rng, 3, 4)
    expected = _torch_attention(query, key, value, mask)
    assert_close(scaled_dot_product_attention(query, key, value, mask), expected, atol=ATOL)
    assert_unchanged(scaled_dot_product_attention, query, key, value, mask)


# causal_mask


def _torch_causal(length):
    """torch's additive mask: 0 where a position may look, minus infinity elsewhere."""
    return torch.nn.Transformer.generate_square_subsequent_mask(length).numpy() == 0


@pytest.mark.points(3)
def test_causal_mask_shows_the_past_and_the_present(causal_mask, rng):
    """The mask is true where the column is not beyond the row, and false elsewhere."""
    length = int(rng.integers(4, 9))
    assert_close(causal_mask(length), _torch_causal(length).astype(float))


@pytest.mark.points(2)
def test_causal_mask_holds_booleans(causal_mask):
    """The mask is an array of booleans, which other functions can take as a mask."""
    assert_equal(causal_mask(5), _torch_causal(5))


def test_causal_mask_of_one_position(causal_mask):
    """A single position may look at itself."""
    assert_close(causal_mask(1), np.ones((1, 1)))


def test_causal_mask_of_many_positions(causal_mask, rng):
    """Longer sequences have the same mask; the length may be named."""
    length = int(rng.integers(40, 70))
    assert_close(causal_mask(length=length), _torch_causal(length).astype(float))


# additive_attention


def _additive_inputs(rng, batch, length, d, a):
    sizes = (batch, d), (batch, length, d), (a, d), (a, d), (a,)
    return tuple(rng.normal(size=size) for size in sizes)


def _spec(query, keys, w_query, w_key, v):
    """Context and weights, one score at a time."""
    query, keys, w_query, w_key, v = map(_tensor, (query, keys, w_query, w_key, v))
    weights = torch.stack(
        [
            torch.softmax(torch.stack([v.dot(torch.tanh(w_query.mv(q) + w_key.mv(k))) for k in sequence]), 0)
            for q, sequence in zip(query, keys, strict=True)
        ]
    )
    return torch.stack([sequence.T.mv(own) for sequence, own in zip(keys, weights, strict=True)]), weights


def _assert_additive(answer, inputs, **tolerance):
    parts = unpack(answer, "context", "weights")
    for part, wanted in zip(parts, _spec(*inputs), strict=True):
        assert_close(part, wanted, **{"atol": ATOL, **tolerance})


@pytest.mark.points(3)
def test_additive_attention_weights(additive_attention, rng):
    """The weights are the softmax over the keys of v times the tanh of both projections, added."""
    inputs = _additive_inputs(rng, 3, 5, 4, 6)
    _, weights = unpack(additive_attention(*inputs), "context", "weights")
    assert_close(weights, _spec(*inputs)[1])


@pytest.mark.points(2)
def test_additive_attention_context(additive_attention, rng):
    """The context is the average of the keys as they came in, with the weights of each example."""
    inputs = _additive_inputs(rng, 4, 3, 6, 2)
    context, _ = unpack(additive_attention(*inputs), "context", "weights")
    assert_close(context, _spec(*inputs)[0], atol=ATOL)


def test_additive_attention_listens_to_the_query(additive_attention, rng):
    """Different queries over the same keys give different weights, the right ones."""
    query, keys, *weights = _additive_inputs(rng, 3, 5, 2, 4)
    inputs = query, np.repeat(keys[:1], 3, axis=0), *weights
    _assert_additive(additive_attention(*inputs), inputs)


@pytest.mark.points(2)
def test_additive_attention_of_large_scores(additive_attention, rng):
    """The weights are right when the scores of one example are large and those of another are very negative."""
    query, keys, w_query, w_key, v = _additive_inputs(rng, 3, 5, 4, 6)
    # Unit 0 sees only the query, which drives it to both ends, so that v makes a whole row of scores large.
    w_query[0], w_key[0] = [10.0, 0.0, 0.0, 0.0], 0.0
    query[:, 0] = rng.permutation([0.0, 4.0, -4.0])
    v[0] = 1e3
    inputs = query, keys, w_query, w_key, v
    _assert_additive(additive_attention(*inputs), inputs, rtol=1e-3, atol=1e-3)


def test_additive_attention_of_large_inputs(additive_attention, rng):
    """A query and keys of large size saturate the tanh; they give no NaN, and other examples stay right."""
    query, keys, *weights = _additive_inputs(rng, 3, 4, 5, 6)
    query[1] *= 1e4
    keys[2] *= 1e3
    inputs = query, keys, *weights
    _assert_additive(additive_attention(*inputs), inputs, atol=1e-2)


def test_additive_attention_of_single_entries(additive_attention, rng):
    """One example, one key, one feature and one hidden unit keep their axes."""
    for sizes in ((1, 4, 3, 2), (3, 1, 2, 4), (2, 3, 1, 1)):
        inputs = _additive_inputs(rng, *sizes)
        _assert_additive(additive_attention(*inputs), inputs)


def test_additive_attention_of_float32(additive_attention, rng):
    """Context and weights are right for float32 input."""
    inputs = _float32(*_additive_inputs(rng, 2, 5, 3, 4))
    _assert_additive(additive_attention(*inputs), inputs)


def test_additive_attention_of_named_strided_arguments(additive_attention, rng):
    """Arguments may be named, and arrays may be views that are not contiguous in memory."""
    inputs = query, keys, w_query, w_key, v = tuple(map(_strided, _additive_inputs(rng, 2, 5, 3, 4)))
    _assert_additive(additive_attention(v=v, w_key=w_key, w_query=w_query, keys=keys, query=query), inputs)


def test_additive_attention_leaves_its_arguments_alone(additive_attention, rng):
    """Context and weights come back in new arrays; the arguments stay as they were."""
    inputs = _additive_inputs(rng, 2, 3, 4, 5)
    _assert_additive(additive_attention(*inputs), inputs)
    assert_unchanged(additive_attention, *inputs)


# multi_head_attention


def _multi_head_inputs(rng, batch, length, d):
    """x and the four weights, which keep entries at about the size of those of x."""
    return rng.normal(size=(batch, length, d)), *(rng.normal(size=(d, d)) / np.sqrt(d) for _ in range(4))


def _torch_multi_head(x, w_q, w_k, w_v, w_o, num_heads, mask=None):
    layer = torch.nn.MultiheadAttention(x.shape[2], num_heads, bias=False, batch_first=True, dtype=torch.float64)
    layer.in_proj_weight.data = _tensor(np.concatenate([w_q, w_k, w_v]))
    layer.out_proj.weight.data = _tensor(w_o)
    layer.requires_grad_(False)
    x = _tensor(x)
    blocked = None if mask is None else torch.from_numpy(~mask)
    return layer(x, x, x, attn_mask=blocked, need_weights=False)[0]


@pytest.mark.points(3)
def test_multi_head_attention_agrees_with_torch(multi_head_attention, rng):
    """Every head attends with its own block of features; the concatenated heads go through the output weight."""
    inputs = _multi_head_inputs(rng, 2, 5, 12)
    assert_close(multi_head_attention(*inputs, 3), _torch_multi_head(*inputs, 3), atol=ATOL)


@pytest.mark.points(2)
def test_multi_head_attention_under_a_mask(multi_head_attention, rng):
    """The mask holds for all examples and all heads, and True allows."""
    inputs = _multi_head_inputs(rng, 3, 5, 8)
    for mask in (np.tri(5, dtype=bool), _mask(rng, 5, 5)):
        assert_close(multi_head_attention(*inputs, 4, mask), _torch_multi_head(*inputs, 4, mask), atol=ATOL)


def test_multi_head_attention_with_one_head(multi_head_attention, rng):
    """One head attends with all features."""
    inputs = _multi_head_inputs(rng, 2, 4, 6)
    assert_close(multi_head_attention(*inputs, 1), _torch_multi_head(*inputs, 1), atol=ATOL)


def test_multi_head_attention_with_a_head_for_every_feature(multi_head_attention, rng):
    """There may be as many heads as features, and a single example or position."""
    for batch, length in ((2, 4), (1, 3), (3, 1)):
        inputs = _multi_head_inputs(rng, batch, length, 6)
        assert_close(multi_head_attention(*inputs, 6), _torch_multi_head(*inputs, 6), atol=ATOL)


def test_multi_head_attention_raises_when_the_heads_do_not_fit(multi_head_attention, rng):
    """A number of heads that does not divide the number of features raises ValueError."""
    inputs = _multi_head_inputs(rng, 4, 8, 6)
    for num_heads in (4, 5, 12):
        with pytest.raises(ValueError):
            multi_head_attention(*inputs, num_heads)


def test_multi_head_attention_of_large_scores(multi_head_attention, rng):
    """Scores in the thousands in one example give no NaN, and the other examples stay right."""
    x, _, _, w_v, w_o = _multi_head_inputs(rng, 3, 4, 6)
    x[1] *= 80 / np.linalg.norm(x[1], axis=-1, keepdims=True)
    # Queries are the keys and as long as x, so that in one of the two heads every position has a score above 1800.
    w_q, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    inputs = x, w_q, w_q, w_v, w_o
    assert_close(multi_head_attention(*inputs, 2), _torch_multi_head(*inputs, 2), rtol=1e-2, atol=1e-2)


def test_multi_head_attention_of_float32(multi_head_attention, rng):
    """The result is right for float32 input."""
    inputs = _float32(*_multi_head_inputs(rng, 2, 3, 8))
    assert_close(multi_head_attention(*inputs, 2), _torch_multi_head(*inputs, 2), atol=ATOL)


def test_multi_head_attention_of_named_strided_arguments(multi_head_attention, rng):
    """Arguments may be named, and arrays may be views that are not contiguous in memory."""
    inputs = x, w_q, w_k, w_v, w_o = tuple(map(_strided, _multi_head_inputs(rng, 2, 5, 6)))
    mask = _mask(rng, 5, 5).T
    mask[:, 0] = True
    answer = multi_head_attention(num_heads=3, mask=mask, w_o=w_o, w_v=w_v, w_k=w_k, w_q=w_q, x=x)
    assert_close(answer, _torch_multi_head(*inputs, 3, mask), atol=ATOL)


def test_multi_head_attention_leaves_its_arguments_alone(multi_head_attention, rng):
    """The result comes back in a new array; x, the weights and the mask stay as they were."""
    inputs, mask = _multi_head_inputs(rng, 2, 3, 4), _mask(rng, 3, 3)
    assert_close(multi_head_attention(*inputs, 2, mask), _torch_multi_head(*inputs, 2, mask), atol=ATOL)
    assert_unchanged(multi_head_attention, *inputs, 2, mask)
