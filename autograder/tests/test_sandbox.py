"""A worker computes and can do nothing else; whatever it does costs its own submission only."""

from __future__ import annotations

import dataclasses
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autograder.sandbox import cgroup, lockdown, namespaces, syscalls
from autograder.sandbox.client import Limits, Worker, Zygote
from autograder.sandbox.lockdown import missing_layers
from autograder.sandbox.outcomes import (
    CallTimedOut,
    FunctionMissing,
    SandboxError,
    SubmissionRaised,
    Unsupported,
    WorkerDied,
)

LIMITS = Limits(cpu_seconds=2, wall_seconds=3)


@pytest.fixture(scope="module", params=["everything", "no namespaces"])
def zygote(request: pytest.FixtureRequest) -> Iterator[Zygote]:
    """A zygote with all layers that the system has, and one as it is where no namespaces are to be had."""
    without = [namespaces.NAME, cgroup.NAME] if request.param == "no namespaces" else []
    with Zygote("numpy", LIMITS, without) as zygote:
        yield zygote


@pytest.fixture
def run(zygote: Zygote) -> Iterator[Callable[..., Any]]:
    """Load a submission and call its function `f`."""
    workers: list[Worker] = []

    def run(source: str, *args: Any) -> Any:
        worker = zygote.worker()
        workers.append(worker)
        problems = worker.load([(0, source)], lambda _: None)
        assert not problems, problems
        return worker.call("f", args, {}).answer

    yield run
    for worker in workers:
        worker.end()


def test_every_layer_is_on(zygote: Zygote) -> None:
    with zygote.worker() as worker:
        assert missing_layers(worker.layers) == []
        assert {*worker.layers, namespaces.NAME, cgroup.NAME} == {layer.name for layer in lockdown.LAYERS}


def test_a_function_is_called(run: Callable[..., Any]) -> None:
    x = np.array([[-1.0, 2.0]])
    answer = run("import numpy as np\ndef f(x): return np.maximum(x, 0)", x)
    assert (answer == [[0, 2]]).all()
    assert (x == [[-1, 2]]).all()


def test_containers_scalars_and_text_cross(run: Callable[..., Any]) -> None:
    value = {"a": [1, (2.5, None)], "b": "text", "c": True, "d": np.float32(3), "e": 2**80}
    assert run("def f(x): return x", value) == value


def test_a_callable_argument_is_called_back_here(run: Callable[..., Any]) -> None:
    seen = []

    def double(x: float, by: int = 1) -> float:
        seen.append(os.getpid())
        return 2 * x * by

    assert run("def f(g, x): return g(x) + g(x, by=3)", double, 5.0) == 40
    assert seen == [os.getpid()] * 2


def test_a_callback_that_fails_raises_in_the_submission(run: Callable[..., Any]) -> None:
    def fail() -> None:
        raise ValueError("no")

    source = "def f(g):\n    try:\n        g()\n    except Exception as error:\n        return type(error).__name__"
    assert run(source, fail) == "CallbackFailed"


def test_a_generator_argument_draws_what_it_would_here(run: Callable[..., Any]) -> None:
    answer = run("def f(rng): return rng.normal(size=3)", np.random.default_rng(7))
    assert (answer == np.random.default_rng(7).normal(size=3)).all()


def test_arguments_come_back_as_the_call_left_them(zygote: Zygote) -> None:
    with zygote.worker() as worker:
        worker.load([(0, "def f(x):\n    x += 1\n    return x")], lambda _: None)
        reply = worker.call("f", (np.zeros(2),), {}, want_arguments=True)
    assert (reply.args_after[0] == 1).all()


def test_tensors_cross_to_a_torch_worker() -> None:
    with Zygote("torch", LIMITS) as zygote, zygote.worker() as worker:
        assert missing_layers(worker.layers) == []
        worker.load([(0, "import torch\ndef f(x):\n    (x ** 2).sum().backward()\n    return x.grad")], lambda _: None)
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        answer = worker.call("f", (x,), {}).answer
        assert torch.equal(answer, torch.tensor([2.0, 4.0]))


def test_a_torch_worker_trains_with_an_optimiser() -> None:
    source = """
import torch
def f(x, y, generator):
    torch.set_num_threads(8)
    weight = torch.randn(3, generator=generator).requires_grad_()
    optimizer = torch.optim.Adam([weight], lr=0.1)
    for _ in range(200):
        optimizer.zero_grad()
        ((x @ weight - y) ** 2).mean().backward()
        optimizer.step()
    return weight
"""
    x = torch.randn(64, 3, dtype=torch.float32)
    target = torch.tensor([1.0, -2.0, 3.0])
    with Zygote("torch", Limits(cpu_seconds=10, wall_seconds=20)) as zygote, zygote.worker() as worker:
        worker.load([(0, source)], lambda _: None)
        answer = worker.call("f", (x, x @ target, torch.Generator().manual_seed(0)), {}).answer
    assert torch.allclose(answer.detach(), target, atol=0.05)


def test_magics_are_left_out(run: Callable[..., Any]) -> None:
    assert run("%matplotlib inline\n!ls\ndef f(): return 7\nf?") == 7


def test_a_continued_modulo_is_no_magic(run: Callable[..., Any]) -> None:
    assert run("x = (7\n     % 4)\ndef f(): return x") == 3


def test_a_cell_that_fails_leaves_the_others_alone(zygote: Zygote) -> None:
    cells = [(0, "def f(): return 1"), (1, "1 / 0"), (2, "def g(: pass"), (3, "def h(): return 2")]
    with zygote.worker() as worker:
        problems = worker.load(cells, lambda _: None)
        assert [(problem.type_name, problem.cell) for problem in problems] == [
            ("ZeroDivisionError", 1),
            ("SyntaxError", 2),
        ]
        assert worker.call("f", (), {}).answer + worker.call("h", (), {}).answer == 3


def test_a_missing_function_is_said_to_be_missing(zygote: Zygote) -> None:
    with zygote.worker() as worker, pytest.raises(FunctionMissing, match="no function named f"):
        worker.call("f", (), {})


def test_what_is_raised_has_type_message_and_place(run: Callable[..., Any]) -> None:
    with pytest.raises(SubmissionRaised) as caught:
        run("def f(x):\n    y = 1\n    return x[5]", [1])
    assert (caught.value.type_name, caught.value.cell, caught.value.line) == ("IndexError", 0, 3)
    assert "out of range" in caught.value.message


def test_control_characters_do_not_get_through(run: Callable[..., Any]) -> None:
    with pytest.raises(SubmissionRaised) as caught:
        run("def f(): raise ValueError('a\\x1b]0;title\\x07b\\u202ec')")
    assert caught.value.message == "a ]0;title b c"


FORBIDDEN = {
    "read a file": "open('/etc/passwd').read()",
    "read the grader": f"open({lockdown.__file__!r}).read()",
    "list a folder": "__import__('os').listdir('/')",
    "read a process": "open('/proc/self/environ').read()",
    "read the parent's memory": "open(f'/proc/{__import__(\"os\").getppid()}/mem', 'rb').read(1)",
    "write a file": "open('/tmp/x', 'w')",
    "write shared memory": "open('/dev/shm/x', 'w')",
    "delete": "__import__('os').remove('/tmp')",
    "change a mode": f"__import__('os').chmod({lockdown.__file__!r}, 0o777)",
    "TCP": "__import__('socket').socket()",
    "UDP": "__import__('socket').socket(2, 2)",
    "Unix socket": "__import__('socket').socket(1)",
    "fork": "__import__('os').fork()",
    "exec": "__import__('os').execv('/bin/true', ['true'])",
    "subprocess": "__import__('os').posix_spawn('/bin/true', ['true'], {})",
    "thread": "__import__('_thread').start_new_thread(print, ())",
    "signal to the parent": "__import__('os').kill(__import__('os').getppid(), 9)",
    "signal to all": "__import__('os').kill(-1, 9)",
    "raise a limit": "(lambda r: r.setrlimit(r.RLIMIT_AS, (1 << 50, 1 << 50)))(__import__('resource'))",
    "limit the parent": "(lambda r, o: r.prlimit(o.getppid(), r.RLIMIT_NOFILE, (1, 1)))"
    "(__import__('resource'), __import__('os'))",
    "another descriptor": "__import__('os').fstat(4)",
    "import torch": "__import__('torch')",
    "import scikit-learn": "__import__('sklearn')",
    "import the hidden suite": "__import__('autograder.topics')",
}


@pytest.mark.parametrize("attempt", FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_worker_may_not(run: Callable[..., Any], attempt: str) -> None:
    with pytest.raises(SubmissionRaised) as caught:
        run(f"def f():\n    return str({attempt})")
    assert caught.value.type_name in (
        "PermissionError",
        "FileNotFoundError",
        "ModuleNotFoundError",
        "RuntimeError",
        "OSError",
        "ValueError",
        "BlockingIOError",
    )
    assert caught.value.line == 2


def test_a_loop_is_stopped_by_its_computing_time(run: Callable[..., Any]) -> None:
    with pytest.raises(CallTimedOut, match="2 seconds of computing"):
        run(
            "def f():\n    while True:\n        try:\n            pass\n        except BaseException:\n            pass"
        )


def test_sleep_is_stopped_by_the_wall_clock(run: Callable[..., Any]) -> None:
    with pytest.raises(CallTimedOut, match="3 seconds"):
        run("import time\ndef f():\n    time.sleep(100)")


def test_a_loop_in_a_cell_is_stopped(zygote: Zygote) -> None:
    seen: list[int] = []
    with zygote.worker() as worker, pytest.raises(CallTimedOut):
        worker.load([(0, "x = 1"), (1, "while True: pass")], seen.append)
    assert seen == [0, 1]


@pytest.mark.parametrize("source", ["bytearray(1 << 31)", "[np.empty(1 << 20) for _ in range(1 << 10)]"])
def test_memory_is_limited(run: Callable[..., Any], source: str) -> None:
    with pytest.raises(SubmissionRaised) as caught:
        run(f"import numpy as np\ndef f(): return len({source})")
    assert caught.value.type_name.endswith("MemoryError")


def test_output_is_thrown_away(run: Callable[..., Any]) -> None:
    source = (
        "import os, sys\ndef f():\n    for _ in range(1024):\n        print('x' * (1 << 20))\n"
        "    os.write(1, b'y' * (1 << 20))\n    sys.stderr.write('z')\n    return 1"
    )
    assert run(source) == 1


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ("os._exit(3)", "exit code 3"),
        ("os.kill(os.getpid(), 9)", "SIGKILL"),
        ("os.kill(os.getpid(), 40)", "signal 40"),
        ("ctypes.string_at(0)", "SIGSEGV"),
        ("os.close(3)", "exit code 0|SIGKILL"),
    ],
)
def test_a_worker_that_ends_is_reported(run: Callable[..., Any], body: str, how: str) -> None:
    with pytest.raises(WorkerDied, match=how):
        run(f"import ctypes, os\ndef f():\n    {body}")


@pytest.mark.parametrize(
    "body",
    [
        "os.write(3, b'x' * 100)",
        "os.write(3, b'AGW1' + b'\\xff' * 8)",
        "os.write(3, b'AGW1' + (1).to_bytes(4, 'little') + bytes(4) + b'\\xc1')",
    ],
)
def test_a_forged_message_ends_the_worker(run: Callable[..., Any], body: str) -> None:
    with pytest.raises(WorkerDied):
        run(f"import os, time\ndef f():\n    {body}\n    time.sleep(9)")


@pytest.mark.parametrize(
    "value", ["(i for i in 'ab')", "object()", "type('A', (np.ndarray,), {})(2)", "np.array([None])"]
)
def test_an_answer_that_is_no_plain_value_is_named(run: Callable[..., Any], value: str) -> None:
    assert isinstance(run(f"import numpy as np\ndef f(): return {value}"), Unsupported)


def test_nothing_of_a_worker_is_left(zygote: Zygote) -> None:
    worker = zygote.worker()
    pid = worker.pid
    worker.end()
    assert not Path(f"/proc/{pid}").exists()


def test_workers_end_with_their_zygote() -> None:
    zygote = Zygote("numpy", LIMITS)
    pid = zygote.worker().pid
    zygote.close()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
        assert time.monotonic() < deadline, "the worker outlived its zygote"
        time.sleep(0.01)


def test_a_dead_zygote_is_our_fault_and_says_so() -> None:
    zygote = Zygote("numpy", LIMITS)
    zygote.close()
    with pytest.raises(SandboxError, match="zygote"):
        zygote.worker()


def test_a_zygote_that_is_killed_is_our_fault_and_says_so() -> None:
    zygote = Zygote("numpy", LIMITS)
    zygote._process.kill()  # with namespaces this is the process around it, which takes it along

    def use_until_it_fails() -> None:
        while True:
            zygote.worker().end()

    with pytest.raises(SandboxError, match="zygote"):
        use_until_it_fails()


def test_frames_that_trickle_in_are_stopped_by_the_wall_clock(run: Callable[..., Any]) -> None:
    source = """
import os, time
def f():
    os.write(3, b"AGW1" + (1000).to_bytes(4, "little") + bytes(4))
    while True:
        os.write(3, b"x")
        time.sleep(0.01)
"""
    with pytest.raises(CallTimedOut, match="3 seconds"):
        run(source)


def test_endless_callbacks_are_stopped(run: Callable[..., Any]) -> None:
    with pytest.raises(CallTimedOut):
        run("def f(g):\n    while True: g()", lambda: None)


def test_time_in_a_callback_is_not_the_workers(run: Callable[..., Any]) -> None:
    def slow() -> int:
        time.sleep(LIMITS.wall_seconds + 1)
        return 1

    assert run("def f(g): return g()", slow) == 1


def test_an_answer_ahead_of_the_call_is_no_answer(zygote: Zygote) -> None:
    """The code answers the next call beforehand; that answer bears the wrong number, or comes where none is awaited."""
    source = """
import os
from autograder.sandbox import wire
def f():
    for buffer in wire.encode([1, "return", 7, (), {}]): os.write(3, buffer)
    return 8
def g(): return 9
"""
    with zygote.worker() as worker:
        worker.load([(0, source)], lambda _: None)
        assert worker.call("f", (), {}).answer == 7
        with pytest.raises(WorkerDied):
            worker.call("g", (), {})


FORGED = {
    "a cell that is not its turn": '["cell", 0]',
    "a cell that is not there": '["cell", 99]',
    "problems that are none": '["loaded", [1, 2]]',
    "problems without a place": '["loaded", [["ValueError", "x"]]]',
    "an answer to no call": '[1, "return", 1, (), {}]',
}


@pytest.mark.parametrize("message", FORGED.values(), ids=FORGED)
def test_forged_messages_while_cells_run_end_the_worker(zygote: Zygote, message: str) -> None:
    source = f"""
import os
from autograder.sandbox import wire
for buffer in wire.encode({message}): os.write(3, buffer)
"""
    with zygote.worker() as worker, pytest.raises(WorkerDied, match="wrote into the grader's channel"):
        worker.load([(0, "x = 1"), (1, source), (2, "x = 2")], lambda _: None)


def test_cells_have_a_budget_together() -> None:
    cells = [(number, "import time; time.sleep(0.4)") for number in range(9)]
    limits = Limits(submission_seconds=1)
    with Zygote("numpy", limits) as zygote, zygote.worker() as worker:
        with pytest.raises(CallTimedOut, match="the cells did not end within 1 seconds"):
            worker.load(cells, lambda _: None)


def test_what_is_said_to_be_raised_is_short(run: Callable[..., Any]) -> None:
    """The worker caps messages, but who has taken it over may send any."""
    source = """
import os
from autograder.sandbox import wire
def f():
    for buffer in wire.encode([1, "raise", "T" * 9999, "m" * 99999, None, None]): os.write(3, buffer)
"""
    with pytest.raises(SubmissionRaised) as caught:
        run(source)
    assert len(str(caught.value)) < 1000


def test_what_a_worker_started_ends_with_it() -> None:
    """Where a layer that forbids processes is off, those that a submission has started are ended all the same."""
    without = [layer.name for layer in lockdown.LAYERS]
    source = """
import os, time
def f():
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(writing, str(os.getpid()).encode())
            time.sleep(60)
        os._exit(0)
    return int(os.read(reading, 10))
"""
    with Zygote("numpy", LIMITS, without) as zygote:
        worker = zygote.worker()
        worker.load([(0, source)], lambda _: None)
        daemon = Path(f"/proc/{worker.call('f', (), {}).answer}")
        assert daemon.exists()
        worker.end()
        zygote.worker().end()  # the zygote answers in order
        assert not daemon.exists()


def test_a_forbidden_function_cannot_be_had_by_another_name(zygote: Zygote) -> None:
    source = """
import importlib, numpy, numpy as np
from numpy import tanh as t
def a(): return t(1.0)
def b(): return getattr(np, "ta" + "nh")(1.0)
def c(): return np.core.umath.tanh(1.0)
def d(): return importlib.reload(np._core._multiarray_umath).tanh(1.0)
def e(): return np.ma.tanh(1.0)
def exp(): return np.exp(1.0)
"""
    with zygote.worker() as worker:
        assert worker.load([(0, source)], lambda _: None, ["numpy.tanh"]) == []
        for name in "abcde":
            with pytest.raises(SubmissionRaised, match=r"numpy\.tanh is ruled out|ImportError"):
                worker.call(name, (), {})
        assert worker.call("exp", (), {}).answer == np.exp(1)


# Each layer alone: what it forbids is possible without it and refused with it, in a child process that ends afterwards.


def in_child(action: Callable[[], str]) -> str:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(writing, lockdown.CHANNEL)  # the one descriptor that every layer leaves open
        try:
            text = action()
        except BaseException as error:
            text = f"{type(error).__name__}: {error}"
        os.write(lockdown.CHANNEL, text.encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        text = pipe.read().decode()
    os.waitpid(pid, 0)
    return text


LAYERS_OF_A_PROCESS = {
    layer.name: layer for layer in lockdown.LAYERS if layer.name not in (namespaces.NAME, cgroup.NAME)
}


@pytest.mark.parametrize("name", LAYERS_OF_A_PROCESS)
def test_a_layer_alone_refuses_what_it_forbids(name: str) -> None:
    policy = lockdown.prepare_policy(256 << 20, ["numpy"])
    layers = [LAYERS_OF_A_PROCESS[name]]
    if name in ("files", "system calls"):  # the kernel asks for no_new_privs
        layers.insert(0, LAYERS_OF_A_PROCESS["privileges"])
    assert in_child(lambda: lockdown.lock_down(policy, layers)[name]) == lockdown.ON


@pytest.mark.parametrize("layer", lockdown.LAYERS, ids=lambda layer: layer.name)
def test_a_layer_that_is_not_applied_counts_as_off(layer: lockdown.Layer) -> None:
    absent = dataclasses.replace(layer, apply=lambda _: None)
    state = in_child(lambda: lockdown.lock_down(lockdown.Policy(0, None), [absent])[layer.name])
    assert state.startswith("off")


def test_a_zygote_with_a_second_thread_does_not_fork() -> None:
    program = """
import threading, time
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
from autograder.sandbox.zygote import main
main("numpy", "left off", "left off")
"""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = subprocess.Popen([sys.executable, "-c", program], stdin=theirs.fileno(), stderr=subprocess.PIPE)
        socket.send_fds(ours, [b"W"], [theirs.fileno()])
        assert process.stderr is not None
        assert b"forking would be unsafe" in process.stderr.read()
        assert process.wait() == 1


# Systems that lack a layer


def test_namespaces_hide_what_the_other_layers_only_close() -> None:
    if problem := namespaces.problem():
        pytest.skip(f"no namespaces here: {problem}")
    source = """
import os
def exists(path): return os.path.exists(path)
def pid(): return os.getpid()
"""
    for without, is_seen in (([], False), ([namespaces.NAME], True)):
        with Zygote("numpy", LIMITS, without) as zygote, zygote.worker() as worker:
            worker.load([(0, source)], lambda _: None)
            hidden = str(Path(lockdown.__file__).parents[1] / "hidden")
            assert worker.call("exists", (hidden,), {}).answer is is_seen
            assert (worker.call("pid", (), {}).answer == worker.pid) is is_seen


def test_a_cgroup_holds_the_workers_and_is_removed() -> None:
    try:
        cgroup.Cgroup(1 << 30).remove()
    except OSError as error:
        pytest.skip(f"no cgroup here: {error}")
    zygote = Zygote("numpy", LIMITS)
    worker = zygote.worker()
    assert worker.layers[cgroup.NAME] == lockdown.ON
    group = Path(f"/proc/{worker.pid}/cgroup").read_text().rpartition("/")[2].strip()
    zygote.close()
    assert not list(Path("/sys/fs/cgroup").rglob(group))


def without_landlock() -> None:
    """Let this process live as on a kernel that has no Landlock."""
    create_ruleset = 444
    code = [
        syscalls._instruction(syscalls._LOAD, syscalls._NUMBER_OFFSET),
        *syscalls._when_equal(create_ruleset, [syscalls._instruction(syscalls._RETURN, syscalls._UNKNOWN)]),
        syscalls._instruction(syscalls._RETURN, syscalls._ALLOW),
    ]
    lockdown._libc.prctl(lockdown._PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    syscalls.install(b"".join(code))


def autograder(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, **options)


def test_where_a_required_layer_is_missing_it_is_named_and_nothing_is_graded(tmp_path: Path) -> None:
    doctor = autograder("doctor", preexec_fn=without_landlock)
    assert doctor.returncode == 1
    assert "Landlock is not available" in " ".join(doctor.stdout.split())
    assert "1 required layers are missing: files" in doctor.stderr
    submission = tmp_path / "activations.py"
    submission.write_text("def relu(x): return x")
    refused = autograder("grade", str(submission), preexec_fn=without_landlock)
    assert refused.returncode == 3
    assert "the sandbox lacks a required layer: files (off: Landlock" in refused.stdout
    practised = autograder("grade", "--practice", str(submission), preexec_fn=without_landlock)
    assert practised.returncode == 0
    assert "Practice only: the sandbox lacked files (off: Landlock" in " ".join(practised.stdout.split())


def test_without_bubblewrap_the_required_layers_are_enough(tmp_path: Path) -> None:
    doctor = autograder("doctor", env={**os.environ, "PATH": str(tmp_path)})
    assert doctor.returncode == 0
    assert "bubblewrap is not installed" in " ".join(doctor.stdout.split())
