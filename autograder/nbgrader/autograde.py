"""`nbgrader autograde` with our engine: read the notebook, grade it, show the outcome in it, save the marks.

nbgrader converts each submission twice: first it restores the read-only cells, then it runs the preprocessors below on the
outcome. They take the place of `Execute` and `SaveAutoGrades`; no learner's code runs in this process or in a kernel.
"""

from __future__ import annotations

import atexit
import warnings
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters.base import NbGraderException
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from sqlalchemy.exc import SAWarning
from traitlets import List, Unicode

from autograder.authoring import learner_notebook
from autograder.grading.engine import Session, new_seed
from autograder.grading.judge import ungraded
from autograder.nbgrader.feedback import exercise_html, problem_html
from autograder.nbgrader.recording import record
from autograder.results import ExerciseResult, Result
from autograder.sandbox.lockdown import REQUIRED_LAYERS
from autograder.submission import UnreadableSubmission, notebook_cells, read_notebook, submission_of
from autograder.topics import Topic, UnknownTopic, find_topic

RESULTS_FOLDER = "results"

# nbgrader relies on a cascade that SQLAlchemy warns of, once per submission
warnings.filterwarnings("ignore", message="Object of type <Submitted", category=SAWarning)

_seed = new_seed()
_sessions: dict[tuple[str, tuple[str, ...]], Session] = {}


class SubmissionExporter(NotebookExporter):
    """Reads submitted notebooks; one that cannot be read is replaced by an empty one that says why.

    Without this, nbgrader leaves the learner with no mark, no feedback and no reason.
    """

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.problems: dict[tuple[str, str], str] = {}

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        assert resources is not None
        try:
            notebook = read_notebook(Path(filename))
            _validate_nbgrader_metadata(notebook, filename)
        except UnreadableSubmission as error:
            about = resources["nbgrader"]
            self.problems[about["student"], about["assignment"]] = str(error)
            notebook = learner_notebook(_topic_of(about["assignment"]))
        converted: tuple[NotebookNode, dict[str, Any]] = self.from_notebook_node(notebook, resources, **kwargs)
        return converted


class GradeSubmission(NbGraderPreprocessor):
    """Grades the notebook with the hidden suite, writes its Result, and shows the outcome below each exercise."""

    required_layers = List(
        Unicode(),
        default_value=list(REQUIRED_LAYERS),
        help="Layers of the sandbox without which nothing is graded; `autograder doctor` shows what there is",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        about = resources["nbgrader"]
        topic, student = _topic_of(about["assignment"]), about["student"]
        session = _session(topic, tuple(self.required_layers))
        problem = self.parent.problems.get((student, about["assignment"]))
        if problem:
            result = ungraded(student, topic, problem, seed=session.seed, suite_version="")
        else:
            result = self._grade(nb, student, session)
        course = self.parent.parent.coursedir
        result.write(Path(course.root) / RESULTS_FOLDER / topic.name / f"{student}.json")
        record(self.parent.parent, result, [] if problem else notebook_cells(nb))
        resources["autograder"] = result
        _show(result, nb)
        if result.problem:
            self.log.warning("%s could not be graded: %s", student, result.problem)
        return nb, resources

    def _grade(self, nb: NotebookNode, student: str, session: Session) -> Result:
        content = nbformat.writes(nb).encode()
        try:
            return session.grade(submission_of(notebook_cells(nb), student, content, is_notebook=True))
        except UnreadableSubmission as error:
            return ungraded(student, session.topic, str(error), seed=session.seed, suite_version="")


class SaveResults(SaveAutoGrades):
    """Saves the Result's points as nbgrader's automatic scores; what could not be graded is left for a person."""

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(grade_id, self.notebook_id, self.assignment_id, self.student_id)
        exercise = _exercise_result(resources["autograder"], grade_id)
        if exercise is None or exercise.status == "ungraded":
            grade.auto_score = None
        else:
            grade.auto_score = grade.max_score_gradecell * exercise.points / exercise.max_points
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        self.gradebook.db.commit()


def _validate_nbgrader_metadata(notebook: NotebookNode, filename: str) -> None:
    try:
        MetadataValidator().validate_nb(notebook)
    except Exception as error:
        raise UnreadableSubmission(
            f"{Path(filename).name} has damaged nbgrader metadata ({type(error).__name__}); "
            "copy your answers into a fresh copy of the assignment and hand that in"
        ) from None


def _topic_of(assignment: str) -> Topic:
    try:
        return find_topic(assignment)
    except UnknownTopic as error:
        raise NbGraderException(f"assignment {assignment!r} has no hidden suite: {error}") from None


def _session(topic: Topic, required_layers: tuple[str, ...]) -> Session:
    """The session of a topic, one for the whole run of this process."""
    key = (topic.name, required_layers)
    if key not in _sessions:
        _sessions[key] = Session(topic, _seed, required_layers)
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
