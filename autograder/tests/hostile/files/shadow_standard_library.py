"""A module that is named like one of Python's own, beside the notebook and where the grader is started.

Expect: passed
"""

from pathlib import Path


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    (folder / "activations.ipynb").write_text(notebook)
    for place in (folder, folder.parents[1]):
        for name in ("json", "hashlib", "dataclasses"):
            (place / f"{name}.py").write_text(f"open({str(mark)!r}, 'w')\n")
