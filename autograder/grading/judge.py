"""From what happened in the hidden tests to a Result: status, points, feedback, diagnosis, fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from autograder.diagnosis import diagnose, fingerprint
from autograder.known_answers import KnownAnswers
from autograder.results import Diagnosis, ExerciseResult, Result, Status, TestResult
from autograder.sandbox.outcomes import CallTimedOut, FunctionMissing, SandboxError, SubmissionRaised, WorkerDied
from autograder.submission import Submission
from autograder.suite.assertions import Mismatch
from autograder.suite.plugin import TestRun
from autograder.topics import Topic

#: From the mildest to the one that an exercise is reported with when its tests differ.
_SEVERITY: tuple[Status, ...] = ("not_started", "passed", "failed", "error", "timeout", "forbidden", "ungraded")

_MAX_DETAIL = 4000


def judge(
    submission: Submission,
    topic: Topic,
    runs: Sequence[TestRun],
    misconceptions: KnownAnswers,
    load_problems: Sequence[str],
    run_for_fingerprint: Callable[[str], Sequence[TestRun]],
    **about: Any,
) -> Result:
    """The result of one submission.

    Args:
        runs: every hidden test of the topic, run against the submission.
        misconceptions: the known wrong answers of the topic.
        load_problems: what stopped cells of the submission, in words.
        run_for_fingerprint: runs the tests of an exercise once more, under a seed that is the same in every grading run.
        about: the other fields of `Result`: suite_version, seed, layers.
    """
    result = Result(submission.name, topic.name, submission.content_hash, **about)
    for exercise in topic.exercises:
        own = [run for run in runs if run.exercise == exercise]
        tests = [_judge_test(run, submission, load_problems) for run in own]
        outcome = _judge_exercise(exercise, own, tests, misconceptions.of(exercise))
        if outcome.status in ("failed", "error") and outcome.diagnosis is None and _all_answered(own):
            again = run_for_fingerprint(exercise)
            outcome.fingerprint = (
                fingerprint([call for run in again for call in run.calls]) if _all_answered(again) else None
            )
        result.exercises.append(outcome)
        result.tests += tests
    return result


def ungraded(name: str, topic: Topic, problem: str, content_hash: str = "", **about: Any) -> Result:
    """The result of a submission that could not be graded: no exercise of it has a mark."""
    result = Result(name, topic.name, content_hash, problem=problem, **about)
    result.exercises = [ExerciseResult(exercise, "ungraded", 0.0, 0.0) for exercise in topic.exercises]
    return result


def suite_version(topic: Topic) -> str:
    """A hash of the topic's hidden suite: equal when and only when its files are."""
    digest = hashlib.sha256()
    for path in sorted(topic.hidden_path.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _judge_test(run: TestRun, submission: Submission, load_problems: Sequence[str]) -> TestResult:
    status, why = _status(run, submission, load_problems)
    return TestResult(
        test=run.test,
        exercise=run.exercise,
        status=status,
        points=run.points if status == "passed" else 0.0,
        max_points=run.points,
        feedback=" ".join(part for part in (run.docstring, why) if part),
        detail="" if run.error is None or status == "not_started" else _detail(run.error),
        seconds=round(run.seconds, 4),
    )


def _detail(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:_MAX_DETAIL]


def _status(run: TestRun, submission: Submission, load_problems: Sequence[str]) -> tuple[Status, str]:
    """The status, and what went wrong in words that the learner may read."""
    name = run.exercise
    match run.error:
        case None:
            return "passed", ""
        case FunctionMissing():
            return "error", " ".join([f"There is no function named {name}.", *load_problems[:1]])
        case SubmissionRaised(type_name="NotImplementedError"):
            return "not_started", ""
        case SubmissionRaised(type_name="ForbiddenFunction") as raised:
            place = submission.place(raised.cell, raised.line)
            return "forbidden", f"{raised.message}{f' ({place})' if place else ''}."
        case SubmissionRaised() as raised:
            place = submission.place(raised.cell, raised.line)
            return "error", f"{name} raised {raised}{f' ({place})' if place else ''}."
        case CallTimedOut() | WorkerDied() as error:
            return "timeout" if isinstance(error, CallTimedOut) else "error", f"{name} was stopped: {error}."
        case Mismatch() as mismatch:
            return "failed", f"{name}: {mismatch.feedback}."
        case AssertionError() | pytest.fail.Exception():
            return "failed", ""
        case _:
            return "ungraded", "This test could not be run; the fault is not yours, and your instructor can see it."


def _judge_exercise(
    exercise: str, runs: Sequence[TestRun], tests: Sequence[TestResult], known: dict[str, Callable[..., Any]]
) -> ExerciseResult:
    result = ExerciseResult(
        exercise,
        status=_worst([test.status for test in tests]),
        points=sum(test.points for test in tests),
        max_points=sum(test.max_points for test in tests),
    )
    if result.status in ("failed", "error", "timeout"):
        result.diagnosis = _diagnose_exercise(runs, tests, known)
    return result


def _all_answered(runs: Sequence[TestRun]) -> bool:
    """Whether there was an answer to every call, if only an exception."""
    return not any(isinstance(run.error, (FunctionMissing, CallTimedOut, WorkerDied, SandboxError)) for run in runs)


def _diagnose_exercise(
    runs: Sequence[TestRun], tests: Sequence[TestResult], known: dict[str, Callable[..., Any]]
) -> Diagnosis | None:
    """The misconception that explains every answer, or else, test by test, one that explains that test's answers."""
    whole = diagnose([call for run in runs for call in run.calls], known)
    for run, test in zip(runs, tests, strict=True):
        if test.status in ("failed", "error"):
            test.diagnosis = whole or diagnose(run.calls, known)
    return whole or next((test.diagnosis for test in tests if test.diagnosis), None)


def _worst(statuses: Sequence[Status]) -> Status:
    """What an exercise is reported with; one that was begun is not reported as not started."""
    if set(statuses) != {"not_started"}:
        statuses = ["failed" if status == "not_started" else status for status in statuses]
    return max(statuses, key=_SEVERITY.index, default="ungraded")
