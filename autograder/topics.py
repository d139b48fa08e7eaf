"""The topics: where the files of each lie, and what its source says about it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jupytext
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]

BEGIN_SOLUTION = "### BEGIN SOLUTION"
END_SOLUTION = "### END SOLUTION"


class UnknownTopic(ValueError):
    """No topic, or more than one, has the name asked for."""


@dataclass(frozen=True)
class Topic:
    """A folder of exercises. `name` ("01_activations") is the folder everywhere, `stem` ("activations") the file."""

    name: str

    @property
    def stem(self) -> str:
        return self.name.split("_", 1)[1]

    @property
    def source_path(self) -> Path:
        return ROOT / "solutions" / self.name / f"{self.stem}.py"

    @property
    def stub_path(self) -> Path:
        return ROOT / "exercises" / self.name / f"{self.stem}.py"

    @property
    def notebook_path(self) -> Path:
        return ROOT / "exercises" / self.name / f"{self.stem}.ipynb"

    @property
    def hints_path(self) -> Path:
        return ROOT / "exercises" / self.name / "hints.md"

    @property
    def visible_tests_path(self) -> Path:
        return ROOT / "exercises" / self.name / f"test_{self.stem}.py"

    @property
    def hidden_path(self) -> Path:
        return ROOT / "autograder" / "hidden" / self.name

    @cached_property
    def source(self) -> NotebookNode:
        """The source file as Jupytext reads it: a notebook with the solutions in it."""
        return jupytext.read(self.source_path)

    @property
    def profile(self) -> str:
        """What a submission may import: a key of `autograder.sandbox.profiles.PROFILES`."""
        return str(self.source.metadata["autograder"]["profile"])

    @property
    def questions(self) -> list[str]:
        """The questions of the two interview documents that the topic answers."""
        return list(self.source.metadata["autograder"]["questions"])

    def forbidden(self, exercise: str) -> list[str]:
        """Full names of the library functions that the exercise's statement rules out."""
        return list(self.source.metadata["autograder"].get("forbidden", {}).get(exercise, ()))

    @cached_property
    def exercises(self) -> tuple[str, ...]:
        """The exercises in the order of the source: the functions whose cell holds a solution."""
        names = (exercise_of(cell.source) for cell in self.source.cells if cell.cell_type == "code")
        return tuple(name for name in names if name)


def exercise_of(source: str) -> str | None:
    """The exercise that a cell of a source file defines: its last public function, if the cell holds a solution."""
    if BEGIN_SOLUTION not in source:
        return None
    functions = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return functions[-1]


def all_topics() -> list[Topic]:
    """Every topic that has a source file, by number."""
    return [Topic(path.parent.name) for path in sorted(ROOT.glob("solutions/[0-9][0-9]_*/*.py"))]


def find_topic(name: str) -> Topic:
    """The topic called `name`: its folder ("01_activations"), its number ("01") or its stem ("activations").

    Raises:
        UnknownTopic: no topic has that name.
    """
    for topic in all_topics():
        if name in (topic.name, topic.stem, topic.name.split("_", 1)[0]):
            return topic
    known = ", ".join(topic.name for topic in all_topics())
    raise UnknownTopic(f"there is no topic {name!r}; the topics are {known}")
