"""A notebook with null bytes, at which a parser may stop reading.

Expect: ungraded
Says: null byte
"""

from pathlib import Path


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    (folder / "activations.ipynb").write_bytes(notebook.encode() + b"\0" * 100)
