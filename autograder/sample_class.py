"""A sample class: learners who hand in right, wrong, unfinished and broken notebooks; the same on every machine."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

import nbformat
from nbformat import NotebookNode

from autograder.authoring import released_notebook
from autograder.known_answers import KnownAnswers, alternatives_of, misconceptions_of
from autograder.topics import BEGIN_SOLUTION, END_SOLUTION, Topic, exercise_of

CLASS_SIZE = 36
#: When the first topic is due; each of the others a week after the one before.
FIRST_DUE = datetime(2026, 2, 1, 23, 59, tzinfo=timezone.utc)

#: Some make the same mistake in the last exercise of each topic, one that no misconception describes.
CONFUSED, SHARED_MISTAKE = (13, 19, 27, 33), "def {name}(first, *others, **options):\n    return 3 * first + 1"
#: Two learners of whom the second hands in the first one's code with other names; one who hands in nothing after the second
#: topic; one who hands in the last topic again and again without getting any further. And every fourth of those who have no
#: mishap tries twice.
AUTHOR, COPIER, STOPS, STUCK, TRIES_TWICE = 24, 29, 31, 17, 4
_TOPICS_BEFORE_STOPPING, _ATTEMPTS_STUCK = 2, 3


@dataclass(frozen=True)
class HandedIn:
    """What a learner of the sample class hands in for a topic, and when."""

    learner: str
    topic: Topic
    content: str
    submitted_at: datetime


#: Each is put in place of one answer; `{name}` is the exercise.
MISHAPS = {
    "syntax error": "def {name}(*args, **kwargs)\n    retrun args[0]",
    "missing function": "def {name}_(*args, **kwargs):\n    return args[0]",
    "wrong signature": "def {name}():\n    return 0.0",
    "raises": "def {name}(*args, **kwargs):\n    return args[0].no_such_attribute",
    "loops for ever": "def {name}(*args, **kwargs):\n    while True:\n        pass",
    "exhausts memory": "def {name}(*args, **kwargs):\n    return [bytearray(1 << 20) for _ in range(1 << 20)]",
    "kills its process": "import os\n\n\ndef {name}(*args, **kwargs):\n    os._exit(0)",
    "prints a gigabyte": 'def {name}(*args, **kwargs):\n    for _ in range(1024):\n        print("x" * (1 << 20))',
}
#: Each replaces the whole file; {text} is the notebook.
BROKEN_FILES: dict[str, Callable[[str], str]] = {"not JSON": lambda text: text[: len(text) // 2], "empty": lambda _: ""}


def due_dates(topics: Sequence[Topic]) -> dict[str, datetime]:
    """When each topic of the sample course is due."""
    return {topic.name: FIRST_DUE + timedelta(weeks=week) for week, topic in enumerate(topics)}


def sample_class(topics: Sequence[Topic], size: int = CLASS_SIZE) -> Iterator[HandedIn]:
    """What each learner hands in for each topic in the end.

    Learners differ in strength, so that some solve nearly everything and others begin few exercises. The first
    ones have a mishap each: code that breaks in one of the ways of `MISHAPS`, or one of `BROKEN_FILES`.
    """
    mishaps = [*MISHAPS, *BROKEN_FILES, "warns"]
    for week, topic in enumerate(topics):
        answers = Answers(topic)
        for number in range(size):
            if number == STOPS and week >= _TOPICS_BEFORE_STOPPING:
                continue
            chance = _chance(number, topic)
            chosen = _chosen(answers, topic, AUTHOR if number == COPIER else number, size)
            mishap = mishaps[number] if number < len(mishaps) and topic is topics[number % len(topics)] else ""
            if mishap in MISHAPS:
                name = chance.choice(topic.exercises)
                chosen[name] = MISHAPS[mishap].format(name=name)
            elif mishap == "warns":
                name = topic.exercises[0]
                chosen[name] = f'import warnings\n\nwarnings.warn("be careful")\n\n\n{answers.solutions[name]}'
            if number in CONFUSED:
                chosen[topic.exercises[-1]] = SHARED_MISTAKE.format(name=topic.exercises[-1])
            if number in (AUTHOR, COPIER):
                variable = "seen" if number == AUTHOR else "memo"
                chosen = {name: answer and _with_habits(answer, variable) for name, answer in chosen.items()}
            text = nbformat.writes(notebook_with(topic, chosen))
            handed_in = due_dates(topics)[topic.name] - timedelta(hours=round(chance.expovariate(1 / 40) - 3, 2))
            yield HandedIn(
                _name(number), topic, BROKEN_FILES[mishap](text) if mishap in BROKEN_FILES else text, handed_in
            )


def earlier_attempts(topics: Sequence[Topic], size: int = CLASS_SIZE) -> list[list[HandedIn]]:
    """What some of the sample class handed in before, in rounds: nobody hands in a topic twice in the same one."""
    mishaps = len(MISHAPS) + len(BROKEN_FILES) + 1
    rounds: list[list[HandedIn]] = [[] for _ in range(_ATTEMPTS_STUCK)]
    for final in sample_class(topics, size):
        number = int(final.learner.rpartition("-")[2]) - 1
        if number == STUCK and final.topic is topics[-1]:
            for attempt in range(_ATTEMPTS_STUCK):
                again = final.content.replace("import numpy as np", f"import numpy as np  # attempt {attempt + 1}", 1)
                earlier = final.submitted_at - timedelta(hours=9 * (_ATTEMPTS_STUCK - attempt))
                rounds[attempt].append(replace(final, content=again, submitted_at=earlier))
        elif number > mishaps and number % TRIES_TWICE == 0:
            chosen = _chosen(Answers(final.topic), final.topic, number, size, strength=0.15)
            text = nbformat.writes(notebook_with(final.topic, chosen))
            rounds[-1].append(replace(final, content=text, submitted_at=final.submitted_at - timedelta(hours=26)))
    return rounds


def _name(number: int) -> str:
    return f"learner-{number + 1:02d}"


def _chance(number: int, topic: Topic) -> random.Random:
    return random.Random(f"{_name(number)}/{topic.name}")


def _chosen(
    answers: Answers, topic: Topic, number: int, size: int, strength: float | None = None
) -> dict[str, str | None]:
    chance = _chance(number, topic)
    strength = 0.25 + 0.75 * (number * 7 % size) / size if strength is None else strength
    return {exercise: answers.choose(exercise, strength, chance) for exercise in topic.exercises}


def _with_habits(source: str, variable: str) -> str:
    """The answer with lines that nobody else would write in it."""
    function = next(node for node in reversed(ast.parse(source).body) if isinstance(node, ast.FunctionDef))
    lines = source.split("\n")
    habits = (
        f'{variable} = {{"calls": 0, "largest": -1.5, "names": []}}',
        f'{variable}["calls"] = {variable}["calls"] + 1',
        f'{variable}["names"].append(str(len({variable})))',
    )
    first = function.body[0].lineno - 1
    lines[first:first] = [f"{' ' * function.body[0].col_offset}{habit}" for habit in habits]
    return "\n".join(lines)


class Answers:
    """Everything that is known to be answered to the exercises of a topic."""

    def __init__(self, topic: Topic):
        self.solutions = {
            exercise: _without_markers(cell.source)
            for cell in topic.source.cells
            if cell.cell_type == "code" and (exercise := exercise_of(cell.source))
        }
        self._alternatives = alternatives_of(topic)
        self._misconceptions = misconceptions_of(topic)

    def choose(self, exercise: str, strength: float, chance: random.Random) -> str | None:
        """The source of an answer, or None for an exercise that was not begun."""
        if chance.random() > strength + 0.2:
            return None
        if chance.random() > strength:
            # the earlier misconceptions of the file are the more frequent ones
            return _pick(self._misconceptions, exercise, int(chance.expovariate(0.7)))
        if chance.random() < 0.5:
            return _pick(self._alternatives, exercise, chance.randrange(10))
        return self.solutions[exercise]


def _without_markers(source: str) -> str:
    return "\n".join(line for line in source.split("\n") if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION))


def _pick(known: KnownAnswers, exercise: str, position: int) -> str:
    names = list(known.of(exercise))
    return known.source(names[position % len(names)])


def notebook_with(topic: Topic, answers: Mapping[str, str | None]) -> NotebookNode:
    """The learner's notebook with answers in it; an exercise whose answer is None stays as released."""
    notebook = released_notebook(topic)
    for cell in notebook.cells:
        exercise = cell.metadata.get("nbgrader", {}).get("grade_id", "").removesuffix("-answer")
        if cell.metadata.get("nbgrader", {}).get("solution") and answers.get(exercise) is not None:
            cell.source = answers[exercise]
    return notebook
