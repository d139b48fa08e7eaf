"""A course of ours where our engine is not installed: plain nbgrader grades with the visible tests, and says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.authoring import ANSWER
from autograder.nbgrader.course import write_course
from autograder.sample_class import Answers, notebook_with
from autograder.topics import find_topic

TOPIC = find_topic("01_activations")
SOLUTIONS = Answers(TOPIC).solutions

#: Python runs this when it starts: in this process and its children there is no package `autograder`.
WITHOUT_AUTOGRADER = """
import sys

class Nowhere:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "autograder":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Nowhere())
"""


@pytest.mark.slow
def test_plain_nbgrader_grades_with_the_visible_tests(tmp_path: Path) -> None:
    course = tmp_path / "course"
    write_course(course, [TOPIC])
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_AUTOGRADER)
    scripts = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PATH": scripts}
    missing = subprocess.run(
        [sys.executable, "-c", "import autograder"], env=environment, capture_output=True, check=False
    )
    assert missing.returncode != 0

    def nbgrader(*arguments: str) -> str:
        command = [sys.executable, "-m", "nbgrader", *arguments]
        run = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        return run.stderr

    nbgrader("generate_assignment", TOPIC.name)
    for learner, answers in (("solved", SOLUTIONS), ("part", {**SOLUTIONS, "tanh": None})):
        folder = course / "submitted" / learner / TOPIC.name
        folder.mkdir(parents=True)
        nbformat.write(notebook_with(TOPIC, answers), folder / f"{TOPIC.stem}.ipynb")
    log = nbgrader("autograde", TOPIC.name)
    assert "autograder is not installed: nbgrader grades with the visible tests alone, in a kernel." in log
    nbgrader("generate_feedback", TOPIC.name)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        full = {cell.name: cell.max_score for cell in gradebook.find_notebook(TOPIC.stem, TOPIC.name).grade_cells}
        for learner, expected in (("solved", full), ("part", {**full, "tanh": 0})):
            grades = gradebook.find_submission_notebook(TOPIC.stem, TOPIC.name, learner).grades
            assert {grade.name: grade.auto_score for grade in grades} == {**expected, ANSWER: 0}
    for path in (*course.glob("release/*/*.ipynb"), *course.glob("feedback/*/*/*.html")):
        assert "MARK SCHEME" not in path.read_text()
