"""Hidden tests of 25_graph_neural_networks. Oracles in float64: the definition in loops, and PyTorch."""

import itertools
import math

import numpy as np
import pytest
import torch

from autograder.suite.assertions import assert_close, assert_unchanged


def _away_from_zero(rng, *shape):
    return rng.uniform(0.5, 2.0, shape) * rng.choice([-1.0, 1.0], shape)


def _graph(rng, nodes, edges, low=1.0, high=1.0):
    """The adjacency matrix of the edges with the nodes renumbered at random, and weights from low to high."""
    number = rng.permutation(nodes)
    adjacency = np.zeros((nodes, nodes))
    for one, other in edges:
        weight = rng.uniform(low, high)
        adjacency[number[one], number[other]] = weight
        adjacency[number[other], number[one]] = weight
    return adjacency


_CONNECTED = [(0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (3, 5)]  # 6 nodes of degrees 4, 2, 2, 2, 1, 1
_WITH_LONERS = [(0, 1), (0, 2), (0, 3), (1, 2)]  # 6 nodes, two of them without an edge


def _normalized(adjacency):
    """The definition, entry by entry."""
    size = len(adjacency)
    looped = [[float(adjacency[i, j]) + (1.0 if i == j else 0.0) for j in range(size)] for i in range(size)]
    degrees = [math.fsum(row) for row in looped]
    return np.array(
        [[looped[i][j] / (math.sqrt(degrees[i]) * math.sqrt(degrees[j])) for j in range(size)] for i in range(size)]
    )


def _tensor(array):
    return torch.from_numpy(np.array(array, dtype=np.float64))


def _mixed(features, adjacency, weight):
    """A layer before its ReLU."""
    return torch.nn.functional.linear(_tensor(_normalized(adjacency)) @ features, _tensor(weight))


def _layer(features, adjacency, weight):
    return torch.relu(_mixed(_tensor(features), adjacency, weight))


def _pre_activations(features, adjacency, weights):
    """What every layer computes before its ReLU; the last is the result of the network."""
    results, h = [], _tensor(features)
    for weight in weights:
        results.append(_mixed(h, adjacency, weight))
        h = torch.relu(results[-1])
    return results


def _network(features, adjacency, weights):
    return _pre_activations(features, adjacency, weights)[-1]


def _sees_relu(pre_activation):
    """Whether ReLU makes a difference that cannot be missed: a quarter of the entries on either side of zero."""
    scale = float(pre_activation.abs().mean())
    above, below = (pre_activation > 0.1 * scale), (pre_activation < -0.1 * scale)
    return all(float(side.double().mean()) >= 0.25 for side in (above, below))


def _features_and_weights(rng, adjacency, *sizes):
    """Features and the weights of layers with these sizes, drawn until ReLU matters in every layer."""
    while True:
        features = _away_from_zero(rng, len(adjacency), sizes[0])
        weights = [_away_from_zero(rng, outputs, inputs) for inputs, outputs in itertools.pairwise(sizes)]
        if all(map(_sees_relu, _pre_activations(features, adjacency, weights))):
            return features, weights


def _float32(*arrays):
    return [array.astype(np.float32) for array in arrays]


def _assert_close(answer, expected):
    """As assert_close, with room for the float32 rounding of sums that nearly cancel."""
    assert_close(answer, expected, atol=1e-5 * float(np.abs(np.asarray(expected)).max()))


# normalized_adjacency


@pytest.mark.points(3)
def test_normalized_adjacency_follows_the_definition(normalized_adjacency, rng):
    """normalized_adjacency divides every entry of A + I by the square roots of the degrees of its two nodes."""
    adjacency = _graph(rng, 6, _CONNECTED)
    assert_close(normalized_adjacency(adjacency), _normalized(adjacency))


@pytest.mark.points(2)
def test_normalized_adjacency_of_nodes_without_edges(normalized_adjacency, rng):
    """normalized_adjacency of a graph in which some nodes have no edge is finite and follows the same definition."""
    adjacency = _graph(rng, 6, _WITH_LONERS)
    assert_close(normalized_adjacency(adjacency), _normalized(adjacency))


@pytest.mark.points(2)
def test_normalized_adjacency_of_weighted_edges(normalized_adjacency, rng):
    """normalized_adjacency takes the weights of the edges into account, and the degree is the sum of the weights."""
    adjacency = _graph(rng, 6, _CONNECTED, 0.2, 0.6) + _graph(rng, 6, _WITH_LONERS, 2.0, 5.0)
    assert_close(normalized_adjacency(adjacency), _normalized(adjacency))


def test_normalized_adjacency_of_very_strong_edges(normalized_adjacency, rng):
    """normalized_adjacency is right where some edges are very strong, and the loops still have weight one."""
    adjacency = _graph(rng, 5, [(0, 1), (1, 2)], 1e3, 1e4) + _graph(rng, 5, [(3, 4)], 0.01, 0.02)
    assert_close(normalized_adjacency(adjacency), _normalized(adjacency))


def test_normalized_adjacency_without_edges(normalized_adjacency):
    """normalized_adjacency of a graph without edges, or of a single node, joins every node to itself only."""
    for nodes in (1, 4):
        assert_close(normalized_adjacency(np.zeros((nodes, nodes))), np.eye(nodes))


def test_normalized_adjacency_of_float32(normalized_adjacency, rng):
    """normalized_adjacency is right for float32 input."""
    (adjacency,) = _float32(_graph(rng, 6, _CONNECTED, 0.5, 3.0))
    assert_close(normalized_adjacency(adjacency), _normalized(adjacency))


def test_normalized_adjacency_of_a_named_view(normalized_adjacency, rng):
    """normalized_adjacency takes its argument by name, and a matrix that is a view of a larger one."""
    adjacency = np.kron(_graph(rng, 5, [(0, 1), (0, 2), (0, 3), (3, 4)]), np.ones((2, 3)))[::2, ::3]
    assert_close(normalized_adjacency(adjacency=adjacency), _normalized(adjacency))


def test_normalized_adjacency_leaves_its_argument_alone(normalized_adjacency, rng):
    """normalized_adjacency returns a new array and does not change its argument."""
    adjacency = _graph(rng, 6, _CONNECTED)
    assert_close(normalized_adjacency(adjacency), _normalized(adjacency))
    assert_unchanged(normalized_adjacency, adjacency)


# gcn_layer


@pytest.mark.points(3)
def test_gcn_layer_follows_the_definition(gcn_layer, rng):
    """gcn_layer mixes the features along the edges, transforms every node with the weight and ends with ReLU."""
    adjacency = _graph(rng, 6, _CONNECTED)
    features, (weight,) = _features_and_weights(rng, adjacency, 5, 4)
    _assert_close(gcn_layer(features, adjacency, weight), _layer(features, adjacency, weight))


@pytest.mark.points(2)
def test_gcn_layer_of_nodes_without_edges(gcn_layer, rng):
    """gcn_layer lets a node without edges keep its own features."""
    adjacency = _graph(rng, 6, _WITH_LONERS)
    features, (weight,) = _features_and_weights(rng, adjacency, 3, 4)
    _assert_close(gcn_layer(features, adjacency, weight), _layer(features, adjacency, weight))


def test_gcn_layer_when_all_sizes_are_equal(gcn_layer, rng):
    """gcn_layer has one row of weights per output, also where the shapes do not give it away."""
    adjacency = _graph(rng, 5, [(0, 1), (0, 2), (0, 3), (3, 4)])
    features, (weight,) = _features_and_weights(rng, adjacency, 5, 5)
    _assert_close(gcn_layer(features, adjacency, weight), _layer(features, adjacency, weight))


def test_gcn_layer_without_edges(gcn_layer, rng):
    """gcn_layer on a graph without edges is a dense layer with ReLU."""
    adjacency = np.zeros((5, 5))
    features, (weight,) = _features_and_weights(rng, adjacency, 2, 3)
    _assert_close(gcn_layer(features, adjacency, weight), _layer(features, adjacency, weight))


def test_gcn_layer_of_negative_sums(gcn_layer, rng):
    """gcn_layer turns every negative sum into exactly zero."""
    adjacency = _graph(rng, 6, _CONNECTED)
    features, weight = rng.uniform(0.5, 2.0, (6, 3)), rng.uniform(0.5, 2.0, (4, 3))
    weight[1] *= -1
    _assert_close(gcn_layer(features, adjacency, weight), _layer(features, adjacency, weight))
    _assert_close(gcn_layer(-features, adjacency, weight), _layer(-features, adjacency, weight))


def test_gcn_layer_of_weighted_edges(gcn_layer, rng):
    """gcn_layer takes the weights of the edges into account, and large features as they come."""
    adjacency = _graph(rng, 6, _CONNECTED, 0.2, 5.0)
    features, (weight,) = _features_and_weights(rng, adjacency, 3, 2)
    features *= 5e3
    _assert_close(gcn_layer(features, adjacency, weight), _layer(features, adjacency, weight))


def test_gcn_layer_keeps_axes_of_length_one(gcn_layer, rng):
    """gcn_layer returns one row per node and one column per output, even if there is only one of them."""
    for nodes, inputs, outputs in ((1, 3, 2), (3, 1, 2), (3, 2, 1), (1, 1, 1)):
        adjacency = _graph(rng, nodes, [(0, 1), (1, 2)] if nodes == 3 else [])
        features, weight = rng.uniform(0.5, 2.0, (nodes, inputs)), rng.uniform(0.5, 2.0, (outputs, inputs))
        _assert_close(gcn_layer(features, adjacency, weight), _layer(features, adjacency, weight))


def test_gcn_layer_of_float32(gcn_layer, rng):
    """gcn_layer is right for float32 arrays."""
    adjacency = _graph(rng, 6, _CONNECTED)
    features, (weight,) = _features_and_weights(rng, adjacency, 4, 3)
    arrays = _float32(features, adjacency, weight)
    _assert_close(gcn_layer(*arrays), _layer(*arrays))


def test_gcn_layer_of_named_strided_arguments(gcn_layer, rng):
    """gcn_layer takes named arguments, and arrays that are views of other arrays."""
    adjacency = _graph(rng, 6, _CONNECTED)
    features, (weight,) = _features_and_weights(rng, adjacency, 4, 3)
    arrays = {
        "weight": np.asfortranarray(weight[::-1])[::-1],
        "features": np.repeat(features, 2, axis=1)[:, ::2],
        "adjacency": np.repeat(adjacency, 2, axis=0)[::2],
    }
    _assert_close(gcn_layer(**arrays), _layer(features, adjacency, weight))


def test_gcn_layer_leaves_its_arguments_alone(gcn_layer, rng):
    """gcn_layer returns a new array and does not change its arguments."""
    adjacency = _graph(rng, 6, _CONNECTED)
    features, (weight,) = _features_and_weights(rng, adjacency, 4, 2)
    _assert_close(gcn_layer(features, adjacency, weight), _layer(features, adjacency, weight))
    assert_unchanged(gcn_layer, features, adjacency, weight)


# aggregate_neighbors

# (source, target): every one of 6 nodes receives one to three messages and sends one to three, no edge has its reverse
_EDGES = [(1, 0), (2, 0), (3, 0), (4, 1), (0, 4), (5, 2), (1, 2), (4, 3), (2, 3), (5, 4), (0, 5)]
_TORCH_REDUCTIONS = {"sum": "sum", "mean": "mean", "max": "amax"}


def _edge_index(rng, nodes, edges):
    """The edges with the nodes renumbered at random, in random order."""
    return rng.permutation(rng.permutation(nodes)[np.array(edges)]).T.copy()


def _scattered(rows, places, size, reduction):
    """Rows put together by the place they belong to; places without a row are zero."""
    index = torch.from_numpy(np.array(places, dtype=np.int64))[:, None].expand(-1, rows.shape[1])
    zeros = torch.zeros((size, rows.shape[1]), dtype=torch.float64)
    return zeros.scatter_reduce(0, index, _tensor(rows), reduction, include_self=False)


def _aggregated(features, edge_index, reduce):
    return _scattered(features[edge_index[0]], edge_index[1], len(features), _TORCH_REDUCTIONS[reduce])


@pytest.mark.points(2)
def test_aggregate_neighbors_by_sum(aggregate_neighbors, rng):
    """aggregate_neighbors with "sum", also by default, gives every target the sum of the features of its sources."""
    features, edge_index = _away_from_zero(rng, 6, 3), _edge_index(rng, 6, _EDGES)
    _assert_close(aggregate_neighbors(features, edge_index), _aggregated(features, edge_index, "sum"))
    _assert_close(aggregate_neighbors(features, edge_index, "sum"), _aggregated(features, edge_index, "sum"))


@pytest.mark.points(2)
def test_aggregate_neighbors_by_mean(aggregate_neighbors, rng):
    """aggregate_neighbors with "mean" divides the sum by the number of messages that the target receives."""
    features, edge_index = _away_from_zero(rng, 6, 4), _edge_index(rng, 6, _EDGES)
    _assert_close(aggregate_neighbors(features, edge_index, "mean"), _aggregated(features, edge_index, "mean"))


@pytest.mark.points(2)
def test_aggregate_neighbors_by_maximum(aggregate_neighbors, rng):
    """aggregate_neighbors with "max" takes the largest message, for each feature by itself."""
    features, edge_index = _away_from_zero(rng, 6, 5), _edge_index(rng, 6, _EDGES)
    _assert_close(aggregate_neighbors(features, edge_index, reduce="max"), _aggregated(features, edge_index, "max"))


def test_aggregate_neighbors_by_maximum_of_negative_features(aggregate_neighbors, rng):
    """aggregate_neighbors with "max" is right when all messages are negative, however far below zero."""
    edge_index = _edge_index(rng, 6, _EDGES)
    for size in (1.0, 1e4):
        features = size * rng.uniform(-1.0, -0.5, (6, 2))
        _assert_close(aggregate_neighbors(features, edge_index, "max"), _aggregated(features, edge_index, "max"))


def test_aggregate_neighbors_of_nodes_without_messages(aggregate_neighbors, rng):
    """aggregate_neighbors gives zeros to nodes that no edge leads to, whatever the reduction."""
    features, edge_index = (
        rng.uniform(-2.0, -0.5, (7, 3)),
        _edge_index(rng, 5, [(0, 1), (2, 1), (3, 4), (2, 4), (4, 0)]),
    )
    edge_index += 1  # the first node and the last have no edge at all
    for reduce in ("sum", "mean", "max"):
        _assert_close(aggregate_neighbors(features, edge_index, reduce), _aggregated(features, edge_index, reduce))


def test_aggregate_neighbors_without_edges(aggregate_neighbors, rng):
    """aggregate_neighbors of a graph without edges is zero everywhere, whatever the reduction."""
    features, edge_index = rng.uniform(-2.0, -0.5, (4, 3)), np.zeros((2, 0), dtype=np.int64)
    for reduce in ("sum", "mean", "max"):
        assert_close(aggregate_neighbors(features, edge_index, reduce), np.zeros((4, 3)))


def test_aggregate_neighbors_of_repeated_edges(aggregate_neighbors, rng):
    """aggregate_neighbors counts an edge as often as it is listed, for the sum and for the mean."""
    features = _away_from_zero(rng, 6, 3)
    edge_index = _edge_index(rng, 6, [*_EDGES, (1, 0), (1, 0), (5, 2)])
    for reduce in ("sum", "mean"):
        _assert_close(aggregate_neighbors(features, edge_index, reduce), _aggregated(features, edge_index, reduce))


def test_aggregate_neighbors_of_edges_to_the_node_itself(aggregate_neighbors, rng):
    """aggregate_neighbors treats an edge from a node to itself as any other edge."""
    features, edge_index = _away_from_zero(rng, 6, 2), _edge_index(rng, 6, [*_EDGES, (0, 0), (3, 3)])
    for reduce in ("sum", "mean", "max"):
        _assert_close(aggregate_neighbors(features, edge_index, reduce), _aggregated(features, edge_index, reduce))


def test_aggregate_neighbors_with_another_reduction(aggregate_neighbors, rng):
    """aggregate_neighbors raises a ValueError for any reduction but the three."""
    features, edge_index = _away_from_zero(rng, 6, 2), _edge_index(rng, 6, _EDGES)
    for reduce in ("min", "median"):
        with pytest.raises(ValueError):
            aggregate_neighbors(features, edge_index, reduce)


def test_aggregate_neighbors_of_float32_views(aggregate_neighbors, rng):
    """aggregate_neighbors takes named arguments, float32 features, and arrays that are views of other arrays."""
    features = _away_from_zero(rng, 3, 12).astype(np.float32).T[::2]
    edge_index = np.asfortranarray(_edge_index(rng, 6, _EDGES))[::-1]
    for reduce in ("sum", "mean", "max"):
        answer = aggregate_neighbors(reduce=reduce, edge_index=edge_index, features=features)
        _assert_close(answer, _aggregated(features, edge_index, reduce))


def test_aggregate_neighbors_leaves_its_arguments_alone(aggregate_neighbors, rng):
    """aggregate_neighbors returns a new array and does not change its arguments."""
    features, edge_index = _away_from_zero(rng, 6, 3), _edge_index(rng, 6, _EDGES)
    for reduce in ("sum", "mean", "max"):
        _assert_close(aggregate_neighbors(features, edge_index, reduce), _aggregated(features, edge_index, reduce))
        assert_unchanged(aggregate_neighbors, features, edge_index, reduce)


# graph_readout


def _graph_ids(rng, *sizes):
    """The graph of every node, for graphs of these sizes; the nodes of one graph do not stand together."""
    graph_ids = np.repeat(np.arange(len(sizes)), sizes)
    while True:
        graph_ids = rng.permutation(graph_ids)
        if (np.diff(graph_ids) < 0).any():
            return graph_ids


def _read_out(features, graph_ids, num_graphs):
    return _scattered(features, graph_ids, num_graphs, "mean")


@pytest.mark.points(3)
def test_graph_readout_is_the_mean_of_every_graph(graph_readout, rng):
    """graph_readout averages the nodes of every graph, whatever the order of the nodes and the sizes of the graphs."""
    features, graph_ids = _away_from_zero(rng, 9, 4), _graph_ids(rng, 4, 2, 3)
    _assert_close(graph_readout(features, graph_ids, 3), _read_out(features, graph_ids, 3))


@pytest.mark.points(2)
def test_graph_readout_of_empty_graphs(graph_readout, rng):
    """graph_readout gives a row of zeros to a graph without nodes, be it the first, the last or another."""
    features, graph_ids = rng.uniform(0.5, 2.0, (9, 2)), _graph_ids(rng, 0, 3, 0, 4, 2, 0, 0)
    _assert_close(graph_readout(features, graph_ids, 7), _read_out(features, graph_ids, 7))


def test_graph_readout_of_nodes_in_order(graph_readout, rng):
    """graph_readout is right when the nodes of each graph stand together, a graph of a single node included."""
    features, graph_ids = _away_from_zero(rng, 8, 3), np.repeat([0, 1, 2, 3], [3, 1, 2, 2])
    _assert_close(graph_readout(features, graph_ids, 4), _read_out(features, graph_ids, 4))


def test_graph_readout_when_sizes_are_equal(graph_readout, rng):
    """graph_readout has one row per graph and one column per feature, also where there are as many of both."""
    features, graph_ids = _away_from_zero(rng, 10, 4), _graph_ids(rng, 1, 2, 3, 4)
    _assert_close(graph_readout(features, graph_ids, 4), _read_out(features, graph_ids, 4))


def test_graph_readout_of_one_graph(graph_readout, rng):
    """graph_readout of a single graph is one row, also if the graph has one node and the node has one feature."""
    for nodes, size in ((5, 3), (1, 4), (1, 1)):
        features, graph_ids = 1e4 * rng.uniform(0.5, 1.0, (nodes, size)), np.zeros(nodes, dtype=np.int64)
        _assert_close(graph_readout(features, graph_ids, 1), _read_out(features, graph_ids, 1))


def test_graph_readout_of_graphs_with_one_node(graph_readout, rng):
    """graph_readout of graphs with one node each puts the nodes into the order of the graphs."""
    features, graph_ids = _away_from_zero(rng, 5, 2), _graph_ids(rng, 1, 1, 1, 1, 1)
    _assert_close(graph_readout(features, graph_ids, 5), _read_out(features, graph_ids, 5))


def test_graph_readout_of_float32_views(graph_readout, rng):
    """graph_readout takes named arguments, float32 features, and arrays that are views of other arrays."""
    features = _away_from_zero(rng, 3, 16).astype(np.float32).T[::2]
    graph_ids = np.repeat(_graph_ids(rng, 2, 0, 5, 1), 2)[::-2]
    answer = graph_readout(num_graphs=4, graph_ids=graph_ids, features=features)
    _assert_close(answer, _read_out(features, graph_ids, 4))


def test_graph_readout_leaves_its_arguments_alone(graph_readout, rng):
    """graph_readout returns a new array and does not change its arguments."""
    features, graph_ids = _away_from_zero(rng, 7, 3), _graph_ids(rng, 4, 1, 2)
    _assert_close(graph_readout(features, graph_ids, 3), _read_out(features, graph_ids, 3))
    assert_unchanged(graph_readout, features, graph_ids, 3)


# gcn_forward


@pytest.mark.points(3)
def test_gcn_forward_follows_the_definition(gcn_forward, rng):
    """gcn_forward takes the features through all layers in turn, with ReLU between them and none after the last."""
    adjacency = _graph(rng, 6, _CONNECTED)
    features, weights = _features_and_weights(rng, adjacency, 3, 7, 5, 4)
    _assert_close(gcn_forward(features, adjacency, weights), _network(features, adjacency, weights))


@pytest.mark.points(2)
def test_gcn_forward_with_one_layer(gcn_forward, rng):
    """gcn_forward with a single layer mixes along the edges once, and has no ReLU."""
    adjacency = _graph(rng, 6, _CONNECTED)
    features, weights = _features_and_weights(rng, adjacency, 4, 3)
    _assert_close(gcn_forward(features, adjacency, weights), _network(features, adjacency, weights))


def test_gcn_forward_with_two_layers(gcn_forward, rng):
    """gcn_forward with two layers has ReLU after the first and nothing after the second, however large the values."""
    adjacency = _graph(rng, 6, _CONNECTED)
    features, weights = _features_and_weights(rng, adjacency, 2, 5, 3)
    features *= 5e3
    _assert_close(gcn_forward(features, adjacency, weights), _network(features, adjacency, weights))


def test_gcn_forward_of_a_deep_network(gcn_forward, rng):
    """gcn_forward works for any number of layers, whatever their sizes."""
    adjacency = _graph(rng, 6, _WITH_LONERS)
    features, weights = _features_and_weights(rng, adjacency, 3, 5, 6, 4, 7, 3)
    _assert_close(gcn_forward(features, adjacency, weights), _network(features, adjacency, weights))


def test_gcn_forward_when_all_sizes_are_equal(gcn_forward, rng):
    """gcn_forward has one row of weights per output in every layer, also where the shapes do not give it away."""
    adjacency = _graph(rng, 5, [(0, 1), (0, 2), (0, 3), (3, 4)])
    features, weights = _features_and_weights(rng, adjacency, 5, 5, 5)
    _assert_close(gcn_forward(features, adjacency, weights), _network(features, adjacency, weights))


def test_gcn_forward_without_edges(gcn_forward, rng):
    """gcn_forward on a graph without edges is a multilayer perceptron without biases."""
    adjacency = np.zeros((5, 5))
    features, weights = _features_and_weights(rng, adjacency, 3, 4, 6)
    _assert_close(gcn_forward(features, adjacency, weights), _network(features, adjacency, weights))


def test_gcn_forward_keeps_axes_of_length_one(gcn_forward, rng):
    """gcn_forward returns one row per node and one column per output, even if there is only one of them."""
    for nodes, *sizes in ((1, 3, 4, 2), (3, 2, 1, 4), (3, 1, 4, 1), (1, 1, 1)):
        adjacency = _graph(rng, nodes, [(0, 1), (1, 2)] if nodes == 3 else [])
        features = rng.uniform(0.5, 2.0, (nodes, sizes[0]))
        weights = [rng.uniform(0.5, 2.0, (outputs, inputs)) for inputs, outputs in itertools.pairwise(sizes)]
        _assert_close(gcn_forward(features, adjacency, weights), _network(features, adjacency, weights))


def test_gcn_forward_of_weighted_edges(gcn_forward, rng):
    """gcn_forward takes the weights of the edges into account in every layer."""
    adjacency = _graph(rng, 6, _CONNECTED, 0.2, 5.0)
    features, weights = _features_and_weights(rng, adjacency, 4, 5, 3)
    _assert_close(gcn_forward(features, adjacency, weights), _network(features, adjacency, weights))


def test_gcn_forward_of_float32_views(gcn_forward, rng):
    """gcn_forward takes named arguments, float32 arrays, and arrays that are views of other arrays."""
    adjacency = _graph(rng, 6, _CONNECTED)
    features, weights = _features_and_weights(rng, adjacency, 4, 5, 3)
    features, adjacency, *weights = _float32(features, adjacency, *weights)
    arrays = {
        "weights": [np.asfortranarray(weights[0]), np.repeat(weights[1], 2, axis=1)[:, ::2]],
        "features": np.repeat(features, 2, axis=0)[::2],
        "adjacency": np.repeat(adjacency, 2, axis=1)[:, ::2],
    }
    _assert_close(gcn_forward(**arrays), _network(features, adjacency, weights))


def test_gcn_forward_leaves_its_arguments_alone(gcn_forward, rng):
    """gcn_forward changes neither its arguments nor the arrays in the list."""
    adjacency = _graph(rng, 6, _CONNECTED)
    features, weights = _features_and_weights(rng, adjacency, 3, 5, 2)
    _assert_close(gcn_forward(features, adjacency, weights), _network(features, adjacency, weights))
    assert_unchanged(gcn_forward, features, adjacency, weights)
