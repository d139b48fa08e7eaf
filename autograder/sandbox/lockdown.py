"""The lock-down: what is taken from a worker before the first line of a submission runs.

Each layer is one function that applies it and one that tries what it forbids. A layer counts as on only when that attempt, made
in the worker right after the layer was applied, was refused.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
import signal
import socket
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import cgroup, namespaces
from autograder.sandbox.libraries import readable_packages, readable_standard_library, site_packages, standard_library
from autograder.sandbox.syscalls import restrict_system_calls

ON = "on"
#: The descriptors that a worker keeps: standard input and output (the null device), and its channel.
CHANNEL = 3
#: CPU seconds after which the kernel ends a worker that nobody else has ended.
MAX_CPU_SECONDS = 60

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER = 1, 4, 36
_PR_SET_NO_NEW_PRIVS, _PR_GET_NO_NEW_PRIVS = 38, 39
_LINUX_CAPABILITY_VERSION_3 = 0x20080522
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_FILE_RIGHTS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Policy:
    """What the layers need to know; made once, in the zygote.

    Attributes:
        memory: bytes that a worker may allocate beyond what it starts with.
        landlock_ruleset: descriptor of the prepared rules, or None with the reason in `landlock_problem`.
        namespaces_problem: why the zygote has no namespaces of its own; empty where it has.
        cgroup_problem: why it has no control group of its own; empty where it has.
    """

    memory: int
    landlock_ruleset: int | None
    landlock_problem: str = ""
    namespaces_problem: str = ""
    cgroup_problem: str = ""


@dataclass(frozen=True)
class Layer:
    """One layer: how it is applied, and an attempt that succeeds only where the layer is missing.

    Attributes:
        attempt: returns normally when what the layer forbids was possible, and raises OSError or MemoryError when it was refused.
        forbids: what it protects from.
        how_to_get: what to do where it is off.
        required: whether marks may come of a system only where it is on.
    """

    name: str
    apply: Callable[[Policy], None]
    attempt: Callable[[], None]
    forbids: str
    how_to_get: str
    required: bool = True


def lock_down(policy: Policy, layers: Sequence[Layer]) -> dict[str, str]:
    """Apply the layers in order and try each: name -> "on", or why it is not."""
    return {layer.name: _apply(layer, policy) for layer in layers}


def _apply(layer: Layer, policy: Policy) -> str:
    try:
        layer.apply(policy)
    except (OSError, ValueError) as error:
        return f"off: {error}"
    try:
        layer.attempt()
    except (OSError, MemoryError):
        return ON
    return "off: what it forbids was possible"


def enter_namespaces(policy: Policy) -> None:
    """The zygote was started in namespaces of its own, or could not be; a worker has those of its zygote."""
    if policy.namespaces_problem:
        raise OSError(policy.namespaces_problem)


def see_system_files() -> None:
    Path("/etc/passwd").stat()


def join_cgroup(policy: Policy) -> None:
    """The zygote was started in a control group of its own, or could not be; a worker is in that of its zygote."""
    if policy.cgroup_problem:
        raise OSError(policy.cgroup_problem)


def be_in_no_group_of_ours() -> None:
    """What a group forbids would hurt to try: the system is asked instead."""
    if f"/{cgroup.PREFIX}" in Path("/proc/self/cgroup").read_text():
        raise PermissionError


def close_descriptors(_: Policy) -> None:
    """Close everything inherited but standard input and output and the channel."""
    os.closerange(CHANNEL + 1, os.sysconf("SC_OPEN_MAX"))


def use_other_descriptor() -> None:
    os.fstat(CHANNEL + 1)


def limit_resources(policy: Policy) -> None:
    """Limits of the kernel on CPU time, memory, processes, open files, written bytes and core dumps."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    address_space = pages * resource.getpagesize() + policy.memory
    for limit, value in (
        (resource.RLIMIT_CPU, MAX_CPU_SECONDS),
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def allocate_beyond_limit() -> None:
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        mmap.mmap(-1, limit).close()


def drop_privileges(_: Policy) -> None:
    """No capabilities, no way to gain any, no reading of this process's memory, and death when the zygote dies."""
    for option, value in ((_PR_SET_NO_NEW_PRIVS, 1), (_PR_SET_DUMPABLE, 0), (_PR_SET_PDEATHSIG, signal.SIGKILL)):
        if _libc.prctl(option, value, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), f"prctl({option}) failed")
    header = struct.pack("Ii", _LINUX_CAPABILITY_VERSION_3, 0)
    if _libc.capset(header, bytes(24)) != 0:
        raise OSError(ctypes.get_errno(), "capset failed")


def gain_privileges() -> None:
    if _libc.prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1:
        socket.sethostname(socket.gethostname())


def restrict_files(policy: Policy) -> None:
    """Landlock: read the standard library and the profile's packages, nothing else; write nothing; no TCP."""
    if policy.landlock_ruleset is None:
        raise OSError(policy.landlock_problem)
    if _libc.syscall(_LANDLOCK_RESTRICT_SELF, policy.landlock_ruleset, 0) != 0:
        raise OSError(ctypes.get_errno(), "landlock_restrict_self failed")
    os.close(policy.landlock_ruleset)


def read_own_source() -> None:
    os.close(os.open(__file__, os.O_RDONLY))


def restrict_calls(_: Policy) -> None:
    """seccomp: no other process or thread, no socket, no change of files, no limit raised."""
    restrict_system_calls()


def open_socket() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


_LINUX = "grade on Linux: a container or WSL will do"
LAYERS = (
    Layer(
        *(namespaces.NAME, enter_namespaces, see_system_files),
        forbids="seeing other processes, the network, and names and times of files (user, PID, network, IPC, mount)",
        how_to_get="install bubblewrap, and let users create namespaces (in a container: ask its operator)",
        required=False,
    ),
    Layer(
        *(cgroup.NAME, join_cgroup, be_in_no_group_of_ours),
        forbids="using more memory and processes than all workers together may (cgroup v2)",
        how_to_get="grade as root, or where systemd delegates a cgroup with memory and pids",
        required=False,
    ),
    Layer(
        *("resource limits", limit_resources, allocate_beyond_limit),
        forbids="more than its share of memory, computing time, open files, processes and written bytes",
        how_to_get=_LINUX,
    ),
    Layer(
        *("privileges", drop_privileges, gain_privileges),
        forbids="using or gaining capabilities, outliving the grader",
        how_to_get=_LINUX,
    ),
    Layer(
        *("files", restrict_files, read_own_source),
        forbids="reading anything but Python's libraries and the profile's packages, writing anything",
        how_to_get="Linux 5.13 or later with Landlock among its security modules (see landlock(7))",
    ),
    Layer(
        *("descriptors", close_descriptors, use_other_descriptor),
        forbids="using files and sockets that the grader has open",
        how_to_get=_LINUX,
    ),
    Layer(
        *("system calls", restrict_calls, open_socket),
        forbids="other processes and threads, programs, sockets, signals to others, raising limits, tracing",
        how_to_get="Linux on x86-64 or 64-bit ARM with seccomp filters (see seccomp(2))",
    ),
)
REQUIRED_LAYERS = tuple(layer.name for layer in LAYERS if layer.required)


def missing_layers(layers: Mapping[str, str], required: Sequence[str] = REQUIRED_LAYERS) -> list[str]:
    """The required layers that are not on, each with the reason."""
    return [f"{name} ({layers.get(name, 'not tried')})" for name in required if layers.get(name) != ON]


def adopt_orphans() -> None:
    """Make this process the parent of what its descendants leave behind, so that it can end it; see prctl(2)."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def prepare_policy(
    memory: int, packages: Sequence[str], namespaces_problem: str = "", cgroup_problem: str = ""
) -> Policy:
    """The policy for workers that may import the packages.

    Args:
        memory: bytes that a worker may allocate beyond what it starts with.
        packages: top-level packages of site-packages that may be read.
        namespaces_problem, cgroup_problem: why there are none; empty where there are.
    """
    ruleset, problem = None, ""
    try:
        ruleset = _landlock_ruleset(_readable_paths(packages))
    except OSError as error:
        problem = f"Landlock is not available: {error}"
    return Policy(memory, ruleset, problem, namespaces_problem, cgroup_problem)


def _readable_paths(packages: Sequence[str]) -> list[tuple[Path, int]]:
    """What a worker may read: (path, rights). Folders that are import paths may be listed, not read as a whole."""
    import_paths = [folder for folder in (*standard_library(), *site_packages()) if folder.exists()]
    libraries = [*readable_standard_library(), *readable_packages(packages)]
    return [*((folder, _READ_DIR) for folder in import_paths), *((path, _reading(path)) for path in libraries)]


def _reading(path: Path) -> int:
    return _READ_FILE | _EXECUTE | (_READ_DIR if path.is_dir() else 0)


def _landlock_ruleset(paths: Sequence[tuple[Path, int]]) -> int:
    """A Landlock ruleset that allows the rights on the paths; see landlock(7).

    Raises:
        OSError: the kernel has no Landlock.
    """
    abi = _libc.syscall(_LANDLOCK_CREATE_RULESET, None, 0, 1)
    if abi < 1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    file_rights = _FILE_RIGHTS_BY_ABI[min(abi, max(_FILE_RIGHTS_BY_ABI))]
    network_rights = 3 if abi >= 4 else 0  # bind and connect of TCP
    scopes = 3 if abi >= 6 else 0  # abstract Unix sockets and signals
    attributes = struct.pack("QQQ", file_rights, network_rights, scopes)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    ruleset = _libc.syscall(_LANDLOCK_CREATE_RULESET, attributes, size, 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    for path, rights in paths:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = struct.pack("=Qi", rights, descriptor)
        failed = _libc.syscall(_LANDLOCK_ADD_RULE, ruleset, 1, rule, 0) != 0
        os.close(descriptor)
        if failed:
            raise OSError(ctypes.get_errno(), f"landlock_add_rule failed for {path.name}")
    return int(ruleset)
