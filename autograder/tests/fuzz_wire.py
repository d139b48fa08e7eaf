"""Coverage-guided fuzzing of the wire's decoder: `python -m autograder.tests.fuzz_wire -max_total_time=60`.

Whatever bytes come in, decoding ends in a WireError or in a value that the wire itself can carry, and memory stays bounded.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris
import numpy as np

with atheris.instrument_imports(include=["autograder.sandbox"]):
    from autograder.sandbox import wire

#: Frames to begin with: one of each kind of value, so that the fuzzer need not find the names of the tags.
EXAMPLES = (
    [None, True, 2**80, -1.5, "text", (1, [2]), {"key": {3: ()}}],
    np.arange(6.0).reshape(2, 3).T,
    np.zeros((3, 4), np.float32)[:, ::2],
    {"b": np.array([True, False]), "s": np.int8(-3), "c": np.complex64(1j)},
    [np.random.default_rng(0), object(), np.empty((0, 5))],
)


def decode(data: bytes) -> None:
    """Decode bytes whose first two say how long the header is; encode and decode again what came of it."""
    length = int.from_bytes(data[:2], "little")
    try:
        value = wire.decode(data[2 : 2 + length], data[2 + length :])
    except wire.WireError:
        return
    _, header, *payload = wire.encode(value)
    wire.decode(bytes(header), b"".join(payload))


def main() -> None:
    with tempfile.TemporaryDirectory() as corpus:
        for number, value in enumerate(EXAMPLES):
            _, header, *payload = wire.encode(value)
            frame = len(header).to_bytes(2, "little") + b"".join([header, *payload])
            (Path(corpus) / str(number)).write_bytes(frame)
        atheris.Setup([*sys.argv, "-rss_limit_mb=512", corpus], decode)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
