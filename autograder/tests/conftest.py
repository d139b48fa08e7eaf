"""Fixtures that several test files share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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
