"""nbgrader's own commands on a course of ours, from the source to the grades."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.authoring import learner_notebook
from autograder.dashboard.overview import last_run
from autograder.journal import JOURNAL_PATH, Journal
from autograder.known_answers import misconceptions_of
from autograder.nbgrader.course import write_course
from autograder.results import Result
from autograder.sample_class import Answers, notebook_with
from autograder.sandbox.lockdown import missing_layers
from autograder.topics import find_topic

TOPIC = find_topic("01_activations")
SOLUTIONS = Answers(TOPIC).solutions
LEAKS = {**SOLUTIONS, "relu": misconceptions_of(TOPIC).source("relu__leaks"), "tanh": None}


def nbgrader(course: Path, *arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=course, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stderr


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose class has handed in and has been graded, with feedback and grades."""
    folder = tmp_path_factory.mktemp("course")
    write_course(folder, [TOPIC], "course")
    nbgrader(folder, "generate_assignment", TOPIC.name)
    nbgrader(folder, "release_assignment", TOPIC.name)
    warns = {**SOLUTIONS, "relu": f"import warnings\nwarnings.warn('careful')\n\n\n{SOLUTIONS['relu']}"}
    deleted = learner_notebook(TOPIC)
    deleted.cells = [
        cell for cell in notebook_with(TOPIC, SOLUTIONS).cells if not cell.metadata.get("nbgrader", {}).get("grade")
    ]
    submissions = {
        "solved": nbformat.writes(notebook_with(TOPIC, SOLUTIONS)),
        "untouched": nbformat.writes(learner_notebook(TOPIC)),
        "leaks": nbformat.writes(notebook_with(TOPIC, LEAKS)),
        "warns": nbformat.writes(notebook_with(TOPIC, warns)),
        "deleted-tests": nbformat.writes(deleted),
        "broken": '{"cells": [',
        "empty": "",
    }
    inbound = folder / "exchange" / "course" / "inbound"
    for learner, text in submissions.items():
        handed_in = inbound / f"{learner}+{TOPIC.name}+2026-01-01 10:00:00 UTC+abc"
        handed_in.mkdir()
        (handed_in / f"{TOPIC.stem}.ipynb").write_text(text)
        (handed_in / "timestamp.txt").write_text("2026-01-01 10:00:00 UTC")
        (handed_in / "submission_secret.txt").write_text("secret")
    nbgrader(folder, "collect", TOPIC.name)
    nbgrader(folder, "autograde", TOPIC.name)
    nbgrader(folder, "generate_feedback", TOPIC.name)
    nbgrader(folder, "release_feedback", TOPIC.name)
    nbgrader(folder, "export")
    return folder


@pytest.fixture
def gradebook(course: Path) -> Iterator[Gradebook]:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        yield gradebook


def scores(gradebook: Gradebook, learner: str) -> dict[str, Any]:
    notebook = gradebook.find_submission_notebook(TOPIC.stem, TOPIC.name, learner)
    return {grade.name: grade.auto_score for grade in notebook.grades}


def test_the_release_has_stubs_visible_tests_and_no_solution(course: Path) -> None:
    text = (course / "release" / TOPIC.name / f"{TOPIC.stem}.ipynb").read_text()
    assert "BEGIN SOLUTION" not in text
    assert text.count("raise NotImplementedError") == len(TOPIC.exercises)
    assert "def test_relu_cuts_off_negative_inputs(relu)" in text
    assert (course / "exchange" / "course" / "outbound" / TOPIC.name / f"{TOPIC.stem}.ipynb").read_text() == text


def test_the_gradebook_has_points_for_each_exercise(gradebook: Gradebook) -> None:
    full = scores(gradebook, "solved")
    assert tuple(full) == TOPIC.exercises
    assert (
        gradebook.find_submission(TOPIC.name, "solved").score
        == sum(full.values())
        == gradebook.find_assignment(TOPIC.name).max_score
    )
    assert set(scores(gradebook, "untouched").values()) == {0.0}


def test_partial_credit_is_recorded(gradebook: Gradebook) -> None:
    full, part = scores(gradebook, "solved"), scores(gradebook, "leaks")
    assert part["tanh"] == 0
    assert 0 <= part["relu"] < full["relu"]
    assert all(part[exercise] == full[exercise] for exercise in ("sigmoid", "leaky_relu", "softmax"))


@pytest.mark.parametrize("learner", ["warns", "deleted-tests"])
def test_warnings_and_deleted_tests_cost_nothing(gradebook: Gradebook, learner: str) -> None:
    assert scores(gradebook, learner) == scores(gradebook, "solved")


@pytest.mark.parametrize(("learner", "reason"), [("broken", "it is not JSON"), ("empty", "is empty")])
def test_what_cannot_be_read_waits_for_a_person(course: Path, gradebook: Gradebook, learner: str, reason: str) -> None:
    assert set(scores(gradebook, learner).values()) == {None}
    assert gradebook.find_submission(TOPIC.name, learner).needs_manual_grade
    feedback = (course / "feedback" / learner / TOPIC.name / f"{TOPIC.stem}.html").read_text()
    assert "This submission could not be graded." in feedback
    assert reason in feedback


def test_feedback_explains_the_mistake(course: Path) -> None:
    feedback = (course / "feedback" / "leaks" / TOPIC.name / f"{TOPIC.stem}.html").read_text()
    assert str(misconceptions_of(TOPIC).functions["relu__leaks"].__doc__) in feedback
    assert "<b>tanh</b>: not started" in feedback


def test_no_hidden_test_or_solution_is_where_learners_look(course: Path) -> None:
    hidden = (TOPIC.hidden_path / f"test_{TOPIC.stem}.py").read_text()
    secrets = [line.strip() for line in hidden.split("\n") if "assert" in line or "torch" in line]
    solutions = [line.strip() for line in SOLUTIONS["softmax"].split("\n")[-3:] if len(line.strip()) > 15]
    assert secrets
    assert solutions
    for folder in ("release", "submitted", "autograded", "feedback", "exchange"):
        for path in (course / folder).rglob("*"):
            if not path.is_file():
                continue
            text = path.read_text().replace('\\"', '"')
            assert not any(secret in text for secret in secrets), path
            if (
                not {"solved", "warns", "leaks", "deleted-tests"} & set(path.relative_to(course).parts[1].split("+"))
                and folder != "exchange"
            ):
                assert not any(line in text for line in solutions), path


def test_every_submission_has_a_result(course: Path) -> None:
    results = [Result.from_json(json.loads(path.read_text())) for path in (course / "results").glob("*/*.json")]
    assert len(results) == 7
    assert len({result.seed for result in results}) == 1
    leaks = next(result for result in results if result.submission == "leaks")
    relu = next(own for own in leaks.exercises if own.exercise == "relu")
    assert relu.diagnosis is not None
    assert relu.diagnosis.misconception == "relu__leaks"
    assert missing_layers(leaks.layers) == []


def test_the_journal_has_every_submission_with_its_time_and_code(course: Path) -> None:
    with Journal(course / JOURNAL_PATH) as journal:
        rows = journal.db.execute("SELECT * FROM standing ORDER BY learner").fetchall()
        assert len(rows) == 7
        assert {row["submitted_at"] for row in rows} == {"2026-01-01T10:00:00Z"}
        by_learner = {row["learner"]: row for row in rows}
        leaks, broken = by_learner["leaks"], by_learner["broken"]
        assert LEAKS["relu"] in journal.cells(leaks["grading"])
        result = journal.result(leaks["grading"])
        assert result is not None
        assert result == Result.from_json(json.loads((course / "results" / TOPIC.name / "leaks.json").read_text()))
        assert broken["ungraded"] == len(TOPIC.exercises)
        assert journal.cells(broken["grading"]) == []
        run = last_run(journal)
        assert run is not None
        assert (run.state, run.planned, run.done, run.failed) == ("finished", 7, 7, 2)


def test_the_export_holds_every_learner(course: Path) -> None:
    with (course / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert len(rows) == 7
    assert float(rows["solved"]["score"]) == float(rows["solved"]["max_score"]) > float(rows["leaks"]["score"]) > 0


def test_a_manual_score_survives_another_run(course: Path) -> None:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("relu", TOPIC.stem, TOPIC.name, "leaks")
        grade.manual_score = 1.5
        gradebook.db.commit()
    nbgrader(course, "autograde", TOPIC.name, "--student", "leaks", "--force")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("relu", TOPIC.stem, TOPIC.name, "leaks")
        assert (grade.manual_score, grade.score) == (1.5, 1.5)
        assert grade.needs_manual_grade


def test_writing_the_course_again_keeps_the_configuration(course: Path) -> None:
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "# mine\n")
    write_course(course, [TOPIC])
    assert config.read_text().endswith("# mine\n")
