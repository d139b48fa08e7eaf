"""The worker: runs a submission's cells, answers calls, knows nothing else. After its first cell nothing here is trusted.

Messages are lists. The grader sends `load`, `call`, `callback_return` and `callback_raise`; the worker sends `ready`, `cell`
(with the number of the cell that it is about to run), `loaded` and `callback`, and answers a call with its number and
`return`, `raise` or `missing`.
"""

from __future__ import annotations

import io
import os
import re
import sys
import types
from collections.abc import Callable
from typing import Any

from autograder.sandbox import wire
from autograder.sandbox.forbidden import forbid
from autograder.sandbox.lockdown import CHANNEL

MAX_MESSAGE = 300
_FILENAME = "cell "
_MAGIC_LINE = re.compile(r"^([ \t]*)(?:[%!?].*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE)

#: An exception as data: the name of its type, its message, and the cell and line of the submission that raised it.
_Problem = tuple[str, str, "int | None", "int | None"]


class _Silence(io.TextIOBase):
    """Standard output and error of a submission: accepts everything, keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)

    def writable(self) -> bool:
        return True


class CallbackFailed(Exception):
    """A function that the test passed as an argument raised an exception."""


def announce(layers: dict[str, str]) -> None:
    """Tell the grader that the worker is ready, and which layers of the lock-down are on."""
    _send(["ready", layers])


def serve() -> None:
    """Answer the grader until it closes the channel."""
    sys.stdout = sys.stderr = _Silence()
    module = types.ModuleType("submission")
    sys.modules["submission"] = module
    while True:
        try:
            message = _receive()
        except EOFError:
            return
        if message[0] == "load":
            _, cells, forbidden = message
            forbid(forbidden)
            _send(["loaded", _load(cells, module)])
        else:
            _, number, *call = message
            _write(_answer(module, number, *call))


def _load(cells: list[tuple[int, str]], module: types.ModuleType) -> list[_Problem]:
    """Run the cells one after another, and describe what stopped some of them."""
    problems: list[_Problem] = []
    for number, source in cells:
        _send(["cell", number])
        try:
            exec(_compile(source, f"{_FILENAME}{number}"), module.__dict__)
        except BaseException as error:
            type_name, message, cell, line = _describe(error)
            problems.append((type_name, message, number if cell is None else cell, line))
    return problems


def _compile(source: str, filename: str) -> types.CodeType:
    """The code of a cell; lines that only IPython understands (magics, shell commands, help) do nothing."""
    try:
        return compile(source, filename, "exec")
    except SyntaxError:
        if not _MAGIC_LINE.search(source):
            raise
        return compile(_MAGIC_LINE.sub(r"\1pass", source), filename, "exec")


def _answer(
    module: types.ModuleType, number: int, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], want_args: bool
) -> list[bytes | memoryview]:
    """The frame that answers the call of this number."""
    function = getattr(module, name, None)
    if not callable(function):
        return wire.encode([number, "missing"])
    try:
        answer = function(*args, **kwargs)
        return wire.encode([number, "return", answer, *((args, kwargs) if want_args else ((), {}))])
    except BaseException as error:
        return wire.encode([number, "raise", *_describe(error)])


def _describe(error: BaseException) -> _Problem:
    try:
        message = str(error.msg if isinstance(error, SyntaxError) else error)
    except BaseException:
        message = ""
    places = [(error.filename, error.lineno)] if isinstance(error, SyntaxError) else []
    traceback = error.__traceback__
    while traceback is not None:
        places.append((traceback.tb_frame.f_code.co_filename, traceback.tb_lineno))
        traceback = traceback.tb_next
    ours = [(str(name), line) for name, line in places if str(name).startswith(_FILENAME)]
    cell, line = (int(ours[-1][0].removeprefix(_FILENAME)), ours[-1][1]) if ours else (None, None)
    return type(error).__name__[:MAX_MESSAGE], message[:MAX_MESSAGE], cell, line


def _remote_function(number: int) -> Callable[..., Any]:
    """A callable argument of a test: calling it asks the grader, over the same channel."""

    def call(*args: Any, **kwargs: Any) -> Any:
        _send(["callback", number, args, kwargs])
        kind, value = _receive()
        if kind == "callback_raise":
            raise CallbackFailed(value)
        return value

    return call


def _send(message: list[Any]) -> None:
    _write(wire.encode(message))


def _write(buffers: list[bytes | memoryview]) -> None:
    for buffer in buffers:
        view = memoryview(buffer)
        while view:
            view = view[os.write(CHANNEL, view) :]


def _receive() -> Any:
    header, payload = wire.lengths(_read(wire.PREFIX.size))
    return wire.decode(_read(header), _read(payload), callback=_remote_function)


def _read(length: int) -> bytearray:
    data = bytearray(length)
    missing = memoryview(data)
    while missing:
        received = os.readv(CHANNEL, [missing])
        if not received:
            raise EOFError
        missing = missing[received:]
    return data
