"""Fixtures that several test files share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from autograder.grading.engine import Session
from autograder.results import Result
from autograder.submission import submission_of
from autograder.topics import find_topic

Grade = Callable[..., Result]


@pytest.fixture(scope="session")
def activations_session() -> Iterator[Session]:
    with Session(find_topic("01_activations"), seed="a seed") as session:
        yield session


@pytest.fixture
def grade(activations_session: Session) -> Grade:
    """Grade the given cells as a notebook of 01_activations."""

    def grade(*cells: str) -> Result:
        return activations_session.grade(submission_of(list(cells), "somebody", b"", is_notebook=True))

    return grade


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What came of the hostile submissions, by category."""
    outcomes: dict[str, Counter[str]] = {}
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.getreports(outcome):
            found = re.search(r"test_hostile\.py::test_attack\w*\[(\w+)/", report.nodeid)
            if found and (report.when == "call" or outcome == "error"):
                outcomes.setdefault(found[1], Counter())[outcome] += 1
    if outcomes:
        terminalreporter.section("hostile submissions")
        terminalreporter.line(f"{'category':12}{'attacks':>10}{'contained':>12}")
        for category, counts in [*sorted(outcomes.items()), ("all", sum(outcomes.values(), Counter()))]:
            terminalreporter.line(f"{category:12}{counts.total():10}{counts['passed']:12}")
        for report in terminalreporter.getreports("skipped"):
            if "test_hostile.py" in report.nodeid:
                terminalreporter.line(f"NOT RUN: {report.nodeid.partition('::')[2]}: {report.longrepr[2]}")
