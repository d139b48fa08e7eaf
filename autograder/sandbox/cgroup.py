"""A control group of its own for a zygote and all its workers, where one is delegated: limits for the whole of them.

A group can be made where the system lets this user write and has enabled the controllers for children: for root, and in a
systemd user session or service with delegation. See the kernel's cgroup-v2.rst.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

NAME = "cgroup"
PREFIX = "autograder-"

_CONTROLLERS = {"memory", "pids"}
_MAX_PROCESSES = 64
_REMOVE_SECONDS = 5.0
_numbers = itertools.count()


class Cgroup:
    """A new group below the nearest one that is delegated.

    Args:
        memory: bytes that all its processes together may use.

    Raises:
        OSError: none is delegated, or the limits cannot be set.
    """

    def __init__(self, memory: int):
        self.path = _delegated() / f"{PREFIX}{os.getpid()}-{next(_numbers)}"
        self.path.mkdir()
        try:
            limits = {"memory.max": memory, "memory.swap.max": 0, "pids.max": _MAX_PROCESSES}
            for name, value in limits.items():
                if (self.path / name).exists():  # a system without swap has no limit for it
                    (self.path / name).write_text(str(value))
        except OSError:
            self.path.rmdir()
            raise

    def wrapper(self) -> list[str]:
        """The beginning of a command line that runs the rest in the group."""
        return ["/bin/sh", "-c", 'echo $$ > "$0" && exec "$@"', str(self.path / "cgroup.procs")]

    def remove(self) -> None:
        """Kill everything in the group, and remove it."""
        with contextlib.suppress(OSError):
            (self.path / "cgroup.kill").write_text("1")
        deadline = time.monotonic() + _REMOVE_SECONDS
        while time.monotonic() < deadline:
            try:
                return self.path.rmdir()
            except OSError:  # a process of it has not ended yet
                time.sleep(0.01)


def _delegated() -> Path:
    for folder in _own_and_above():
        enabled = (folder / "cgroup.subtree_control").read_text().split()
        if _CONTROLLERS.issubset(enabled) and os.access(folder / "cgroup.procs", os.W_OK):
            return folder
    raise PermissionError(f"no cgroup with {' and '.join(sorted(_CONTROLLERS))} is delegated to this user")


def _own_and_above() -> Iterator[Path]:
    """The group of this process and those above it, in the unified hierarchy."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    roots = [Path(fields[1]) for fields in mounts if fields[2] == "cgroup2"]
    own = [line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::")]
    if not roots or not own:
        raise FileNotFoundError("this system has no cgroup v2")
    path = roots[0] / own[0].lstrip("/")
    yield from (folder for folder in (path, *path.parents) if folder.is_relative_to(roots[0]) and folder.exists())
