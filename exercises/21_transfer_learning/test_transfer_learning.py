import math

import pytest
import torch


def test_load_matching_weights_with_a_new_head(load_matching_weights):
    """The backbone fits; the head has three classes instead of two, so it stays as it was initialized."""
    target = {"backbone": torch.zeros(2), "head": torch.zeros(3, 2)}
    source = {"backbone": torch.tensor([5.0, 6.0]), "head": torch.ones(2, 2)}
    weights, not_copied = load_matching_weights(target, source)
    assert set(weights) == {"backbone", "head"}
    torch.testing.assert_close(weights["backbone"], torch.tensor([5.0, 6.0]))
    torch.testing.assert_close(weights["head"], torch.zeros(3, 2))
    assert list(not_copied) == ["head"]


def test_load_matching_weights_by_exact_names(load_matching_weights):
    """One name has a prefix in the source, one is not there at all: nothing is copied, nothing is added, and both
    names are reported in order."""
    target = {"head": torch.zeros(2), "conv": torch.zeros(3)}
    weights, not_copied = load_matching_weights(target, {"module.conv": torch.ones(3)})
    assert set(weights) == {"conv", "head"}
    torch.testing.assert_close(weights["conv"], torch.zeros(3))
    assert list(not_copied) == ["conv", "head"]


def test_fine_tune_step_by_hand(fine_tune_step):
    """The only feature is 0.5. A head of zeros finds both classes equally likely, so the loss is log 2. The scores
    have the gradients -0.5 and 0.5, the weights of the head half of that; a step of 2 takes them to 0.5 and -0.5."""
    backbone = {"weight": torch.zeros(1, 1), "bias": torch.tensor([math.atanh(0.5)])}
    head = {"weight": torch.zeros(2, 1), "bias": torch.zeros(2)}
    _, new_head, loss = fine_tune_step(backbone, head, torch.ones(1, 1), torch.tensor([0]), 2.0)
    torch.testing.assert_close(torch.as_tensor(loss).detach(), torch.tensor(math.log(2)), check_dtype=False)
    torch.testing.assert_close(new_head["weight"].detach(), torch.tensor([[0.5], [-0.5]]), check_dtype=False)
    torch.testing.assert_close(new_head["bias"].detach(), torch.tensor([1.0, -1.0]), check_dtype=False)


def test_fine_tune_step_moves_what_is_not_frozen(fine_tune_step):
    """A frozen backbone does not move, a free one does; the head moves in both cases."""
    backbone = {"weight": torch.tensor([[0.5, -1.0]]), "bias": torch.tensor([0.25])}
    head = {"weight": torch.tensor([[1.0], [-1.0]]), "bias": torch.tensor([0.5, 0.0])}
    x, y = torch.tensor([[1.0, 2.0], [-1.0, 0.5]]), torch.tensor([0, 1])
    for freeze_backbone in (True, False):
        new_backbone, new_head, _ = fine_tune_step(backbone, head, x, y, 0.5, freeze_backbone=freeze_backbone)
        for name in ("weight", "bias"):
            assert torch.allclose(new_backbone[name], backbone[name]) == freeze_backbone
            assert not torch.allclose(new_head[name], head[name])


def test_linear_probe_by_hand(linear_probe):
    """The features -1 and 1 are centred already, and the sum of their squares is 2. With a penalty of 2 the weight of
    class 1 is (1 * 1 + (-1) * 0) / (2 + 2) = 0.25; each class has half of the examples."""
    features, labels = torch.tensor([[-1.0], [1.0]]), torch.tensor([0, 1])
    weight, bias = linear_probe(features, labels, 2, 2.0)
    torch.testing.assert_close(weight, torch.tensor([[-0.25], [0.25]]), check_dtype=False)
    torch.testing.assert_close(bias, torch.tensor([0.5, 0.5]), check_dtype=False)


def test_linear_probe_of_shifted_features(linear_probe):
    """The same features plus 10: the weights stay, and the bias makes up for the shift."""
    features, labels = torch.tensor([[9.0], [11.0]], dtype=torch.float64), torch.tensor([0, 1])
    weight, bias = linear_probe(features, labels, 2, 2.0)
    torch.testing.assert_close(weight.double(), torch.tensor([[-0.25], [0.25]], dtype=torch.float64))
    torch.testing.assert_close(bias.double(), torch.tensor([3.0, -2.0], dtype=torch.float64))


def test_linear_probe_with_a_class_that_does_not_occur(linear_probe):
    """There is no example of class 2, but it has its row all the same, and never gets a score."""
    features, labels = torch.tensor([[-1.0, 0.0], [1.0, 0.0]]), torch.tensor([0, 1])
    weight, bias = linear_probe(features, labels, num_classes=3, l2=1.0)
    assert weight.shape == (3, 2)
    torch.testing.assert_close(weight[2], torch.zeros(2), check_dtype=False)
    torch.testing.assert_close(bias, torch.tensor([0.5, 0.5, 0.0]), check_dtype=False)


def test_layerwise_learning_rates_by_hand(layerwise_learning_rates):
    """The last of three layers has the full rate, the one before it half of it, the first a quarter."""
    assert list(layerwise_learning_rates(3, 0.8, 0.5)) == pytest.approx([0.2, 0.4, 0.8])


def test_layerwise_learning_rates_at_both_ends(layerwise_learning_rates):
    """A decay of 1 trains all layers alike, a decay of 0 the last one only."""
    assert list(layerwise_learning_rates(3, 0.1, 1.0)) == pytest.approx([0.1, 0.1, 0.1])
    assert list(layerwise_learning_rates(3, 0.1, 0.0)) == pytest.approx([0.0, 0.0, 0.1])
