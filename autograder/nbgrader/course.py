"""Write a course: source notebooks, and the configuration with which nbgrader's own commands do the rest."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.authoring import STUB, nbgrader_source
from autograder.topics import Topic

CONFIG = """\
# The configuration of this nbgrader course. It is yours: `autograder course` does not overwrite it.
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = {course_id!r}
c.CourseDirectory.root = str(Path(__file__).parent)
c.Exchange.root = str(Path(__file__).parent / "exchange")

# The gradebook; without this line it is gradebook.db in this folder.
# c.CourseDirectory.db_url = "postgresql+psycopg://USER@HOST/DATABASE"

# Who hands in after the due date, which formgrader's Manage Assignments sets, gets nothing; "none": no penalty.
# c.LateSubmissionPlugin.penalty_method = "zero"

# Learners who gave a wrong answer are shown a call that their function answers wrongly.
# c.GradeSubmission.counterexamples = True

# The mark schemes of the questions that a person marks stand in no released notebook and in no feedback.
c.ClearMarkScheme.enforce_metadata = False
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    "nbgrader.preprocessors.ClearMarkScheme",
]

# nbgrader autograde runs the hidden suite in locked-down workers, not in the notebook's kernel.
try:
    from autograder.nbgrader.course import configure
except ModuleNotFoundError as error:
    if error.name != "autograder":
        raise
    print("autograder is not installed: nbgrader grades with the visible tests alone, in a kernel.", file=sys.stderr)
else:
    configure(c)
"""

LEARNERS_CONFIG = """\
# For the learners of this course: put it into the folder in which you work, or into ~/.jupyter.
c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = {course_id!r}
c.Exchange.root = {exchange!r}

c.Validator.failed_warning = (
    "{{num_failed}} of the exercises are not right yet, or not begun. The last line of each says which, and what is "
    "wrong. You may hand in all the same: each exercise counts by itself."
)
c.Validator.changed_warning = (
    "{{num_changed}} of the cells that you were not meant to change are not as you got them. They count as you got "
    "them, and your answers are graded all the same. To validate, take these cells from a fresh copy."
)
"""

_DIGEST = "written"


@dataclass
class CourseFiles:
    """What writing a course did: the files that it wrote, and the source notebooks that it kept because somebody edited them."""

    written: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)


def write_course(
    folder: Path, topics: Sequence[Topic], course_id: str | None = None, overwrite_edits: bool = False
) -> CourseFiles:
    """Write an nbgrader course with the topics as assignments, or bring one up to date; what somebody has edited stays.

    Args:
        folder: the course's folder.
        topics: its assignments.
        course_id: nbgrader's name of the course; by default the folder's name.
        overwrite_edits: whether to write source notebooks anew that somebody has edited.
    """
    files = CourseFiles()
    course_id = course_id or folder.resolve().name
    for topic in topics:
        path = folder / "source" / topic.name / f"{topic.stem}.ipynb"
        notebook = nbgrader_source(topic)
        notebook.metadata["autograder"][_DIGEST] = _digest(notebook)
        if _is_edited(path) and not overwrite_edits:
            files.kept.append(path)
        elif _write_new(path, nbformat.writes(notebook) + "\n"):
            files.written.append(path)
    exchange = folder.resolve() / "exchange"
    for path, text in (
        (folder / "nbgrader_config.py", CONFIG.format(course_id=course_id)),
        (
            folder / "learners" / "nbgrader_config.py",
            LEARNERS_CONFIG.format(course_id=course_id, exchange=str(exchange)),
        ),
    ):
        if not path.exists() and _write_new(path, text):
            files.written.append(path)
    if not exchange.exists():
        exchange.mkdir()
        exchange.chmod(0o777)  # nbgrader's rule: every learner of the machine hands in here
    return files


def _write_new(path: Path, text: str) -> bool:
    """Write a file, whole or not at all; whether that changed anything."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(text)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
    return True


def _is_edited(path: Path) -> bool:
    """Whether there is a source notebook that is not as it was written; saving it without a change is no edit."""
    if not path.exists():
        return False
    try:
        notebook = nbformat.read(path, as_version=4)
        return bool(notebook.metadata["autograder"][_DIGEST] != _digest(notebook))
    except Exception:  # whatever it is now, somebody has made it so
        return True


def _digest(notebook: NotebookNode) -> str:
    """A hash of what an instructor edits: text and nbgrader's settings of each cell."""
    cells = [[cell.cell_type, cell.source, cell.metadata.get("nbgrader")] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()


def find_scripts_of_this_python() -> None:
    """Put this Python's scripts on the path: nbgrader starts `alembic` by its name, also where nothing is activated."""
    scripts = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if scripts not in path:
        os.environ["PATH"] = os.pathsep.join([scripts, *path])


def configure(c: Any) -> None:
    """Let nbgrader grade with our engine; for a course's `nbgrader_config.py`.

    Args:
        c: the configuration object.
    """
    import autograder.nbgrader.gradebook  # noqa: F401 - from now on gradebooks wait for one another

    find_scripts_of_this_python()
    ours = "autograder.nbgrader"
    c.ClearSolutions.code_stub = {"python": STUB}
    c.Autograde.pre_convert_hook = f"{ours}.autograde.find_renamed_notebook"
    c.Autograde.exporter_class = f"{ours}.autograde.SubmissionExporter"
    c.Autograde.sanitize_preprocessors = [
        f"{ours}.restore.RestoreCells",
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        f"{ours}.autograde.GradeSubmission",
        f"{ours}.autograde.SaveResults",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    # the pages of formgrader and the feedback: learners' Markdown made harmless, mathematics without the internet
    c.HTMLExporter.filters = {"markdown2html": f"{ours}.html.markdown2html"}
    c.HTMLExporter.extra_template_basedirs = [str(Path(__file__).parent / "templates"), _nbgrader_templates()]


def _nbgrader_templates() -> str:
    package = importlib.util.find_spec("nbgrader")
    assert package is not None and package.origin is not None
    return str(Path(package.origin).parent / "server_extensions" / "formgrader" / "templates")
