"""A named pipe in place of the notebook, from which a reader waits for ever.

Expect: ungraded
Says: is not an ordinary file
Only: command
"""

import os
from pathlib import Path


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    os.mkfifo(folder / "activations.ipynb")
