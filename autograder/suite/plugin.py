"""The pytest plugin of the hidden suite: fixtures for the exercises, and one session for many submissions.

The hidden tests of a topic are collected once. `HiddenSuite.run` then runs them against one callee after another; each
run gives one `TestRun` per test, with every call that the test made.
"""

from __future__ import annotations

import hashlib
import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from autograder.suite.proxy import Call, Callee, Proxy
from autograder.topics import Topic

#: Opens a callee for one exercise; it is closed when the exercise's tests are done.
CalleeOpener = Callable[[str], AbstractContextManager[Callee]]


@dataclass
class TestRun:
    """One hidden test, run once. `error` is the exception that ended it, None where the test passed."""

    __test__ = False

    test: str
    exercise: str
    points: float
    docstring: str
    calls: list[Call] = field(default_factory=list)
    error: BaseException | None = None
    seconds: float = 0.0


class HiddenSuite:
    """Collects the hidden tests of one topic and lets `main` run them.

    Args:
        topic: the topic.
        main: called once, when the tests have been collected; the session ends when it returns.
    """

    def __init__(self, topic: Topic, main: Callable[[HiddenSuite], None]):
        self.topic = topic
        self.problems: list[str] = []
        self.items: list[pytest.Function] = []
        self._main = main
        self._seed = ""
        self._run: TestRun | None = None
        self._callee: Callee | None = None

    def arguments(self) -> list[str]:
        """The command line for `pytest.main`: our tests, no file written, no other configuration, nothing printed."""
        hidden = str(self.topic.hidden_path)
        quiet = ["-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler", "--capture=no", "-W", "ignore"]
        return [hidden, f"--rootdir={hidden}", "-c", "/dev/null", "--import-mode=importlib", "--noconftest", *quiet]

    def run(self, open_callee: CalleeOpener, seed: str, exercises: list[str] | None = None) -> list[TestRun]:
        """Run the tests of the exercises (by default all), each exercise with a callee of its own."""
        runs = []
        self._seed = seed
        for exercise in self.topic.exercises if exercises is None else exercises:
            with open_callee(exercise) as self._callee:
                items = [item for item in self.items if exercise_under_test(item) == exercise]
                runs += [self._run_item(item) for item in items]
        return runs

    def _run_item(self, item: pytest.Function) -> TestRun:
        self._run = run = TestRun(
            test=item.name,
            exercise=exercise_under_test(item),
            points=points_of(item),
            docstring=inspect.cleandoc(item.function.__doc__ or ""),
        )
        start = time.perf_counter()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        run.seconds = time.perf_counter() - start
        return run

    # pytest's hooks

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "points(n): what the test is worth; 1 without this marker")
        config.pluginmanager.register(self._exercise_fixtures())

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problems.append(str(report.longrepr))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.items = [item for item in items if isinstance(item, pytest.Function)]
        for item in self.items:
            if exercise_under_test(item) not in self.topic.exercises:
                self.problems.append(f"{item.name}: its first argument must be an exercise of {self.topic.name}")

    def pytest_runtestloop(self) -> bool:
        self._main(self)
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> Iterator[None]:
        if call.excinfo is not None and self._run is not None and self._run.error is None:
            self._run.error = call.excinfo.value
        return (yield)

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """A generator that depends on the run's secret seed and the test."""
        digest = hashlib.sha256(f"{self._seed}/{request.node.name}".encode()).digest()
        return np.random.default_rng(list(digest))

    def _exercise_fixtures(self) -> object:
        """A plugin with a fixture for each exercise; pytest looks for fixtures on a plugin's class."""

        def fixture_for(exercise: str) -> Any:
            def proxy(_: object) -> Proxy:
                assert self._callee is not None and self._run is not None
                return Proxy(exercise, self._callee, self._run.calls)

            return pytest.fixture(name=exercise)(proxy)

        return type("ExerciseFixtures", (), {name: fixture_for(name) for name in self.topic.exercises})()


def exercise_under_test(item: pytest.Function) -> str:
    """The first argument of the test."""
    return next(iter(inspect.signature(item.function).parameters), "")


def points_of(item: pytest.Function) -> float:
    marker = item.get_closest_marker("points")
    return float(marker.args[0]) if marker else 1.0
