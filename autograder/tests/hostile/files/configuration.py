"""Configuration of nbgrader and Jupyter beside the notebook, which is Python code.

Expect: passed
"""

from pathlib import Path


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    (folder / "activations.ipynb").write_text(notebook)
    for name in ("nbgrader_config.py", "jupyter_config.py", "jupyter_nbconvert_config.py", "ipython_config.py"):
        (folder / name).write_text(f"open({str(mark)!r}, 'w')\n")
