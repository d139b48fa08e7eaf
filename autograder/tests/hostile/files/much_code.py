"""A notebook with more code than any answer needs.

Expect: ungraded
Says: the code has more than
"""

from pathlib import Path

import nbformat


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    node = nbformat.reads(notebook, as_version=4)
    node.cells.append(nbformat.v4.new_code_cell("x = 1\n" * 1_000_000))
    nbformat.write(node, folder / "activations.ipynb")
