"""Results: what happened when a submission was graded, as data. Everything else is a view of them."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

Status = Literal["passed", "failed", "error", "timeout", "forbidden", "not_started", "ungraded"]

#: What each status is called towards people.
STATUS_WORDS: dict[Status, str] = {
    "passed": "passed",
    "failed": "wrong",
    "error": "error",
    "timeout": "timed out",
    "forbidden": "uses what is ruled out",
    "not_started": "not started",
    "ungraded": "could not be graded",
}


@dataclass(frozen=True)
class Diagnosis:
    """A known mistake that explains an answer: the misconception's name and the sentence for the learner."""

    misconception: str
    text: str


@dataclass
class TestResult:
    """One hidden test.

    Attributes:
        test: the test's name.
        exercise: the exercise it tests.
        status: `passed`, `failed` (a wrong answer), `error` (the submission raised, died or lacks the function),
            `timeout`, `forbidden` (it called a function that the statement rules out), `not_started`, or `ungraded` when the
            fault is ours.
        points: what it earned, of `max_points`.
        feedback: what the learner reads: what the function must do, then what went wrong.
        detail: what the instructor reads besides: the expected value and the answer.
        diagnosis: the known mistake whose answers are the same.
        seconds: wall time.
    """

    test: str
    exercise: str
    status: Status
    points: float
    max_points: float
    feedback: str = ""
    detail: str = ""
    diagnosis: Diagnosis | None = None
    seconds: float = 0.0


@dataclass
class ExerciseResult:
    """One exercise: its tests taken together.

    Attributes:
        status: `passed` when every test passed; `not_started` when none was begun; `ungraded` when a test could not be
            graded; else the worst that happened: `forbidden`, `timeout`, `error` or `failed`.
        diagnosis: the known mistake that explains all answers of the exercise, or else the first failed test.
        fingerprint: equal for submissions that made the same unknown mistake, also in different grading runs.
        counterexample: a call that is answered wrongly, and the answer, for the learner; made for this purpose.
    """

    exercise: str
    status: Status
    points: float
    max_points: float
    diagnosis: Diagnosis | None = None
    fingerprint: str | None = None
    counterexample: str | None = None


@dataclass
class Result:
    """One submission, graded.

    Attributes:
        submission: who or what was graded: a learner's name or a file.
        topic: the topic's name.
        content_hash: SHA-256 of the submitted file.
        suite_version: hash of the topic's hidden suite.
        seed: the secret seed of the grading run.
        layers: the sandbox layers that were on, by name, and those that were off with the reason.
        problem: why the submission as a whole could not be read or graded; empty otherwise.
    """

    submission: str
    topic: str
    content_hash: str
    suite_version: str
    seed: str
    layers: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    exercises: list[ExerciseResult] = field(default_factory=list)
    tests: list[TestResult] = field(default_factory=list)

    @property
    def points(self) -> float:
        return sum(exercise.points for exercise in self.exercises)

    @property
    def max_points(self) -> float:
        return sum(exercise.max_points for exercise in self.exercises)

    def tests_of(self, exercise: str) -> list[TestResult]:
        return [test for test in self.tests if test.exercise == exercise]

    def to_json(self) -> dict[str, Any]:
        """The result as plain data, with the sums that a reader wants."""
        return {**asdict(self), "points": self.points, "max_points": self.max_points}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Result:
        """The result that `to_json` wrote."""
        plain = {key: value for key, value in data.items() if key not in ("points", "max_points")}
        exercises = [ExerciseResult(**_with_diagnosis(item)) for item in plain.pop("exercises")]
        tests = [TestResult(**_with_diagnosis(item)) for item in plain.pop("tests")]
        return cls(**plain, exercises=exercises, tests=tests)

    def write(self, path: Path) -> None:
        """Write the result as a JSON document, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".tmp", delete=False, encoding="utf-8") as file:
            json.dump(self.to_json(), file, indent=2, ensure_ascii=False)
            file.write("\n")
        Path(file.name).replace(path)


def _with_diagnosis(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "diagnosis": Diagnosis(**item["diagnosis"]) if item["diagnosis"] else None}
