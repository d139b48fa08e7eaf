"""What a locked-down worker costs: time from request to ready, calls, large arrays, memory of its own.

Run on an idle machine: `python -m autograder.benchmarks.worker_cost`
"""

from __future__ import annotations

import contextlib
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.table import Table

from autograder.report import console
from autograder.sandbox.client import Worker, Zygote
from autograder.sandbox.profiles import PROFILES

_LARGE = np.ones(4 << 20)
_LIVE_WORKERS = 8


def main() -> None:
    table = Table(title="A locked-down worker (medians)", title_justify="left")
    for heading in ("profile", "zygote", "worker ready", "small call", "large arrays", "memory of its own"):
        table.add_column(heading, justify="right" if heading != "profile" else "left")
    for profile in PROFILES:
        start = time.perf_counter()
        with Zygote(profile) as zygote:
            zygote.worker().end()
            row = [f"{time.perf_counter() - start:.2f} s", *measure(zygote)]
        table.add_row(profile, *row)
    console().print(table)


def measure(zygote: Zygote) -> list[str]:
    """Time to ready; round trip of a small array, and bytes a second of a large one, there and back; memory."""
    ready = []
    for _ in range(100):
        start = time.perf_counter()
        worker = zygote.worker()
        ready.append(time.perf_counter() - start)
        worker.end()
    with contextlib.ExitStack() as stack:
        workers = [stack.enter_context(zygote.worker()) for _ in range(_LIVE_WORKERS)]
        for worker in workers:
            worker.load([(0, "def f(x): return x")], lambda _: None)
            _call(worker, np.ones(8))
        memory = statistics.median(_own_memory(worker.pid) for worker in workers)
        small = [_seconds(lambda: _call(workers[0], np.ones(8))) for _ in range(1000)]
        large = [_seconds(lambda: _call(workers[0], _LARGE)) for _ in range(10)]
    return [
        f"{statistics.median(ready) * 1e3:.1f} ms",
        f"{statistics.median(small) * 1e6:.0f} µs",
        f"{2 * _LARGE.nbytes / statistics.median(large) / 1e6:.0f} MB/s",
        f"{memory / 1024:.1f} MiB",
    ]


def _call(worker: Worker, array: np.ndarray) -> None:
    worker.call("f", (array,), {})


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _own_memory(pid: int) -> float:
    """KiB that a process shares with no other; see the kernel's proc.rst."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return float(sum(int(number) for number in re.findall(r"^Private_\w+:\s+(\d+) kB", text, re.MULTILINE)))


if __name__ == "__main__":
    main()
