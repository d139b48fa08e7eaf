"""Give a submitted notebook the cells of the release back: of what a learner hands in, only the text counts.

Cells may be missing, doubled, moved or edited, and metadata lost or forged, by accident or not. What nbgrader needs is taken
from the gradebook, never from the submission.
"""

from __future__ import annotations

import copy
import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearMarkScheme, NbGraderPreprocessor

from autograder.authoring import PLOT, VISIBLE_TESTS
from autograder.submission import defines_something, only_shows

_NO_ANSWER = "*The notebook that was handed in has no cell for this answer.*"


class RestoreCells(NbGraderPreprocessor):
    """Takes the place of nbgrader's ClearOutput, DeduplicateIds and OverwriteCells, for notebooks in any state."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            released = released_cells(gradebook, about["assignment"], about["notebook"])
        courses = self.parent.parent.coursedir
        source = Path(courses.format_path(courses.source_directory, ".", about["assignment"]))
        order = _names_in(source / f"{about['notebook']}.ipynb")
        released = {name: released[name] for name in sorted(released, key=lambda name: order.get(name, len(order)))}
        cells = restored_cells(nb.cells, released)
        return nbformat.v4.new_notebook(metadata={"language_info": {"name": "python"}}, cells=cells), resources


def released_cells(gradebook: Gradebook, assignment: str, notebook: str) -> dict[str, NotebookNode]:
    """The cells that nbgrader knows of a notebook, by name; read-only ones have their mark scheme."""
    known = gradebook.find_notebook(notebook, assignment)
    points = {cell.name: cell.max_score for cell in [*known.grade_cells, *known.task_cells]}
    kinds = {
        kind: {cell.name for cell in cells}
        for kind, cells in (
            ("grade", known.grade_cells),
            ("solution", known.solution_cells),
            ("task", known.task_cells),
        )
    }
    released = {}
    for source in known.source_cells:
        about: dict[str, Any] = {kind: source.name in names for kind, names in kinds.items()}
        about |= {"grade_id": source.name, "locked": source.locked, "checksum": source.checksum, "schema_version": 3}
        about |= {"points": points[source.name]} if source.name in points else {}
        new_cell = nbformat.v4.new_code_cell if source.cell_type == "code" else nbformat.v4.new_markdown_cell
        cell = new_cell(source.source, metadata={"nbgrader": about | {"cell_type": source.cell_type}})
        if about["grade"] and not about["solution"]:
            cell.metadata["tags"] = [VISIBLE_TESTS]
        released[source.name] = cell
    return released


def restored_cells(cells: Sequence[NotebookNode], released: Mapping[str, NotebookNode]) -> list[NotebookNode]:
    """The cells of a submission, with those of the release restored among them.

    Args:
        cells: as they were handed in; nothing but their text is trusted.
        released: the cells that nbgrader knows, by name, in the order of the release.

    Returns:
        New cells: the learner's answers, their own cells, and every read-only cell as it was released. What a learner has written
        into a read-only cell stays, in a cell of its own, where an answer may need it.
    """
    names = _names(cells, released)
    restored: list[tuple[str | None, NotebookNode]] = []
    for position, cell in enumerate(cells):
        name = names.get(position)
        if name is None:
            if not any(_is_copy(cell, original) for original in released.values()):
                restored.append((None, _own(cell)))
        elif released[name].metadata.nbgrader.solution:
            restored.append((name, _answered(released[name], cell)))
        else:
            restored.append((name, copy.deepcopy(released[name])))
            if cell.cell_type == "code" and not _is_copy(cell, released[name]) and _may_be_needed(cell, released[name]):
                restored.append((None, nbformat.v4.new_code_cell(cell.source)))
    order = list(released)
    for number, name in enumerate(order):
        # a code cell for an answer is not put back: its stub would take the place of an answer that stands elsewhere
        if name not in names.values() and not _is_code_answer(released[name]):
            before = [place for place, (own, _) in enumerate(restored) if own in order[:number]]
            restored.insert(max(before, default=-1) + 1, (name, _missing(released[name])))
    return [cell for _, cell in restored]


def _names(cells: Sequence[NotebookNode], released: Mapping[str, NotebookNode]) -> dict[int, str]:
    """Which cells are those of the release, by position.

    A name that several cells bear belongs to the last; one that none bears to a cell that can be told by its text.
    """
    claims = ((_claimed(cell), position) for position, cell in enumerate(cells))
    positions = {name: position for name, position in claims if name is not None and name in released}
    previous = ""
    for name in released:
        if name not in positions:
            free = [position for position in range(len(cells)) if position not in positions.values()]
            alike = [
                place for place in free if _is_alike(cells[place], released[name], place - 1, positions.get(previous))
            ]
            positions |= {name: alike[-1]} if alike else {}
        previous = name
    return {position: name for name, position in positions.items()}


def _claimed(cell: NotebookNode) -> str | None:
    about = cell.metadata.get("nbgrader")
    name = about.get("grade_id") if isinstance(about, dict) else None
    return name if isinstance(name, str) else None


def _is_alike(cell: NotebookNode, original: NotebookNode, before: int, previous: int | None) -> bool:
    """Whether a cell without a name is this one: a copy, a definition of its exercise, or Markdown just below its question."""
    if not original.metadata.nbgrader.solution:
        return _is_copy(cell, original)
    if _is_code_answer(original):
        exercise = original.metadata.nbgrader.grade_id.removesuffix("-answer")
        return (
            cell.cell_type == "code"
            and re.search(rf"^def {re.escape(exercise)}\(", cell.source, re.MULTILINE) is not None
        )
    return cell.cell_type == "markdown" and before == previous


def _is_code_answer(original: NotebookNode) -> bool:
    return bool(original.metadata.nbgrader.solution) and original.cell_type == "code"


def _is_copy(cell: NotebookNode, original: NotebookNode) -> bool:
    """Whether a cell has the text of a read-only one, as learners got it."""
    if original.metadata.nbgrader.solution:
        return False
    given, _ = ClearMarkScheme(enforce_metadata=False).preprocess_cell(copy.deepcopy(original), {}, 0)
    return bool(cell.source.strip() == given.source.strip())


def _may_be_needed(cell: NotebookNode, original: NotebookNode) -> bool:
    """Whether answers may rely on what a learner has written into a read-only cell."""
    return not original.metadata.nbgrader.grade or defines_something(cell.source)


def _own(cell: NotebookNode) -> NotebookNode:
    """A cell of the learner's own, without outputs and metadata; raw text, which pages would show as HTML, as a listing."""
    if cell.cell_type == "code":
        tags = [PLOT] if PLOT in cell.metadata.get("tags", ()) and only_shows(cell) else []
        return nbformat.v4.new_code_cell(cell.source, metadata={"tags": tags} if tags else {})
    if cell.cell_type == "raw":
        return nbformat.v4.new_markdown_cell(textwrap.indent(cell.source, "    "))
    return nbformat.v4.new_markdown_cell(cell.source, **_attachments(cell))


def _answered(original: NotebookNode, cell: NotebookNode) -> NotebookNode:
    answered = copy.deepcopy(original)
    answered.source = cell.source
    if original.cell_type == "markdown":
        answered.update(_attachments(cell))
    return answered


def _attachments(cell: NotebookNode) -> dict[str, Any]:
    return {"attachments": cell.attachments} if "attachments" in cell else {}


def _missing(original: NotebookNode) -> NotebookNode:
    missing = copy.deepcopy(original)
    if original.metadata.nbgrader.solution:
        missing.source = _NO_ANSWER
    return missing


def _names_in(path: Path) -> dict[str, int]:
    """The names of the cells of a notebook, each with its place; empty where there is no such notebook."""
    if not path.exists():
        return {}
    names = [_claimed(cell) for cell in nbformat.read(path, as_version=4).cells]
    return {name: place for place, name in enumerate(names) if name}
