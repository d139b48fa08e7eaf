"""Where the libraries lie that a submission may read: those of Python itself, and the packages of its profile."""

from __future__ import annotations

import sysconfig
from collections.abc import Sequence
from pathlib import Path

_NOT_FOR_SUBMISSIONS = {"site-packages", "dist-packages", "test", "idlelib", "ensurepip"}


def standard_library() -> list[Path]:
    """The folders that the standard library is imported from: its modules, and its compiled modules."""
    return [Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_config_var("DESTSHARED"))]


def site_packages() -> list[Path]:
    """The folders that installed packages are imported from."""
    return list(dict.fromkeys(Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")))


def readable_standard_library() -> list[Path]:
    """The modules of the standard library, one by one."""
    entries = [entry for folder in standard_library() if folder.exists() for entry in folder.iterdir()]
    # a link may lead to where a namespace has nothing, as Debian's sitecustomize.py does
    return [entry for entry in entries if entry.name not in _NOT_FOR_SUBMISSIONS and entry.exists()]


def readable_packages(packages: Sequence[str]) -> list[Path]:
    """What belongs to top-level packages of site-packages."""
    names = [name for package in packages for name in (package, f"{package}.libs", f"{package}.py")]
    return [folder / name for folder in site_packages() for name in names if (folder / name).exists()]
