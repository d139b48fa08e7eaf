"""Show a learner one call that their function answers wrongly: the arguments and their own answer, never the right one."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from autograder.suite.assertions import same_value
from autograder.suite.proxy import Call

#: Answers that differ by less may differ by rounding.
_RTOL = 1e-3
_MAX_CHARACTERS = 800
_MAX_ENTRIES = 64


def counterexample(
    exercise: str, calls: Iterable[Call], graded: Sequence[Call], right: Callable[..., Any] | None
) -> str | None:
    """The shortest call that the submission answers otherwise than a right answer does, with what it answered.

    Args:
        exercise: the exercise's name.
        calls: calls of the submission, with inputs that were made to be shown.
        graded: the calls on which the marks rest; one with the same arguments is not shown.
        right: a function known to be right.

    Returns:
        The call and the answer as Python would write them; None when no call is both wrong and short enough to be read.
    """
    if right is None:
        return None
    shown = [
        text
        for call in calls
        if not any(same_value([call.args, call.kwargs], [other.args, other.kwargs]) for other in graded)
        and _is_plain([call.args, call.kwargs])
        and len(text := _written(exercise, call)) <= _MAX_CHARACTERS
        and not _agrees(right, call)
    ]
    return min(shown, key=len, default=None)


def _agrees(right: Callable[..., Any], call: Call) -> bool:
    args, kwargs = copy.deepcopy((call.args, call.kwargs))
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            answer = right(*args, **kwargs)
    except Exception as error:
        return call.raised == type(error).__name__
    return call.raised is None and same_value(call.answer, answer, rtol=_RTOL)


def _is_plain(value: Any) -> bool:
    """Whether a value can be written down whole: no large array, no function, no random generator."""
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    if isinstance(value, np.ndarray) or hasattr(value, "detach"):
        return int(np.prod(value.shape)) <= _MAX_ENTRIES
    return not callable(value) and not isinstance(value, np.random.Generator)


def _written(exercise: str, call: Call) -> str:
    arguments = [*map(_literal, call.args), *(f"{name}={_literal(value)}" for name, value in call.kwargs.items())]
    came_back = f"raised {call.raised}" if call.raised else f"returned\n{_literal(call.answer)}"
    return f"{exercise}({', '.join(arguments)})\n{came_back}"


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        inside = ", ".join(map(_literal, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' if len(value) == 1 else ''})"
    if hasattr(value, "detach"):
        return f"tensor({_numbers(value.detach().cpu().numpy())})"
    if isinstance(value, np.ndarray):
        return f"array({_numbers(value)})"
    return repr(value.item() if isinstance(value, np.generic) else value)


def _numbers(array: np.ndarray) -> str:
    return np.array2string(array, precision=4, separator=", ", max_line_width=100)
