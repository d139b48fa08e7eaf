"""From a submission to its Result: every mishap costs its exercise only, and is explained in a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from autograder.authoring import stub_module
from autograder.cli import main
from autograder.grading.engine import Session, grade_all
from autograder.grading.session import SubmissionRunner
from autograder.known_answers import misconceptions_of
from autograder.results import ExerciseResult, Result
from autograder.sample_class import MISHAPS, Answers
from autograder.sandbox.client import Limits, Worker, Zygote
from autograder.sandbox.lockdown import REQUIRED_LAYERS, missing_layers
from autograder.sandbox.outcomes import CallTimedOut, Reply, SandboxError, Unsupported
from autograder.submission import python_cells, read_submission, submission_of
from autograder.suite.proxy import MAX_RECORDED, Call, Proxy
from autograder.tests.conftest import Grade
from autograder.topics import find_topic

TOPIC = find_topic("01_activations")
SOLUTIONS = Answers(TOPIC).solutions
SETUP = "import numpy as np"


def solved_but(**answers: str) -> list[str]:
    """The cells of a submission in which every exercise is solved, but for the given ones."""
    return [SETUP, *(answers.get(exercise, source) for exercise, source in SOLUTIONS.items())]


def outcome(result: Result, exercise: str) -> ExerciseResult:
    return next(own for own in result.exercises if own.exercise == exercise)


def feedback(result: Result, exercise: str) -> str:
    return " ".join(test.feedback for test in result.tests_of(exercise) if test.status != "passed")


def test_the_solution_earns_every_point(grade: Grade) -> None:
    result = grade(*solved_but())
    assert result.points == result.max_points > 0
    assert {own.status for own in result.exercises} == {"passed"}
    assert missing_layers(result.layers) == []


def test_the_stub_earns_nothing_and_is_not_started(grade: Grade) -> None:
    result = grade(*python_cells(stub_module(TOPIC)))
    assert result.points == 0
    assert {own.status for own in result.exercises} == {"not_started"}


def test_a_misconception_is_diagnosed(grade: Grade) -> None:
    known = misconceptions_of(TOPIC)
    result = grade(*solved_but(relu=known.source("relu__leaks")))
    diagnosis = outcome(result, "relu").diagnosis
    assert diagnosis is not None
    assert diagnosis.misconception == "relu__leaks"
    assert diagnosis.text == known.functions["relu__leaks"].__doc__
    assert 0 <= outcome(result, "relu").points < outcome(result, "relu").max_points


def test_unknown_mistakes_that_are_the_same_have_the_same_fingerprint(grade: Grade) -> None:
    first = grade(*solved_but(relu="def relu(x):\n    return 3 * x + 1"))
    second = grade(*solved_but(relu="def relu(y):\n    return np.array([3 * v for v in y]) + 1.0"))
    other = grade(*solved_but(relu="def relu(x):\n    return 3 * x + 2"))
    marks = [outcome(result, "relu").fingerprint for result in (first, second, other)]
    assert marks[0] == marks[1] != marks[2]
    assert outcome(first, "relu").diagnosis is None


def test_fingerprints_can_be_compared_between_grading_runs(grade: Grade) -> None:
    cells = solved_but(relu="def relu(x):\n    return 3 * x + 1", softmax="def softmax(x):\n    return x.nothing")
    with Session(TOPIC, seed="another seed") as another_run:
        second = another_run.grade(submission_of(cells, "somebody", b"", is_notebook=True))
    first = grade(*cells)
    for exercise in ("relu", "softmax"):
        assert outcome(first, exercise).fingerprint == outcome(second, exercise).fingerprint is not None
    assert first.seed != second.seed


@pytest.mark.parametrize("mishap", ["missing function", "kills its process"])
def test_what_gave_no_answer_has_no_fingerprint(grade: Grade, mishap: str) -> None:
    result = grade(*solved_but(relu=MISHAPS[mishap].format(name="relu")))
    assert outcome(result, "relu").status == "error"
    assert outcome(result, "relu").fingerprint is None


SENTENCES = {
    "syntax error": ("error", "There is no function named relu. A cell stopped with SyntaxError"),
    "missing function": ("error", "There is no function named relu."),
    "wrong signature": ("error", "relu raised TypeError: relu() takes 0 positional arguments but 1 was given"),
    "raises": ("error", "AttributeError: 'numpy.ndarray' object has no attribute 'no_such_attribute' (cell"),
    "loops for ever": ("timeout", "relu was stopped: it did not end within 5 seconds of computing."),
    "exhausts memory": ("error", "relu raised MemoryError"),
    "kills its process": ("error", "relu was stopped: the code ended its own process (exit code 0)."),
    "prints a gigabyte": ("failed", "relu: None (is a return missing?) came back; an array is expected."),
}


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_mishap_is_explained_and_costs_its_exercise_only(grade: Grade, mishap: str) -> None:
    result = grade(*solved_but(relu=MISHAPS[mishap].format(name="relu")))
    status, sentence = SENTENCES[mishap]
    assert outcome(result, "relu").status == status
    assert sentence in feedback(result, "relu")
    assert [own.status for own in result.exercises if own.exercise != "relu"] == ["passed"] * 4


@pytest.mark.parametrize(
    "body",
    [
        "return np.tanh(x)",
        "return getattr(np, ''.join('hnat'[::-1]))(x)",
        "return np.vectorize(math.tanh)(x)",
        "return captured(x)",
        "return -1j * np.vectorize(cmath.tanh)(x)",
    ],
)
def test_what_the_statement_rules_out_is_found_under_any_name(grade: Grade, body: str) -> None:
    captured = "import cmath, math\nfrom numpy import tanh as captured\n"
    result = grade(*solved_but(tanh=f"{captured}def tanh(x):\n    {body}"))
    assert outcome(result, "tanh").status == "forbidden"
    assert outcome(result, "tanh").points == 0
    assert "tanh is ruled out in this exercise (cell 3, line" in feedback(result, "tanh")
    assert {own.status for own in result.exercises if own.exercise != "tanh"} == {"passed"}


def test_what_one_exercise_rules_out_others_may_use(grade: Grade) -> None:
    result = grade(*solved_but(sigmoid="def sigmoid(x):\n    return (1 + np.tanh(x / 2)) / 2"))
    assert outcome(result, "sigmoid").status == "passed"


def test_a_right_answer_that_warns_is_right(grade: Grade) -> None:
    warns = "def relu(x):\n    import sys, warnings\n    warnings.warn('careful')\n    print('x', file=sys.stderr)\n"
    assert outcome(grade(*solved_but(relu=warns + "    return np.maximum(x, 0)")), "relu").status == "passed"


@pytest.mark.parametrize("cell", ["while True: pass", "import os; os._exit(1)", "raise SystemExit", "1 / 0"])
def test_a_cell_that_does_not_end_well_is_left_out(grade: Grade, cell: str) -> None:
    result = grade(cell, *solved_but())
    assert result.points == result.max_points


def test_an_answer_that_lies_about_itself_is_no_answer(grade: Grade) -> None:
    lying = (
        "class Lie(np.ndarray):\n    def __eq__(self, other):\n        return np.ones(np.shape(other), bool)\n"
        "def relu(x):\n    return x.view(Lie)"
    )
    result = grade(*solved_but(relu=lying))
    assert outcome(result, "relu").points == 0
    assert "relu returned an object of type submission.Lie" in feedback(result, "relu")


def test_feedback_holds_no_expected_value(grade: Grade) -> None:
    result = grade(*solved_but(relu="def relu(x):\n    return x * 0 + 123.5"))
    assert "123.5" in " ".join(test.detail for test in result.tests_of("relu"))
    assert "expected:" not in feedback(result, "relu")
    assert not any(character.isdigit() for character in feedback(result, "relu").split("values")[-1])


def test_answers_without_measure_are_wrong_and_not_kept(grade: Grade) -> None:
    """Each is smaller than the wire allows; all of them together would fill the grader's memory."""
    result = grade(*solved_but(relu="def relu(x): return np.zeros(60 << 20, bool)"))
    assert outcome(result, "relu").status == "failed"
    recorded: list[Call] = []
    callee = SimpleNamespace(call=lambda *_: Reply(np.zeros(2), size=MAX_RECORDED + 1))
    Proxy("relu", callee, recorded)(1.0)
    assert isinstance(recorded[0].answer, Unsupported)


def test_the_same_submission_gives_the_same_result(activations_session: Session) -> None:
    submission = submission_of(solved_but(relu="def relu(x):\n    return x"), "somebody", b"", is_notebook=True)
    documents = []
    for _ in range(2):
        data = activations_session.grade(submission).to_json()
        for test in data["tests"]:
            del test["seconds"]
        documents.append(json.dumps(data))
    assert documents[0] == documents[1]


def test_a_result_survives_its_file(grade: Grade, tmp_path: Path) -> None:
    result = grade(*solved_but(relu="def relu(x):\n    return np.abs(x)"))
    result.write(tmp_path / "folder" / "result.json")
    assert Result.from_json(json.loads((tmp_path / "folder" / "result.json").read_text())) == result
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["result.json"]


def test_a_session_that_dies_is_replaced() -> None:
    submission = submission_of(solved_but(), "somebody", b"", is_notebook=True)
    with Session(TOPIC, "a seed") as session:
        session.grade(submission)
        assert session._process is not None
        session._process.kill()
        assert session.grade(submission).points > 0


def test_a_suite_that_cannot_be_collected_gives_no_mark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "sitecustomize.py"
    broken.write_text("import sys; sys.modules['torch'] = None")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Session(TOPIC, "a seed") as session:
        result = session.grade(submission_of(solved_but(), "somebody", b"", is_notebook=True))
    assert {own.status for own in result.exercises} == {"ungraded"}
    assert "cannot be collected" in result.problem


def test_submissions_of_several_topics_are_graded_at_once() -> None:
    topics = [find_topic("01"), find_topic("16")]
    work = [(topic, read_submission(topic.source_path)) for topic in topics for _ in range(3)]
    results = dict(grade_all(work, "a seed", processes=2))
    assert sorted(results) == list(range(6))
    assert all(result.points == result.max_points for result in results.values())


def test_the_command_prints_for_a_person_and_for_a_program(tmp_path: Path) -> None:
    path = tmp_path / "activations.py"
    path.write_text("\n".join(solved_but(relu="def relu(x):\n    return np.abs(x)")))
    printed = CliRunner().invoke(main, ["grade", str(path)])
    assert printed.exit_code == 0, printed.output
    assert "relu" in printed.output
    assert "absolute value" in printed.output
    as_json = CliRunner().invoke(main, ["grade", str(path), "--json"])
    (document,) = map(json.loads, as_json.output.strip().split("\n"))
    assert document["topic"] == "01_activations"
    assert document["max_points"] > document["points"] > 0


def test_the_command_says_what_could_not_be_graded(tmp_path: Path) -> None:
    path = tmp_path / "activations.ipynb"
    path.write_text("{")
    printed = CliRunner().invoke(main, ["grade", str(path)])
    assert printed.exit_code == 3
    assert "Not graded: activations.ipynb is not a notebook" in printed.output


def test_the_command_asks_for_the_topic_it_cannot_tell(tmp_path: Path) -> None:
    path = tmp_path / "homework.py"
    path.write_text("x = 1")
    printed = CliRunner().invoke(main, ["grade", str(path)])
    assert printed.exit_code == 1
    assert "use --topic" in printed.output


def test_where_a_layer_is_missing_nothing_is_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    ready = Worker.ready

    def without_landlock(worker: Worker) -> None:
        ready(worker)
        worker.layers["files"] = "off: Landlock is not available"

    monkeypatch.setattr(Worker, "ready", without_landlock)
    submission = submission_of(solved_but(), "somebody", b"", is_notebook=True)
    topic = find_topic("01")
    with Zygote("numpy") as zygote:
        with pytest.raises(SandboxError, match="lacks a required layer: files"):
            SubmissionRunner(submission, topic, zygote, REQUIRED_LAYERS).start("relu")
        lowered = [name for name in REQUIRED_LAYERS if name != "files"]
        SubmissionRunner(submission, topic, zygote, lowered).start("relu").end()


def test_a_submission_has_a_budget_for_all_its_calls() -> None:
    cells = ["import time", "def relu(x):\n    time.sleep(0.4)\n    return x"]
    submission = submission_of(cells, "somebody", b"", is_notebook=True)
    with Zygote("numpy", Limits(submission_seconds=1)) as zygote:
        runner = SubmissionRunner(submission, TOPIC, zygote, REQUIRED_LAYERS)
        for _ in range(3):
            with runner.open("relu") as callee:
                callee.call("relu", (1.0,), {}, False)
        with runner.open("relu") as callee, pytest.raises(CallTimedOut, match="as a whole had used up its 1 seconds"):
            callee.call("relu", (1.0,), {}, False)


def test_a_counterexample_has_new_inputs_and_the_learners_answer_only() -> None:
    topic = find_topic("01_activations")
    wrong = submission_of(["def relu(x):\n    return x * 0.5"], "somebody", b"", is_notebook=True)
    with Session(topic, "a seed", counterexamples=True) as session:
        first, again = session.grade(wrong), session.grade(wrong)
    relu, sigmoid = (next(own for own in first.exercises if own.exercise == name) for name in ("relu", "sigmoid"))
    assert sigmoid.counterexample is None  # there is no such function
    assert relu.counterexample is not None
    call, _, answer = relu.counterexample.partition("\nreturned\n")
    array = np.array
    x, y = eval(call.removeprefix("relu"), {"array": array}), eval(answer, {"array": array})
    np.testing.assert_allclose(y, x * 0.5, atol=1e-3)
    assert [own.counterexample for own in again.exercises] == [own.counterexample for own in first.exercises]
