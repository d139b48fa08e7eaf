"""Right answers to 29_training written another way; every one must get full marks."""

import torch
import torch.nn.functional as F
from torch import nn


def _fit(model, loss, x, y, num_steps, optimizer):
    for _ in range(num_steps):
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()


class _LastState(nn.Module):
    """A recurrent layer of PyTorch and a linear one that reads its last output; time comes first inside."""

    def __init__(self, layer, hidden_size):
        super().__init__()
        self.layer, self.head = layer(1, hidden_size), nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.head(self.layer(x.transpose(0, 1))[0][-1])


def _seeded(generator):
    """Seed PyTorch's global generator with a number from this one."""
    torch.manual_seed(int(torch.randint(2**31, (), generator=generator)))


def train_logistic_regression__autograd(x, y, lr, num_steps):
    """Gradients by autograd, from the loss that takes logits; parameters updated in place."""
    weight = torch.zeros(x.shape[1], dtype=x.dtype, requires_grad=True)
    bias = torch.zeros((), dtype=x.dtype, requires_grad=True)
    for _ in range(num_steps):
        loss = F.binary_cross_entropy_with_logits(x @ weight + bias, y.to(x.dtype))
        loss.backward()
        with torch.no_grad():
            for parameter in (weight, bias):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return weight, bias


def train_logistic_regression__column_of_ones(x, y, lr, num_steps):
    """The bias as the weight of a constant feature, in float32; a list comes back."""
    x = torch.cat([x, torch.ones(len(x), 1)], dim=1).float()
    parameters = torch.zeros(x.shape[1])
    for _ in range(num_steps):
        probability = 1 / (1 + torch.exp(-(x @ parameters)))
        parameters = parameters + lr * ((y - probability)[:, None] * x).mean(dim=0).float()
    return [parameters[:-1], parameters[-1]]


def train_logistic_regression__optimizer(x, y, lr, num_steps):
    """torch.optim.SGD and a linear module that begins at zero."""
    model = nn.Linear(x.shape[1], 1).to(x.dtype)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    targets = y[:, None].to(x.dtype)
    _fit(model, F.binary_cross_entropy_with_logits, x, targets, num_steps, optimizer)
    return model.weight[0], model.bias[0]


def mlp_classifier__mini_batches(x_train, y_train, x_test, num_classes, hidden_size, num_steps, lr, generator):
    """Mini-batches, two hidden layers and the layers' own initialisation, after seeding from the generator."""
    _seeded(generator)
    sizes = (x_train.shape[1], hidden_size, hidden_size)
    hidden = [layer for i, o in zip(sizes, sizes[1:]) for layer in (nn.Linear(i, o), nn.ReLU())]
    model = nn.Sequential(*hidden, nn.Linear(hidden_size, num_classes))
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr / 2)
    for _ in range(num_steps):
        batch = torch.randperm(len(x_train))[:64]
        optimizer.zero_grad()
        F.cross_entropy(model(x_train[batch]), y_train[batch]).backward()
        optimizer.step()
    return model(x_test)


def mlp_classifier__momentum_by_hand(x_train, y_train, x_test, num_classes, hidden_size, num_steps, lr, generator):
    """No module and no optimizer: matrices with momentum; returns log-probabilities, which are logits too."""
    inputs = x_train.shape[1]
    parameters = [
        torch.randn(inputs, hidden_size, generator=generator) * (2 / inputs) ** 0.5,
        torch.zeros(hidden_size),
        torch.randn(hidden_size, num_classes, generator=generator) * (2 / hidden_size) ** 0.5,
        torch.zeros(num_classes),
    ]

    def log_probabilities(x):
        weight1, bias1, weight2, bias2 = parameters
        return torch.log_softmax(torch.relu(x @ weight1 + bias1) @ weight2 + bias2, dim=1)

    velocities = [torch.zeros_like(parameter) for parameter in parameters]
    for _ in range(num_steps):
        parameters = [parameter.requires_grad_() for parameter in parameters]
        loss = F.nll_loss(log_probabilities(x_train), y_train)
        gradients = torch.autograd.grad(loss, parameters)
        velocities = [0.9 * velocity + gradient for velocity, gradient in zip(velocities, gradients)]
        parameters = [(p - lr * velocity).detach() for p, velocity in zip(parameters, velocities)]
    return log_probabilities(x_test)


def mlp_classifier__plain_descent(x_train, y_train, x_test, num_classes, hidden_size, num_steps, lr, generator):
    """Gradient descent without momentum, and weights that are drawn anew by torch.nn.init."""
    model = nn.Sequential(nn.Linear(x_train.shape[1], hidden_size), nn.ReLU(), nn.Linear(hidden_size, num_classes))
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=0.5, generator=generator)
    _fit(model, F.cross_entropy, x_train, y_train, num_steps, torch.optim.SGD(model.parameters(), lr=lr))
    return model(x_test)


def sequence_regressor__gru(x_train, y_train, x_test, hidden_size, num_steps, lr, generator):
    """A GRU with weights that are drawn anew, trained on mini-batches."""
    model = _LastState(nn.GRU, hidden_size)
    for parameter in model.parameters():
        nn.init.uniform_(parameter, -0.25, 0.25, generator=generator)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(num_steps):
        batch = torch.randperm(len(x_train), generator=generator)[:40]
        _fit(model, F.mse_loss, x_train[batch], y_train[batch], 1, optimizer)
    return model(x_test)


def sequence_regressor__lstm(x_train, y_train, x_test, hidden_size, num_steps, lr, generator):
    """An LSTM with time first, seeded from the generator."""
    _seeded(generator)
    model = _LastState(nn.LSTM, hidden_size)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    _fit(model, F.mse_loss, x_train, y_train, num_steps, optimizer)
    return model(x_test)


def sequence_regressor__cell_by_hand(x_train, y_train, x_test, hidden_size, num_steps, lr, generator):
    """A tanh cell in a loop over time, with a recurrent matrix that begins orthogonal; gradients are clipped."""

    def drawn(*shape):
        return torch.randn(*shape, generator=generator)

    recurrent = torch.linalg.qr(drawn(hidden_size, hidden_size))[0]
    parameters = [drawn(1, hidden_size), recurrent, drawn(hidden_size) / 10, drawn(hidden_size, 1) / hidden_size**0.5]
    parameters = [parameter.requires_grad_() for parameter in [*parameters, torch.zeros(1)]]

    def predict(x):
        weight, recurrent, bias, head, offset = parameters
        state = torch.zeros(len(x), hidden_size)
        for value in x.unbind(dim=1):
            state = torch.tanh(value @ weight + state @ recurrent + bias)
        return state @ head + offset

    optimizer = torch.optim.Adam(parameters, lr=lr)
    for _ in range(num_steps):
        optimizer.zero_grad()
        ((predict(x_train) - y_train) ** 2).mean().backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
    with torch.no_grad():
        return predict(x_test)


def image_classifier__two_layers(x_train, y_train, x_test, num_classes, num_steps, lr, generator):
    """Two convolutions with pooling in between, and a dense layer that reads the whole maps, on mini-batches."""
    _seeded(generator)
    size = 16 * (x_train.shape[-1] // 4) ** 2
    convolutions = [nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    convolutions += [nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    model = nn.Sequential(*convolutions, nn.Flatten(), nn.Linear(size, num_classes))
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(num_steps):
        batch = torch.randperm(len(x_train))[:64]
        optimizer.zero_grad()
        F.cross_entropy(model(x_train[batch]), y_train[batch]).backward()
        optimizer.step()
    with torch.no_grad():
        return model(x_test)


def image_classifier__small_windows(x_train, y_train, x_test, num_classes, num_steps, lr, generator):
    """One convolution, pooling of two by two pixels, and a dense layer that reads the whole maps."""
    _seeded(generator)
    layers = nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()
    model = nn.Sequential(*layers, nn.Linear(8 * (x_train.shape[-1] // 2) ** 2, num_classes))
    _fit(model, F.cross_entropy, x_train, y_train, num_steps, torch.optim.Adam(model.parameters(), lr=lr))
    return model(x_test)


def image_classifier__mean_of_the_map(x_train, y_train, x_test, num_classes, num_steps, lr, generator):
    """The mean over all places in place of the maximum, and batch normalization, which uses its running statistics in
    the end; seeded from the generator."""
    _seeded(generator)
    layers = nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    model = nn.Sequential(*layers, nn.Linear(8, num_classes))
    _fit(model, nn.CrossEntropyLoss(), x_train, y_train, num_steps, torch.optim.Adam(model.parameters(), lr=lr))
    model.eval()
    return model(x_test)
