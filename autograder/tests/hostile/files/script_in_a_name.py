"""Scripts in the names that feedback shows: of an exception, of a type, of a cell.

Expect: error
Says: script
"""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

NAMED = """
def relu(x):
    raise type("<script>hostile()</script>", (Exception,), {})("<img src=x onerror='hostile()'>")  # <script>hostile()
"""


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    node = nbformat.reads(notebook, as_version=4)
    node.cells.append(new_code_cell(NAMED, metadata={"name": "<script>hostile()</script>"}))
    node.metadata.title = "</title><script>hostile()</script>"
    nbformat.write(node, folder / "activations.ipynb")
