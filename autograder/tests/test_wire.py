"""The wire carries plain data unchanged, and bad bytes raise nothing but WireError."""

from __future__ import annotations

import _pickle
import contextlib
import pickle
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.sandbox import wire
from autograder.sandbox.outcomes import Unsupported
from autograder.suite.assertions import same_value


def round_trip(value: Any) -> Any:
    frame = b"".join(wire.encode(value))
    header, payload = wire.lengths(frame[: wire.PREFIX.size])
    body = frame[wire.PREFIX.size :]
    assert len(body) == header + payload
    return wire.decode(body[:header], body[header:])


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
arrays = npst.arrays(
    st.sampled_from(sorted(wire.DTYPES - {"complex64", "complex128"})), npst.array_shapes(min_dims=0, min_side=0)
)
values = st.recursive(
    scalars | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5) | st.integers(-5, 5), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(values)
def test_plain_data_comes_back_as_it_was(value: Any) -> None:
    back = round_trip(value)
    assert type(back) is type(value)
    assert same_value(back, value)


@given(arrays)
def test_arrays_keep_dtype_and_shape(array: np.ndarray) -> None:
    back = round_trip(array)
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert back.tobytes() == array.tobytes()


@pytest.mark.parametrize(
    "array",
    [
        np.arange(24.0).reshape(4, 6)[:, ::2],
        np.arange(24.0).reshape(4, 6).T,
        np.arange(24.0).reshape(2, 3, 4).transpose(1, 2, 0),
        np.arange(6.0)[::-1],
    ],
)
def test_arrays_that_are_not_contiguous_arrive_as_such(array: np.ndarray) -> None:
    back = round_trip(array)
    assert not back.flags.c_contiguous
    assert np.argsort(back.strides).tolist() == np.argsort(np.abs(array.strides)).tolist()
    assert back.flags.f_contiguous == array.flags.f_contiguous
    assert (back == array).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.int64, torch.bool, torch.bfloat16])
def test_tensors_keep_dtype_and_values(dtype: torch.dtype) -> None:
    tensor = torch.arange(6).reshape(2, 3).to(dtype)
    back = round_trip(tensor)
    assert back.dtype == dtype
    assert torch.equal(back, tensor)


def test_a_tensor_that_requires_a_gradient_still_does() -> None:
    assert round_trip(torch.zeros(2, requires_grad=True)).requires_grad


def test_a_torch_generator_goes_on_where_it_was() -> None:
    generator = torch.Generator().manual_seed(5)
    torch.rand(3, generator=generator)
    back = round_trip(generator)
    assert torch.equal(torch.rand(4, generator=back), torch.rand(4, generator=generator))


def test_named_tuples_arrive_as_tuples() -> None:
    values = np.linalg.eigh(np.eye(2))
    back = round_trip(values)
    assert type(back) is tuple
    assert same_value(back, values)


def test_a_generator_goes_on_where_it_was() -> None:
    rng = np.random.default_rng(5)
    rng.normal(size=3)
    back = round_trip(rng)
    assert (back.normal(size=4) == rng.normal(size=4)).all()


class Sub(np.ndarray):
    pass


@pytest.mark.parametrize(
    "value",
    [np.array([None]), np.zeros(2).view(Sub), (x for x in "ab"), object(), {1, 2}, np.array(["a"]), {(1, 2): 3}, b"x"],
)
def test_everything_else_arrives_as_unsupported(value: Any) -> None:
    assert isinstance(round_trip([value])[0], Unsupported)


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


TOO_LARGE = {
    "too deep": nested(40),
    "too many parts": [0] * 30_000,
    "too many bytes": np.zeros(wire.MAX_PAYLOAD // 8 + 1),
    "too many digits": 1 << 100_000,
}


@pytest.mark.parametrize("value", TOO_LARGE.values(), ids=TOO_LARGE)
def test_what_is_too_large_is_not_sent(value: Any) -> None:
    with pytest.raises(wire.WireError):
        wire.encode(value)


def test_lengths_are_refused_before_anything_is_read() -> None:
    with pytest.raises(wire.WireError):
        wire.lengths(struct.pack("<4sII", wire.MAGIC, 2**32 - 1, 0))
    with pytest.raises(wire.WireError):
        wire.lengths(b"GET / HTTP/1.1"[: wire.PREFIX.size])


@pytest.mark.parametrize(
    "tree",
    [
        ["array", "object", [1], []],
        ["array", "float64", [-1], []],
        ["array", "float64", [2**40, 2**40], []],
        ["array", "float64", [1.0], []],
        ["array", "float64", [3], []],
        ["array", "float64", [1], [1, 1]],
        ["callback", 0],
        ["pickle", b"x"],
        ["dict", [[["list", []], 1]]],
        ["int", b"x" * 5000],
        [],
        [[]],
    ],
)
def test_forged_trees_are_refused(tree: Any) -> None:
    import msgpack

    with pytest.raises(wire.WireError):
        wire.decode(msgpack.packb(tree), b"\0" * 8)


@settings(max_examples=300)
@given(values, st.data())
def test_damaged_frames_raise_wire_errors_only(value: Any, data: st.DataObject) -> None:
    frame = bytearray(b"".join(wire.encode(value))[wire.PREFIX.size :])
    header = wire.lengths(b"".join(wire.encode(value))[: wire.PREFIX.size])[0]
    position = data.draw(st.integers(0, len(frame) - 1))
    frame[position] = data.draw(st.integers(0, 255))
    with contextlib.suppress(wire.WireError):
        wire.decode(bytes(frame[:header]), bytes(frame[header:]))


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_random_bytes_raise_wire_errors_only(header: bytes, payload: bytes) -> None:
    with contextlib.suppress(wire.WireError):
        wire.decode(header, payload)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="atheris has no wheel for this system")
def test_coverage_guided_fuzzing_finds_nothing(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "autograder.tests.fuzz_wire",
        "-max_total_time=30",
        f"-artifact_prefix={tmp_path}/",
    ]
    # by way of a shell: Linux counts the memory of this process as the peak of those that it starts itself
    run = subprocess.run(["sh", "-c", '"$@"; exit $?', "sh", *command], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    assert "DONE" in run.stderr


def test_no_pickle_is_named_on_the_path() -> None:
    for path in Path(wire.__file__).parent.glob("*.py"):
        code = [line for line in path.read_text().split("\n") if "import" in line]
        assert not any(word in line for line in code for word in ("pickle", "marshal", "shelve")), path.name


def test_no_pickle_is_used_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that crosses does so while nothing in this process can unpickle."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("something was unpickled")

    for module in (pickle, _pickle, torch.serialization, torch):
        for name in {"load", "loads", "Unpickler"} & set(vars(module)):
            monkeypatch.setattr(module, name, refuse)
    rng = np.random.default_rng(3)
    value = [1, "a", (2.5, None), {"b": np.eye(2)}, torch.ones(2), torch.Generator(), rng, rng.normal(size=3)]
    prefix, *frame = wire.encode(value)
    header, _ = wire.lengths(bytes(prefix))
    data = b"".join(frame)
    assert len(wire.decode(data[:header], data[header:])) == len(value)


def test_a_pickle_is_bytes_like_any_others() -> None:
    with pytest.raises(wire.WireError):
        wire.decode(pickle.dumps(Path("x")), b"")
