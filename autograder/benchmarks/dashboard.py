"""The dashboard of a large class: how long each view takes, from the journal on disk to what a page shows, and in a browser.

Run: `python -m autograder.benchmarks.dashboard`.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from autograder.benchmarks.synthetic_class import due_dates, fill
from autograder.dashboard.exercises import exercise
from autograder.dashboard.items import items
from autograder.dashboard.learners import learner
from autograder.dashboard.matrix import matrix
from autograder.dashboard.overview import overview
from autograder.dashboard.roster import Roster
from autograder.dashboard.similarity import similar
from autograder.dashboard.tables import table_csv
from autograder.journal import JOURNAL_PATH, Journal, timestamp
from autograder.tests.jupyter import chromium, jupyterlab
from autograder.topics import all_topics

WINDOW = 60
#: The seconds between the frames of three seconds in which the whole class goes by.
_SCROLL = """async () => {
    const map = document.querySelector(".heatmap-viewport");
    const frame = () => new Promise(requestAnimationFrame);
    const times = [];
    const start = await frame();
    for (let now = start, before = start; now - start < 3000; before = now) {
        map.scrollTop = (map.scrollHeight * (now - start)) / 3000;
        now = await frame();
        times.push((now - before) / 1000);
    }
    return times;
}"""


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def add_row(table: Table, view: str, times: Sequence[float]) -> None:
    table.add_row(view, f"{statistics.median(times):.3f}", f"{max(times):.3f}")


def in_browser(course: Path, rounds: int) -> dict[str, list[float]]:
    """The dashboard of the course in a JupyterLab and headless Chromium: opening it, and each frame while it scrolls."""
    opened = []
    with jupyterlab(course) as address, chromium() as browser:
        for _ in range(rounds):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            start = time.perf_counter()
            with page.expect_response("**/matrix?**"):
                page.goto(f"{address}/autograder/", wait_until="commit")
            page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
            opened.append(time.perf_counter() - start)
            page.wait_for_load_state("networkidle")
            page.close()
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}/autograder/", wait_until="networkidle")
        frames = page.evaluate(_SCROLL)
    return {"in the browser: until the heat map is drawn": opened, "in the browser: a frame while it scrolls": frames}


@click.command()
@click.option("--learners", default=10_000, show_default=True)
@click.option("--rounds", default=5, show_default=True)
def main(learners: int, rounds: int) -> None:
    """Fill a journal with every exercise for so many learners, and print what each view takes."""
    topics = all_topics()
    topic, name = topics[0].name, topics[0].exercises[0]
    console = Console()
    table = Table(title=f"{learners} learners x {sum(len(own.exercises) for own in topics)} exercises, {rounds} rounds")
    for heading in ("view", "median seconds", "longest"):
        table.add_column(heading, justify="left" if heading == "view" else "right")
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / JOURNAL_PATH
        with Journal(path, create=True) as journal:
            console.print(f"filled in {seconds(lambda: fill(journal, topics, learners, topics[:1])):.1f} s")
            gradings = journal.db.execute("SELECT count(*) FROM grading").fetchone()[0]
        console.print(f"{gradings} gradings in {path.stat().st_size >> 20} MiB")
        due = {own: timestamp(moment) for own, moment in due_dates(topics).items()}
        roster = Roster({f"learner-{number + 1:05d}": "" for number in range(learners)}, due)
        with Journal(path) as journal:
            views: dict[str, Callable[[], object]] = {
                "open the journal": lambda: Journal(path).close(),
                "overview": lambda: overview(journal, roster),
                "heat map, first window": lambda: matrix(journal, roster, sort="total", descending=True, limit=WINDOW),
                "heat map, a window further down": lambda: matrix(
                    journal, roster, sort="total", descending=True, offset=learners // 2, limit=WINDOW
                ),
                "heat map, sorted by an exercise": lambda: matrix(
                    journal, roster, sort=f"{topic}/{name}", limit=WINDOW
                ),
                "an exercise": lambda: exercise(journal, topic, name),
                "items of a topic": lambda: items(journal, roster, topic),
                "a learner": lambda: learner(journal, roster, f"learner-{learners // 2:05d}"),
                "every point as CSV": lambda: table_csv(journal, roster, "points"),
                "similar submissions of a topic": lambda: similar(journal, topic),
            }
            for view, action in views.items():
                add_row(table, view, [seconds(action) for _ in range(rounds)])
        table.add_section()
        for view, times in in_browser(Path(temporary), rounds).items():
            add_row(table, view, times)
    console.print(table)


if __name__ == "__main__":
    main()
