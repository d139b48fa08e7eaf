"""Mutants of the solutions that are the same function: exercise -> "old line -> new line" -> why."""

EQUIVALENT = {
    "reconstruction_loss": {
        "return (reconstruction - x).square().sum(dim=1).mean() -> "
        "return ((x) - (reconstruction)).square().sum(dim=1).mean()": "the square has no sign",
    },
    "autoencoder_train_step": {
        "loss = reconstruction_loss(x, decode(encode(x, tracked), tracked)) -> "
        "loss = reconstruction_loss((decode(encode(x, tracked), tracked)), (x))": "the loss is symmetric",
    },
    "mask_noise": {
        "return x * (torch.rand(x.shape, generator=generator) >= p) -> "
        "return x * (torch.rand(x.shape, generator=generator) > p)": (
            "a random number equals p with a probability of at most 2^-24"
        ),
    },
    "linear_autoencoder": {
        "_, _, directions = torch.linalg.svd(centred, full_matrices=False) -> "
        f"_, _, directions = torch.linalg.svd(centred, {argument})": "the first min(N, D) directions are the same"
        for argument in ("", "full_matrices=True")
    },
    "anomaly_scores": {
        "return (reconstruction - x).square().mean(dim=1) -> return ((x) - (reconstruction)).square().mean(dim=1)": (
            "the square has no sign"
        ),
    },
}
