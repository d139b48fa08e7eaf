"""What nbgrader grades, into the course's journal: each process that grades is a run of it."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from weakref import WeakSet

from autograder.journal import JOURNAL_PATH, Journal
from autograder.results import Result

_runs: dict[Path, _Run] = {}


class _Run:
    def __init__(self, course: Path):
        self.journal = Journal(course / JOURNAL_PATH, create=True)
        self.id = self.journal.plan(0)
        self.announced: WeakSet[Any] = WeakSet()

    def close(self) -> None:
        self.journal.finish(self.id)
        self.journal.close()


def record(converter: Any, result: Result, cells: Sequence[str]) -> None:
    """Append a result to the journal of the course.

    Args:
        converter: the `nbgrader.converters.Autograde` that is at work; it knows when the submission was handed in.
        cells: the code that was graded; empty where it could not be read.
    """
    course = converter.coursedir
    root = Path(course.root)
    if root not in _runs:
        _runs[root] = _Run(root)
        atexit.register(_runs[root].close)
    run = _runs[root]
    if converter not in run.announced:
        run.announced.add(converter)
        run.journal.plan(len(converter.assignments), run.id)
    handed_in = course.format_path(course.submitted_directory, result.submission, result.topic)
    run.journal.append(result, cells, course.get_existing_timestamp(handed_in), run.id)
