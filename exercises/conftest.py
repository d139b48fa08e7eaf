"""What makes `pytest exercises/` speak to a learner. Needs pytest alone; the topics need NumPy, some of them PyTorch.

A test's first argument is the exercise under test: a fixture that calls the function in the module beside the test.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SOLVED, WRONG, NOT_STARTED, NOT_RUN = "solved", "wrong", "not started", "not run"
MARKS = {SOLVED: "#", WRONG: "x", NOT_STARTED: ".", NOT_RUN: "?"}
HERE = Path(__file__).resolve().parent


class Exercise:
    """A learner's function, remembering its last call for the report."""

    def __init__(self, name: str, function: Callable[..., Any]):
        self._name = name
        self._function = function
        self.last_call = ""
        self.answer = ""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        written = [_short(argument) for argument in args] + [f"{key}={_short(kwargs[key])}" for key in kwargs]
        self.last_call, self.answer = f"{self._name}({', '.join(written)})", ""
        answer = self._function(*args, **kwargs)
        self.answer = _short(answer)
        return answer

    def __repr__(self) -> str:
        return self._name


class Progress:
    """How far the learner is: a status for each exercise of each topic, in the order of the tests."""

    def __init__(self) -> None:
        self.topics: dict[Path, dict[str, str]] = {}

    def add(self, item: pytest.Item, status: str) -> None:
        exercises = self.topics.setdefault(item.path.parent, {})
        if exercises.setdefault(_exercise_of(item), status) != status:
            exercises[_exercise_of(item)] = WRONG


_progress = pytest.StashKey[Progress]()
_modules: dict[Path, ModuleType | BaseException] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--hint", metavar="EXERCISE", help="show a hint for an exercise; once more, the next one")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_progress] = Progress()


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    if exercise := config.getoption("--hint"):
        print(_next_hint(config, exercise))
        return 0
    return None


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> None:
    """Before the tests of a topic are collected, make a fixture for each exercise that they name."""
    if module_path.parent.parent == HERE:
        parent.config.pluginmanager.register(_fixtures(module_path))


def _fixtures(tests: Path) -> object:
    arguments = {
        argument.arg
        for node in ast.parse(tests.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for argument in node.args.args
    }

    def fixture_for(name: str) -> Any:
        def exercise(_: object, request: pytest.FixtureRequest) -> Exercise:
            return Exercise(name, _load(name, _answers_beside(request.path)))

        return pytest.fixture(name=name)(exercise)

    return type("Exercises", (), {name: fixture_for(name) for name in arguments})()


def _load(name: str, path: Path) -> Callable[..., Any]:
    """The learner's function; that a module cannot be imported is said once."""
    if path not in _modules:
        try:
            _modules[path] = _import(path)
        except BaseException as error:
            _modules[path] = error
            raise
    module = _modules[path]
    if isinstance(module, BaseException):
        pytest.skip(NOT_RUN)
    if not callable(function := getattr(module, name, None)):
        pytest.fail(f"{path.name} has no function named {name}", pytrace=False)
    return function


def _import(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except NotImplementedError as error:
        raise ImportError(f"{path.name} calls an exercise that is not written yet while it is imported") from error
    return module


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[pytest.TestReport | None]:
    report: pytest.TestReport = yield
    if item.path.parent.parent != HERE or (call.when != "call" and call.excinfo is None):
        return report
    progress = item.config.stash[_progress]
    if call.excinfo is None:
        progress.add(item, SOLVED)
    elif call.excinfo.errisinstance(pytest.skip.Exception):
        progress.add(item, NOT_RUN)
    elif call.excinfo.errisinstance(NotImplementedError):
        progress.add(item, NOT_STARTED)
        report.outcome = "skipped"
        report.longrepr = (str(item.path), item.location[1] or 0, NOT_STARTED)
    else:
        progress.add(item, WRONG)
        report.outcome = "failed"
        report.longrepr = _explain(item, call.excinfo)
    return report


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    if isinstance(report.longrepr, tuple) and report.longrepr[-1] == NOT_STARTED:
        return NOT_STARTED, "-", "NOT STARTED"
    return None


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    topics = config.stash[_progress].topics
    if not topics:
        return
    terminalreporter.section("your progress")
    width = max(len(folder.name) for folder in topics)
    for folder, exercises in topics.items():
        statuses = list(exercises.values())
        bar = "".join(MARKS[status] for status in statuses)
        counts = [f"{statuses.count(status)} {status}" for status in MARKS if status in statuses]
        terminalreporter.line(f"{folder.name:{width}}  [{bar}]  {', '.join(counts)}")
    terminalreporter.line("")
    terminalreporter.line(_advice(topics))


def _advice(topics: dict[Path, dict[str, str]]) -> str:
    """What to do next: mend what cannot be imported, then what is wrong, then begin what is not started."""
    for folder, exercises in topics.items():
        if NOT_RUN in exercises.values():
            return f"Next: mend {_relative(_answers_beside(folder / 'test'))}, which cannot be imported (see above)"
    for status, verb in ((WRONG, "mend"), (NOT_STARTED, "write")):
        for folder, exercises in topics.items():
            for exercise, own in exercises.items():
                if own == status:
                    path = _answers_beside(folder / "test")
                    place = f"{_relative(path)}:{_line_of(path, exercise)}"
                    return (
                        f"Next: {verb} {exercise} in {place}\n"
                        f"      then: pytest {_relative(folder)} -k {exercise}\n"
                        f"      stuck? pytest {_relative(folder)} --hint {exercise}"
                    )
    return "Every visible test passes. They are examples; the hidden tests, which decide, look further."


def _explain(item: pytest.Item, error: pytest.ExceptionInfo[BaseException]) -> str:
    """A failed test for a learner: what should be, the call, what came back, what was expected."""
    exercise = getattr(item, "funcargs", {}).get(_exercise_of(item))
    lines = [item.function.__doc__ or ""] if isinstance(item, pytest.Function) else []
    lines += ["", f"  call      {exercise.last_call}"] if exercise and exercise.last_call else [""]
    place = _place_in_answers(item, error)
    if place:
        return "\n".join([*lines, f"  raised    {error.exconly()}", f"  at        {place}"])
    if exercise and exercise.answer:
        lines.append(f"  returned  {exercise.answer}")
    if (expected := _expected(error)) is not None:
        return "\n".join([*lines, f"  expected  {_short(expected)}"])
    return "\n".join([*lines, *(f"  {line}" for line in error.exconly().split("\n"))])


def _place_in_answers(item: pytest.Item, error: pytest.ExceptionInfo[BaseException]) -> str:
    """The line of the learner's module in which the exception was raised, if it was."""
    path = _answers_beside(item.path)
    if isinstance(error.value, SyntaxError):
        return f"{_relative(path)}:{error.value.lineno}"
    frames = [frame for frame in traceback.extract_tb(error.tb) if Path(frame.filename) == path]
    return f"{_relative(path)}:{frames[-1].lineno}: {frames[-1].line}" if frames else ""


def _expected(error: pytest.ExceptionInfo[BaseException]) -> Any:
    """The expected value: the argument of the NumPy or PyTorch assertion that failed."""
    for entry in error.traceback:
        values = entry.frame.f_locals
        for name in ("desired", "expected"):
            if "actual" in values and name in values:
                return values[name]
    return None


def _exercise_of(item: pytest.Item) -> str:
    """The first argument of the test function."""
    code = item.function.__code__ if isinstance(item, pytest.Function) else None
    return code.co_varnames[0] if code and code.co_argcount else ""


def _answers_beside(test: Path) -> Path:
    """The learner's module in the folder of a test."""
    return test.parent / f"{test.parent.name.split('_', 1)[1]}.py"


def _line_of(path: Path, function: str) -> int:
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    return next((number for number, line in enumerate(lines, 1) if line.startswith(f"def {function}(")), 1)


def _relative(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _short(value: Any) -> str:
    """A value in few characters, on one line where it fits."""
    text = re.sub(r"\s+", " ", repr(value)) if len(repr(value)) < 200 else repr(value)
    return text if len(text) <= 500 else f"{text[:500]} ..."


def _next_hint(config: pytest.Config, exercise: str) -> str:
    """The next hint for an exercise; after the last, the first again."""
    for path in sorted(HERE.glob("*/hints.md")):
        section = re.search(
            rf"^## {re.escape(exercise)}\n(.*?)(?=^## |\Z)", path.read_text(encoding="utf-8"), re.M | re.S
        )
        if section is None:
            continue
        hints = [hint.strip() for hint in re.split(r"^\d+\. ", section[1], flags=re.M)[1:]]
        # pytest's own cache does not exist yet when the command line is looked at
        memory = config.rootpath / ".pytest_cache" / "hints.json"
        given = json.loads(memory.read_text(encoding="utf-8")) if memory.exists() else {}
        number = given.get(exercise, 0) % len(hints)
        memory.parent.mkdir(exist_ok=True)
        memory.write_text(json.dumps({**given, exercise: number + 1}), encoding="utf-8")
        return f"Hint {number + 1} of {len(hints)} for {exercise}: {hints[number]}"
    return f"There is no exercise named {exercise}, or it has no hints."
