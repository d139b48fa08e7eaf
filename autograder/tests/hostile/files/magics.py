"""Lines and cells that IPython would hand to a shell, run as a file or write to one.

Expect: passed
"""

from pathlib import Path

import nbformat

CELLS = (
    "!touch {mark}",
    "x = !touch {mark}",
    "%%bash\ntouch {mark}",
    "%%script sh -c 'touch {mark}'",
    "%%writefile {mark}\nhere",
    "%run -i conftest.py",
    "%system touch {mark}",
    "get_ipython().system('touch {mark}')",
    "%load_ext hostile",
    "?open",
)


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    node = nbformat.reads(notebook, as_version=4)
    node.cells += [nbformat.v4.new_code_cell(cell.format(mark=mark)) for cell in CELLS]
    nbformat.write(node, folder / "activations.ipynb")
