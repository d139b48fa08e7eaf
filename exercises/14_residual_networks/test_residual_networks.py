import torch


def test_residual_block_by_hand(residual_block):
    """Kernels that are 0 but for a centre of 1 and of 2 multiply the image by 1 and by 2. From -2 nothing gets
    through the first ReLU; of 3 the branch makes 6, and the shortcut adds 3."""
    x = torch.tensor([[[[1.0, -2.0], [3.0, -4.0]]]])
    weight1, weight2 = torch.zeros(2, 1, 1, 3, 3)
    weight1[0, 0, 1, 1], weight2[0, 0, 1, 1] = 1, 2
    y = torch.tensor([[[[3.0, 0.0], [9.0, 0.0]]]])
    torch.testing.assert_close(residual_block(x, weight1, weight2), y, check_dtype=False)


def test_residual_block_may_take_away(residual_block):
    """The branch is minus one half of the image, so half of it is left."""
    x = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    weight1, weight2 = torch.zeros(2, 1, 1, 3, 3)
    weight1[0, 0, 1, 1], weight2[0, 0, 1, 1] = 1, -0.5
    torch.testing.assert_close(residual_block(x, weight1, weight2), x / 2, check_dtype=False)


def test_residual_block_sees_the_neighbours(residual_block):
    """The first kernel sums up all neighbours, 10 at each of the four pixels; beyond the border there are zeros."""
    x = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    weight1, weight2 = torch.ones(1, 1, 3, 3), torch.zeros(1, 1, 3, 3)
    weight2[0, 0, 1, 1] = 1
    torch.testing.assert_close(residual_block(x, weight1, weight2), x + 10, check_dtype=False)


def test_residual_block_without_a_branch(residual_block):
    """If the second kernels are zero, the input goes through the last ReLU and nothing else."""
    x = torch.tensor([1.0, -2.0, 3.0, -4.0, 5.0, -6.0]).reshape(1, 2, 1, 3)
    weight1, weight2 = torch.ones(2, 2, 3, 3), torch.zeros(2, 2, 3, 3)
    y = torch.tensor([1.0, 0.0, 3.0, 0.0, 5.0, 0.0]).reshape(1, 2, 1, 3)
    torch.testing.assert_close(residual_block(x, weight1, weight2), y, check_dtype=False)


def test_projection_block_by_hand(projection_block):
    """Stride 2 visits the first and the third pixel: 1 and 3. The branch makes 2 and 6 of them, the shortcut adds 10
    times as much as they are."""
    x = torch.tensor([[[[1.0, 2.0, 3.0]]]])
    weight1, weight2 = torch.zeros(2, 1, 1, 3, 3)
    weight1[0, 0, 1, 1], weight2[0, 0, 1, 1] = 1, 2
    weight_shortcut = torch.full((1, 1, 1, 1), 10.0)
    y = torch.tensor([[[[12.0, 36.0]]]])
    torch.testing.assert_close(projection_block(x, weight1, weight2, weight_shortcut, 2), y, check_dtype=False)


def test_projection_block_of_the_shortcut_alone(projection_block):
    """One channel becomes two, 1 times and -1 times as large; only the last ReLU is left of the rest."""
    x = torch.tensor([[[[1.0, -2.0], [-3.0, 4.0]]]])
    weight1, weight2 = torch.ones(2, 1, 3, 3), torch.zeros(2, 2, 3, 3)
    weight_shortcut = torch.tensor([1.0, -1.0]).reshape(2, 1, 1, 1)
    y = torch.tensor([[[[1.0, 0.0], [0.0, 4.0]], [[0.0, 2.0], [3.0, 0.0]]]])
    torch.testing.assert_close(projection_block(x, weight1, weight2, weight_shortcut, 1), y, check_dtype=False)


def test_projection_block_halves_an_image(projection_block):
    """With stride 2, six rows become three and five columns three as well."""
    x = torch.ones(1, 2, 6, 5)
    weight1, weight2, weight_shortcut = torch.ones(4, 2, 3, 3), torch.ones(4, 4, 3, 3), torch.ones(4, 2, 1, 1)
    assert projection_block(x, weight1, weight2, weight_shortcut, stride=2).shape == (1, 4, 3, 3)


def test_bottleneck_block_by_hand(bottleneck_block):
    """The sum of the two channels is 3 at the first pixel and 1 at the second; their sum, 4, is seen from both. The
    two channels get it once and twice, with the sign turned, and the shortcut adds what was there."""
    x = torch.tensor([[[[10.0, 3.0]], [[-7.0, -2.0]]]])
    weight1 = torch.ones(1, 2, 1, 1)
    weight2 = torch.ones(1, 1, 3, 3)
    weight3 = torch.tensor([-1.0, 2.0]).reshape(2, 1, 1, 1)
    y = torch.tensor([[[[6.0, 0.0]], [[1.0, 6.0]]]])
    torch.testing.assert_close(bottleneck_block(x, weight1, weight2, weight3), y, check_dtype=False)


def test_bottleneck_block_keeps_the_shape(bottleneck_block):
    """However many channels there are in the middle, those at the end are as many as at the beginning."""
    x = torch.ones(2, 8, 5, 4)
    weight1, weight2, weight3 = torch.ones(2, 8, 1, 1), torch.ones(2, 2, 3, 3), torch.ones(8, 2, 1, 1)
    assert bottleneck_block(x, weight1, weight2, weight3).shape == (2, 8, 5, 4)


def test_plain_chain_gradient_by_hand(plain_chain_gradient):
    """Three layers with the local gradients 2, 3 and 4: 2 * 3 * 4 = 24."""
    gradient = plain_chain_gradient(torch.tensor([2.0, 3.0, 4.0], dtype=torch.float64))
    torch.testing.assert_close(float(gradient), 24.0)


def test_plain_chain_gradient_has_a_sign(plain_chain_gradient):
    """An odd number of negative factors makes the product negative."""
    gradient = plain_chain_gradient(torch.tensor([0.5, -0.5, 0.5], dtype=torch.float64))
    torch.testing.assert_close(float(gradient), -0.125)


def test_residual_chain_gradient_by_hand(residual_chain_gradient):
    """Two layers with the local gradients 2 and 3: the paths contribute 1, 2, 3 and 2 * 3, together 12."""
    gradient = residual_chain_gradient(torch.tensor([2.0, 3.0], dtype=torch.float64))
    torch.testing.assert_close(float(gradient), 12.0)


def test_residual_chain_gradient_of_layers_that_do_nothing(residual_chain_gradient):
    """If no layer passes anything on, the shortcuts still do: the gradient is 1."""
    gradient = residual_chain_gradient(torch.zeros(50, dtype=torch.float64))
    torch.testing.assert_close(float(gradient), 1.0)


def test_residual_chain_gradient_can_vanish(residual_chain_gradient):
    """A layer that takes away as much as its shortcut brings leaves nothing."""
    gradient = residual_chain_gradient(torch.tensor([2.0, -1.0, 3.0], dtype=torch.float64))
    torch.testing.assert_close(float(gradient), 0.0)
