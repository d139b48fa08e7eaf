"""`nbgrader autograde` with our engine: read the notebook, grade it, show the outcome in it, save the marks.

nbgrader converts each submission twice: first it restores the read-only cells, then it runs the preprocessors below on the
outcome. They take the place of `Execute` and `SaveAutoGrades`; no learner's code runs in this process or in a kernel.
"""

from __future__ import annotations

import atexit
import logging
import secrets
import warnings
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.apps import AutogradeApp
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import determine_grade, is_solution
from sqlalchemy.exc import SAWarning
from traitlets import Bool, List, Unicode

from autograder.authoring import has_answers
from autograder.grading.engine import Session, new_seed
from autograder.grading.judge import suite_version, ungraded
from autograder.nbgrader.feedback import exercise_html, problem_html
from autograder.nbgrader.gradebook import Claims
from autograder.nbgrader.recording import record
from autograder.nbgrader.summary import print_summary
from autograder.results import ExerciseResult, Result
from autograder.sandbox.lockdown import REQUIRED_LAYERS
from autograder.submission import UnreadableSubmission, notebook_cells, read_notebook, submission_of
from autograder.topics import Topic, UnknownTopic, find_topic

RESULTS_FOLDER = "results"

# nbgrader relies on a cascade that SQLAlchemy warns of, once per submission
warnings.filterwarnings("ignore", message="Object of type <Submitted", category=SAWarning)

_seed = new_seed()
_sessions: dict[tuple[str, tuple[str, ...], bool], Session] = {}


@dataclass(frozen=True)
class Submitted:
    """What was found in a learner's folder: the bytes of the notebook, or why there is none that could be graded."""

    content: bytes = b""
    problem: str = ""


class SubmissionExporter(NotebookExporter):
    """Reads submitted notebooks; one that cannot be read is replaced by an empty one that says why.

    Without this, nbgrader leaves the learner with no mark, no feedback and no reason.
    """

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.submitted: dict[str, Submitted] = {}
        self.results: dict[str, Result] = {}
        if isinstance(self.parent.parent, AutogradeApp):
            self._begin_run(self.parent)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        assert resources is not None
        courses = self.parent.coursedir
        if Path(filename).is_relative_to(courses.format_path(courses.autograded_directory, ".", ".")):
            notebook = read_notebook(Path(filename))
        else:
            notebook, self.submitted[resources["nbgrader"]["student"]] = _find_notebook(Path(filename))
        converted: tuple[NotebookNode, dict[str, Any]] = self.from_notebook_node(notebook, resources, **kwargs)
        return converted

    def _begin_run(self, converter: Autograde) -> None:
        """Claim the submissions of `nbgrader autograde`, and have it end with a summary."""
        courses = converter.coursedir
        students = [Path(folder).parts[-2] for folder in converter.assignments]
        Claims(Path(courses.root)).take(courses.db_url, courses.course_id, courses.assignment_id, students)
        if converter.parent.log_level == logging.INFO:
            self.log.addFilter(_is_news)
        atexit.register(print_summary, courses, self.results)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line of nbgrader's log tells what our summary does not; --debug shows all of them."""
    return record.levelno > logging.INFO and not str(record.msg).startswith("No submitted file")


def find_renamed_notebook(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's hook before it grades a learner: let it look for the topic's notebook, whatever it is called.

    nbgrader would skip a notebook whose name it does not know, and give the learner no mark.
    """
    notebooks[:] = [str(Path(notebooks[0]).with_name(f"{_topic_of(assignment).stem}.ipynb"))]


def _find_notebook(path: Path) -> tuple[NotebookNode, Submitted]:
    """The notebook at this path, or the only one beside it; an empty one, and the reason, when that cannot be told."""
    try:
        others = [other for other in sorted(path.parent.glob("*.ipynb")) if other != path]
        if not path.exists() and len(others) == 1:
            path = others.pop()
        if not path.exists() or (others and not has_answers(path) and any(map(has_answers, others))):
            names = ", ".join(other.name for other in others)
            raise UnreadableSubmission(
                f"it cannot be told which notebook is the answer ({names}); hand in one, called {path.name}"
            )
        return read_notebook(path), Submitted(path.read_bytes())
    except UnreadableSubmission as error:
        return nbformat.v4.new_notebook(), Submitted(problem=str(error))


class GradeSubmission(NbGraderPreprocessor):
    """Grades the notebook with the hidden suite, writes its Result, and shows the outcome below each exercise."""

    required_layers = List(
        Unicode(),
        default_value=list(REQUIRED_LAYERS),
        help="Layers of the sandbox without which nothing is graded; `autograder doctor` shows what there is",
    ).tag(config=True)
    counterexamples = Bool(
        False, help="Show learners a call that their function answers wrongly, with new inputs made for this purpose"
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        about = resources["nbgrader"]
        topic, student = _topic_of(about["assignment"]), about["student"]
        result = self._grade(nb, topic, student)
        converter = self.parent.parent
        result.write(Path(converter.coursedir.root) / RESULTS_FOLDER / topic.name / f"{student}.json")
        record(converter, result, [] if self.parent.submitted[student].problem else notebook_cells(nb))
        resources["autograder"] = self.parent.results[student] = result
        _show(result, nb)
        _complete(converter, about)
        return nb, resources

    def _grade(self, nb: NotebookNode, topic: Topic, student: str) -> Result:
        submitted = self.parent.submitted[student]
        session = _session(topic, tuple(self.required_layers), self.counterexamples)
        try:
            if submitted.problem:
                raise UnreadableSubmission(submitted.problem)
            return session.grade(submission_of(notebook_cells(nb), student, submitted.content, is_notebook=True))
        except UnreadableSubmission as error:
            return ungraded(student, topic, str(error), seed=session.seed, suite_version=suite_version(topic))


class SaveResults(SaveAutoGrades):
    """Saves the Result's points as nbgrader's automatic scores; what could not be graded is left for a person."""

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(grade_id, self.notebook_id, self.assignment_id, self.student_id)
        exercise = _exercise_result(resources["autograder"], grade_id)
        if exercise is not None and exercise.status != "ungraded":
            grade.auto_score = grade.max_score_gradecell * exercise.points / exercise.max_points
        elif is_solution(cell) and not resources["autograder"].problem:
            grade.auto_score = determine_grade(cell, self.log)[0]  # 0 where the learner wrote nothing, else a person's
        else:
            grade.auto_score = None
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        self.gradebook.db.commit()


def _topic_of(assignment: str) -> Topic:
    try:
        return find_topic(assignment)
    except UnknownTopic as error:
        raise NbGraderException(f"assignment {assignment!r} has no hidden suite: {error}") from None


def _session(topic: Topic, required_layers: tuple[str, ...], counterexamples: bool) -> Session:
    """The session of a topic, one for the whole run of this process."""
    key = (topic.name, required_layers, counterexamples)
    if key not in _sessions:
        _sessions[key] = Session(topic, _seed, required_layers, counterexamples=counterexamples)
        atexit.register(_sessions[key].close)
    return _sessions[key]


def _exercise_result(result: Result, grade_id: str) -> ExerciseResult | None:
    return next((exercise for exercise in result.exercises if exercise.exercise == grade_id), None)


def _show(result: Result, nb: NotebookNode) -> None:
    """Put the outcome of each exercise below its visible tests, and a problem of the whole at the top."""
    for cell in nb.cells:
        metadata = cell.metadata.get("nbgrader", {})
        exercise = _exercise_result(result, metadata.get("grade_id", "")) if metadata.get("grade") else None
        if exercise is not None:
            html = exercise_html(exercise, result.tests_of(exercise.exercise))
            cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": html})]
    if result.problem:
        nb.cells.insert(0, nbformat.v4.new_markdown_cell(problem_html(result.problem)))


def _complete(converter: Autograde, about: dict[str, Any]) -> None:
    """Give a submission that did not come through nbgrader's exchange the two files without which no feedback is released.

    They are written too late to count: the time at which a file was put into its folder makes nobody late.
    """
    graded = Path(converter._format_dest(about["assignment"], about["student"]))
    for name, text in (
        ("timestamp.txt", f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M:%S} UTC"),
        ("submission_secret.txt", secrets.token_hex(32)),
    ):
        if not (graded / name).exists():
            (graded / name).write_text(text, encoding="utf-8")
