"""What learners do not understand: the known mistakes of an exercise, and clusters of the same unknown one."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.dashboard.statistics import Interval, share_interval
from autograder.journal import STATUS_CODES, Journal

#: How many learners are listed with a mistake; `count` says how many there are.
MOST_LEARNERS = 100


@dataclass(frozen=True)
class Mistake:
    """A misconception that learners hold.

    Attributes:
        misconception: its name, "relu__leaks".
        text: the diagnosis that the learner reads.
        count: learners whose last attempt shows it; `ever` whose attempts ever did.
        share, interval: `count` among those who handed the topic in and began the exercise, with its 95 % confidence interval.
        learners: who shows it now, at most MOST_LEARNERS.
    """

    misconception: str
    text: str
    count: int
    ever: int
    share: float
    interval: Interval
    learners: list[str]


@dataclass(frozen=True)
class Cluster:
    """Learners who made the same mistake, one that no misconception describes yet.

    Attributes:
        fingerprint: what their answers have in common.
        count, learners: as in Mistake; of one learner only where nobody shares the mistake.
        example: the learner whose code is shown, and its grading.
        code: the cell in which the example defines the exercise; empty where it was not kept.
    """

    fingerprint: str
    count: int
    learners: list[str]
    example: str
    example_grading: int
    code: str


@dataclass(frozen=True)
class ExerciseView:
    """One exercise.

    Attributes:
        statuses: learners by the status of their last attempt, in the words of `autograder.results.Status`.
        mistakes: the most frequent first.
        clusters: those of at least two learners, the largest first.
        alone: learners with an unknown mistake that nobody shares.
    """

    topic: str
    exercise: str
    statuses: dict[str, int]
    mistakes: list[Mistake]
    clusters: list[Cluster]
    alone: int


def exercise(journal: Journal, topic: str, name: str) -> ExerciseView:
    """What became of an exercise.

    Raises:
        ValueError: nobody has been graded in such an exercise.
    """
    rows = journal.db.execute(
        "SELECT learner, grading, status, misconception, fingerprint FROM standing JOIN outcome USING (grading)"
        " WHERE topic = ? AND exercise = ? ORDER BY learner",
        (topic, name),
    ).fetchall()
    if not rows:
        raise ValueError(f"no submission of {topic} has been graded in an exercise {name!r}")
    words = {code: status for status, code in STATUS_CODES.items()}
    statuses = Counter(words[row["status"]] for row in rows)
    begun = len(rows) - statuses["not_started"] - statuses["ungraded"]
    by_fingerprint: dict[str, list[tuple[str, int]]] = {}
    by_misconception: dict[str, list[str]] = {}
    for row in rows:
        if row["misconception"]:
            by_misconception.setdefault(row["misconception"], []).append(row["learner"])
        elif row["fingerprint"]:
            by_fingerprint.setdefault(row["fingerprint"], []).append((row["learner"], row["grading"]))
    clusters = [_cluster(journal, name, mark, own) for mark, own in by_fingerprint.items() if len(own) > 1]
    return ExerciseView(
        topic,
        name,
        statuses=dict(statuses),
        mistakes=_mistakes(journal, topic, name, by_misconception, begun),
        clusters=sorted(clusters, key=lambda own: (-own.count, own.fingerprint)),
        alone=sum(len(own) == 1 for own in by_fingerprint.values()),
    )


def _mistakes(journal: Journal, topic: str, name: str, now: dict[str, list[str]], begun: int) -> list[Mistake]:
    ever = journal.db.execute(
        "SELECT misconception, count(DISTINCT learner) FROM attempt JOIN outcome ON grading = id"
        " WHERE topic = ? AND exercise = ? AND misconception IS NOT NULL GROUP BY misconception",
        (topic, name),
    ).fetchall()
    texts = dict(map(tuple, journal.db.execute("SELECT name, text FROM misconception WHERE topic = ?", (topic,))))
    mistakes = []
    for misconception, learners_ever in ever:
        learners = now.get(misconception, [])
        share, interval = (len(learners) / begun, share_interval(len(learners), begun)) if begun else (0.0, (0.0, 1.0))
        counts = (len(learners), learners_ever, share, interval)
        mistakes.append(Mistake(misconception, texts.get(misconception, ""), *counts, learners[:MOST_LEARNERS]))
    return sorted(mistakes, key=lambda own: (-own.count, -own.ever, own.misconception))


def _cluster(journal: Journal, name: str, fingerprint: str, own: Sequence[tuple[str, int]]) -> Cluster:
    """The example is the shortest code among the first learners: the mistake with the least around it."""
    code, example, grading = min(
        ((answer_in(journal.cells(grading), name), learner, grading) for learner, grading in own[:5]),
        key=lambda candidate: (not candidate[0], len(candidate[0])),
    )
    learners = [learner for learner, _ in own[:MOST_LEARNERS]]
    return Cluster(fingerprint, len(own), learners, example, grading, code)


def answer_in(cells: Sequence[str], exercise: str) -> str:
    """The cell in which a submission defines an exercise; of several the last one, which counts. Empty where there is none."""
    definition = re.compile(rf"^\s*def\s+{re.escape(exercise)}\b", re.MULTILINE)
    return next((cell for cell in reversed(cells) if definition.search(cell)), "")


def misconception_stub(exercise: str, name: str, code: str) -> str:
    """A new misconception for `misconceptions.py` of the hidden suite, made from a learner's code.

    The text has no comments, and what cannot be printed is written out: it shows all that it does. It is still a learner's code,
    and the hidden suite trusts it: the author reads it first, and writes the diagnosis.

    Args:
        name: what the author calls the mistake: "leaks" for `relu__leaks`.
        code: the cell that defines the exercise, as in `Cluster.code`.

    Raises:
        ValueError: the name is no identifier, or the code cannot be read as Python that defines the exercise.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or "__" in name:
        raise ValueError(
            f"{name!r} cannot be part of a function's name: use small letters, digits and single underscores"
        )
    try:
        body = ast.parse(code).body
        function = next(node for node in reversed(body) if isinstance(node, ast.FunctionDef) and node.name == exercise)
    except (SyntaxError, ValueError, RecursionError, MemoryError, StopIteration):
        raise ValueError(f"the code cannot be read as Python that defines {exercise}") from None
    if ast.get_docstring(function) is not None:
        del function.body[0]
    function.name, function.decorator_list = f"{exercise}__{name}", []
    function.body.insert(
        0, ast.Expr(ast.Constant("What the learner reads: what the answer shows, why, and what to do."))
    )
    helpers = [
        node
        for node in body
        if isinstance(node, (ast.FunctionDef, ast.Import, ast.ImportFrom)) and node is not function
    ]
    try:
        return "\n\n\n".join(ast.unparse(ast.fix_missing_locations(node)) for node in [*helpers, function]) + "\n"
    except RecursionError:
        raise ValueError(f"the code of {exercise} is nested too deeply") from None
