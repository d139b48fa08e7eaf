"""Scripts in cells of text, which whoever looks at the notebook would run.

Expect: passed
"""

from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_raw_cell


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    node = nbformat.reads(notebook, as_version=4)
    script = "<script>hostile()</script><img src=x onerror='hostile()'>"
    node.cells.append(new_markdown_cell(script))
    node.cells.append(new_markdown_cell("[look](javascript:hostile()) <a href='javascript:hostile()'>here</a>"))
    node.cells.append(new_markdown_cell("<iframe srcdoc='<script>hostile()</script>'></iframe>"))
    node.cells.append(new_raw_cell(script, metadata={"raw_mimetype": "text/html"}))
    nbformat.write(node, folder / "activations.ipynb")
