"""A kernel of its own, which would be a program of the learner's choice.

Expect: passed
"""

import json
from pathlib import Path

import nbformat


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    node = nbformat.reads(notebook, as_version=4)
    node.metadata.kernelspec = {"name": "hostile", "display_name": "hostile", "language": "python"}
    nbformat.write(node, folder / "activations.ipynb")
    kernel = folder / "kernels" / "hostile"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps({"argv": ["touch", str(mark)], "language": "python"}))
