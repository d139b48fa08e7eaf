"""A link in place of the notebook, which leads to the solution.

Expect: ungraded
Says: is not an ordinary file
"""

from pathlib import Path

from autograder.topics import find_topic


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    solved = folder.parents[2] / "solved.ipynb"
    solved.write_text(notebook)
    (folder / "activations.ipynb").symlink_to(solved)
    (folder / "more.py").symlink_to(find_topic("01").source_path)
