"""A submission: a learner's notebook or `.py` file as the cells that a worker will run."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import warnings
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

MAX_FILE_BYTES = 16 << 20
MAX_CODE_CHARACTERS = 400_000
MAX_CELLS = 1000
#: Tags of generated cells that are not part of the answer.
NOT_THE_ANSWER = {"active-ipynb", "visible-tests"}

_DEFINITION = re.compile(r"^(?:def (?!test_)|class )", re.MULTILINE)
_CELL_MARK = re.compile(r"^# %%.*$", re.MULTILINE)


class UnreadableSubmission(ValueError):
    """The file cannot be read as a submission; the text says why, for the learner."""


@dataclass(frozen=True)
class Submission:
    """What a learner handed in for a topic.

    Attributes:
        name: who or what it is: a learner's name, a file.
        content_hash: SHA-256 of the file.
        cells: the source of each code cell.
        is_notebook: whether the cells are those of a notebook; those of a `.py` file keep the file's line numbers.
    """

    name: str
    content_hash: str
    cells: tuple[str, ...]
    is_notebook: bool

    def place(self, cell: int | None, line: int | None) -> str:
        """A place in words, with the line itself: "cell 3, line 2: `return x[5]`"; empty if it is unknown."""
        if cell is None or line is None or not 0 <= cell < len(self.cells):
            return ""
        lines = self.cells[cell].split("\n")
        text = lines[line - 1].strip()[:100] if 0 < line <= len(lines) else ""
        where = f"cell {cell + 1}, line {line}" if self.is_notebook else f"line {line}"
        return f"{where}: `{''.join(filter(str.isprintable, text))}`" if text else where


def read_submission(path: Path, name: str | None = None) -> Submission:
    """The submission in a notebook or a `.py` file.

    Args:
        path: the file.
        name: whose it is; by default the path.

    Raises:
        UnreadableSubmission: there is no such file, or it is not what its name says; the text tells the learner why.
    """
    data = _read_bytes(path)
    text = _decode(data, path.name)
    cells = notebook_cells(read_notebook(path)) if path.suffix == ".ipynb" else python_cells(text)
    return submission_of(cells, name or str(path), data, is_notebook=path.suffix == ".ipynb")


def submission_of(cells: list[str], name: str, content: bytes, is_notebook: bool) -> Submission:
    """The submission with these cells.

    Raises:
        UnreadableSubmission: the code is longer than any answer.
    """
    _check_number_of_cells(cells)
    _check_amount_of_code(cells)
    return Submission(name, hashlib.sha256(content).hexdigest(), tuple(cells), is_notebook)


def read_notebook(path: Path) -> NotebookNode:
    """The notebook in a file, brought to the current format.

    Raises:
        UnreadableSubmission: it is no notebook.
    """
    text = _decode(_read_bytes(path), path.name)
    again = "Save it again from Jupyter and hand it in once more."
    try:
        data = json.loads(text)
        json.dumps(data, ensure_ascii=False).encode()  # JSON can name characters that UTF-8 cannot
    except (ValueError, RecursionError) as error:
        reason = f"line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)[:100]
        raise UnreadableSubmission(f"{path.name} is not a notebook: it is not JSON ({reason}). {again}") from None
    _check_number_of_cells(data.get("cells") if isinstance(data, dict) else None)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = nbformat.convert(nbformat.reader.reads(text), 4)
            nbformat.validate(notebook, relax_add_props=True)  # programs leave fields of later formats in older ones

    except Exception as error:
        reason = str(error).split("\n")[0][:200]
        raise UnreadableSubmission(f"{path.name} is JSON, but not a notebook ({reason}). {again}") from None
    _check_amount_of_code([cell.source for cell in notebook.cells if cell.cell_type == "code"])
    return notebook


def notebook_cells(notebook: NotebookNode) -> list[str]:
    """The code of a notebook, without the cells that only show: visible tests and plots."""
    return ["" if only_shows(cell) else cell.source for cell in notebook.cells if cell.cell_type == "code"]


def only_shows(cell: NotebookNode) -> bool:
    """Whether a generated cell is no part of the answer; one in which somebody has defined something is."""
    return bool(NOT_THE_ANSWER & set(cell.metadata.get("tags", ()))) and not defines_something(cell.source)


def defines_something(code: str) -> bool:
    """Whether code defines a function that is no test, or a class."""
    return _DEFINITION.search(code) is not None


def python_cells(text: str) -> list[str]:
    """The cells of a `.py` file in the percent format, each padded so that its lines keep their numbers."""
    starts = [0, *(match.start() for match in _CELL_MARK.finditer(text)), len(text)]
    return ["\n" * text.count("\n", 0, start) + text[start:end] for start, end in zip(starts, starts[1:], strict=False)]


def _check_number_of_cells(cells: object) -> None:
    if isinstance(cells, list) and len(cells) > MAX_CELLS:
        raise UnreadableSubmission(f"there are more than {MAX_CELLS} cells; delete what does not belong to the answer")


def _check_amount_of_code(cells: list[str]) -> None:
    if sum(map(len, cells)) > MAX_CODE_CHARACTERS:
        raise UnreadableSubmission(
            f"the code has more than {MAX_CODE_CHARACTERS} characters; delete what does not belong to the answer"
        )


def _read_bytes(path: Path) -> bytes:
    try:
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableSubmission(
                f"{path.name} is not an ordinary file; hand in the file itself, not a link to it"
            )
        if about.st_size > MAX_FILE_BYTES:
            raise UnreadableSubmission(
                f"{path.name} is larger than {MAX_FILE_BYTES >> 20} MiB; clear its outputs and hand it in once more"
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableSubmission(f"{path.name} cannot be read: {error.strerror}") from None


def _decode(data: bytes, name: str) -> str:
    if not data.strip():
        raise UnreadableSubmission(f"{name} is empty. Did the upload break off? Hand it in once more.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSubmission(f"{name} is not UTF-8 text (byte {error.start})") from None
    if "\0" in text:
        raise UnreadableSubmission(f"{name} contains a null byte, so it is no Python or notebook file")
    return text.replace("\r\n", "\n")
