"""Known wrong answers to 18_autoencoders; the docstring of each is its diagnosis."""

import torch
import torch.nn.functional as F


def _forward(x, params):
    code = torch.tanh(x @ params["enc_weight"].T + params["enc_bias"])
    return code @ params["dec_weight"].T + params["dec_bias"]


def _loss(x, params):
    return (_forward(x, params) - x).square().sum(1).mean()


def _tracked(params):
    return {name: value.clone().requires_grad_() for name, value in params.items()}


def _gradients(loss, params):
    return dict(zip(params, torch.autograd.grad(loss, list(params.values())), strict=True))


def encode__no_activation(x, params):
    """The tanh is missing, so the code is a linear function of the input and can be of any size."""
    return F.linear(x, params["enc_weight"], params["enc_bias"])


def encode__sigmoid(x, params):
    """The codes lie between 0 and 1: that is a sigmoid. tanh goes from -1 to 1."""
    return torch.sigmoid(F.linear(x, params["enc_weight"], params["enc_bias"]))


def encode__relu(x, params):
    """No entry of the code is negative: that is a ReLU. This encoder has a tanh."""
    return torch.relu(F.linear(x, params["enc_weight"], params["enc_bias"]))


def encode__bias_missing(x, params):
    """The bias of the encoder is not used. It is added before the tanh."""
    return torch.tanh(F.linear(x, params["enc_weight"]))


def encode__bias_after_tanh(x, params):
    """The bias is added after the tanh, so codes can leave the range from -1 to 1. It belongs to the dense layer,
    inside the tanh."""
    return torch.tanh(F.linear(x, params["enc_weight"])) + params["enc_bias"]


def encode__tied_weights(x, params):
    """You multiply by the weights of the decoder. Some autoencoders share one matrix between both sides; this one
    has a matrix for each."""
    return torch.tanh(x @ params["dec_weight"] + params["enc_bias"])


def encode__overflows(x, params):
    """Right for ordinary inputs, but NaN for large ones, where numerator and denominator both overflow to infinity. Use
    a tanh that is safe for them, such as PyTorch's."""
    z = F.linear(x, params["enc_weight"], params["enc_bias"])
    return (torch.exp(z) - torch.exp(-z)) / (torch.exp(z) + torch.exp(-z))


def encode__returns_the_reconstruction(x, params):
    """The result is what comes out of the decoder. The encoder ends at the code."""
    return _forward(x, params)


def decode__tanh_on_the_output(code, params):
    """The reconstructions lie between -1 and 1, because a tanh follows the dense layer. Data need not lie there: the
    decoder is linear."""
    return torch.tanh(F.linear(code, params["dec_weight"], params["dec_bias"]))


def decode__sigmoid_on_the_output(code, params):
    """The reconstructions lie between 0 and 1, because a sigmoid follows the dense layer. That suits pixels scaled to
    this range, and no other data: the decoder is linear."""
    return torch.sigmoid(F.linear(code, params["dec_weight"], params["dec_bias"]))


def decode__relu_on_the_output(code, params):
    """No reconstruction is negative, because a ReLU follows the dense layer. Data can be negative: the decoder is
    linear."""
    return torch.relu(F.linear(code, params["dec_weight"], params["dec_bias"]))


def decode__bias_missing(code, params):
    """The bias of the decoder is not used; without it, a code of zeros could only give zeros."""
    return F.linear(code, params["dec_weight"])


def decode__tied_weights(code, params):
    """You multiply by the transposed weights of the encoder. Sharing them is an option that some autoencoders take;
    this one has a matrix of its own for the decoder."""
    return code @ params["enc_weight"] + params["dec_bias"]


def decode__inverts_the_encoder(code, params):
    """You undo the encoder step by step. A decoder does not invert: many inputs share a code, and it has weights of its
    own, which training has fitted."""
    return (torch.atanh(code) - params["enc_bias"]) @ torch.linalg.pinv(params["enc_weight"]).T


def reconstruction_loss__mean_over_everything(x, reconstruction):
    """Too small by a factor of the number of features: the mean was taken over all entries. Sum over the features
    first; only over the examples a mean is taken."""
    return F.mse_loss(reconstruction, x)


def reconstruction_loss__sum_over_everything(x, reconstruction):
    """The result grows with the number of examples: the sum was taken over all entries. Over the examples, a mean is
    asked for, so that a learning rate suits batches of any size."""
    return F.mse_loss(reconstruction, x, reduction="sum")


def reconstruction_loss__axes_swapped(x, reconstruction):
    """You sum over the examples and take the mean over the features. It is the other way round: the features of an
    example lie along the second axis."""
    return (reconstruction - x).square().sum(0).mean()


def reconstruction_loss__halved(x, reconstruction):
    """Half of what it should be. The factor 1/2 is a convenience for derivatives by hand, and this loss has none."""
    return (reconstruction - x).square().sum(1).mean() / 2


def reconstruction_loss__absolute_errors(x, reconstruction):
    """Absolute errors are summed up where squared ones are asked for."""
    return (reconstruction - x).abs().sum(1).mean()


def reconstruction_loss__distance(x, reconstruction):
    """You take the mean of the distances. What is asked for is the mean of the squared distances, without a square
    root."""
    return (reconstruction - x).norm(dim=1).mean()


def reconstruction_loss__per_example(x, reconstruction):
    """One number per example came back. They are right; the loss is their mean."""
    return (reconstruction - x).square().sum(1)


def autoencoder_train_step__nothing_moves(x, params, lr):
    """The loss is right, but the parameters come back as they were. Compute the gradients and take the step."""
    return dict(params), _loss(x, params)


def autoencoder_train_step__ascends(x, params, lr):
    """The parameters move along their gradients, so the loss grows. To make it smaller, go against them."""
    tracked = _tracked(params)
    loss = _loss(x, tracked)
    gradients = _gradients(loss, tracked)
    return {name: value + lr * gradients[name] for name, value in params.items()}, loss


def autoencoder_train_step__loss_after(x, params, lr):
    """The parameters are right, but the loss is that of the new ones. Return the loss from before the step, which you
    have computed for the gradients."""
    tracked = _tracked(params)
    gradients = _gradients(_loss(x, tracked), tracked)
    updated = {name: value - lr * gradients[name] for name, value in params.items()}
    return updated, _loss(x, updated)


def autoencoder_train_step__code_detached(x, params, lr):
    """The decoder learns and the encoder does not: its parameters come back as they were. Its gradient comes through
    the code, so do not cut that off from the graph."""
    tracked = _tracked(params)
    code = torch.tanh(F.linear(x, params["enc_weight"], params["enc_bias"]))
    loss = (F.linear(code, tracked["dec_weight"], tracked["dec_bias"]) - x).square().sum(1).mean()
    loss.backward()
    step = {name: 0 if value.grad is None else lr * value.grad for name, value in tracked.items()}
    return {name: value - step[name] for name, value in params.items()}, loss


def autoencoder_train_step__mean_over_everything(x, params, lr):
    """The steps and the loss are too small by a factor of the number of features: that is the mean over all entries.
    The reconstruction loss sums over the features."""
    tracked = _tracked(params)
    loss = F.mse_loss(_forward(x, tracked), x)
    gradients = _gradients(loss, tracked)
    return {name: value - lr * gradients[name] for name, value in params.items()}, loss


def autoencoder_train_step__one_side_after_the_other(x, params, lr):
    """The decoder is right; the encoder's step was computed with the new decoder. Compute all four gradients at the old
    parameters before you change any of them."""
    tracked = _tracked(params)
    loss = _loss(x, tracked)
    gradients = _gradients(loss, tracked)
    updated = {name: value - lr * gradients[name] for name, value in params.items() if name.startswith("dec")}
    tracked = _tracked({**params, **updated})
    gradients = _gradients(_loss(x, tracked), tracked)
    updated |= {name: value - lr * gradients[name] for name, value in params.items() if name.startswith("enc")}
    return updated, loss


def autoencoder_train_step__biases_forgotten(x, params, lr):
    """The weights learn and the biases do not. A step moves all four parameters."""
    tracked = _tracked(params)
    loss = _loss(x, tracked)
    gradients = _gradients(loss, tracked)
    return {n: v - lr * gradients[n] if n.endswith("weight") else v for n, v in params.items()}, loss


def autoencoder_train_step__returns_gradients(x, params, lr):
    """The dict holds the gradients. Subtract them, times the learning rate, from the parameters, and return those."""
    tracked = _tracked(params)
    loss = _loss(x, tracked)
    return _gradients(loss, tracked), loss


def autoencoder_train_step__changes_the_old_parameters(x, params, lr):
    """The values are right, but the parameters that you were given were changed, and the caller may still need them.
    Make new tensors instead of subtracting in place."""
    tracked = _tracked(params)
    loss = _loss(x, tracked)
    gradients = _gradients(loss, tracked)
    for name, value in params.items():
        value -= lr * gradients[name]
    return params, loss


def mask_noise__no_noise(x, p, generator):
    """No entry becomes 0: the input comes back. Draw a mask and apply it."""
    return x.clone()


def mask_noise__rescales(x, p, generator):
    """The right share of entries is zeroed, but the others are divided by 1 - p. Dropout does that; masking noise
    leaves them as they are."""
    keep = torch.rand(x.shape, generator=generator) >= p
    return torch.where(keep, x / (1 - p), 0.0)


def mask_noise__keeps_with_probability_p(x, p, generator):
    """A share p of the entries is kept. It is the other way round: p is the probability that an entry becomes 0."""
    return x * (torch.rand(x.shape, generator=generator) < p)


def mask_noise__gaussian(x, p, generator):
    """Noise was added to every entry. That is another kind of damage; masking noise sets some entries to 0 and leaves
    the others alone."""
    return x + p * torch.randn(x.shape, generator=generator, dtype=x.dtype)


def mask_noise__randn(x, p, generator):
    """The share of zeros is not p: the numbers come from a normal distribution. Numbers that are compared with a
    probability must be evenly spread from 0 to 1."""
    return x * (torch.randn(x.shape, generator=generator) >= p)


def mask_noise__whole_examples(x, p, generator):
    """Whole rows become 0. Draw a number for every entry, not one per example: nobody can restore an example of which
    nothing is left."""
    return x * (torch.rand(x.shape[0], 1, generator=generator) >= p)


def mask_noise__same_features_for_all(x, p, generator):
    """The same features are missing in every example of the batch. Draw a number for every entry, so that each example
    has gaps of its own."""
    return x * (torch.rand(x.shape[1], generator=generator) >= p)


def mask_noise__fixed_number(x, p, generator):
    """Every example loses the same number of entries. That is how the first paper did it; here, each entry is drawn by
    itself, and only on average a share p becomes 0."""
    order = torch.rand(x.shape, generator=generator).argsort(dim=1).argsort(dim=1)
    return x * (order >= round(p * x.shape[1]))


def mask_noise__own_seed(x, p, generator):
    """The noise is the same whatever generator is given, and in every call. Draw from the generator in the
    argument, and do not seed."""
    return x * (torch.rand(x.shape, generator=torch.Generator().manual_seed(0)) >= p)


def mask_noise__changes_input(x, p, generator):
    """The values are right, but x itself was changed, and for training it is still needed as the target. Make a new
    tensor instead of writing zeros into x."""
    x[torch.rand(x.shape, generator=generator) < p] = 0
    return x


def linear_autoencoder__copies(x, code_size):
    """The input comes back as it was. That is right only when the code is as large as the input: keep as many
    directions as the code has numbers."""
    return x.clone()


def linear_autoencoder__not_centred(x, code_size):
    """The data were not centred, so a part of the code is spent on the mean. Subtract the mean of each feature first,
    and add it back at the end."""
    u, s, vh = torch.linalg.svd(x, full_matrices=False)
    return u[:, :code_size] * s[:code_size] @ vh[:code_size]


def linear_autoencoder__mean_not_added_back(x, code_size):
    """The reconstructions lie around 0: the mean was subtracted and not added back."""
    u, s, vh = torch.linalg.svd(x - x.mean(0), full_matrices=False)
    return u[:, :code_size] * s[:code_size] @ vh[:code_size]


def linear_autoencoder__directions_not_centred(x, code_size):
    """The directions were taken from the data as they are, and only then the data were centred. Centre first: otherwise
    the first direction mostly points at the mean."""
    mean = x.mean(0)
    v = torch.linalg.svd(x, full_matrices=False)[2][:code_size]
    return mean + (x - mean) @ v.T @ v


def linear_autoencoder__smallest_components(x, code_size):
    """You keep the directions in which the data vary least. torch.linalg.eigh sorts eigenvalues from small to large;
    the ones to keep stand at the end."""
    mean = x.mean(0)
    v = torch.linalg.eigh((x - mean).T @ (x - mean))[1][:, :code_size]
    return mean + (x - mean) @ v @ v.T


def linear_autoencoder__vh_taken_for_v(x, code_size):
    """You take columns of the third factor. torch.linalg.svd returns the transpose of V: the directions are its
    rows."""
    mean = x.mean(0)
    v = torch.linalg.svd(x - mean)[2][:, :code_size]
    return mean + (x - mean) @ v @ v.T


def linear_autoencoder__one_mean_for_all(x, code_size):
    """A single mean of all entries was subtracted. Each feature has a mean of its own, taken over the examples."""
    u, s, vh = torch.linalg.svd(x - x.mean(), full_matrices=False)
    return x.mean() + u[:, :code_size] * s[:code_size] @ vh[:code_size]


def linear_autoencoder__standardized(x, code_size):
    """The features were divided by their standard deviations. That changes which directions are the largest; the
    reconstruction error counts the features as they are, so centre them and no more."""
    mean, std = x.mean(0), x.std(0)
    u, s, vh = torch.linalg.svd((x - mean) / std, full_matrices=False)
    return mean + (u[:, :code_size] * s[:code_size] @ vh[:code_size]) * std


def linear_autoencoder__returns_codes(x, code_size):
    """The codes came back. Decode them with the same directions and add the mean."""
    centred = x - x.mean(0)
    return centred @ torch.linalg.svd(centred, full_matrices=False)[2][:code_size].T


def linear_autoencoder__changes_input(x, code_size):
    """The values are right, but x itself was centred in place, and the caller may still need it as it was. -= writes
    into the tensor on its left."""
    mean = x.mean(0)
    x -= mean
    v = torch.linalg.svd(x, full_matrices=False)[2][:code_size]
    return mean + x @ v.T @ v


def anomaly_scores__sum(x, reconstruction):
    """Too large by a factor of the number of features: take the mean of the squared errors of an example, not their
    sum."""
    return (reconstruction - x).square().sum(1)


def anomaly_scores__one_number(x, reconstruction):
    """A single number came back, the mean over the whole batch. Which example is unusual can no longer be seen in it:
    return one score per example."""
    return (reconstruction - x).square().mean()


def anomaly_scores__per_feature(x, reconstruction):
    """You take the mean over the examples, so there is one score per feature. It has to be one per example: the
    features lie along the second axis."""
    return (reconstruction - x).square().mean(0)


def anomaly_scores__root(x, reconstruction):
    """You took the square root at the end. The order of the examples is the same, but the score is the mean squared
    error itself."""
    return (reconstruction - x).square().mean(1).sqrt()


def anomaly_scores__absolute_errors(x, reconstruction):
    """You average absolute errors where squared ones are asked for."""
    return (reconstruction - x).abs().mean(1)


def anomaly_scores__standardized(x, reconstruction):
    """The scores were shifted and scaled by those of the other examples. The score of an example must depend on that
    example alone."""
    scores = (reconstruction - x).square().mean(1)
    return (scores - scores.mean()) / scores.std()


def anomaly_scores__extra_axis(x, reconstruction):
    """The scores are right but stand in a column, in a tensor with two axes. One axis is wanted."""
    return (reconstruction - x).square().mean(1, keepdim=True)


def anomaly_scores__square_of_mean(x, reconstruction):
    """You average the errors and square the mean, so errors of different sign cancel. Square first."""
    return (reconstruction - x).mean(1).square()
