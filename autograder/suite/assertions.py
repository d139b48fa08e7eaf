"""What hidden tests say about an answer: type first, then shape, then values, never broadcasting, NaN always wrong.

Every assertion raises `Mismatch`, which carries two texts: `feedback` speaks only of the learner's own answer and may be
shown to them; the full message also holds the expected value and is for the instructor.
"""

from __future__ import annotations

from typing import Any

import numpy as np

#: Wide enough for a right answer computed in float32, narrow enough for every known mistake on well-scaled inputs.
RTOL = 1e-4
#: Absolute slack as a share of the largest expected magnitude, for entries that cancel to nearly zero.
ATOL_SHARE = 1e-6

_KINDS = {"b": "boolean", "i": "integer", "u": "integer", "f": "floating-point", "c": "complex"}


class Mismatch(AssertionError):
    """An answer that is not what the test expects.

    Args:
        feedback: what is wrong with the answer, without the expected value; the learner may read it.
        expected: what was expected; only the instructor reads it.
    """

    def __init__(self, feedback: str, expected: str = ""):
        super().__init__(f"{feedback}\n{expected}" if expected else feedback)
        self.feedback = feedback


def assert_close(actual: Any, expected: Any, rtol: float = RTOL, atol: float | None = None) -> None:
    """The answer has the expected shape, is real and finite where the oracle is, and agrees with it within tolerance.

    Args:
        actual: the answer: an array or tensor, or for a scalar a Python number, a NumPy scalar or a 0-d array.
        expected: the oracle's value: an array, a tensor or a number.
        rtol: relative tolerance, element by element.
        atol: absolute tolerance; by default a millionth of the largest expected magnitude.
    """
    wanted = _as_array(expected)
    got = _answer_array(actual, wanted)
    if got.dtype.kind not in "biuf":
        raise Mismatch(f"the answer has dtype {got.dtype}; real numbers are expected")
    if np.isnan(got).any() and not np.isnan(wanted).any():
        raise Mismatch("the answer contains NaN", f"expected:\n{wanted}")
    got, wanted = np.atleast_1d(got.astype(np.float64)), np.atleast_1d(wanted.astype(np.float64))
    finite = np.isfinite(got) & np.isfinite(wanted)
    slack = ATOL_SHARE * np.abs(wanted[finite]).max(initial=0.0) if atol is None else atol
    same = got == wanted
    same[finite] = np.abs(got[finite] - wanted[finite]) <= slack + rtol * np.abs(wanted[finite])
    if not same.all():
        raise Mismatch(
            f"{_count(~same)} wrong",
            f"expected:\n{wanted}\nanswer:\n{got}",
        )


def assert_equal(actual: Any, expected: Any) -> None:
    """The answer equals the expected integers, booleans or string exactly, in shape, kind and value."""
    if isinstance(expected, str):
        if actual != expected:
            raise Mismatch(
                "the answer is another string" if isinstance(actual, str) else f"{_describe(actual)} came back"
            )
        return
    wanted = _as_array(expected)
    got = _answer_array(actual, wanted)
    kind, wanted_kind = _KINDS.get(got.dtype.kind), _KINDS.get(wanted.dtype.kind)
    if kind != wanted_kind:
        raise Mismatch(f"the answer holds {kind} values; {wanted_kind} values are expected")
    if not (got == wanted).all():
        raise Mismatch(f"{_count(got != wanted)} wrong", f"expected:\n{wanted}\nanswer:\n{got}")


def unpack(answer: Any, *names: str) -> tuple[Any, ...]:
    """The parts of an answer that is a tuple (or list) of `names`; a mismatch when it is anything else."""
    wanted = f"({', '.join(names)})"
    if not isinstance(answer, (tuple, list)):
        raise Mismatch(f"{_describe(answer)} came back; a tuple {wanted} is expected")
    if len(answer) != len(names):
        raise Mismatch(f"a tuple of {len(answer)} came back; a tuple {wanted} is expected")
    return tuple(answer)


def assert_unchanged(function: Any, *args: Any, **kwargs: Any) -> None:
    """Calling the function leaves its arguments as they were.

    Args:
        function: the submission's function, as its fixture gives it.
        args, kwargs: the arguments of the call.
    """
    _, args_after, kwargs_after = function.with_arguments_after(*args, **kwargs)
    names = [f"argument {position + 1}" for position in range(len(args))] + [f"argument {name!r}" for name in kwargs]
    befores = [*args, *kwargs.values()]
    afters = [*args_after, *(kwargs_after[name] for name in kwargs)]
    for name, before, after in zip(names, befores, afters, strict=True):
        if not same_value(before, after):
            raise Mismatch(f"{name} was changed in place; work on a copy")


def same_value(left: Any, right: Any, rtol: float = 0.0) -> bool:
    """Whether two answers are equal: numbers, strings, arrays, tensors and containers of them; NaN equals NaN.

    Args:
        left, right: the values; a number and a 0-d array are the same, a list and a tuple too, arrays of different shape not.
        rtol: relative tolerance for floating-point values, with a hundredth of it for entries that cancel.
    """
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same_value(left[key], right[key], rtol) for key in left)
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(same_value(a, b, rtol) for a, b in zip(left, right, strict=True))
    if _is_numeric(left) and _is_numeric(right):
        a, b = _as_array(left), _as_array(right)
        slack = rtol / 100 * float(np.abs(b[np.isfinite(b)]).max(initial=0)) if rtol else 0.0
        return a.shape == b.shape and np.allclose(a, b, rtol=rtol, atol=slack, equal_nan=True)
    if callable(left) or type(left).__name__ == "Generator":
        return True  # functions and random generators are not answers; a generator that was used has moved on
    return bool(type(left) is type(right) and left == right)


def _answer_array(actual: Any, wanted: np.ndarray) -> np.ndarray:
    """The answer as an array of the wanted shape, or a mismatch that says what came back."""
    if not _is_numeric(actual) or (wanted.ndim > 0 and np.isscalar(actual)):
        expectation = "an array" if wanted.ndim else "a number"
        raise Mismatch(f"{_describe(actual)} came back; {expectation} is expected", f"expected:\n{wanted}")
    got = _as_array(actual)
    if got.shape != wanted.shape:
        raise Mismatch(f"the answer has shape {got.shape}, which is not the right one", f"expected: {wanted.shape}")
    return got


def _is_numeric(value: Any) -> bool:
    if type(value) is int:
        return -(2**63) <= value < 2**64
    return isinstance(value, (bool, float, complex, np.ndarray, np.generic)) or hasattr(value, "detach")


def _as_array(value: Any) -> np.ndarray:
    return np.asarray(value.detach().cpu().numpy() if hasattr(value, "detach") else value)


def _describe(value: Any) -> str:
    return "None (is a return missing?)" if value is None else f"a value of type {type(value).__name__}"


def _count(wrong: np.ndarray) -> str:
    return "the answer is" if wrong.size == 1 else f"{int(wrong.sum())} of {wrong.size} values are"
