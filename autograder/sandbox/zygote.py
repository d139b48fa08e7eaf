"""The zygote: a process that has imported what submissions need, and forks a worker whenever the grader asks.

Run as `python -I -m autograder.sandbox.zygote PROFILE` with a Unix socket as standard input. The grader sends one byte and
the worker's end of a channel; the zygote answers with the worker's process id, and on the channel the worker itself
says which layers of the lock-down are on, before it reads anything. `W` asks for a worker, `R` and a process id to reap one.
"""

from __future__ import annotations

import gc
import importlib
import importlib.abc
import os
import socket
import struct
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

from autograder.sandbox import worker
from autograder.sandbox.lockdown import CHANNEL, Policy, lock_down, prepare_policy, site_packages, standard_library
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


def main(profile_name: str) -> None:
    profile = PROFILES[profile_name]
    os.dup2(0, CHANNEL)  # the number that each worker replaces with its own channel
    control = socket.socket(fileno=CHANNEL)
    for name in profile.warm_up:
        importlib.import_module(name)
    if (
        "torch" in sys.modules
    ):  # a worker cannot start threads, and libgomp ends the process that it cannot start one in
        sys.modules["torch"].set_num_threads = lambda count: None  # type: ignore[attr-defined]
    sys.path[:] = [str(folder) for folder in (*standard_library(), *site_packages())]
    policy = prepare_policy(profile.memory, profile.importable)
    sys.meta_path.insert(0, OnlyTheProfile(profile_name, profile))
    null = os.open(os.devnull, os.O_RDWR)
    gc.collect()
    gc.freeze()
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 1 + PID.size, 1)
        if not request:
            return
        if request[:1] == b"R":
            _, status = os.waitpid(PID.unpack(request[1:])[0], 0)
            control.sendall(STATUS.pack(status))
            continue
        if len(os.listdir("/proc/self/task")) != 1:
            sys.exit("a library of the profile started a thread; forking would be unsafe")
        pid = os.fork()
        if pid == 0:
            _become_worker(policy, null, descriptors[0])
        os.close(descriptors[0])
        control.sendall(PID.pack(pid))


def _become_worker(policy: Policy, null: int, channel: int) -> None:
    """In the forked child: keep only the channel, lock down, tell the grader how that went, serve."""
    try:
        os.setsid()
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.dup2(channel, CHANNEL)
        worker.announce(lock_down(policy))
        worker.serve()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
