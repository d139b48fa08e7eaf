"""The heat map: learners x exercises, a window at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.dashboard.roster import Roster, topics_of
from autograder.journal import NOT_ATTEMPTED, STATUS_CODES, Journal


@dataclass(frozen=True)
class Row:
    """Where a learner stands.

    Attributes:
        learner: the id.
        name: the name to show; the id where the gradebook has none.
        points, max_points: of the topics shown that the learner has handed in.
        statuses: a letter for each column, as `autograder.journal.STATUS_CODES` and NOT_ATTEMPTED.
        percent: for each column the share of the points, 0 to 100; None where there is no mark.
    """

    learner: str
    name: str
    points: float
    max_points: float
    statuses: str
    percent: list[int | None]


@dataclass(frozen=True)
class Matrix:
    """A window of the heat map.

    Attributes:
        columns: topic and exercise of each column.
        rows: the learners from position `offset` of the sorted class on.
        learners: the size of the class.
    """

    columns: list[tuple[str, str]]
    rows: list[Row]
    offset: int
    learners: int


def matrix(
    journal: Journal,
    roster: Roster,
    topic: str | None = None,
    sort: str = "name",
    descending: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> Matrix:
    """A window of the heat map.

    Args:
        topic: show its exercises only; by default all.
        sort: by "name" (the id), by "total" (the points in what is shown), or by a topic "01_activations" or an exercise
            "01_activations/relu"; among equals by id. Those who have not handed in come last in either direction.
        descending: the highest first.

    Raises:
        ValueError: there is nothing of that name to sort by.
    """
    columns = [(own, exercise) for own, exercises in topics_of(journal).items() for exercise in exercises]
    learners = _sorted(journal, roster.learners(journal), columns, topic, sort, descending)
    shown = [column for column in columns if topic in (None, column[0])]
    window = learners[offset : offset + limit]
    return Matrix(shown, _rows(journal, roster, window, shown), offset, len(learners))


def _sorted(
    journal: Journal,
    learners: list[str],
    columns: Sequence[tuple[str, str]],
    topic: str | None,
    sort: str,
    descending: bool,
) -> list[str]:
    if sort == "name":
        return learners[::-1] if descending else learners
    by_topic, _, exercise = sort.partition("/")
    if exercise and (by_topic, exercise) in columns:
        keys = journal.db.execute(
            "SELECT learner, outcome.points FROM standing JOIN outcome USING (grading) WHERE topic = ? AND exercise = ?",
            (by_topic, exercise),
        )
    elif sort == "total" and topic is None:
        keys = journal.db.execute("SELECT learner, sum(points) FROM standing GROUP BY learner")
    elif sort == "total" or sort in {own for own, _ in columns}:
        wanted = topic if sort == "total" else sort
        keys = journal.db.execute("SELECT learner, points FROM standing WHERE topic = ?", (wanted,))
    else:
        raise ValueError(f"the class cannot be sorted by {sort!r}")
    points: dict[str, float] = dict(map(tuple, keys))
    sign = -1 if descending else 1
    return sorted(learners, key=lambda own: (own not in points, sign * points.get(own, 0.0), own))


def _rows(journal: Journal, roster: Roster, learners: Sequence[str], columns: Sequence[tuple[str, str]]) -> list[Row]:
    position = {column: number for number, column in enumerate(columns)}
    topics = {topic for topic, _ in columns}
    rows = []
    for learner in learners:
        statuses = [NOT_ATTEMPTED] * len(columns)
        percent: list[int | None] = [None] * len(columns)
        points = max_points = 0.0
        for own in journal.db.execute(
            "SELECT topic, exercise, status, outcome.points, outcome.max_points"
            " FROM standing JOIN outcome USING (grading) WHERE learner = ?",
            (learner,),
        ):
            if own["topic"] in topics:
                points, max_points = points + own["points"], max_points + own["max_points"]
            if (number := position.get((own["topic"], own["exercise"]))) is not None:
                statuses[number] = own["status"]
                percent[number] = round(100 * own["points"] / own["max_points"]) if own["max_points"] else None
        rows.append(Row(learner, roster.names.get(learner) or learner, points, max_points, "".join(statuses), percent))
    return rows


def solved_shares(journal: Journal) -> list[float]:
    """For each column of the heat map the share that solved it of those who handed in; slow, as it reads every outcome."""
    rows = journal.db.execute(
        "SELECT topic, exercise, avg(status = ?) FROM standing JOIN outcome USING (grading) GROUP BY topic, exercise",
        (STATUS_CODES["passed"],),
    )
    shares: dict[tuple[str, str], float] = {(topic, exercise): share for topic, exercise, share in rows}
    return [shares.get((topic, name), 0.0) for topic, names in topics_of(journal).items() for name in names]
