"""The whole way in one go: a course, a sample class that hands in, grading, feedback, grades. All through nbgrader itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGraderAPI
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeSubmit
from nbgrader.plugins import CsvExportPlugin
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from traitlets.config import Config, PyFileConfigLoader

from autograder.nbgrader.autograde import RESULTS_FOLDER
from autograder.nbgrader.course import write_course
from autograder.report import class_table
from autograder.results import Result
from autograder.sample_class import HandedIn, due_dates, earlier_attempts, sample_class
from autograder.topics import Topic

_MARK = ".sample-course"


class DemoFailed(Exception):
    """A step of nbgrader failed; the text holds what it said."""


@dataclass
class _Course:
    """The sample course, its nbgrader interface and where the learners' own files lie."""

    folder: Path
    config: Config
    api: NbGraderAPI

    @property
    def desks(self) -> Path:
        return self.folder / "learners"


def run_demo(folder: Path, topics: Sequence[Topic], learners: int, console: Console) -> list[Result]:
    """Build a course in `folder`, let a sample class hand in, grade it, and print where the class stands.

    Raises:
        DemoFailed: the folder is in use for something else, or a step failed.
    """
    _clear(folder)
    columns = (TextColumn("{task.description:32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:

        def step(description: str, items: Sequence[Any], action: Callable[[Any], object]) -> None:
            for item in progress.track(items, description=description):
                action(item)

        step("write the course", [topics], lambda topics: write_course(folder, topics, "sample"))
        course = _open(folder)
        names = [topic.name for topic in topics]
        step("generate the assignments", names, lambda name: _check(course.api.generate_assignment(name)))
        step("release them", names, lambda name: _release(course, name, due_dates(topics)[name]))
        for attempts, who in [
            *((attempts, "some") for attempts in earlier_attempts(topics, learners) if attempts),
            (list(sample_class(topics, learners)), "the class"),
        ]:
            handed_in = sorted({item.topic.name for item in attempts})
            step(f"{who} hand in", attempts, lambda item: _hand_in(course, item))
            step("collect", handed_in, lambda name: _check(course.api.collect(name, update=True)))
            step("autograde", attempts, lambda item: _check(course.api.autograde(item.topic.name, item.learner)))
        step("generate the feedback", names, lambda name: _check(course.api.generate_feedback(name)))
        step("release it", names, lambda name: _check(course.api.release_feedback(name)))
        step("export the grades", [folder / "grades.csv"], lambda path: _export(course, path))
    results = read_results(folder / RESULTS_FOLDER)
    console.print(class_table(results))
    for path, what in (
        (folder / "grades.csv", "every mark"),
        (folder / "gradebook.db", "nbgrader's gradebook"),
        (folder / RESULTS_FOLDER, "one JSON document per submission"),
        (folder / "feedback", "what each learner reads"),
    ):
        console.print(f"[dim]{what + ':':34}[/dim]{path}", soft_wrap=True, highlight=False)
    console.print(
        f"\nOpen it in formgrader and the dashboard: cd {folder} && jupyter lab", soft_wrap=True, highlight=False
    )
    return results


def read_results(folder: Path) -> list[Result]:
    """Every Result below a folder."""
    return [Result.from_json(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*/*.json"))]


def _clear(folder: Path) -> None:
    """An empty folder for the course; only an earlier sample course is ever deleted."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARK).exists():
            raise DemoFailed(f"{folder} is not empty, and not a sample course; name another folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()


def _open(folder: Path) -> _Course:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    config.Exchange.cache = str(folder / "learners" / ".cache")
    config.ExchangeCollect.check_owner = False  # the whole class is one user of this machine
    coursedir = CourseDirectory(config=config)
    return _Course(folder, config, NbGraderAPI(coursedir, Authenticator(config=config), config=config))


def _release(course: _Course, name: str, due: datetime) -> None:
    with course.api.gradebook as gradebook:
        gradebook.update_or_create_assignment(name, duedate=due.replace(tzinfo=None))  # nbgrader's times are in UTC
    _check(course.api.release_assignment(name))


class _SubmitAt(ExchangeSubmit):
    """Hands in at another time than now."""

    def __init__(self, moment: datetime, **kwargs: Any):
        super().__init__(**kwargs)
        self._moment = moment

    def set_timestamp(self) -> None:
        self.timestamp = self._moment.strftime(self.timestamp_format)


def _hand_in(course: _Course, item: HandedIn) -> None:
    """What `nbgrader submit` does, in the learner's name."""
    desk = course.desks / item.learner
    path = desk / item.topic.name / f"{item.topic.stem}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(item.content, encoding="utf-8")
    coursedir = CourseDirectory(config=course.config)
    coursedir.assignment_id, coursedir.student_id = item.topic.name, item.learner
    authenticator = Authenticator(config=course.config)
    submit = _SubmitAt(item.submitted_at, coursedir=coursedir, authenticator=authenticator, config=course.config)
    submit.assignment_dir = str(desk)
    submit.start()


def _export(course: _Course, path: Path) -> None:
    exporter = CsvExportPlugin(config=course.config)
    exporter.to = str(path)
    with course.api.gradebook as gradebook:
        exporter.export(gradebook)


def _check(outcome: dict[str, Any]) -> None:
    if not outcome["success"]:
        raise DemoFailed(f"{outcome.get('log', '')}\n{outcome.get('error', '')}")
