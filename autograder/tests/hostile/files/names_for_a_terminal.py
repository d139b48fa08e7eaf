"""Files whose names tell a terminal what to do, or end a line.

Expect: passed
"""

from pathlib import Path


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    (folder / "activations.ipynb").write_text(notebook)
    for name in (
        "\x1b]0;title\x07.ipynb",
        "two\nlines.ipynb",
        "-rf",
        "$(touch hostile-was-here)",
        "activations.ipynb.py",
    ):
        (folder / name).write_text(notebook)
