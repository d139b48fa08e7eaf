"""The zygote: a process that has imported what submissions need, and forks a worker whenever the grader asks.

It has a Unix socket as standard input. `W` with the worker's end of a channel asks for a worker; the zygote answers with the
worker's process id (in its own namespace) and a descriptor of the process, and on the channel the worker itself says which
layers of the lock-down are on, before it reads anything. `R` and a process id ask to reap a worker that has been killed.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.abc
import os
import signal
import socket
import struct
import sys
from collections.abc import Sequence, Set
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from autograder.sandbox import worker
from autograder.sandbox.libraries import site_packages, standard_library
from autograder.sandbox.lockdown import (
    CHANNEL,
    LAYERS,
    Layer,
    Policy,
    adopt_orphans,
    lock_down,
    prepare_policy,
)
from autograder.sandbox.profiles import PROFILES, Profile

PID = struct.Struct("i")
STATUS = struct.Struct("i")


class OnlyTheProfile(importlib.abc.MetaPathFinder):
    """Refuses every package outside the profile as one that is not installed, which is what it is to a submission."""

    def __init__(self, profile_name: str, profile: Profile):
        self._profile_name = profile_name
        self._allowed = {*sys.stdlib_module_names, *profile.importable}

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.partition(".")[0] in self._allowed:
            return None
        raise ModuleNotFoundError(
            f"No module named {name!r}: a {self._profile_name} topic is graded with the standard library and "
            f"{' and '.join(name for name in ('numpy', 'torch') if name in self._allowed)} alone",
            name=name,
        )


def main(profile_name: str, namespaces_problem: str, cgroup_problem: str, *without: str) -> None:
    profile = PROFILES[profile_name]
    os.dup2(0, CHANNEL)  # the number that each worker replaces with its own channel
    control = socket.socket(fileno=CHANNEL)
    for name in profile.warm_up:
        importlib.import_module(name)
    if torch := sys.modules.get("torch"):
        # a worker cannot start threads, and libgomp ends the process that it cannot start one in
        torch.set_num_threads = lambda count: None  # type: ignore[attr-defined]
    sys.path[:] = [str(folder) for folder in (*standard_library(), *site_packages())]
    policy = prepare_policy(profile.memory, profile.importable, namespaces_problem, cgroup_problem)
    layers = [layer for layer in LAYERS if layer.name not in without]
    sys.meta_path.insert(0, OnlyTheProfile(profile_name, profile))
    adopt_orphans()
    null = os.open(os.devnull, os.O_RDWR)
    gc.collect()
    gc.freeze()
    workers: set[int] = set()
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 1 + PID.size, 1)
        if not request:
            return
        if request[:1] == b"R":
            pid = PID.unpack(request[1:])[0]
            control.sendall(STATUS.pack(_end(pid)))
            workers.discard(pid)
            _end_orphans(workers)
            continue
        if len(os.listdir("/proc/self/task")) != 1:
            sys.exit("a library of the profile started a thread; forking would be unsafe")
        pid = os.fork()
        if pid == 0:
            _become_worker(policy, layers, null, descriptors[0])
        workers.add(pid)
        os.close(descriptors[0])
        pidfd = os.pidfd_open(pid)
        socket.send_fds(control, [PID.pack(pid)], [pidfd])
        os.close(pidfd)


def _become_worker(policy: Policy, layers: Sequence[Layer], null: int, channel: int) -> None:
    """In the forked child: keep only the channel, lock down, tell the grader how that went, serve."""
    try:
        os.setsid()
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.dup2(channel, CHANNEL)
        worker.announce(lock_down(policy, layers))
        worker.serve()
    finally:
        os._exit(0)


def _end(pid: int) -> int:
    """Kill a worker and its process group; the worker's wait status."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def _end_orphans(workers: Set[int]) -> None:
    """Kill what ended workers have left behind: it has become a child of this process."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    while children.exists() and (orphans := {int(pid) for pid in children.read_text().split()} - workers):
        for pid in orphans:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
