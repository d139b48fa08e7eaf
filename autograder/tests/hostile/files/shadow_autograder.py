"""A package that is named like the grader, beside the notebook and where the grader is started.

Expect: passed
"""

from pathlib import Path


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    (folder / "activations.ipynb").write_text(notebook)
    for place in (folder, folder.parents[1]):
        (place / "autograder" / "grading").mkdir(parents=True)
        for name in ("__init__.py", "grading/__init__.py", "grading/session.py"):
            (place / "autograder" / name).write_text(f"open({str(mark)!r}, 'w')\n")
