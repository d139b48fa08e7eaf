# ---
# jupyter:
#   autograder:
#     profile: torch
#     questions: [A1, A16, A17, B1, B2, B4, B16, B41]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 29 · Training
#
# Everything so far was a part: a layer, a loss, a gradient, a step. Here you put the parts together and train four
# models from the first random number to the last prediction, each on a problem that shows what it is good for:
#
# | exercise | what it must learn | what cannot learn it |
# |---|---|---|
# | `train_logistic_regression` | a straight border between two classes | |
# | `mlp_classifier` | spirals that wind around each other | a linear model |
# | `sequence_regressor` | to recall a value that was seen some steps ago | a model without memory |
# | `image_classifier` | to recognise a pattern where it has never stood before | a model that does not share its weights |
#
# The first is compared number by number. The other three are judged by how well they predict for examples that they
# have not seen. The data are new in every grading run: your function gets a training set, trains, and predicts for a
# test set. The bars are far above what the models in the last column reach and far below what a network of the right
# kind does, so that no detail has to be tuned.
#
# **Rules of this topic.** Use PyTorch (all of it, `torch.nn` and `torch.optim` included), NumPy and the standard
# library. Tensors are on the CPU. The networks get float32 inputs and int64 class labels. Arguments stay as they
# were. A call may use five seconds of *one* processor; the training sets have some hundred examples, and a good
# solution needs less than one second.
#
# The last three exercises have these arguments in common:
#
# - `num_steps`, at least 1: how many times the weights are updated. Each update may use the whole training set or a
#   mini-batch of it.
# - `lr`: the learning rate. You may use any optimizer; the values in the tests suit **Adam**, and plain gradient
#   descent is too slow for some of them.
# - `generator`: a `torch.Generator` from which **all** randomness comes: initial weights, and mini-batches if you draw
#   any. The same generator must give the same predictions, another one others.
# - `x_test`: what to predict for. The prediction for an example must not depend on which others are tested with it,
#   so nothing may be computed from the test set as a whole, such as its mean.
#
# **Weights from a generator.** `nn.Linear`, `nn.Conv2d` and the other layers draw their initial weights from PyTorch's
# *global* generator and take no other. So let the global one go on from the state of yours while you build the model,
# and have it put back afterwards:
#
# ```python
# with torch.random.fork_rng():
#     torch.set_rng_state(generator.get_state())
#     model = nn.Linear(3, 1)
# ```
#
# Or draw the weights anew: `tensor.uniform_`, `tensor.normal_` and the functions of `torch.nn.init` take `generator=`.
#
# **Interview questions.** A1, A16, A17, B1, B2, B4, B16 and B41 (A and B are the two documents that this collection
# follows) ask what deep learning is and which models there are. You answer them by building those models: the
# multilayer perceptron of A1 and B1, the recurrent network of A17 and B41, the convolutional network of A16 and B16,
# and for each a problem that shows what B2 asks, why one would choose it. Where the documents' answers mislead:
#
# - A1 says that backpropagation adjusts the weights. It computes gradients and nothing else; the optimizer does the
#   adjusting. In your training loop these are two different lines. A1 also calls the network a simulation of the
#   brain. It is a composition of functions, fitted by gradient descent.
# - A16 says that pooling reduces the number of parameters. Pooling has no parameters, and a convolution has as many
#   after it as before it. It makes the *maps* smaller, and with them a dense layer that reads all of their pixels.
# - A17 speaks of a *recursive* structure; a network that is applied step after step along time is *recurrent*. B41
#   credits it with long-term memory. Through many steps the gradient usually vanishes. A1 and B2 say that the LSTM
#   solved this. It is much better at it, but every memory fades.
# - B4 says that a trained model adapts to new data by itself. It does not: after training its weights are fixed, and
#   they change only if you train again.
# - B16 reserves convolutions for images. They fit whatever lies on a grid: sound and text on a line, video in three
#   dimensions.

# %%
import torch
import torch.nn.functional as F
from torch import nn

# %% [markdown]
# ## `train_logistic_regression`: gradient descent, by the book
#
# The model is $p = \sigma(x \cdot w + b)$, the probability of class 1. The loss is the log loss, averaged over the $N$
# examples:
#
# $$L(w, b) = -\frac{1}{N} \sum_n \bigl[\, y_n \log p_n + (1 - y_n) \log(1 - p_n) \,\bigr]$$
#
# Differentiate it, and nearly everything cancels:
#
# $$\frac{\partial L}{\partial w} = \frac{1}{N} \sum_n (p_n - y_n)\, x_n \qquad
# \frac{\partial L}{\partial b} = \frac{1}{N} \sum_n (p_n - y_n)$$
#
# Start with all zeros, and take `num_steps` steps of plain gradient descent, each with the gradient over *all*
# examples: no momentum, no mini-batches, no regularisation, a constant learning rate. So the answer is determined to
# the last digit, and there is no generator. $w$ and $b$ take their steps together, from the same probabilities.
#
# The loss is convex, which is why zeros are a good start here. In a network with a hidden layer they are the worst.
#
# One trap, if you leave the derivatives to autograd: far on the wrong side of the border, $p_n$ is *rounded* to
# exactly 0 or 1. Its logarithm is then infinite or cut off, and its gradient lost, just where it should be largest.
# Losses that take the logits $x \cdot w + b$ do not suffer from this. The inputs in the tests go up to some 1000.


# %%
def train_logistic_regression(x, y, lr, num_steps):
    """Fit a logistic regression by full-batch gradient descent on the mean log loss, from zeros.

        p = sigmoid(x w + b)    w <- w - lr * mean((p - y) x)    b <- b - lr * mean(p - y)

    Args:
        x: examples, (N, D), float32 or float64.
        y: their classes, 0 or 1, (N,); int64, or floats of the dtype of x.
        lr: learning rate, a float.
        num_steps: number of steps, an int; after 0 steps everything is still zero.

    Returns:
        Tuple (weight, bias): tensors (D,) and (), a 0-d one.

    Source: Cox, 1958, "The regression analysis of binary sequences"; Bishop, 2006, "Pattern recognition and machine
    learning", section 4.3.2.
    """
    ### BEGIN SOLUTION
    weight, bias = x.new_zeros(x.shape[1]), x.new_zeros(())
    for _ in range(num_steps):
        error = torch.sigmoid(x @ weight + bias) - y
        weight = weight - lr * (error @ x) / len(x)
        bias = bias - lr * error.mean()
    return weight, bias
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Both gradients begin with the same vector of shape `(N,)`: by how much each probability exceeds its label.
#    Compute it once in each step, before anything is updated.
# 2. The sum over the examples of error times example is a vector times a matrix. Which way round gives the shape
#    `(D,)`? Do not forget to divide by the number of examples.
# 3. If your `y` holds integers and PyTorch complains, subtract it from the probabilities first: the result is a
#    tensor of floats.

# %% [markdown]
# ## `mlp_classifier`: what no straight line can do
#
# A multilayer perceptron with one hidden layer (or more, if you like) of `hidden_size` units:
#
# $$\text{logits} = W_2\, \phi(W_1 x + b_1) + b_2$$
#
# with an activation $\phi$ of your choice, trained with the cross entropy. The recipe is the same for nearly every
# network:
#
# 1. Build the model with random weights from `generator`. Zeros would make all hidden units equal, and equal they
#    would stay.
# 2. Repeat `num_steps` times: set the old gradients to zero, compute the loss and its gradients, take a step of the
#    optimizer.
# 3. Predict for `x_test`.
#
# Return **logits**, the scores before any softmax. `F.cross_entropy` expects them as well: it has the softmax built in.
#
# In the tests the classes are two or three arms of a spiral in the plane, trained with a learning rate of 0.1 for 600
# steps. You need 85 % right, on points that were not in the training set, and there a mean cross entropy below 1, which
# a network that is sure of its mistakes does not have. No straight line gets more than 80 %, even if it is chosen with
# the test points in view; a network gets nearly all of them.


# %%
def mlp_classifier(x_train, y_train, x_test, num_classes, hidden_size, num_steps, lr, generator):
    """Train a multilayer perceptron and classify with it.

        logits = W2 phi(W1 x + b1) + b2    trained on the mean cross entropy for num_steps steps

    Args:
        x_train: training examples, float32 (N, D).
        y_train: their classes, int64 from 0 to num_classes - 1, (N,); not every class need occur.
        x_test: examples to be classified, float32 (M, D).
        num_classes: number of classes K.
        hidden_size: number of hidden units (of each hidden layer, if there are more).
        num_steps: number of updates, at least 1.
        lr: learning rate; that of the tests suits Adam.
        generator: torch.Generator, the only source of randomness.

    Returns:
        Logits for x_test, (M, K).

    Source: Goodfellow, Bengio & Courville, 2016, "Deep Learning", chapter 6; Kingma & Ba, 2015, "Adam: a method for
    stochastic optimization".
    """
    ### BEGIN SOLUTION
    with torch.random.fork_rng():
        torch.set_rng_state(generator.get_state())
        model = nn.Sequential(nn.Linear(x_train.shape[1], hidden_size), nn.ReLU(), nn.Linear(hidden_size, num_classes))
    optimizer = torch.optim.Adam(model.parameters(), lr)
    for _ in range(num_steps):
        optimizer.zero_grad()
        F.cross_entropy(model(x_train), y_train).backward()
        optimizer.step()
    return model(x_test)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Build the model with `nn.Sequential`, or write it with two weight matrices of your own that require a gradient.
#    The beginning of this notebook shows how its weights come from `generator`.
# 2. The loop has four lines: `zero_grad`, the loss of all training examples, `backward`, `step`. If the loss does not
#    fall, look which of the four is missing; if it falls but the test fails, look whether the model has an activation.

# %% [markdown]
# What the network makes of two spirals: the colour is the class that it predicts at each point of the plane. With 2
# hidden units the border is nearly a straight line, 8 give it a few corners, and with 32 it winds along.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# generator = torch.Generator().manual_seed(0)
# y = torch.arange(200) % 2
# radius = 0.15 + 0.85 * torch.rand(200, generator=generator)
# angle = 2 * torch.pi * (radius + y / 2) + 0.1 * torch.randn(200, generator=generator)
# x = 2 * radius[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)
#
# ticks = torch.linspace(-2.2, 2.2, 150)
# plane = torch.cartesian_prod(ticks, ticks)
# figure, axes = plt.subplots(1, 3, figsize=(11, 3.6))
# for axis, hidden_size in zip(axes, [2, 8, 32]):
#     logits = mlp_classifier(x, y, plane, 2, hidden_size, 600, 0.1, torch.Generator().manual_seed(1)).detach()
#     predicted = (logits[:, 1] > logits[:, 0]).reshape(150, 150).T
#     axis.imshow(predicted, origin="lower", extent=(-2.2, 2.2, -2.2, 2.2), cmap="coolwarm", alpha=0.4)
#     axis.scatter(*x.T, c=y, cmap="coolwarm", s=10)
#     axis.set(title=f"{hidden_size} hidden units", xticks=[], yticks=[])
# plt.show()

# %% [markdown]
# ## `sequence_regressor`: remember
#
# A recurrent network reads a sequence one value at a time and carries a **state** of `hidden_size` numbers from step
# to step. The prediction is a linear function of the last state:
#
# $$h_t = \tanh(w x_t + U h_{t-1} + b) \qquad \hat y = v \cdot h_T + c$$
#
# or the same with an LSTM or a GRU in place of the tanh, trained with the mean squared error.
#
# In the tests the target is the first or second value of the sequence, and all others are noise. Whoever looks only at
# the last step knows nothing about it; the best they can do is to predict the mean, with an error as large as the
# variance of the targets. Whoever looks at all values but not at their order hardly gets below three quarters of it.
# Your network must get below half of it, on sequences that it has not seen; nearly zero is within reach. The sequences
# have four or five steps and are trained with a learning rate of 0.02 for 200 steps.
#
# Two classic mistakes, neither of which raises an error. PyTorch's recurrent layers take *time* as the first axis
# unless you say `batch_first=True`: then the state wanders from one example to the next instead of through time. And
# if predictions have the shape `(N,)` but targets `(N, 1)`, their difference is a matrix, `(N, N)`: each prediction is
# compared with every target.


# %%
def sequence_regressor(x_train, y_train, x_test, hidden_size, num_steps, lr, generator):
    """Train a recurrent network to predict one number from a sequence.

        h_t = cell(x_t, h_{t-1})    prediction = v h_T + c    trained on the mean squared error for num_steps steps

    Args:
        x_train: training sequences, float32 (N, T, 1).
        y_train: their targets, float32 (N, 1).
        x_test: sequences to predict for, float32 (M, T, 1).
        hidden_size: number of entries of the state.
        num_steps: number of updates, at least 1.
        lr: learning rate; that of the tests suits Adam.
        generator: torch.Generator, the only source of randomness.

    Returns:
        Predictions for x_test, (M, 1).

    Source: Elman, 1990, "Finding structure in time"; Hochreiter & Schmidhuber, 1997, "Long short-term memory";
    Cho et al., 2014, "Learning phrase representations using RNN encoder-decoder" (the GRU).
    """
    ### BEGIN SOLUTION
    with torch.random.fork_rng():
        torch.set_rng_state(generator.get_state())
        recurrent = nn.RNN(1, hidden_size, batch_first=True)
        head = nn.Linear(hidden_size, 1)

    def predict(x):
        states, _ = recurrent(x)
        return head(states[:, -1])

    optimizer = torch.optim.Adam([*recurrent.parameters(), *head.parameters()], lr)
    for _ in range(num_steps):
        optimizer.zero_grad()
        F.mse_loss(predict(x_train), y_train).backward()
        optimizer.step()
    return predict(x_test)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. `nn.RNN`, `nn.GRU` and `nn.LSTM` return two things: the outputs of all steps, and the last state. Print their
#    shapes before you use them.
# 2. They do not fit into `nn.Sequential`, because of the two results. Write a small `nn.Module`, or a function inside
#    yours, that applies the recurrent layer and then a linear one; the training loop is that of `mlp_classifier`, with
#    another loss.
# 3. If the error stays as large as the variance of the targets, check the two mistakes above: print the shapes of
#    predictions and targets, and find out which axis your layer takes for time.

# %% [markdown]
# Predictions against targets, on sequences of six steps that the network has not seen. At first it knows nothing and
# predicts nearly the same for all; then, within some ten steps of training, it discovers the first value. The error is
# given as a share of the variance of the targets.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# x = 2 * torch.rand(300, 6, 1, generator=torch.Generator().manual_seed(0)) - 1
# y = x[:, 0]
# figure, axes = plt.subplots(1, 4, figsize=(12, 3.2), sharey=True)
# for axis, num_steps in zip(axes, [5, 20, 60, 200]):
#     generator = torch.Generator().manual_seed(1)
#     prediction = sequence_regressor(x[:128], y[:128], x[128:], 16, num_steps, 0.02, generator).detach()
#     share = ((prediction - y[128:]) ** 2).mean() / y[128:].var()
#     axis.scatter(y[128:], prediction, s=8)
#     axis.set(title=f"{num_steps} steps: error {share:.2f}", xlabel="target")
# axes[0].set_ylabel("prediction")
# plt.show()

# %% [markdown]
# ## `image_classifier`: the same pattern everywhere
#
# In the tests each image shows one small pattern of $3 \times 3$ pixels on a noisy background. Which of two or three
# patterns it is makes the class; they are equally bright, so that counting bright pixels does not help. The training
# images show them at four fifths of all places, the test images at **the other places**, where no training image has
# one.
#
# A dense network has a weight of its own for every pixel, so what it learns about a pattern in one corner tells it
# nothing about the same pattern in another. A convolution slides **one** small kernel over the whole image: weights
# that are shared by all places work at all places, whether or not something stood there in training.
#
# What comes after the convolution matters as much. A dense layer that reads every pixel of the maps has a weight for
# each place again. **Pooling** makes it forget the place. If you take the maximum (or the mean) of each map over *all*
# places, the network does not even know where the pattern stood, and need not: one convolution, an activation, that
# maximum and a linear layer are enough. Small pooling windows of $2 \times 2$ pixels work too, if less well, since they
# mostly hold some place that was seen.
#
# There are 160 or 200 training images, and they are trained with a learning rate of 0.01 for 120 steps. You need 75 %
# of two patterns right, or 65 % of three. A dense network gets *fewer* than it would by guessing, for the other patterns
# around an unseen place look more like the new image than the right one does; a convolution with pooling over the whole
# map gets nearly all of them.


# %%
def image_classifier(x_train, y_train, x_test, num_classes, num_steps, lr, generator):
    """Train a convolutional network and classify images with it.

        logits = linear(pooling(activation(convolution(x))))    trained on the mean cross entropy for num_steps steps

    Args:
        x_train: training images, one channel, float32 (N, 1, S, S); S is at least 8.
        y_train: their classes, int64 from 0 to num_classes - 1, (N,); not every class need occur.
        x_test: images to be classified, float32 (M, 1, S, S).
        num_classes: number of classes K.
        num_steps: number of updates, at least 1.
        lr: learning rate; that of the tests suits Adam.
        generator: torch.Generator, the only source of randomness.

    Returns:
        Logits for x_test, (M, K).

    Source: LeCun, Bottou, Bengio & Haffner, 1998, "Gradient-based learning applied to document recognition";
    Lin, Chen & Yan, 2014, "Network in network", for pooling over the whole map.
    """
    ### BEGIN SOLUTION
    with torch.random.fork_rng():
        torch.set_rng_state(generator.get_state())
        pooling = nn.AdaptiveMaxPool2d(1), nn.Flatten()  # over the whole map, so that no place is special
        model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), *pooling, nn.Linear(8, num_classes))
    optimizer = torch.optim.Adam(model.parameters(), lr)
    for _ in range(num_steps):
        optimizer.zero_grad()
        F.cross_entropy(model(x_train), y_train).backward()
        optimizer.step()
    return model(x_test)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Everything but the model is as in `mlp_classifier`.
# 2. How large must a kernel be to see a whole pattern? Have a few more kernels than patterns, since some start badly.
# 3. `nn.AdaptiveMaxPool2d(1)` takes the maximum over each map; its result still has two axes of length 1, which
#    `nn.Flatten` removes. Then the number of inputs of the linear layer is the number of kernels, whatever S is.

# %% [markdown]
# A noisy image with a cross in it, and what a convolution whose kernel is that cross makes of it: the map has its
# maximum where the cross stands. Training has to find such kernels by itself, from nothing but labels.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# cross = torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0]])
# image = 0.4 * torch.randn(12, 12, generator=torch.Generator().manual_seed(2))
# image[6:9, 2:5] += 2 * cross
# response = F.conv2d(image[None, None], cross[None, None] - 0.5, padding=1)[0, 0].relu()
#
# figure, axes = plt.subplots(1, 2, figsize=(7, 3.4))
# for axis, name, picture in zip(axes, ["image", "after the convolution and a ReLU"], [image, response]):
#     axis.imshow(picture, cmap="gray")
#     axis.set(title=name, xticks=[], yticks=[])
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="B2"
# - 1 point: the multilayer perceptron connects every unit with every one of the layer before: for vectors whose entries
#   have no order.
# - 1 point: a CNN slides small shared kernels over its input, so it finds a pattern anywhere: for images and other
#   grids.
# - 1 point: an RNN (LSTM, GRU) carries a state from step to step, or attention compares all positions at once: for
#   sequences.
# - 1 point: says how to choose: the structure of the data decides, since a model that has it built in needs fewer
#   examples and weights; or names a further family with its purpose.
