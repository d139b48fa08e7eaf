"""Results for people: one submission, a class, a summary for CI."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from autograder.results import STATUS_WORDS, ExerciseResult, Result, Status
from autograder.sandbox.lockdown import LAYERS, ON, missing_layers

if TYPE_CHECKING:
    from autograder.audit import ExerciseAudit

_STYLES: dict[Status, str] = {
    "passed": "green",
    "failed": "red",
    "error": "red",
    "timeout": "red",
    "forbidden": "red",
    "not_started": "dim",
    "ungraded": "yellow",
}
_SYMBOLS: dict[Status, str] = {
    "passed": "✓",
    "failed": "✗",
    "error": "✗",
    "timeout": "✗",
    "forbidden": "✗",
    "not_started": "·",
    "ungraded": "!",
}


def console() -> Console:
    """Where people read: as wide as their terminal, and wide enough for the tables where there is none."""
    return Console(width=None if sys.stdout.isatty() else 120)


def print_result(result: Result, console: Console) -> None:
    """One submission: points and status of each exercise, and what went wrong in it."""
    table = Table(title=f"{escape(result.submission)} · {result.topic}", title_justify="left", title_style="bold")
    table.add_column("exercise", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("what went wrong", ratio=1)
    for exercise in result.exercises:
        status = Text(STATUS_WORDS[exercise.status], style=_STYLES[exercise.status])
        points = f"{exercise.points:g} / {exercise.max_points:g}" if exercise.status != "ungraded" else ""
        table.add_row(exercise.exercise, points, status, Group(*map(Text, what_went_wrong(result, exercise))))
    console.print(table)
    if result.problem:
        console.print(Text(f"Not graded: {result.problem}", style="yellow"))
    else:
        console.print(f"{result.points:g} of {result.max_points:g} points\n")
    if result.layers and (missing := missing_layers(result.layers)):
        console.print(Text(f"Practice only: the sandbox lacked {', '.join(missing)}.", style="yellow"))


def what_went_wrong(result: Result, exercise: ExerciseResult) -> list[str]:
    """The diagnosis of an exercise where there is one, then a line for each test that did not pass."""
    lines = [exercise.diagnosis.text.replace("\n", " ")] if exercise.diagnosis else []
    if exercise.status != "not_started":
        failed = [test for test in result.tests_of(exercise.exercise) if test.status != "passed"]
        lines += [f"{_SYMBOLS[test.status]} {test.feedback}".replace("\n", " ") for test in failed]
    return lines


def layers_table(states: Mapping[str, str]) -> Table:
    """The layers of the lock-down: what each forbids, whether it is on, and how to get it where it is not."""
    table = Table(title="The lock-down of a submission", title_justify="left", title_style="bold", show_edge=False)
    for heading in ("layer", "", "forbids", "how to get it"):
        table.add_column(heading, no_wrap=heading in ("layer", ""))
    for layer in LAYERS:
        state = states.get(layer.name, "off: not tried")
        is_on = state == ON
        style = "green" if is_on else "red" if layer.required else "yellow"
        remedy = "" if is_on else f"{state.removeprefix('off: ')}; {layer.how_to_get}"
        word = "on" if is_on else "missing" if layer.required else "off (not required)"
        table.add_row(layer.name, Text(word, style=style), layer.forbids, Text(remedy))
    return table


def class_table(results: Sequence[Result]) -> Table:
    """The class at a glance: for each exercise how many solved it, and the most frequent mistake."""
    table = Table(title="Where the class stands", title_justify="left", title_style="bold", show_edge=False)
    table.add_column("exercise", no_wrap=True)
    for heading in ("solved", "wrong", "not started", "to review"):
        table.add_column(heading, justify="right", no_wrap=True, min_width=len(heading))
    table.add_column("most frequent mistake", ratio=1)
    previous = ""
    for (topic, exercise), own in _by_exercise(results).items():
        if topic != previous:
            table.add_section()
            table.add_row(Text(topic, style="bold"))
        statuses = Counter(result.status for result in own)
        wrong = sum(statuses[status] for status in ("failed", "error", "timeout", "forbidden"))
        counts = (statuses["passed"], wrong, statuses["not_started"], statuses["ungraded"] or "")
        table.add_row(f"  {exercise}", *map(str, counts), Text(most_frequent_mistake(own)))
        previous = topic
    return table


def most_frequent_mistake(results: Iterable[ExerciseResult]) -> str:
    """The misconception that most of them hold, with how many do; empty where none is known."""
    names = Counter(result.diagnosis.misconception for result in results if result.diagnosis)
    return next((f"{name.rpartition('__')[2].replace('_', ' ')} ({n})" for name, n in names.most_common(1)), "")


def audit_table(audits: Sequence[ExerciseAudit]) -> Table:
    """The quality of the suite: what each exercise is tested with, and how many rules it breaks."""
    table = Table(title="The hidden suite", title_justify="left", title_style="bold", show_edge=False)
    table.add_column("exercise", no_wrap=True)
    for heading in ("tests", "wrong", "right", "mutants", "equal", "problems"):
        table.add_column(heading, justify="right", no_wrap=True)
    for own in audits:
        counts = (own.hidden_tests, own.misconceptions, own.alternatives, own.mutants, own.equivalent)
        problems = Text(str(len(own.problems) or ""), style="red")
        table.add_row(f"{own.topic[:2]} {own.exercise}", *map(str, counts), problems)
    return table


def audit_summary(audits: Sequence[ExerciseAudit]) -> str:
    """The quality of the suite in short, as a Markdown table with a line for each topic."""
    lines = ["| topic | exercises | hidden tests | misconceptions | alternatives | mutants rejected | equivalent |"]
    lines.append("|---|--:|--:|--:|--:|--:|--:|")
    topics = sorted({own.topic for own in audits})
    for name, own in [
        *((topic, [own for own in audits if own.topic == topic]) for topic in topics),
        ("all", list(audits)),
    ]:
        counted = ("hidden_tests", "misconceptions", "alternatives", "mutants", "equivalent")
        sums = [sum(getattr(exercise, field) for exercise in own) for field in counted]
        lines.append(f"| {name} | {len(own)} | {' | '.join(map(str, sums))} |")
    return "\n".join(lines)


def markdown_summary(results: Sequence[Result]) -> str:
    """The results as Markdown, such as a CI job shows to the learner who pushed."""
    lines = []
    for result in results:
        lines += [f"## {result.topic}: {result.points:g} of {result.max_points:g} points", ""]
        if result.problem:
            lines += [f"**Not graded:** {_in_table(result.problem)}", ""]
        lines += ["| exercise | points | | what went wrong |", "|---|---|---|---|"]
        for exercise in result.exercises:
            points = f"{exercise.points:g} / {exercise.max_points:g}" if exercise.status != "ungraded" else ""
            wrong = "<br>".join(_in_table(line) for line in what_went_wrong(result, exercise))
            lines.append(f"| `{exercise.exercise}` | {points} | {STATUS_WORDS[exercise.status]} | {wrong} |")
        lines.append("")
    return "\n".join(lines)


def _by_exercise(results: Sequence[Result]) -> dict[tuple[str, str], list[ExerciseResult]]:
    exercises: dict[tuple[str, str], list[ExerciseResult]] = {}
    for result in sorted(results, key=lambda result: result.topic):
        for exercise in result.exercises:
            exercises.setdefault((result.topic, exercise.exercise), []).append(exercise)
    return exercises


def _in_table(text: str) -> str:
    """Text as it is, inside a Markdown table: nothing in it is markup."""
    for character in "\\`*_{}[]<>#|!~$@":
        text = text.replace(character, f"&#{ord(character)};")
    return text
