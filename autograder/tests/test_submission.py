"""Files of learners: what is code in them is found, what is broken is said."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from autograder.submission import MAX_CODE_CHARACTERS, UnreadableSubmission, read_submission


def notebook(path: Path, *cells: str, tags: list[str] | None = None) -> Path:
    code = [nbformat.v4.new_code_cell(cell, metadata={"tags": tags} if tags else {}) for cell in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Text"), *code]), path)
    return path


def test_the_code_cells_of_a_notebook(tmp_path: Path) -> None:
    submission = read_submission(notebook(tmp_path / "a.ipynb", "x = 1", "def f():\n    return y"))
    assert submission.cells == ("x = 1", "def f():\n    return y")
    assert submission.place(1, 2) == "cell 2, line 2: `return y`"


@pytest.mark.parametrize("tag", ["visible-tests", "active-ipynb"])
def test_cells_that_only_show_are_left_out(tmp_path: Path, tag: str) -> None:
    assert read_submission(notebook(tmp_path / "a.ipynb", "1 / 0", tags=[tag])).cells == ("",)


def test_an_old_notebook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    old = nbformat.v3.new_notebook(worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell("x = 1")])])
    path.write_text(nbformat.v3.writes_json(old))
    assert read_submission(path).cells == ("x = 1",)


def test_a_python_file_keeps_its_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("import numpy as np\n\n# %% [markdown]\n# text\n\n# %%\ndef f():\n    return y\n")
    submission = read_submission(path)
    assert len(submission.cells) == 3
    assert submission.place(2, 8) == "line 8: `return y`"


def test_a_python_file_without_cells_is_one_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("def f():\r\n    return 1\r\n")
    assert "".join(read_submission(path).cells) == "def f():\n    return 1\n"


BROKEN = {
    "empty": (b"", "is empty"),
    "blank": (b"  \n ", "is empty"),
    "not JSON": (b'{"cells": [', "not JSON"),
    "too deep": (b"[" * 100_000, "not JSON"),
    "JSON of another kind": (b'{"a": 1}', "not a notebook"),
    "a list": (b"[1, 2]", "not a notebook"),
    "a cell without source": (b'{"cells": [{"cell_type": "code"}], "metadata": {}, "nbformat": 4}', "not a notebook"),
    "a future format": (b'{"cells": [], "metadata": {}, "nbformat": 99, "nbformat_minor": 0}', "not a notebook"),
    "Latin-1": ('{"cells": "\xe9"}'.encode("latin-1"), "not UTF-8"),
    "null bytes": (b"\x00\x00", "null byte"),
}


@pytest.mark.parametrize(("content", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_notebook_is_explained(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "activations.ipynb"
    path.write_bytes(content)
    with pytest.raises(UnreadableSubmission, match=message) as caught:
        read_submission(path)
    assert str(caught.value).startswith("activations.ipynb ")


def test_a_missing_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSubmission, match="cannot be read: No such file"):
        read_submission(tmp_path / "a.py")


def test_code_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n" * MAX_CODE_CHARACTERS)
    with pytest.raises(UnreadableSubmission, match="characters"):
        read_submission(path)
