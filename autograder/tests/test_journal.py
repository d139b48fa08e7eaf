"""The journal: what is stored of a grading, what counts as an attempt, and what many writers at once do to it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from autograder import results
from autograder.grading.judge import ungraded
from autograder.journal import NOT_ATTEMPTED, STATUS_CODES, Journal, NoJournal
from autograder.results import STATUS_WORDS, Diagnosis, ExerciseResult, Result
from autograder.sandbox.lockdown import REQUIRED_LAYERS
from autograder.topics import find_topic

HANDED_IN = datetime(2026, 3, 1, 10, tzinfo=timezone.utc)


def result(learner: str = "ada", points: float = 1.0, content: str = "one", seed: str = "seed") -> Result:
    """A topic of two exercises: `relu` earns the points of two, `tanh` could not be graded."""
    leaks = Diagnosis("relu__leaks", "It leaks.")
    return Result(
        *(learner, "01_activations", content, "suite", seed),
        layers={**dict.fromkeys(REQUIRED_LAYERS, "on"), "files": "no kernel support"},
        exercises=[
            ExerciseResult("relu", "passed" if points == 2 else "failed", points, 2.0, leaks, "abc"),
            ExerciseResult("tanh", "ungraded", 0.0, 0.0),
        ],
        tests=[
            results.TestResult("test_negative", "relu", "failed", points, 2.0, "feedback", "detail", leaks),
            results.TestResult("test_tanh", "tanh", "ungraded", 0.0, 0.0),
        ],
    )


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "results" / "journal.sqlite", create=True)


def rows(journal: Journal, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in journal.db.execute(query)]


def test_a_grading_comes_back_as_it_was(journal: Journal) -> None:
    cells = ["import numpy", "def relu(x):\n    return '</script>'\n", "nul \0", "half of a pair \udc80"]
    journal.append(result(), cells, HANDED_IN)
    journal.close()
    with Journal(journal.path) as again:
        assert again.result(1) == result()
        assert again.cells(1) == [*cells[:-1], "half of a pair ?"]
        assert rows(again, "SELECT submitted_at, missing_layers, tests, ungraded FROM grading") == [
            ("2026-03-01T10:00:00Z", "files (no kernel support)", "fu", 1)
        ]
        assert rows(again, "SELECT * FROM outcome WHERE exercise = 'relu'") == [
            (1, "relu", "f", 1.0, 2.0, "relu__leaks", "abc")
        ]
        assert rows(again, "SELECT * FROM misconception") == [("01_activations", "relu__leaks", "It leaks.")]


def test_every_status_has_a_letter_of_its_own() -> None:
    assert STATUS_CODES.keys() == STATUS_WORDS.keys()
    assert len({NOT_ATTEMPTED, *STATUS_CODES.values()}) == len(STATUS_CODES) + 1


def test_the_same_submission_under_the_same_suite_and_seed_is_stored_once(journal: Journal) -> None:
    for _ in range(3):
        journal.append(result(), [], HANDED_IN)
        journal.append(result("no timestamp"))
    assert rows(journal, "SELECT count(*) FROM grading") == [(2,)]
    assert rows(journal, "SELECT count(*) FROM outcome") == [(4,)]


def test_a_regrading_replaces_and_an_attempt_counts(journal: Journal) -> None:
    journal.append(result(points=0.0), [], HANDED_IN)
    journal.append(result(points=1.0, seed="another"), [], HANDED_IN)
    assert rows(journal, "SELECT points, attempts, without_progress FROM standing") == [(1.0, 1, 0)]
    journal.append(result(points=0.5, content="two"), [], HANDED_IN + timedelta(days=1))
    journal.append(result(points=1.0, content="three"), [], HANDED_IN + timedelta(days=2))
    assert rows(journal, "SELECT points, attempts, without_progress FROM standing") == [(1.0, 3, 2)]
    assert rows(journal, "SELECT count(*) FROM grading") == [(4,)]
    assert rows(journal, "SELECT count(*) FROM attempt") == [(3,)]
    assert rows(journal, "SELECT sum(regrading) FROM grading") == [(1,)]


def test_an_older_submission_that_is_graded_later_does_not_count(journal: Journal) -> None:
    journal.append(result(points=2.0), [], HANDED_IN)
    journal.append(result(points=0.0, content="older"), [], HANDED_IN - timedelta(days=1))
    assert rows(journal, "SELECT points, attempts, without_progress FROM standing") == [(2.0, 2, 0)]


def test_standings_that_are_derived_in_bulk_are_the_same(journal: Journal) -> None:
    for day, points in enumerate((1.0, 2.0, 0.0)):
        for learner in ("ada", "grace"):
            journal.append(result(learner, points, f"{day}"), [], HANDED_IN + timedelta(days=day))
    one_by_one = rows(journal, "SELECT * FROM standing")
    assert len(one_by_one) == 2
    journal.refresh_standings()
    assert rows(journal, "SELECT * FROM standing") == one_by_one


def test_the_tests_of_a_suite_are_known_also_when_its_first_submission_had_none(journal: Journal) -> None:
    journal.append(ungraded("eve", find_topic("01"), "the disk is full", suite_version="suite", seed="seed"))
    assert rows(journal, "SELECT tests FROM suite") == [("[]",)]
    journal.append(result())
    assert rows(journal, "SELECT tests FROM suite") == [('[["relu", "test_negative"], ["tanh", "test_tanh"]]',)]


def test_a_run_is_counted_while_it_goes_on(journal: Journal) -> None:
    run = journal.plan(2)
    assert journal.plan(1, run) == run
    journal.append(result(), [], HANDED_IN, run)
    assert rows(journal, "SELECT planned, done, failed, finished_at FROM run") == [(3, 1, 1, None)]
    journal.finish(run)
    assert rows(journal, "SELECT finished_at >= started_at FROM run") == [(1,)]


def test_hostile_text_is_data(journal: Journal) -> None:
    names = ["'); DROP TABLE grading; --", "<script>alert(1)</script>", "nul \0", "broken \udcff", "名字"]
    for name in names:
        journal.append(result(name))
    stored = [str(row[0]) for row in journal.db.execute("SELECT learner FROM standing")]
    assert sorted(stored) == sorted(name.replace("\udcff", "\\udcff") for name in names)


def test_what_fails_half_way_leaves_nothing(journal: Journal) -> None:
    twice = result()
    twice.exercises.append(twice.exercises[0])
    with pytest.raises(sqlite3.IntegrityError):
        journal.append(twice)
    for table in ("grading", "outcome", "document", "standing"):
        assert rows(journal, f"SELECT count(*) FROM {table}") == [(0,)]


def test_there_must_be_a_journal_to_read(tmp_path: Path) -> None:
    with pytest.raises(NoJournal, match="written when submissions are graded"):
        Journal(tmp_path / "journal.sqlite")
    (tmp_path / "journal.sqlite").write_text("a diary, not a database" * 100)
    with pytest.raises(NoJournal, match="not a database"):
        Journal(tmp_path / "journal.sqlite")


def test_a_journal_of_a_later_version_is_left_alone(journal: Journal) -> None:
    journal.db.execute("PRAGMA user_version = 99")
    with pytest.raises(NoJournal, match="format 99"):
        Journal(journal.path)


_WRITER = """
import sys
from pathlib import Path
from autograder.journal import Journal
from autograder.tests.test_journal import result
with Journal(Path(sys.argv[1]), create=True) as journal:
    for number in range(25):
        journal.append(result(sys.argv[2], content=str(number)))
"""


def test_many_writers_at_once_all_get_their_turn(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    writers = [subprocess.Popen([sys.executable, "-c", _WRITER, str(path), f"writer {n}"]) for n in range(6)]
    assert [writer.wait() for writer in writers] == [0] * 6
    with Journal(path) as journal:
        assert rows(journal, "SELECT count(*) FROM grading") == [(150,)]
        assert rows(journal, "SELECT count(*) FROM standing") == [(6,)]
