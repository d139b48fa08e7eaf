"""Grading a class of one topic: our engine against stock nbgrader, side by side on the same notebooks with the same tests.

Stock nbgrader runs the hidden tests in the notebook's own kernel, as cells. Both sides grade the whole class in one call;
their turns alternate, and CPU time counts every process that they start. Run: `python -m autograder.benchmarks.grading_speed`
"""

from __future__ import annotations

import ast
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import nbformat
from rich.console import Console
from rich.table import Table

from autograder.authoring import nbgrader_source
from autograder.nbgrader.course import find_scripts_of_this_python, write_course
from autograder.sample_class import BROKEN_FILES, MISHAPS, sample_class
from autograder.topics import Topic, find_topic

_IN_KERNEL = '''
def run_hidden_test(test, *exercises):
    """Run a test as the hidden suite does, in this kernel."""
    import inspect
    given = {"rng": np.random.default_rng()}
    test(*[given.get(name, globals().get(name)) for name in inspect.signature(test).parameters])
'''


def stock_course(folder: Path, topic: Topic) -> None:
    """A plain nbgrader course: the hidden tests are cells of the notebook, which its kernel runs."""
    notebook = nbgrader_source(topic)
    hidden = (topic.hidden_path / f"test_{topic.stem}.py").read_text(encoding="utf-8")
    tests: dict[str, list[str]] = {}
    for node in ast.parse(hidden).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            tests.setdefault(node.args.args[0].arg, []).append(node.name)
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade") and not about.get("solution"):
            calls = "\n".join(f"run_hidden_test({name})" for name in tests[about["grade_id"]])
            cell.source = f"{hidden}\n{_IN_KERNEL}\n{calls}"
    path = folder / "source" / topic.name / f"{topic.stem}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)
    (folder / "nbgrader_config.py").write_text(
        f'c = get_config()\nc.CourseDirectory.course_id = "stock"\nc.CourseDirectory.root = {str(folder)!r}\n'
        "c.ClearMarkScheme.enforce_metadata = False\n"
    )


def hand_in(folder: Path, topic: Topic, notebooks: list[str]) -> list[Path]:
    paths = []
    for number, text in enumerate(notebooks):
        path = folder / "submitted" / f"learner-{number:03d}" / topic.name / f"{topic.stem}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def cpu_seconds(action: Callable[[], None]) -> tuple[float, float]:
    """CPU and wall seconds of an action and of every process that it starts and waits for."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    action()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - start


def run(*command: str, cwd: Path) -> None:
    outcome = subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True)
    if outcome.returncode:
        raise click.ClickException(f"{' '.join(command)} failed:\n{outcome.stdout}\n{outcome.stderr}")


@click.command()
@click.option("--topic", "name", default="01_activations", show_default=True)
@click.option("--learners", default=100, show_default=True)
@click.option("--rounds", default=3, show_default=True)
def main(name: str, learners: int, rounds: int) -> None:
    """Print the CPU time per submission of both, and their ratio."""
    topic = find_topic(name)
    first = len(MISHAPS) + len(BROKEN_FILES) + 1
    notebooks = [item.content for item in sample_class([topic], learners + first)][
        first:
    ]  # without the mishaps, in which stock nbgrader waits for its time-outs
    find_scripts_of_this_python()
    ours, stock, ratios = [], [], []
    console = Console()
    with tempfile.TemporaryDirectory() as temporary:
        stock_folder, our_folder = Path(temporary) / "stock", Path(temporary) / "ours"
        stock_course(stock_folder, topic)
        write_course(our_folder, [topic], "ours")
        for folder in (stock_folder, our_folder):
            run("nbgrader", "generate_assignment", topic.name, cwd=folder)
        hand_in(stock_folder, topic, notebooks)
        files = [str(path) for path in hand_in(our_folder, topic, notebooks)]
        for turn in range(rounds):
            console.print(f"round {turn + 1} of {rounds}: stock nbgrader ...")
            shutil.rmtree(stock_folder / "autograded", ignore_errors=True)
            stock.append(cpu_seconds(lambda: run("nbgrader", "autograde", topic.name, cwd=stock_folder)))
            console.print(f"round {turn + 1} of {rounds}: autograder ...")
            ours.append(cpu_seconds(lambda: run("autograder.cli", "grade", *files, "--json", cwd=our_folder)))
            ratios.append(stock[-1][0] / ours[-1][0])
    table = Table(
        title=f"{topic.name}, {learners} submissions, {rounds} rounds, medians per submission", title_justify="left"
    )
    for heading in ("", "CPU seconds", "wall seconds"):
        table.add_column(heading, justify="left" if not heading else "right")
    for label, measured in (("nbgrader autograde, stock", stock), ("autograder grade", ours)):
        medians = [statistics.median(values) / learners for values in zip(*measured, strict=True)]
        table.add_row(label, *(f"{median:.3f}" for median in medians))
    console.print(table)
    console.print(
        f"CPU ratio: {statistics.median(ratios):.1f} (rounds: {', '.join(f'{ratio:.1f}' for ratio in ratios)})"
    )


if __name__ == "__main__":
    main()
