"""Namespaces of its own for a zygote and its workers, by bubblewrap: no other process, network or file is there to be seen.

Everything that is promised holds without them, since a hardened container or a kernel setting may refuse them. They hide
what the other layers only close: names, sizes and times of files, and other processes.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.sandbox.libraries import readable_packages, site_packages

NAME = "namespaces"

_ISOLATED = (
    *("--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"),
    *("--uid", "65534", "--gid", "65534", "--die-with-parent", "--proc", "/proc", "--dev", "/dev"),
)
#: Where the interpreter and what NumPy and PyTorch are linked with live on Linux systems.
_SYSTEM_LIBRARIES = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache")
_PACKAGE = Path(__file__).parents[1]


@functools.cache
def problem() -> str:
    """Why there are no namespaces to be had on this system; empty where there are."""
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed"
    command = ["bwrap", *_ISOLATED, "--ro-bind", "/", "/", sys.executable, "-I", "-S", "-c", ""]
    run = subprocess.run(command, capture_output=True, text=True)
    return "" if run.returncode == 0 else run.stderr.strip() or f"bwrap ended with status {run.returncode}"


def wrapper(packages: Sequence[str]) -> list[str]:
    """The beginning of a command line that starts a zygote where only what it needs is there, and read-only.

    Args:
        packages: top-level packages of site-packages that the zygote imports.
    """
    command = ["bwrap", *_ISOLATED]
    for folder in (*_SYSTEM_LIBRARIES, sys.base_prefix):
        command += ["--ro-bind-try", folder, folder]
    for folder in map(str, site_packages()):
        command += ["--tmpfs", folder]
    needed = [Path(sys.executable), Path(sys.prefix) / "pyvenv.cfg", *readable_packages([*packages, "msgpack"])]
    for path in map(str, [*needed, _PACKAGE / "__init__.py", _PACKAGE / "sandbox"]):
        command += ["--ro-bind-try", path, path]
    return [*command, "--"]
