"""A notebook of a hundred thousand cells.

Expect: ungraded
Says: more than \d+ cells
"""

from pathlib import Path

import nbformat


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    node = nbformat.reads(notebook, as_version=4)
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": "1"}
    node.cells += [nbformat.NotebookNode(cell, id=f"cell-{number}") for number in range(100_000)]
    nbformat.write(node, folder / "activations.ipynb")
