"""One learner: every attempt, what was wrong with it, the code, and what changed from one to the next."""

from __future__ import annotations

import difflib
import sqlite3
from dataclasses import dataclass
from itertools import groupby

from autograder.dashboard.roster import Roster, topics_of
from autograder.journal import STATUS_CODES, Journal
from autograder.results import TestResult

#: Comparing longer code could take minutes; nobody writes it by hand.
MOST_LINES = 5_000


@dataclass(frozen=True)
class Outcome:
    """What became of an exercise in an attempt; `diagnosis` is the text of its misconception, empty where there is none."""

    exercise: str
    status: str
    points: float
    max_points: float
    diagnosis: str


@dataclass(frozen=True)
class Attempt:
    """What a learner handed in at one time.

    Attributes:
        grading: by which its code and its tests are found.
        late: handed in after the due date.
        practice: the sandbox layers that were missing when it was graded, so that its points are no mark; usually empty.
        problem: why it could not be graded as a whole; usually empty.
    """

    grading: int
    submitted_at: str
    graded_at: str
    late: bool
    points: float
    max_points: float
    practice: str
    problem: str
    outcomes: list[Outcome]


@dataclass(frozen=True)
class History:
    """A learner's attempts at a topic, the latest last."""

    topic: str
    due: str
    attempts: list[Attempt]


@dataclass(frozen=True)
class LearnerView:
    learner: str
    name: str
    points: float
    max_points: float
    topics: list[History]
    not_handed_in: list[str]


@dataclass(frozen=True)
class Evidence:
    """What an attempt's marks rest on: its code, and each test with what went wrong; empty where that was not kept."""

    cells: list[str]
    tests: list[TestResult]


def learner(journal: Journal, roster: Roster, learner: str) -> LearnerView:
    """Everything about one learner but the code.

    Raises:
        ValueError: there is no such learner.
    """
    rows = journal.db.execute(
        "SELECT * FROM attempt WHERE learner = ? ORDER BY topic, submitted_at", (learner,)
    ).fetchall()
    if not rows and learner not in roster.names:
        raise ValueError(f"there is no learner {learner!r}")
    topics = topics_of(journal)
    histories = []
    for topic, attempts in groupby(rows, key=lambda row: str(row["topic"])):
        due = roster.due.get(topic, "")
        histories.append(History(topic, due, [_attempt(journal, row, due, topics[topic]) for row in attempts]))
    last = [history.attempts[-1] for history in histories]
    return LearnerView(
        learner,
        roster.names.get(learner) or learner,
        points=sum(attempt.points for attempt in last),
        max_points=sum(attempt.max_points for attempt in last),
        topics=histories,
        not_handed_in=sorted(topics.keys() - {history.topic for history in histories}),
    )


def _attempt(journal: Journal, row: sqlite3.Row, due: str, exercises: list[str]) -> Attempt:
    words = {code: status for status, code in STATUS_CODES.items()}
    outcomes = journal.db.execute(
        "SELECT outcome.*, coalesce(text, '') AS text FROM outcome"
        " LEFT JOIN misconception ON misconception.topic = ? AND name = outcome.misconception WHERE grading = ?",
        (row["topic"], row["id"]),
    )
    by_exercise = {
        own["exercise"]: Outcome(own["exercise"], words[own["status"]], own["points"], own["max_points"], own["text"])
        for own in outcomes
    }
    return Attempt(
        row["id"],
        row["submitted_at"],
        row["graded_at"],
        late="" < due < row["submitted_at"],
        points=row["points"],
        max_points=row["max_points"],
        practice=row["missing_layers"],
        problem=row["problem"],
        outcomes=[
            by_exercise[exercise] for exercise in dict.fromkeys([*exercises, *by_exercise]) if exercise in by_exercise
        ],
    )


def evidence(journal: Journal, grading: int) -> Evidence:
    """The code and the tests of an attempt."""
    result = journal.result(grading)
    return Evidence(journal.cells(grading), result.tests if result else [])


def changes(journal: Journal, before: int, after: int) -> list[str]:
    """What changed in the code from one grading to another, as lines of a unified diff; empty when nothing did.

    Each cell is preceded by a line "# %%", as in Jupytext's percent format.

    Raises:
        ValueError: the code is too long to compare.
    """
    old, new = (
        [line for cell in journal.cells(own) for line in ["# %%", *cell.split("\n")]] for own in (before, after)
    )
    if max(len(old), len(new)) > MOST_LINES:
        raise ValueError(f"the code has more than {MOST_LINES} lines, which is too long to compare")
    return list(difflib.unified_diff(old, new, "before", "after", lineterm=""))
