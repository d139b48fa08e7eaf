"""The wire: plain data in frames. Nothing that is decoded can execute anything.

A frame is a fixed prefix (magic, length of the header, length of the payload), a MessagePack header that describes a
tree of values, and the raw bytes of the arrays in that tree, one after another. Lengths are checked before anything is
allocated. Only exact built-in types, NumPy arrays and scalars and PyTorch tensors of the listed dtypes are carried;
subclasses are not.

Containers and everything that MessagePack does not have itself travel as a list whose first item is a tag. An array
that is not contiguous arrives as one that is not contiguous either.
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable
from typing import Any

import msgpack
import numpy as np

from autograder.sandbox.outcomes import Unsupported

PREFIX = struct.Struct("<4sII")
MAGIC = b"AGW1"
MAX_HEADER = 1 << 20
MAX_PAYLOAD = 64 << 20
MAX_DEPTH = 16
MAX_NODES = 20_000
MAX_DIMENSIONS = 32
MAX_INT_BYTES = 1024  # what Python still turns into text

DTYPES = frozenset(
    [
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "float32",
        "float64",
        "complex64",
        "complex128",
    ]
)


class WireError(Exception):
    """Bytes that are no valid frame, or a value that is too large, too deep or of a type that does not cross."""


class Callback:
    """A callable on the other side of the wire, known here by its number."""

    def __init__(self, number: int):
        self.number = number


def encode(value: Any, register_callback: Callable[[Any], int] | None = None) -> list[bytes | memoryview]:
    """The frame of a value, as buffers to be sent one after another.

    Args:
        value: the value.
        register_callback: gives a callable its number; without it callables do not cross.

    Raises:
        WireError: the value is too large or nested too deeply.
    """
    encoder = _Encoder(register_callback)
    header = msgpack.packb(encoder.tree(value, 0))
    if len(header) > MAX_HEADER or encoder.size > MAX_PAYLOAD:
        raise WireError("the value is too large to be sent")
    return [PREFIX.pack(MAGIC, len(header), encoder.size), header, *encoder.buffers]


def lengths(prefix: bytes | bytearray) -> tuple[int, int]:
    """The lengths of header and payload that a prefix announces.

    Raises:
        WireError: it is no prefix, or a length is beyond the limit.
    """
    magic, header, payload = PREFIX.unpack(prefix)
    if magic != MAGIC or header > MAX_HEADER or payload > MAX_PAYLOAD:
        raise WireError("no valid frame")
    return header, payload


def decode(header: bytes | bytearray, payload: bytes | bytearray, callback: Callable[[int], Any] | None = None) -> Any:
    """The value in a frame.

    Args:
        header: the MessagePack part.
        payload: the raw bytes of the arrays; arrays are copied out of it.
        callback: makes a callable from its number; without it callables are refused.

    Raises:
        WireError: anything about the bytes is wrong.
    """
    try:
        tree = msgpack.unpackb(
            header,
            strict_map_key=True,
            max_map_len=0,
            max_ext_len=0,
            max_array_len=MAX_NODES,
        )
        decoder = _Decoder(payload, callback)
        value = decoder.value(tree, 0)
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"no valid frame ({type(error).__name__})") from None
    if decoder.offset != len(payload):
        raise WireError("no valid frame (bytes left over)")
    return value


def _torch() -> Any:
    """PyTorch where this process has imported it; the wire itself never imports it."""
    return sys.modules.get("torch")


class _Encoder:
    def __init__(self, register_callback: Callable[[Any], int] | None):
        self.buffers: list[memoryview] = []
        self.size = 0
        self._nodes = 0
        self._register_callback = register_callback

    def tree(self, value: Any, depth: int) -> Any:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("the value is nested too deeply or has too many parts to be sent")
        kind = type(value)
        if value is None or kind in (bool, float, str):
            return value
        if kind is int:
            return value if -(2**63) <= value < 2**63 else ["int", _int_bytes(value)]
        if kind is list:
            return ["list", [self.tree(item, depth + 1) for item in value]]
        if kind is tuple or kind.__bases__ == (tuple,):  # named tuples are what svd and the like return
            return ["tuple", [self.tree(item, depth + 1) for item in value]]
        if kind is dict:
            if any(key is not None and type(key) not in (bool, int, float, str) for key in value):
                return ["unsupported", "dict with keys that are neither strings nor numbers"]
            return ["dict", [[key, self.tree(item, depth + 1)] for key, item in value.items()]]
        if kind is np.ndarray:
            return self._array("array", value)
        if isinstance(value, np.generic) and kind.__module__ == "numpy":
            return self._array("scalar", np.asarray(value))
        torch = _torch()
        if torch is not None and kind in (torch.Tensor, torch.nn.Parameter):
            return self._tensor(value)
        if kind is np.random.Generator:
            return ["generator", self.tree(value.bit_generator.state, depth + 1)]
        if torch is not None and kind is torch.Generator:
            return ["torch_generator", self._tensor(value.get_state())]
        if self._register_callback is not None and callable(value):
            return ["callback", self._register_callback(value)]
        return ["unsupported", f"{kind.__module__}.{kind.__qualname__}"[:100]]

    def _array(self, tag: str, array: np.ndarray) -> Any:
        if array.dtype.name not in DTYPES or not array.dtype.isnative:
            return ["unsupported", f"numpy.ndarray of dtype {array.dtype}"[:100]]
        if array.size:
            self.buffers.append(np.ascontiguousarray(array).data.cast("B"))
            self.size += array.nbytes
        return [tag, array.dtype.name, list(array.shape), _layout(array)]

    def _tensor(self, tensor: Any) -> Any:
        torch = _torch()
        plain = tensor.detach()
        if plain.layout is not torch.strided or plain.device.type != "cpu":
            return ["unsupported", f"torch.Tensor ({plain.layout}, {plain.device})"]
        if plain.dtype is torch.bfloat16:
            return ["bfloat16", self._array("array", plain.contiguous().view(torch.int16).numpy())]
        return ["tensor", self._array("array", plain.resolve_conj().resolve_neg().numpy()), tensor.requires_grad]


class _Decoder:
    def __init__(self, payload: bytes | bytearray, callback: Callable[[int], Any] | None):
        self.offset = 0
        self._payload = payload
        self._callback = callback
        self._nodes = 0

    def value(self, tree: Any, depth: int) -> Any:
        self._nodes += 1
        if depth > MAX_DEPTH + 2 or self._nodes > MAX_NODES:
            raise WireError("no valid frame (too deep or too many parts)")
        if type(tree) is not list:
            if tree is None or type(tree) in (bool, int, float, str):
                return tree
            raise WireError("no valid frame (unknown type)")
        tag, *parts = tree
        match tag, parts:
            case ("list", [list(items)]):
                return [self.value(item, depth + 1) for item in items]
            case ("tuple", [list(items)]):
                return tuple(self.value(item, depth + 1) for item in items)
            case ("dict", [list(pairs)]):
                return {_key(key): self.value(item, depth + 1) for key, item in pairs}
            case ("int", [bytes(data)]) if len(data) <= MAX_INT_BYTES:
                return int.from_bytes(data, "little", signed=True)
            case ("array", [str(dtype), list(shape), list(layout)]):
                return self._array(dtype, shape, layout)
            case ("scalar", [str(dtype), [], []]):
                return self._array(dtype, [], [])[()]
            case ("tensor", [["array", str(dtype), list(shape), list(layout)], bool(requires_grad)]):
                tensor = _require_torch().from_numpy(self._array(dtype, shape, layout))
                return tensor.requires_grad_() if requires_grad else tensor
            case ("bfloat16", [["array", "int16", list(shape), []]]):
                torch = _require_torch()
                return torch.from_numpy(self._array("int16", shape, [])).view(torch.bfloat16)
            case ("generator", [state]):
                return _generator(self.value(state, depth + 1))
            case ("torch_generator", [state]):
                torch = _require_torch()
                return torch.Generator().set_state(self.value(state, depth + 1))
            case ("callback", [int(number)]) if self._callback is not None:
                return self._callback(number)
            case ("unsupported", [str(type_name)]):
                return Unsupported("".join(filter(str.isprintable, type_name[:100])))
        raise WireError("no valid frame (unknown tag)")

    def _array(self, dtype: str, shape: list[Any], layout: list[Any]) -> np.ndarray:
        if dtype not in DTYPES or len(shape) > MAX_DIMENSIONS:
            raise WireError("no valid frame (dtype or shape)")
        if any(type(size) is not int or not 0 <= size <= MAX_PAYLOAD for size in shape):
            raise WireError("no valid frame (shape)")
        count = math.prod(shape)
        length = count * np.dtype(dtype).itemsize
        if length > len(self._payload) - self.offset:
            raise WireError("no valid frame (array is cut off)")
        array = np.frombuffer(self._payload, dtype, count, self.offset).reshape(shape)
        if dtype == "bool" and self._payload[self.offset : self.offset + length].strip(b"\0\1"):
            raise WireError("no valid frame (boolean that is neither)")
        self.offset += length
        return _copy_with_layout(array, layout) if layout else array.copy()


def _key(key: Any) -> Any:
    if key is not None and type(key) not in (bool, int, float, str):
        raise WireError("no valid frame (key of a dict)")
    return key


def _require_torch() -> Any:
    torch = _torch()
    if torch is None:
        raise WireError("a tensor where there is no PyTorch")
    return torch


def _layout(array: np.ndarray) -> list[int]:
    """How an array lies in memory: nothing where it is contiguous, else its axes from the slowest to the fastest,
    and whether they lie without gaps."""
    if array.flags.c_contiguous:
        return []
    axes = sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
    return [*axes, int(array.transpose(axes).flags.c_contiguous)]


def _copy_with_layout(array: np.ndarray, layout: list[Any]) -> np.ndarray:
    """A copy that lies in memory as the array did that was sent, so that what needs another layout fails here too."""
    *axes, dense = layout
    if any(type(axis) is not int for axis in axes) or sorted(axes) != list(range(array.ndim)):
        raise WireError("no valid frame (layout)")
    shape = [array.shape[axis] for axis in axes]
    memory = np.empty(shape, array.dtype) if dense else np.empty([*shape, 2], array.dtype)[..., 0]
    copy: np.ndarray = memory.transpose(np.argsort(axes))
    copy[...] = array
    return copy


def _int_bytes(value: int) -> bytes:
    length = value.bit_length() // 8 + 1
    if length > MAX_INT_BYTES:
        raise WireError("the integer is too large to be sent")
    return value.to_bytes(length, "little", signed=True)


def _generator(state: Any) -> np.random.Generator:
    generator = np.random.default_rng(0)
    generator.bit_generator.state = state
    return generator
