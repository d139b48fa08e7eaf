"""Outputs that are scripts, of cells that stand beside the answers.

Expect: passed
"""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_output


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    node = nbformat.reads(notebook, as_version=4)
    script = "<script>hostile()</script><img src=x onerror='hostile()'>"
    outputs = [
        new_output("display_data", {"text/html": script, "application/javascript": "hostile()"}),
        new_output("display_data", {"image/svg+xml": f"<svg onload='hostile()'>{script}</svg>", "text/latex": script}),
        new_output("stream", text=script),
        new_output("error", ename=script, evalue=script, traceback=[script]),
    ]
    node.cells.append(new_code_cell("x = 1", outputs=outputs, execution_count=1))
    for cell in node.cells:
        if cell.cell_type == "code":
            cell.outputs = outputs
    nbformat.write(node, folder / "activations.ipynb")
