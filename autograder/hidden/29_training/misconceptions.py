"""Known wrong answers to 29_training; the docstring of each is its diagnosis.

What a network has learnt depends on its first weights. So these draw theirs as the statement shows, with the layers'
own initialization, and train with Adam on the whole set: a learner who does the same gives the same answers, and is told
why they are wrong. Whoever draws otherwise is told by the feedback of the tests, most of which look for one mistake.
"""

import torch
import torch.nn.functional as F
from torch import nn


def _drawn(make, generator):
    """A model whose initial weights come from the generator, as the statement shows."""
    with torch.random.fork_rng():
        torch.set_rng_state(generator.get_state())
        return make()


def _trained(model, loss, x, y, num_steps, lr):
    """A right training loop."""
    optimizer = torch.optim.Adam(model.parameters(), lr)
    for _ in range(num_steps):
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()
    return model


def _trained_without_zero_grad(model, loss, x, y, num_steps, lr):
    optimizer = torch.optim.Adam(model.parameters(), lr)
    for _ in range(num_steps):
        loss(model(x), y).backward()
        optimizer.step()
    return model


def _mlp(inputs, hidden_size, num_classes):
    return nn.Sequential(nn.Linear(inputs, hidden_size), nn.ReLU(), nn.Linear(hidden_size, num_classes))


def _cnn(num_classes):
    pooling = nn.AdaptiveMaxPool2d(1), nn.Flatten()
    return nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), *pooling, nn.Linear(8, num_classes))


class _Recurrent(nn.Module):
    def __init__(self, hidden_size, batch_first=True, step=-1):
        super().__init__()
        self.rnn = nn.RNN(1, hidden_size, batch_first=batch_first)
        self.head = nn.Linear(hidden_size, 1)
        self.step = step

    def forward(self, x):
        return self.head(self.rnn(x)[0][:, self.step])


class _MeanOverTime(nn.Module):
    """Every value by itself, then the mean of what comes out."""

    def __init__(self, hidden_size):
        super().__init__()
        self.mlp = _mlp(1, hidden_size, 1)

    def forward(self, x):
        return self.mlp(x).mean(dim=1)


class _OwnKernels(nn.Module):
    """A convolution whose kernels are others at every place, and the maximum over all places."""

    def __init__(self, side, num_classes):
        super().__init__()
        self.kernels = nn.Parameter((2 * torch.rand(8, 9, (side - 2) ** 2) - 1) / 3)
        self.head = nn.Linear(8, num_classes)

    def forward(self, x):
        maps = torch.einsum("npl,opl->nol", F.unfold(x, 3), self.kernels)
        return self.head(maps.relu().amax(dim=2))


def train_logistic_regression__sum_not_mean(x, y, lr, num_steps):
    """Your steps are N times too long: you add up the gradients of the N examples. The loss is their mean, so that a
    larger training set does not mean longer steps."""
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(num_steps):
        error = torch.sigmoid(x @ weight + bias) - y
        weight, bias = weight - lr * (error @ x), bias - lr * error.sum()
    return weight, bias


def train_logistic_regression__bias_not_trained(x, y, lr, num_steps):
    """The bias is still zero after training. Its gradient is the mean of the errors; update it with the weights."""
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(num_steps):
        error = torch.sigmoid(x @ weight + bias) - y
        weight = weight - lr * (error @ x) / len(x)
    return weight, bias


def train_logistic_regression__climbs(x, y, lr, num_steps):
    """Weight and bias move in the wrong direction: the loss grows with every step. Take probability minus label, and
    subtract; turn both around or neither."""
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(num_steps):
        error = y - torch.sigmoid(x @ weight + bias)
        weight, bias = weight - lr * (error @ x) / len(x), bias - lr * error.mean()
    return weight, bias


def train_logistic_regression__squared_error(x, y, lr, num_steps):
    """This descends along the gradient of the squared error between probability and label, which has the slope of the
    sigmoid as an additional factor. For the log loss that factor cancels."""
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(num_steps):
        probability = torch.sigmoid(x @ weight + bias)
        error = 2 * (probability - y) * probability * (1 - probability)
        weight, bias = weight - lr * (error @ x) / len(x), bias - lr * error.mean()
    return weight, bias


def train_logistic_regression__no_sigmoid(x, y, lr, num_steps):
    """The errors are taken from the logits: that is linear regression onto the labels 0 and 1. Turn the logits into
    probabilities first."""
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(num_steps):
        error = x @ weight + bias - y
        weight, bias = weight - lr * (error @ x) / len(x), bias - lr * error.mean()
    return weight, bias


def train_logistic_regression__loss_of_rounded_probabilities(x, y, lr, num_steps):
    """Right, but for examples far on the wrong side of the border: their probability is rounded to 0 or 1, and a loss
    computed from it has lost its gradient. Use the loss that takes logits, or the gradient in closed form."""
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(num_steps):
        weight, bias = weight.requires_grad_(), bias.requires_grad_()
        loss = F.binary_cross_entropy(torch.sigmoid(x @ weight + bias), y.to(x.dtype))
        weight_gradient, bias_gradient = torch.autograd.grad(loss, (weight, bias))
        weight, bias = (weight - lr * weight_gradient).detach(), (bias - lr * bias_gradient).detach()
    return weight, bias


def train_logistic_regression__bias_sees_the_new_weight(x, y, lr, num_steps):
    """After one step the weight is right and the bias is not: you compute the errors anew between the two updates.
    Both take their step from the same probabilities."""
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(num_steps):
        weight = weight - lr * ((torch.sigmoid(x @ weight + bias) - y) @ x) / len(x)
        bias = bias - lr * (torch.sigmoid(x @ weight + bias) - y).mean()
    return weight, bias


def mlp_classifier__no_activation(x_train, y_train, x_test, num_classes, hidden_size, num_steps, lr, generator):
    """There is no activation between the two layers, so that together they are one linear map, and the border between
    two classes is a straight line. Put an activation in between."""

    def make():
        return nn.Sequential(nn.Linear(x_train.shape[1], hidden_size), nn.Linear(hidden_size, num_classes))

    return _trained(_drawn(make, generator), F.cross_entropy, x_train, y_train, num_steps, lr)(x_test)


def mlp_classifier__starts_from_zeros(x_train, y_train, x_test, num_classes, hidden_size, num_steps, lr, generator):
    """All weights are zero at the beginning. Then no gradient reaches the hidden layer, and only the last bias learns.
    Draw the weights at random, from the generator."""
    model = _mlp(x_train.shape[1], hidden_size, num_classes)
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    return _trained(model, F.cross_entropy, x_train, y_train, num_steps, lr)(x_test)


def mlp_classifier__never_updated(x_train, y_train, x_test, num_classes, hidden_size, num_steps, lr, generator):
    """The network is as good as random, and as it was at the beginning: backward() only computes gradients. The
    optimizer still has to take its step."""
    model = _drawn(lambda: _mlp(x_train.shape[1], hidden_size, num_classes), generator)
    return model(x_test)


def mlp_classifier__returns_probabilities(x_train, y_train, x_test, num_classes, hidden_size, num_steps, lr, generator):
    """What you return are probabilities: positive numbers that sum to 1 in each row. Logits are the scores before the
    softmax; and if the model ends with a softmax, the cross entropy applies a second one."""
    model = _drawn(lambda: _mlp(x_train.shape[1], hidden_size, num_classes), generator)
    model = nn.Sequential(model, nn.Softmax(dim=1))
    return _trained(model, F.cross_entropy, x_train, y_train, num_steps, lr)(x_test)


def mlp_classifier__seed_of_its_own(x_train, y_train, x_test, num_classes, hidden_size, num_steps, lr, generator):
    """It learns, but the generator makes no difference: the weights come from PyTorch's global generator, with a seed
    of your own. Draw them from the generator that is given."""
    model = _drawn(lambda: _mlp(x_train.shape[1], hidden_size, num_classes), torch.Generator().manual_seed(0))
    return _trained(model, F.cross_entropy, x_train, y_train, num_steps, lr)(x_test)


def mlp_classifier__scales_the_test_set_by_itself(
    x_train, y_train, x_test, num_classes, hidden_size, num_steps, lr, generator
):
    """The test set is standardised with its own mean and deviation, so that the logits of an example depend on what
    else is tested. Use those of the training set for both, or none."""

    def scaled(x):
        return (x - x.mean(dim=0)) / (x.std(dim=0, correction=0) + 1e-8)

    model = _drawn(lambda: _mlp(x_train.shape[1], hidden_size, num_classes), generator)
    return _trained(model, F.cross_entropy, scaled(x_train), y_train, num_steps, lr)(scaled(x_test))


def sequence_regressor__last_value_only(x_train, y_train, x_test, hidden_size, num_steps, lr, generator):
    """The prediction depends on the last step alone: the network has no memory. Carry a state from step to step, and
    predict from the last one."""
    model = _drawn(lambda: _mlp(1, hidden_size, 1), generator)
    return _trained(model, F.mse_loss, x_train[:, -1], y_train, num_steps, lr)(x_test[:, -1])


def sequence_regressor__mean_over_time(x_train, y_train, x_test, hidden_size, num_steps, lr, generator):
    """Every value is treated by itself and the results are averaged, so that the prediction does not depend on the
    order of the values, and cannot know which came first. Carry a state from step to step."""
    model = _drawn(lambda: _MeanOverTime(hidden_size), generator)
    return _trained(model, F.mse_loss, x_train, y_train, num_steps, lr)(x_test)


def sequence_regressor__time_is_the_batch(x_train, y_train, x_test, hidden_size, num_steps, lr, generator):
    """The state wanders from one example to the next instead of through time: without batch_first=True, the recurrent
    layers of PyTorch take the first axis for time."""
    model = _drawn(lambda: _Recurrent(hidden_size, batch_first=False), generator)
    return _trained(model, F.mse_loss, x_train, y_train, num_steps, lr)(x_test)


def sequence_regressor__loss_broadcasts(x_train, y_train, x_test, hidden_size, num_steps, lr, generator):
    """All predictions come out as the mean of the targets: those have the shape (N, 1), your predictions in the loss
    (N,), and broadcasting compares each with every target. Give both the same shape."""

    def loss(prediction, target):
        return ((prediction.squeeze(1) - target) ** 2).mean()

    model = _drawn(lambda: _Recurrent(hidden_size), generator)
    return _trained(model, loss, x_train, y_train, num_steps, lr)(x_test)


def sequence_regressor__reads_the_first_state(x_train, y_train, x_test, hidden_size, num_steps, lr, generator):
    """You predict from the state after the first step, which knows nothing of what comes later. Take the last state:
    it has seen the whole sequence."""
    model = _drawn(lambda: _Recurrent(hidden_size, step=0), generator)
    return _trained(model, F.mse_loss, x_train, y_train, num_steps, lr)(x_test)


def sequence_regressor__never_updated(x_train, y_train, x_test, hidden_size, num_steps, lr, generator):
    """The network is as good as random, and as it was at the beginning: backward() only computes gradients. The
    optimizer still has to take its step."""
    model = _drawn(lambda: _Recurrent(hidden_size), generator)
    return model(x_test)


def sequence_regressor__gradients_not_cleared(x_train, y_train, x_test, hidden_size, num_steps, lr, generator):
    """The gradients of all steps add up, because backward() adds to those that are there: the steps get longer and
    longer, and come too late. Set the gradients to zero before each backward()."""
    model = _drawn(lambda: _Recurrent(hidden_size), generator)
    return _trained_without_zero_grad(model, F.mse_loss, x_train, y_train, num_steps, lr)(x_test)


def sequence_regressor__seed_of_its_own(x_train, y_train, x_test, hidden_size, num_steps, lr, generator):
    """It learns, but the generator makes no difference: the weights come from PyTorch's global generator, with a seed
    of your own. Draw them from the generator that is given."""
    model = _drawn(lambda: _Recurrent(hidden_size), torch.Generator().manual_seed(0))
    return _trained(model, F.mse_loss, x_train, y_train, num_steps, lr)(x_test)


def image_classifier__dense_network(x_train, y_train, x_test, num_classes, num_steps, lr, generator):
    """A dense network on the flattened image has a weight of its own for every pixel, and so has a kernel as large as
    the image: it does not recognise the same pattern at another place. Slide small kernels over the image."""

    def make():
        return nn.Sequential(nn.Flatten(), *_mlp(x_train.shape[-1] ** 2, 64, num_classes))

    return _trained(_drawn(make, generator), F.cross_entropy, x_train, y_train, num_steps, lr)(x_test)


def image_classifier__kernels_of_their_own(x_train, y_train, x_test, num_classes, num_steps, lr, generator):
    """Every place of the image has kernels of its own, so that those of a place where nothing stood in training have
    learnt nothing. Slide the same kernels over the whole image."""
    model = _drawn(lambda: _OwnKernels(x_train.shape[-1], num_classes), generator)
    return _trained(model, F.cross_entropy, x_train, y_train, num_steps, lr)(x_test)


def image_classifier__no_pooling(x_train, y_train, x_test, num_classes, num_steps, lr, generator):
    """The dense layer reads every pixel of the maps, with a weight of its own for each place, and has learnt nothing
    about places where no pattern stood in training. Pool the maps first."""

    def make():
        layers = nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8 * (x_train.shape[-1] - 2) ** 2, num_classes)
        return nn.Sequential(*layers)

    return _trained(_drawn(make, generator), F.cross_entropy, x_train, y_train, num_steps, lr)(x_test)


def image_classifier__mean_of_linear_maps(x_train, y_train, x_test, num_classes, num_steps, lr, generator):
    """Without an activation, the mean over all places of a convolution is hardly more than the brightness of the
    image. Put an activation between the convolution and the pooling."""

    def make():
        return nn.Sequential(nn.Conv2d(1, 8, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, num_classes))

    return _trained(_drawn(make, generator), F.cross_entropy, x_train, y_train, num_steps, lr)(x_test)


def image_classifier__batch_statistics_in_the_test(x_train, y_train, x_test, num_classes, num_steps, lr, generator):
    """The logits of an image depend on what else is tested: batch normalization is still in training mode. Switch the
    model to evaluation first."""
    first, *rest = _drawn(lambda: _cnn(num_classes), generator)
    model = nn.Sequential(first, nn.BatchNorm2d(8), *rest)
    return _trained(model, F.cross_entropy, x_train, y_train, num_steps, lr)(x_test)


def image_classifier__returns_probabilities(x_train, y_train, x_test, num_classes, num_steps, lr, generator):
    """What you return are probabilities: positive numbers that sum to 1 in each row. Logits are the scores before the
    softmax; and if the model ends with a softmax, the cross entropy applies a second one."""
    model = nn.Sequential(_drawn(lambda: _cnn(num_classes), generator), nn.Softmax(dim=1))
    return _trained(model, F.cross_entropy, x_train, y_train, num_steps, lr)(x_test)


def image_classifier__seed_of_its_own(x_train, y_train, x_test, num_classes, num_steps, lr, generator):
    """It learns, but the generator makes no difference: the weights come from PyTorch's global generator, with a seed
    of your own. Draw them from the generator that is given."""
    model = _drawn(lambda: _cnn(num_classes), torch.Generator().manual_seed(0))
    return _trained(model, F.cross_entropy, x_train, y_train, num_steps, lr)(x_test)
