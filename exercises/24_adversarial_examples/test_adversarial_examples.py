import numpy as np


def test_input_gradient_by_hand(input_gradient):
    """At x = 0 both classes have probability 1/2, so the gradient is half the difference of the rows of the weight."""
    x, weight = np.zeros((1, 2)), np.array([[1.0, 2.0], [3.0, -1.0]])
    np.testing.assert_allclose(input_gradient(x, np.array([0]), weight, np.zeros(2)), [[1.0, -1.5]])


def test_input_gradient_with_a_bias(input_gradient):
    """A bias of log 3 makes class 0 three times as likely: 3/4 of its row, minus 3/4 of that of the true class 1."""
    x, weight = np.zeros((1, 2)), np.array([[1.0, 2.0], [3.0, -1.0]])
    gradient = input_gradient(x, np.array([1]), weight, np.array([np.log(3), 0.0]))
    np.testing.assert_allclose(gradient, [[-1.5, 2.25]])


def test_input_gradient_is_that_of_the_mean(input_gradient):
    """In a batch of two, each example has half the weight in the mean, and so half the gradient."""
    x, weight = np.zeros((2, 2)), np.array([[1.0, 2.0], [3.0, -1.0]])
    gradient = input_gradient(x, np.array([0, 1]), weight, np.zeros(2))
    np.testing.assert_allclose(gradient, [[0.5, -0.75], [-0.5, 0.75]])


def test_fgsm_attack_looks_only_at_the_sign(fgsm_attack):
    """A steep and a gentle slope move their entries equally far; where the slope is 0, nothing moves."""
    x = np.array([0.5, 0.5, 0.5])
    attacked = fgsm_attack(x, lambda point: np.array([40.0, -0.001, 0.0]), 0.1)
    np.testing.assert_allclose(attacked, [0.6, 0.4, 0.5])


def test_fgsm_attack_stays_within_the_range(fgsm_attack):
    """Nothing leaves the range of valid inputs, by default 0 to 1."""
    x = np.array([[0.95, 0.95], [0.05, 0.05]])
    gradient = np.array([[1.0, -1.0], [1.0, -1.0]])
    np.testing.assert_allclose(fgsm_attack(x, lambda point: gradient, 0.1), [[1.0, 0.85], [0.15, 0.0]], atol=1e-12)
    np.testing.assert_allclose(fgsm_attack(x, lambda point: gradient, 0.1, -1.0, 1.0)[1], [0.15, -0.05])


def test_fgsm_attack_asks_once(fgsm_attack):
    """The gradient is asked for once, at the input itself."""
    points = []

    def loss_gradient(point):
        points.append(point.copy())
        return np.ones(2)

    np.testing.assert_allclose(fgsm_attack(np.array([0.25, 0.5]), loss_gradient, 0.25), [0.5, 0.75])
    np.testing.assert_allclose(points, [[0.25, 0.5]])


def test_project_linf_by_hand(project_linf):
    """With x = 3 and epsilon = 0.5 the interval is 2.5 to 3.5: 2 and 7 go to its ends, 2.75 stays."""
    projected = project_linf(np.array([2.0, 2.75, 7.0]), np.array([3.0, 3.0, 3.0]), 0.5)
    np.testing.assert_allclose(projected, [2.5, 2.75, 3.5])


def test_project_linf_around_every_entry_of_x(project_linf):
    """Each entry has an interval of its own, around its own entry of x."""
    projected = project_linf(np.array([[0.0, 0.0], [9.0, 9.0]]), np.array([[-2.0, 1.0], [8.5, 4.0]]), 1.0)
    np.testing.assert_allclose(projected, [[-1.0, 0.0], [9.0, 5.0]])


def test_pgd_attack_asks_again_at_every_step(pgd_attack):
    """The loss is highest at 0.65. Four steps of 0.1 from 0.5: 0.6, then 0.7, back to 0.6, and 0.7 again."""
    attacked = pgd_attack(np.array([0.5]), lambda point: 0.65 - point, 0.4, 0.1, 4)
    np.testing.assert_allclose(attacked, [0.7])


def test_pgd_attack_stays_in_the_ball(pgd_attack):
    """Five steps of 0.1 would lead 0.5 away; the ball around the original input ends at 0.25."""
    attacked = pgd_attack(np.array([0.5, 0.5]), lambda point: np.array([3.0, -0.2]), 0.25, 0.1, 5)
    np.testing.assert_allclose(attacked, [0.75, 0.25])


def test_pgd_attack_stays_within_the_range(pgd_attack):
    """The range ends at 1, by default, although the ball goes on."""
    x, loss_gradient = np.array([0.9, 0.5]), np.ones_like
    np.testing.assert_allclose(pgd_attack(x, loss_gradient, 0.25, 0.1, 5), [1.0, 0.75])
    np.testing.assert_allclose(pgd_attack(x, loss_gradient, 0.25, 0.1, 5, low=0.0, high=2.0), [1.15, 0.75])
