"""A sample class: learners who hand in right, wrong, unfinished and broken notebooks; the same on every machine."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from autograder.authoring import learner_notebook
from autograder.known_answers import KnownAnswers, alternatives_of, misconceptions_of
from autograder.topics import BEGIN_SOLUTION, END_SOLUTION, Topic, exercise_of

CLASS_SIZE = 36


@dataclass(frozen=True)
class HandedIn:
    """What a learner of the sample class hands in for a topic."""

    learner: str
    topic: Topic
    content: str


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


def sample_class(topics: Sequence[Topic], size: int = CLASS_SIZE) -> Iterator[HandedIn]:
    """What each learner hands in for each topic.

    Learners differ in strength, so that some solve nearly everything and others begin few exercises. The first
    ones have a mishap each: code that breaks in one of the ways of `MISHAPS`, or one of `BROKEN_FILES`.
    """
    mishaps = [*MISHAPS, *BROKEN_FILES, "warns"]
    for topic in topics:
        answers = Answers(topic)
        for number in range(size):
            learner = f"learner-{number + 1:02d}"
            chance = random.Random(f"{learner}/{topic.name}")
            strength = 0.25 + 0.75 * (number * 7 % size) / size
            chosen = {exercise: answers.choose(exercise, strength, chance) for exercise in topic.exercises}
            mishap = mishaps[number] if number < len(mishaps) and topic is topics[number % len(topics)] else ""
            if mishap in MISHAPS:
                name = chance.choice(topic.exercises)
                chosen[name] = MISHAPS[mishap].format(name=name)
            elif mishap == "warns":
                name = topic.exercises[0]
                chosen[name] = f'import warnings\n\nwarnings.warn("be careful")\n\n\n{answers.solutions[name]}'
            text = nbformat.writes(notebook_with(topic, chosen))
            yield HandedIn(learner, topic, BROKEN_FILES[mishap](text) if mishap in BROKEN_FILES else text)


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
    notebook = learner_notebook(topic)
    for cell in notebook.cells:
        exercise = cell.metadata.get("nbgrader", {}).get("grade_id", "").removesuffix("-answer")
        if cell.metadata.get("nbgrader", {}).get("solution") and answers.get(exercise) is not None:
            cell.source = answers[exercise]
    return notebook
