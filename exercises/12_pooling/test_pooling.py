"""Visible tests: examples small enough to check by hand."""

import numpy as np


def test_max_pool2d_takes_the_largest_of_each_window(max_pool2d):
    """Two windows of 2 x 2 side by side; all entries of the second are negative."""
    x = np.array([[[[1.0, 5.0, -2.0, -3.0], [4.0, 2.0, -7.0, -1.0]]]])
    np.testing.assert_allclose(max_pool2d(x, 2), [[[[5.0, -1.0]]]])


def test_max_pool2d_with_overlapping_windows(max_pool2d):
    """With stride 1 the four windows of 2 x 2 all contain the pixel in the middle."""
    x = np.array([[[[8.0, 1.0, 9.0], [2.0, 6.0, 3.0], [4.0, 7.0, 5.0]]]])
    np.testing.assert_allclose(max_pool2d(x, 2, stride=1), [[[[8.0, 9.0], [7.0, 7.0]]]])


def test_max_pool2d_drops_the_ragged_edge(max_pool2d):
    """In 3 x 5 pixels there is room for two windows of 2 x 2; the last row and the last column are left out."""
    x = np.array([[[[1.0, 2.0, 3.0, 4.0, 90.0], [5.0, 0.0, 2.0, 1.0, 90.0], [90.0, 90.0, 90.0, 90.0, 90.0]]]])
    np.testing.assert_allclose(max_pool2d(x, 2), [[[[5.0, 4.0]]]])


def test_avg_pool2d_averages_each_window(avg_pool2d):
    """(1 + 5 + 4 + 2) / 4 = 3 and (-2 - 3 - 7 + 0) / 4 = -3."""
    x = np.array([[[[1.0, 5.0, -2.0, -3.0], [4.0, 2.0, -7.0, 0.0]]]])
    np.testing.assert_allclose(avg_pool2d(x, 2), [[[[3.0, -3.0]]]])


def test_avg_pool2d_with_overlapping_windows(avg_pool2d):
    """With stride 1 the first window of 2 x 2 holds 1, 2, 4 and 5, the last one 5, 6, 8 and 9."""
    x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    np.testing.assert_allclose(avg_pool2d(x, 2, stride=1), [[[[3.0, 4.0], [6.0, 7.0]]]])


def test_avg_pool2d_keeps_channels_apart(avg_pool2d):
    """Two channels of 2 x 3 pixels: one window in each, without the last column."""
    x = np.array([[[[1.0, 1.0, 90.0], [1.0, 5.0, 90.0]], [[10.0, 10.0, 90.0], [10.0, 50.0, 90.0]]]])
    np.testing.assert_allclose(avg_pool2d(x, 2), [[[[2.0]], [[20.0]]]])


def test_global_avg_pool2d_averages_each_channel(global_avg_pool2d):
    """The first channel holds 1 to 6, with average 3.5; the second holds ten times as much."""
    x = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[10.0, 20.0, 30.0], [40.0, 50.0, 60.0]]]])
    np.testing.assert_allclose(global_avg_pool2d(x), [[3.5, 35.0]])


def test_global_avg_pool2d_leaves_examples_and_channels(global_avg_pool2d):
    """Of the shape (N, C, H, W), the first two numbers remain."""
    assert global_avg_pool2d(np.zeros((5, 4, 3, 2))).shape == (5, 4)


def test_max_pool2d_backward_gives_all_to_the_largest(max_pool2d_backward):
    """The first window hands its 10 to the 5, the second its 20 to the -1; everything else gets 0."""
    x = np.array([[[[1.0, 5.0, -2.0, -3.0], [4.0, 2.0, -7.0, -1.0]]]])
    grad_output = np.array([[[[10.0, 20.0]]]])
    np.testing.assert_allclose(
        max_pool2d_backward(grad_output, x, 2), [[[[0.0, 10.0, 0.0, 0.0], [0.0, 0.0, 0.0, 20.0]]]]
    )


def test_max_pool2d_backward_adds_up_where_windows_overlap(max_pool2d_backward):
    """The pixel in the middle is the largest of three windows and gets 1 + 2 + 3; the fourth window has another."""
    x = np.array([[[[0.0, 1.0, 2.0], [3.0, 6.0, 4.0], [1.0, 5.0, 7.0]]]])
    grad_output = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    np.testing.assert_allclose(
        max_pool2d_backward(grad_output, x, 2, stride=1), [[[[0.0, 0.0, 0.0], [0.0, 6.0, 0.0], [0.0, 0.0, 4.0]]]]
    )


def test_max_pool2d_backward_of_a_tie(max_pool2d_backward):
    """Of several equal maxima the first gets all, row by row."""
    x = np.array([[[[0.0, 2.0], [2.0, 2.0]]]])
    np.testing.assert_allclose(max_pool2d_backward(np.array([[[[7.0]]]]), x, 2), [[[[0.0, 7.0], [0.0, 0.0]]]])
