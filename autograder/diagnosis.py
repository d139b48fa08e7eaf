"""Explain wrong answers: compare them with what each known wrong answer would have said to the same calls."""

from __future__ import annotations

import copy
import hashlib
import inspect
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.results import Diagnosis
from autograder.suite.assertions import same_value
from autograder.suite.proxy import Call

#: Answers of the same wrong function written in another way differ by rounding only.
AGREEMENT_RTOL = 1e-5
#: So many entries of an array tell one mistake from another.
FINGERPRINTED = 1000


def diagnose(calls: Sequence[Call], misconceptions: dict[str, Callable[..., Any]]) -> Diagnosis | None:
    """The first misconception that answers every one of the calls as the submission did; None when there is none."""
    if not calls:
        return None
    for name, function in misconceptions.items():
        if all(_agrees(function, call) for call in calls):
            return Diagnosis(name, inspect.cleandoc(function.__doc__ or ""))
    return None


def fingerprint(calls: Sequence[Call]) -> str:
    """A hash of the rounded answers: equal for submissions that answer the same calls in the same wrong way."""
    digest = hashlib.sha256()
    for call in calls:
        digest.update(call.raised.encode() if call.raised else _rounded(call.answer).encode())
        digest.update(b"\n")
    return digest.hexdigest()[:12]


def _agrees(function: Callable[..., Any], call: Call) -> bool:
    """Whether the function answers the call as it was answered, and leaves the arguments as they were left."""
    args, kwargs = copy.deepcopy((call.args, call.kwargs))
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            answer = function(*args, **kwargs)
    except Exception as error:
        return call.raised == type(error).__name__
    if call.raised or not same_value(call.answer, answer, rtol=AGREEMENT_RTOL):
        return False
    return call.arguments_after is None or same_value(call.arguments_after, (args, kwargs), rtol=AGREEMENT_RTOL)


def _rounded(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{_rounded(value[key])}" for key in sorted(value, key=repr)) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_rounded(item) for item in value) + "]"
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    if type(value) is int and not -(2**63) <= value < 2**63:
        return hex(value)
    if isinstance(value, (np.ndarray, np.generic, int, float)):
        array = np.asarray(value)
        return f"{array.shape}" + ",".join(f"{item:.4g}" for item in array.ravel()[:FINGERPRINTED].astype(complex))
    return repr(value)
