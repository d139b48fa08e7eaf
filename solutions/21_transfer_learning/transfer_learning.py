# ---
# jupyter:
#   autograder:
#     profile: torch
#     questions: [A10, B21]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 21 · Transfer learning
#
# A network that was trained on a large *source* task has learned two things: features, in its **backbone**, and what
# to conclude from them, in its **head**. The conclusions belong to the source task. The features often serve another,
# *target* task as well, one with too few labels to learn them from. So keep the backbone, put a new head on it, and
# decide how much of the whole may still move.
#
# You will carry weights over from one network to another, take a training step with and without a frozen backbone,
# fit a head in closed form, and grade the learning rates between "frozen" and "free".
#
# **Rules of this topic.** Use PyTorch (all of it), NumPy and the standard library. Tensors are on the CPU; those of
# floats are all float64 or all float32, finite, and require no gradient; labels are int64. Arguments stay as they
# were, which includes the dicts and the tensors in them. Tensors that are returned may require gradients or not, and
# dicts that are returned are plain dicts.
#
# **Interview questions.** A10 and B21 (A and B are the two documents that this collection follows) ask what transfer
# learning is, how it works and when it is useful. What you compute here makes an answer concrete:
#
# | the question | what answers it |
# |---|---|
# | What is transferred? | tensors, by name and shape; `load_matching_weights` also says what was *not* |
# | How is the new task trained? | head only, or everything: the two cases of `fine_tune_step` |
# | Why do few labels suffice? | `linear_probe` learns $K(D + 1)$ numbers, however large the backbone is |
# | Must one choose between the two? | no: in `layerwise_learning_rates` a decay of 0 freezes, one of 1 frees |
#
# The documents' answers leave this out, and need some correction:
#
# - A10 says that the source task is the trained model. A task is not a model: the source task is what the model was
#   trained *on*, its data and its labels. What is left of it afterwards are the weights.
# - Both describe the method as training on, with less data, and stop there. What has to be decided, which layers are
#   frozen, which are trained and how fast, they do not mention. B21 speaks of knowledge and experience instead.
# - Both promise better performance. Transfer can also *hurt*, if source and target have too little in common: that is
#   **negative transfer** (Rosenstein et al., 2005; Wang et al., 2019). And with enough labels its gain may be gone:
#   He, Girshick & Dollár (2019) trained detectors from scratch as accurate as pre-trained ones, given more time.
# - When it is useful follows from that: the features fit the target, and there are too few target labels, or too
#   little computing time, to learn such features anew.

# %%
import torch
import torch.nn.functional as F

# %% [markdown]
# ## `load_matching_weights`: what can be carried over
#
# The weights of a network are a dict from names to tensors, as `module.state_dict()` gives it. `target` holds the
# freshly initialized weights of the new network, `source` those of the trained one. A tensor is copied where **name
# and shape agree**; whatever else is in `target` stays as initialized. A new head with another number of classes is
# the usual case: its name is there, its shape is another.
#
# - Names that only `source` has are of no use to the new network and are left out.
# - Names have to be equal, letter by letter; shapes have to be equal, number by number. $(3, 4)$ and $(4, 3)$ hold
#   equally many numbers in another arrangement, and $(4)$ would broadcast to $(3, 4)$: neither is a match.
# - Return the names that were *not* copied, too, and look at them. If one network calls `module.conv.weight` what is
#   `conv.weight` in the other, nothing at all is copied. Training then begins at random weights, and no error tells
#   you so.
#
# PyTorch's `load_state_dict(source, strict=False)` puts up with names that are missing or unexpected, but still
# raises an error for a shape that differs.


# %%
def load_matching_weights(target, source):
    """Weights for a new network: those of a trained network where name and shape agree, its own elsewhere.

    Args:
        target: the initial weights of the new network, dict of tensors by name.
        source: the weights of the trained network, dict of tensors by name; may be empty.

    Returns:
        (weights, not_copied): a dict with exactly the names of target, and the list of those names whose tensor was
        not copied from source, in the order of `sorted`. The tensors may be those of the arguments or copies.

    Source: Yosinski, Clune, Bengio & Lipson, 2014, "How transferable are features in deep neural networks?";
    torch.nn.Module.load_state_dict.
    """
    ### BEGIN SOLUTION
    copied = {name for name in target if name in source and source[name].shape == target[name].shape}
    weights = {name: source[name] if name in copied else tensor for name, tensor in target.items()}
    return weights, sorted(target.keys() - copied)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Go through the names of `target`, never those of `source`. For each there are three cases: not in `source`, in
#    `source` with another shape, in `source` with the same shape. Two of the three end alike.
# 2. Build a new dict instead of writing into `target`, and collect the names that were not copied meanwhile.
# 3. Compare `tensor.shape`, not the number of axes or of entries. The list is sorted as strings are: `layer10` comes
#    before `layer2`.

# %% [markdown]
# ## `fine_tune_step`: with the backbone frozen or free
#
# The network is as small as it can be: one layer as its backbone, one as its head.
#
# $$h = \tanh(x W_b^\top + b_b), \qquad z = h\,W_h^\top + b_h, \qquad L = \text{mean cross entropy of } z
# \text{ and } y$$
#
# One step of plain gradient descent replaces every trained parameter $\theta$ by
# $\theta - \eta\,\partial L / \partial \theta$.
#
# - `freeze_backbone=True`: only $W_h$ and $b_h$ are trained. The backbone comes back as it was, its bias included.
# - `freeze_backbone=False`: all four are trained. Their gradients are all taken at the **same** point, before anything
#   has moved. The backbone must not see the new head.
#
# The loss that is returned is the one **before** the step. Scores $z$ may be as large as $\pm 10^4$, so the logarithm
# of the softmax must not be taken in two steps; PyTorch's cross entropy, which takes the scores themselves, is right.
#
# Why freeze at all? A new head is random at first, and so is the gradient that it sends into the backbone: the first
# steps may spoil features that are better than the head (Kumar et al., 2022, train the head first and everything
# afterwards). A frozen backbone also needs no gradients, and its features can be computed once for all epochs.
#
# In a larger network two things are easy to miss. A parameter with `requires_grad=False` gets no gradient, but batch
# normalization (topic 09) also has *running statistics*. They are no parameters, and go on changing until the layer is
# set to `eval()`, which the next `model.train()` undoes.


# %%
def fine_tune_step(backbone, head, x, y, lr, freeze_backbone=True):
    """One step of gradient descent on a target task, on the head alone or on the whole network.

        features = tanh(x @ backbone_weight.T + backbone_bias)
        logits = features @ head_weight.T + head_bias
        parameter <- parameter - lr * d loss / d parameter,   loss = mean cross entropy of logits and y

    Args:
        backbone: {"weight": (D, I), "bias": (D,)}.
        head: {"weight": (K, D), "bias": (K,)}.
        x: inputs, (N, I).
        y: classes, int64 (N,), each in 0 .. K - 1.
        lr: float, the learning rate, at least 0.
        freeze_backbone: bool; if True, the backbone is not trained.

    Returns:
        (backbone, head, loss): two dicts like those of the arguments, and the loss before the step, a 0-d tensor.

    Source: Kumar, Raghunathan, Jones, Ma & Liang, 2022, "Fine-tuning can distort pretrained features and underperform
    out-of-distribution".
    """
    ### BEGIN SOLUTION
    backbone = {name: tensor.detach().clone().requires_grad_(not freeze_backbone) for name, tensor in backbone.items()}
    head = {name: tensor.detach().clone().requires_grad_() for name, tensor in head.items()}
    features = torch.tanh(F.linear(x, **backbone))
    loss = F.cross_entropy(F.linear(features, **head), y)
    loss.backward()
    with torch.no_grad():
        for parameter in [*backbone.values(), *head.values()]:
            if parameter.grad is not None:  # a frozen one has none
                parameter -= lr * parameter.grad
    return backbone, head, loss.detach()
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Three parts: forward, gradients, update. The forward part is the same in both cases, and its loss is what you
#    return.
# 2. Work on copies of the weights and let autograd find the gradients. Which copies need `requires_grad`, if the
#    backbone is frozen?
# 3. Take *all* gradients before the first update. The update itself must not be recorded by autograd: do it under
#    `torch.no_grad()`, or into new tensors.

# %% [markdown]
# ## `linear_probe`: a head in closed form
#
# If the backbone is frozen, its features are fixed, and the head is a linear model on them. With a squared error
# instead of cross entropy it needs no training loop. Write the labels as one-hot rows $Y$, shape $(N, K)$, and find
#
# $$\min_{W,\,b}\; \lVert H W^\top + \mathbf{1} b^\top - Y \rVert^2 + \lambda \lVert W \rVert^2$$
#
# for the features $H$, shape $(N, D)$, and $\lambda = \texttt{l2}$. This is ridge regression, with the conventions of
# scikit-learn's `Ridge(alpha=l2)`:
#
# - the error is the **sum** over all examples and classes, not their mean, so the same $\lambda$ weighs less the more
#   examples there are;
# - the bias is **not** penalized. So you can take it out: with $\bar h$ and $\bar y$ the means over the examples,
#   $b = \bar y - W \bar h$ for whatever $W$, and $W$ follows from the centred features $H_c = H - \bar h$,
#
# $$(H_c^\top H_c + \lambda I)\, W^\top = H_c^\top Y .$$
#
# With $\lambda > 0$ the matrix can be inverted even if there are fewer examples than features. A class of which there
# is no example gets a row of zeros; `num_classes` says how many classes there are, the labels do not.
#
# How well a linear probe does on new examples says how much of a task the features *already* hold, in a form that a
# linear model can read off (Alain & Bengio, 2016). It says nothing about what fine-tuning could still teach them.


# %%
def linear_probe(features, labels, num_classes, l2):
    """A linear classifier on fixed features: ridge regression onto one-hot labels.

        minimize  sum((features @ weight.T + bias - one_hot)^2) + l2 * sum(weight^2)

    Args:
        features: the features of the examples, (N, D), N at least 1.
        labels: int64 (N,), each in 0 .. num_classes - 1; not every class need occur.
        num_classes: int K, the number of classes.
        l2: float above 0, the strength of the penalty. The bias is not penalized.

    Returns:
        (weight, bias), shapes (K, D) and (K,).

    Source: Alain & Bengio, 2016, "Understanding intermediate layers using linear classifier probes";
    sklearn.linear_model.Ridge(alpha=l2).
    """
    ### BEGIN SOLUTION
    targets = F.one_hot(labels, num_classes).to(features.dtype)
    mean = features.mean(0)
    centred = features - mean
    gram = centred.T @ centred
    gram.diagonal().add_(l2)
    weight = torch.linalg.solve(gram, centred.T @ targets).T
    return weight, targets.mean(0) - weight @ mean
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Make the one-hot matrix first, `num_classes` wide and of the dtype of the features. Then centre the features; the
#    targets need not be centred (why?).
# 2. The equation in the statement is a linear system with $K$ right-hand sides. Solve it rather than inverting the
#    matrix. $\lambda I$ changes the diagonal and nothing else.
# 3. The solution of the system is $W^\top$: which shape is asked for? The bias comes last, from the means and $W$.

# %% [markdown]
# All parts together. The labels of three tasks come from hidden quantities of the input: source task and target task
# from the same ones, with other classes, the third task from quite different ones. Backbones are trained on the source
# task and on the unrelated task, with 4000 labels each. Then come few labels of the target task. With related
# features the probe is ahead from the beginning. Those of the unrelated task are worse than *random* ones: that is
# negative transfer. And with many labels, training everything from scratch catches up.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# generator = torch.Generator().manual_seed(0)
#
#
# def random(*shape, scale=1.0):
#     return scale * torch.randn(*shape, generator=generator, dtype=torch.float64)
#
#
# def task(quantities, num_classes):
#     """A function from inputs to classes, about equally frequent ones."""
#     readout = random(num_classes, quantities.shape[0])
#     shift = torch.tanh(random(1000, 20) @ quantities.T) @ readout.T
#     return lambda x: (torch.tanh(x @ quantities.T) @ readout.T - shift.mean(0)).argmax(1)
#
#
# def network(num_classes):
#     """Random weights, 20 inputs, 40 features."""
#     backbone = {"backbone.weight": random(40, 20, scale=20**-0.5), "backbone.bias": random(40, scale=0.1)}
#     head = {"head.weight": random(num_classes, 40, scale=0.1), "head.bias": torch.zeros(num_classes).double()}
#     return backbone | head
#
#
# def part(weights, name):
#     return {key: weights[f"{name}.{key}"].detach() for key in ("weight", "bias")}
#
#
# def train(weights, x, y, steps=400):
#     backbone, head = part(weights, "backbone"), part(weights, "head")
#     for _ in range(steps):
#         backbone, head, _ = fine_tune_step(backbone, head, x, y, 1.0, freeze_backbone=False)
#         backbone, head = ({key: tensor.detach() for key, tensor in layer.items()} for layer in (backbone, head))
#     named = {"backbone": backbone, "head": head}
#     return {f"{name}.{key}": tensor for name, layer in named.items() for key, tensor in layer.items()}
#
#
# def features(weights, x):
#     return torch.tanh(F.linear(x, **part(weights, "backbone")))
#
#
# orthogonal = torch.linalg.qr(random(20, 20)).Q
# related, unrelated = 1.5 * orthogonal[:3], 1.5 * orthogonal[3:6]
# source_task, target_task, other_task = task(related, 8), task(related, 4), task(unrelated, 8)
# x_large, x_test = random(4000, 20), random(4000, 20)
# source = train(network(8), x_large, source_task(x_large))
# other = train(network(8), x_large, other_task(x_large))
#
# fresh = network(4)
# transferred, not_copied = load_matching_weights(fresh, source)
# print("not copied:", not_copied)
# backbones = {
#     "probe, source task": transferred,
#     "probe, unrelated task": load_matching_weights(fresh, other)[0],
#     "probe, random features": fresh,
# }
#
# sizes = [8, 16, 32, 64, 128, 256, 512, 1024, 2048]
# accuracies = {name: [] for name in [*backbones, "all trained from scratch"]}
# for size in sizes:
#     runs = {name: [] for name in accuracies}
#     for _ in range(5):
#         x = random(size, 20)
#         for name, weights in backbones.items():
#             weight, bias = linear_probe(features(weights, x), target_task(x), 4, 1.0)
#             runs[name].append((features(weights, x_test) @ weight.T + bias).argmax(1))
#         scratch = train(fresh, x, target_task(x))
#         runs["all trained from scratch"].append(
#             F.linear(features(scratch, x_test), **part(scratch, "head")).argmax(1)
#         )
#     for name, predictions in runs.items():
#         right = torch.stack(predictions) == target_task(x_test)
#         accuracies[name].append(float(right.double().mean()))
#
# plt.figure(figsize=(7, 4))
# for name, values in accuracies.items():
#     plt.semilogx(sizes, values, "o-", label=name)
# plt.xticks(sizes, sizes)
# plt.xlabel("labels of the target task")
# plt.ylabel("accuracy on new examples")
# plt.legend()
# plt.show()

# %% [markdown]
# ## `layerwise_learning_rates`: between frozen and free
#
# The first layers of a network learn features that serve many tasks, the last layers those that serve one (Yosinski et
# al., 2014). So let the last layer learn at the full rate, and every layer before it more slowly by a constant factor:
#
# $$\eta_l = \eta \cdot \gamma^{\,L - 1 - l}, \qquad l = 0, \dots, L - 1$$
#
# for $L$ layers, $\eta = \texttt{base\_lr}$ and $\gamma = \texttt{decay}$. Howard & Ruder (2018) call it
# *discriminative fine-tuning* and divide by 2.6 from layer to layer, so $\gamma = 1 / 2.6$; for large transformers,
# factors from 0.65 to 0.9 are common.
#
# The two ends you know: $\gamma = 1$ trains all layers alike, and $\gamma = 0$ trains the last one only, since
# $0^0 = 1$ here, as in Python. It is `freeze_backbone=True`, with the gradients computed for nothing.
#
# In PyTorch such a list becomes the `lr` of the parameter groups of an optimizer, one group per layer.


# %%
def layerwise_learning_rates(num_layers, base_lr, decay):
    """A learning rate for every layer, smaller by a constant factor for each layer further from the output.

        lr_l = base_lr * decay^(num_layers - 1 - l),   l = 0 .. num_layers - 1

    Args:
        num_layers: int, at least 1.
        base_lr: float above 0, the learning rate of the last layer.
        decay: float, 0 to 1, both included.

    Returns:
        List of num_layers floats, first layer first.

    Source: Howard & Ruder, 2018, "Universal language model fine-tuning for text classification", section 3.2.
    """
    ### BEGIN SOLUTION
    return [base_lr * decay**distance for distance in reversed(range(num_layers))]
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Write the list down for three layers, a rate of 1 and a decay of one half. Which entry is 1, and which is the
#    smallest?
# 2. The exponent is the distance from the last layer. Through which values does it run, if the first layer comes
#    first?

# %% [markdown] tags=["mark-scheme"] question="A10"
# - 1 point: a model trained on a large source task is the starting point for a related target task.
# - 1 point: two ways: frozen features with a new head, or fine-tuning some or all weights with a small learning rate.
# - 1 point: when it helps: little target data, inputs like those of the source; early layers are general, later ones
#   specific.
# - 1 point: when it does not: distant domains (negative transfer), or fine-tuning so hard that what was learned is
#   lost.
