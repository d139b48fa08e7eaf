import numpy as np
import pytest


def test_attention_weights_of_equal_scores(attention_weights):
    """A query of zeros matches all keys equally well: each of the 4 keys gets a quarter, in every row."""
    query, key = np.zeros((2, 3)), np.arange(12.0).reshape(4, 3)
    np.testing.assert_allclose(attention_weights(query, key), np.full((2, 4), 0.25))


def test_attention_weights_divide_by_the_root_of_d(attention_weights):
    """With d = 4 the dot products 2 log 3 and 0 become the scores log 3 and 0: weights 3/4 and 1/4."""
    query = np.array([[2 * np.log(3), 0.0, 0.0, 0.0]])
    key = np.array([[1.0, 5.0, -5.0, 2.0], [0.0, 1.0, 1.0, 1.0]])
    np.testing.assert_allclose(attention_weights(query, key), [[0.75, 0.25]])


def test_attention_weights_under_a_mask(attention_weights):
    """The masked key gets weight 0; the two others share 1 as if it were not there."""
    query, key = np.array([[1.0]]), np.array([[np.log(3)], [7.0], [0.0]])
    weights = attention_weights(query, key, mask=np.array([[True, False, True]]))
    np.testing.assert_allclose(weights, [[0.75, 0.0, 0.25]], atol=1e-12)


def test_attention_weights_of_large_scores(attention_weights):
    """Scores of 10000 and -10000: all the weight goes to the better key, and nothing becomes NaN."""
    query, key = np.array([[1e4], [-1e4]]), np.array([[1.0], [-1.0]])
    np.testing.assert_allclose(attention_weights(query, key), [[1.0, 0.0], [0.0, 1.0]], atol=1e-12)


def test_scaled_dot_product_attention_averages_the_values(scaled_dot_product_attention):
    """Weights 3/4 and 1/4, values (4, 0, 8) and (0, 4, 8): the average is (3, 1, 8)."""
    query, key = np.array([[np.log(3)]]), np.array([[1.0], [0.0]])
    value = np.array([[4.0, 0.0, 8.0], [0.0, 4.0, 8.0]])
    np.testing.assert_allclose(scaled_dot_product_attention(query, key, value), [[3.0, 1.0, 8.0]])


def test_scaled_dot_product_attention_under_a_mask(scaled_dot_product_attention):
    """A query that may attend to a single key returns its value; one with two equal scores returns the mean."""
    query, key = np.zeros((2, 4)), np.ones((3, 4))
    value = np.array([[1.0], [10.0], [100.0]])
    mask = np.array([[False, True, False], [True, False, True]])
    np.testing.assert_allclose(scaled_dot_product_attention(query, key, value, mask), [[10.0], [50.5]])


def test_causal_mask_of_three_positions(causal_mask):
    """The first position sees itself, the second the first two, the third all three."""
    wanted = np.array([[True, False, False], [True, True, False], [True, True, True]])
    np.testing.assert_array_equal(causal_mask(3), wanted)


def test_causal_mask_holds_booleans(causal_mask):
    """The mask is an array of booleans, not of zeros and ones."""
    mask = causal_mask(2)
    assert mask.shape == (2, 2)
    assert mask.dtype == bool


def test_additive_attention_by_hand(additive_attention):
    """tanh(log 2) = 3/5, which v turns into the score log 3; the other key has score 0: weights 3/4 and 1/4."""
    query, keys = np.array([[0.0]]), np.array([[[np.log(2)], [0.0]]])
    w_query, w_key, v = np.array([[1.0]]), np.array([[1.0]]), np.array([np.log(3) / 0.6])
    context, weights = additive_attention(query, keys, w_query, w_key, v)
    np.testing.assert_allclose(weights, [[0.75, 0.25]])
    np.testing.assert_allclose(context, [[0.75 * np.log(2)]])


def test_additive_attention_adds_the_query_inside_the_tanh(additive_attention):
    """The query is doubled by w_query and cancels the first key: now its score is 0, that of the second -log 3."""
    query, keys = np.array([[-np.log(2) / 2]]), np.array([[[np.log(2)], [0.0]]])
    w_query, w_key, v = np.array([[2.0]]), np.array([[1.0]]), np.array([np.log(3) / 0.6])
    _, weights = additive_attention(query, keys, w_query, w_key, v)
    np.testing.assert_allclose(weights, [[0.75, 0.25]])


def test_additive_attention_averages_the_keys_themselves(additive_attention):
    """With v = 0 all scores are equal: the context is the plain mean of the keys, whatever w_key is."""
    query, keys = np.ones((1, 2)), np.array([[[1.0, 0.0], [2.0, 0.0], [6.0, 9.0]]])
    context, weights = additive_attention(query, keys, np.ones((4, 2)), np.ones((4, 2)), np.zeros(4))
    np.testing.assert_allclose(weights, np.full((1, 3), 1 / 3))
    np.testing.assert_allclose(context, [[3.0, 3.0]])


def test_multi_head_attention_of_equal_scores(multi_head_attention):
    """Without queries all scores are 0: every position gets the mean of x, under a causal mask the mean so far."""
    x, zero, eye = np.array([[[1.0, 0.0], [3.0, 4.0], [5.0, 8.0]]]), np.zeros((2, 2)), np.eye(2)
    mask = np.array([[True, False, False], [True, True, False], [True, True, True]])
    np.testing.assert_allclose(multi_head_attention(x, zero, eye, eye, eye, 2), [[[3.0, 4.0]] * 3])
    masked = multi_head_attention(x, zero, eye, eye, eye, 2, mask=mask)
    np.testing.assert_allclose(masked, [[[1.0, 0.0], [2.0, 2.0], [3.0, 4.0]]])


def test_multi_head_attention_gives_each_head_its_own_features(multi_head_attention):
    """Two heads of one feature: the first has scores log 3 and 0 in both rows, the second 0 and 0."""
    x = np.array([[[np.log(3), 8.0], [0.0, 4.0]]])
    w_q = np.zeros((2, 2))
    w_q[0, 0] = 1 / np.log(3)
    result = multi_head_attention(x, w_q, np.eye(2), np.eye(2), np.eye(2), 2)
    np.testing.assert_allclose(result, [[[0.75 * np.log(3), 6.0], [0.5 * np.log(3), 6.0]]])


def test_multi_head_attention_raises_when_the_heads_do_not_fit(multi_head_attention):
    """6 features cannot be divided among 4 heads."""
    weight = np.ones((6, 6))
    with pytest.raises(ValueError):
        multi_head_attention(np.ones((1, 2, 6)), weight, weight, weight, weight, 4)
