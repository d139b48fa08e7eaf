"""Profiles: what a submission may import besides the standard library."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """What a zygote imports before it forks, and what its workers may read.

    Attributes:
        warm_up: modules imported once, in the zygote.
        importable: top-level packages of site-packages that a submission may import.
        memory: bytes that a worker may allocate beyond what the zygote has.
    """

    warm_up: tuple[str, ...]
    importable: tuple[str, ...]
    memory: int


_STANDARD_LIBRARY = (
    *("abc", "bisect", "cmath", "collections", "contextlib", "copy", "dataclasses", "decimal", "enum", "fractions"),
    *("functools", "heapq", "inspect", "itertools", "json", "math", "numbers", "operator", "random", "re"),
    *("statistics", "string", "textwrap", "time", "typing", "warnings"),
)
_TORCH_NEEDS = ("typing_extensions", "sympy", "mpmath", "networkx", "jinja2", "markupsafe", "filelock", "fsspec")

PROFILES = {
    "numpy": Profile(
        warm_up=(*_STANDARD_LIBRARY, "numpy", "numpy.linalg", "numpy.random", "numpy.fft", "numpy.lib.stride_tricks"),
        importable=("numpy",),
        memory=512 << 20,
    ),
    "torch": Profile(
        warm_up=(
            *_STANDARD_LIBRARY,
            "numpy",
            "torch",
            "torch.nn.functional",
            "torch.optim",
            "torch._dynamo",
        ),  # optimisers need the last
        importable=("numpy", "torch", "torchgen", "functorch", *_TORCH_NEEDS),
        memory=1024 << 20,
    ),
}
