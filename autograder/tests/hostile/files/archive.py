"""An archive in place of the notebook that is a gigabyte when it is unpacked, with names that lead out of the folder.

Expect: ungraded
Says: is not UTF-8 text
"""

import zipfile
from pathlib import Path


def hand_in(folder: Path, notebook: str, mark: Path) -> None:
    for name in ("activations.ipynb", "more.zip"):
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for number in range(4):
                archive.writestr(f"../../../{mark.name}-{number}", bytes(1 << 24))
