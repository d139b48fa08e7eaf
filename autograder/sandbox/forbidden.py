"""Functions that a statement rules out: they are taken away where they live, so that no other name leads to them."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Callable, Sequence
from typing import Any, NoReturn


class ForbiddenFunction(Exception):
    """The submission called a function that the statement of the exercise rules out."""


def forbid(names: Sequence[str]) -> None:
    """Put in place of each function, wherever a module or another namespace holds it, one that raises.

    Args:
        names: full names, such as "numpy.tanh".
    """
    if names:
        gc.unfreeze()  # what is frozen is not searched
    for name in names:
        module, _, attribute = name.rpartition(".")
        function = getattr(importlib.import_module(module), attribute)
        refusal = _refusal(name)
        for namespace in gc.get_referrers(function):
            if isinstance(namespace, dict):
                namespace.update({key: refusal for key, value in namespace.items() if value is function})


def _refusal(name: str) -> Callable[..., NoReturn]:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise ForbiddenFunction(f"{name} is ruled out in this exercise")

    return refuse
