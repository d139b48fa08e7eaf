"""Every table of the dashboard as CSV. A cell that a spreadsheet would take for a formula is made text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any, Literal, get_args

from autograder.dashboard.attention import attention
from autograder.dashboard.exercises import exercise as exercise_view
from autograder.dashboard.items import items
from autograder.dashboard.learners import learner as learner_view
from autograder.dashboard.overview import overview
from autograder.dashboard.roster import Roster, topics_of
from autograder.dashboard.similarity import similar
from autograder.journal import STATUS_CODES, Journal

Table = Literal[
    "points",
    "statuses",
    "topics",
    "attention",
    "failures",
    "mistakes",
    "clusters",
    "items",
    "tests",
    "learner",
    "similar",
]

#: The columns of each table, as the views name them.
_TOPIC = ("topic", "due", "exercises", "handed_in", "full_marks", "mean_share", "late", "ungraded")
_ATTENTION = ("learner", "name", "kind", "topic", "count", "since", "text")
_FAILURE = ("learner", "topic", "submitted_at", "exercises", "problem")
_MISTAKE = ("misconception", "text", "count", "ever", "share", "learners")
_CLUSTER = ("fingerprint", "count", "learners", "example", "code")
_ITEM = (
    *("exercise", "began", "difficulty", "difficulty_of_enrolled", "discrimination", "interval"),
    *("upper_lower", "alpha_without", "flags"),
)
_TEST = ("exercise", "test", "began", "passed", "flags")

#: What starts a formula in Excel, LibreOffice or Google Sheets. Source: OWASP, "CSV Injection".
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def table_csv(
    journal: Journal, roster: Roster, table: Table, topic: str = "", exercise: str = "", learner: str = ""
) -> str:
    """A table as CSV with a line of headings.

    Args:
        table: which one. "points" and "statuses" are the heat map, of one topic or of all.
        topic: needed for "mistakes", "clusters", "items", "tests" and "similar".
        exercise: needed for "mistakes" and "clusters".
        learner: needed for "learner".

    Raises:
        ValueError: there is no such table, topic, exercise or learner.
    """
    match table:
        case "points" | "statuses":
            return csv_text(*_heat_map(journal, roster, table, topic))
        case "topics":
            return _csv_of(overview(journal, roster).topics, _TOPIC)
        case "attention":
            return _csv_of(attention(journal, roster), _ATTENTION)
        case "failures":
            return _csv_of(overview(journal, roster).failures, _FAILURE)
        case "mistakes":
            return _csv_of(exercise_view(journal, topic, exercise).mistakes, _MISTAKE)
        case "clusters":
            return _csv_of(exercise_view(journal, topic, exercise).clusters, _CLUSTER)
        case "items":
            return _csv_of(items(journal, roster, topic).items, _ITEM)
        case "tests":
            return _csv_of(items(journal, roster, topic).tests, _TEST)
        case "learner":
            return csv_text(*_attempts(journal, roster, learner))
        case "similar":
            pairs = similar(journal, topic)
            return csv_text(
                ("first", "handed_in", "second", "handed_in", "similarity", "shared", "agreement"),
                [
                    (
                        *(pair.first.learner, pair.first.submitted_at, pair.second.learner, pair.second.submitted_at),
                        *(pair.similarity, pair.shared, pair.agreement),
                    )
                    for pair in pairs
                ],
            )
    raise ValueError(f"there is no table {table!r}; the tables are {', '.join(get_args(Table))}")


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The table as CSV, in lines that end as RFC 4180 wants."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _csv_of(rows: Iterable[Any], kept: Sequence[str]) -> str:
    return csv_text(kept, ([getattr(row, name) for name in kept] for row in rows))


def _cell(value: Any) -> Any:
    match value:
        case None:
            return ""
        case float():
            return round(value, 4)
        case str():
            text = value.replace("\0", "")
            return f"'{text}" if _FORMULA.match(text) else text
        case list() | tuple():
            return _cell("; ".join(str(_cell(item)) for item in value))
        case _:
            return value


def _heat_map(
    journal: Journal, roster: Roster, table: Literal["points", "statuses"], topic: str
) -> tuple[list[str], Iterable[list[Any]]]:
    """All learners x exercises; empty where nothing was handed in, or where there is no mark."""
    columns = [(own, exercise) for own, names in topics_of(journal).items() if topic in ("", own) for exercise in names]
    position = {column: number for number, column in enumerate(columns)}
    words: dict[str, str] = {code: status for status, code in STATUS_CODES.items()}
    outcomes = journal.db.execute(
        "SELECT learner, topic, exercise, status, outcome.points FROM standing JOIN outcome USING (grading)"
        " WHERE ? IN ('', topic) ORDER BY learner",
        (topic,),
    )
    filled: dict[str, list[Any]] = {}
    for learner, own in groupby(outcomes, key=lambda row: str(row["learner"])):
        filled[learner] = [None] * len(columns)
        for row in own:
            number = position.get((row["topic"], row["exercise"]))
            if number is not None and table == "statuses":
                filled[learner][number] = words[row["status"]]
            elif number is not None and row["status"] != STATUS_CODES["ungraded"]:
                filled[learner][number] = row["points"]
    nothing = [None] * len(columns)
    headings = ["learner", "name", *(f"{own}/{exercise}" for own, exercise in columns)]
    learners = roster.learners(journal)
    return headings, ([own, roster.names.get(own, ""), *filled.get(own, nothing)] for own in learners)


def _attempts(journal: Journal, roster: Roster, learner: str) -> tuple[list[str], Iterable[list[Any]]]:
    headings = ["topic", "submitted_at", "late", "exercise", "status", "points", "max_points", "diagnosis"]
    return headings, (
        [history.topic, attempt.submitted_at, attempt.late, *asdict(outcome).values()]
        for history in learner_view(journal, roster, learner).topics
        for attempt in history.attempts
        for outcome in attempt.outcomes
    )
