"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "fgsm_attack": {
        "return np.clip(x + epsilon * np.sign(loss_gradient(x)), low, high)"
        " -> return np.clip((low), (x + epsilon * np.sign(loss_gradient(x))), high)": (
            "the larger of two numbers is the same in either order"
        ),
    },
    "project_linf": {
        "return np.clip(x_adv, x - epsilon, x + epsilon) -> return np.clip((x - epsilon), (x_adv), x + epsilon)": (
            "the larger of two numbers is the same in either order"
        ),
    },
    "pgd_attack": {
        "x_adv = np.clip(project_linf(x_adv, x, epsilon), low, high)"
        " -> x_adv = np.clip((low), (project_linf(x_adv, x, epsilon)), high)": (
            "the larger of two numbers is the same in either order"
        ),
    },
}
