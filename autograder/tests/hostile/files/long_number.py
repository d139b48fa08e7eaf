"""A number of ten thousand digits, which Python refuses to read.

Expect: ungraded
Says: is not a notebook
"""

from pathlib import Path


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    text = notebook.replace('"metadata": {', '"metadata": {"x": ' + "9" * 10_000 + ",", 1)
    (folder / "activations.ipynb").write_text(text)
