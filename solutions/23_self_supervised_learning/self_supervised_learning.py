# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [B24, B30]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 23 · Self-supervised learning
#
# Photographs and sentences are cheap; somebody who writes down what is in them is not. Self-supervised learning makes
# up questions whose answers are already in the data: part of an example is changed, hidden or held back, and the model
# is asked about it. Nobody cares for the answers. To give them, the model has to learn features, and these are used
# afterwards for the task that has only a few labels.
#
# You will write four ways to make such questions, and two losses:
#
# - *What was done to it?* `rotation_batch` turns images, and the label says by how much.
# - *What is missing?* `mask_tokens` hides words. For images, `masked_reconstruction_loss` scores the guesses.
# - *What comes next?* `next_token_pairs` cuts a text into inputs and targets, as for a GPT.
# - *What belongs together?* `info_nce_loss` asks which two of many vectors come from the same image.
#
# The calculations are short. What has to be right is the bookkeeping: which label belongs to which image, which
# positions count, and which pairs.
#
# **Rules of this topic.** Use NumPy and the standard library. Arrays of floats are finite, float64 or float32; tokens
# are arrays of integers, int64 or int32. Arguments stay as they were. `rng` is a `np.random.Generator`; every random
# number is drawn from it, not from `np.random.rand` and the like, and not from a generator of your own.
#
# **Interview questions.** B24 and B30, which are the same question with the same answer (B is the second of the two
# documents that this collection follows). Three points of it need correcting:
#
# - They explain self-supervised learning as getting something useful out of unlabelled data. So do clustering and
#   principal component analysis, which are unsupervised but not self-supervised. What sets it apart is that *labels
#   are made from the data*, and a model is then trained on them in the ordinary, supervised way.
# - B30 recommends it where data are scarce. It is *labels* that may be scarce. Of data without labels it needs a lot,
#   more than supervised training does.
# - Both say that training becomes more efficient. What becomes cheaper is labelling. The training before the actual
#   task takes far more computation than that task alone; it pays because many tasks can share its result.
#
# The uses that they list are images and speech. The largest is missing: language models are trained by predicting
# hidden or following words.

# %%
import numpy as np

# %% [markdown]
# ## `rotation_batch`: which way is up?
#
# Every image is shown four times, turned by 0, 90, 180 and 270 degrees, and the model has to say by how much: a
# classification with four classes. To see that a dog stands on its head, it helps to know what heads and legs look
# like. The images must be square, so that a quarter turn keeps their shape.
#
# Conventions of this exercise:
#
# - Turns are *counter-clockwise* as you look at the picture, with row 0 at the top:
#
#   $$\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \;\longrightarrow\; \begin{pmatrix} 2 & 4 \\ 1 & 3 \end{pmatrix}$$
#
# - The label $k$ is the number of quarter turns: 0, 1, 2 or 3, not an angle.
# - The batch comes in four blocks: all images upright, in their order, then all of them turned by 90 degrees, then by
#   180, then by 270. So image $n$ turned $k$ times is entry $kN + n$.


# %%
def rotation_batch(images):
    """Every image in four orientations, and the number of quarter turns as the label.

        batch[k * N + n] = images[n] turned k times by 90 degrees counter-clockwise
        labels[k * N + n] = k                                                           k = 0, 1, 2, 3

    Args:
        images: (N, C, S, S) floats, N at least 1; row 0 is at the top of the picture.

    Returns:
        Tuple (batch, labels): batch (4N, C, S, S), labels (4N,) integers from 0 to 3.

    Source: Gidaris, Singh & Komodakis, 2018, "Unsupervised representation learning by predicting image rotations",
    section 2.
    """
    ### BEGIN SOLUTION
    turned = [np.rot90(images, k, axes=(2, 3)) for k in range(4)]
    return np.concatenate(turned), np.repeat(np.arange(4), len(images))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. NumPy has a function that turns arrays by quarters of a circle. Which two axes does it turn unless it is told, and
#    which two are the rows and columns of the pictures here? Try it on the 2 x 2 example.
# 2. Without that function, a quarter turn is two steps: exchange rows and columns, then turn one of the two axes round.
#    Which one decides whether the picture turns left or right.
# 3. Make the four versions of the whole array and join them along axis 0. The labels have the same block structure:
#    N times 0, then N times 1, and so on. NumPy can repeat each entry of an array, or the array as a whole.

# %% [markdown]
# A batch made from two images with one channel. The label of each picture is above it.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# images = np.zeros((2, 1, 7, 7))
# images[0, 0, 1:6, 2] = images[0, 0, 1, 2:5] = images[0, 0, 3, 2:4] = 1  # the letter F
# images[1, 0, 1:6, 4] = images[1, 0, 5, 2:5] = 1  # the letter J
#
# batch, labels = rotation_batch(images)
# figure, axes = plt.subplots(1, 8, figsize=(11, 1.7))
# for ax, image, label in zip(axes, batch, labels):
#     ax.imshow(image[0], cmap="Greys")
#     ax.set(title=label, xticks=[], yticks=[])
# plt.show()

# %% [markdown]
# ## `mask_tokens`: fill in the gaps
#
# A text is a sequence of *tokens*, integers that stand for words or parts of words. Some are chosen at random and
# replaced by the token `mask_id`, which stands for "something is missing here". The model sees the result and predicts
# what was there. It is scored at the chosen positions only; to copy a word that it can see would be too easy.
#
# So two arrays are needed: what the model sees, and what it should predict. The second holds the original token where
# something was masked, and $-100$ elsewhere, which means "do not count this position". PyTorch's cross entropy leaves
# out targets of $-100$ unless it is told otherwise; that is where the number comes from.
#
# $$\mathrm{masked}_i, \mathrm{targets}_i = \begin{cases}
# \texttt{mask\_id}, \; \mathrm{tokens}_i & \text{with probability } p \\
# \mathrm{tokens}_i, \; -100 & \text{otherwise} \end{cases}$$
#
# Some details to watch:
#
# - Every token is chosen by itself, in every row of a batch anew. How many are chosen is therefore random as well:
#   $p$ times their number only on average.
# - A token that happens to be `mask_id` already is treated like any other. It is chosen with probability $p$, and then
#   its target is `mask_id`; otherwise its target is $-100$. You cannot tell from `masked` alone which it was.
# - This is the plain form. BERT chooses 15% of the tokens in this way, and then replaces only 80% of the chosen ones
#   by the mask token; a tenth become a random token and a tenth stay as they are. Here all chosen tokens become
#   `mask_id`, and no token is exempt.
#
# **How a random result is graded.** No test knows which tokens you choose: you may draw your random numbers in any
# order and by any method. The tests look at what must hold for every choice, and at how many of many tokens are
# chosen. The limits are so wide that a right answer fails less than once in a million runs.


# %%
def mask_tokens(tokens, mask_id, p, rng):
    """Hide each token with probability p, independently, and keep the hidden ones as targets.

        masked_i = mask_id,   targets_i = tokens_i    with probability p
        masked_i = tokens_i,  targets_i = -100        otherwise

    Args:
        tokens: array of integers (int64 or int32), none negative, with one or more axes.
        mask_id: int, the token that stands for a hidden one, not negative; it may occur among the tokens.
        p: float, 0 <= p <= 1, the probability that a token is hidden.
        rng: np.random.Generator, the only source of randomness; drawing moves it on.

    Returns:
        Tuple (masked, targets) of integer arrays, both of the shape of tokens.

    Source: Devlin et al., 2019, "BERT: pre-training of deep bidirectional transformers for language understanding",
    section 3.1, without its 80-10-10 rule; for -100 see ignore_index of torch.nn.CrossEntropyLoss.
    """
    ### BEGIN SOLUTION
    hidden = rng.random(tokens.shape) < p
    return np.where(hidden, mask_id, tokens), np.where(hidden, tokens, -100)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. First decide which positions are hidden: a boolean array of the shape of `tokens`. `rng.random(shape)` gives
#    numbers that are evenly spread from 0 to 1; which share of them is below `p`?
# 2. Both results follow from that one boolean array and the original tokens. Which function of NumPy chooses, entry by
#    entry, between an array and a number?
# 3. Make both results new arrays. If you write into `tokens` before the targets are made, the words to be predicted are
#    gone.

# %% [markdown]
# ## `masked_reconstruction_loss`: only the hidden part counts
#
# A masked autoencoder does the same with images: most of the picture is hidden, the network sees the rest, and it
# returns a whole picture. With $M$ the set of the hidden entries,
#
# $$L = \frac{1}{|M|} \sum_{i \in M} (\mathrm{prediction}_i - \mathrm{target}_i)^2$$
#
# It is the squared error averaged over the *hidden* entries. The visible ones count in neither the sum nor the number:
# a network could get them right by copying its input. Dividing by the number of all entries would make the loss smaller
# the less is hidden, and losses with different masks could not be compared.
#
# All hidden entries have the same weight, whichever example of the batch they belong to. An example with more of them
# has more influence; averaging each example by itself first would be another loss.
#
# In this exercise the mask is True where an entry is *hidden*. Be careful with code from elsewhere: in many attention
# layers, True means that an entry may be used.


# %%
def masked_reconstruction_loss(prediction, target, mask):
    """Mean squared error over the masked entries.

        L = sum_i mask_i * (prediction_i - target_i)^2 / sum_i mask_i

    Args:
        prediction: array of floats with one or more axes.
        target: array of floats of the same shape, the original.
        mask: boolean array of the same shape, True where the entry was hidden; at least one entry is True.

    Returns:
        The loss, a number.

    Source: He et al., 2022, "Masked autoencoders are scalable vision learners", section 3.
    """
    ### BEGIN SOLUTION
    return np.mean((prediction[mask] - target[mask]) ** 2)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Try it with four entries of which one is hidden. How many squared errors are added up, and what is the sum divided
#    by?
# 2. A boolean array in square brackets picks the entries where it is True, from all axes, as one long vector. What is
#    left is an ordinary mean squared error.

# %% [markdown]
# ## `next_token_pairs`: what comes next?
#
# A language model that writes reads a number of tokens, its *context*, and predicts the token after each of them. From
# a text of $L$ tokens, training examples are cut by sliding a window along it, one token at a time:
#
# $$\mathrm{inputs}_i = (t_i, \dots, t_{i+c-1}) \qquad \mathrm{targets}_i = (t_{i+1}, \dots, t_{i+c})
# \qquad i = 0, \dots, L - c - 1$$
#
# with $c$ the context, so there are $M = L - c$ windows. The text 5, 8, 2, 9 with context 2 gives two:
#
# | inputs | targets |
# |---|---|
# | 5, 8 | 8, 2 |
# | 8, 2 | 2, 9 |
#
# Each row holds $c$ predictions, not one: after 5 comes 8, after 5, 8 comes 2. A causal network makes all of them in
# one pass. No labels had to be written, the text is its own. Check the last window: its last target is the last token,
# and there is nothing left to predict after that.


# %%
def next_token_pairs(tokens, context):
    """All windows of a text, and the same windows one token later.

        inputs[i, j] = tokens[i + j],   targets[i, j] = tokens[i + j + 1]    i = 0 .. M - 1,  j = 0 .. context - 1

    Args:
        tokens: (L,) integers.
        context: int, the length of a window, from 1 to L - 1.

    Returns:
        Tuple (inputs, targets) of integer arrays, both (M, context) with M = L - context. They may be views of tokens.

    Source: Radford et al., 2018, "Improving language understanding by generative pre-training", section 3.1.
    """
    ### BEGIN SOLUTION
    windows = np.lib.stride_tricks.sliding_window_view(tokens, context + 1)
    return windows[:, :-1], windows[:, 1:]
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. How many tokens does one example need, inputs and targets together? So how many windows of that length fit?
# 2. The first window starts at token 0. Where does the last one start, if its last target is the last token? Write down
#    inputs and targets of both for a text of five tokens and a context of 2.
# 3. Either collect slices in a loop over the starts and make arrays of them; or use a function of
#    `np.lib.stride_tricks` that makes all windows of one length. Windows one token longer than the context hold both
#    parts.

# %% [markdown]
# ## `info_nce_loss`: find the other view
#
# Take $N$ images and change each of them at random in two ways: crop it, shift its colours. A network turns the $2N$
# *views* into vectors, `z1` for the first view of each image and `z2` for the second. For each view it should be
# possible to find its partner, the other view of the same image, among the remaining $2N - 1$. That is a
# classification, so the loss is a cross entropy. With $z$ the rows of `z1` followed by those of `z2`, and $j(i)$ the
# row of the partner of $i$,
#
# $$s_{ik} = \frac{z_i \cdot z_k}{\lVert z_i \rVert \, \lVert z_k \rVert} \qquad
# \ell_i = -\log \frac{e^{s_{i j(i)} / \tau}}{\sum_{k \ne i} e^{s_{ik} / \tau}} \qquad
# L = \frac{1}{2N} \sum_{i=1}^{2N} \ell_i$$
#
# This is the loss of SimCLR, called NT-Xent there, a form of InfoNCE. Its parts:
#
# - $s$ is the *cosine* similarity: only directions count. Without it, a network could lower the loss just by making
#   the vectors longer.
# - $\tau$ is the temperature. The smaller, the more the loss looks only at the most similar of the wrong views.
# - The sum leaves out $k = i$, since every view is most similar to itself. It does *not* leave out the partner. (There
#   is a variant that does, decoupled contrastive learning; its loss can become negative.)
# - The $2(N - 1)$ wrong views are *both* views of all other images, also those from the same side as $i$. And every
#   view is asked once: those in `z1` for theirs in `z2`, and those in `z2` for theirs in `z1`.
#
# Cosines are at most 1, but divided by a small temperature they are not small. The result must be right for $\tau$ down
# to $10^{-4}$, that is for exponents up to $10^4$, where `np.exp` overflows, and also for a view to which no other is
# similar, where all terms of the sum become 0 if the exponents are shifted by too much.


# %%
def info_nce_loss(z1, z2, temperature):
    """NT-Xent: cross entropy of finding each view's partner among all other views, by cosine similarity.

        l_i = -log( exp(s[i, partner of i] / temperature) / sum_{k != i} exp(s[i, k] / temperature) )

    s holds the cosine similarities of the 2N rows of z1 and z2; the loss is the mean of the 2N numbers l_i.

    Args:
        z1: (N, D) floats, the first views, N at least 1; no row is zero.
        z2: (N, D) floats, the second views; row n is the partner of row n of z1. No row is zero.
        temperature: float, above 0.

    Returns:
        The loss, a number. It is neither NaN nor infinite, also for temperatures down to 1e-4.

    Source: Chen, Kornblith, Norouzi & Hinton, 2020, "A simple framework for contrastive learning of visual
    representations", equation 1 and algorithm 1; the name InfoNCE is from van den Oord, Li & Vinyals, 2018,
    "Representation learning with contrastive predictive coding".
    """
    ### BEGIN SOLUTION
    n, z = len(z1), np.concatenate([z1, z2])
    z = z / np.linalg.norm(z, axis=1, keepdims=True)
    logits = z @ z.T / temperature
    np.fill_diagonal(logits, -np.inf)  # exp makes it 0, so no view is compared with itself
    logits -= logits.max(axis=1, keepdims=True)
    partner = np.concatenate([logits.diagonal(n), logits.diagonal(-n)])
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - partner)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Join both arrays to one of 2N rows, and divide each row by its length. Which product of matrices then holds all
#    cosines?
# 2. To leave a view out of a softmax, give it the score minus infinity: its exponential is exactly 0. Do that before
#    you take any maximum, or each view's own score decides the shift.
# 3. The rest is a cross entropy over the rows, stable if each row is shifted by its own maximum. The partner of row $i$
#    stands in column $i + N$ for the first half of the rows, and in column $i - N$ for the second.

# %% [markdown]
# What the loss does to the vectors. Five images have two views each, here points on a circle at random places; views of
# one image have one colour. Then the points are moved downhill on the loss, with slopes from finite differences. Views
# of one image come together, since each has to find its partner, and the images spread out over the circle, since all
# others have to be less similar.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(6)
# start = rng.uniform(0, 2 * np.pi, (2, 5))
#
#
# def loss_of(angles):
#     z = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
#     return info_nce_loss(z[0], z[1], 0.3)
#
#
# angles = start.copy()
# for _ in range(300):
#     slopes = np.zeros(angles.shape)
#     for index in np.ndindex(angles.shape):
#         step = np.zeros(angles.shape)
#         step[index] = 1e-4
#         slopes[index] = (loss_of(angles + step) - loss_of(angles - step)) / 2e-4
#     angles -= 0.3 * slopes
#
# figure, axes = plt.subplots(1, 2, figsize=(8, 4))
# for ax, (name, where) in zip(axes, {"before": start, "after": angles}.items()):
#     ax.add_patch(plt.Circle((0, 0), 1, fill=False, color="lightgrey"))
#     for view, marker in zip(where, "ox"):
#         ax.scatter(np.cos(view), np.sin(view), c=range(5), cmap="Set1", vmax=8, marker=marker, s=70)
#     ax.set(title=f"{name}: loss {loss_of(where):.2f}", aspect="equal", xticks=[], yticks=[])
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="B24"
# - 1 point: the targets are made from the data itself, so no labels by people are needed.
# - 1 point: two examples of such a task: masked or next tokens, rotation, masked patches, telling views of one image
#   from others.
# - 1 point: the task is a means: the representation is then used for others, by a linear probe or fine-tuning.
# - 1 point: fields with what is done there, such as language models, vision or speech.
