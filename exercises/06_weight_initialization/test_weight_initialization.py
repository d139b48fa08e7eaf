import numpy as np


def test_normal_init_has_a_row_for_each_output(normal_init):
    """Three inputs and two outputs make a matrix of two rows and three columns."""
    assert normal_init(3, 2, 0.1, np.random.default_rng(0)).shape == (2, 3)


def test_normal_init_mean_and_standard_deviation(normal_init):
    """60000 numbers of standard deviation 0.05: their mean is nearly 0, their standard deviation nearly 0.05."""
    weight = normal_init(300, 200, 0.05, np.random.default_rng(1))
    np.testing.assert_allclose(weight.mean(), 0.0, atol=0.002)
    np.testing.assert_allclose(weight.std(), 0.05, rtol=0.04)


def test_normal_init_can_be_repeated(normal_init):
    """Generators of equal seed give equal weights; drawing on from the same generator gives others."""
    rng = np.random.default_rng(2)
    first, second = normal_init(4, 3, 1.0, rng), normal_init(4, 3, 1.0, rng)
    np.testing.assert_array_equal(first, normal_init(4, 3, 1.0, np.random.default_rng(2)))
    assert (first != second).any()


def test_xavier_uniform_fills_the_space_between_its_bounds(xavier_uniform):
    """400 inputs and 200 outputs: the bound is sqrt(6 / 600) = 0.1, and 80000 numbers come close to it."""
    weight = xavier_uniform(400, 200, np.random.default_rng(0))
    assert weight.shape == (200, 400)
    assert 0.099 < weight.max() <= 0.1
    assert -0.1 <= weight.min() < -0.099


def test_xavier_uniform_with_a_gain(xavier_uniform):
    """A gain of 3 makes the bound three times as large: 0.3."""
    weight = xavier_uniform(400, 200, np.random.default_rng(1), gain=3.0)
    np.testing.assert_allclose([weight.min(), weight.max()], [-0.3, 0.3], rtol=0.01)


def test_xavier_uniform_is_even(xavier_uniform):
    """Half of the numbers lie between minus half the bound and half the bound."""
    weight = xavier_uniform(400, 200, np.random.default_rng(2))
    np.testing.assert_allclose((np.abs(weight) < 0.05).mean(), 0.5, atol=0.02)


def test_xavier_normal_standard_deviation(xavier_normal):
    """150 inputs and 50 outputs: the standard deviation is sqrt(2 / 200) = 0.1."""
    weight = xavier_normal(150, 50, np.random.default_rng(0))
    assert weight.shape == (50, 150)
    np.testing.assert_allclose(weight.mean(), 0.0, atol=0.01)
    np.testing.assert_allclose(weight.std(), 0.1, rtol=0.08)


def test_xavier_normal_with_a_gain(xavier_normal):
    """A gain of 3 makes the standard deviation three times as large: 0.3."""
    weight = xavier_normal(150, 50, np.random.default_rng(1), gain=3.0)
    np.testing.assert_allclose(weight.std(), 0.3, rtol=0.08)


def test_xavier_normal_has_tails(xavier_normal):
    """About 68% of normal numbers lie within one standard deviation, and about 95% within two."""
    weight = np.abs(xavier_normal(150, 50, np.random.default_rng(2)))
    np.testing.assert_allclose([(weight < 0.1).mean(), (weight < 0.2).mean()], [0.683, 0.954], atol=0.04)
    assert weight.max() > 0.25


def test_he_normal_standard_deviation(he_normal):
    """200 inputs: the standard deviation is sqrt(2 / 200) = 0.1."""
    weight = he_normal(200, 300, np.random.default_rng(0))
    assert weight.shape == (300, 200)
    np.testing.assert_allclose(weight.mean(), 0.0, atol=0.004)
    np.testing.assert_allclose(weight.std(), 0.1, rtol=0.04)


def test_he_normal_does_not_depend_on_the_number_of_outputs(he_normal):
    """Still 200 inputs, so still 0.1, with ten times as many outputs."""
    np.testing.assert_allclose(he_normal(200, 3000, np.random.default_rng(1)).std(), 0.1, rtol=0.02)


def test_activation_std_by_depth_by_hand(activation_std_by_depth):
    """The first layer gives 2, -2 and -2, 2, after ReLU 2, 0 and 0, 2: mean 1, deviation 1. The second gives 6 and 2:
    mean 4, deviation 2."""
    x = np.array([[2.0], [-2.0]])
    weights = [np.array([[1.0], [-1.0]]), np.array([[3.0, 1.0]])]
    np.testing.assert_allclose(activation_std_by_depth(x, weights), [1.0, 2.0])


def test_activation_std_by_depth_measures_after_relu(activation_std_by_depth):
    """The only layer gives 3 and -5, after ReLU 3 and 0: mean 1.5, deviation 1.5. ReLU follows the last layer too."""
    np.testing.assert_allclose(activation_std_by_depth(np.array([[3.0], [-5.0]]), [np.array([[1.0]])]), [1.5])


def test_activation_std_by_depth_of_no_layers(activation_std_by_depth):
    """One number per layer: without layers the list is empty."""
    assert len(activation_std_by_depth(np.array([[1.0, 2.0]]), [])) == 0
