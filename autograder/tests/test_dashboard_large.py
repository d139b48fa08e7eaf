"""The synthetic class: the dashboard finds in it what was put into it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

import pytest

from autograder.benchmarks.synthetic_class import due_dates, fill
from autograder.dashboard.exercises import exercise
from autograder.dashboard.items import items
from autograder.dashboard.matrix import matrix
from autograder.dashboard.overview import overview
from autograder.dashboard.roster import Roster
from autograder.dashboard.similarity import similar
from autograder.journal import Journal, timestamp
from autograder.topics import find_topic

TOPICS = [find_topic("01"), find_topic("03")]
ROSTER = Roster(due={topic: timestamp(due) for topic, due in due_dates(TOPICS).items()})


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    with Journal(tmp_path_factory.mktemp("class") / "journal.sqlite", create=True) as journal:
        fill(journal, TOPICS, learners=400, code_of=TOPICS[:1])
        yield journal


def test_the_class_is_the_same_every_time(journal: Journal, tmp_path: Path) -> None:
    with Journal(tmp_path / "again.sqlite", create=True) as again:
        fill(again, TOPICS, learners=400)
        for table in ("grading", "outcome", "standing"):
            query = f"SELECT * FROM {table}"
            assert again.db.execute(query).fetchall() == journal.db.execute(query).fetchall()


def test_its_points_are_those_of_its_tests(journal: Journal) -> None:
    sums = journal.db.execute(
        "SELECT grading.points, sum(outcome.points), grading.max_points, sum(outcome.max_points)"
        " FROM grading JOIN outcome ON grading = id GROUP BY id"
    ).fetchall()
    assert len(sums) > 800
    assert all(row[0] == row[1] and row[2] == row[3] for row in sums)


def test_the_overview_adds_up(journal: Journal) -> None:
    found = overview(journal, ROSTER, datetime(2026, 3, 1, tzinfo=timezone.utc))
    assert sum(found.histogram) == found.learners
    assert all(0 < topic.full_marks < topic.handed_in and topic.late for topic in found.topics)
    assert {own.kind for own in found.attention} >= {"stuck"}
    json.dumps(asdict(found))


def test_the_heat_map_has_every_status(journal: Journal) -> None:
    found = matrix(journal, ROSTER, limit=1000)
    assert len(found.rows) == found.learners
    assert set("".join(row.statuses for row in found.rows)) == set("pfetxn-u")


def test_items_are_found_as_hard_and_as_good_as_they_were_made(journal: Journal) -> None:
    found = items(journal, ROSTER, TOPICS[0].name)
    assert found.alpha is not None and 0.3 < found.alpha < 0.9
    assert all(own.discrimination is not None and own.discrimination > 0 for own in found.items)
    assert all(own.flags == [] for own in found.tests)


def test_unknown_mistakes_come_with_their_code(journal: Journal) -> None:
    hardest = min(items(journal, ROSTER, TOPICS[0].name).items, key=lambda own: own.difficulty or 0)
    found = exercise(journal, TOPICS[0].name, hardest.exercise)
    assert found.clusters[0].count > found.clusters[-1].count > 1
    wrong_by = [re.search(r"return first_\d+ \+ (\d+)$", cluster.code) for cluster in found.clusters]
    assert len({match[1] for match in wrong_by if match}) == len(found.clusters)
    assert found.mistakes[0].misconception.startswith(f"{hardest.exercise}__")


def test_copies_are_found(journal: Journal) -> None:
    pairs = similar(journal, TOPICS[0].name)
    assert pairs
    assert all(pair.similarity > 0.9 for pair in pairs)
