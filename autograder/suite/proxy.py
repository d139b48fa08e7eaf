"""The learner's function as a hidden test sees it: every call goes to the worker, and is recorded with its answer."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any, Protocol

from autograder.sandbox.outcomes import Reply, SubmissionRaised, Unsupported
from autograder.suite.assertions import Mismatch

#: Larger answers are compared, but not kept: a submission could fill the grader's memory with them.
MAX_RECORDED = 1 << 20


@dataclass
class Call:
    """One call of an exercise: the arguments as they were before it, and what came back.

    `raised` is the name of the exception's type where the call raised one; `arguments_after` the positional and keyword
    arguments as the call left them, where the test asked.
    """

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    answer: Any = None
    raised: str | None = None
    arguments_after: tuple[tuple[Any, ...], dict[str, Any]] | None = None


class Callee(Protocol):
    """Whoever answers calls: the submission's worker, or a function of ours when a test is tried out."""

    def call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], want_arguments: bool) -> Reply: ...


class Proxy:
    """Stands for the submission's function `name` inside a hidden test."""

    def __init__(self, name: str, callee: Callee, record: list[Call]):
        self._name = name
        self._callee = callee
        self._record = record

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(args, kwargs, want_arguments=False).answer

    def with_arguments_after(self, *args: Any, **kwargs: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """Call, and return (answer, args, kwargs) with the arguments as the call left them."""
        reply = self._call(args, kwargs, want_arguments=True)
        return reply.answer, reply.args_after, reply.kwargs_after or {}

    def _call(self, args: tuple[Any, ...], kwargs: dict[str, Any], want_arguments: bool) -> Reply:
        call = Call(*copy.deepcopy((args, kwargs)))
        self._record.append(call)
        try:
            reply = self._callee.call(self._name, args, kwargs, want_arguments)
        except SubmissionRaised as error:
            call.raised = error.type_name
            raise as_builtin(error) from None
        if reply.size > MAX_RECORDED:
            call.answer = Unsupported(f"an answer of {reply.size} bytes")
        else:
            call.answer = copy.deepcopy(reply.answer)
            call.arguments_after = (reply.args_after, reply.kwargs_after or {}) if want_arguments else None
        if isinstance(reply.answer, Unsupported):
            raise Mismatch(
                f"{self._name} returned an object of type {reply.answer.type_name}; "
                "only numbers, strings, arrays, tensors, lists, tuples and dicts are answers"
            )
        return reply


_MIRRORED = (
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    ZeroDivisionError,
    OverflowError,
    RuntimeError,
    NotImplementedError,
)
_BUILTIN_TWINS = {
    builtin.__name__: type(f"Submission{builtin.__name__}", (SubmissionRaised, builtin), {}) for builtin in _MIRRORED
}


def as_builtin(error: SubmissionRaised) -> SubmissionRaised:
    """The same error as an instance of the built-in exception it was, so that `pytest.raises(ValueError)` sees it."""
    twin = _BUILTIN_TWINS.get(error.type_name)
    return twin(*error.args) if twin else error
