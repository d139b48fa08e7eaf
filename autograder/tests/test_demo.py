"""The sample class, from its notebooks to the table."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.demo import read_results
from autograder.sample_class import BROKEN_FILES, CLASS_SIZE, MISHAPS, earlier_attempts, sample_class
from autograder.topics import find_topic

TOPICS = [find_topic("01"), find_topic("16")]


def test_the_class_is_large_and_the_same_every_time() -> None:
    first, second = list(sample_class(TOPICS)), list(sample_class(TOPICS))
    assert first == second
    assert len(first) == CLASS_SIZE * len(TOPICS) >= 30 * len(TOPICS)
    assert len({item.content for item in first}) > CLASS_SIZE


def test_every_mishap_is_in_the_class() -> None:
    contents = [item.content for item in sample_class(TOPICS[:1])]
    assert contents.count("") == 1
    assert sum(not text.endswith("}") for text in contents) == len(BROKEN_FILES)
    for needle in ("no_such_attribute", "while True", "os._exit", "warnings.warn", "range(1024)"):
        assert sum(needle in text for text in contents) == 1, needle


def test_some_try_twice_and_one_is_stuck() -> None:
    rounds, final = earlier_attempts(TOPICS), {(item.learner, item.topic): item for item in sample_class(TOPICS)}
    assert len(rounds) == 3
    for attempts in rounds:
        assert len({(item.learner, item.topic) for item in attempts}) == len(attempts) > 0
        assert all(item.submitted_at < final[item.learner, item.topic].submitted_at for item in attempts)
    assert len({item.content for attempts in rounds for item in attempts if item.learner == "learner-18"}) == 3


def test_one_copies_and_one_stops() -> None:
    of = {item.learner: item.content for item in sample_class(TOPICS[:1])}
    assert of["learner-30"] == of["learner-25"].replace("seen", "memo") != of["learner-25"]
    three = [*TOPICS, find_topic("03")]
    assert {item.topic for item in sample_class(three) if item.learner == "learner-32"} == set(TOPICS)


@pytest.mark.slow
def test_the_whole_way(tmp_path: Path) -> None:
    folder = tmp_path / "course"
    learners = len(MISHAPS) + len(BROKEN_FILES) + 2
    run = CliRunner().invoke(main, ["demo", str(folder), "-t", "01", "--learners", str(learners)])
    assert run.exit_code == 0, run.output
    assert "Where the class stands" in run.output
    assert str(folder / "grades.csv") in run.output.replace("\n", "")
    results = read_results(folder / "results")
    assert len(results) == learners
    not_graded = [result.submission for result in results if result.problem]
    assert len(not_graded) == len(BROKEN_FILES)
    assert all(result.max_points > 0 for result in results if not result.problem)
    assert sum(own.status in ("error", "timeout") for result in results for own in result.exercises) >= len(MISHAPS) - 1
    for learner in {result.submission for result in results}:
        assert (folder / "feedback" / learner / "01_activations" / "activations.html").exists()
    page = tmp_path / "report.html"
    report = CliRunner().invoke(main, ["report", str(folder), "--output", str(page)])
    assert report.exit_code == 0, report.output
    text = page.read_text(encoding="utf-8")
    assert text.count('data-view="learner"') == learners <= text.count('data-view="attempt"')
    assert text.count("Save it again from Jupyter and hand it in once more.") >= 1
    again = CliRunner().invoke(main, ["demo", str(folder), "-t", "01", "--learners", "1"])
    assert again.exit_code == 0, again.output
    assert len(read_results(folder / "results")) == 1


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    run = CliRunner().invoke(main, ["demo", str(tmp_path), "-t", "01"])
    assert run.exit_code == 1
    assert "name another folder" in run.output
    assert (tmp_path / "thesis.tex").exists()
