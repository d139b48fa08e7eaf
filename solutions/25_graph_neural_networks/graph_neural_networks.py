# ---
# jupyter:
#   autograder:
#     profile: numpy
#     questions: [A50, B26]
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 25 · Graph neural networks
#
# A picture has a grid and a sentence has an order. Molecules, citations and friendships have neither: they are *nodes*,
# some of them joined by *edges*. A graph neural network keeps one vector of features per node. In every layer each node
# receives the vectors of its neighbours, puts them together in a way that does not depend on their order, and computes
# its new vector from the result. After $k$ layers a node has heard from every node at most $k$ edges away.
#
# You will write the graph convolution of Kipf & Welling (2017): `normalized_adjacency` says how strongly two nodes
# hear each other, `gcn_layer` is one layer and `gcn_forward` the network. `aggregate_neighbors` is the general step
# behind it, with a sum, a mean or a maximum and with edges that have a direction, and `graph_readout` makes one vector
# of a whole graph.
#
# **Two ways to store a graph** of $N$ nodes, numbered from 0:
#
# - An *adjacency matrix* $A$, $(N, N)$: $A_{ij}$ is the weight of the edge between $i$ and $j$, 0 if there is none.
#   Here $A$ is symmetric, its entries are floats of at least 0 (often all 0 or 1), and its diagonal is 0.
# - An *edge list* `edge_index`, $(2, E)$, integers: column $e$ is an edge from node `edge_index[0, e]` to node
#   `edge_index[1, e]`. Large graphs are stored like this, since most of their matrix would be 0.
#
# **Rules of this topic.** Use NumPy and the standard library. Features and weights are arrays of finite floats (float64
# or float32), as large as $\pm 10^4$; `features` is $(N, D)$, one row per node. Every size is at least 1, except where
# a function says otherwise. No function may change its arguments, lists and what is in them included.
#
# **Interview questions.** A50 and B26 (A and B are the two documents that this collection follows). What they say is
# too vague to be programmed, and partly misleading:
#
# - A50 lets a graph convolution integrate the neighbourhood. It mentions neither the loop by which a node keeps its own
#   features nor the normalization, and without these two the layer is another one.
# - A50 praises depth, which is said to learn complex features step by step. In a GCN depth soon does harm: every layer
#   is also an average, and after many of them all nodes look alike. This *over-smoothing* (Li et al., 2018, "Deeper
#   insights into graph convolutional networks for semi-supervised learning") is why most GCNs have two or three layers.
# - A50 speaks of generalization and means that there are many kinds of graphs. That is a wide field of use. To
#   generalize is to be right on nodes, or whole graphs, that were not in the training data.
# - B26 has the network learn the relations of nodes and edges. The edges are *given*; what is learned is how to
#   transform what travels along them. B26 does not say how the messages are put together either, although sum, mean
#   and maximum tell different neighbourhoods apart (Xu et al., 2019, "How powerful are graph neural networks?").
# - B26 lists the classification of nodes and of graphs side by side. For the second, one step more is needed, which it
#   leaves out: the readout.

# %%
import numpy as np

# %% [markdown]
# ## `normalized_adjacency`: who hears whom, and how loudly
#
# $$\hat A = \tilde D^{-1/2}\, \tilde A\, \tilde D^{-1/2}, \qquad \tilde A = A + I, \qquad
# \tilde D_{ii} = \sum_j \tilde A_{ij}$$
#
# Multiplying the features by $A$ gives every node the sum of its neighbours. Two things are wrong with that. A node
# forgets itself; the $I$ joins every node to itself, with weight 1. And a node with a thousand neighbours gets numbers
# a thousand times as large as a node with one; the degrees $\tilde D$ make up for this. Entry by entry,
#
# $$\hat A_{ij} = \frac{\tilde A_{ij}}{\sqrt{\tilde d_i\, \tilde d_j}}, \qquad \tilde d_i = \tilde D_{ii},$$
#
# so an edge counts less the more edges its *two* ends have.
#
# The order matters. The degrees are those of $A + I$: the loop counts too. So every degree is at least 1, and a node
# without any edge is no special case; with the degrees of $A$ it would be divided by 0. For weighted edges the
# degree is the sum of the weights, not the number of neighbours.
#
# The symmetric form is a convention. Dividing each row by its degree, $\tilde D^{-1} \tilde A$, gives the mean over
# a node and its neighbours and is used as well, for example in Kipf's own PyTorch program. Here the symmetric form is
# asked for.
#
# To check your answer: $\hat A$ is symmetric, and the vector of the square roots $\sqrt{\tilde d_i}$ comes out of
# a multiplication by $\hat A$ unchanged.


# %%
def normalized_adjacency(adjacency):
    """Symmetrically normalized adjacency matrix with self-loops.

        A_hat = D^(-1/2) (A + I) D^(-1/2),    D diagonal, D[i, i] = sum_j (A + I)[i, j]

    Args:
        adjacency: A, the weights of the edges, (N, N), symmetric, entries at least 0, zeros on the diagonal. A node may
            have no edge at all.

    Returns:
        Array of shape (N, N), finite everywhere.

    Source: Kipf & Welling, 2017, "Semi-supervised classification with graph convolutional networks", section 2.2 (the
    "renormalization trick").
    """
    ### BEGIN SOLUTION
    looped = adjacency + np.eye(len(adjacency))
    degrees = looped.sum(axis=1)
    return looped / np.sqrt(np.outer(degrees, degrees))
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Work in the order of the formula: first the loops, then the degrees of what you have, then the division. Do not
#    write the ones into the matrix that you were given.
# 2. $\tilde D$ is diagonal, so no matrix has to be inverted. If you build it with `np.diag`, take the power before: the
#    zeros beside the diagonal have no inverse square root.
# 3. Look at the second formula: every entry $(i, j)$ is divided by one number, made of $\tilde d_i$ and $\tilde d_j$.
#    A column of degrees times a row of degrees has all of these numbers.

# %% [markdown]
# One random number per node, sent around the same graph again and again. On the left its size, with $A + I$ and with
# $\hat A$: without the normalization the numbers explode. On the right the number of every node, divided by
# $\sqrt{\tilde d_i}$: with every step the nodes become more alike, until nothing but the degree tells them apart. That
# is over-smoothing.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(1)
# adjacency = np.triu(rng.random((20, 20)) < 0.15, 1).astype(float)
# adjacency += np.eye(20, k=1)  # a path through all nodes, so that the graph is connected
# adjacency = np.maximum(adjacency, adjacency.T).clip(max=1)
# looped, normalized = adjacency + np.eye(20), normalized_adjacency(adjacency)
#
# start = rng.normal(size=20)
# steps = np.arange(16)
# by_sum = np.stack([np.linalg.matrix_power(looped, k) @ start for k in steps])
# by_gcn = np.stack([np.linalg.matrix_power(normalized, k) @ start for k in steps])
#
# figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.5))
# left.semilogy(steps, np.linalg.norm(by_sum, axis=1), label=r"with $A + I$")
# left.semilogy(steps, np.linalg.norm(by_gcn, axis=1), label=r"with $\hat A$")
# left.set(title="length of the vector", xlabel="steps")
# left.legend()
# right.plot(steps, by_gcn / np.sqrt(looped.sum(axis=1)), color="tab:orange", linewidth=0.8)
# right.set(title=r"each node's number, by $\sqrt{\tilde d_i}$", xlabel="steps")
# plt.show()

# %% [markdown]
# ## `gcn_layer`: mix, transform, cut off
#
# $$H = \mathrm{relu}\big(\hat A\, X\, W^\top\big), \qquad \mathrm{relu}(z) = \max(0, z)$$
#
# $\hat A$ mixes the rows: every node gets a weighted sum of its own features and its neighbours'. $W$ mixes the
# columns: it is one dense layer, the same for all nodes, which is why the layer has as many parameters for a graph of
# ten million nodes as for one of ten. For one node $i$ and its row $x_i$ (written as a column)
#
# $$h_i = \mathrm{relu}\Big(W \sum_j \hat A_{ij}\, x_j\Big).$$
#
# The argument `adjacency` is the plain $A$; the layer normalizes it. The weight is $(O, I)$, one row per output, as in
# the other topics (the paper writes $XW$ with the transposed matrix), and there is no bias. Which of the two products
# comes first makes no difference to the result, only to the cost. ReLU is another matter: it comes after both.
#
# Numbering the nodes in another way, in `features` and `adjacency` alike, renumbers the rows of the result and changes
# nothing else. A dense layer on the flattened matrix would not have this property.


# %%
def gcn_layer(features, adjacency, weight):
    """One graph convolution: mix along the edges, transform every node in the same way, ReLU.

        H = relu(A_hat X W^T),    A_hat = normalized_adjacency(A)

    Args:
        features: X, one node per row, (N, I).
        adjacency: A, the plain (not normalized) adjacency matrix, (N, N), as for normalized_adjacency.
        weight: W, one row per output, (O, I).

    Returns:
        Array of shape (N, O), entries at least 0.

    Source: Kipf & Welling, 2017, "Semi-supervised classification with graph convolutional networks", equation 2.
    """
    ### BEGIN SOLUTION
    return np.maximum(normalized_adjacency(adjacency) @ features @ weight.T, 0)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. You have the matrix of the formula already: call your `normalized_adjacency`.
# 2. Write the shapes below one another: $(N, N)$, $(N, I)$, $(O, I)$. One of the three has to be turned over before
#    they can be multiplied.
# 3. The maximum with 0 is taken last, and entry by entry: `np.max` does something else.

# %% [markdown]
# ## `aggregate_neighbors`: messages along edges
#
# A GCN layer fixes how neighbours are weighted. In general, a layer sends a *message* along every edge and each node
# *aggregates* what arrives (Gilmer et al., 2017, "Neural message passing for quantum chemistry"). Here the message is
# the feature vector of the source, and the target takes the sum, the mean or the maximum of its messages, feature by
# feature. If edge $e$ leads from $s_e$ to $t_e$ (`edge_index[0, e]` and `edge_index[1, e]`), then
#
# $$y_i = \mathop{\mathrm{reduce}}_{e\,:\,t_e = i}\; x_{s_e}$$
#
# - An edge has a direction, from source to target (as in PyTorch Geometric). An undirected edge is simply listed
#   twice, once for each direction.
# - Every column is one message. If the same edge is listed twice, its message arrives twice, and the mean divides by
#   the number of messages.
# - A node hears itself only if it has an edge to itself.
# - A node to which no edge leads gets zeros, whatever the reduction. So a maximum of 0 may mean two things, but the
#   maximum of negative messages is negative.
#
# The choice matters. Suppose that the features say of which kind a node is, with a 1 in one column and 0 in the others.
# Then the sum counts the neighbours of each kind, the mean keeps only the proportions, and the maximum only tells which
# kinds occur. One neighbour and two of its kind are the same to the mean and to the maximum, but not to the sum (Xu et
# al., 2019). On the other hand it is the sum that grows with the degree.
#
# A trap: in NumPy `result[targets] += messages` adds only *one* message where a target occurs several times.


# %%
def aggregate_neighbors(features, edge_index, reduce="sum"):
    """Aggregate, for every node, the features of the nodes that have an edge to it.

        y[i] = reduce of features[edge_index[0, e]] over all e with edge_index[1, e] = i,    feature by feature

    Args:
        features: one node per row, (N, D).
        edge_index: integers from 0 to N - 1, (2, E): sources in row 0, targets in row 1. E may be 0; an edge may be
            listed more than once and then counts as often.
        reduce: "sum", "mean" (over the messages that arrive) or "max".

    Returns:
        Array of shape (N, D); the row of a node to which no edge leads is 0.

    Raises:
        ValueError: if reduce is another string.

    Source: Gilmer et al., 2017, "Neural message passing for quantum chemistry"; Xu et al., 2019, "How powerful are
    graph neural networks?".
    """
    ### BEGIN SOLUTION
    reductions = {"sum": np.sum, "mean": np.mean, "max": np.max}
    if reduce not in reductions:
        raise ValueError("reduce must be 'sum', 'mean' or 'max'")
    sources, targets = edge_index
    result = np.zeros(features.shape)
    for node in np.unique(targets):
        result[node] = reductions[reduce](features[sources[targets == node]], axis=0)
    return result
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. Take one node at a time: which columns of `edge_index` have it as their target, and which sources stand above them?
#    A comparison with the row of targets gives a mask.
# 2. Their rows of `features` are the messages; reduce them along the axis of the messages, so that the features remain.
#    Start from a result of zeros and fill in only the nodes that receive something.
# 3. Without a loop over the nodes: `np.add.at` and `np.maximum.at` count every message, `np.bincount` says how many
#    arrive. For the maximum, think about what the entries should hold before the first message.

# %% [markdown]
# ## `graph_readout`: one vector per graph
#
# Is this molecule poisonous? Such a question has one answer per graph, not one per node, so the rows of all nodes must
# become one vector. Sum, mean and maximum are possible here too; this exercise takes the mean.
#
# Graphs have different sizes, so a batch of them is not stacked along a new axis. Their nodes are simply written below
# one another, as one big graph without edges between the parts, and `graph_ids[i]` is the graph $g_i$ of node $i$. With
# $n_g$ nodes in graph $g$,
#
# $$y_g = \frac{1}{n_g} \sum_{i\,:\, g_i = g} x_i$$
#
# Usually the nodes of one graph stand together, but do not rely on it: the numbers may come in any order. A graph may
# have no node at all, for example after a filter has removed them. Its mean would be $0/0$; it gets zeros. The number
# of graphs is handed in because `graph_ids` alone does not reveal it: the last graphs may be empty.


# %%
def graph_readout(features, graph_ids, num_graphs):
    """Mean of the node features of every graph in a batch.

        y[g] = mean of features[i] over all nodes i with graph_ids[i] = g;    0 if there are none

    Args:
        features: the nodes of all graphs, one per row, (N, D).
        graph_ids: the graph of every node, integers from 0 to num_graphs - 1 in any order, (N,).
        num_graphs: G, the number of graphs, an int; graphs without nodes count.

    Returns:
        Array of shape (G, D).

    Source: Xu et al., 2019, "How powerful are graph neural networks?", section 2; torch_geometric.nn.global_mean_pool.
    """
    ### BEGIN SOLUTION
    members = graph_ids == np.arange(num_graphs)[:, None]
    return members @ features / np.maximum(members.sum(axis=1, keepdims=True), 1)
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. It is the mean of `aggregate_neighbors` once more: every node sends its row to its graph. Mind that the result has
#    $G$ rows.
# 2. A sum and a count are enough. Which count may you put in place of 0, so that an empty graph becomes 0 and no other
#    graph changes?
# 3. Comparing `graph_ids` with the numbers 0 to $G - 1$, as a column, gives a $(G, N)$ table of who belongs where. What
#    is this table times `features`? What are the sums of its rows?

# %% [markdown]
# ## `gcn_forward`: a few layers
#
# With $L$ weights, $H_0 = X$, and
#
# $$H_l = \mathrm{relu}\big(\hat A\, H_{l-1} W_l^\top\big) \quad \text{for } l = 1, \ldots, L - 1,
# \qquad Y = \hat A\, H_{L-1} W_L^\top$$
#
# ($W_1$ is `weights[0]`.) Every layer works on the same graph. As in a multilayer perceptron, ReLU stands between the
# layers and not after the last: the result holds one row of scores per node, which may be negative. The last layer does
# mix along the edges, though. For node classification the paper puts a softmax behind it; it belongs to the loss and
# is not part of this function.
#
# The paper's network has two layers, so it uses nodes at most two edges away. What a node further off knows has no
# influence, whatever the weights.


# %%
def gcn_forward(features, adjacency, weights):
    """Graph convolutional network: GCN layers, with ReLU after every layer but the last.

        H = X;   H = gcn_layer(H, A, weights[l]) for every layer but the last;   Y = A_hat H weights[-1]^T

    Args:
        features: X, one node per row, (N, I).
        adjacency: A, the plain (not normalized) adjacency matrix, (N, N), as for normalized_adjacency.
        weights: list of at least one array; weights[l] is (outputs of layer l, inputs of layer l).

    Returns:
        Array of shape (N, O), O the number of outputs of the last layer; entries may be negative.

    Source: Kipf & Welling, 2017, "Semi-supervised classification with graph convolutional networks", section 3.1,
    without the softmax.
    """
    ### BEGIN SOLUTION
    h = features
    for weight in weights[:-1]:
        h = gcn_layer(h, adjacency, weight)
    return normalized_adjacency(adjacency) @ h @ weights[-1].T
    ### END SOLUTION


# %% [markdown] tags=["hints"]
# 1. All layers but the last are what `gcn_layer` does: let each one replace the features of the one before.
# 2. The last layer is the same two products without ReLU. `gcn_layer` cannot give you that, `normalized_adjacency` can.
# 3. With a single weight the loop has nothing to do. Hand the same plain adjacency to every layer, since each one
#    normalizes it itself. And if you take the last weight off the list, the caller's list gets shorter.

# %% [markdown]
# What can a GCN do before it has learned anything? The graph has three groups of 15 nodes; within a group two nodes are
# joined six times out of ten, across groups one time out of twenty. No node has features of its own: `features` is the
# identity, which only says which node is which. The weights are random and every network has two outputs, so that each
# node is a point. One layer mixes the neighbours, and the groups (the colours, which the network never sees) begin to
# come apart; three layers separate them clearly. After twenty the nodes lie on a line through the origin, and the
# groups are lost.

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# rng = np.random.default_rng(0)
# group = np.repeat([0, 1, 2], 15)
# chance = np.where(group[:, None] == group, 0.6, 0.05)
# adjacency = np.triu(rng.random((45, 45)) < chance, 1).astype(float)
# adjacency += adjacency.T
#
# figure, panels = plt.subplots(1, 3, figsize=(12, 3.8))
# for panel, depth in zip(panels, (1, 3, 20)):
#     sizes = [45] + [32] * (depth - 1) + [2]
#     weights = [rng.normal(scale=np.sqrt(2 / i), size=(o, i)) for i, o in zip(sizes[:-1], sizes[1:])]
#     x, y = gcn_forward(np.eye(45), adjacency, weights).T
#     panel.scatter(x, y, c=group, cmap="viridis")
#     panel.set(title=f"layers: {depth}", xlabel="first output", ylabel="second output")
# figure.tight_layout()
# plt.show()

# %% [markdown] tags=["mark-scheme"] question="A50"
# - 1 point: takes node features and edges; in each layer every node combines its neighbours' features with its own,
#   with weights that all nodes share.
# - 1 point: numbering the nodes otherwise only renumbers the outputs; a readout over all nodes (sum, mean, max) does
#   not change at all.
# - 1 point: k layers see k steps far; with many layers all nodes become alike (over-smoothing).
# - 1 point: a use, and whether it asks for nodes, edges or whole graphs, such as molecules, social networks or
#   traffic.
