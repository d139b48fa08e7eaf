"""From the one source of a topic to what others see: the stub module, the learner's notebook, nbgrader's source notebook."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

from autograder.topics import ROOT, Topic, exercise_of

STUB = "raise NotImplementedError"
PLOT, HINTS, VISIBLE_TESTS, MARK_SCHEME = "active-ipynb", "hints", "visible-tests", "mark-scheme"
#: nbgrader's names of the two cells of the interview question.
QUESTION, ANSWER = "interview-question", "interview-answer"

_NBGRADER_SCHEMA = 3

#: Says in words what a test found; an exception of the answer's own comes with its traceback. nbgrader's Validate takes a
#: warning for a failure.
_RUN_VISIBLE_TESTS = """\
wrong = []
for test in [{names}]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            test({exercise})
    except NotImplementedError:
        raise NotImplementedError("{exercise} is not written yet") from None
    except AssertionError as error:
        wrong.append(f"\\n✗ {{test.__doc__}}\\n{{str(error).strip()}}")
if wrong:
    raise AssertionError(f"{exercise} is not right yet: {{len(wrong)}} of its {count} failed\\n" + "\\n".join(wrong))
print("{exercise} passes its {count}.")"""

_INTERVIEW = """\
## Interview question {number}

**{question}**

Answer in your own words in the cell below; a few sentences will do. A person reads it and gives up to {points:g} points.

<!-- BEGIN MARK SCHEME: learners do not see it -->
**Mark scheme**

{scheme}
<!-- END MARK SCHEME -->"""


class SourceError(ValueError):
    """The source or the tests of a topic break a rule of the author's guide."""


def nbgrader_source(topic: Topic) -> NotebookNode:
    """The topic as nbgrader's source notebook: an answer cell and a read-only graded cell for each exercise.

    The graded cell holds the visible tests; the hidden tests stay where they are. Its points are those of the hidden tests.
    At the end stands an interview question, with its mark scheme, and a cell for the answer, which a person marks.
    """
    notebook = nbformat.v4.new_notebook(metadata=_notebook_metadata(topic))
    points = hidden_points(topic)
    for cell in topic.source.cells:
        if HINTS in cell.metadata.get("tags", ()):
            continue
        exercise = exercise_of(cell.source) if cell.cell_type == "code" else None
        if MARK_SCHEME in cell.metadata.get("tags", ()):
            notebook.cells += _interview_cells(topic, cell)
        elif cell.cell_type == "markdown":
            notebook.cells.append(nbformat.v4.new_markdown_cell(cell.source))
        elif PLOT in cell.metadata.get("tags", ()):
            notebook.cells.append(nbformat.v4.new_code_cell(cell.source, metadata={"tags": [PLOT]}))
        elif exercise is None:
            notebook.cells.append(_nbgrader_cell(cell.source, f"setup-{len(notebook.cells)}", locked=True))
        else:
            notebook.cells.append(_nbgrader_cell(cell.source, f"{exercise}-answer", solution=True))
            tests = _nbgrader_cell(
                visible_tests_cell(topic, exercise), exercise, locked=True, grade=True, points=points[exercise]
            )
            tests.metadata["tags"] = [VISIBLE_TESTS]
            notebook.cells.append(tests)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"{topic.stem}-{number}".replace("_", "-")
    return notebook


def released_notebook(topic: Topic) -> NotebookNode:
    """The notebook that the learners of a course get: nbgrader itself cuts out the solutions and the mark scheme."""
    # importing them takes a second, which grading does not have
    from nbgrader.preprocessors import ClearMarkScheme, ClearSolutions

    notebook = nbgrader_source(topic)
    for clear in (ClearSolutions(code_stub={"python": STUB}), ClearMarkScheme(enforce_metadata=False)):
        notebook, _ = clear.preprocess(notebook, {})
    return notebook


def learner_notebook(topic: Topic) -> NotebookNode:
    """The notebook for learning alone: that of a course without the question that a person would have to mark."""
    notebook = released_notebook(topic)
    notebook.cells = [
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") not in (QUESTION, ANSWER)
    ]
    return notebook


def stub_module(topic: Topic) -> str:
    """The module that a learner gets: the statement as comments, the functions without their solutions."""
    notebook = learner_notebook(topic)
    shown = [cell for cell in notebook.cells if not {PLOT, VISIBLE_TESTS} & set(cell.metadata.get("tags", ()))]
    for cell in shown:
        cell.metadata = NotebookNode()
    bare = nbformat.v4.new_notebook(cells=shown)
    bare.metadata["jupytext"] = {"notebook_metadata_filter": "-all", "cell_metadata_filter": "-all"}
    text: str = jupytext.writes(bare, fmt="py:percent")
    return text


def hints(topic: Topic) -> str:
    """The hints of every exercise as Markdown: a heading for each, below it a numbered list."""
    sections, exercise = [], None
    for cell in topic.source.cells:
        if cell.cell_type == "code":
            exercise = exercise_of(cell.source) or exercise
        elif HINTS in cell.metadata.get("tags", ()):
            sections.append(f"## {exercise}\n\n{cell.source}\n")
    return f"# Hints: {topic.name}\n\n" + "\n".join(sections)


def visible_tests(topic: Topic) -> dict[str, list[str]]:
    """The source of each visible test, by exercise.

    Raises:
        SourceError: a test whose first argument is no exercise, or an exercise without a test.
    """
    path = topic.visible_tests_path
    text = path.read_text(encoding="utf-8")
    tests: dict[str, list[str]] = {exercise: [] for exercise in topic.exercises}
    for function, exercise in _tests_in(path, topic):
        tests[exercise].append(ast.get_source_segment(text, function) or "")
    if missing := [exercise for exercise, own in tests.items() if not own]:
        raise SourceError(f"{path.name} has no test for {', '.join(missing)}")
    return tests


def visible_tests_cell(topic: Topic, exercise: str) -> str:
    """The visible tests of an exercise as the source of a notebook cell that runs them."""
    tests = visible_tests(topic)[exercise]
    imports = [line for line in _imports_of_tests(topic) if re.search(rf"\b{line.split()[-1]}\b", "\n".join(tests))]
    parts = ["# Visible tests: run this cell to check your answer. The hidden tests decide."]
    parts.append("\n".join(["import warnings", *imports]) + "\n")
    parts.append("\n\n\n".join(tests) + "\n\n")
    names = ",\n             ".join(name for test in tests for name in re.findall(r"^def (\w+)", test))
    count = f"{len(tests)} visible test{'s' if len(tests) > 1 else ''}"
    parts.append(_RUN_VISIBLE_TESTS.format(exercise=exercise, names=names, count=count))
    return "\n".join(parts)


def _interview_cells(topic: Topic, scheme: NotebookNode) -> list[NotebookNode]:
    """The interview question of a topic as a read-only cell with its mark scheme, and a cell for the answer.

    Raises:
        SourceError: the topic does not answer the question, or a criterion of the mark scheme has no points.
    """
    number = scheme.metadata.get("question")
    if number not in topic.questions:
        raise SourceError(f"{topic.source_path}: the mark scheme must name a question that the topic answers")
    criteria = re.findall(r"^- (?:(\d+) points?: )?", scheme.source, re.MULTILINE)
    if not criteria or not all(criteria):
        raise SourceError(f"{topic.source_path}: each criterion of the mark scheme must begin like `- 2 points: `")
    points = float(sum(map(int, criteria)))
    source = _INTERVIEW.format(number=number, question=questions()[number], points=points, scheme=scheme.source)
    return [
        _nbgrader_cell(source, QUESTION, cell_type="markdown", locked=True),
        _nbgrader_cell("", ANSWER, cell_type="markdown", solution=True, grade=True, points=points),
    ]


def hidden_points(topic: Topic) -> dict[str, float]:
    """What the hidden tests of each exercise are worth together."""
    points = dict.fromkeys(topic.exercises, 0.0)
    for function, exercise in _tests_in(topic.hidden_path / f"test_{topic.stem}.py", topic):
        points[exercise] += next(_points_marks(function), 1.0)
    return points


def _points_marks(function: ast.FunctionDef) -> Iterator[float]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.points":
            yield float(ast.literal_eval(decorator.args[0]))


def _tests_in(path: Path, topic: Topic) -> Iterator[tuple[ast.FunctionDef, str]]:
    """The test functions of a file, each with the exercise that its first argument names."""
    if not path.exists():
        raise SourceError(f"{path} is missing")
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            exercise = node.args.args[0].arg if node.args.args else ""
            if exercise not in topic.exercises:
                raise SourceError(f"{path}, line {node.lineno}: the first argument of {node.name} must be an exercise")
            yield node, exercise


def _imports_of_tests(topic: Topic) -> list[str]:
    """The imports of the visible tests that the set-up cell does not have already."""
    setup = "\n".join(cell.source for cell in topic.source.cells if cell.cell_type == "code")
    tree = ast.parse(topic.visible_tests_path.read_text(encoding="utf-8"))
    lines = [ast.unparse(node) for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    return [line for line in lines if line not in setup.split("\n")]


def _nbgrader_cell(source: str, grade_id: str, cell_type: str = "code", **flags: Any) -> NotebookNode:
    """A cell with nbgrader's metadata."""
    metadata = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": _NBGRADER_SCHEMA}
    new_cell = nbformat.v4.new_code_cell if cell_type == "code" else nbformat.v4.new_markdown_cell
    return new_cell(source, metadata={"nbgrader": {**metadata, "grade_id": grade_id, **flags}})


def _notebook_metadata(topic: Topic) -> dict[str, Any]:
    return {
        "autograder": {"topic": topic.name},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


def questions() -> dict[str, str]:
    """The questions of the two interview documents by number, in our words."""
    with (ROOT / "solutions" / "questions.csv").open(encoding="utf-8", newline="") as file:
        return {row["number"]: row["question"] for row in csv.DictReader(file)}


def question_map(topics: Sequence[Topic]) -> str:
    """Every question of the two interview documents with the exercises that answer it, as a Markdown table."""
    answered: dict[str, list[str]] = {}
    for topic in topics:
        exercises = ", ".join(f"`{exercise}`" for exercise in topic.exercises)
        for number in topic.questions:
            answered.setdefault(number, []).append(f"[{topic.name}]({topic.name}): {exercises}")
    if unknown := sorted(answered.keys() - questions().keys()):
        raise SourceError(f"a topic answers a question that questions.csv does not have: {', '.join(unknown)}")
    rows = [f"| {number} | {text} | {'<br>'.join(answered.get(number, []))} |" for number, text in questions().items()]
    return "\n".join(["| | question | exercises that answer it |", "|---|---|---|", *rows])


def with_section(text: str, name: str, section: str) -> str:
    """A Markdown text with its generated section of this name, between two comments, made anew.

    Raises:
        SourceError: the text has no such section.
    """
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    if begin not in text or end not in text:
        raise SourceError(f"there is no generated section {name!r}")
    before, _, rest = text.partition(begin)
    return f"{before}{begin}{section}\n{end}{rest.partition(end)[2]}"


@dataclass(frozen=True)
class Generated:
    """A file that is made from a topic's source: where it lies, what it must hold, and what it holds now."""

    path: Path
    text: str

    @property
    def is_stale(self) -> bool:
        return not self.path.exists() or self.path.read_text(encoding="utf-8") != self.text

    @property
    def holds_answers(self) -> bool:
        """Whether somebody has worked in the file: it has code that is in no stub."""
        return self.path.suffix in (".py", ".ipynb") and self.path.exists() and has_answers(self.path)

    def write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.text, encoding="utf-8")


def generated_files(topics: Sequence[Topic]) -> list[Generated]:
    """Everything in `exercises/` that is made from the sources."""
    guide = ROOT / "exercises" / "README.md"
    return [
        Generated(guide, with_section(guide.read_text(encoding="utf-8"), "questions", question_map(topics))),
        *(
            file
            for topic in topics
            for file in (
                Generated(topic.stub_path, stub_module(topic)),
                Generated(topic.notebook_path, nbformat.writes(learner_notebook(topic)) + "\n"),
                Generated(topic.hints_path, hints(topic)),
            )
        ),
    ]


def has_answers(path: Path) -> bool:
    """Whether a stub module or notebook has a function that is more than its stub; true when it cannot be read."""
    try:
        notebook = jupytext.read(path)
        functions = [
            node
            for cell in notebook.cells
            if cell.cell_type == "code" and not {PLOT, VISIBLE_TESTS} & set(cell.metadata.get("tags", ()))
            for node in ast.parse(cell.source).body
            if isinstance(node, ast.FunctionDef)
        ]
    except Exception:
        return True
    return any(not _is_stub(function) for function in functions)


def _is_stub(function: ast.FunctionDef) -> bool:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return len(body) == 1 and ast.unparse(body[0]) == STUB
