"""nbgrader's own commands on a course of ours, from the source to the grades."""

from __future__ import annotations

import copy
import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.authoring import ANSWER, released_notebook
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
HOSTILE = """$a<b$ is true. <img src="x" onerror="alert(1)"><script>alert(2)</script>
[link](javascript:alert(3)) ![pixel](https://example.org/pixel.png) $\\href{javascript:alert(4)}{x}$"""


def nbgrader(course: Path, *arguments: str, status: int = 0) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=course, capture_output=True, text=True, check=False
    )
    assert run.returncode == status, run.stderr
    return run.stderr


def about(cell: NotebookNode) -> dict[str, Any]:
    found: dict[str, Any] = cell.metadata.get("nbgrader", {})
    return found


def solved() -> NotebookNode:
    return notebook_with(TOPIC, SOLUTIONS)


def edited_tests() -> NotebookNode:
    """Every test gives full marks, in words, with a number that is none and with a negative one, if its output counts."""
    notebook = notebook_with(TOPIC, LEAKS)
    for cell, claim in zip(
        [cell for cell in notebook.cells if "visible-tests" in cell.metadata.get("tags", ())],
        ["'full marks'", "float('nan')", "-1", "99", "None"],
        strict=True,
    ):
        cell.source = claim
        cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": claim})]
    return notebook


def doubled() -> NotebookNode:
    notebook = solved()
    notebook.cells = [copy.deepcopy(cell) for cell in notebook.cells for _ in range(2)]
    return notebook


def moved() -> NotebookNode:
    notebook = solved()
    notebook.cells.reverse()
    return notebook


def without_tests() -> NotebookNode:
    notebook = solved()
    notebook.cells = [cell for cell in notebook.cells if about(cell).get("solution") or not about(cell).get("grade")]
    return notebook


def without_metadata() -> NotebookNode:
    """As other programs save it."""
    notebook = solved()
    notebook.metadata = NotebookNode()
    for cell in notebook.cells:
        cell.metadata = NotebookNode()
    return notebook


def damaged_metadata() -> NotebookNode:
    notebook = solved()
    for cell in notebook.cells:
        cell.metadata["nbgrader"] = ["relu", {"grade_id": 3}]
    return notebook


def forged_metadata() -> NotebookNode:
    """Test cells that claim to be answers worth a thousand points, and answers that claim to be tests."""
    notebook = notebook_with(TOPIC, LEAKS)
    for cell in notebook.cells:
        if about(cell):
            cell.metadata["nbgrader"] |= {"solution": True, "grade": not about(cell)["grade"], "points": 1000}
    return notebook


def hostile() -> NotebookNode:
    notebook = solved()
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(HOSTILE))
    notebook.cells.insert(0, nbformat.v4.new_raw_cell(HOSTILE, metadata={"raw_mimetype": "text/html"}))
    notebook.metadata["language_info"] = {"name": 'x"><script>alert(5)</script>'}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": "<script>alert(6)</script>"})]
        if about(cell).get("grade_id") == ANSWER:
            cell.source = HOSTILE
    return notebook


def in_words() -> NotebookNode:
    notebook = notebook_with(TOPIC, LEAKS)
    next(cell for cell in notebook.cells if about(cell).get("grade_id") == ANSWER).source = "It bends: $a < b$."
    return notebook


WARNS = {**SOLUTIONS, "relu": f"import warnings\nwarnings.warn('careful')\n\n\n{SOLUTIONS['relu']}"}
SAME_NAME = f"{TOPIC.stem}.ipynb"
#: What each learner hands in: the files, by name.
SUBMISSIONS = {
    "solved": {SAME_NAME: solved()},
    "untouched": {SAME_NAME: released_notebook(TOPIC)},
    "leaks": {SAME_NAME: in_words()},
    "warns": {SAME_NAME: notebook_with(TOPIC, WARNS)},
    "without-tests": {SAME_NAME: without_tests()},
    "edited-tests": {SAME_NAME: edited_tests()},
    "doubled": {SAME_NAME: doubled()},
    "moved": {SAME_NAME: moved()},
    "without-metadata": {SAME_NAME: without_metadata()},
    "damaged-metadata": {SAME_NAME: damaged_metadata()},
    "forged-metadata": {SAME_NAME: forged_metadata()},
    "renamed": {"Untitled (1).ipynb": solved()},
    "format-3": {SAME_NAME: nbformat.convert(solved(), 3)},
    "format-4.0": {SAME_NAME: {**without_metadata(), "nbformat_minor": 0}},
    "hostile": {SAME_NAME: hostile()},
    "broken": {SAME_NAME: '{"cells": ['},
    "empty": {SAME_NAME: ""},
    "two": {"a.ipynb": solved(), "b.ipynb": solved()},
    "untouched-copy": {SAME_NAME: released_notebook(TOPIC), "mine.ipynb": solved()},
}
FULL_MARKS = (
    "solved", "warns", "without-tests", "doubled", "moved", "without-metadata", "damaged-metadata", "renamed", "format-3",
    "format-4.0", "hostile",
)  # fmt: skip
SHOWS_SOLUTIONS = ("leaks", "edited-tests", "forged-metadata", "two", "untouched-copy")
BY_HAND = "by-hand"


def text_of(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose class has handed in and has been graded, with feedback and grades."""
    folder = tmp_path_factory.mktemp("course")
    write_course(folder, [TOPIC], "course")
    config = folder / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.GradeSubmission.counterexamples = True\n")
    nbgrader(folder, "generate_assignment", TOPIC.name)
    nbgrader(folder, "release_assignment", TOPIC.name)
    inbound = folder / "exchange" / "course" / "inbound"
    for learner, files in SUBMISSIONS.items():
        handed_in = inbound / f"{learner}+{TOPIC.name}+2026-01-01 10:00:00 UTC+abc"
        handed_in.mkdir()
        for name, content in files.items():
            (handed_in / name).write_text(text_of(content))
        (handed_in / "timestamp.txt").write_text("2026-01-01 10:00:00 UTC")
        (handed_in / "submission_secret.txt").write_text(f"secret of {learner}")
    nbgrader(folder, "collect", TOPIC.name)
    by_hand = folder / "submitted" / BY_HAND / TOPIC.name
    by_hand.mkdir(parents=True)
    (by_hand / SAME_NAME).write_text(text_of(solved()))
    (folder / "autograde.log").write_text(nbgrader(folder, "autograde", TOPIC.name))
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
    assert text.count('    raise NotImplementedError"') == len(TOPIC.exercises)
    assert "def test_relu_cuts_off_negative_inputs(relu)" in text
    assert (course / "exchange" / "course" / "outbound" / TOPIC.name / f"{TOPIC.stem}.ipynb").read_text() == text


def test_the_gradebook_has_points_for_each_exercise_and_for_the_question(gradebook: Gradebook) -> None:
    full = scores(gradebook, "solved")
    assert tuple(full) == (*TOPIC.exercises, ANSWER)
    question = gradebook.find_graded_cell(ANSWER, TOPIC.stem, TOPIC.name).max_score
    assert gradebook.find_submission(TOPIC.name, "solved").score == sum(full.values())
    assert gradebook.find_assignment(TOPIC.name).max_score == sum(full.values()) + question
    assert set(scores(gradebook, "untouched").values()) == {0.0}


def test_partial_credit_is_recorded(gradebook: Gradebook) -> None:
    full, part = scores(gradebook, "solved"), scores(gradebook, "leaks")
    assert part["tanh"] == 0
    assert 0 <= part["relu"] < full["relu"]
    assert all(part[exercise] == full[exercise] for exercise in ("sigmoid", "leaky_relu", "softmax"))


@pytest.mark.parametrize("learner", FULL_MARKS)
def test_only_the_answers_count(gradebook: Gradebook, learner: str) -> None:
    exercises, full = scores(gradebook, learner), scores(gradebook, "solved")
    assert {name: exercises[name] for name in TOPIC.exercises} == {name: full[name] for name in TOPIC.exercises}


@pytest.mark.parametrize("learner", ["edited-tests", "forged-metadata"])
def test_nothing_in_a_test_cell_earns_a_mark(gradebook: Gradebook, learner: str) -> None:
    exercises, honest = scores(gradebook, learner), scores(gradebook, "leaks")
    assert {name: exercises[name] for name in TOPIC.exercises} == {name: honest[name] for name in TOPIC.exercises}


@pytest.mark.parametrize(
    ("learner", "reason"),
    [
        ("broken", "it is not JSON"),
        ("empty", "is empty"),
        ("two", "it cannot be told which notebook is the answer (a.ipynb, b.ipynb)"),
        ("untouched-copy", "it cannot be told which notebook is the answer (mine.ipynb)"),
    ],
)
def test_what_cannot_be_graded_waits_for_a_person(
    course: Path, gradebook: Gradebook, learner: str, reason: str
) -> None:
    assert set(scores(gradebook, learner).values()) == {None}
    assert gradebook.find_submission(TOPIC.name, learner).needs_manual_grade
    feedback = (course / "feedback" / learner / TOPIC.name / f"{TOPIC.stem}.html").read_text()
    assert "This submission could not be graded." in feedback
    assert reason in feedback
    assert reason in " ".join((course / "autograde.log").read_text().split())


def test_a_written_answer_waits_for_a_person_and_an_empty_one_does_not(gradebook: Gradebook) -> None:
    assert scores(gradebook, "leaks")[ANSWER] is None
    assert gradebook.find_submission(TOPIC.name, "leaks").needs_manual_grade
    assert scores(gradebook, "solved")[ANSWER] == 0
    assert not gradebook.find_submission(TOPIC.name, "solved").needs_manual_grade


def test_the_mark_scheme_stands_where_the_instructor_marks_and_nowhere_else(course: Path) -> None:
    criterion = "a ReLU unit can die"
    notebook = f"{TOPIC.name}/{TOPIC.stem}"
    assert criterion in (course / "source" / f"{notebook}.ipynb").read_text()
    assert criterion in (course / "autograded" / "leaks" / f"{notebook}.ipynb").read_text()
    for path in (course / "release" / f"{notebook}.ipynb", course / "feedback" / "leaks" / f"{notebook}.html"):
        assert criterion not in path.read_text()
        assert "MARK SCHEME" not in path.read_text()


def test_the_log_is_short_and_ends_with_a_summary(course: Path) -> None:
    log = (course / "autograde.log").read_text()
    rows = {tuple(line.split(maxsplit=1)) for line in log.split("\n") if line.startswith("  ")}
    assert {(str(len(SUBMISSIONS) + 1 - 4), "graded"), ("4", "could not be graded")} <= rows
    assert "INFO" not in log
    assert "Warning" not in log
    assert "WARNING" not in log


def test_text_of_a_learner_does_nothing_in_a_page(course: Path) -> None:
    feedback = (course / "feedback" / "hostile" / TOPIC.name / f"{TOPIC.stem}.html").read_text()
    page = _Page()
    page.feed(feedback)
    assert "<mi>a</mi><mo>&lt;</mo><mi>b</mi>" in feedback
    assert page.tags.isdisjoint({"script", "iframe", "object", "form", "input"})
    assert not any(name.startswith("on") for name, _ in page.attributes)
    addresses = {value or "" for name, value in page.attributes if name in ("src", "href")}
    assert not any(address.split(":")[0] in ("javascript", "http", "https") for address in addresses)


class _Page(HTMLParser):
    """The tags and attributes of a page, as a browser sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


def test_files_placed_by_hand_get_their_feedback(course: Path) -> None:
    released = list((course / "exchange" / "course" / "feedback").glob("*.html"))
    assert len(released) == len(SUBMISSIONS) + 1
    assert not (course / "submitted" / BY_HAND / TOPIC.name / "timestamp.txt").exists()


def test_feedback_explains_the_mistake(course: Path) -> None:
    feedback = (course / "feedback" / "leaks" / TOPIC.name / f"{TOPIC.stem}.html").read_text()
    assert str(misconceptions_of(TOPIC).functions["relu__leaks"].__doc__) in feedback
    assert "<b>tanh</b>: not started" in feedback
    assert "A call that it answers wrongly" in feedback
    assert "<pre>relu(array(" in feedback


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
            learner = path.relative_to(course).parts[1].split("+")[0]
            if learner not in (*FULL_MARKS, *SHOWS_SOLUTIONS, BY_HAND) and folder != "exchange":
                assert not any(line in text for line in solutions), path


def test_every_submission_has_a_result(course: Path) -> None:
    results = [Result.from_json(json.loads(path.read_text())) for path in (course / "results").glob("*/*.json")]
    assert len(results) == len(SUBMISSIONS) + 1
    assert len({result.seed for result in results}) == 1
    leaks = next(result for result in results if result.submission == "leaks")
    relu = next(own for own in leaks.exercises if own.exercise == "relu")
    assert relu.diagnosis is not None
    assert relu.diagnosis.misconception == "relu__leaks"
    assert missing_layers(leaks.layers) == []


def test_the_journal_has_every_submission_with_its_time_and_code(course: Path) -> None:
    with Journal(course / JOURNAL_PATH) as journal:
        rows = journal.db.execute("SELECT * FROM standing ORDER BY learner").fetchall()
        assert len(rows) == len(SUBMISSIONS) + 1
        by_learner = {row["learner"]: row for row in rows if row["learner"] != BY_HAND}
        assert {row["submitted_at"] for row in by_learner.values()} == {"2026-01-01T10:00:00Z"}
        leaks, broken = by_learner["leaks"], by_learner["broken"]
        assert LEAKS["relu"] in journal.cells(leaks["grading"])
        result = journal.result(leaks["grading"])
        assert result is not None
        assert result == Result.from_json(json.loads((course / "results" / TOPIC.name / "leaks.json").read_text()))
        assert broken["ungraded"] == len(TOPIC.exercises)
        assert journal.cells(broken["grading"]) == []
        run = last_run(journal)
        assert run is not None
        assert (run.state, run.planned, run.done, run.failed) == (
            "finished",
            len(SUBMISSIONS) + 1,
            len(SUBMISSIONS) + 1,
            4,
        )


def test_the_export_holds_every_learner(course: Path) -> None:
    with (course / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert len(rows) == len(SUBMISSIONS) + 1
    assert float(rows["solved"]["max_score"]) > float(rows["solved"]["score"]) > float(rows["leaks"]["score"]) > 0


def test_manual_marks_and_comments_survive_another_run_and_the_sum_is_right(course: Path) -> None:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("relu", TOPIC.stem, TOPIC.name, "leaks").manual_score = 1.5
        gradebook.find_grade(ANSWER, TOPIC.stem, TOPIC.name, "leaks").manual_score = 3
        gradebook.find_comment(ANSWER, TOPIC.stem, TOPIC.name, "leaks").manual_comment = "Say what bends."
        gradebook.db.commit()
    log = nbgrader(course, "autograde", TOPIC.name, "--student", "leaks", "--force")
    assert "      1  graded" in log
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        grades = {
            grade.name: grade for grade in gradebook.find_submission_notebook(TOPIC.stem, TOPIC.name, "leaks").grades
        }
        assert (grades["relu"].manual_score, grades["relu"].score) == (1.5, 1.5)
        assert grades["relu"].needs_manual_grade
        assert gradebook.find_comment(ANSWER, TOPIC.stem, TOPIC.name, "leaks").comment == "Say what bends."
        others = sum(grades[name].auto_score for name in TOPIC.exercises if name != "relu")
        assert gradebook.find_submission(TOPIC.name, "leaks").score == 1.5 + 3 + others


def test_what_was_graded_is_left_alone_without_force(course: Path) -> None:
    result = course / "results" / TOPIC.name / "solved.json"
    before = result.read_text()
    assert "graded before" in nbgrader(course, "autograde", TOPIC.name)
    assert result.read_text() == before
    nbgrader(course, "autograde", TOPIC.name, "--student", "nobody", status=1)


def test_who_hands_in_late_loses_what_nbgrader_says(course: Path) -> None:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment(TOPIC.name, duedate="2025-12-31 12:00:00 UTC")
    penalty = "c.LateSubmissionPlugin.penalty_method = 'zero'\n"
    config = course / "nbgrader_config.py"
    text = config.read_text()
    config.write_text(text + penalty)
    try:
        for learner in ("warns", BY_HAND):
            nbgrader(course, "autograde", TOPIC.name, "--student", learner, "--force")
    finally:
        config.write_text(text)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        late, by_hand = (gradebook.find_submission(TOPIC.name, learner) for learner in ("warns", BY_HAND))
        assert late.late_submission_penalty == late.score > 0
        assert not by_hand.late_submission_penalty


def test_a_gradebook_takes_no_second_course(course: Path, tmp_path: Path) -> None:
    write_course(tmp_path, [TOPIC], "another")
    config = tmp_path / "nbgrader_config.py"
    config.write_text(config.read_text() + f"c.CourseDirectory.db_url = 'sqlite:///{course / 'gradebook.db'}'\n")
    log = nbgrader(tmp_path, "generate_assignment", TOPIC.name, status=1)
    assert "this gradebook is that of the course 'course', so 'another' cannot use it" in log
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "course") as gradebook:
        assert {assignment.course_id for assignment in gradebook.assignments} == {"course"}


def test_writing_the_course_again_keeps_what_the_instructor_edited(tmp_path: Path) -> None:
    first = write_course(tmp_path, [TOPIC], "course")
    source = tmp_path / "source" / TOPIC.name / f"{TOPIC.stem}.ipynb"
    assert source in first.written
    assert write_course(tmp_path, [TOPIC]).written == []
    notebook = nbformat.read(source, as_version=4)
    notebook.metadata["kernelspec"]["display_name"] = "Python 3 (mine)"
    nbformat.write(notebook, source)
    assert write_course(tmp_path, [TOPIC]).kept == []  # opened and saved, nothing changed
    notebook = nbformat.read(source, as_version=4)
    notebook.cells[0].source += "\n\nHand in by Friday."
    nbformat.write(notebook, source)
    config = tmp_path / "nbgrader_config.py"
    config.write_text(config.read_text() + "# mine\n")
    again = write_course(tmp_path, [TOPIC])
    assert (again.written, again.kept) == ([], [source])
    assert "Hand in by Friday." in source.read_text()
    assert config.read_text().endswith("# mine\n")
    assert source in write_course(tmp_path, [TOPIC], overwrite_edits=True).written
    assert "Hand in by Friday." not in source.read_text()
