"""`pytest exercises/` as a learner meets it: in a folder of its own, with nothing of the grader."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.authoring import STUB
from autograder.sample_class import Answers
from autograder.topics import ROOT, all_topics, find_topic

TOPIC = find_topic("01_activations")
EXERCISES = ROOT / "exercises"


@pytest.fixture
def learner(tmp_path: Path) -> Path:
    """A learner's clone: the conftest and one topic."""
    shutil.copy(EXERCISES / "conftest.py", tmp_path)
    shutil.copytree(TOPIC.stub_path.parent, tmp_path / TOPIC.name)
    return tmp_path


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """pytest in a process that cannot import the grader, PyTorch or anything else but pytest and NumPy."""
    program = (
        "import sys, pytest\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name.partition('.')[0] in ('autograder', 'torch', 'scipy', 'sklearn', 'jupytext', 'nbformat'):\n"
        "            raise ModuleNotFoundError(f'{name} is not there for a learner')\n"
        "sys.meta_path.insert(0, Refuse())\n"
        "sys.exit(pytest.main(sys.argv[1:]))"
    )
    # Under CI pytest does not shorten its summary; what is tested here is what a learner's terminal shows.
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "BUILD_NUMBER")}
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=folder, capture_output=True, text=True, env=environment
    )


def answer(folder: Path, *bodies: str) -> None:
    """Put bodies in place of the stubs, from the first exercise on."""
    path = folder / TOPIC.name / f"{TOPIC.stem}.py"
    parts = path.read_text().split(STUB)
    bodies = (*bodies, *[STUB] * (len(parts) - 1 - len(bodies)), "")
    path.write_text("".join(part + body for part, body in zip(parts, bodies, strict=True)))


def test_a_fresh_clone_is_a_friendly_start(learner: Path) -> None:
    run = run_pytest(learner)
    assert run.returncode == 0, run.stdout
    assert "01_activations  [.....]  5 not started" in run.stdout
    assert f"Next: write sigmoid in {TOPIC.name}/activations.py:" in run.stdout
    assert "14 not started" in run.stdout
    assert "Error" not in run.stdout
    assert "Traceback" not in run.stdout


def test_a_wrong_answer_names_call_answer_and_expectation(learner: Path) -> None:
    answer(learner, STUB, STUB, "return x")
    run = run_pytest(learner)
    assert run.returncode == 1
    assert "call      relu(array([-2., 0., 3.]))" in run.stdout
    assert "returned  array([-2., 0., 3.])" in run.stdout
    assert "expected  array([0., 0., 3.])" in run.stdout
    assert "[..x..]  1 wrong, 4 not started" in run.stdout
    assert "Next: mend relu in" in run.stdout


def test_an_exception_is_shown_with_its_line(learner: Path) -> None:
    answer(learner, "return x.foo")
    run = run_pytest(learner)
    assert "raised    AttributeError: 'numpy.ndarray' object has no attribute 'foo'" in run.stdout
    assert f"at        {TOPIC.name}/activations.py:" in run.stdout
    assert ": return x.foo" in run.stdout


def test_a_syntax_error_is_told_once(learner: Path) -> None:
    answer(learner, "retrun x")
    run = run_pytest(learner)
    assert run.stdout.count("SyntaxError: invalid syntax") == 1
    assert f"Next: mend {TOPIC.name}/activations.py, which cannot be imported" in run.stdout


def test_a_missing_function_is_named(learner: Path) -> None:
    path = learner / TOPIC.name / f"{TOPIC.stem}.py"
    path.write_text(path.read_text().replace("def relu(", "def rectify("))
    assert "activations.py has no function named relu" in run_pytest(learner, "-k", "relu").stdout


def test_the_solution_passes(learner: Path) -> None:
    solutions = "\n\n\n".join(["import numpy as np", *Answers(TOPIC).solutions.values()])
    (learner / TOPIC.name / f"{TOPIC.stem}.py").write_text(solutions)
    run = run_pytest(learner)
    assert run.returncode == 0
    assert "[#####]  5 solved" in run.stdout
    assert "Every visible test passes." in run.stdout


def test_hints_come_one_after_another(learner: Path) -> None:
    hints = [run_pytest(learner, TOPIC.name, "--hint", "relu").stdout for _ in range(2)]
    assert hints[0].startswith("Hint 1 of ")
    assert hints[1].startswith("Hint 2 of ")
    assert "no exercise named nothing" in run_pytest(learner, TOPIC.name, "--hint", "nothing").stdout


def test_the_learner_s_files_import_nothing_of_the_grader() -> None:
    for path in EXERCISES.rglob("*.py"):
        imported = {
            name
            for node in ast.walk(ast.parse(path.read_text()))
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        top = {name.partition(".")[0] for name in imported}
        assert top <= {*sys.stdlib_module_names, "pytest", "numpy", "torch"}, path


@pytest.mark.parametrize("topic", [topic for topic in all_topics() if topic.profile == "numpy"], ids=lambda t: t.name)
def test_a_numpy_topic_does_not_import_torch(topic: object) -> None:
    assert hasattr(topic, "visible_tests_path")
    assert "torch" not in [
        line.split()[1]
        for line in topic.visible_tests_path.read_text().split("\n")
        if line.startswith(("import", "from"))
    ]
