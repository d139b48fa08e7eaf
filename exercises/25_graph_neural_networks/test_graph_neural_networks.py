import numpy as np
import pytest


def test_normalized_adjacency_of_two_neighbors(normalized_adjacency):
    """A + I is all ones and both degrees are 2, so every entry is 1 / sqrt(2 * 2) = 1/2."""
    adjacency = np.array([[0.0, 1.0], [1.0, 0.0]])
    np.testing.assert_allclose(normalized_adjacency(adjacency), [[0.5, 0.5], [0.5, 0.5]])


def test_normalized_adjacency_of_a_path(normalized_adjacency):
    """A path of three nodes: with the loops the degrees are 2, 3, 2, so the edges get 1 / sqrt(6)."""
    adjacency = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    edge = 1 / np.sqrt(6)
    expected = [[1 / 2, edge, 0], [edge, 1 / 3, edge], [0, edge, 1 / 2]]
    np.testing.assert_allclose(normalized_adjacency(adjacency), expected)


def test_normalized_adjacency_of_a_node_without_edges(normalized_adjacency):
    """The loop alone gives it degree 1: it hears itself, fully, and nothing is divided by 0."""
    adjacency = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    np.testing.assert_allclose(normalized_adjacency(adjacency), [[0.5, 0, 0.5], [0, 1, 0], [0.5, 0, 0.5]])


def test_normalized_adjacency_of_a_weighted_edge(normalized_adjacency):
    """An edge of weight 3 and the loop of weight 1: the degrees are 4."""
    adjacency = np.array([[0.0, 3.0], [3.0, 0.0]])
    np.testing.assert_allclose(normalized_adjacency(adjacency), [[0.25, 0.75], [0.75, 0.25]])


def test_gcn_layer_averages_two_neighbors(gcn_layer):
    """Two neighbours with 2 and 4 both become 1/2 * 2 + 1/2 * 4 = 3; the weights 1, -1 and 2 give 3, -3 -> 0 and 6."""
    features, adjacency = np.array([[2.0], [4.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    weight = np.array([[1.0], [-1.0], [2.0]])
    np.testing.assert_allclose(gcn_layer(features, adjacency, weight), [[3, 0, 6], [3, 0, 6]], atol=1e-12)


def test_gcn_layer_without_edges_is_a_dense_layer(gcn_layer):
    """Every node hears only itself: 1 * 1 + 2 * 3 = 7, then 2 * 1 - 1 * 3 = -1 -> 0."""
    features, weight = np.array([[1.0, 3.0], [0.0, -1.0]]), np.array([[1.0, 2.0], [2.0, -1.0]])
    np.testing.assert_allclose(gcn_layer(features, np.zeros((2, 2)), weight), [[7, 0], [0, 1]], atol=1e-12)


def test_gcn_layer_cuts_off_last(gcn_layer):
    """The neighbours 6 and -2 mix to 2. Cut off before the mixing, -2 would count as 0, and the result would be 3."""
    features, adjacency = np.array([[6.0], [-2.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    np.testing.assert_allclose(gcn_layer(features, adjacency, np.array([[1.0]])), [[2.0], [2.0]])


def test_aggregate_neighbors_adds_up_by_default(aggregate_neighbors):
    """Edges 0 -> 2, 1 -> 2 and 2 -> 0: node 2 gets the sum of rows 0 and 1, node 0 gets row 2, node 1 nothing."""
    features, edge_index = np.array([[1.0, -4.0], [3.0, -2.0], [5.0, 7.0]]), np.array([[0, 1, 2], [2, 2, 0]])
    np.testing.assert_allclose(aggregate_neighbors(features, edge_index), [[5, 7], [0, 0], [4, -6]])


def test_aggregate_neighbors_with_mean_and_max(aggregate_neighbors):
    """The same graph: node 2 gets the mean of rows 0 and 1, or the larger number of each column, though negative."""
    features, edge_index = np.array([[1.0, -4.0], [3.0, -2.0], [5.0, 7.0]]), np.array([[0, 1, 2], [2, 2, 0]])
    np.testing.assert_allclose(aggregate_neighbors(features, edge_index, reduce="mean"), [[5, 7], [0, 0], [2, -3]])
    np.testing.assert_allclose(aggregate_neighbors(features, edge_index, reduce="max"), [[5, 7], [0, 0], [3, -2]])


def test_aggregate_neighbors_counts_every_message(aggregate_neighbors):
    """The edge 0 -> 1 is listed twice, 2 -> 1 once: the sum is 1 + 1 + 4 = 6, the mean 6 / 3 = 2."""
    features, edge_index = np.array([[1.0], [9.0], [4.0]]), np.array([[0, 2, 0], [1, 1, 1]])
    np.testing.assert_allclose(aggregate_neighbors(features, edge_index, "sum"), [[0], [6], [0]])
    np.testing.assert_allclose(aggregate_neighbors(features, edge_index, "mean"), [[0], [2], [0]])


def test_aggregate_neighbors_refuses_another_reduction(aggregate_neighbors):
    """Only "sum", "mean" and "max" exist."""
    with pytest.raises(ValueError):
        aggregate_neighbors(np.ones((2, 3)), np.array([[0], [1]]), reduce="median")


def test_graph_readout_averages_each_graph(graph_readout):
    """Nodes 0 and 2 belong to graph 1, node 1 to graph 0."""
    features, graph_ids = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 40.0]]), np.array([1, 0, 1])
    np.testing.assert_allclose(graph_readout(features, graph_ids, 2), [[2, 20], [2, 25]])


def test_graph_readout_of_empty_graphs(graph_readout):
    """Graphs 0 and 3 have no nodes: their rows are 0, and they do have rows."""
    features, graph_ids = np.array([[1.0, 2.0], [3.0, 6.0], [5.0, 7.0]]), np.array([1, 1, 2])
    np.testing.assert_allclose(graph_readout(features, graph_ids, 4), [[0, 0], [2, 4], [5, 7], [0, 0]])


def test_gcn_forward_with_one_layer(gcn_forward):
    """A single layer is the last one and has no ReLU: the neighbours 2 and -8 mix to -3."""
    features, adjacency = np.array([[2.0], [-8.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    np.testing.assert_allclose(gcn_forward(features, adjacency, [np.array([[1.0]])]), [[-3.0], [-3.0]])


def test_gcn_forward_with_two_layers(gcn_forward):
    """2 and 4 mix to 3; layer 1 makes 3 and -3 -> 0 of it; these mix to themselves, and layer 2 makes -6 of them."""
    features, adjacency = np.array([[2.0], [4.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    weights = [np.array([[1.0], [-1.0]]), np.array([[-2.0, 5.0]])]
    np.testing.assert_allclose(gcn_forward(features, adjacency, weights), [[-6.0], [-6.0]])


def test_gcn_forward_reaches_as_far_as_it_has_layers(gcn_forward):
    """On a path of three nodes, node 0 starts with 6. With two layers node 2 hears of it, and gets 6 * 1/6 = 1."""
    features, adjacency = np.array([[6.0], [0.0], [0.0]]), np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    one = np.array([[1.0]])
    np.testing.assert_allclose(gcn_forward(features, adjacency, [one])[2], [0.0], atol=1e-12)
    np.testing.assert_allclose(gcn_forward(features, adjacency, [one, one])[2], [1.0])
