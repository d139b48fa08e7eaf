"""What the dashboard says about small classes, of which everything is known."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
from nbgrader.api import Gradebook

from autograder.dashboard.attention import attention
from autograder.dashboard.exercises import answer_in, exercise, misconception_stub
from autograder.dashboard.items import items
from autograder.dashboard.learners import changes, evidence, learner
from autograder.dashboard.matrix import Matrix, matrix
from autograder.dashboard.overview import last_run, overview
from autograder.dashboard.roster import Roster, read_roster
from autograder.dashboard.tables import Table, csv_text, table_csv
from autograder.journal import Journal
from autograder.nbgrader.course import find_scripts_of_this_python
from autograder.results import Status
from autograder.tests.classes import hand_in

FIRST, SECOND, THIRD = "01_activations", "02_losses", "03_metrics"
NOW = datetime(2026, 4, 1, tzinfo=timezone.utc)
NO_ROSTER = Roster()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite", create=True) as journal:
        yield journal


@pytest.fixture
def scale(journal: Journal) -> Journal:
    """Twelve learners; three solve all of three exercises, three two, three one, three none, so that all is known."""
    for number in range(12):
        solved = 3 - number // 3
        outcomes: dict[str, Status] = {
            name: "passed" if place < solved else "failed" for place, name in enumerate(("relu", "tanh", "softmax"))
        }
        hand_in(journal, f"learner {number:02d}", FIRST, outcomes, day=1 + number // 6)
    return journal


def statuses(found: Matrix) -> dict[str, str]:
    return {row.learner: row.statuses for row in found.rows}


# the heat map


def test_the_heat_map_tells_apart_what_is_not_right(journal: Journal) -> None:
    hand_in(journal, "ada", FIRST, {"relu": "passed", "tanh": "not_started"})
    hand_in(journal, "ada", SECOND, {"mse": "timeout"})
    hand_in(journal, "bob", FIRST, {"relu": "failed", "tanh": "error"}, shape_is_right=True)
    hand_in(journal, "eve", FIRST, {"relu": "ungraded", "tanh": "ungraded"})
    found = matrix(journal, Roster({"ada": "Ada L.", "zoe": ""}))
    assert found.columns == [(FIRST, "relu"), (FIRST, "tanh"), (SECOND, "mse")]
    assert statuses(found) == {"ada": "pnt", "bob": "fe-", "eve": "uu-", "zoe": "---"}
    assert [row.percent for row in found.rows] == [[100, 0, 0], [25, 25, None], [None] * 3, [None] * 3]
    assert [row.name for row in found.rows] == ["Ada L.", "bob", "eve", "zoe"]
    assert (found.rows[0].points, found.rows[0].max_points) == (4.0, 12.0)


def test_the_heat_map_shows_the_last_attempt(journal: Journal) -> None:
    hand_in(journal, "ada", FIRST, {"relu": "passed"}, day=2)
    hand_in(journal, "ada", FIRST, {"relu": "failed"}, day=1)
    assert statuses(matrix(journal, NO_ROSTER)) == {"ada": "p"}


@pytest.mark.parametrize(
    ("sort", "topic", "descending", "order"),
    [
        ("name", None, False, ["ada", "bob", "cyd", "zoe"]),
        ("name", None, True, ["zoe", "cyd", "bob", "ada"]),
        ("total", None, True, ["ada", "bob", "cyd", "zoe"]),
        ("total", None, False, ["cyd", "bob", "ada", "zoe"]),
        ("total", SECOND, True, ["bob", "ada", "cyd", "zoe"]),
        (SECOND, None, True, ["bob", "ada", "cyd", "zoe"]),
        (f"{FIRST}/tanh", None, True, ["ada", "bob", "cyd", "zoe"]),
        (f"{FIRST}/tanh", SECOND, False, ["bob", "cyd", "ada", "zoe"]),
    ],
)
def test_the_heat_map_is_sorted(
    journal: Journal, sort: str, topic: str | None, descending: bool, order: list[str]
) -> None:
    hand_in(journal, "ada", FIRST, {"relu": "passed", "tanh": "passed"})
    hand_in(journal, "bob", FIRST, {"relu": "failed", "tanh": "failed"})
    hand_in(journal, "cyd", FIRST, {"relu": "failed", "tanh": "failed"})
    hand_in(journal, "ada", SECOND, {"mse": "failed"})
    hand_in(journal, "bob", SECOND, {"mse": "passed"})
    found = matrix(journal, Roster({"zoe": ""}), topic=topic, sort=sort, descending=descending)
    assert [row.learner for row in found.rows] == order
    assert {own for own, _ in found.columns} == ({topic} if topic else {FIRST, SECOND})


def test_the_heat_map_cannot_be_sorted_by_what_is_not_there(scale: Journal) -> None:
    for sort in ("rank", f"{FIRST}/gelu", "points; DROP TABLE grading"):
        with pytest.raises(ValueError, match="cannot be sorted by"):
            matrix(scale, NO_ROSTER, sort=sort)


def test_windows_of_the_heat_map_join_without_gap(scale: Journal) -> None:
    whole = matrix(scale, NO_ROSTER, sort="total", limit=100)
    windows = [matrix(scale, NO_ROSTER, sort="total", offset=offset, limit=5) for offset in range(0, 15, 5)]
    assert [row for window in windows for row in window.rows] == whole.rows
    assert [len(window.rows) for window in windows] == [5, 5, 2]
    assert {window.learners for window in windows} == {12}


# the overview


def test_the_overview_counts(scale: Journal) -> None:
    hand_in(scale, "learner 11", FIRST, {"relu": "passed", "tanh": "passed", "softmax": "passed"}, day=5)
    hand_in(scale, "learner 10", FIRST, {"relu": "ungraded", "tanh": "ungraded", "softmax": "ungraded"}, day=6)
    found = overview(scale, Roster({"absent": "Absent"}, {FIRST: "2026-03-04T00:00:00Z"}), NOW)
    assert (found.learners, found.active, found.submissions, found.regraded, found.practice) == (13, 12, 14, 0, 0)
    (topic,) = found.topics
    assert (topic.handed_in, topic.full_marks, topic.late, topic.ungraded, topic.exercises) == (12, 4, 2, 1, 3)
    assert (topic.days, topic.submissions) == (["2026-03-01", "2026-03-02", "2026-03-05", "2026-03-06"], [6, 6, 1, 1])
    assert topic.mean_share == pytest.approx((4 * 3 + 3 * 2 + 3 * 1 + 1 * 0) / 3 / 11)
    # thirteen shares of twelve points: four of 1, three of 2/3, three of 1/3, and three of 0, one of them absent
    assert {place: count for place, count in enumerate(found.histogram) if count} == {0: 3, 6: 3, 13: 3, 19: 4}
    (failure,) = found.failures
    assert (failure.learner, failure.problem, failure.exercises) == ("learner 10", "the file is empty", 3)
    assert json.loads(json.dumps(asdict(found)))["failures_in_all"] == 1


def test_statistics_of_a_few_learners_are_hidden(journal: Journal) -> None:
    for number in range(9):
        hand_in(journal, f"learner {number}", FIRST, {"relu": "passed", "tanh": "failed"})
    found = overview(journal, NO_ROSTER, NOW)
    assert (found.histogram, found.topics[0].mean_share) == ([], None)
    analysis = items(journal, NO_ROSTER, FIRST)
    assert (analysis.flags, analysis.items, analysis.tests, analysis.alpha) == (["few_learners"], [], [], None)


def test_the_overview_of_nothing_is_empty(journal: Journal) -> None:
    found = overview(journal, NO_ROSTER, NOW)
    assert (found.learners, found.submissions, found.topics, found.run) == (0, 0, [], None)
    assert matrix(journal, NO_ROSTER).rows == []


def test_a_run_is_running_then_stalled_or_finished(journal: Journal) -> None:
    run = journal.plan(4)
    journal.db.execute(
        "UPDATE run SET started_at = '2026-04-01T00:00:00Z', updated_at = '2026-04-01T00:01:00Z', done = 1"
    )
    minute = datetime(2026, 4, 1, 0, 1, tzinfo=timezone.utc)
    running, later = last_run(journal, minute), last_run(journal, minute + timedelta(hours=1))
    assert running is not None and later is not None
    assert running.state == "running"
    assert running.seconds_left == pytest.approx(180)
    assert (later.state, later.seconds_left) == ("stalled", None)
    journal.finish(run)
    over = last_run(journal, minute)
    assert over is not None
    assert (over.state, over.planned, over.done) == ("finished", 4, 1)


# who needs help


def test_who_needs_help_and_why(journal: Journal) -> None:
    topics = [f"{number:02d}_topic" for number in range(1, 6)]
    due = {topic: f"2026-03-{5 * number:02d}T00:00:00Z" for number, topic in enumerate(topics, start=1)}
    for number, topic in enumerate(topics, start=1):
        day = 5 * number - 1
        hand_in(journal, "diligent", topic, {"f": "passed"}, day=day)
        if number <= 2:
            hand_in(journal, "stopped", topic, {"f": "passed"}, day=day)
        if number in (1, 5):
            hand_in(journal, "behind", topic, {"f": "passed"}, day=day)
        for attempt in range(4 if number == 5 else 1):
            hand_in(journal, "stuck", topic, {"f": "failed"}, day=day + attempt, shape_is_right=True)
            hand_in(journal, "content", topic, {"f": "passed"}, day=day + attempt)
    found = attention(journal, Roster({"absent": "Absent A."}, due), NOW)
    assert [(own.learner, own.kind, own.topic, own.count) for own in found] == [
        ("stopped", "stopped", "02_topic", 3),
        ("stuck", "stuck", "05_topic", 3),
        ("absent", "never_started", "", 5),
        ("behind", "behind", "05_topic", 3),
    ]
    assert found[1].text == "3 more attempts at 05_topic brought no progress beyond 25%"
    early = attention(journal, Roster({}, due), datetime(2026, 3, 12, tzinfo=timezone.utc))
    assert "stopped" not in {own.learner for own in early}


def test_without_due_dates_the_class_sets_the_pace(journal: Journal) -> None:
    for number in range(4):
        for topic in (FIRST, SECOND, THIRD):
            if number < 3 or topic == FIRST:
                hand_in(journal, f"learner {number}", topic, {"f": "passed"})
    assert [(own.learner, own.kind) for own in attention(journal, NO_ROSTER, NOW)] == [("learner 3", "stopped")]


# exercises


def test_mistakes_are_counted_now_and_ever(journal: Journal) -> None:
    hand_in(journal, "ada", FIRST, {"relu": "failed"}, mistake="leaks", day=1)
    hand_in(journal, "ada", FIRST, {"relu": "passed"}, day=2)
    hand_in(journal, "bob", FIRST, {"relu": "failed"}, mistake="leaks")
    hand_in(journal, "cyd", FIRST, {"relu": "failed"}, mistake="slope")
    hand_in(journal, "dan", FIRST, {"relu": "failed"}, mistake="slope")
    hand_in(journal, "eve", FIRST, {"relu": "not_started"})
    found = exercise(journal, FIRST, "relu")
    assert found.statuses == {"passed": 1, "failed": 3, "not_started": 1}
    assert [(own.misconception, own.count, own.ever, own.share) for own in found.mistakes] == [
        ("relu__slope", 2, 2, 0.5),
        ("relu__leaks", 1, 2, 0.25),
    ]
    assert found.mistakes[1].text == "You confuse leaks."
    assert found.mistakes[0].learners == ["cyd", "dan"]


def test_equal_unknown_mistakes_form_a_cluster_with_an_example(journal: Journal) -> None:
    long = "def relu(x):\n    # thought about it for long\n    return 3 * x\n"
    short = "def relu(x):\n    return x * 3"
    hand_in(journal, "ada", FIRST, {"relu": "failed"}, fingerprint="same", code=["import numpy", long])
    hand_in(journal, "bob", FIRST, {"relu": "failed"}, fingerprint="same", code=[short])
    hand_in(journal, "cyd", FIRST, {"relu": "failed"}, fingerprint="other")
    found = exercise(journal, FIRST, "relu")
    (cluster,) = found.clusters
    assert (cluster.fingerprint, cluster.count, cluster.learners) == ("same", 2, ["ada", "bob"])
    assert (cluster.example, cluster.code) == ("bob", short)
    assert found.alone == 1


def test_an_exercise_that_nobody_has_seen(scale: Journal) -> None:
    with pytest.raises(ValueError, match="no submission of 01_activations"):
        exercise(scale, FIRST, "gelu")


def test_the_last_definition_counts() -> None:
    cells = ["def relu(x): return 1", "def relu_(x): return 2", "class A:\n    pass\ndef  relu (x): return 3"]
    assert answer_in(cells, "relu") == cells[2]
    assert answer_in(cells, "tanh") == ""


def test_a_mistake_that_is_named_becomes_a_misconception() -> None:
    half = "def half(x):\n    return x / 2  # <script>"
    code = f'import numpy as np\n\n{half}\n\n@decorated\ndef relu(x):\n    """Mine."""\n    return half(np.abs(x))'
    stub = misconception_stub("relu", "halves_all", code)
    namespace: dict[str, Any] = {}
    exec(stub, namespace)
    assert namespace["relu__halves_all"](-3.0) == 1.5
    assert "What the learner reads" in namespace["relu__halves_all"].__doc__
    assert "script" not in stub and "Mine" not in stub


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("two__parts", "def relu(x): pass"),
        ("Upper", "def relu(x): pass"),
        ("a\nimport os", "def relu(x): pass"),
        ("fine", "def relu(x:"),
        ("fine", "def tanh(x): pass"),
        ("fine", "def relu(x): return " + "(" * 5000 + "x" + ")" * 5000),
        ("fine", "def relu(x): return \0"),
    ],
)
def test_what_cannot_become_a_misconception(name: str, code: str) -> None:
    with pytest.raises(ValueError, match=r"cannot be|too deeply"):
        misconception_stub("relu", name, code)


def test_a_misconception_hides_nothing_in_its_text() -> None:
    stub = misconception_stub("relu", "hides", "def relu(x):\n    return x, '\u202e evil \u2066'")
    assert "\u202e" not in stub and "\\u202e" in stub


# items


def test_item_analysis_by_hand(scale: Journal) -> None:
    found = items(scale, Roster({f"absent {n}": "" for n in range(3)}), FIRST)
    relu, tanh, softmax = found.items
    assert [own.difficulty for own in found.items] == pytest.approx([0.75, 0.5, 0.25])
    assert tanh.difficulty_of_enrolled == pytest.approx(6 / 15)
    # the four kinds of learner of SCALE in test_dashboard_statistics, three of each, so that only n / (n - 1) differs
    assert found.alpha == pytest.approx(0.75)
    assert tanh.discrimination == pytest.approx(0.5**0.5)
    assert relu.upper_lower == pytest.approx(1.0)
    assert tanh.alpha_without == pytest.approx(2 * (1 - (3 / 16 + 3 / 16) / (0.5)))
    assert (relu.flags, softmax.flags) == ([], ["hard"])
    assert found.learners == 12


def test_difficulty_is_among_those_who_began(journal: Journal) -> None:
    for number in range(20):
        outcome: Status = "passed" if number < 6 else "failed" if number < 10 else "not_started"
        hand_in(journal, f"learner {number:02d}", FIRST, {"relu": outcome, "tanh": "passed"})
    relu, tanh = items(journal, NO_ROSTER, FIRST).items
    assert relu.began == 10
    assert [relu.difficulty, relu.difficulty_of_enrolled] == pytest.approx([0.6, 0.3])
    assert (tanh.flags, tanh.discrimination) == (["easy"], None)


def test_first_and_last_attempts_are_told_apart(journal: Journal) -> None:
    for number in range(10):
        hand_in(journal, f"learner {number}", FIRST, {"relu": "failed", "tanh": "passed"}, day=1)
        hand_in(journal, f"learner {number}", FIRST, {"relu": "passed", "tanh": "passed"}, day=2)
    assert items(journal, NO_ROSTER, FIRST, "first").items[0].difficulty == 0
    assert items(journal, NO_ROSTER, FIRST, "last").items[0].difficulty == 1


def test_tests_that_all_or_none_pass_are_flagged(journal: Journal) -> None:
    for number in range(10):
        hand_in(journal, f"learner {number}", FIRST, {"relu": "failed", "tanh": "not_started"}, shape_is_right=True)
    found = {(own.exercise, own.test): own for own in items(journal, NO_ROSTER, FIRST).tests}
    assert found["relu", "test_values"].flags == ["nobody_passes"]
    assert found["relu", "test_shape"].flags == ["everyone_passes"]
    assert found["tanh", "test_shape"].passed is None


def test_an_exercise_that_the_good_ones_fail_is_flagged(journal: Journal) -> None:
    for number in range(40):
        good: Status = "passed" if number < 20 else "failed"
        bad: Status = "failed" if number < 18 else "passed"
        hand_in(journal, f"learner {number:02d}", FIRST, {"relu": good, "tanh": good, "broken": bad})
    broken = items(journal, NO_ROSTER, FIRST).items[2]
    assert broken.discrimination is not None and broken.discrimination < -0.8
    assert broken.flags == ["negative", "lowers_alpha"]


# one learner


def test_a_learners_history_code_and_changes(journal: Journal) -> None:
    before, after = (
        ["import numpy", "def relu(x):\n    return x"],
        ["import numpy", "def relu(x):\n    return max(x, 0)"],
    )
    hand_in(journal, "ada", FIRST, {"relu": "failed", "abs": "passed"}, day=1, code=before, mistake="identity")
    hand_in(journal, "ada", FIRST, {"relu": "passed", "abs": "passed"}, day=9, code=after)
    hand_in(journal, "bob", SECOND, {"mse": "passed"})
    found = learner(journal, Roster({"ada": "Ada L."}, {FIRST: "2026-03-08T00:00:00Z"}), "ada")
    (history,) = found.topics
    assert (found.name, found.points, found.max_points, found.not_handed_in) == ("Ada L.", 8.0, 8.0, [SECOND])
    assert [(attempt.points, attempt.late) for attempt in history.attempts] == [(4.0, False), (8.0, True)]
    assert [own.exercise for own in history.attempts[0].outcomes] == ["relu", "abs"]
    assert history.attempts[0].outcomes[0].diagnosis == "You confuse identity."
    first, second = (attempt.grading for attempt in history.attempts)
    shown = evidence(journal, first)
    assert shown.cells == before
    assert [test.status for test in shown.tests] == ["failed", "failed", "passed", "passed"]
    assert changes(journal, first, second)[-2:] == ["-    return x", "+    return max(x, 0)"]
    assert changes(journal, first, first) == []


def test_code_that_is_too_long_is_not_compared(journal: Journal) -> None:
    hand_in(journal, "ada", FIRST, {"relu": "failed"}, code=["\n" * 6000])
    with pytest.raises(ValueError, match="too long to compare"):
        changes(journal, 1, 1)


def test_a_learner_whom_nobody_knows(scale: Journal) -> None:
    with pytest.raises(ValueError, match="there is no learner 'nobody'"):
        learner(scale, NO_ROSTER, "nobody")
    assert learner(scale, Roster({"enrolled": ""}), "enrolled").not_handed_in == [FIRST]


# tables


@pytest.mark.parametrize("table", get_args(Table))
def test_every_table_is_csv(scale: Journal, table: Table) -> None:
    hand_in(scale, "=cmd|' /C calc'!A0", FIRST, {"relu": "ungraded", "tanh": "ungraded", "softmax": "ungraded"}, day=9)
    text = table_csv(scale, NO_ROSTER, table, topic=FIRST, exercise="relu", learner="learner 03")
    headings, *rows = csv.reader(io.StringIO(text))
    assert {len(row) for row in rows} <= {len(headings)}
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    assert bool(rows) == (table not in ("mistakes", "clusters", "similar", "attention"))


def test_the_table_of_points_holds_the_whole_class(journal: Journal) -> None:
    hand_in(journal, "ada", FIRST, {"relu": "passed", "tanh": "failed"}, shape_is_right=True)
    hand_in(journal, "bob", SECOND, {"mse": "ungraded"})
    roster = Roster({"ada": "Ada, Countess", "zoe": ""})
    assert table_csv(journal, roster, "points").split("\r\n") == [
        "learner,name,01_activations/relu,01_activations/tanh,02_losses/mse",
        'ada,"Ada, Countess",4.0,1.0,',
        "bob,,,,",
        "zoe,,,,",
        "",
    ]
    assert table_csv(journal, roster, "statuses", topic=SECOND).split("\r\n")[1:3] == [
        'ada,"Ada, Countess",',
        "bob,,ungraded",
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_a_formula_becomes_text(text: str) -> None:
    assert csv_text(["a"], [[text]]).startswith(("a\r\n'", "a\r\n\"'"))


def test_numbers_and_words_stay_as_they_are() -> None:
    assert csv_text(["a", "b", "c"], [[-1.23456, "a-b", None]]) == "a,b,c\r\n-1.2346,a-b,\r\n"


# the roster


def test_the_roster_comes_from_nbgraders_gradebook(tmp_path: Path, journal: Journal) -> None:
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    assert read_roster(url) == NO_ROSTER
    assert not (tmp_path / "gradebook.db").exists()
    find_scripts_of_this_python()
    with Gradebook(url) as gradebook:
        gradebook.add_student("ada", first_name="Ada", last_name="<b>L.</b>")
        gradebook.add_student("bob")
        gradebook.add_assignment(FIRST, duedate="2026-03-04 12:00:00")
        gradebook.add_assignment(SECOND)
    roster = read_roster(url)
    assert roster == Roster({"ada": "Ada <b>L.</b>", "bob": ""}, {FIRST: "2026-03-04T12:00:00Z"})
    hand_in(journal, "guest", FIRST, {"relu": "passed"})
    assert roster.learners(journal) == ["ada", "bob", "guest"]
