"""Prove the hidden suite: what it must accept, what it must reject, and that every known mistake is recognised.

Known answers are ours and run in this process; machine-made mutants of a solution may do anything and run in a worker.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest

from autograder.diagnosis import diagnose
from autograder.grading.session import SubmissionRunner
from autograder.known_answers import alternatives_of, load_module, misconceptions_of
from autograder.mutants import mutants
from autograder.sandbox.client import Limits, Zygote
from autograder.sandbox.lockdown import REQUIRED_LAYERS
from autograder.sandbox.outcomes import CallTimedOut, Reply, SandboxError, SubmissionRaised, WorkerDied
from autograder.submission import Submission
from autograder.suite.plugin import HiddenSuite, TestRun
from autograder.topics import Topic, exercise_of

MIN_MISCONCEPTIONS, MIN_ALTERNATIVES = 4, 2

_MUTANT_LIMITS = Limits(cpu_seconds=2, wall_seconds=4)
#: How a wrong answer may fail a test; anything else means that the test itself broke.
_REJECTIONS = (AssertionError, SubmissionRaised, CallTimedOut, WorkerDied, pytest.fail.Exception)

#: Answers that are right nowhere: whatever a test does with them, it must reject them by an assertion.
_GARBAGE: dict[str, Any] = {
    "None": None,
    "text": "x",
    "NaN": float("nan"),
    "an empty list": [],
    "a tuple of numbers": (1, 2, 3, 4, 5),
    "a tuple of None": (None, None),
    "three of different kinds": (None, "x", []),
    "a dict": {},
    "an empty array": np.zeros(0),
    "an array of NaN": np.full((3, 3), np.nan),
    "arrays of other shapes": (np.zeros(1), np.zeros((2, 2))),
    "four arrays": (np.zeros(2),) * 4,
    "huge numbers": np.full((2, 2), 1e300),
}


@dataclass
class ExerciseAudit:
    """What the audit of one exercise counted, and every rule that was broken."""

    topic: str
    exercise: str
    hidden_tests: int = 0
    misconceptions: int = 0
    alternatives: int = 0
    mutants: int = 0
    equivalent: int = 0
    problems: list[str] = field(default_factory=list)


class FunctionCallee:
    """Answers every call with one function of ours."""

    def __init__(self, function: Callable[..., Any]):
        self._function = function

    def call(self, _name: str, args: tuple[Any, ...], kwargs: dict[str, Any], _want_arguments: bool) -> Reply:
        copies = {
            id(value): value for value in (*args, *kwargs.values()) if callable(value)
        }  # callables are not copied
        args, kwargs = copy.deepcopy((args, kwargs), copies)
        try:
            with np.errstate(all="ignore"):
                answer = self._function(*args, **kwargs)
        except Exception as error:
            raise SubmissionRaised(type(error).__name__, str(error)) from None
        return Reply(_detached(answer), args, kwargs)


def audit(topics: Sequence[Topic], seeds: int, processes: int) -> Iterator[list[ExerciseAudit]]:
    """Audit topics, several at a time.

    Args:
        topics: the topics.
        seeds: under how many seeds each known answer is tried.
        processes: topics at once.

    Yields:
        The audits of a topic's exercises, topic by topic as they are done.
    """
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(audit_topic, topic, seeds) for topic in topics]
        for future in as_completed(futures):
            yield future.result()


def audit_topic(topic: Topic, seeds: int) -> list[ExerciseAudit]:
    """Audit one topic."""
    audits = [ExerciseAudit(topic.name, exercise) for exercise in topic.exercises]

    def main(suite: HiddenSuite) -> None:
        if suite.problems:
            audits[0].problems += suite.problems
            return
        with Zygote(topic.profile, _MUTANT_LIMITS) as zygote:
            auditor = _Auditor(suite, zygote, [f"seed {number}" for number in range(seeds)])
            for own in audits:
                auditor.audit(own)

    HiddenSuite(topic, main).start()
    return audits


class _Auditor:
    """Audits the exercises of one topic."""

    def __init__(self, suite: HiddenSuite, zygote: Zygote, seeds: Sequence[str]):
        self._suite = suite
        self._topic = suite.topic
        self._zygote = zygote
        self._seeds = seeds
        self._solution = load_module(self._topic.source_path)
        self._misconceptions = misconceptions_of(self._topic)
        self._alternatives = alternatives_of(self._topic)

    def audit(self, own: ExerciseAudit) -> None:
        alternatives = self._alternatives.of(own.exercise)
        misconceptions = self._misconceptions.of(own.exercise)
        own.hidden_tests = len(self._suite.items[own.exercise])
        own.alternatives, own.misconceptions = len(alternatives), len(misconceptions)
        own.problems += self._undocumented(own.exercise)
        own.problems += [f"it has {own.misconceptions} misconceptions"] * (own.misconceptions < MIN_MISCONCEPTIONS)
        own.problems += [f"it has {own.alternatives} alternatives"] * (own.alternatives < MIN_ALTERNATIVES)
        own.problems += self._unaccepted("the solution", own.exercise, getattr(self._solution, own.exercise))
        for name, function in alternatives.items():
            own.problems += self._unaccepted(name, own.exercise, function)
        for name in misconceptions:
            own.problems += self._unrecognised(name, own.exercise)
        own.problems += self._stub_not_seen(own.exercise)
        own.problems += self._unrejected_garbage(own.exercise)
        self._audit_mutants(own)

    def _run(self, exercise: str, function: Callable[..., Any], seed: str) -> list[TestRun]:
        @contextmanager
        def open_callee(_exercise: str) -> Iterator[FunctionCallee]:
            yield FunctionCallee(function)

        return self._suite.run(open_callee, seed, [exercise])

    def _undocumented(self, exercise: str) -> Iterator[str]:
        for known in (self._misconceptions, self._alternatives):
            yield from (f"{name} has no docstring" for name, value in known.of(exercise).items() if not value.__doc__)
        for item in self._suite.items[exercise]:
            if not item.function.__doc__:
                yield f"{item.name} has no docstring"

    def _unaccepted(self, name: str, exercise: str, function: Callable[..., Any]) -> Iterator[str]:
        for seed in self._seeds:
            for run in self._run(exercise, function, seed):
                if run.error is not None:
                    yield f"{name} is not accepted by {run.test} under {seed}: {run.error}"
                    return

    def _unrecognised(self, name: str, exercise: str) -> Iterator[str]:
        known = self._misconceptions.of(exercise)
        for seed in self._seeds:
            runs = self._run(exercise, known[name], seed)
            yield from _broken_tests(name, runs)
            if all(run.error is None for run in runs):
                yield f"{name} is not rejected under {seed}"
                return
            diagnosis = diagnose([call for run in runs for call in run.calls], known)
            if diagnosis is None or diagnosis.misconception != name:
                yield f"{name} is diagnosed as {diagnosis and diagnosis.misconception} under {seed}"
                return

    def _stub_not_seen(self, exercise: str) -> Iterator[str]:
        def stub(*_args: Any, **_kwargs: Any) -> None:
            raise NotImplementedError

        for run in self._run(exercise, stub, self._seeds[0]):
            if not isinstance(run.error, NotImplementedError):
                yield f"{run.test} does not call the exercise"

    def _unrejected_garbage(self, exercise: str) -> Iterator[str]:
        for name, value in _GARBAGE.items():
            runs = self._run(exercise, lambda *_args, _value=value, **_kwargs: copy.deepcopy(_value), self._seeds[0])
            yield from _broken_tests(name, runs)
            if all(run.error is None for run in runs):
                yield f"{name} passes every test"

    def _audit_mutants(self, own: ExerciseAudit) -> None:
        cells = [cell.source for cell in self._topic.source.cells if cell.cell_type == "code"]
        position = next(index for index, source in enumerate(cells) if exercise_of(source) == own.exercise)
        equivalent = self._equivalent_mutants().get(own.exercise, {})
        for mutant in mutants(cells[position]):
            if mutant.change in equivalent:
                own.equivalent += 1
            elif self._survives(own.exercise, [*cells[:position], mutant.source, *cells[position + 1 :]]):
                own.problems.append(f"a mutant survives: {mutant.change}")
            else:
                own.mutants += 1

    def _survives(self, exercise: str, cells: list[str]) -> bool:
        submission = Submission("mutant", "", tuple(cells), is_notebook=False)
        for seed in self._seeds[:3]:
            runner = SubmissionRunner(submission, self._topic, self._zygote, REQUIRED_LAYERS)
            runs = self._suite.run(runner.open, seed, [exercise])
            for run in runs:
                if isinstance(run.error, SandboxError):
                    raise run.error
            if any(run.error is not None for run in runs):
                return False
        return True

    def _equivalent_mutants(self) -> dict[str, dict[str, str]]:
        """The mutants that are the same function as the solution: exercise -> change -> reason."""
        path = self._topic.hidden_path / "equivalent_mutants.py"
        return load_module(path).EQUIVALENT if path.exists() else {}


def _detached(value: Any) -> Any:
    """A copy of an answer as it arrives over the wire: tensors without the graph that they came from."""
    if isinstance(value, (list, tuple)):
        return type(value)(map(_detached, value)) if type(value) in (list, tuple) else tuple(map(_detached, value))
    if isinstance(value, dict):
        return {key: _detached(item) for key, item in value.items()}
    return (
        value.detach().clone().requires_grad_(value.requires_grad) if hasattr(value, "detach") else copy.deepcopy(value)
    )


def _broken_tests(name: str, runs: Sequence[TestRun]) -> Iterator[str]:
    for run in runs:
        if run.error is not None and not isinstance(run.error, _REJECTIONS):
            yield f"{name} breaks {run.test} itself: {type(run.error).__name__}: {run.error}"
