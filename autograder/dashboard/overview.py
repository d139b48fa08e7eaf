"""Where the class stands: points, topics, submissions over time, who needs help, whether grading is running."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

import numpy as np

from autograder.dashboard.attention import Attention, attention
from autograder.dashboard.roster import Roster, topics_of
from autograder.dashboard.statistics import FEWEST_LEARNERS
from autograder.journal import Journal, timestamp

HISTOGRAM_BINS = 20
#: A run that has graded nothing for so long is not running any more: longer than one submission can take.
STALLED_AFTER = timedelta(minutes=12)
#: How many of the submissions that could not be graded are listed.
MOST_FAILURES = 200


@dataclass(frozen=True)
class Failure:
    """A submission that could not be graded, or not wholly: it waits for a person."""

    learner: str
    topic: str
    submitted_at: str
    exercises: int
    problem: str


@dataclass(frozen=True)
class Run:
    """The grading run that was started last.

    Attributes:
        state: `running`; `finished`; or `stalled`, when it has graded nothing for a while and did not say that it is over.
        planned, done, failed: submissions to grade, graded, and among those not or not wholly gradable.
        seconds_left: at the rate so far; None where it is not running or has graded nothing.
    """

    id: int
    state: Literal["running", "finished", "stalled"]
    planned: int
    done: int
    failed: int
    started_at: str
    updated_at: str
    seconds_left: float | None


@dataclass(frozen=True)
class TopicProgress:
    """A topic in short.

    Attributes:
        handed_in, full_marks, late: learners.
        ungraded: learners whose last attempt could not be graded, or not wholly.
        mean_share: of the points, among those whose last attempt could be graded; None for fewer than FEWEST_LEARNERS.
        due: when it is due; empty where that is not known.
        days, submissions: the days on which somebody handed in, and how many attempts there were on each.
    """

    topic: str
    exercises: int
    handed_in: int
    full_marks: int
    late: int
    ungraded: int
    mean_share: float | None
    due: str
    days: list[str]
    submissions: list[int]


@dataclass(frozen=True)
class Overview:
    """Where the class stands.

    Attributes:
        learners: enrolled, or seen; `active` have handed in at least once.
        submissions: attempts; `regraded` gradings of them besides the first.
        practice: gradings under a sandbox that lacked a layer, so that they are no marks.
        histogram: learners by their share of all points that could be had so far, in HISTOGRAM_BINS equal bins; a topic that was
            not handed in counts as 0. Empty for fewer than FEWEST_LEARNERS.
        failures: what could not be graded and still stands, the latest first.
        failures_in_all: how many of those there are; at most MOST_FAILURES are listed.
    """

    learners: int
    active: int
    submissions: int
    regraded: int
    practice: int
    histogram: list[int]
    topics: list[TopicProgress]
    attention: list[Attention]
    failures: list[Failure]
    failures_in_all: int
    run: Run | None


def overview(journal: Journal, roster: Roster, now: datetime | None = None) -> Overview:
    """Where the class stands `now`, by default at present."""
    learners, topics = roster.learners(journal), _topics(journal, roster)
    submissions = sum(sum(topic.submissions) for topic in topics)
    gradings = journal.db.execute("SELECT count(*) FROM grading").fetchone()[0]
    return Overview(
        learners=len(learners),
        active=journal.db.execute("SELECT count(*) FROM (SELECT DISTINCT learner FROM standing)").fetchone()[0],
        submissions=submissions,
        regraded=gradings - submissions,
        practice=journal.db.execute("SELECT count(*) FROM grading WHERE missing_layers != ''").fetchone()[0],
        histogram=_histogram(journal, len(learners)) if len(learners) >= FEWEST_LEARNERS else [],
        topics=topics,
        attention=attention(journal, roster, now),
        failures=_failures(journal),
        failures_in_all=sum(topic.ungraded for topic in topics),
        run=last_run(journal, now),
    )


def last_run(journal: Journal, now: datetime | None = None) -> Run | None:
    """The grading run that was started last; None where there was none. Cheap enough to ask for every second."""
    row = journal.db.execute("SELECT * FROM run ORDER BY id DESC LIMIT 1").fetchone()
    if row is None:
        return None
    now = now or datetime.now(timezone.utc)
    if row["finished_at"] or row["done"] >= row["planned"]:
        state: Literal["running", "finished", "stalled"] = "finished"
    else:
        state = "running" if row["updated_at"] >= timestamp(now - STALLED_AFTER) else "stalled"
    left = None
    if state == "running" and row["done"]:
        elapsed = (now - datetime.fromisoformat(row["started_at"].replace("Z", "+00:00"))).total_seconds()
        left = max(0.0, elapsed) / row["done"] * max(0, row["planned"] - row["done"])
    counts = (row["planned"], row["done"], row["failed"])
    return Run(row["id"], state, *counts, row["started_at"], row["updated_at"], left)


def _topics(journal: Journal, roster: Roster) -> list[TopicProgress]:
    days: dict[str, dict[str, int]] = defaultdict(dict)
    for topic, day, count in journal.db.execute(
        "SELECT topic, substr(submitted_at, 1, 10), count(*) FROM grading WHERE NOT regrading GROUP BY 1, 2 ORDER BY 1, 2"
    ):
        days[topic][day] = count
    standing = {
        row["topic"]: row
        for row in journal.db.execute(
            "SELECT topic, count(*) AS handed_in, sum(points = max_points AND ungraded = 0) AS full_marks,"
            " sum(ungraded > 0) AS ungraded, avg(iif(ungraded = 0, points / max_points, NULL)) AS mean_share"
            " FROM standing GROUP BY topic"
        )
    }
    topics = []
    for topic, exercises in topics_of(journal).items():
        own, due = standing[topic], roster.due.get(topic, "")
        late = 0
        if due:
            late = journal.db.execute(
                "SELECT count(*) FROM standing WHERE topic = ? AND submitted_at > ?", (topic, due)
            ).fetchone()[0]
        mean = own["mean_share"] if own["handed_in"] - own["ungraded"] >= FEWEST_LEARNERS else None
        counts = (own["handed_in"], own["full_marks"], late, own["ungraded"])
        topics.append(
            TopicProgress(topic, len(exercises), *counts, mean, due, list(days[topic]), list(days[topic].values()))
        )
    return topics


def _histogram(journal: Journal, learners: int) -> list[int]:
    obtainable = journal.db.execute(
        "SELECT sum(most) FROM (SELECT max(max_points) AS most FROM standing GROUP BY topic)"
    ).fetchone()[0]
    points = [row[0] for row in journal.db.execute("SELECT sum(points) FROM standing GROUP BY learner")]
    shares = np.zeros(learners)
    shares[: len(points)] = np.array(points) / (obtainable or 1)
    counts, _ = np.histogram(shares, bins=HISTOGRAM_BINS, range=(0, 1))
    return [int(count) for count in counts]


def _failures(journal: Journal) -> list[Failure]:
    rows = journal.db.execute(
        "SELECT standing.learner, standing.topic, standing.submitted_at, standing.ungraded, problem"
        " FROM standing JOIN grading ON grading.id = grading WHERE standing.ungraded > 0"
        " ORDER BY standing.submitted_at DESC LIMIT ?",
        (MOST_FAILURES,),
    )
    return [Failure(*row) for row in rows]
