"""A notebook with characters that JSON can name and UTF-8 cannot.

Expect: ungraded
Says: is not a notebook
"""

from pathlib import Path


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    text = notebook.replace("import numpy as np", r"import numpy as np\nname = '\ud800'")
    (folder / "activations.ipynb").write_text(text)
