import numpy as np


def test_rotation_batch_by_hand(rotation_batch):
    """One image of four pixels: upright, a quarter turn to the left, upside down, a quarter turn to the right."""
    batch, labels = rotation_batch(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]))
    expected = [[[[1, 2], [3, 4]]], [[[2, 4], [1, 3]]], [[[4, 3], [2, 1]]], [[[3, 1], [4, 2]]]]
    np.testing.assert_allclose(batch, expected)
    np.testing.assert_array_equal(labels, [0, 1, 2, 3])


def test_rotation_batch_comes_in_four_blocks(rotation_batch):
    """Three images: all upright first, then all turned once. The labels have the same order."""
    images = np.arange(3 * 2 * 4 * 4).reshape(3, 2, 4, 4) / 10
    batch, labels = rotation_batch(images)
    assert batch.shape == (12, 2, 4, 4)
    np.testing.assert_allclose(batch[:3], images)
    np.testing.assert_allclose(batch[4, 0], images[1, 0].T[::-1])
    np.testing.assert_array_equal(labels, [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])


def test_mask_tokens_replaces_and_remembers(mask_tokens):
    """Where the mask token 7 stands, the target is the original token; elsewhere it is -100."""
    tokens = np.arange(1000).reshape(20, 50) + 10
    masked, targets = mask_tokens(tokens, 7, 0.4, np.random.default_rng(0))
    hidden = masked == 7
    assert 0 < hidden.sum() < 1000
    np.testing.assert_array_equal(masked[~hidden], tokens[~hidden])
    np.testing.assert_array_equal(targets, np.where(hidden, tokens, -100))


def test_mask_tokens_hides_with_probability_p(mask_tokens):
    """With p = 0.15 about 1500 of 10000 tokens are hidden, in some rows more and in others less."""
    masked, _ = mask_tokens(np.full((100, 100), 5), 0, 0.15, np.random.default_rng(1))
    assert 1200 < (masked == 0).sum() < 1800
    assert len(set((masked == 0).sum(axis=1).tolist())) > 1


def test_mask_tokens_hides_nothing_or_everything(mask_tokens):
    """With p = 0 all tokens stay and no target counts; with p = 1 all are hidden and all count."""
    tokens = np.array([4, 0, 9])
    masked, targets = mask_tokens(tokens, 2, 0.0, np.random.default_rng(2))
    np.testing.assert_array_equal(masked, [4, 0, 9])
    np.testing.assert_array_equal(targets, [-100, -100, -100])
    masked, targets = mask_tokens(tokens, 2, 1.0, np.random.default_rng(3))
    np.testing.assert_array_equal(masked, [2, 2, 2])
    np.testing.assert_array_equal(targets, [4, 0, 9])


def test_masked_reconstruction_loss_by_hand(masked_reconstruction_loss):
    """Two of four entries are hidden, with errors 1 and 3: (1 + 9) / 2 = 5."""
    prediction, target = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 9.0, 6.0, -5.0])
    mask = np.array([True, False, True, False])
    np.testing.assert_allclose(masked_reconstruction_loss(prediction, target, mask), 5.0)


def test_masked_reconstruction_loss_weighs_entries_equally(masked_reconstruction_loss):
    """Three hidden entries with errors 1, 2 and 4, two in one row and one in the other: 21 / 3 = 7."""
    mask = np.array([[True, False, True], [False, True, False]])
    prediction = np.array([[1.0, 5.0, 2.0], [5.0, 4.0, 5.0]])
    np.testing.assert_allclose(masked_reconstruction_loss(prediction, np.zeros((2, 3)), mask), 7.0)


def test_masked_reconstruction_loss_of_all_entries(masked_reconstruction_loss):
    """With everything hidden it is the mean squared error: (1 + 4 + 4) / 3 = 3."""
    prediction, target = np.array([1.0, 0.0, 5.0]), np.array([2.0, 2.0, 3.0])
    np.testing.assert_allclose(masked_reconstruction_loss(prediction, target, np.ones(3, dtype=bool)), 3.0)


def test_next_token_pairs_by_hand(next_token_pairs):
    """The example of the statement: four tokens and a context of 2 make two windows."""
    inputs, targets = next_token_pairs(np.array([5, 8, 2, 9]), 2)
    np.testing.assert_array_equal(inputs, [[5, 8], [8, 2]])
    np.testing.assert_array_equal(targets, [[8, 2], [2, 9]])


def test_next_token_pairs_with_the_longest_context(next_token_pairs):
    """A context of one less than the text leaves a single window."""
    inputs, targets = next_token_pairs(np.array([5, 8, 2, 9]), 3)
    np.testing.assert_array_equal(inputs, [[5, 8, 2]])
    np.testing.assert_array_equal(targets, [[8, 2, 9]])


def test_info_nce_loss_by_hand(info_nce_loss):
    """Two images at right angles, views that agree: each view has one other of cosine 1 and two of cosine 0, so with
    e^(1 / temperature) = 3 the loss is -log(3 / (3 + 1 + 1))."""
    z = np.array([[2.0, 0.0], [0.0, 1.0]])
    np.testing.assert_allclose(info_nce_loss(z, 5 * z, 1 / np.log(3)), np.log(5 / 3))


def test_info_nce_loss_compares_with_both_views(info_nce_loss):
    """First views that are equal, second ones that are opposite. The cosines with the partner and the other two are 0,
    1 and 0 for a view in z1, and 0, 0 and -1 for a view in z2. Here e^(1 / temperature) = 4."""
    z1, z2 = np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[0.0, 1.0], [0.0, -1.0]])
    expected = (np.log(1 + 1 + 4) + np.log(1 + 1 + 1 / 4)) / 2
    np.testing.assert_allclose(info_nce_loss(z1, z2, 1 / np.log(4)), expected)


def test_info_nce_loss_at_a_low_temperature(info_nce_loss):
    """The partner has cosine 0, the best of the others 1: the loss of each view is 1 / temperature, here 1000."""
    z1, z2 = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    np.testing.assert_allclose(info_nce_loss(z1, z2, 0.001), 1000.0)
