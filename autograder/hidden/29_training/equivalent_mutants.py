"""Mutants of the solutions that are the same function, or another network that learns the same: exercise -> change -> why."""

_NETWORK = "model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), *pooling, nn.Linear(8, num_classes)) -> "

EQUIVALENT = {
    "sequence_regressor": {
        "F.mse_loss(predict(x_train), y_train).backward() -> F.mse_loss((y_train), (predict(x_train))).backward()": (
            "the square has no sign"
        ),
    },
    "image_classifier": {
        _NETWORK + "model = nn.Sequential(nn.Conv2d(1, 8, 3), *pooling, nn.Linear(8, num_classes))": (
            "the maximum over the map is an activation itself"
        ),
        _NETWORK + "model = nn.Sequential((nn.ReLU()), (nn.Conv2d(1, 8, 3)), *pooling, nn.Linear(8, num_classes))": (
            "the maximum over the map is an activation itself, and the patterns are brighter than the background"
        ),
        _NETWORK + "model = nn.Sequential(nn.Conv2d(1, 8, 4), nn.ReLU(), *pooling, nn.Linear(8, num_classes))": (
            "a kernel larger than the patterns finds them, too"
        ),
        _NETWORK + "model = nn.Sequential(nn.Conv2d(1, 8, (2)), nn.ReLU(), *pooling, nn.Linear(8, num_classes))": (
            "parts of two by two pixels are enough to tell these patterns apart"
        ),
    },
}
