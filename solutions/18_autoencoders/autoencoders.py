# ---
# jupyter:
#   autograder:
#     profile: torch
#     questions: [A8, A20, A28, A45, B45]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 18 · Autoencoders
#
# An autoencoder is trained to return its own input. That would be no feat if it could simply pass the input on, so
# something stands in its way: in the middle there is a **code** with fewer numbers than the input has, or the input is
# damaged first, or the code is penalized. To succeed all the same, the network has to find out what the examples have
# in common. No labels are needed, since the input is also the target.
#
# $$x \;\xrightarrow{\text{encoder}}\; z \;\xrightarrow{\text{decoder}}\; \hat x \approx x$$
#
# You will write the smallest autoencoder that deserves the name: one dense layer for the encoder, one for the decoder,
# the loss, and a training step for both. Then come three things that are built on it: the noise of a *denoising*
# autoencoder, the linear autoencoder, whose best weights need no training at all, and scores that tell unusual
# examples from ordinary ones.
#
# **Rules of this topic.** Use PyTorch (all of it), NumPy and the standard library. Tensors are on the CPU and hold
# finite floats, all float64 or all float32; they require no gradient. $N$ is the number of examples, $D$ that of
# features, $K$ the size of the code. $K$ is usually smaller than $D$, but no function may rely on it. Arguments stay
# as they were: `+=` and functions whose name ends with an underscore write into the tensor that they are given, so use
# them on tensors of your own only.
#
# **The parameters** are a dict of four tensors. Take them by their names, not by their order:
#
# | name | shape |
# |---|---|
# | `enc_weight` | $(K, D)$ |
# | `enc_bias` | $(K,)$ |
# | `dec_weight` | $(D, K)$ |
# | `dec_bias` | $(D,)$ |
#
# **Interview questions.** A8, A20, A28, A45 and B45 (A and B are the two documents that this collection follows) ask
# what an autoencoder is. Their answers need correcting:
#
# - A8, A20 and A45 say that the decoder usually consists of transposed convolutions and has the structure of the
#   encoder. A decoder may be any function from codes to inputs. Dense layers are as common, and neither a mirrored
#   structure nor shared ("tied") weights are required. Here the decoder has weights of its own.
# - B45 says that encoder and decoder together turn the input into a low-dimensional code. The encoder alone does that;
#   the decoder leads back.
# - A8, A20 and A28 promise that the code keeps what matters and drops what is redundant, and A45 that training makes
#   the model robust. Nothing in the reconstruction error asks for either. With a large code and nothing else, copying
#   the input is as good as it gets. What helps is a small code, a penalty, or noise (`mask_noise`); and how much a
#   small code with linear layers can learn is known exactly (`linear_autoencoder`).
# - A28 gives encoder and decoder a training process each. There is only one, as its own list of steps then shows: one
#   loss and one step for all parameters, and the encoder's gradient comes through the decoder.
# - A45 names the mean squared error without saying over what the mean is taken. It changes the size of every gradient
#   (`reconstruction_loss`).

# %%
import torch
import torch.nn.functional as F

# %% [markdown]
# ## `encode`: from the input to the code
#
# $$z = \tanh(W_\text{enc}\, x + b_\text{enc})$$
#
# for every example, that is, for every row of the batch. The tanh keeps each entry of the code between $-1$ and $1$.
# It must be right for large inputs, too: at $\pm 10^4$ it is $\pm 1$, not NaN.


# %%
def encode(x, params):
    """The code of every example: a dense layer and tanh.

        z = tanh(x enc_weight^T + enc_bias)

    Args:
        x: examples, (N, D).
        params: dict of tensors, of which enc_weight (K, D) and enc_bias (K,) are used.

    Returns:
        Codes, (N, K).

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", chapter 14.
    """
    ### BEGIN SOLUTION
    return torch.tanh(F.linear(x, params["enc_weight"], params["enc_bias"]))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Follow the shapes: from $(N, D)$ and $(K, D)$ to $(N, K)$. Which of the two has to be transposed?
# 2. The bias belongs inside the tanh. PyTorch has functions for the dense layer and for the tanh.

# %% [markdown]
# ## `decode`: from the code to the reconstruction
#
# $$\hat x = W_\text{dec}\, z + b_\text{dec}$$
#
# The last layer has to be able to produce every value that the data can have. A tanh here could never return a 3, a
# sigmoid or a ReLU never a negative number; a published solution to an exercise like this one has a sigmoid at the end
# and inputs from $-1$ to $1$. So the decoder of real-valued data is linear at its end, and ours has no other layer.
#
# The decoder does not *invert* the encoder, which is impossible in general: with $K < D$ many inputs share one code.
# It returns one answer per code, and training makes that a good compromise.


# %%
def decode(code, params):
    """The reconstruction that belongs to every code: a dense layer without an activation.

        x_hat = z dec_weight^T + dec_bias

    Args:
        code: codes, (N, K); any finite numbers, not only those that encode can return.
        params: dict of tensors, of which dec_weight (D, K) and dec_bias (D,) are used.

    Returns:
        Reconstructions, (N, D).

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", chapter 14.
    """
    ### BEGIN SOLUTION
    return F.linear(code, params["dec_weight"], params["dec_bias"])
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. It is the encoder's dense layer with the decoder's parameters. Does anything follow it?
# 2. Shapes again: from $(N, K)$ and $(D, K)$ to $(N, D)$.

# %% [markdown]
# ## `reconstruction_loss`: what training makes small
#
# $$L = \frac{1}{N} \sum_{n=1}^{N} \sum_{d=1}^{D} (\hat x_{nd} - x_{nd})^2$$
#
# Each example costs the squared distance between itself and its reconstruction; the loss is the mean cost of an
# example. So the sum runs over features and the mean over the batch. There is no factor $\tfrac12$.
#
# `torch.nn.functional.mse_loss` takes the mean over *all* entries by default, which is smaller by a factor of $D$. Both
# have the same minimum, but not the same gradient: a learning rate that suits one does not suit the other, and neither
# does a weight at which another term is added to the loss.


# %%
def reconstruction_loss(x, reconstruction):
    """Squared error, summed over the features and averaged over the batch.

        L = 1/N sum_n sum_d (reconstruction_nd - x_nd)^2

    Args:
        x: examples, (N, D).
        reconstruction: their reconstructions, (N, D).

    Returns:
        The loss, a 0-d tensor.

    Source: Vincent, Larochelle, Bengio & Manzagol, 2008, "Extracting and composing robust features with denoising
    autoencoders", section 2.2.
    """
    ### BEGIN SOLUTION
    return (reconstruction - x).square().sum(dim=1).mean()
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Three steps in this order: square the differences, sum up what belongs to one example, take the mean of that.
# 2. Which axis holds the features? After the sum there should be $N$ numbers left.

# %% [markdown]
# ## `autoencoder_train_step`: one step of gradient descent
#
# Encode the batch, decode it, compute the loss $L$, and move *every* parameter against its gradient:
#
# $$\theta \leftarrow \theta - \eta \, \frac{\partial L}{\partial \theta}$$
#
# with the learning rate $\eta$. All four gradients are those at the *old* parameters. The gradient of the encoder's
# weights arrives through the decoder, so the code must not be cut off from the graph (`detach`).
#
# The step returns the new parameters as a new dict, and the loss from *before* the step, which has been computed
# anyway. Neither needs to require a gradient.
#
# Autograd is the short way. To make PyTorch record what happens to the parameters, work on copies that require
# gradients, so that the dict and the tensors that you were given stay as they were.


# %%
def autoencoder_train_step(x, params, lr):
    """One step of gradient descent on the reconstruction loss, for encoder and decoder together.

        L = reconstruction_loss(x, decode(encode(x)))        new parameter = parameter - lr * dL/dparameter

    Args:
        x: examples, (N, D).
        params: dict of tensors: enc_weight (K, D), enc_bias (K,), dec_weight (D, K), dec_bias (D,).
        lr: float, the learning rate, at least 0.

    Returns:
        Tuple (new_params, loss): a new dict with the four updated parameters, and the loss before the step, a 0-d
        tensor.

    Source: Rumelhart, Hinton & Williams, 1986, "Learning internal representations by error propagation"; Goodfellow,
    Bengio & Courville, 2016, "Deep Learning", chapter 14.
    """
    ### BEGIN SOLUTION
    tracked = {name: value.detach().requires_grad_() for name, value in params.items()}
    loss = reconstruction_loss(x, decode(encode(x, tracked), tracked))
    gradients = torch.autograd.grad(loss, list(tracked.values()))
    updated = {name: value - lr * gradient for (name, value), gradient in zip(params.items(), gradients)}
    return updated, loss.detach()
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. You have written all that happens before the loss. Which tensors must require a gradient before you start?
# 2. `tensor.detach().clone().requires_grad_()` makes a copy that PyTorch keeps track of. Make a dict of four such
#    copies and compute the loss with it.
# 3. `torch.autograd.grad(loss, tensors)` returns the gradients in the order of the tensors; `loss.backward()` leaves
#    each in the `.grad` of its tensor. Subtract $\eta$ times the gradient and return the loss that you have.

# %% [markdown]
# ## `mask_noise`: damage the input
#
# A *denoising* autoencoder gets a damaged input and has to return the undamaged one:
#
# $$\tilde x = \text{noise}(x), \qquad L = \text{reconstruction\_loss}(x, \text{decode}(\text{encode}(\tilde x)))$$
#
# Now copying does not help, and the code may even be larger than the input. To fill the gaps, the network has to learn
# which features go together. It is this noise that brings the robustness of which A45 speaks.
#
# Masking noise sets entries to 0. Each entry is treated by itself and set to 0 with probability $p$; all others stay
# **as they are**. That is the difference from dropout in training, which divides what is left by $1 - p$: there, the
# next layer should get the same amount on average, while here, a kept entry should be a true one.
#
# Vincent et al. (2008) set a *fixed number* of entries per example to 0, chosen at random. Here each entry is drawn
# independently, so the number varies.
#
# Take every random number from the `generator`, so that the noise can be repeated: most of PyTorch's functions that
# draw numbers have an argument for it. Drawing moves it on, and the next batch gets other gaps. No test knows which
# entries you zero. The tests look at what must hold for every mask and at how many of many entries are 0, with limits
# so wide that a right answer fails less than once in a million runs.


# %%
def mask_noise(x, p, generator):
    """Masking noise: each entry is 0 with probability p, independently, and otherwise unchanged.

        P(noisy_i = 0) = p        P(noisy_i = x_i) = 1 - p        (no division by 1 - p)

    Args:
        x: examples, (N, D).
        p: float, 0 <= p <= 1, the probability that an entry becomes 0.
        generator: torch.Generator, the only source of randomness; drawing moves it on.

    Returns:
        New tensor of the shape of x.

    Source: Vincent, Larochelle, Lajoie, Bengio & Manzagol, 2010, "Stacked denoising autoencoders", section 3.3.
    """
    ### BEGIN SOLUTION
    return x * (torch.rand(x.shape, generator=generator) >= p)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. `torch.rand` gives numbers that are evenly spread from 0 to 1. Which share of them lies below `p`?
# 2. Draw one number per entry. Comparing them with `p` gives a boolean tensor of the shape of `x`; decide which way
#    round it has to be. A boolean tensor multiplies like zeros and ones.

# %% [markdown]
# ## `linear_autoencoder`: the best one without an activation
#
# Leave out the tanh. Then the reconstruction is a linear function of the input with a bottleneck of $K$ numbers, and
# nothing has to be trained, because the best solution is known (Baldi & Hornik, 1989): it is **principal component
# analysis**. With the mean $\mu$ of every feature and the *centred* data $x - \mu$, the best reconstructions are
#
# $$\hat x = \mu + V_K V_K^\top (x - \mu)$$
#
# The columns of $V_K$ are the $K$ directions in which the centred data vary most: its first $K$ right singular
# vectors, or the eigenvectors of the covariance matrix with the $K$ *largest* eigenvalues. $V_K^\top$ encodes, $V_K$
# decodes. A trained linear autoencoder of the same loss finds the same reconstructions, though its code may be another
# basis of the same subspace.
#
# The tanh in `encode` does not help against this bound. The decoder is linear, so whatever the code is, all
# reconstructions lie in a plane of $K$ dimensions, and PCA's is the best of those (Bourlard & Kamp, 1988). To beat PCA,
# a network needs hidden layers in its *decoder*.
#
# A few traps. Data that are not centred have a first singular vector that mostly points at the mean. PyTorch's
# `torch.linalg.svd` returns $V^\top$, not $V$; `torch.linalg.eigh` sorts eigenvalues from small to large. Features are
# centred, not standardized. And `torch.pca_lowrank` is only approximate, not precise enough for the tests.


# %%
def linear_autoencoder(x, code_size):
    """The best reconstruction of the examples by a linear autoencoder, from principal component analysis.

        x_hat = mean + (x - mean) V V^T        mean over the examples; V: the first code_size right singular vectors
                                               of x - mean, (D, code_size)

    Args:
        x: examples, (N, D), N at least 2.
        code_size: int, at least 1, at most N and at most D.

    Returns:
        Reconstructions, (N, D): of all tensors whose rows, less the mean, have rank code_size or less, the one with
        the smallest reconstruction_loss. In the tests, it is unique.

    Source: Baldi & Hornik, 1989, "Neural networks and principal component analysis"; Bourlard & Kamp, 1988,
    "Auto-association by multilayer perceptrons and singular value decomposition".
    """
    ### BEGIN SOLUTION
    mean = x.mean(dim=0)
    centred = x - mean
    _, _, directions = torch.linalg.svd(centred, full_matrices=False)
    directions = directions[:code_size]
    return mean + centred @ directions.T @ directions
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Centre the data: one mean per feature. Keep the mean, since you need it again at the end.
# 2. Take the singular value decomposition of the centred data. Which rows or columns of which factor are directions in
#    the space of the features? They have length $D$.
# 3. Encode by multiplying with the first `code_size` directions, $(N, D)$ to $(N, K)$; decode with the same
#    directions, back to $(N, D)$.

# %% [markdown]
# ## `anomaly_scores`: which examples are unusual?
#
# An autoencoder that was trained on ordinary examples reconstructs ordinary examples well, and others badly, at least
# if they do not resemble what it knows. So the error of an example can serve as its score:
#
# $$s_n = \frac{1}{D} \sum_{d=1}^{D} (\hat x_{nd} - x_{nd})^2$$
#
# The higher, the more unusual. This time it is the *mean* over the features, so that scores do not grow with their
# number, and there is one score per example: averaging over the batch would hide exactly what is looked for. Where to
# draw the line is another matter; it is usually chosen from the scores of examples that were held back.
#
# A low score does not prove that an example is ordinary. An autoencoder with a large code reconstructs nearly
# everything, anomalies included.


# %%
def anomaly_scores(x, reconstruction):
    """One mean squared error per example.

        s_n = 1/D sum_d (reconstruction_nd - x_nd)^2

    Args:
        x: examples, (N, D).
        reconstruction: their reconstructions, (N, D).

    Returns:
        Scores, (N,).

    Source: Sakurada & Yairi, 2014, "Anomaly detection using autoencoders with nonlinear dimensionality reduction".
    """
    ### BEGIN SOLUTION
    return (reconstruction - x).square().mean(dim=1)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. How does this differ from `reconstruction_loss`? There are two differences.
# 2. Only one axis disappears, that of the features.

# %% [markdown]
# Left: an autoencoder with a code of two numbers learns 5 features that vary mostly in two directions. Its loss comes
# close to that of the linear autoencoder, and cannot fall below it, tanh or not.
#
# Right: 2 features, a code of one number. The dots are the training data; the colour is the score of each place. High
# scores lie off the line along which the data are spread. Along the line, the tanh lets the decoder follow only as far
# as the code reaches, and beyond its ends the scores rise as well. The linear autoencoder would give all points of the
# line a score of 0, however far out.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
#
# def train(x, code_size, lr, steps):
#     features, losses = x.shape[1], []
#     params = {
#         "enc_weight": 0.1 * torch.randn(code_size, features, generator=generator),
#         "enc_bias": torch.zeros(code_size),
#         "dec_weight": 0.1 * torch.randn(features, code_size, generator=generator),
#         "dec_bias": torch.zeros(features),
#     }
#     for _ in range(steps):
#         params, loss = autoencoder_train_step(x, params, lr)
#         losses.append(float(loss))
#     return params, losses
#
#
# generator = torch.Generator().manual_seed(0)
# figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4))
#
# x = torch.randn(200, 2, generator=generator) @ torch.randn(2, 5, generator=generator)
# x = x + 0.3 * torch.randn(200, 5, generator=generator)
# params, losses = train(x, 2, 0.01, 4000)
# left.plot(losses, label="trained, with tanh")
# floor = float(reconstruction_loss(x, linear_autoencoder(x, 2)))
# left.axhline(floor, color="black", linestyle="--", label="linear autoencoder (PCA)")
# left.set(xlabel="step", ylabel="reconstruction loss", xscale="log", ylim=0)
# left.legend()
#
# x = torch.randn(300, 2, generator=generator) * torch.tensor([1.5, 0.2]) @ torch.tensor([[0.8, 0.6], [-0.6, 0.8]])
# params, _ = train(x, 1, 0.02, 2000)
# side = torch.linspace(-8, 8, 81)
# places = torch.cartesian_prod(side, side)
# scores = anomaly_scores(places, decode(encode(places, params), params)).reshape(81, 81)
# picture = right.contourf(side, side, scores.T, [0, 0.1, 0.5, 1, 2, 5, 10, 20, 60], cmap="viridis", norm="symlog")
# right.scatter(*x.T, s=4, color="white")
# right.set(title="anomaly score", xlabel="feature 1", ylabel="feature 2", aspect="equal")
# figure.colorbar(picture)
# plt.tight_layout()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="A28"
# - 1 point: the encoder turns an input into a code; the decoder turns the code into a reconstruction.
# - 1 point: both are trained together to make the reconstruction error small; no labels are needed.
# - 1 point: why it does not learn the identity: the code is narrow, or noise or a penalty is added; a linear one with
#   squared error finds the subspace of PCA.
# - 1 point: a use, with the part that is used: compression or features (the code), denoising, anomalies (a large
#   reconstruction error).
