"""Grade many submissions with several sessions at once. A session that dies is replaced; nobody's mark depends on it."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from queue import SimpleQueue
from threading import Timer
from typing import Any

from autograder.grading.judge import suite_version, ungraded
from autograder.results import Result
from autograder.sandbox.client import Limits
from autograder.sandbox.lockdown import REQUIRED_LAYERS
from autograder.submission import Submission
from autograder.topics import ROOT, Topic

#: A second session of a topic pays for its start only when it has so many submissions to grade.
SUBMISSIONS_PER_SESSION = 50
_CLOSE_SECONDS = 10
#: Longer than any submission can take within its limits: a session that does not answer by then hangs itself.
_SUBMISSION_SECONDS = 600


def new_seed() -> str:
    """The secret seed of a grading run."""
    return secrets.token_hex(16)


class Session:
    """A grading session of one topic in a process of its own; use as a context manager.

    Args:
        topic: the topic.
        seed: the secret seed of this grading run.
        required_layers: names of the layers of the lock-down without which nothing is graded.
        limits: what a call, and a submission as a whole, may use.
        counterexamples: look for a call that each wrong function answers wrongly, with inputs made for this purpose.
    """

    def __init__(
        self,
        topic: Topic,
        seed: str,
        required_layers: Sequence[str] = REQUIRED_LAYERS,
        limits: Limits | None = None,
        counterexamples: bool = False,
    ):
        self.topic = topic
        self.seed = seed
        self._required_layers = required_layers
        self._limits = limits or Limits()
        self._counterexamples = counterexamples
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the session; it ends its zygote and workers, or dies with them when it does not answer."""
        if self._process is not None:
            try:
                self._process.communicate(timeout=_CLOSE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.communicate()
            self._process = None

    def grade(self, submission: Submission) -> Result:
        """Grade a submission; a fault of ours gives a result that is `ungraded` and says why."""
        for _ in range(2):
            try:
                process = self._process or self._start()
                job = {"submission": asdict(submission), "seed": self.seed, "counterexamples": self._counterexamples}
                reply = self._ask(process, job)
                return Result.from_json(reply["result"])
            except SessionLost as error:
                problem = str(error)
                self.close()
        about = {"suite_version": suite_version(self.topic), "seed": self.seed}
        return ungraded(submission.name, self.topic, problem, submission.content_hash, **about)

    def _start(self) -> subprocess.Popen[str]:
        arguments = [self.topic.name, json.dumps(asdict(self._limits)), *self._required_layers]
        command = [sys.executable, "-m", "autograder.grading.session", *arguments]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment,
            cwd=ROOT,  # Python imports from here, and where the grader was started there may be a learner's numpy.py
        )
        reply = self._read(self._process)
        if "problem" in reply:
            raise SessionLost(f"the hidden suite of {self.topic.name} cannot be collected:\n{reply['problem']}")
        return self._process

    def _ask(self, process: subprocess.Popen[str], message: dict[str, Any]) -> dict[str, Any]:
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
        except BrokenPipeError:
            raise SessionLost("the grading session has ended") from None
        return self._read(process)

    def _read(self, process: subprocess.Popen[str]) -> dict[str, Any]:
        assert process.stdout is not None
        watchdog = Timer(_SUBMISSION_SECONDS, process.kill)
        watchdog.start()
        line = process.stdout.readline()
        watchdog.cancel()
        if not line:
            raise SessionLost(f"the grading session ended with status {process.wait()}")
        reply: dict[str, Any] = json.loads(line)
        return reply


class SessionLost(Exception):
    """A grading session ended, or cannot start."""


def grade_all(
    work: Sequence[tuple[Topic, Submission]],
    seed: str,
    required_layers: Sequence[str] = REQUIRED_LAYERS,
    processes: int | None = None,
) -> Iterator[tuple[int, Result]]:
    """Grade submissions, several at a time.

    Args:
        work: topic and submission of each.
        seed: the secret seed of this grading run.
        required_layers: names of the layers of the lock-down without which nothing is graded.
        processes: sessions at once; by default one per processor.

    Yields:
        The position in `work` and its result, in the order in which they are done.
    """
    shares = _shares(work, processes or os.cpu_count() or 1)
    done: SimpleQueue[tuple[int, Result] | BaseException] = SimpleQueue()

    def grade_share(share: Sequence[int]) -> None:
        try:
            with Session(work[share[0]][0], seed, required_layers) as session:
                for position in share:
                    done.put((position, session.grade(work[position][1])))
        except BaseException as error:
            done.put(error)

    with ThreadPoolExecutor(processes or os.cpu_count()) as pool:
        for share in shares:
            pool.submit(grade_share, share)
        for _ in work:
            item = done.get()
            if isinstance(item, BaseException):
                raise item
            yield item


def _shares(work: Iterable[tuple[Topic, Submission]], processes: int) -> list[list[int]]:
    """The positions in `work`, cut into what one session grades: one topic, and no more than its part."""
    by_topic: dict[str, list[int]] = {}
    for position, (topic, _) in enumerate(work):
        by_topic.setdefault(topic.name, []).append(position)
    shares = []
    for positions in by_topic.values():
        count = max(1, min(processes, len(positions) // SUBMISSIONS_PER_SESSION))
        shares += [positions[start::count] for start in range(count)]
    return sorted(shares, key=len, reverse=True)
