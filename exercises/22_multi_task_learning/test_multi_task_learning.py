import math

import torch


def test_multi_task_forward_by_hand(multi_task_forward):
    """tanh(log 2) is 0.6 and tanh(log 3) is 0.8. One head sums them up and adds 0.1, the other has two outputs."""
    x = torch.tensor([[math.log(2), math.log(9)]])
    trunk = {"weight": torch.tensor([[1.0, 0.0], [0.0, 0.5]]), "bias": torch.zeros(2)}
    heads = {
        "sum": {"weight": torch.tensor([[1.0, 1.0]]), "bias": torch.tensor([0.1])},
        "pair": {"weight": torch.tensor([[10.0, 0.0], [0.0, -10.0]]), "bias": torch.tensor([0.0, 1.0])},
    }
    outputs = multi_task_forward(x, trunk, heads)
    assert set(outputs) == {"sum", "pair"}
    torch.testing.assert_close(outputs["sum"], torch.tensor([[1.5]]), check_dtype=False)
    torch.testing.assert_close(outputs["pair"], torch.tensor([[6.0, -7.0]]), check_dtype=False)


def test_multi_task_forward_adds_the_bias_of_the_trunk(multi_task_forward):
    """The input is zero, so the features are the tanh of the bias, 0.8, for both rows."""
    trunk = {"weight": torch.ones(1, 3), "bias": torch.tensor([math.log(3)])}
    heads = {"double": {"weight": torch.tensor([[2.0]]), "bias": torch.zeros(1)}}
    outputs = multi_task_forward(torch.zeros(2, 3), trunk, heads)
    torch.testing.assert_close(outputs["double"], torch.tensor([[1.6], [1.6]]), check_dtype=False)


def test_multi_task_loss_by_hand(multi_task_loss):
    """0.5 * 2 + 2 * 3 = 7. The dicts list the tasks in different orders; the names count."""
    losses = {"depth": torch.tensor(2.0), "segmentation": torch.tensor(3.0)}
    assert math.isclose(multi_task_loss(losses, {"segmentation": 2.0, "depth": 0.5}), 7.0, rel_tol=1e-5)


def test_multi_task_loss_without_one_task(multi_task_loss):
    """A weight of 0 switches a task off."""
    losses = {"depth": torch.tensor(2.0), "segmentation": torch.tensor(3.0)}
    assert math.isclose(multi_task_loss(losses, {"depth": 0.0, "segmentation": 1.0}), 3.0, rel_tol=1e-5)


def test_uncertainty_weighted_loss_with_a_variance_of_one(uncertainty_weighted_loss):
    """The logarithm of 1 is 0, and the losses are simply added up."""
    losses = {"depth": torch.tensor(2.0), "segmentation": torch.tensor(3.0)}
    total = uncertainty_weighted_loss(losses, {"depth": torch.tensor(0.0), "segmentation": torch.tensor(0.0)})
    assert math.isclose(total, 5.0, rel_tol=1e-5)


def test_uncertainty_weighted_loss_by_hand(uncertainty_weighted_loss):
    """A variance of 4 divides the loss by 4 and costs log 4."""
    total = uncertainty_weighted_loss({"depth": torch.tensor(8.0)}, {"depth": torch.tensor(math.log(4))})
    assert math.isclose(total, 2 + math.log(4), rel_tol=1e-5)


def test_uncertainty_weighted_loss_may_be_negative(uncertainty_weighted_loss):
    """A variance of 1/16 multiplies the small loss by 16 and adds log(1/16), which is about -2.77."""
    total = uncertainty_weighted_loss({"depth": torch.tensor(1 / 16)}, {"depth": torch.tensor(-math.log(16))})
    assert math.isclose(total, 1 - math.log(16), rel_tol=1e-5)


def test_shared_gradient_by_hand(shared_gradient):
    """The features are tanh(0) = 0, where the slope of the tanh is 1. With errors of 1 and -2, the two tasks send
    2 * 1 * 3 = 6 and 2 * -2 * -1 = 4 to the trunk; 0.5 * 6 + 1 * 4 = 7, and the weight is multiplied with x = 2."""
    trunk = {"weight": torch.zeros(1, 1), "bias": torch.zeros(1)}
    heads = {
        "a": {"weight": torch.tensor([[3.0]]), "bias": torch.ones(1)},
        "b": {"weight": torch.tensor([[-1.0]]), "bias": torch.zeros(1)},
    }
    targets = {"a": torch.zeros(1, 1), "b": torch.full((1, 1), 2.0)}
    gradient = shared_gradient(torch.full((1, 1), 2.0), targets, trunk, heads, {"a": 0.5, "b": 1.0})
    torch.testing.assert_close(gradient["weight"], torch.tensor([[14.0]]), check_dtype=False)
    torch.testing.assert_close(gradient["bias"], torch.tensor([7.0]), check_dtype=False)


def test_shared_gradient_of_tasks_that_disagree(shared_gradient):
    """One task sends 2 * 1 * 3 = 6, the other 1.5 * 2 * -2 * 1 = -6: nothing is left, though neither is solved."""
    trunk = {"weight": torch.zeros(1, 1), "bias": torch.zeros(1)}
    heads = {
        "a": {"weight": torch.tensor([[3.0]]), "bias": torch.ones(1)},
        "b": {"weight": torch.tensor([[1.0]]), "bias": torch.zeros(1)},
    }
    targets = {"a": torch.zeros(1, 1), "b": torch.full((1, 1), 2.0)}
    gradient = shared_gradient(torch.full((1, 1), 2.0), targets, trunk, heads, {"a": 1.0, "b": 1.5})
    torch.testing.assert_close(gradient["weight"], torch.zeros(1, 1), check_dtype=False)
    torch.testing.assert_close(gradient["bias"], torch.zeros(1), check_dtype=False)


def test_shared_gradient_takes_the_mean_over_all_elements(shared_gradient):
    """Two rows with two outputs each: of the four errors, two are 1. Each row sends 2 * 1 / 4 = 0.5."""
    trunk = {"weight": torch.zeros(1, 1), "bias": torch.zeros(1)}
    heads = {"a": {"weight": torch.tensor([[1.0], [0.0]]), "bias": torch.tensor([1.0, 5.0])}}
    targets = {"a": torch.tensor([[0.0, 5.0], [0.0, 5.0]])}
    gradient = shared_gradient(torch.tensor([[2.0], [4.0]]), targets, trunk, heads, {"a": 1.0})
    torch.testing.assert_close(gradient["weight"], torch.tensor([[3.0]]), check_dtype=False)
    torch.testing.assert_close(gradient["bias"], torch.tensor([1.0]), check_dtype=False)
