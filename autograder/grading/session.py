"""One long-lived pytest session for one topic: reads submissions as JSON lines, writes Results as JSON lines.

Run as `python -m autograder.grading.session TOPIC LIMITS [REQUIRED LAYER ...]`, the limits as JSON. The session is trusted: it
holds the hidden tests and the oracles. It never runs a submission itself; every call goes to a worker.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from autograder.counterexample import counterexample
from autograder.grading.judge import judge, suite_version, ungraded
from autograder.known_answers import alternatives_of, misconceptions_of
from autograder.results import Result
from autograder.sandbox.client import Limits, Worker, Zygote
from autograder.sandbox.lockdown import missing_layers
from autograder.sandbox.outcomes import CallTimedOut, FunctionMissing, Reply, SandboxError, WorkerDied
from autograder.submission import Submission
from autograder.suite.plugin import HiddenSuite, TestRun
from autograder.topics import Topic, find_topic

#: A worker that hangs or dies costs the test; after so many, the rest of the exercise.
FATAL_CALLS = 2
#: Cells that hang or end the worker are left out, up to so many.
FATAL_CELLS = 3
#: Under this seed an unknown mistake is asked once more. It need not be secret: no mark comes of the answers, and nobody is shown
#: anything of them but the fingerprint, which can so be compared between grading runs.
FINGERPRINT_SEED = "fingerprint"


class LayersMissing(SandboxError):
    """The lock-down lacks a required layer, so that no mark may come of this system."""


class SubmissionRunner:
    """Runs one submission for the hidden suite: opens a worker for each exercise, and a new one when it is lost."""

    def __init__(self, submission: Submission, topic: Topic, zygote: Zygote, required_layers: Sequence[str]):
        self.layers: dict[str, str] = {}
        self.load_problems: list[str] = []
        self._submission = submission
        self._topic = topic
        self._zygote = zygote
        self._required_layers = required_layers
        self._left_out: dict[int, str] = {}
        self._workers: list[Worker] = []

    @contextmanager
    def open(self, exercise: str) -> Iterator[ExerciseCallee]:
        callee = ExerciseCallee(self, exercise)
        try:
            yield callee
        finally:
            callee.close()

    def start(self, exercise: str) -> Worker:
        """A worker that has run the submission's cells, and knows none of the functions that are ruled out.

        Raises:
            CallTimedOut, WorkerDied: too many cells do not end, or end the worker.
            LayersMissing: the lock-down lacks a required layer.
        """
        while True:
            worker = self._zygote.worker()
            self._workers.append(worker)
            self.layers = worker.layers
            if missing := missing_layers(worker.layers, self._required_layers):
                worker.end()
                raise LayersMissing(f"the sandbox lacks a required layer: {'; '.join(missing)}")
            current = 0

            def note(number: int) -> None:
                nonlocal current
                current = number

            cells = [(n, source) for n, source in enumerate(self._submission.cells) if n not in self._left_out]
            try:
                raised = worker.load([cell for cell in cells if cell[1].strip()], note, self._topic.forbidden(exercise))
            except (CallTimedOut, WorkerDied) as error:
                if len(self._left_out) == FATAL_CELLS:
                    raise
                self._left_out[current] = f"Cell {current + 1} was left out: {error}."
                continue
            places = [(error, self._submission.place(error.cell, error.line)) for error in raised]
            stopped = [f"A cell stopped with {error}{f' ({place})' if place else ''}." for error, place in places]
            self.load_problems = [*self._left_out.values(), *stopped]
            return worker

    def check_time(self) -> None:
        """
        Raises:
            CallTimedOut: the submission as a whole has used up its time.
        """
        limit = self._zygote.limits.submission_seconds
        if sum(worker.seconds for worker in self._workers) > limit:
            raise CallTimedOut(f"the submission as a whole had used up its {limit:g} seconds")


class ExerciseCallee:
    """Answers the calls of one exercise's tests."""

    def __init__(self, runner: SubmissionRunner, exercise: str):
        self._runner = runner
        self._exercise = exercise
        self._worker: Worker | None = None
        self._fatal: list[CallTimedOut | WorkerDied] = []

    def call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], want_arguments: bool) -> Reply:
        if len(self._fatal) >= FATAL_CALLS:
            raise self._fatal[-1]
        try:
            self._runner.check_time()
            if self._worker is None:
                self._worker = self._runner.start(self._exercise)
            return self._worker.call(function, args, kwargs, want_arguments)
        except (CallTimedOut, WorkerDied) as error:
            self._fatal.append(error)
            self._worker = None
            raise

    def close(self) -> None:
        if self._worker is not None:
            self._worker.end()


class Grader:
    """Runs the collected hidden tests of a topic against one submission after another."""

    def __init__(self, suite: HiddenSuite, zygote: Zygote, required_layers: Sequence[str]):
        self._suite = suite
        self._topic = suite.topic
        self._zygote = zygote
        self._required_layers = required_layers
        self._misconceptions = misconceptions_of(suite.topic)
        self._version = suite_version(suite.topic)

    def grade(self, submission: Submission, seed: str, counterexamples: bool = False) -> Result:
        """The result of a submission; where the grader itself fails, one that is `ungraded` and says so."""
        try:
            return self._grade(submission, seed, counterexamples)
        except Exception as error:
            problem = f"the grader failed: {type(error).__name__}: {error}"
            about = {"suite_version": self._version, "seed": seed}
            return ungraded(submission.name, self._topic, problem, submission.content_hash, **about)

    def _grade(self, submission: Submission, seed: str, counterexamples: bool) -> Result:
        runner = SubmissionRunner(submission, self._topic, self._zygote, self._required_layers)
        runs = self._suite.run(runner.open, seed)
        about = {"suite_version": self._version, "seed": seed, "layers": runner.layers}
        for run in runs:
            if isinstance(run.error, SandboxError):
                return ungraded(submission.name, self._topic, str(run.error), submission.content_hash, **about)

        def run_again(exercise: str, seed: str = FINGERPRINT_SEED) -> list[TestRun]:
            return self._suite.run(runner.open, seed, [exercise])

        result = judge(submission, self._topic, runs, self._misconceptions, runner.load_problems, run_again, **about)
        if counterexamples:
            self._add_counterexamples(result, runs, run_again)
        return result

    def _add_counterexamples(
        self, result: Result, runs: Sequence[TestRun], run_again: Callable[[str, str], list[TestRun]]
    ) -> None:
        """Run the tests of each wrong exercise once more, with inputs that no mark rests on, and show one of its calls."""
        right = alternatives_of(self._topic)
        for exercise in result.exercises:
            if exercise.status in ("failed", "error"):
                name = exercise.exercise
                again = run_again(name, f"{result.seed}/counterexamples")
                graded = [call for run in runs if run.exercise == name for call in run.calls]
                wrong = [run for run in again if run.error and not isinstance(run.error, FunctionMissing)]
                calls = [call for run in wrong for call in run.calls]
                exercise.counterexample = counterexample(name, calls, graded, next(iter(right.of(name).values()), None))


def serve(topic: Topic, limits: Limits, required_layers: Sequence[str], requests: TextIO, replies: TextIO) -> None:
    """Grade the submission in each line of `requests`; answer each with a line."""

    def answer(message: dict[str, Any]) -> None:
        replies.write(json.dumps(message) + "\n")
        replies.flush()

    def main(suite: HiddenSuite) -> None:
        if suite.problems:
            answer({"problem": "\n".join(suite.problems)})
            return
        with Zygote(topic.profile, limits) as zygote:
            grader = Grader(suite, zygote, required_layers)
            answer({"ready": topic.name})
            for line in requests:
                job = json.loads(line)
                cells = tuple(job["submission"].pop("cells"))
                submission = Submission(**job["submission"], cells=cells)
                answer({"result": grader.grade(submission, job["seed"], job["counterexamples"]).to_json()})

    HiddenSuite(topic, main).start()


if __name__ == "__main__":
    # whatever a test or a library prints must not get between the replies
    with open(os.dup(1), "w", encoding="utf-8") as channel:
        os.dup2(2, 1)
        serve(find_topic(sys.argv[1]), Limits(**json.loads(sys.argv[2])), sys.argv[3:], sys.stdin, channel)
