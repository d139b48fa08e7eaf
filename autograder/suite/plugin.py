"""The pytest plugin of the hidden suite: fixtures for the exercises, and one session for many submissions.

The hidden tests of a topic are collected once. `HiddenSuite.run` then runs them against one callee after another; each
run gives one `TestRun` per test, with every call that the test made.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, cast

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
        self.items: dict[str, list[pytest.Function]] = {exercise: [] for exercise in topic.exercises}
        self._main = main
        self._failure: BaseException | None = None
        self._seed = ""
        self._run: TestRun | None = None
        self._callee: Callee | None = None

    def start(self) -> None:
        """Collect the tests in a pytest session of this process, and call `main`; returns when it does.

        Raises:
            Whatever `main` raised.
        """
        pytest.main(self._arguments(), plugins=[self])
        if self._failure is not None:
            raise self._failure

    def _arguments(self) -> list[str]:
        """pytest's command line: our tests, no other configuration, no file written, nothing printed."""
        hidden = str(self.topic.hidden_path)
        unneeded = ("cacheprovider", "terminal", "faulthandler", "logging", "unraisableexception", "threadexception")
        without = [argument for plugin in unneeded for argument in ("-p", f"no:{plugin}")]
        plain = ["-c", os.devnull, "--noconftest", "--import-mode=importlib", "--capture=no", "-W", "ignore"]
        return [hidden, f"--rootdir={hidden}", *plain, *without]

    def run(self, open_callee: CalleeOpener, seed: str, exercises: list[str] | None = None) -> list[TestRun]:
        """Run the tests of the exercises (by default all), each exercise with a callee of its own."""
        runs = []
        self._seed = seed
        for exercise in self.topic.exercises if exercises is None else exercises:
            with open_callee(exercise) as self._callee:
                runs += [self._run_item(item, exercise) for item in self.items[exercise]]
        return runs

    def _run_item(self, item: pytest.Function, exercise: str) -> TestRun:
        self._run = run = TestRun(
            test=item.name,
            exercise=exercise,
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
        for item in items:
            exercise = next(iter(inspect.signature(item.function).parameters), "") if hasattr(item, "function") else ""
            if isinstance(item, pytest.Function) and exercise in self.items:
                self.items[exercise].append(item)
            else:
                self.problems.append(f"{item.name}: its first argument must be an exercise of {self.topic.name}")

    def pytest_runtestloop(self) -> bool:
        try:
            self._main(self)
        except BaseException as error:
            self._failure = error
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """Keep the exception; pytest's own report would spend most of a grading run on formatting tracebacks."""
        if call.excinfo is not None and self._run is not None and self._run.error is None:
            self._run.error = call.excinfo.value.with_traceback(None)  # which would keep the answers alive
        outcome: Literal["passed", "failed"] = "passed" if call.excinfo is None else "failed"
        when = cast(Literal["setup", "call", "teardown"], call.when)
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, longrepr=None, when=when)

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


def points_of(item: pytest.Function) -> float:
    marker = item.get_closest_marker("points")
    return float(marker.args[0]) if marker else 1.0
