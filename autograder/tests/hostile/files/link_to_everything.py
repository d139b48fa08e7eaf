"""Links to folders: to the root of the file system, and to the folder that they are in.

Expect: passed
"""

from pathlib import Path


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    (folder / "activations.ipynb").write_text(notebook)
    (folder / "again").symlink_to(folder)
