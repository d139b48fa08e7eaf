import numpy as np
import pytest


def test_dropout_scales_what_it_keeps(dropout):
    """With p = 0.75 an entry is either 0 or four times as large, and the mask says which."""
    x = np.arange(1.0, 501.0)
    output, mask = dropout(x, 0.75, np.random.default_rng(0))
    assert mask.dtype == bool
    np.testing.assert_allclose(output, np.where(mask, 4 * x, 0))


def test_dropout_drops_with_probability_p(dropout):
    """With p = 0.2 about 2000 of 10000 entries are dropped, in some places more and in others less."""
    output, mask = dropout(np.ones((100, 100)), 0.2, np.random.default_rng(1))
    assert 1700 < (output == 0).sum() < 2300
    assert len(set(mask.sum(axis=0).tolist())) > 1


def test_dropout_when_not_training(dropout):
    """When not training, the input passes unchanged and every entry is kept."""
    x = np.array([[1.0, -2.0, 0.0], [3.0, 0.5, -1.0]])
    output, mask = dropout(x, 0.5, np.random.default_rng(2), training=False)
    np.testing.assert_array_equal(output, x)
    np.testing.assert_array_equal(mask, np.ones((2, 3), dtype=bool))


def test_dropout_refuses_to_drop_everything(dropout):
    """A probability of 1 is an error, training or not."""
    for training in (True, False):
        with pytest.raises(ValueError):
            dropout(np.ones(3), 1.0, np.random.default_rng(3), training)


def test_dropout_backward_by_hand(dropout_backward):
    """With p = 0.5 the gradient of a kept entry is doubled, and that of a dropped one is 0."""
    mask = np.array([True, False, True, False])
    np.testing.assert_allclose(dropout_backward(np.array([1.0, 2.0, -3.0, 4.0]), mask, 0.5), [2.0, 0.0, -6.0, 0.0])


def test_dropout_backward_with_another_probability(dropout_backward):
    """With p = 0.2 the gradient of a kept entry is divided by 0.8."""
    grad_output = np.array([[4.0, 8.0, -2.0], [1.0, 6.0, 3.0]])
    mask = np.array([[True, True, False], [True, False, True]])
    np.testing.assert_allclose(dropout_backward(grad_output, mask, 0.2), [[5.0, 10.0, 0.0], [1.25, 0.0, 3.75]])


def test_dropout_backward_when_all_entries_were_kept(dropout_backward):
    """The factor depends on p alone, even if the mask happened to keep everything."""
    mask = np.array([True, True])
    np.testing.assert_allclose(dropout_backward(np.array([1.0, -3.0]), mask, 0.75), [4.0, -12.0])
