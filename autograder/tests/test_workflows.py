"""The grading workflow's own steps, run here: a learner's push becomes points and diagnoses in the job's summary."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from autograder.sample_class import Answers
from autograder.topics import ROOT, find_topic

WORKFLOWS = ROOT / ".github" / "workflows"
TOPIC = find_topic("01_activations")


@pytest.mark.slow
def test_a_push_is_graded_into_the_summary(tmp_path: Path) -> None:
    steps = yaml.safe_load((WORKFLOWS / "grade.yml").read_text())["jobs"]["grade"]["steps"]
    shutil.copytree(ROOT / "exercises", tmp_path / "submission" / "exercises")
    (tmp_path / "grader").symlink_to(ROOT)
    solutions = {**Answers(TOPIC).solutions, "relu": "def relu(x):\n    return np.abs(x)"}
    pushed = tmp_path / "submission" / "exercises" / TOPIC.name / f"{TOPIC.stem}.py"
    pushed.write_text("\n\n\n".join(["import numpy as np", *solutions.values()]))
    summary = tmp_path / "summary.md"
    for step in steps:
        if "run" in step:
            run = subprocess.run(
                ["bash", "-e", "-c", step["run"]],
                cwd=tmp_path,
                env={**os.environ, "GITHUB_STEP_SUMMARY": str(summary)},
                capture_output=True,
                text=True,
            )
            assert run.returncode == 0, run.stdout + run.stderr
    text = summary.read_text()
    assert text.startswith(f"## {TOPIC.name}: ")
    assert "| `sigmoid` | 8 / 8 | passed |  |" in text
    assert "That is the absolute value" in text
    assert "expected:" not in text


def test_ci_runs_on_every_supported_python() -> None:
    jobs = yaml.safe_load((WORKFLOWS / "ci.yml").read_text())["jobs"]
    assert jobs["test"]["strategy"]["matrix"]["python"] == ["3.10", "3.11", "3.12", "3.13"]
    assert ".ci/run" in [step.get("run") for step in jobs["test"]["steps"]]
