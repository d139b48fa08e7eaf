"""Who may have copied: what is found, what is not, and what is shown for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.dashboard.similarity import Pair, similar
from autograder.journal import Journal
from autograder.known_answers import alternatives_of
from autograder.sample_class import Answers
from autograder.tests.classes import hand_in
from autograder.topics import find_topic

TOPIC = find_topic("01_activations")
SOLUTIONS = Answers(TOPIC).solutions

OWN_WAY = '''
def softmax(x, axis=-1):
    """Mine."""
    # subtract the biggest first
    biggest = x.max(axis=axis, keepdims=True)
    weights = np.exp(1.5 * (x - biggest) / 1.5)
    below = np.add.reduce(weights, axis=axis, keepdims=True) + 0 * biggest
    answer = weights / np.where(below == 0, 1, below)
    return answer[..., :] if answer.ndim > 1 else answer
'''
DISGUISED = """
def softmax(z, axis=-1):
    M = z.max(axis = axis,
              keepdims = True)   # my own idea!
    e = np.exp(1.5*(z - M)/1.5)
    s = np.add.reduce(e, axis=axis, keepdims=True) + 0*M
    out = e/np.where(s == 0, 1, s)

    return out[..., :] if out.ndim > 1 else out
"""
ANOTHER_WAY = """
def softmax(x, axis=-1):
    rows = np.moveaxis(np.asarray(x), axis, -1).reshape(-1, x.shape[axis])
    done = [np.exp(row - max(row)) / sum(np.exp(row - max(row))) for row in rows]
    return np.moveaxis(np.stack(done).reshape(np.moveaxis(x, axis, -1).shape), -1, axis)
"""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite", create=True) as journal:
        yield journal


def class_of(journal: Journal, **softmaxes: str) -> list[Pair]:
    """The pairs found in a class of twenty with the usual solution, and some with a way of their own."""
    for number in range(20):
        hand_in(journal, f"usual {number:02d}", TOPIC.name, {"softmax": "passed"}, code=list(SOLUTIONS.values()))
    for day, (learner, code) in enumerate(softmaxes.items(), start=1):
        cells = [*(source for name, source in SOLUTIONS.items() if name != "softmax"), code]
        hand_in(journal, learner, TOPIC.name, {"softmax": "passed"}, day=day, code=cells)
    return similar(journal, TOPIC.name)


def test_a_disguised_copy_is_found_with_its_evidence(journal: Journal) -> None:
    (pair,) = class_of(journal, author=OWN_WAY, copier=DISGUISED, innocent=ANOTHER_WAY)
    assert (pair.first.learner, pair.second.learner) == ("author", "copier")
    assert pair.similarity > 0.9
    assert pair.agreement > 0.95
    marked = [pair.first.lines[number] for number in pair.first.marked]
    assert "    weights = np.exp(1.5 * (x - biggest) / 1.5)" in marked
    assert "    e = np.exp(1.5*(z - M)/1.5)" in [pair.second.lines[number] for number in pair.second.marked]
    assert not any("np.tanh" in line or "def relu" in line for line in marked)


def test_the_usual_solution_and_known_answers_are_no_hint(journal: Journal) -> None:
    alternatives = alternatives_of(TOPIC)
    known = alternatives.source(next(name for name in alternatives.functions if name.startswith("softmax__")))
    assert class_of(journal, ada=known, bob=known.replace("    ", "  ")) == []


def test_what_many_learners_wrote_is_no_hint(journal: Journal) -> None:
    assert class_of(journal, **{f"seen_in_a_lecture_{number}": OWN_WAY for number in range(6)}) == []


def test_a_ring_of_three_is_found(journal: Journal) -> None:
    pairs = class_of(journal, one=OWN_WAY, two=OWN_WAY, three=OWN_WAY)
    assert {(pair.first.learner, pair.second.learner) for pair in pairs} == {
        ("one", "two"),
        ("one", "three"),
        ("two", "three"),
    }


@pytest.mark.parametrize(
    "hostile", ["def f(:\n", "'''never closed", "\tif x:\n  y", "(" * 5000, "\0", "x" * 500_000, "\f\x0c\u202e<script>"]
)
def test_code_that_cannot_be_read_does_no_harm(journal: Journal, hostile: str) -> None:
    pairs = class_of(journal, broken=hostile, author=f"{OWN_WAY}", copier=DISGUISED + hostile)
    assert [(pair.first.learner, pair.second.learner) for pair in pairs] == [("author", "copier")]


def test_nothing_is_similar_in_a_class_of_one_or_without_code(journal: Journal) -> None:
    hand_in(journal, "ada", "99_no_such_topic", {"f": "passed"}, code=[OWN_WAY])
    assert similar(journal, "99_no_such_topic") == []
    hand_in(journal, "bob", "99_no_such_topic", {"f": "passed"})
    assert similar(journal, "99_no_such_topic") == []
