"""Which exercises and tests are bad: item analysis of a topic, with flags in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

import numpy as np

from autograder.dashboard import statistics
from autograder.dashboard.roster import Roster
from autograder.dashboard.statistics import FEWEST_LEARNERS, Interval
from autograder.journal import STATUS_CODES, Journal

#: Where textbooks draw the lines. Difficulty: Crocker and Algina; discrimination: Ebel and Frisbie; alpha: Nunnally.
HARD, EASY, WEAK_DISCRIMINATION, LOW_ALPHA = 0.3, 0.95, 0.2, 0.7
#: Fewer learners than these, and a correlation is too uncertain for a flag.
ENOUGH_FOR_CORRELATION = 30

FlagKind = Literal[
    "hard", "easy", "negative", "weak", "lowers_alpha", "everyone_passes", "nobody_passes", "low_alpha", "few_learners"
]
FLAGS: dict[FlagKind, str] = {
    "hard": "hard: few solve it; is the statement clear, and is the test fair?",
    "easy": "easy: it tells little about what learners know",
    "negative": "those who are good at the rest do worse here: the test or its expected answer may be wrong",
    "weak": "it separates those who know from those who do not only weakly",
    "lowers_alpha": "the topic would be more consistent without it: it may ask for something else",
    "everyone_passes": "everyone passes this test: it finds nothing that the others do not",
    "nobody_passes": "nobody passes this test: is it right, and does the statement say what it asks for?",
    "low_alpha": "the exercises agree little about who is good: marks of this topic alone are rough",
    "few_learners": "too few learners for statistics",
}


@dataclass(frozen=True)
class Item:
    """An exercise as an item.

    Attributes:
        difficulty: mean share of the points among those who began it, None when nobody did; high is easy.
        difficulty_of_enrolled: the same over the whole class, who has not begun it or not handed in counting as 0.
        discrimination, interval: correlation with the other exercises of the topic, and its 95 % confidence interval; None where
            everybody has the same.
        upper_lower: mean of the upper 27 percent of the class less that of the lower.
        alpha_without: Cronbach's alpha of the topic without this exercise; None where it is not defined.
    """

    exercise: str
    began: int
    difficulty: float | None
    difficulty_of_enrolled: float
    discrimination: float | None
    interval: Interval | None
    upper_lower: float
    alpha_without: float | None
    flags: list[FlagKind]


@dataclass(frozen=True)
class TestItem:
    """A hidden test: the share that passes it among those who began its exercise, None when nobody did."""

    exercise: str
    test: str
    began: int
    passed: float | None
    flags: list[FlagKind]


@dataclass(frozen=True)
class ItemAnalysis:
    """A topic under the magnifying glass; empty of numbers, with the flag `few_learners`, for fewer than FEWEST_LEARNERS.

    Attributes:
        attempt: which attempt of each learner counts.
        suite_version: the version of the hidden suite under which most learners were graded; only those gradings count.
        learners: whose attempt was graded wholly; an exercise that they did not begin counts as 0 for them.
        alpha: Cronbach's alpha; None where it is not defined.
        measurement_error: standard error of measurement of a learner's total, in exercises.
    """

    topic: str
    attempt: Literal["first", "last"]
    suite_version: str
    learners: int
    alpha: float | None
    measurement_error: float | None
    items: list[Item]
    tests: list[TestItem]
    flags: list[FlagKind]


def items(journal: Journal, roster: Roster, topic: str, attempt: Literal["first", "last"] = "first") -> ItemAnalysis:
    """The item analysis of a topic.

    Args:
        attempt: "first", since whoever may try again solves everything in the end; or "last", on which marks rest.

    Raises:
        ValueError: nothing of that topic has been graded.
    """
    version = journal.db.execute(
        "SELECT suite_version FROM grading WHERE topic = ? AND suite_version != ''"
        " GROUP BY 1 ORDER BY count(DISTINCT learner) DESC, max(id) DESC LIMIT 1",
        (topic,),
    ).fetchone()
    if version is None:
        raise ValueError(f"nothing of {topic} has been graded")
    work = _Work(journal, topic, version[0], attempt)
    learners, few = len(work.tests), len(work.tests) < FEWEST_LEARNERS
    if few:
        return ItemAnalysis(topic, attempt, version[0], learners, None, None, [], [], ["few_learners"])
    alpha = statistics.cronbach_alpha(work.scores)
    alphas = statistics.alpha_if_deleted(work.scores)
    class_size = max(learners, len(roster.learners(journal)))
    return ItemAnalysis(
        topic,
        attempt,
        version[0],
        learners,
        _defined(alpha),
        _defined(statistics.standard_error_of_measurement(work.scores)),
        items=[_item(work, number, alpha, alphas[number], class_size) for number in range(len(work.exercises))],
        tests=_test_items(work),
        flags=["low_alpha"] if alpha < LOW_ALPHA and learners >= ENOUGH_FOR_CORRELATION else [],
    )


class _Work:
    """The graded attempts of a topic as arrays.

    Attributes:
        scores: learners x exercises, shares of the points.
        began: learners x exercises.
        tests: learners x tests, status codes.
        test_names: exercise and name of each test.
    """

    def __init__(self, journal: Journal, topic: str, version: str, attempt: Literal["first", "last"]):
        suite = journal.db.execute(
            "SELECT exercises, tests FROM suite WHERE topic = ? AND version = ?", (topic, version)
        ).fetchone()
        self.exercises: list[str] = json.loads(suite["exercises"])
        self.test_names: list[tuple[str, str]] = [(exercise, test) for exercise, test in json.loads(suite["tests"])]
        chosen = (
            f"SELECT id, tests, {'min' if attempt == 'first' else 'max'}(submitted_at) FROM attempt"
            " WHERE topic = ? AND suite_version = ? AND ungraded = 0 GROUP BY learner"
        )
        gradings = journal.db.execute(chosen, (topic, version)).fetchall()
        self.scores = np.zeros((len(gradings), len(self.exercises)))
        self.began = np.zeros(self.scores.shape, dtype=bool)
        row_of = {row["id"]: number for number, row in enumerate(gradings)}
        column_of = {exercise: number for number, exercise in enumerate(self.exercises)}
        for grading, exercise, status, share in journal.db.execute(
            "SELECT grading, exercise, status, outcome.points / outcome.max_points"
            f" FROM ({chosen}) JOIN outcome ON grading = id",
            (topic, version),
        ):
            place = row_of[grading], column_of[exercise]
            self.scores[place], self.began[place] = share, status != STATUS_CODES["not_started"]
        codes = np.frombuffer("".join(row["tests"] for row in gradings).encode(), dtype="S1")
        self.tests = codes.reshape(len(gradings), len(self.test_names))


def _item(work: _Work, number: int, alpha: float, alpha_without: float, class_size: int) -> Item:
    scores, began = work.scores[:, number], work.began[:, number]
    difficulty = float(scores[began].mean()) if began.any() else None
    related = statistics.discrimination(work.scores, number)
    flags: list[FlagKind] = []
    if difficulty is not None and began.sum() >= FEWEST_LEARNERS:
        flags += ["hard"] if difficulty < HARD else ["easy"] if difficulty > EASY else []
    if related is not None and len(scores) >= ENOUGH_FOR_CORRELATION:
        correlation, (_, high) = related
        flags += ["negative"] if high < 0 else ["weak"] if correlation < WEAK_DISCRIMINATION else []
        flags += ["lowers_alpha"] if alpha_without > alpha else []
    return Item(
        work.exercises[number],
        began=int(began.sum()),
        difficulty=difficulty,
        difficulty_of_enrolled=float(scores.sum()) / class_size,
        discrimination=related[0] if related else None,
        interval=related[1] if related else None,
        upper_lower=statistics.upper_lower_difference(work.scores, number),
        alpha_without=_defined(alpha_without),
        flags=flags,
    )


def _test_items(work: _Work) -> list[TestItem]:
    found = []
    for number, (exercise, test) in enumerate(work.test_names):
        began = work.began[:, work.exercises.index(exercise)]
        passed = work.tests[began, number] == STATUS_CODES["passed"].encode()
        flags: list[FlagKind] = []
        if len(passed) >= FEWEST_LEARNERS:
            flags = ["everyone_passes"] if passed.all() else [] if passed.any() else ["nobody_passes"]
        found.append(TestItem(exercise, test, len(passed), float(passed.mean()) if len(passed) else None, flags))
    return found


def _defined(value: float) -> float | None:
    return None if np.isnan(value) else value
