"""One source per topic: what is made from it holds what it must, and no secret."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from autograder import authoring
from autograder.authoring import (
    ANSWER,
    QUESTION,
    Generated,
    SourceError,
    has_answers,
    hidden_points,
    hints,
    learner_notebook,
    nbgrader_source,
    question_map,
    questions,
    released_notebook,
    stub_module,
    visible_tests,
)
from autograder.cli import main
from autograder.known_answers import alternatives_of, misconceptions_of
from autograder.topics import BEGIN_SOLUTION, END_SOLUTION, Topic, all_topics

TOPICS = all_topics()


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_the_stub_has_every_exercise_and_no_solution(topic: Topic) -> None:
    text = stub_module(topic)
    functions = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    assert tuple(functions) == topic.exercises
    for function in functions.values():
        assert ast.get_docstring(function)
        assert ast.unparse(function.body[-1]) == authoring.STUB
    assert BEGIN_SOLUTION not in text
    assert END_SOLUTION not in text


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_person_marks_an_interview_question_by_a_scheme_that_learners_do_not_get(topic: Topic) -> None:
    question, answer = nbgrader_source(topic).cells[-2:]
    assert [cell.metadata.nbgrader.grade_id for cell in (question, answer)] == [QUESTION, ANSWER]
    assert any(questions()[number] in question.source for number in topic.questions)
    scheme = question.source.partition("BEGIN MARK SCHEME")[2]
    points = [int(number) for number in re.findall(r"^- (\d+) points?: ", scheme, re.MULTILINE)]
    assert 2 <= len(points) <= 4
    assert answer.metadata.nbgrader.points == sum(points)
    given = nbformat.writes(released_notebook(topic))
    assert "MARK SCHEME" not in given
    assert not any(line in given for line in scheme.split("\n") if line.startswith("- "))


def test_a_mark_scheme_must_say_what_each_criterion_is_worth(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Topic(TOPICS[0].name).source
    scheme = next(cell for cell in source.cells if "mark-scheme" in cell.metadata.get("tags", ()))
    for text, number in (("- names an activation", "B31"), ("- 1 point: names an activation", "B50")):
        scheme.source, scheme.metadata["question"] = text, number
        monkeypatch.setattr(Topic, "source", source)
        with pytest.raises(SourceError, match="mark scheme"):
            nbgrader_source(Topic(TOPICS[0].name))


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_the_notebooks_are_valid_and_have_a_graded_cell_for_each_exercise(topic: Topic) -> None:
    source, learners = nbgrader_source(topic), learner_notebook(topic)
    for notebook in (source, learners):
        nbformat.validate(notebook)
        graded = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
        by_person = [] if notebook is learners else [ANSWER]
        assert [cell.metadata.nbgrader.grade_id for cell in graded] == [*topic.exercises, *by_person]
        exercises = graded[: len(topic.exercises)]
        assert {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points for cell in exercises} == hidden_points(
            topic
        )
        assert all(cell.metadata.nbgrader.locked for cell in exercises)
    text = nbformat.writes(learners)
    assert BEGIN_SOLUTION not in text
    assert text.count(f'    {authoring.STUB}"') == len(topic.exercises)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_no_solution_and_no_hidden_test_is_in_what_learners_get(topic: Topic) -> None:
    given = nbformat.writes(learner_notebook(topic)) + stub_module(topic) + hints(topic)
    visible = {re.match(r"def (\w+)", test)[1] for tests in visible_tests(topic).values() for test in tests}  # type: ignore[index]
    for node in ast.parse((topic.hidden_path / f"test_{topic.stem}.py").read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and node.name not in visible:
            assert f"{node.name}(" not in given
    for known in (misconceptions_of(topic), alternatives_of(topic)):
        assert not any(name in given for name in known.functions)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_exercise_has_two_or_three_hints(topic: Topic) -> None:
    sections = re.split(r"^## ", hints(topic), flags=re.MULTILINE)[1:]
    assert [section.split("\n")[0] for section in sections] == list(topic.exercises)
    assert all(2 <= len(re.findall(r"^\d+\. ", section, re.MULTILINE)) <= 3 for section in sections)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_the_solved_notebook_runs_with_its_visible_tests(topic: Topic) -> None:
    namespace: dict[str, object] = {}
    for cell in nbgrader_source(topic).cells:
        if cell.cell_type == "code" and authoring.PLOT not in cell.metadata.get("tags", ()):
            exec(cell.source, namespace)


def test_every_question_is_answered_by_an_exercise() -> None:
    rows = question_map(TOPICS).split("\n")[2:]
    assert [row.split(" | ")[0] for row in rows] == [
        f"| {letter}{number}" for letter in "AB" for number in range(1, 51)
    ]
    unanswered = [row for row in rows if row.endswith("|  |")]
    assert not unanswered, unanswered


def test_what_is_committed_is_up_to_date() -> None:
    outcome = CliRunner().invoke(main, ["sync", "--check"])
    assert outcome.exit_code == 0, outcome.output


def test_stale_files_are_found_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Generated(tmp_path / "activations.py", stub_module(TOPICS[0]))
    monkeypatch.setattr(authoring, "generated_files", lambda _: [file])
    monkeypatch.setattr("autograder.cli.ROOT", tmp_path)
    checked = CliRunner().invoke(main, ["sync", "--check"])
    assert checked.exit_code == 1
    assert "stale: activations.py" in checked.output
    assert CliRunner().invoke(main, ["sync"]).exit_code == 0
    assert CliRunner().invoke(main, ["sync", "--check"]).exit_code == 0


def test_answers_are_not_overwritten_unless_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub = stub_module(TOPICS[0])
    file = Generated(tmp_path / "activations.py", stub)
    file.path.write_text(stub.replace(authoring.STUB, "return x", 1))
    monkeypatch.setattr(authoring, "generated_files", lambda _: [file])
    monkeypatch.setattr("autograder.cli.ROOT", tmp_path)
    kept = CliRunner().invoke(main, ["sync"])
    assert "kept  activations.py" in kept.output
    assert "return x" in file.path.read_text()
    CliRunner().invoke(main, ["sync", "--overwrite-answers"])
    assert file.path.read_text() == stub


def test_a_file_that_cannot_be_read_counts_as_somebody_s_work(tmp_path: Path) -> None:
    broken = tmp_path / "activations.ipynb"
    broken.write_text("{")
    assert has_answers(broken)


def test_a_stub_is_nobody_s_work(tmp_path: Path) -> None:
    for name, text in (("a.py", stub_module(TOPICS[0])), ("a.ipynb", nbformat.writes(learner_notebook(TOPICS[0])))):
        (tmp_path / name).write_text(text)
        assert not has_answers(tmp_path / name)
