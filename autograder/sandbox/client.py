"""The trusted side: starts zygotes, asks them for workers, calls functions of submissions with limits from outside."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.sandbox import cgroup, namespaces, wire
from autograder.sandbox.cgroup import Cgroup
from autograder.sandbox.outcomes import CallTimedOut, FunctionMissing, Reply, SandboxError, SubmissionRaised, WorkerDied
from autograder.sandbox.profiles import PROFILES
from autograder.sandbox.worker import MAX_MESSAGE
from autograder.sandbox.zygote import PID, STATUS

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
#: Everything a zygote finds in its environment. The thread counts must be there when it starts, and stay.
_ENVIRONMENT = dict.fromkeys(_THREADS, "1") | {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
#: Starts a zygote from a folder that holds the package `autograder`, or as much of it as a zygote needs.
_PROGRAM = """\
import sys
sys.path.insert(0, sys.argv[1])
from autograder.sandbox.zygote import main
main(*sys.argv[2:])
"""
_START_SECONDS = 60.0
_POLL_SECONDS = 0.05
#: More than any zygote itself needs.
_ZYGOTE_BYTES = 1 << 30
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


@dataclass(frozen=True)
class Limits:
    """What a call (or a cell), and a submission as a whole, may use.

    Attributes:
        cpu_seconds: CPU time of the worker in a call, measured from outside.
        wall_seconds: wall time of a call; time in which the worker was ready to run but another process had the
            processor does not count, so that a busy machine fails nobody.
        submission_seconds: wall time, counted in the same way, of all calls and cells of a submission.
    """

    cpu_seconds: float = 5.0
    wall_seconds: float = 10.0
    submission_seconds: float = 300.0


class Worker:
    """A locked-down process that runs one submission; use as a context manager.

    Attributes:
        pid: its process id here.
        layers: name of each layer of the lock-down -> "on", or why it is not.
        seconds: wall time that its calls and cells have taken, as `Limits` counts it.
    """

    def __init__(self, number: int, pidfd: int, channel: socket.socket, zygote: Zygote, limits: Limits):
        self.layers: dict[str, str] = {}
        self.seconds = 0.0
        self._number = number
        self._pidfd = pidfd
        self.pid = _process_id(pidfd)
        self._channel = channel
        self._zygote = zygote
        self._limits = limits
        self._calls = 0
        self._received = 0
        self._callbacks: list[Callable[..., Any]] = []

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> str:
        """End the worker and everything it started; how it ended, in words. Safe to call again."""
        if self._channel.fileno() < 0:
            return ""
        self._channel.close()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        os.close(self._pidfd)
        return _how_it_ended(self._zygote.reap(self._number))

    def ready(self) -> None:
        """Wait until the worker has locked itself down."""
        reply = self._receive(_Clock(self.pid, Limits(_START_SECONDS, _START_SECONDS)))
        if reply[0] != "ready":
            raise SandboxError("a worker did not say that it was ready")
        self.layers = reply[1]

    def load(
        self, cells: Sequence[tuple[int, str]], on_cell: Callable[[int], None], forbidden: Sequence[str] = ()
    ) -> list[SubmissionRaised]:
        """Run the cells of the submission.

        Args:
            cells: number and source of each.
            on_cell: told the number of each cell before it runs.
            forbidden: full names of the functions that are ruled out for it, such as "numpy.tanh".

        Returns:
            What was raised by the cells that stopped with an exception.

        Raises:
            CallTimedOut, WorkerDied: a cell did not end, or ended the worker.
        """
        clock = _Clock(self.pid, self._limits)
        awaited = [number for number, _ in cells]
        try:
            self._send(["load", [[number, source] for number, source in cells], list(forbidden)], clock)
            while True:
                match self._receive(clock):
                    case ["cell", number] if awaited and number == awaited.pop(0):
                        on_cell(number)
                        self.seconds += clock.wall()
                        clock = _Clock(self.pid, self._limits)
                        self._check_time()
                    case ["loaded", list(problems)]:
                        return [self._raised(problem) for problem in problems]
                    case _:
                        raise self._broke_protocol()
        finally:
            self.seconds += clock.wall()

    def _check_time(self) -> None:
        if self.seconds > self._limits.submission_seconds:
            self.end()
            raise CallTimedOut(f"the cells did not end within {self._limits.submission_seconds:g} seconds")

    def call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], want_arguments: bool = False) -> Reply:
        """Call a function of the submission.

        Args:
            function: its name.
            args, kwargs: the arguments; callables among them are called back in this process.
            want_arguments: whether the reply holds the arguments as the call left them.

        Raises:
            SubmissionRaised: the function raised an exception.
            FunctionMissing: there is no function of this name.
            CallTimedOut, WorkerDied: it did not end, or ended the worker.
        """
        clock = _Clock(self.pid, self._limits)
        self._callbacks = []
        self._calls += 1
        try:
            self._send(["call", self._calls, function, args, kwargs, want_arguments], clock)
            while True:
                match self._receive(clock):
                    case [self._calls, "return", answer, tuple(args_after), dict(kwargs_after)] if (
                        not want_arguments or (len(args_after), kwargs_after.keys()) == (len(args), kwargs.keys())
                    ):
                        return Reply(answer, args_after, kwargs_after, self._received)
                    case [self._calls, "raise", *details]:
                        raise self._raised(details)
                    case [self._calls, "missing"]:
                        raise FunctionMissing(function)
                    case ["callback", int(number), tuple(args), dict(kwargs)] if 0 <= number < len(self._callbacks):
                        with clock.paused():
                            answer = self._called_back(number, args, kwargs)
                        self._send(answer, clock)
                    case _:
                        raise self._broke_protocol()
        finally:
            self.seconds += clock.wall()

    def _called_back(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        try:
            return ["callback_return", self._callbacks[number](*args, **kwargs)]
        except Exception as error:
            return ["callback_raise", f"{type(error).__name__}: {error}"]

    def _register(self, callback: Callable[..., Any]) -> int:
        self._callbacks.append(callback)
        return len(self._callbacks) - 1

    def _raised(self, details: Any) -> SubmissionRaised:
        """What the worker says was raised: the type's name, the message, cell and line."""
        match details:
            case [str(type_name), str(message), int(cell), int(line)]:
                return SubmissionRaised(printable(type_name), printable(message), cell, line)
            case [str(type_name), str(message), None, None]:
                return SubmissionRaised(printable(type_name), printable(message))
        raise self._broke_protocol()

    def _broke_protocol(self) -> WorkerDied:
        self.end()
        return WorkerDied("the code wrote into the grader's channel, or sent a value that cannot be read")

    def _send(self, message: list[Any], clock: _Clock) -> None:
        for buffer in wire.encode(message, self._register):
            view = memoryview(buffer)
            while view:
                self._wait(select.POLLOUT, clock)
                try:
                    view = view[self._channel.send(view, socket.MSG_DONTWAIT) :]
                except BlockingIOError:
                    continue
                except (BrokenPipeError, ConnectionResetError):
                    raise self._died() from None

    def _receive(self, clock: _Clock) -> Any:
        try:
            header, payload = wire.lengths(self._read(wire.PREFIX.size, clock))
            self._received = header + payload
            return wire.decode(self._read(header, clock), self._read(payload, clock))
        except wire.WireError:
            raise self._broke_protocol() from None

    def _read(self, length: int, clock: _Clock) -> bytearray:
        data = bytearray(length)
        missing = memoryview(data)
        while missing:
            self._wait(select.POLLIN, clock)
            try:
                received = self._channel.recv_into(missing)
            except ConnectionResetError:
                received = 0
            if not received:
                raise self._died()
            missing = missing[received:]
        return data

    def _wait(self, event: int, clock: _Clock) -> None:
        poll = select.poll()
        poll.register(self._channel, event)
        while True:
            ready = poll.poll(_POLL_SECONDS * 1000)
            # asked also when there is something to read: a frame may come in byte by byte
            if exceeded := clock.exceeded():
                self.end()
                raise CallTimedOut(exceeded)
            if ready:
                return

    def _died(self) -> WorkerDied:
        return WorkerDied(f"the code ended its own process ({self.end()})")


class Zygote:
    """A process from which workers are forked; use as a context manager.

    Args:
        profile: what submissions may import: a key of `PROFILES`.
        limits: what each call may use.
        without: names of layers that are left off, to see what each is worth.

    Raises:
        SandboxError: it does not start.
    """

    def __init__(self, profile: str, limits: Limits | None = None, without: Sequence[str] = ()):
        if sys.platform != "linux":
            raise SandboxError("submissions can only be graded on Linux (a container or WSL will do)")
        self.limits = limits or Limits()
        self._control, theirs = socket.socketpair()
        self._control.settimeout(_START_SECONDS)
        self._cgroup, cgroup_problem = _cgroup(profile) if cgroup.NAME not in without else (None, "left off")
        namespaces_problem = namespaces.problem() if namespaces.NAME not in without else "left off"
        package_root = str(Path(__file__).parents[2])
        command = [
            *(self._cgroup.wrapper() if self._cgroup else []),
            *([] if namespaces_problem else namespaces.wrapper(PROFILES[profile].importable)),
            *(sys.executable, "-I", "-B", "-c", _PROGRAM, package_root),
            *(profile, namespaces_problem, cgroup_problem, *without),
        ]
        with theirs:
            self._process = subprocess.Popen(
                command, stdin=theirs.fileno(), env=_ENVIRONMENT, cwd="/", start_new_session=True
            )

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the zygote; its workers end with it."""
        self._control.close()
        self._process.kill()
        self._process.wait()
        if self._cgroup:
            self._cgroup.remove()

    def worker(self) -> Worker:
        """A new worker, locked down and ready.

        Raises:
            SandboxError: the zygote is gone, or the worker did not start.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._control, [b"W"], [theirs.fileno()])
            number, pidfd = self._forked()
        except OSError as error:
            ours.close()
            raise SandboxError(f"the zygote does not answer: {error}") from None
        worker = Worker(number, pidfd, ours, self, self.limits)
        try:
            worker.ready()
        except (WorkerDied, CallTimedOut) as error:
            raise SandboxError(f"a worker did not start: {error}") from None
        return worker

    def reap(self, number: int) -> int:
        """The wait status of a worker that has been killed; what it may have started is killed too.

        Args:
            number: the worker's process id in the zygote's namespace.

        Raises:
            SandboxError: the zygote is gone.
        """
        try:
            self._control.sendall(b"R" + PID.pack(number))
            data = self._control.recv(STATUS.size, socket.MSG_WAITALL)
            if len(data) != STATUS.size:
                raise ConnectionError("it has ended")
            return int(STATUS.unpack(data)[0])
        except OSError as error:
            raise SandboxError(f"the zygote does not answer: {error}") from None

    def _forked(self) -> tuple[int, int]:
        """Process id, in the zygote's namespace, and descriptor of the worker that it has forked."""
        data, descriptors, _, _ = socket.recv_fds(self._control, PID.size, 1)
        if len(data) != PID.size or not descriptors:
            raise ConnectionError("it has ended")
        return PID.unpack(data)[0], descriptors[0]


def _cgroup(profile: str) -> tuple[Cgroup | None, str]:
    """A control group for a zygote, or why there is none."""
    try:
        return Cgroup(memory=_ZYGOTE_BYTES + 2 * PROFILES[profile].memory), ""
    except OSError as error:
        return None, error.strerror or str(error)


class _Clock:
    """Measures a worker from outside, from now on."""

    def __init__(self, pid: int, limits: Limits):
        self._pid = pid
        self._limits = limits
        self._cpu_start = self._cpu()
        self._start = time.monotonic()
        self._waiting = 0.0
        self._waiting_start = self._waiting_for_processor()

    def exceeded(self) -> str:
        """Which limit was exceeded, as a sentence; empty when none was."""
        limits = self._limits
        if time.monotonic() - self._start < min(limits.cpu_seconds, limits.wall_seconds):
            return ""  # a process with one thread cannot have computed for longer
        if self._cpu() - self._cpu_start > limits.cpu_seconds:
            return f"it did not end within {limits.cpu_seconds:g} seconds of computing"
        if self.wall() > limits.wall_seconds:
            return f"it did not end within {limits.wall_seconds:g} seconds"
        return ""

    def wall(self) -> float:
        """Seconds since the start in which the worker could run."""
        return time.monotonic() - self._start - (self._waiting_for_processor() - self._waiting_start)

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Time in which the worker waits for the grader is not its own."""
        start = time.monotonic()
        yield
        self._start += time.monotonic() - start

    def _cpu(self) -> float:
        """CPU seconds of the process; its clock's number is made from its id, see clock_getcpuclockid(3)."""
        try:
            return time.clock_gettime((~self._pid << 3) | 2)
        except OSError:
            return 0.0

    def _waiting_for_processor(self) -> float:
        """Seconds that the process was ready to run and did not; see the kernel's sched-stats.rst."""
        with contextlib.suppress(OSError, IndexError):  # it has ended, or the kernel does not count
            self._waiting = int(Path(f"/proc/{self._pid}/schedstat").read_text().split()[1]) / 1e9
        return self._waiting


def _process_id(pidfd: int) -> int:
    """The id of a process here, where that may be another one than in its own namespace; see pidfd_open(2)."""
    lines = Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pid:")).split()[1])


def printable(text: str) -> str:
    """Text from a submission for showing: without control characters, and no longer than a message."""
    return _UNPRINTABLE.sub(" ", text[:MAX_MESSAGE]).strip()


def _how_it_ended(status: int) -> str:
    if not os.WIFSIGNALED(status):
        return f"exit code {os.WEXITSTATUS(status)}"
    number = os.WTERMSIG(status)
    return signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
