"""Files of pytest beside the notebook, and where the grader is started: they would let every test pass.

Expect: passed
"""

from pathlib import Path

CODE = """
import pathlib
pathlib.Path({mark!r}).touch()

def pytest_runtest_makereport(item, call):
    call.excinfo = None
"""


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    (folder / "activations.ipynb").write_text(notebook)
    for place in (folder, folder.parents[1]):
        (place / "conftest.py").write_text(CODE.format(mark=str(mark)))
        (place / "pytest.ini").write_text("[pytest]\naddopts = -p conftest\n")
