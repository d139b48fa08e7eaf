"""A notebook that is well-formed, and whose metadata are nested five hundred times.

Expect: ungraded
Says: is not a notebook
"""

from pathlib import Path


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    deep = '{"x":' * 500 + "1" + "}" * 500
    (folder / "activations.ipynb").write_text(notebook.replace('"metadata": {', f'"metadata": {{"deep": {deep},', 1))
