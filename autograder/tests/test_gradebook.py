"""Several graders at once on one gradebook, in SQLite and in PostgreSQL: nobody waits for ever, and no mark is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.nbgrader.course import write_course
from autograder.sample_class import Answers, notebook_with
from autograder.topics import Topic, find_topic

TOPICS = [find_topic("01_activations"), find_topic("08_dropout")]
LEARNERS = ["ada", "alan", "emmy", "grace"]
POSTGRESQL = next(
    iter(
        filter(None, [shutil.which("initdb"), *sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)])
    ),
    None,
)


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """The address of an empty database in a throw-away cluster of this machine's own PostgreSQL."""
    if POSTGRESQL is None:
        pytest.skip(
            "THERE IS NO POSTGRESQL ON THIS MACHINE: gradebooks in it are not tested (apt-get install postgresql)"
        )
    binaries = Path(str(POSTGRESQL)).resolve().parent
    user = "nobody" if os.getuid() == 0 else None  # PostgreSQL refuses to run as root

    def run(program: str, *arguments: str) -> None:
        subprocess.run([binaries / program, *arguments], check=True, user=user, cwd="/", stdout=subprocess.DEVNULL)

    with tempfile.TemporaryDirectory() as folder:
        if user:
            shutil.chown(folder, user)
        cluster = f"{folder}/cluster"
        run("initdb", "-D", cluster, "-A", "trust", "-U", "grader", "--no-sync")
        run("pg_ctl", "-D", cluster, "-w", "-l", f"{folder}/log", "-o", f"-k {folder} -c listen_addresses=''", "start")
        try:
            yield f"postgresql+psycopg://grader@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", cluster, "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(request.getfixturevalue("postgresql")) if request.param == "postgresql" else f"sqlite:///{tmp_path}/a.db"


def grader(course: Path, db: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "nbgrader", *arguments, f"--db={db}"]
    return subprocess.Popen(command, cwd=course, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)


def hand_in(course: Path, topic: Topic) -> None:
    for learner in LEARNERS:
        folder = course / "submitted" / learner / topic.name
        folder.mkdir(parents=True)
        nbformat.write(notebook_with(topic, Answers(topic).solutions), folder / f"{topic.stem}.ipynb")


def test_graders_at_once_lose_no_mark(db: str, tmp_path: Path) -> None:
    course = tmp_path / "course"
    write_course(course, TOPICS)
    for topic in TOPICS:
        assert grader(course, db, "generate_assignment", topic.name).wait() == 0
        hand_in(course, topic)
    # two for the same submissions, and one for others of the same learners, whom the gradebook does not know yet
    graders = [grader(course, db, "autograde", topic.name) for topic in (*TOPICS, TOPICS[0])]
    logs = [each.communicate()[1] for each in graders]
    assert [each.returncode for each in graders] == [0, 0, 0], logs
    assert "Traceback" not in "".join(logs)
    assert sum("4  graded\n" in log for log in logs) == 2
    assert sum("4  graded before\n" in log for log in logs) == 1
    with Gradebook(db, "course") as gradebook:
        assert {student.id for student in gradebook.students} == set(LEARNERS)
        for topic in TOPICS:
            expected = gradebook.find_assignment(topic.name).max_code_score
            submissions = gradebook.assignment_submissions(topic.name)
            assert {submission.student.id: submission.score for submission in submissions} == dict.fromkeys(
                LEARNERS, expected
            )
