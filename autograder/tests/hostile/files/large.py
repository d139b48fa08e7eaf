"""A notebook of 50 MB.

Expect: ungraded
Says: is larger than
"""

from pathlib import Path


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    with (folder / "activations.ipynb").open("wb") as file:
        file.write(notebook.encode())
        file.truncate(50_000_000)
