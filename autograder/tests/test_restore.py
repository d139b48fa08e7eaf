"""A submitted notebook gets the cells of the release back, and loses nothing that an answer may need."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode

from autograder.authoring import ANSWER, QUESTION, nbgrader_source, released_notebook
from autograder.nbgrader.restore import restored_cells
from autograder.submission import notebook_cells
from autograder.topics import find_topic

TOPIC = find_topic("01_activations")
#: What nbgrader's gradebook holds: the named cells of the source, those for answers without their solutions.
RELEASED = {
    cell.metadata.nbgrader.grade_id: cell if cell.metadata.nbgrader.locked else given
    for cell, given in zip(nbgrader_source(TOPIC).cells, released_notebook(TOPIC).cells, strict=True)
    if "nbgrader" in cell.metadata
}


def names(cells: list[NotebookNode]) -> list[str | None]:
    return [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in cells]


def cell_named(notebook: NotebookNode, name: str) -> NotebookNode:
    return notebook.cells[names(notebook.cells).index(name)]


def test_an_untouched_notebook_stays_as_it_is() -> None:
    given = released_notebook(TOPIC)
    restored = restored_cells(given.cells, RELEASED)
    assert names(restored) == names(given.cells)
    assert [cell.source for cell in restored if names([cell]) != [QUESTION]] == [
        cell.source for cell in given.cells if names([cell]) != [QUESTION]
    ]
    assert "MARK SCHEME" in restored[names(restored).index(QUESTION)].source


def test_read_only_cells_come_back_where_they_belong() -> None:
    given = released_notebook(TOPIC)
    kept = [cell for cell in given.cells if not cell.metadata.get("nbgrader", {}).get("locked")]
    restored = names(restored_cells(kept, RELEASED))
    assert restored[0] == next(iter(RELEASED))  # the imports, before every answer
    for exercise in TOPIC.exercises:
        assert restored.index(exercise) == restored.index(f"{exercise}-answer") + 1
    assert restored.index(QUESTION) < restored.index(ANSWER)


def test_what_is_written_into_a_read_only_cell_counts() -> None:
    given = released_notebook(TOPIC)
    setup = next(iter(RELEASED))
    cell_named(given, setup).source += "\nEPSILON = 1e-8"
    cell_named(given, "relu").source = "def helper(x):\n    return x"
    notebook = nbformat.v4.new_notebook(cells=restored_cells(given.cells, RELEASED))
    assert cell_named(notebook, "relu").source == RELEASED["relu"].source
    code = "\n".join(notebook_cells(notebook))
    assert "EPSILON = 1e-8" in code
    assert "def helper(x)" in code


def test_no_stub_takes_the_place_of_an_answer_that_stands_elsewhere() -> None:
    given = released_notebook(TOPIC)
    given.cells.remove(cell_named(given, "relu-answer"))
    given.cells.append(nbformat.v4.new_code_cell("relu = lambda x: np.maximum(x, 0)"))
    restored = restored_cells(given.cells, RELEASED)
    assert "relu-answer" not in names(restored)
    assert "relu = lambda x" in restored[-1].source


def test_a_lost_answer_in_words_is_found_below_its_question_or_said_to_be_missing() -> None:
    given = released_notebook(TOPIC)
    answer = cell_named(given, ANSWER)
    answer.source, answer.metadata = "Because it bends.", NotebookNode()
    assert restored_cells(given.cells, RELEASED)[-1].source == "Because it bends."
    given.cells.remove(answer)
    restored = restored_cells(given.cells, RELEASED)
    assert names(restored)[-1] == ANSWER
    assert "has no cell for this answer" in restored[-1].source
