"""The known answers of a topic: wrong ones (misconceptions) and right ones written another way (alternatives)."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.topics import Topic


class KnownAnswers:
    """The functions of a `misconceptions.py` or `alternatives.py`: `EXERCISE__NAME`, in the order of the file."""

    def __init__(self, path: Path):
        self._text = path.read_text(encoding="utf-8")
        self.functions: dict[str, Callable[..., Any]] = {
            name: value
            for name, value in vars(load_module(path)).items()
            if inspect.isfunction(value) and "__" in name and not name.startswith("_")
        }

    def of(self, exercise: str) -> dict[str, Callable[..., Any]]:
        """The known answers to one exercise."""
        return {name: value for name, value in self.functions.items() if exercise_answered(name) == exercise}

    def source(self, name: str) -> str:
        """The source of a known answer as a learner would have written it.

        It bears the name of the exercise, has no docstring, and comes with the private helpers and imports that it needs.
        """
        needed = self._needed_by(name)
        parts = [text for other, text in self._definitions.items() if other in needed - {name}]
        function = self._nodes[name]
        assert isinstance(function, ast.FunctionDef)
        lines = self._definitions[name].split("\n")
        if ast.get_docstring(function) is not None:
            first, last = (
                function.body[0].lineno - function.lineno,
                (function.body[0].end_lineno or 0) - function.lineno,
            )
            del lines[first : last + 1]
        parts.append("\n".join(lines).replace(f"def {name}(", f"def {exercise_answered(name)}(", 1))
        return "\n\n\n".join(parts)

    @cached_property
    def _nodes(self) -> dict[str, ast.stmt]:
        nodes: dict[str, ast.stmt] = {}
        for node in ast.parse(self._text).body:
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    nodes[name] = node
                case ast.Assign(targets=[ast.Name(id=name)]):
                    nodes[name] = node
                case ast.Import(names=[alias]) | ast.ImportFrom(names=[alias]):
                    nodes[alias.asname or alias.name] = node
        return nodes

    @cached_property
    def _definitions(self) -> dict[str, str]:
        return {name: ast.get_source_segment(self._text, node) or "" for name, node in self._nodes.items()}

    def _needed_by(self, name: str) -> set[str]:
        """The module-level names that a definition uses, directly or through others, and itself."""
        needed: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current not in needed:
                needed.add(current)
                used = {node.id for node in ast.walk(self._nodes[current]) if isinstance(node, ast.Name)}
                waiting += used & self._nodes.keys()
        return needed


def exercise_answered(name: str) -> str:
    """The exercise of a known answer: "relu" of "relu__leaks"."""
    return name.rpartition("__")[0]


def misconceptions_of(topic: Topic) -> KnownAnswers:
    return KnownAnswers(topic.hidden_path / "misconceptions.py")


def alternatives_of(topic: Topic) -> KnownAnswers:
    return KnownAnswers(topic.hidden_path / "alternatives.py")


def load_module(path: Path) -> ModuleType:
    """The module in a file of a topic, whose folder is no package."""
    name = f"autograder_hidden_{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
