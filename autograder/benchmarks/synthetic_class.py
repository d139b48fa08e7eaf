"""A large class that never was: fills a journal with gradings of every exercise, the same ones every time.

Learners differ in ability, exercises in difficulty and discrimination, by the two-parameter logistic model (Birnbaum, 1968):
P(solved) = 1 / (1 + exp(-a (ability - b))). Ability grows with each attempt, but not for everybody; wrong answers hold the
misconceptions of the hidden suite, the earlier ones of a file more often, or one of a few unknown mistakes; some learners drop
out, hand in late, break their file or copy a neighbour.
"""

from __future__ import annotations

import ast
import json
import re
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.journal import STATUS_CODES, Journal, compressed
from autograder.known_answers import misconceptions_of
from autograder.sample_class import Answers
from autograder.topics import Topic

#: When the first topic was due; each of the others a week after the one before.
FIRST_DUE = datetime(2026, 2, 1, 23, 59, 59, tzinfo=timezone.utc)
MOST_ATTEMPTS = 4
#: Shares of the class, or of its submissions.
DROP_OUT_A_TOPIC, HAND_IN, LEARN_FROM_ATTEMPTS, UNREADABLE, COPY = 0.015, 0.93, 0.9, 0.002, 0.004
_UNKNOWN_MISTAKES = 12
#: How a wrong answer is wrong: by a known misconception, an unknown mistake, an exception, a time-out, a forbidden function.
_WAYS, _WAY_CHANCES = np.array(["known", "unknown", "error", "timeout", "forbidden"]), (0.62, 0.2, 0.13, 0.03, 0.02)


def due_dates(topics: Sequence[Topic]) -> dict[str, datetime]:
    return {topic.name: FIRST_DUE + timedelta(weeks=week) for week, topic in enumerate(topics)}


def fill(journal: Journal, topics: Sequence[Topic], learners: int = 10_000, code_of: Collection[Topic] = ()) -> None:
    """Fill an empty journal with a class.

    Args:
        learners: the size of the class, of whom nearly all hand something in.
        code_of: the topics whose submissions come with code; it takes a while.
    """
    rng = np.random.default_rng(0)
    ability = rng.normal(size=learners)
    learns = rng.random(learners) < LEARN_FROM_ATTEMPTS
    last_topic = rng.geometric(DROP_OUT_A_TOPIC * np.exp(-ability / 2).clip(max=20), size=learners)
    names = np.array([f"learner-{number + 1:05d}" for number in range(learners)])
    run = journal.plan(0)
    with journal.transaction():
        for number, (topic, due) in enumerate(zip(topics, due_dates(topics).values(), strict=True)):
            hands_in = (rng.random(learners) < HAND_IN) & (last_topic > number)
            # the weaker and the more diligent try more often
            attempts = np.where(hands_in, 1 + rng.binomial(MOST_ATTEMPTS - 1, 0.12, size=learners), 0)
            attempts = np.where(~learns & hands_in, np.maximum(attempts, 1 + rng.integers(0, 4, size=learners)), attempts)
            items = _Items(topic, rng)
            submitted = np.datetime64(due.replace(tzinfo=None), "s") - (
                rng.exponential(60 * 60 * 40, size=learners) - 60 * 60 * 3
            ).astype("timedelta64[s]")
            for attempt in range(1, MOST_ATTEMPTS + 1):
                who = np.flatnonzero(attempts >= attempt)
                now = ability[who] + 0.6 * (attempt - 1) * learns[who]
                # the last attempt is at `submitted`, those before it some hours earlier each
                handed_in = submitted[who] - (attempts[who] - attempt) * np.timedelta64(5 * 60 * 60, "s")
                class_work = _ClassWork(items, now, rng)
                class_work.copy_neighbours(rng)
                class_work.insert(journal, names[who], handed_in, attempt, run, rng, with_code=topic in code_of)
    journal.refresh_standings()
    done = journal.db.execute("SELECT count(*), sum(ungraded > 0) FROM grading").fetchone()
    journal.db.execute("UPDATE run SET planned = ?, done = ?, failed = ?", (done[0], *done))
    journal.finish(run)


class _Items:
    """The exercises of a topic with their tests and misconceptions, and a difficulty and a discrimination for each."""

    def __init__(self, topic: Topic, rng: np.random.Generator):
        self.topic = topic
        self.exercises = topic.exercises
        self.difficulty = rng.normal(-0.6, 0.8, size=len(self.exercises))
        self.discrimination = rng.lognormal(0.2, 0.4, size=len(self.exercises))
        self.tests = _hidden_tests(topic)
        self.misconceptions = {
            exercise: list(misconceptions_of(topic).of(exercise).items()) for exercise in self.exercises
        }

    @cached_property
    def test_points(self) -> NDArray[np.float64]:
        return np.array([points for _, _, points in self.tests])

    @cached_property
    def exercise_of_test(self) -> NDArray[np.int64]:
        return np.array([self.exercises.index(exercise) for exercise, _, _ in self.tests])

    @cached_property
    def known(self) -> tuple[Answers, dict[str, list[str]]]:
        """The solutions, and the sources of the misconceptions of each exercise."""
        misconceptions = misconceptions_of(self.topic)
        return Answers(self.topic), {
            exercise: [misconceptions.source(name) for name, _ in own] for exercise, own in self.misconceptions.items()
        }


def _hidden_tests(topic: Topic) -> list[tuple[str, str, float]]:
    """Exercise, name and points of each hidden test, by exercise."""
    module = ast.parse((topic.hidden_path / f"test_{topic.stem}.py").read_text(encoding="utf-8"))
    tests = []
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and node.args.args:
            marked = [
                float(mark.args[0].value)
                for mark in node.decorator_list
                if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("points")
                if isinstance(mark.args[0], ast.Constant) and isinstance(mark.args[0].value, (int, float))
            ]
            tests.append((node.args.args[0].arg, node.name, marked[0] if marked else 1.0))
    return sorted(tests, key=lambda test: topic.exercises.index(test[0]))
