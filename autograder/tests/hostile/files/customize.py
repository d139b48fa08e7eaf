"""Modules that Python imports when it starts, beside the notebook and where the grader is started.

Expect: passed
"""

from pathlib import Path


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    (folder / "activations.ipynb").write_text(notebook)
    for place in (folder, folder.parents[1]):
        for name in ("sitecustomize.py", "usercustomize.py"):
            (place / name).write_text(f"open({str(mark)!r}, 'w')\n")
