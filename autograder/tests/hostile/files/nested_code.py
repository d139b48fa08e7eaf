"""A cell that is nested more deeply than Python's parser can go; the other cells are right.

Expect: passed
"""

from pathlib import Path

import nbformat


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    node = nbformat.reads(notebook, as_version=4)
    node.cells.append(nbformat.v4.new_code_cell("x = " + "(" * 50_000))
    node.cells.append(nbformat.v4.new_code_cell("x = " + "-" * 50_000 + "1"))
    node.cells.append(nbformat.v4.new_code_cell("x = y" + ".y" * 50_000))
    nbformat.write(node, folder / "activations.ipynb")
