import numpy as np


def test_mse_loss_by_hand(mse_loss):
    """The differences are 0, -2 and 3, their squares 0, 4 and 9: the mean is 13/3."""
    np.testing.assert_allclose(mse_loss(np.array([1.0, 2.0, 3.0]), np.array([1.0, 4.0, 0.0])), 13 / 3)


def test_mse_loss_is_the_mean_over_all_elements(mse_loss):
    """The squares 4, 0, 4, 1, 0 and 9 sum to 18; the two rows hold six elements, so the loss is 3."""
    prediction = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    target = np.array([[3.0, 2.0, 1.0], [5.0, 5.0, 3.0]])
    np.testing.assert_allclose(mse_loss(prediction, target), 3.0)


def test_binary_cross_entropy_by_hand(binary_cross_entropy):
    """The right classes got the probabilities 1/2 and 3/4: the loss is the mean of log 2 and log 4/3."""
    loss = binary_cross_entropy(np.array([0.5, 0.25]), np.array([1.0, 0.0]))
    np.testing.assert_allclose(loss, (np.log(2) + np.log(4 / 3)) / 2)


def test_binary_cross_entropy_of_a_soft_target(binary_cross_entropy):
    """A target of 1/4 counts log p for a quarter and log(1 - p) for three quarters."""
    loss = binary_cross_entropy(np.array([0.1]), np.array([0.25]))
    np.testing.assert_allclose(loss, -(0.25 * np.log(0.1) + 0.75 * np.log(0.9)))


def test_binary_cross_entropy_of_certain_answers(binary_cross_entropy):
    """Certain and right costs nothing; certain and wrong costs 100, because the logarithm is clamped at -100."""
    certain = np.array([0.0, 1.0])
    np.testing.assert_allclose(binary_cross_entropy(certain, np.array([0.0, 1.0])), 0.0, atol=1e-6)
    np.testing.assert_allclose(binary_cross_entropy(certain, np.array([1.0, 0.0])), 100.0)


def test_binary_cross_entropy_with_logits_by_hand(binary_cross_entropy_with_logits):
    """The logits 0 and log 3 mean the probabilities 1/2 and 3/4: the loss is the mean of -log 1/2 and -log 1/4."""
    loss = binary_cross_entropy_with_logits(np.array([0.0, np.log(3)]), np.array([1.0, 0.0]))
    np.testing.assert_allclose(loss, (np.log(2) + np.log(4)) / 2)


def test_binary_cross_entropy_with_logits_of_large_logits(binary_cross_entropy_with_logits):
    """Certain and right costs nothing; certain and wrong costs as much as the logit is large."""
    logits = np.array([-1e4, 1e4])
    np.testing.assert_allclose(binary_cross_entropy_with_logits(logits, np.array([0.0, 1.0])), 0.0, atol=1e-6)
    np.testing.assert_allclose(binary_cross_entropy_with_logits(logits, np.array([1.0, 0.0])), 1e4)


def test_log_softmax_by_hand(log_softmax):
    """Exponentials 1, 2 and 5 sum to 8, so the probabilities are 1/8, 2/8 and 5/8; the results are their logarithms."""
    np.testing.assert_allclose(log_softmax(np.log([1.0, 2.0, 5.0])), np.log([0.125, 0.25, 0.625]))


def test_log_softmax_along_another_axis(log_softmax):
    """With axis=0 each column is a distribution of its own."""
    logits = np.log([[1.0, 1.0, 2.0], [4.0, 1.0, 3.0]])
    np.testing.assert_allclose(log_softmax(logits, axis=0), np.log([[0.2, 0.5, 0.4], [0.8, 0.5, 0.6]]))


def test_log_softmax_of_distant_logits(log_softmax):
    """The smaller of two distant logits has a probability of practically e^-1000; its logarithm is finite."""
    np.testing.assert_allclose(log_softmax(np.array([0.0, 1000.0])), [-1000.0, 0.0], atol=1e-6)


def test_cross_entropy_loss_by_hand(cross_entropy_loss):
    """The right classes got the probabilities 2/4 and 6/10: the loss is the mean of their negative logarithms."""
    logits = np.log([[1.0, 1.0, 2.0], [6.0, 1.0, 3.0]])
    loss = cross_entropy_loss(logits, np.array([2, 0]))
    np.testing.assert_allclose(loss, -(np.log(0.5) + np.log(0.6)) / 2)


def test_cross_entropy_loss_of_equal_logits(cross_entropy_loss):
    """When all four classes are equally likely the loss is log 4, however large the logits are."""
    logits = np.array([[0.0, 0.0, 0.0, 0.0], [1e4, 1e4, 1e4, 1e4]])
    np.testing.assert_allclose(cross_entropy_loss(logits, np.array([1, 3])), np.log(4))


def test_cross_entropy_loss_of_a_wrong_answer(cross_entropy_loss):
    """If another class is ahead by 1000, the loss is 1000."""
    np.testing.assert_allclose(cross_entropy_loss(np.array([[0.0, 1000.0, 0.0]]), np.array([2])), 1000.0)
