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
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from inspect import cleandoc
from itertools import repeat
from random import Random
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from autograder.authoring import STUB
from autograder.journal import STATUS_CODES, Journal, compressed
from autograder.known_answers import misconceptions_of
from autograder.sample_class import Answers
from autograder.sample_class import due_dates as due_dates
from autograder.topics import Topic

Strings: TypeAlias = NDArray[np.str_]
Times: TypeAlias = NDArray[np.datetime64]

MOST_ATTEMPTS = 4
#: Shares of the class, or of its submissions.
DROP_OUT_A_TOPIC, HAND_IN, LEARN_FROM_ATTEMPTS, UNREADABLE, COPY = 0.015, 0.93, 0.9, 0.005, 0.01
#: How a wrong answer is wrong: by a known misconception, an unknown mistake, an exception, a time-out, a forbidden function.
_WAYS, _WAY_CHANCES = np.array(["known", "unknown", "error", "timeout", "forbidden"]), (0.62, 0.2, 0.13, 0.03, 0.02)
_UNKNOWN_MISTAKES = 12
_PROBLEM = "the file is not a notebook: it is not JSON. Save it again from Jupyter and hand it in once more."
#: What the lines are made of that only their author would write.
_HABITS = ("np.pi", "1.0", "len([])", "abs(-2)", "2**3", "int(7)", "np.e", "float(3)", "round(2.5)", "max(1, 2)")


def fill(journal: Journal, topics: Sequence[Topic], learners: int = 10_000, code_of: Collection[Topic] = ()) -> None:
    """Fill an empty journal with a class, whose topics are due as those of the sample class.

    Args:
        learners: the size of the class, of whom nearly all hand something in.
        code_of: the topics whose submissions come with code; it takes a while.
    """
    rng = np.random.default_rng(0)
    names = np.array([f"learner-{number + 1:05d}" for number in range(learners)])
    ability = rng.normal(size=learners)
    learns = rng.random(learners) < LEARN_FROM_ATTEMPTS
    topics_handed_in = rng.geometric(DROP_OUT_A_TOPIC * np.exp(-ability / 2).clip(max=20), size=learners)
    run = journal.plan(0)
    with journal.transaction():
        for number, topic in enumerate(topics):
            items = _Items(topic, rng)
            hands_in = (rng.random(learners) < HAND_IN) & (topics_handed_in > number)
            attempts = hands_in * _attempts(learns, rng)
            last = _times_of_handing_in(due_dates(topics)[topic.name], learners, rng)
            for attempt in range(1, MOST_ATTEMPTS + 1):
                who = np.flatnonzero(attempts >= attempt)
                handed_in = last[who] - (attempts[who] - attempt) * np.timedelta64(5, "h")
                work = _ClassWork(items, ability[who] + 0.6 * (attempt - 1) * learns[who], rng)
                work.copy_neighbours(rng)
                ids = work.insert(journal, names[who], handed_in, attempt, run)
                if topic in code_of:
                    work.insert_code(journal, ids)
    journal.refresh_standings()
    done = journal.db.execute("SELECT count(*), sum(ungraded > 0) FROM grading").fetchone()
    journal.db.execute("UPDATE run SET planned = ?, done = ?, failed = ?", (done[0], *done))
    journal.finish(run)


def _attempts(learns: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int64]:
    """How often each learner tries: those who do not learn from it more often."""
    once_or_twice = 1 + rng.binomial(MOST_ATTEMPTS - 1, 0.12, size=len(learns))
    return np.where(learns, once_or_twice, rng.integers(1, MOST_ATTEMPTS, size=len(learns), endpoint=True))


def _times_of_handing_in(due: datetime, learners: int, rng: np.random.Generator) -> Times:
    """Most in the last two days, some up to three hours late."""
    seconds = rng.exponential(40 * 3600, size=learners) - 3 * 3600
    return np.datetime64(due.replace(tzinfo=None), "s") - seconds.astype("timedelta64[s]")


class _Items:
    """The exercises of a topic with their tests and misconceptions, and a difficulty and a discrimination for each."""

    def __init__(self, topic: Topic, rng: np.random.Generator):
        self.topic = topic
        self.exercises = topic.exercises
        self.difficulty = rng.normal(-0.6, 0.8, size=len(self.exercises))
        self.discrimination = rng.lognormal(0.2, 0.4, size=len(self.exercises))
        self.tests = _hidden_tests(topic)
        self.test_points = np.array([points for _, _, points in self.tests])
        self.exercise_of_test = np.array([self.exercises.index(exercise) for exercise, _, _ in self.tests])
        self.misconceptions = {
            exercise: list(misconceptions_of(topic).of(exercise).items()) for exercise in self.exercises
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


class _ClassWork:
    """The outcomes of one attempt of many learners: arrays of learners x exercises, and of learners x tests."""

    def __init__(self, items: _Items, ability: NDArray[np.float64], rng: np.random.Generator):
        self.items = items
        shape = (len(ability), len(items.exercises))
        chance = 1 / (1 + np.exp(-items.discrimination * (ability[:, None] - items.difficulty)))
        solved = rng.random(shape) < chance
        begun = solved | (rng.random(shape) < 1 / (1 + np.exp(-(ability[:, None] + 2))))
        way = rng.choice(_WAYS, size=shape, p=_WAY_CHANCES)
        wrong = begun & ~solved
        self.status = np.full(shape, b"n", dtype="S1")
        self.status[solved] = b"p"
        self.status[wrong] = b"f"
        for name in ("error", "timeout", "forbidden"):
            self.status[wrong & (way == name)] = STATUS_CODES[name].encode()
        rank = rng.geometric(0.45, size=shape) - 1
        self.misconception = np.where(wrong & (way == "known"), rank, -1)
        self.unknown = np.where(wrong & (way == "unknown"), rank % _UNKNOWN_MISTAKES, -1)
        self.unreadable = rng.random(len(ability)) < UNREADABLE
        self.author = np.arange(len(ability))
        self.tests = self._tests(rng)

    def _tests(self, rng: np.random.Generator) -> NDArray[np.bytes_]:
        """The status of each test: those of a wrong answer pass here and there, but never all of an exercise."""
        tests = np.ascontiguousarray(self.status[:, self.items.exercise_of_test])
        some_pass = (tests == b"f") & (rng.random(tests.shape) < 0.45)
        some_pass[:, np.flatnonzero(np.diff(self.items.exercise_of_test, append=-1))] = False
        tests[some_pass] = b"p"
        return tests

    def copy_neighbours(self, rng: np.random.Generator) -> None:
        """Replace the work of a few learners by that of others."""
        copiers = np.flatnonzero(rng.random(len(self.author)) < COPY)
        sources = rng.integers(0, len(self.author), size=len(copiers))
        for array in (self.status, self.misconception, self.unknown, self.unreadable, self.author, self.tests):
            array[copiers] = array[sources]

    def insert(self, journal: Journal, learners: Strings, submitted_at: Times, attempt: int, run: int) -> range:
        """Write the gradings; returns their ids."""
        items, topic, lost = self.items, self.items.topic.name, self.unreadable
        first = journal.db.execute("SELECT coalesce(max(id), 0) + 1 FROM grading").fetchone()[0]
        ids = range(first, first + len(learners))
        points_of = np.eye(len(items.exercises))[items.exercise_of_test] * items.test_points[:, None]
        points = np.where(lost[:, None], 0, (self.tests == b"p") @ points_of)
        max_points = np.where(lost[:, None], 0, points_of.sum(axis=0))
        status = np.where(lost[:, None], b"u", self.status).astype(str)
        times = np.char.add(np.datetime_as_string(submitted_at, unit="s"), "Z").tolist()
        tests = self.tests.view(f"S{self.tests.shape[1]}").ravel().astype(str)
        columns = {
            "id": ids,
            "learner": learners.tolist(),
            "topic": repeat(topic),
            "submitted_at": times,
            "graded_at": times,
            "regrading": repeat(False),
            "content_hash": np.char.add(learners, f"/{attempt}").tolist(),
            "suite_version": np.where(lost, "", "synthetic").tolist(),
            "seed": repeat("synthetic"),
            "run": repeat(run),
            "points": points.sum(axis=1).tolist(),
            "max_points": max_points.sum(axis=1).tolist(),
            "ungraded": np.where(lost, len(items.exercises), 0).tolist(),
            "problem": np.where(lost, _PROBLEM, "").tolist(),
            "missing_layers": repeat(""),
            "tests": np.where(lost, "", tests).tolist(),
        }
        _insert(journal, "grading", columns)
        for number, exercise in enumerate(items.exercises):
            names = [name for name, _ in items.misconceptions[exercise]]
            known = np.where(lost, -1, self.misconception[:, number])
            unknown = np.where(lost, -1, self.unknown[:, number])
            marks = [f"{crc32(f'{exercise}/{n}'.encode()):012x}" for n in range(_UNKNOWN_MISTAKES)]
            outcomes = {
                "grading": ids,
                "exercise": repeat(exercise),
                "status": status[:, number].tolist(),
                "points": points[:, number].tolist(),
                "max_points": max_points[:, number].tolist(),
                "misconception": [names[n % len(names)] if n >= 0 else None for n in known.tolist()],
                "fingerprint": [marks[n] if n >= 0 else None for n in unknown.tolist()],
            }
            _insert(journal, "outcome", outcomes)
        self._insert_suite(journal, first)
        return ids

    def _insert_suite(self, journal: Journal, first: int) -> None:
        topic, exercises = self.items.topic.name, json.dumps(self.items.exercises)
        tests = json.dumps([[exercise, test] for exercise, test, _ in self.items.tests])
        journal.db.execute(
            "INSERT OR IGNORE INTO suite VALUES (?, 'synthetic', ?, ?, ?)", (topic, first, exercises, tests)
        )
        journal.db.executemany(
            "INSERT OR IGNORE INTO misconception VALUES (?, ?, ?)",
            [
                (topic, name, cleandoc(text.__doc__ or ""))
                for own in self.items.misconceptions.values()
                for name, text in own
            ],
        )

    def insert_code(self, journal: Journal, ids: range) -> None:
        """Write what each learner handed in; a copier has the original's code with other names."""
        answers, known = Answers(self.items.topic), misconceptions_of(self.items.topic)
        wrong = {exercise: [known.source(name) for name in known.of(exercise)] for exercise in self.items.exercises}
        for learner, grading in enumerate(ids):
            original = Random(f"{self.items.topic.name}/{self.author[learner]}/{len(self.author)}")
            cells = ["import numpy as np\nimport torch"]
            for number, exercise in enumerate(self.items.exercises):
                rank, unknown = int(self.misconception[learner, number]), int(self.unknown[learner, number])
                if self.status[learner, number] == b"n":
                    answer = f"def {exercise}(*inputs):\n    {STUB}"
                elif rank >= 0:
                    answer = wrong[exercise][rank % len(wrong[exercise])]
                elif unknown >= 0:
                    answer = f"def {exercise}(*inputs):\n    first = inputs[0]\n    return first + {unknown + 7}"
                else:
                    answer = answers.choose(exercise, 1.0, original) or ""
                cells.append(answer if STUB in answer else _in_own_words(answer, original, Random(grading)))
            journal.db.execute("INSERT INTO document (grading, cells) VALUES (?, ?)", (grading, compressed(cells)))


def _in_own_words(source: str, original: Random, style: Random) -> str:
    """The source with statements that only this author would write, and with the variables' names of the one who handed it in."""
    function = next(node for node in reversed(ast.parse(source).body) if isinstance(node, ast.FunctionDef))
    lines = source.split("\n")
    for _ in range(original.randrange(4)):
        left, right = original.choice(_HABITS), original.choice(_HABITS)
        first = function.body[0].lineno - 1
        lines.insert(first, f"    extra = {left} {original.choice('+-*')} {right} + {original.randrange(1000)}")
    names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    ending = f"_{style.randrange(100)}"
    return re.sub(r"\b(\w+)\b", lambda match: match[0] + ending if match[0] in names else match[0], "\n".join(lines))


def _insert(journal: Journal, table: str, columns: dict[str, Iterable[Any]]) -> None:
    marks = ", ".join("?" * len(columns))
    journal.db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", zip(*columns.values()))  # noqa: B905 - some are endless
