"""Names of files inside the notebook that lead out of its folder: of outputs, attachments, cells.

Expect: passed
"""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    node = nbformat.reads(notebook, as_version=4)
    out = f"../../../../../../../../../..{mark}"
    picture = new_output("display_data", {"image/png": PIXEL}, metadata={"filenames": {"image/png": out}})
    node.cells.append(new_code_cell("x = 1", outputs=[picture], metadata={"name": out}))
    node.cells.append(new_markdown_cell(f"![x](attachment:{out})", attachments={out: {"image/png": PIXEL}}))
    nbformat.write(node, folder / "activations.ipynb")
