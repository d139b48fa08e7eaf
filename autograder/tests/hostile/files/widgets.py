"""The saved state of widgets, which is JavaScript and HTML in other clothes.

Expect: passed
"""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_output


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    node = nbformat.reads(notebook, as_version=4)
    state = {"model_module": "https://hostile.invalid/x", "state": {"value": "</script><script>hostile()</script>"}}
    saved = {"state": {"a": state}, "version_major": 2, "version_minor": 0}
    node.metadata.widgets = {"application/vnd.jupyter.widget-state+json": saved}
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "a", "version_major": 2, "version_minor": 0}}
    node.cells.append(new_code_cell("x = 1", outputs=[new_output("display_data", view)]))
    nbformat.write(node, folder / "activations.ipynb")
