"""Known wrong answers to 14_residual_networks; the docstring of each is its diagnosis."""

import torch
import torch.nn.functional as F


def residual_block__no_shortcut(x, weight1, weight2):
    """These are two ordinary layers: the input is missing in the output. Add it to the branch before the last ReLU;
    that addition is what makes the block residual."""
    return F.relu(F.conv2d(F.relu(F.conv2d(x, weight1, padding=1)), weight2, padding=1))


def residual_block__shortcut_from_the_first_layer(x, weight1, weight2):
    """What you add is the output of the first convolution. The shortcut carries the input of the whole block, around
    both convolutions; if you overwrite `x` on the way, keep it under another name first."""
    x = F.relu(F.conv2d(x, weight1, padding=1))
    return F.relu(F.conv2d(x, weight2, padding=1) + x)


def residual_block__branch_activated(x, weight1, weight2):
    """The second convolution is followed by a ReLU of its own before the addition. The branch must be able to take
    away from the input: add first, and apply the ReLU to the sum only."""
    hidden = F.relu(F.conv2d(x, weight1, padding=1))
    hidden = F.relu(F.conv2d(hidden, weight2, padding=1))
    return F.relu(hidden + x)


def residual_block__sum_not_activated(x, weight1, weight2):
    """The output has negative entries: the ReLU after the addition is missing."""
    hidden = F.relu(F.conv2d(x, weight1, padding=1))
    return F.conv2d(hidden, weight2, padding=1) + x


def residual_block__no_relu_between(x, weight1, weight2):
    """There is no ReLU between the two convolutions. Without it they are together one linear map, and the second adds
    little to the first."""
    hidden = F.conv2d(x, weight1, padding=1)
    return F.relu(F.conv2d(hidden, weight2, padding=1) + x)


def residual_block__relu_in_place_on_the_input(x, weight1, weight2):
    """A ReLU in place was applied to x itself, so the shortcut, which is the same tensor, has lost its negative
    entries. The block begins with a convolution, not with a ReLU; and what is needed later must not be written
    over."""
    hidden = F.conv2d(F.relu(x, inplace=True), weight1, padding=1)
    hidden = F.conv2d(F.relu(hidden, inplace=True), weight2, padding=1)
    return F.relu(hidden + x)


def residual_block__adds_into_the_input(x, weight1, weight2):
    """The values are right, but x itself was changed, and the caller may still need it. += writes into the tensor on
    its left: make a new one."""
    x += F.conv2d(F.relu(F.conv2d(x, weight1, padding=1)), weight2, padding=1)
    return F.relu(x)


def projection_block__no_shortcut(x, weight1, weight2, weight_shortcut, stride):
    """The shortcut is missing: the result does not depend on its kernels. Add its convolution to the branch before
    the last ReLU."""
    hidden = F.relu(F.conv2d(x, weight1, stride=stride, padding=1))
    return F.relu(F.conv2d(hidden, weight2, padding=1))


def projection_block__stride_on_the_second_convolution(x, weight1, weight2, weight_shortcut, stride):
    """The shape is right, but the values are not unless the stride is 1: in the branch you have given the stride to
    the second convolution. It belongs to the first."""
    hidden = F.relu(F.conv2d(x, weight1, padding=1))
    shortcut = F.conv2d(x, weight_shortcut, stride=stride)
    return F.relu(F.conv2d(hidden, weight2, stride=stride, padding=1) + shortcut)


def projection_block__shortcut_without_stride(x, weight1, weight2, weight_shortcut, stride):
    """Right for stride 1 only. The convolution of the shortcut has no stride, so its result is larger than that of
    the branch: both have to visit the same positions."""
    hidden = F.relu(F.conv2d(x, weight1, stride=stride, padding=1))
    shortcut = F.conv2d(x, weight_shortcut)
    return F.relu(F.conv2d(hidden, weight2, padding=1) + shortcut)


def projection_block__shortcut_activated(x, weight1, weight2, weight_shortcut, stride):
    """The shortcut goes through a ReLU before the addition. It is linear here: only its convolution, so that negative
    numbers pass as well."""
    hidden = F.relu(F.conv2d(x, weight1, stride=stride, padding=1))
    shortcut = F.relu(F.conv2d(x, weight_shortcut, stride=stride))
    return F.relu(F.conv2d(hidden, weight2, padding=1) + shortcut)


def projection_block__branch_activated(x, weight1, weight2, weight_shortcut, stride):
    """The second convolution is followed by a ReLU of its own before the addition. The branch must be able to take
    away from the shortcut: add first, and apply the ReLU to the sum only."""
    hidden = F.relu(F.conv2d(x, weight1, stride=stride, padding=1))
    branch = F.relu(F.conv2d(hidden, weight2, padding=1))
    return F.relu(branch + F.conv2d(x, weight_shortcut, stride=stride))


def projection_block__sum_not_activated(x, weight1, weight2, weight_shortcut, stride):
    """The output has negative entries: the ReLU after the addition is missing."""
    hidden = F.relu(F.conv2d(x, weight1, stride=stride, padding=1))
    return F.conv2d(hidden, weight2, padding=1) + F.conv2d(x, weight_shortcut, stride=stride)


def projection_block__always_stride_two(x, weight1, weight2, weight_shortcut, stride):
    """Right for stride 2 only: both convolutions use it whatever the caller asks for. Use the argument."""
    hidden = F.relu(F.conv2d(x, weight1, stride=2, padding=1))
    shortcut = F.conv2d(x, weight_shortcut, stride=2)
    return F.relu(F.conv2d(hidden, weight2, padding=1) + shortcut)


def bottleneck_block__no_shortcut(x, weight1, weight2, weight3):
    """These are three ordinary layers: the input is missing in the output. Add it to the branch before the last
    ReLU."""
    hidden = F.relu(F.conv2d(x, weight1))
    hidden = F.relu(F.conv2d(hidden, weight2, padding=1))
    return F.relu(F.conv2d(hidden, weight3))


def bottleneck_block__relu_before_the_addition(x, weight1, weight2, weight3):
    """The ReLU after the third convolution comes before the addition instead of after it. So the branch can take
    nothing away from the input, and negative entries of the input come out as they are: add first."""
    hidden = F.relu(F.conv2d(x, weight1))
    hidden = F.relu(F.conv2d(hidden, weight2, padding=1))
    return F.relu(F.conv2d(hidden, weight3)) + x


def bottleneck_block__sum_not_activated(x, weight1, weight2, weight3):
    """The output has negative entries: the ReLU after the addition is missing."""
    hidden = F.relu(F.conv2d(x, weight1))
    hidden = F.relu(F.conv2d(hidden, weight2, padding=1))
    return F.conv2d(hidden, weight3) + x


def bottleneck_block__one_relu_in_the_branch(x, weight1, weight2, weight3):
    """The second convolution is not followed by a ReLU. There are two of them inside the branch, one after each
    convolution but the last."""
    hidden = F.relu(F.conv2d(x, weight1))
    hidden = F.conv2d(hidden, weight2, padding=1)
    return F.relu(F.conv2d(hidden, weight3) + x)


def bottleneck_block__shortcut_around_the_middle(x, weight1, weight2, weight3):
    """Your shortcut begins and ends where the channels are reduced: it goes around the middle convolution only. It
    carries the input of the block, around all three."""
    reduced = F.relu(F.conv2d(x, weight1))
    hidden = F.relu(F.conv2d(reduced, weight2, padding=1) + reduced)
    return F.relu(F.conv2d(hidden, weight3))


def bottleneck_block__middle_not_padded(x, weight1, weight2, weight3):
    """The convolution in the middle has no padding, so the image gets two rows and two columns smaller and no longer
    fits the input. One by one kernels need none; this one does."""
    hidden = F.relu(F.conv2d(x, weight1))
    hidden = F.relu(F.conv2d(hidden, weight2))
    return F.relu(F.conv2d(hidden, weight3) + x)


def bottleneck_block__adds_into_the_input(x, weight1, weight2, weight3):
    """The values are right, but x itself was changed, and the caller may still need it. += writes into the tensor on
    its left: make a new one."""
    hidden = F.relu(F.conv2d(x, weight1))
    hidden = F.relu(F.conv2d(hidden, weight2, padding=1))
    x += F.conv2d(hidden, weight3)
    return F.relu(x)


def plain_chain_gradient__added_up(local_gradients):
    """You have added the local gradients. By the chain rule, the gradient of a function of a function is a
    product."""
    return local_gradients.sum()


def plain_chain_gradient__last_layer_only(local_gradients):
    """This is the local gradient of the last layer alone. The gradient goes through all layers before it, too, and
    each of them multiplies it."""
    return local_gradients[-1]


def plain_chain_gradient__one_for_every_layer(local_gradients):
    """A gradient for every layer came back. Only one is asked for, that of the last number with respect to the
    first."""
    return local_gradients.cumprod(0)


def plain_chain_gradient__logarithms(local_gradients):
    """Right for positive local gradients, NaN as soon as one of them is negative: it has no logarithm. Multiply the
    numbers themselves."""
    return local_gradients.log().sum().exp()


def plain_chain_gradient__sign_lost(local_gradients):
    """The result is never negative. A layer with a negative local gradient turns the sign of the gradient: keep
    it."""
    return local_gradients.abs().prod()


def plain_chain_gradient__with_shortcuts(local_gradients):
    """A 1 is added to every local gradient. That is the chain with shortcuts, which is the next exercise; here there
    are none."""
    return (1 + local_gradients).prod()


def plain_chain_gradient__multiplies_into_the_first(local_gradients):
    """The value is right, but the first local gradient was changed. local_gradients[0] is a view of the tensor, no
    copy, and *= writes into it: begin with a number of your own."""
    total = local_gradients[0]
    for local_gradient in local_gradients[1:]:
        total *= local_gradient
    return total


def residual_chain_gradient__always_one(local_gradients):
    """You return 1 whatever the layers do. A shortcut lets the gradient pass, but the layer beside it adds its own
    share to every step: differentiate x + f(x)."""
    return torch.ones((), dtype=local_gradients.dtype)


def residual_chain_gradient__plain_chain(local_gradients):
    """This is the gradient of the chain without shortcuts. Each step is now x + f(x): what is its derivative?"""
    return local_gradients.prod()


def residual_chain_gradient__one_shortcut_for_all(local_gradients):
    """You have given the whole chain a single shortcut, from its beginning to its end. Here every layer has one of
    its own, so the 1 comes in at every step, before the steps are multiplied."""
    return 1 + local_gradients.prod()


def residual_chain_gradient__paths_with_one_layer(local_gradients):
    """You count the path around everything and the paths through one layer each. There are also those through two
    layers, three, and so on: multiply the steps instead."""
    return 1 + local_gradients.sum()


def residual_chain_gradient__never_below_one(local_gradients):
    """You take every local gradient to be positive, so that the result never falls below 1. A layer may also take
    away from what the shortcut brings: keep its sign."""
    return (1 + local_gradients.abs()).prod()


def residual_chain_gradient__logarithms(local_gradients):
    """Right as long as every step has a positive gradient. Below -1 a local gradient makes it negative, and there is
    no logarithm: the result is NaN. Multiply the numbers themselves."""
    return local_gradients.log1p().sum().exp()


def residual_chain_gradient__adds_into_the_argument(local_gradients):
    """The value is right, but your function changes the local gradients of its caller. += writes into the tensor on
    its left: make a new one."""
    local_gradients += 1
    return local_gradients.prod()
