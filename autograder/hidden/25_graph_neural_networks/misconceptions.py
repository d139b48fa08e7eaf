import numpy as np


def normalized_adjacency__not_normalized(adjacency):
    """The loops are there, but nothing is divided by the degrees, so that a node with many neighbours gets far larger
    numbers than one with few. Compute the degrees of A + I and put them to use."""
    return adjacency + np.eye(len(adjacency))


def normalized_adjacency__no_self_loops(adjacency):
    """The diagonal is 0: no node hears itself, and one without edges is lost altogether. The formula starts from A + I,
    not from A."""
    degrees = adjacency.sum(axis=1)
    scale = np.zeros(len(adjacency))
    scale[degrees > 0] = degrees[degrees > 0] ** -0.5
    return scale[:, None] * adjacency * scale


def normalized_adjacency__degrees_before_the_loops(adjacency):
    """The loops are in the matrix but not in the degrees, so that everything comes out too large, and infinite for a
    node without edges. Compute the degrees after the loops have been added."""
    degrees = adjacency.sum(axis=1)
    return (adjacency + np.eye(len(adjacency))) / np.sqrt(np.outer(degrees, degrees))


def normalized_adjacency__loops_after_normalizing(adjacency):
    """The whole diagonal is 1: the loops were added after the division. They belong to the graph, so add them first
    and count them in the degrees; then they are divided like every edge."""
    degrees = adjacency.sum(axis=1)
    degrees[degrees == 0] = 1
    return adjacency / np.sqrt(np.outer(degrees, degrees)) + np.eye(len(adjacency))


def normalized_adjacency__by_rows(adjacency):
    """Every row sums to 1. That is the mean over the neighbours, another normalization: the result here is symmetric,
    since each entry is divided by the square roots of two degrees."""
    looped = adjacency + np.eye(len(adjacency))
    return looped / looped.sum(axis=1, keepdims=True)


def normalized_adjacency__no_square_roots(adjacency):
    """The entries are divided by the product of the two degrees, which is too much. The exponent in the formula is
    -1/2, not -1: take the square root."""
    looped = adjacency + np.eye(len(adjacency))
    degrees = looped.sum(axis=1)
    return looped / np.outer(degrees, degrees)


def normalized_adjacency__multiplies(adjacency):
    """The entries are multiplied by the square roots of the degrees. The exponent is -1/2, so that edges between
    well-connected nodes count less, not more."""
    looped = adjacency + np.eye(len(adjacency))
    degrees = looped.sum(axis=1)
    return looped * np.sqrt(np.outer(degrees, degrees))


def normalized_adjacency__counts_neighbors(adjacency):
    """Right if all edges have weight 1, wrong otherwise. The degree of a node is the sum of the weights of its edges
    (the loop included), not their number."""
    looped = adjacency + np.eye(len(adjacency))
    degrees = (looped > 0).sum(axis=1)
    return looped / np.sqrt(np.outer(degrees, degrees))


def normalized_adjacency__power_of_a_diagonal_matrix(adjacency):
    """The result contains NaN. Raising a diagonal matrix to the power -1/2 entry by entry turns the zeros beside its
    diagonal into infinity: take the power of the degrees first, then make a matrix of them, if you need one."""
    looped = adjacency + np.eye(len(adjacency))
    scale = np.diag(looped.sum(axis=1)) ** -0.5
    return scale @ looped @ scale


def normalized_adjacency__changes_input(adjacency):
    """The values are right, but the ones were written into the caller's matrix, which now has loops in it. An operator
    such as += and functions such as np.fill_diagonal work in place; compute a new matrix."""
    adjacency += np.eye(len(adjacency), dtype=adjacency.dtype)
    degrees = adjacency.sum(axis=1)
    return adjacency / np.sqrt(np.outer(degrees, degrees))


def _normalized(adjacency):
    looped = adjacency + np.eye(len(adjacency))
    degrees = looped.sum(axis=1)
    return looped / np.sqrt(np.outer(degrees, degrees))


def gcn_layer__no_mixing(features, adjacency, weight):
    """Right on a graph without edges only: this is a dense layer, in which no node hears of its neighbours. The
    normalized adjacency has to be multiplied in."""
    return np.maximum(features @ weight.T, 0)


def gcn_layer__sum_of_neighbors(features, adjacency, weight):
    """Every node gets the plain sum of its neighbours, without itself, and a node without edges gets zeros. The
    argument is the plain A; the layer multiplies by its normalized form."""
    return np.maximum(adjacency @ features @ weight.T, 0)


def gcn_layer__not_normalized(features, adjacency, weight):
    """Every node gets the sum of itself and its neighbours, too large for nodes with many of them. The loops are there,
    the division by the degrees is missing."""
    return np.maximum((adjacency + np.eye(len(adjacency))) @ features @ weight.T, 0)


def gcn_layer__mean_of_neighbors(features, adjacency, weight):
    """Every node gets the mean of itself and its neighbours. The weights of this layer are the symmetric ones, which
    take the degrees of both ends of an edge into account."""
    looped = adjacency + np.eye(len(adjacency))
    return np.maximum(looped / looped.sum(axis=1, keepdims=True) @ features @ weight.T, 0)


def gcn_layer__no_relu(features, adjacency, weight):
    """Some entries are negative. What is linear is right; the ReLU at the end is missing."""
    return _normalized(adjacency) @ features @ weight.T


def gcn_layer__relu_before_mixing(features, adjacency, weight):
    """ReLU is taken of every node's own outputs, and the results are mixed. Mix first: a negative message must be able
    to cancel a positive one, so ReLU comes after both products."""
    return _normalized(adjacency) @ np.maximum(features @ weight.T, 0)


def gcn_layer__relu_before_the_weight(features, adjacency, weight):
    """ReLU is taken of the mixed features, before the weight. It comes after both products: the entries of the result
    cannot be negative."""
    return np.maximum(_normalized(adjacency) @ features, 0) @ weight.T


def gcn_layer__weight_not_transposed(features, adjacency, weight):
    """The weight is used as if it were (inputs, outputs), which fails unless it is square, and is wrong then. Here it
    has one row per output: it must be transposed."""
    return np.maximum(_normalized(adjacency) @ features @ weight, 0)


def gcn_layer__changes_adjacency(features, adjacency, weight):
    """The values are right, but the caller's adjacency matrix has become the normalized one, and would be normalized
    once more in the next call. Operators such as += and /= work in place; compute a new matrix."""
    adjacency += np.eye(len(adjacency), dtype=adjacency.dtype)
    degrees = adjacency.sum(axis=1)
    adjacency /= np.sqrt(np.outer(degrees, degrees))
    return np.maximum(adjacency @ features @ weight.T, 0)


def aggregate_neighbors__messages_only(features, edge_index, reduce="sum"):
    """One row per edge came back: these are the messages, and they are not yet put together. Each target needs one row,
    made of all messages that it receives."""
    if reduce not in ("sum", "mean", "max"):
        raise ValueError("reduce")
    return features[edge_index[0]]


def _aggregate(features, sources, targets, reduce, empty=0.0):
    if reduce not in ("sum", "mean", "max"):
        raise ValueError("reduce")
    result = np.full(features.shape, empty, dtype=float)
    for node in range(len(features)):
        messages = features[sources[targets == node]]
        if len(messages):
            result[node] = {"sum": np.sum, "mean": np.mean, "max": np.max}[reduce](messages, axis=0)
    return result


def aggregate_neighbors__against_the_edges(features, edge_index, reduce="sum"):
    """The messages run backwards: every node gets the features of the nodes that it points to. Row 0 of edge_index
    holds the sources and row 1 the targets; the targets receive."""
    return _aggregate(features, edge_index[1], edge_index[0], reduce)


def aggregate_neighbors__both_directions(features, edge_index, reduce="sum"):
    """Every edge is used in both directions. Here an edge leads from its source to its target only; an undirected edge
    is listed twice by the caller."""
    sources = np.concatenate([edge_index[0], edge_index[1]])
    targets = np.concatenate([edge_index[1], edge_index[0]])
    return _aggregate(features, sources, targets, reduce)


def aggregate_neighbors__hears_itself(features, edge_index, reduce="sum"):
    """Every node takes its own features into account, as in a GCN. Here it hears itself only if the list has an edge
    from the node to itself: add no loops."""
    loops = np.arange(len(features))
    sources, targets = np.concatenate([edge_index[0], loops]), np.concatenate([edge_index[1], loops])
    return _aggregate(features, sources, targets, reduce)


def aggregate_neighbors__one_message_per_target(features, edge_index, reduce="sum"):
    """Only one of several messages to the same node is counted. In result[targets] += messages a target that occurs
    several times is written several times, each time over the last: use np.add.at and its like, or a loop."""
    if reduce not in ("sum", "mean", "max"):
        raise ValueError("reduce")
    sources, targets = edge_index
    result = np.zeros(features.shape)
    if reduce == "max":
        result[:] = -np.inf
        result[targets] = np.maximum(result[targets], features[sources])
        return np.where(np.isinf(result), 0, result)
    result[targets] += features[sources]
    if reduce == "mean":
        result /= np.maximum(np.bincount(targets, minlength=len(features)), 1)[:, None]
    return result


def aggregate_neighbors__repeated_edges_once(features, edge_index, reduce="sum"):
    """Right unless an edge is listed more than once. Every column is one message, so the same edge twice counts twice;
    a matrix of zeros and ones, or a set of edges, forgets that."""
    sources, targets = np.unique(edge_index, axis=1)
    return _aggregate(features, sources, targets, reduce)


def aggregate_neighbors__maximum_starts_at_zero(features, edge_index, reduce="sum"):
    """The maximum is never negative: it was started from zeros, which then take part. Only nodes without any message
    get 0; the maximum of negative messages is negative."""
    result = _aggregate(features, edge_index[0], edge_index[1], reduce)
    return np.maximum(result, 0) if reduce == "max" else result


def aggregate_neighbors__nothing_from_nobody(features, edge_index, reduce="sum"):
    """Right where every node receives something. A mean of no messages is 0/0 and a maximum of none is minus infinity:
    give zeros to the nodes that no edge leads to."""
    empty = {"mean": np.nan, "max": -np.inf}.get(reduce, 0.0)
    return _aggregate(features, edge_index[0], edge_index[1], reduce, empty)


def aggregate_neighbors__mean_over_messages_sent(features, edge_index, reduce="sum"):
    """The mean is divided by the number of edges that leave the node. Divide by the number of those that arrive: count
    the targets, not the sources."""
    if reduce != "mean":
        return _aggregate(features, edge_index[0], edge_index[1], reduce)
    sent = np.bincount(edge_index[0], minlength=len(features))
    return _aggregate(features, edge_index[0], edge_index[1], "sum") / np.maximum(sent, 1)[:, None]


def aggregate_neighbors__ignores_reduce(features, edge_index, reduce="sum"):
    """The sum comes back whatever the reduction. Use the argument."""
    if reduce not in ("sum", "mean", "max"):
        raise ValueError("reduce")
    return _aggregate(features, edge_index[0], edge_index[1], "sum")


def aggregate_neighbors__mean_by_default(features, edge_index, reduce="mean"):
    """Right when the reduction is given, but the default is the mean. Keep the default of the signature."""
    return _aggregate(features, edge_index[0], edge_index[1], reduce)


def aggregate_neighbors__takes_any_reduction(features, edge_index, reduce="sum"):
    """Right for the three reductions, but any other word is taken for one of them. An else that means "max" hides the
    caller's typing errors: raise a ValueError."""
    return _aggregate(features, edge_index[0], edge_index[1], reduce if reduce in ("sum", "mean") else "max")


def _mean_of(features, chosen):
    return features[chosen].mean(axis=0) if chosen.any() else np.zeros(features.shape[1])


def graph_readout__one_graph(features, graph_ids, num_graphs):
    """All rows are the same: the mean was taken over the nodes of all graphs. Every graph has nodes of its own, and
    graph_ids says which."""
    return np.tile(features.mean(axis=0), (num_graphs, 1))


def graph_readout__sum(features, graph_ids, num_graphs):
    """Large graphs get large rows: the nodes are added up, but the sums are not divided by the number of nodes of each
    graph."""
    members = graph_ids == np.arange(num_graphs)[:, None]
    return members @ features


def graph_readout__maximum(features, graph_ids, num_graphs):
    """Each row holds the largest features of its graph. Such a readout exists too; this exercise asks for the mean."""
    result = np.zeros((num_graphs, features.shape[1]))
    for graph in np.unique(graph_ids):
        result[graph] = features[graph_ids == graph].max(axis=0)
    return result


def graph_readout__divides_by_all_nodes(features, graph_ids, num_graphs):
    """The sums are divided by the number of all nodes in the batch. Divide each by the number of nodes of its own
    graph."""
    members = graph_ids == np.arange(num_graphs)[:, None]
    return members @ features / len(features)


def graph_readout__nan_for_empty_graphs(features, graph_ids, num_graphs):
    """Right unless a graph has no nodes: then 0/0 gives NaN. Such a graph gets a row of zeros."""
    members = graph_ids == np.arange(num_graphs)[:, None]
    return members @ features / members.sum(axis=1, keepdims=True)


def graph_readout__skips_empty_graphs(features, graph_ids, num_graphs):
    """Rows are missing, and later ones have moved up: graphs without nodes do not occur in graph_ids. The number of
    rows is num_graphs."""
    return np.stack([_mean_of(features, graph_ids == graph) for graph in np.unique(graph_ids)])


def graph_readout__one_node_too_many(features, graph_ids, num_graphs):
    """The rows are too small, most of all those of small graphs: every count is one too large. If the one was to save
    the empty graphs from a division by 0, change the count of these alone."""
    members = graph_ids == np.arange(num_graphs)[:, None]
    return members @ features / (members.sum(axis=1, keepdims=True) + 1)


def graph_readout__nodes_in_order(features, graph_ids, num_graphs):
    """Right if the nodes of graph 0 come first, then those of graph 1, and so on. The numbers may come in any order: go
    by each node's graph, not by its position."""
    counts = np.bincount(graph_ids, minlength=num_graphs)
    parts = np.split(features, np.cumsum(counts)[:-1])
    return np.stack([part.mean(axis=0) if len(part) else np.zeros(features.shape[1]) for part in parts])


def graph_readout__one_node_per_graph(features, graph_ids, num_graphs):
    """Only one node of each graph enters the sum. In result[graph_ids] += features a graph that occurs several times is
    written several times, each time over the last: use np.add.at, or a loop."""
    result = np.zeros((num_graphs, features.shape[1]))
    result[graph_ids] += features
    return result / np.maximum(np.bincount(graph_ids, minlength=num_graphs), 1)[:, None]


def graph_readout__changes_features(features, graph_ids, num_graphs):
    """The values are right, but the features were changed on the way: an operator such as /= works in place, in the
    caller's array. Divide the sums, or work on a copy."""
    features /= np.bincount(graph_ids, minlength=num_graphs)[graph_ids][:, None].astype(features.dtype)
    return (graph_ids == np.arange(num_graphs)[:, None]) @ features


def gcn_forward__relu_after_the_last(features, adjacency, weights):
    """No output is negative: ReLU was also applied after the last layer. ReLU stands between layers; the outputs are
    bare scores."""
    h = features
    for weight in weights:
        h = np.maximum(_normalized(adjacency) @ h @ weight.T, 0)
    return h


def gcn_forward__no_relu(features, adjacency, weights):
    """There is no ReLU between the layers, so that all of them together are one linear map. Apply it after every layer
    but the last."""
    h = features
    for weight in weights:
        h = _normalized(adjacency) @ h @ weight.T
    return h


def gcn_forward__softmax_after_the_last(features, adjacency, weights):
    """Every row sums to 1. The paper puts a softmax behind the last layer to classify nodes; here the scores are asked
    for as they are."""
    h = features
    for weight in weights[:-1]:
        h = np.maximum(_normalized(adjacency) @ h @ weight.T, 0)
    scores = _normalized(adjacency) @ h @ weights[-1].T
    z = np.exp(scores - scores.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def gcn_forward__dense_last_layer(features, adjacency, weights):
    """The last layer does not mix along the edges. It differs from the others by the missing ReLU only: the normalized
    adjacency belongs to it, too."""
    h = features
    for weight in weights[:-1]:
        h = np.maximum(_normalized(adjacency) @ h @ weight.T, 0)
    return h @ weights[-1].T


def gcn_forward__mixes_once(features, adjacency, weights):
    """The features are mixed along the edges once, and then pass through dense layers. Every layer mixes, so that each
    one reaches an edge further."""
    h = _normalized(adjacency) @ features
    for weight in weights[:-1]:
        h = np.maximum(h @ weight.T, 0)
    return h @ weights[-1].T


def gcn_forward__normalizes_again(features, adjacency, weights):
    """Right for a single layer only: every further layer normalizes a matrix that is normalized already. Normalize
    once, or give every layer the plain adjacency."""
    h = features
    for number, weight in enumerate(weights):
        adjacency = _normalized(adjacency)
        h = adjacency @ h @ weight.T
        if number < len(weights) - 1:
            h = np.maximum(h, 0)
    return h


def gcn_forward__not_normalized(features, adjacency, weights):
    """The plain adjacency was used, in the last layer at least, where gcn_layer does not help: there no node hears
    itself. Normalize it before you multiply."""
    h = features
    for weight in weights[:-1]:
        h = np.maximum(_normalized(adjacency) @ h @ weight.T, 0)
    return adjacency @ h @ weights[-1].T


def gcn_forward__two_layers(features, adjacency, weights):
    """Right for two layers only, the number in the paper: the first weight and the last are used, whatever lies between
    them. Go through the whole list."""
    mixing = _normalized(adjacency)
    return mixing @ np.maximum(mixing @ features @ weights[0].T, 0) @ weights[-1].T


def gcn_forward__takes_from_the_list(features, adjacency, weights):
    """The values are right, but the caller's list of weights has become shorter: pop removes what it returns. Read the
    last weight with an index."""
    last, h = weights.pop(), features
    for weight in weights:
        h = np.maximum(_normalized(adjacency) @ h @ weight.T, 0)
    return _normalized(adjacency) @ h @ last.T
