"""Whatever a submission tries, it gets the mark that it deserves, and everything else stays as it was.

The corpus is `hostile/CATEGORY/NAME.py`, one attack a file. The docstring says what the file tries, then in fields what must
come of it:

- `Expect`: the status of the exercise. It earns nothing, and if it has passed everything, unless the points are given.
- `Says`: a regular expression that the feedback matches, so that the attack failed for the right reason.
- `Stopped by`: the layers of the lock-down each of which alone is enough against it, and without all of which it succeeds.
- `Topic`, `Exercise`: the attacked exercise, by default `relu` of 01_activations.
- `Only`: `command` where `nbgrader` itself cannot take such a file.

A file is a submission in the percent format, run after a cell that tells it what it would otherwise have to look for
(`Host.bait`). Those in `files/` are different: each is ours, and its `hand_in` puts hostile files into a learner's folder, beside
or in place of a notebook in which everything is solved. All of them are graded in one run, as a class is.
"""

from __future__ import annotations

import ast
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbgrader.api import Gradebook

from autograder.grading.engine import Session
from autograder.nbgrader.course import write_course
from autograder.results import Result
from autograder.sample_class import Answers, notebook_with
from autograder.sandbox import lockdown
from autograder.sandbox.client import Limits, Zygote
from autograder.sandbox.outcomes import SubmissionRaised
from autograder.submission import python_cells, submission_of
from autograder.tests.host import MARK, Host, text_of
from autograder.topics import ROOT, find_topic

CORPUS = Path(__file__).parent / "hostile"
TOPIC = find_topic("01_activations")
LIMITS = Limits(cpu_seconds=1, wall_seconds=2)
#: More than any honest feedback of a topic, and little enough to read.
MAX_RESULT_CHARACTERS = 50_000
#: Control characters, and those that turn the direction of text.
UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Attack:
    """A file of the corpus."""

    path: Path

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @cached_property
    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def fields(self) -> dict[str, str]:
        docstring = ast.get_docstring(ast.parse(self.source)) or ""
        return dict(re.findall(r"^([A-Z][a-z ]+): (.+)$", docstring, re.MULTILINE))

    @property
    def topic(self) -> str:
        return self.fields.get("Topic", TOPIC.name)

    @property
    def exercise(self) -> str:
        return self.fields.get("Exercise", "relu")

    @property
    def stopped_by(self) -> list[str]:
        return [name for name in self.fields.get("Stopped by", "").split(", ") if name]


ATTACKS = [Attack(path) for path in sorted(CORPUS.glob("*/*.py"))]
FILES = [attack for attack in ATTACKS if attack.path.parent.name == "files"]
SUBMISSIONS = [attack for attack in ATTACKS if attack.path.parent.name != "files"]
STOPPED_BY_A_LAYER = [attack for attack in SUBMISSIONS if attack.stopped_by]


class Grader:
    """A strict grading session of a topic with short limits, and an honest submission to try it with."""

    def __init__(self, topic: str):
        self.topic = find_topic(topic)
        self.session = Session(self.topic, "a seed", limits=LIMITS)
        code = [cell.source for cell in self.topic.source.cells if cell.cell_type == "code"]
        self._honest = submission_of([code[0], *Answers(self.topic).solutions.values()], "honest", b"", True)
        self.check_health()

    def check_health(self) -> None:
        result = self.session.grade(self._honest)
        assert result.points == result.max_points > 0, result

    def grade(self, attack: Attack, host: Host) -> Result:
        assert self.session._process is not None
        cells = cells_of(attack, host, self.session._process.pid)
        return self.session.grade(submission_of(cells, "hostile", b"", is_notebook=True))


def cells_of(attack: Attack, host: Host, grader: int) -> list[str]:
    """A cell with what the attack is told, and its own."""
    known = "\n".join(f"{name} = {value!r}" for name, value in host.bait(grader).items())
    return [known, *python_cells(attack.source)]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with Host(tmp_path_factory.mktemp("host"), TOPIC) as host:
        yield host


@pytest.fixture(scope="module")
def grader_of(host: Host) -> Iterator[Callable[[str], Grader]]:
    graders: dict[str, Grader] = {}

    def grader_of(topic: str) -> Grader:
        if topic not in graders:
            graders[topic] = Grader(topic)
        return graders[topic]

    yield grader_of
    for grader in graders.values():
        grader.session.close()


@pytest.mark.parametrize("attack", SUBMISSIONS, ids=str)
def test_attack(attack: Attack, host: Host, grader_of: Callable[[str], Grader]) -> None:
    grader = grader_of(attack.topic)
    before = host.state()
    result = grader.grade(attack, host)
    expect_verdict(attack, result)
    expect_clean(result, host)
    assert host.harm(before) == {}
    grader.check_health()
    assert host.harm(before) == {}


def expect_verdict(attack: Attack, result: Result) -> None:
    """The exercise has the status and the points that it deserves, and no other exercise has any."""
    status, _, points = attack.fields["Expect"].partition(", ")
    own = next(exercise for exercise in result.exercises if exercise.exercise == attack.exercise)
    deserved = float(points.split()[0]) if points else own.max_points if status == "passed" else 0
    feedback = " ".join(test.feedback for test in result.tests_of(attack.exercise))
    assert (own.status, own.points, result.points) == (status, deserved, deserved), feedback
    assert re.search(attack.fields.get("Says", ""), feedback), feedback


def expect_clean(result: Result, host: Host) -> None:
    """The result holds no secret and nothing that could harm or deceive whoever reads it."""
    text = text_of(result)
    assert host.leaks(text) == []
    assert len(text) < MAX_RESULT_CHARACTERS
    assert not UNPRINTABLE.search("".join([result.problem, *(test.feedback for test in result.tests)]))
    assert not any("expected:" in test.feedback or result.seed in test.feedback for test in result.tests)


@pytest.fixture
def own_host(tmp_path: Path) -> Iterator[Host]:
    """A host that may come to harm."""
    with Host(tmp_path / "host", TOPIC) as host:
        yield host
        host.clean_up()


@pytest.mark.parametrize("attack", STOPPED_BY_A_LAYER, ids=str)
def test_an_attack_succeeds_without_its_layers(attack: Attack, own_host: Host) -> None:
    assert what_comes_of(attack, own_host, without=attack.stopped_by)


@pytest.mark.parametrize(
    ("attack", "layer"),
    [(attack, layer) for attack in STOPPED_BY_A_LAYER for layer in attack.stopped_by],
    ids=str,
)
def test_one_layer_alone_stops_an_attack(attack: Attack, layer: str, own_host: Host) -> None:
    kept = {layer, "privileges"}  # the kernel takes no rules of a process that could gain privileges
    without = [own.name for own in lockdown.LAYERS if own.name not in kept]
    assert what_comes_of(attack, own_host, without, needed=[layer]) == []


def what_comes_of(attack: Attack, host: Host, without: Sequence[str], needed: Sequence[str] = ()) -> list[str]:
    """The harm that an attack does to a worker's host where some layers are off, and some must be on."""
    with Zygote(TOPIC.profile, LIMITS, without) as zygote, zygote.worker() as worker:
        if missing := [name for name in needed if worker.layers[name] != lockdown.ON]:
            pytest.skip(f"this system lacks {missing}: {worker.layers}")
        before = host.state()
        worker.load(list(enumerate(cells_of(attack, host, grader=os.getpid()))), lambda _: None)
        try:
            text = str(worker.call(attack.exercise, (np.array([-1.0, 2.0]),), {}))
        except SubmissionRaised as error:
            text = str(error)
        return [*host.leaks(text), *host.harm(before, patience=0)]


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="all of this runs as an ordinary user already")
def test_the_attacks_as_an_ordinary_user() -> None:
    user = pwd.getpwnam("nobody")
    become = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    can_start = "import subprocess, sys, autograder, torch; subprocess.run([sys.executable, '-c', ''], check=True)"
    probe = subprocess.run([*become, sys.executable, "-c", can_start], capture_output=True, text=True)
    if probe.returncode != 0:
        pytest.skip(f"the user {user.pw_name} cannot use {sys.executable} and this repository: {probe.stderr.strip()}")
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, user.pw_uid, user.pw_gid)
        options = ["-q", "-p", "no:cacheprovider", "-k", "test_attack and not course", "--basetemp", f"{home}/pytest"]
        run = subprocess.run(
            [*become, sys.executable, "-m", "pytest", *options, __file__],
            cwd=ROOT,
            env={**os.environ, "HOME": home},
            capture_output=True,
            text=True,
        )
    assert run.returncode == 0, run.stdout


@dataclass(frozen=True)
class HandedIn:
    """The folder in which everybody of the category `files` has handed in, and what grading it has made."""

    folder: Path
    host: Host
    before: dict[str, Any]

    @property
    def marks(self) -> Path:
        return self.folder / "marks"


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HandedIn]:
    folder = tmp_path_factory.mktemp("files")
    notebook = nbformat.writes(notebook_with(TOPIC, Answers(TOPIC).solutions))
    (folder / "marks").mkdir()
    for attack in FILES:
        own = folder / "submitted" / attack.path.stem / TOPIC.name
        own.mkdir(parents=True)
        names: dict[str, Any] = {}
        exec(compile(attack.source, attack.path, "exec"), names)
        names["hand_in"](own, notebook, folder / "marks" / f"{MARK}-{attack.path.stem}")
    with Host(folder / "host", TOPIC) as host:
        yield HandedIn(folder, host, host.state())


@pytest.fixture(scope="module")
def command_results(handed_in: HandedIn) -> dict[str, Result]:
    """What `autograder grade`, started where the files are, says about each learner."""
    run = run_here(handed_in.folder / "submitted", "autograder", "grade", ".", "--json")
    assert run.returncode == 3, run.stderr  # something could not be graded
    assert not UNPRINTABLE.search(run.stderr)
    results = [Result.from_json(json.loads(line)) for line in run.stdout.strip().split("\n")]
    return {Path(result.submission).parts[0]: result for result in results}


@pytest.fixture(scope="module")
def course(handed_in: HandedIn) -> Path:
    """A course of nbgrader in which they have handed in, graded and with feedback."""
    folder = handed_in.folder / "course"
    write_course(folder, [TOPIC], "course")
    submitted = [attack.path.stem for attack in FILES if "Only" not in attack.fields]
    for name in submitted:
        shutil.copytree(handed_in.folder / "submitted" / name, folder / "submitted" / name, symlinks=True)
    for command in ("generate_assignment", "autograde", "generate_feedback"):
        run = run_here(folder, "nbgrader", command, TOPIC.name)
        assert run.returncode == 0, run.stderr
    return folder


def run_here(folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = Path(sys.executable).parent / program
    return subprocess.run([path, *arguments], cwd=folder, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("attack", FILES, ids=str)
def test_attack_by_files(attack: Attack, handed_in: HandedIn, command_results: dict[str, Result]) -> None:
    expect_files_verdict(attack, command_results[attack.path.stem], handed_in)


@pytest.mark.slow
@pytest.mark.parametrize("attack", [attack for attack in FILES if "Only" not in attack.fields], ids=str)
def test_attack_by_files_in_a_course(attack: Attack, handed_in: HandedIn, course: Path) -> None:
    name = attack.path.stem
    result = Result.from_json(json.loads((course / "results" / TOPIC.name / f"{name}.json").read_text()))
    expect_files_verdict(attack, result, handed_in)
    feedback = (course / "feedback" / name / TOPIC.name / f"{TOPIC.stem}.html").read_text()
    assert scripts_of(feedback) == []
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission(TOPIC.name, name)
        assert submission.score == result.points
        assert submission.needs_manual_grade == bool(result.problem)


def expect_files_verdict(attack: Attack, result: Result, handed_in: HandedIn) -> None:
    expect_clean(result, handed_in.host)
    assert [path.name for path in handed_in.marks.iterdir() if path.name.endswith(attack.path.stem)] == []
    assert handed_in.host.harm(handed_in.before) == {}
    if attack.fields["Expect"] == "ungraded":
        assert re.search(attack.fields["Says"], result.problem), result.problem
        assert {own.status for own in result.exercises} == {"ungraded"}
        assert result.points == 0
        return
    assert result.problem == ""
    statuses = {own.exercise: own.status for own in result.exercises}
    assert statuses == {**dict.fromkeys(TOPIC.exercises, "passed"), attack.exercise: attack.fields["Expect"]}
    feedback = " ".join(test.feedback for test in result.tests_of(attack.exercise))
    assert re.search(attack.fields.get("Says", ""), feedback), feedback


def scripts_of(page: str) -> list[str]:
    """What of a page would run the code of a submission: scripts, handlers and links with the word hostile in them."""
    found: list[str] = []

    class Finder(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend(f"{name}={value}" for name, value in attrs if "hostile" in (value or ""))

        def handle_data(self, data: str) -> None:
            if self.cdata_elem == "script" and "hostile" in data:
                found.append(data)

    Finder().feed(page)
    return found
