"""What can come of a call. The text of each exception is a sentence that the learner may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What came back for a call: the answer, and the arguments as the call left them where they were asked for.

    `size` is how many bytes all of it took on the wire.
    """

    answer: Any
    args_after: tuple[Any, ...] = ()
    kwargs_after: dict[str, Any] | None = None
    size: int = 0


@dataclass(frozen=True)
class Unsupported:
    """Stands for a value of a type that does not cross the wire: a subclass, a generator, an object."""

    type_name: str


class SubmissionRaised(Exception):
    """The submission's code raised an exception.

    Args:
        type_name: the name of the exception's type.
        message: its text, capped and stripped of control characters.
        cell, line: where in the submission it was raised; None if unknown.
    """

    def __init__(self, type_name: str, message: str, cell: int | None = None, line: int | None = None):
        super().__init__(type_name, message, cell, line)
        self.type_name = type_name
        self.message = message
        self.cell = cell
        self.line = line

    def __str__(self) -> str:
        return f"{self.type_name}: {self.message}" if self.message else self.type_name


class FunctionMissing(SubmissionRaised):
    """The submission has no function of the name that was called."""

    def __init__(self, function: str):
        super().__init__("NameError", f"there is no function named {function}")


class CallTimedOut(Exception):
    """A call used more CPU or wall time than it may."""


class WorkerDied(Exception):
    """The worker ended in the middle of a call: killed, exited, out of memory, or it broke the protocol."""


class SandboxError(Exception):
    """Something of ours failed: no mark may come of it."""
