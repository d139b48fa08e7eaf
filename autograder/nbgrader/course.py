"""Write a course: source notebooks, and the configuration with which nbgrader's own commands do the rest."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

from autograder.authoring import STUB, nbgrader_source
from autograder.topics import Topic

CONFIG = '''"""The configuration of this nbgrader course. It is yours: `autograder course` does not overwrite it."""

from pathlib import Path

from autograder.nbgrader.course import configure

c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "{course_id}"
c.CourseDirectory.root = str(Path(__file__).parent)
c.Exchange.root = str(Path(__file__).parent / "exchange")

# nbgrader autograde runs the hidden suite in locked-down workers instead of the notebook's kernel
configure(c)
'''


def write_course(folder: Path, topics: Sequence[Topic], course_id: str | None = None) -> list[Path]:
    """Write an nbgrader course with the topics as assignments; what is there already stays.

    Args:
        folder: the course's folder.
        topics: its assignments.
        course_id: nbgrader's name of the course; by default the folder's name.

    Returns:
        The files that were written: the source notebooks, and the configuration where there was none.
    """
    written = []
    for topic in topics:
        path = folder / "source" / topic.name / f"{topic.stem}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(nbgrader_source(topic), path)
        written.append(path)
    config = folder / "nbgrader_config.py"
    if not config.exists():
        config.write_text(CONFIG.format(course_id=course_id or folder.resolve().name), encoding="utf-8")
        written.append(config)
    exchange = folder / "exchange"
    if not exchange.exists():
        exchange.mkdir()
        exchange.chmod(0o777)  # nbgrader's rule: every learner of the machine hands in here
    return written


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
    find_scripts_of_this_python()
    ours = "autograder.nbgrader.autograde"
    c.ClearSolutions.code_stub = {"python": STUB}
    c.OverwriteCells.add_missing_cells = True
    c.Autograde.exporter_class = f"{ours}.SubmissionExporter"
    c.Autograde.autograde_preprocessors = [
        f"{ours}.GradeSubmission",
        f"{ours}.SaveResults",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
