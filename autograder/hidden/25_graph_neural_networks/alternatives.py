import numpy as np


def normalized_adjacency__diagonal_matrices(adjacency):
    """The formula as it stands: products with a diagonal matrix on either side."""
    looped = adjacency + np.identity(adjacency.shape[0])
    scale = np.diag(looped.sum(axis=0) ** -0.5)
    return scale @ looped @ scale


def normalized_adjacency__broadcasting(adjacency):
    """A copy with ones on its diagonal, its rows and then its columns scaled."""
    looped = adjacency.copy()
    np.fill_diagonal(looped, 1)
    scale = 1 / np.sqrt(looped.sum(axis=1))
    return scale[:, None] * looped * scale[None, :]


def normalized_adjacency__loops(adjacency):
    """Entry by entry, in nested lists; the degree of a node is one more than its weights."""
    size = len(adjacency)
    degrees = [1 + sum(adjacency[i]) for i in range(size)]
    rows = [[((i == j) + adjacency[i, j]) / (degrees[i] * degrees[j]) ** 0.5 for j in range(size)] for i in range(size)]
    return np.array(rows)


def _normalized(adjacency):
    looped = adjacency + np.eye(len(adjacency))
    degrees = looped.sum(axis=1)
    return looped / np.sqrt(np.outer(degrees, degrees))


def gcn_layer__weight_first(features, adjacency, weight):
    """The other order of the products, and ReLU as a mask."""
    h = _normalized(adjacency) @ (features @ weight.T)
    return h * (h > 0)


def gcn_layer__one_node_at_a_time(features, adjacency, weight):
    """Every node collects what it hears."""
    mixing = _normalized(adjacency)
    result = np.zeros((len(features), len(weight)))
    for i in range(len(features)):
        heard = sum(mixing[i, j] * features[j] for j in range(len(features)))
        result[i] = np.maximum(weight @ heard, 0)
    return result


def gcn_layer__single_precision(features, adjacency, weight):
    """Everything in float32, and one product of three matrices."""
    mixing = _normalized(adjacency).astype(np.float32)
    h = np.einsum("ij,jd,od->io", mixing, features.astype(np.float32), weight.astype(np.float32))
    return np.where(h > 0, h, 0)


def aggregate_neighbors__unbuffered(features, edge_index, reduce="sum"):
    """Without a loop: ufunc.at counts every message."""
    if reduce not in ("sum", "mean", "max"):
        raise ValueError(f"unknown reduction {reduce!r}")
    sources, targets = edge_index
    counts = np.bincount(targets, minlength=len(features))[:, None]
    if reduce == "max":
        result = np.full_like(features, -np.inf)
        np.maximum.at(result, targets, features[sources])
        return np.where(counts > 0, result, 0)
    result = np.zeros_like(features)
    np.add.at(result, targets, features[sources])
    return result if reduce == "sum" else result / np.maximum(counts, 1)


def aggregate_neighbors__matrix(features, edge_index, reduce="sum"):
    """The edges counted in a matrix, which gives sum and mean by a product and the maximum by a mask."""
    counts = np.zeros((len(features), len(features)))
    np.add.at(counts, (edge_index[1], edge_index[0]), 1)
    received = counts.sum(axis=1, keepdims=True)
    if reduce == "sum":
        return counts @ features
    if reduce == "mean":
        return np.divide(counts @ features, received, out=np.zeros(features.shape), where=received > 0)
    if reduce == "max":
        messages = np.where(counts[:, :, None] > 0, features, -np.inf)
        return np.where(received > 0, messages.max(axis=1), 0)
    raise ValueError("reduce")


def aggregate_neighbors__inboxes(features, edge_index, reduce="sum"):
    """A list of messages for every node, filled edge by edge."""
    if reduce not in {"sum", "mean", "max"}:
        raise ValueError("reduce must be sum, mean or max")
    inboxes = [[] for _ in features]
    for source, target in edge_index.T:
        inboxes[target].append(features[source])
    rows = []
    for inbox in inboxes:
        if not inbox:
            rows.append(np.zeros(features.shape[1]))
        elif reduce == "max":
            rows.append(np.max(inbox, axis=0))
        else:
            rows.append(sum(inbox) / (len(inbox) if reduce == "mean" else 1))
    return np.array(rows)


def graph_readout__loop(features, graph_ids, num_graphs):
    """One graph at a time, the empty ones left at zero."""
    result = np.zeros((num_graphs, features.shape[1]), dtype=features.dtype)
    for graph in range(num_graphs):
        nodes = features[graph_ids == graph]
        if len(nodes) > 0:
            result[graph] = nodes.mean(axis=0)
    return result


def graph_readout__unbuffered(features, graph_ids, num_graphs):
    """Sums with np.add.at; a tiny number keeps the division by the count from 0/0."""
    total = np.zeros((num_graphs, features.shape[1]))
    np.add.at(total, graph_ids, features)
    return total / (np.bincount(graph_ids, minlength=num_graphs)[:, None] + 1e-9)


def graph_readout__bincount(features, graph_ids, num_graphs):
    """A weighted count for every feature."""
    counts = np.bincount(graph_ids, minlength=num_graphs)
    columns = [np.bincount(graph_ids, weights=column, minlength=num_graphs) for column in features.T]
    return np.nan_to_num(np.stack(columns, axis=1) / counts[:, None])


def gcn_forward__normalized_once(features, adjacency, weights):
    """The adjacency is normalized once, and a question in the loop finds the last layer."""
    mixing, h = _normalized(adjacency), features
    for number, weight in enumerate(weights):
        h = mixing @ h @ weight.T
        if number != len(weights) - 1:
            h = np.maximum(h, 0)
    return h


def gcn_forward__relu_in_front(features, adjacency, weights):
    """ReLU stands in front of every layer but the first."""
    mixing = _normalized(adjacency)
    h = mixing @ (features @ weights[0].T)
    for weight in weights[1:]:
        h = mixing @ (h.clip(min=0) @ weight.T)
    return h


def gcn_forward__recursive(features, adjacency, weights):
    """The first layer, and then the network of the others."""
    h = _normalized(adjacency) @ features @ weights[0].T
    if len(weights) == 1:
        return h
    return gcn_forward__recursive(np.maximum(h, 0), adjacency, weights[1:])
