"""The system calls that a worker may make, as a seccomp filter (a classic BPF program).

Allowed is what one Python process with one thread needs to compute: memory, its open files, clocks, its own signals.
Everything else fails with EPERM: other processes and threads, exec, sockets, namespaces, tracing, changes of files.
See seccomp(2) and the kernel's `seccomp_filter.rst`; numbers from the kernel's `syscall_64.tbl` and `unistd.h`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# name: (x86_64, aarch64); None where the architecture does not have the call
_NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63),
    "write": (1, 64),
    "open": (2, None),
    "close": (3, 57),
    "stat": (4, None),
    "fstat": (5, 80),
    "lstat": (6, None),
    "poll": (7, None),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "pread64": (17, 67),
    "readv": (19, 65),
    "writev": (20, 66),
    "access": (21, None),
    "select": (23, None),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "dup": (32, 23),
    "dup2": (33, None),
    "nanosleep": (35, 101),
    "getitimer": (36, 102),
    "setitimer": (38, 103),
    "getpid": (39, 172),
    "exit": (60, 93),
    "uname": (63, 160),
    "getcwd": (79, 17),
    "readlink": (89, None),
    "gettimeofday": (96, 169),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "times": (100, 153),
    "getuid": (102, 174),
    "getgid": (104, 176),
    "geteuid": (107, 175),
    "getegid": (108, 177),
    "getppid": (110, 173),
    "sigaltstack": (131, 132),
    "arch_prctl": (158, None),
    "gettid": (186, 178),
    "time": (201, None),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "getdents64": (217, 61),
    "set_tid_address": (218, 96),
    "restart_syscall": (219, 128),
    "fadvise64": (221, 223),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "openat": (257, 56),
    "newfstatat": (262, 79),
    "readlinkat": (267, 78),
    "faccessat": (269, 48),
    "pselect6": (270, 72),
    "ppoll": (271, 73),
    "set_robust_list": (273, 99),
    "dup3": (292, 24),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "statx": (332, 291),
    "rseq": (334, 293),
    "faccessat2": (439, 439),
}
_IOCTL = (16, 29)
_FCNTL = (72, 25)
_KILL = (62, 129)
_TGKILL = (234, 131)
_PRLIMIT64 = (302, 261)
_CLONE3 = (435, 435)

_IOCTL_REQUESTS = (0x5401, 0x5413, 0x541B, 0x5450, 0x5451)  # TCGETS, TIOCGWINSZ, FIONREAD, FIONCLEX, FIOCLEX
_FCNTL_COMMANDS = (0, 1, 2, 3, 4, 1030)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC

_ALLOW = 0x7FFF0000
_KILL_PROCESS = 0x80000000
_DENY = 0x00050000 | errno.EPERM
_UNKNOWN = 0x00050000 | errno.ENOSYS

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_OFFSET, _ARCH_OFFSET, _FIRST_ARGUMENT = 0, 4, 16


def restrict_system_calls() -> None:
    """Let this process make the allowed system calls only, for good. Needs no_new_privs.

    Raises:
        OSError: the system has no seccomp, or its table for this processor is not written.
    """
    install(_program(os.getpid()))


def install(program: bytes) -> None:
    """Make a filter program that of this process, for good; see seccomp(2).

    Raises:
        OSError: the system has no seccomp.
    """
    instructions = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HP", len(program) // 8, ctypes.addressof(instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp is not available")


def _program(pid: int) -> bytes:
    machine = platform.machine()
    if machine not in _AUDIT_ARCH:
        raise OSError(errno.ENOSYS, f"no table of system calls for {machine}")
    column = list(_AUDIT_ARCH).index(machine)
    code = [
        _instruction(_LOAD, _ARCH_OFFSET),
        _instruction(_EQUAL, _AUDIT_ARCH[machine], 1, 0),
        _instruction(_RETURN, _KILL_PROCESS),
        _instruction(_LOAD, _NUMBER_OFFSET),
    ]
    if machine == "x86_64":  # the x32 calls
        code += [_instruction(_AT_LEAST, 0x40000000, 0, 1), _instruction(_RETURN, _KILL_PROCESS)]
    for numbers in _NUMBERS.values():
        number = numbers[column]
        if number is not None:
            code += _when_equal(number, [_instruction(_RETURN, _ALLOW)])
    code += _when_equal(_KILL[column], _if_argument(0, (pid,)))
    code += _when_equal(_TGKILL[column], _if_argument(0, (pid,)))
    code += _when_equal(_IOCTL[column], _if_argument(1, _IOCTL_REQUESTS))
    code += _when_equal(_FCNTL[column], _if_argument(1, _FCNTL_COMMANDS))
    # prlimit64 may read limits (new_limit is NULL, both halves of it), of this process only (pid 0 or its own)
    code += _when_equal(_PRLIMIT64[column], _if_argument(0, (0, pid), _if_argument(2, (0,), _if_high_half(2, 0))))
    code += _when_equal(_CLONE3[column], [_instruction(_RETURN, _UNKNOWN)])
    code.append(_instruction(_RETURN, _DENY))
    return b"".join(code)


def _instruction(operation: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", operation, if_true, if_false, value)


def _when_equal(value: int, then: list[bytes]) -> list[bytes]:
    """Run `then` (which must end in a return) where the loaded word equals the value."""
    return [_instruction(_EQUAL, value, 0, len(then)), *then]


def _if_argument(position: int, allowed: tuple[int, ...], then: list[bytes] | None = None) -> list[bytes]:
    """Run `then` (by default: allow) where the low half of an argument is one of the values; deny elsewhere."""
    then = then or [_instruction(_RETURN, _ALLOW)]
    code = [_instruction(_LOAD, _FIRST_ARGUMENT + 8 * position)]
    for index, value in enumerate(allowed):
        code.append(_instruction(_EQUAL, value, len(allowed) - index, 0))
    return [*code, _instruction(_RETURN, _DENY), *then]


def _if_high_half(position: int, value: int) -> list[bytes]:
    load = _instruction(_LOAD, _FIRST_ARGUMENT + 8 * position + 4)
    return [load, _instruction(_EQUAL, value, 1, 0), _instruction(_RETURN, _DENY), _instruction(_RETURN, _ALLOW)]
