"""A notebook that is nested a hundred thousand times.

Expect: ungraded
Says: is not a notebook
"""

from pathlib import Path


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    (folder / "activations.ipynb").write_text(notebook.replace('"cells": [', '"cells": [' + "[" * 100_000, 1))
