"""The machine around a grading session: bait laid out for submissions, and a record of what they touched."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from autograder.results import Result
from autograder.topics import ROOT, Topic

#: Part of the name of every file that a hostile submission tries to make; another run has another.
MARK = f"hostile-was-here-{os.getpid()}-"
#: The key of every SysV segment, queue and semaphore that a hostile submission tries to make.
SYSV_KEY = 0x0BAD0000 + os.getpid() % 0x10000
_SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", "/", "~", ".")
_GONE_SECONDS = 5.0
_PR_SET_CHILD_SUBREAPER = 36


class Host:
    """Files, sockets and a process that a submission must leave alone; use as a context manager.

    Args:
        folder: a new or empty folder, which anybody may write into so that only the sandbox protects it.
        topic: the topic whose hidden tests and solutions are watched.
    """

    def __init__(self, folder: Path, topic: Topic):
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self._topic = topic
        self._secrets = {name: f"{name}-{secrets.token_hex(8)}" for name in ("canary", "environment", "classmate")}
        self._canary = folder / "canary.txt"
        self._classmate = folder / "submitted" / "classmate" / topic.name / f"{topic.stem}.py"
        self._classmate.parent.mkdir(parents=True)
        self._canary.write_text(self._secrets["canary"])
        self._classmate.write_text(f"# {self._secrets['classmate']}\n")
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o777)
        os.environ["CANARY"] = self._secrets["environment"]
        # what a submission leaves running becomes a child of this process, whatever it does to hide
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._victim = subprocess.Popen(["sleep", "3600"])
        self._listeners = {
            "TCP": socket.create_server(("127.0.0.1", 0)),
            "UDP": _bound(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            "Unix": _bound(socket.AF_UNIX, socket.SOCK_DGRAM, str(folder / "socket")),
            "abstract": _bound(socket.AF_UNIX, socket.SOCK_DGRAM, f"\0{MARK}-{secrets.token_hex(8)}"),
        }
        (folder / "socket").chmod(0o777)
        for listener in self._listeners.values():
            listener.setblocking(False)

    def __enter__(self) -> Host:
        return self

    def __exit__(self, *_: object) -> None:
        self._victim.kill()
        self._victim.wait()
        for listener in self._listeners.values():
            listener.close()
        os.environ.pop("CANARY", None)

    def bait(self, grader: int) -> dict[str, Any]:
        """What a submission is told, so that it need not look for it. `grader` is the grading session's process."""
        return {
            "CANARY": str(self._canary),
            "CLASSMATE": str(self._classmate),
            "HIDDEN_TEST": str(self._topic.hidden_path / f"test_{self._topic.stem}.py"),
            "SOLUTION": str(self._topic.source_path),
            "FOLDER": str(self.folder),
            "MARK": MARK,
            "SYSV_KEY": SYSV_KEY,
            "GRADER": grader,
            "VICTIM": self._victim.pid,
            "TCP": self._listeners["TCP"].getsockname(),
            "UDP": self._listeners["UDP"].getsockname(),
            "UNIX_SOCKET": self._listeners["Unix"].getsockname(),
            "ABSTRACT_SOCKET": self._listeners["abstract"].getsockname(),
        }

    def state(self) -> dict[str, Any]:
        """Everything that grading must leave as it was."""
        own = os.getpid()
        processes = _descendants(own)
        return {
            "files": dict(self._files()),
            "shared folders": sorted(_marked()),
            "SysV": _sysv(),
            "processes": processes,
            "victim": self._victim.poll(),
            "settings": {pid: _settings(pid) for pid in (own, *processes)},
            "descriptors": {pid: _descriptors(pid) for pid in processes},
        }

    def harm(self, before: dict[str, Any], patience: float = _GONE_SECONDS) -> dict[str, Any]:
        """What is not as it was `before`, and what has reached a listener. A process may take a moment to be gone."""
        deadline = time.monotonic() + patience
        while (after := self.state()) != before and time.monotonic() < deadline:
            time.sleep(0.05)
        changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
        return {**changed, **{name: "reached" for name in self._listeners if self._reached(name)}}

    def clean_up(self) -> None:
        """Remove what a submission that was not stopped has made outside the folder."""
        for path in _marked():
            Path(path).unlink()
        libc = ctypes.CDLL(None)
        if (segment := libc.shmget(SYSV_KEY, 0, 0)) >= 0:
            libc.shmctl(segment, 0, None)  # IPC_RMID

    def leaks(self, text: str) -> list[str]:
        """The secrets that are in a text: of the canaries, the hidden tests, the solutions."""
        hidden = (self._topic.hidden_path / f"test_{self._topic.stem}.py").read_text()
        solution = self._topic.source_path.read_text()
        code = [line.strip() for line in hidden.split("\n") if "assert_" in line or "torch." in line]
        code += [line.strip() for line in solution.split("\n") if line.startswith("    ") and "np." in line]
        return [secret for secret in (*self._secrets.values(), *code) if secret in text]

    def _files(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        watched = (
            self.folder,
            self._topic.hidden_path,
            self._topic.source_path.parent,
            ROOT / "autograder" / "sandbox",
        )
        for folder in watched:
            for path in (folder, *folder.rglob("*")):
                if "__pycache__" not in path.parts:
                    about = path.lstat()
                    yield str(path), (about.st_mode, about.st_uid, about.st_size, about.st_mtime_ns)

    def _reached(self, name: str) -> bool:
        listener = self._listeners[name]
        with contextlib.suppress(BlockingIOError):
            if name == "TCP":
                listener.accept()[0].close()
            else:
                listener.recv(1)
            return True
        return False


def text_of(result: Result) -> str:
    """All of a result but the seed, as text."""
    return json.dumps({**result.to_json(), "seed": ""}, ensure_ascii=False)


def _bound(family: int, kind: int, address: Any) -> socket.socket:
    listener = socket.socket(family, kind)
    listener.bind(address)
    return listener


def _marked() -> Iterable[str]:
    for folder in _SHARED_FOLDERS:
        path = Path(folder).expanduser()
        with contextlib.suppress(OSError):
            yield from (str(path / name) for name in os.listdir(path) if MARK in name)


def _sysv() -> list[str]:
    tables = (Path(f"/proc/sysvipc/{name}") for name in ("shm", "sem", "msg"))
    key = str(SYSV_KEY)
    return [line for table in tables if table.exists() for line in table.read_text().split("\n") if key in line]


def _descendants(pid: int) -> list[int]:
    """The running processes below one, by the parents that /proc names."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(entry.name))
    found, queue = [], [pid]
    while queue:
        below = sorted(children.get(queue.pop(), []))
        found += below
        queue += below
    return found


def _settings(pid: int) -> tuple[Any, ...]:
    """What another process could change about a process: limits, processors, priority."""
    with contextlib.suppress(OSError):
        limits = Path(f"/proc/{pid}/limits").read_text()
        return limits, os.sched_getaffinity(pid), os.getpriority(os.PRIO_PROCESS, pid), os.sched_getscheduler(pid)
    return ()


def _descriptors(pid: int) -> int:
    with contextlib.suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/fd"))
    return 0
