import torch


def test_train_logistic_regression_takes_one_step(train_logistic_regression):
    """From zeros both probabilities are one half: the errors are -1/2 for the example 3 and 1/2 for the example 1."""
    x, y = torch.tensor([[3.0], [1.0]]), torch.tensor([1, 0])
    weight, bias = train_logistic_regression(x, y, 1.0, 1)
    torch.testing.assert_close(weight, torch.tensor([0.5]), check_dtype=False)
    torch.testing.assert_close(bias, torch.tensor(0.0), check_dtype=False)


def test_train_logistic_regression_takes_no_step(train_logistic_regression):
    """After no steps at all, everything is zero."""
    weight, bias = train_logistic_regression(torch.ones(2, 3), torch.tensor([0, 1]), 0.5, 0)
    torch.testing.assert_close(weight, torch.zeros(3), check_dtype=False)
    torch.testing.assert_close(bias, torch.tensor(0.0), check_dtype=False)


def test_train_logistic_regression_finds_the_border(train_logistic_regression):
    """Class 1 begins between 2 and 3, so there the logit changes its sign."""
    x, y = torch.tensor([[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]]), torch.tensor([0, 0, 0, 1, 1, 1])
    weight, bias = train_logistic_regression(x, y, 0.5, 2000)
    assert 2 < -bias / weight[0] < 3


def test_mlp_classifier_learns_exclusive_or(mlp_classifier):
    """Opposite corners of a square belong to the same class: no straight line separates the two."""
    corners = torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
    x, y = corners.repeat(5, 1), torch.tensor([0, 1, 1, 0]).repeat(5)
    logits = mlp_classifier(x, y, corners, 2, 16, 200, 0.1, torch.Generator().manual_seed(0))
    assert logits.argmax(dim=1).tolist() == [0, 1, 1, 0]


def test_mlp_classifier_returns_a_row_for_each_test_example(mlp_classifier):
    """Seven examples and four classes make seven rows of four logits, even if only three classes occur."""
    x, y = torch.randn(9, 3), torch.arange(9) % 3
    logits = mlp_classifier(x, y, torch.randn(7, 3), 4, 5, 2, 0.1, torch.Generator().manual_seed(0))
    assert logits.shape == (7, 4)


def test_mlp_classifier_repeats_itself(mlp_classifier):
    """The same generator gives the same logits; another one gives others."""
    x, y = torch.randn(9, 3), torch.arange(9) % 3
    seeds = (1, 1, 2)
    first, second, other = (mlp_classifier(x, y, x, 3, 5, 2, 0.1, torch.Generator().manual_seed(s)) for s in seeds)
    torch.testing.assert_close(first, second)
    assert not torch.equal(first, other)


def test_sequence_regressor_recalls_the_first_value(sequence_regressor):
    """The target is the first of four values; its sign at least must come out right, for large ones."""
    x = 2 * torch.rand(100, 4, 1, generator=torch.Generator().manual_seed(0)) - 1
    x_test = torch.tensor([[0.9, -0.5, 0.3, -0.8], [-0.9, 0.5, -0.3, 0.8]])[:, :, None]
    prediction = sequence_regressor(x, x[:, 0], x_test, 16, 200, 0.02, torch.Generator().manual_seed(1))
    assert prediction.shape == (2, 1)
    assert prediction[0, 0] > 0.2
    assert prediction[1, 0] < -0.2


def test_sequence_regressor_repeats_itself(sequence_regressor):
    """The same generator gives the same predictions; another one gives others."""
    x, seeds = torch.randn(6, 5, 1), (1, 1, 2)
    first, second, other = (
        sequence_regressor(x, x[:, 0], x, 4, 2, 0.02, torch.Generator().manual_seed(seed)) for seed in seeds
    )
    torch.testing.assert_close(first, second)
    assert not torch.equal(first, other)


def test_image_classifier_finds_lines(image_classifier):
    """Class 0 is a horizontal line of three pixels, class 1 a vertical one. The network is trained on 80 of the 128
    places where they fit into the image, and tested on the others."""
    x, y = torch.zeros(128, 1, 10, 10), torch.arange(128) % 2
    for place in range(64):
        row, column = divmod(place, 8)
        x[2 * place, 0, row + 1, column : column + 3] = 2
        x[2 * place + 1, 0, row : row + 3, column + 1] = 2
    order = torch.randperm(128, generator=torch.Generator().manual_seed(0))
    train, test = order[:80], order[80:]
    logits = image_classifier(x[train], y[train], x[test], 2, 100, 0.02, torch.Generator().manual_seed(1))
    assert (logits.argmax(dim=1) == y[test]).float().mean() > 0.8


def test_image_classifier_returns_a_row_for_each_test_image(image_classifier):
    """Five images and three classes make five rows of three logits."""
    x, y = torch.randn(4, 1, 9, 9), torch.tensor([0, 1, 1, 0])
    logits = image_classifier(x, y, torch.randn(5, 1, 9, 9), 3, 2, 0.02, torch.Generator().manual_seed(0))
    assert logits.shape == (5, 3)
