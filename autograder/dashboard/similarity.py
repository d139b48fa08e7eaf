"""Who may have copied: submissions that agree in what hardly anybody else wrote. A hint with its evidence, never a verdict.

Code is compared as tokens without names, comments, strings and layout, cut into overlapping fragments. Fragments of the stub and
of known answers, right or wrong, do not count, nor those that many learners share; the rest weighs the more the rarer it is
(inverse document frequency). scikit-learn does the indexing: fragments are hashed into a sparse matrix whose product with itself
holds the cosine similarity of every pair that shares a rare fragment; all other pairs cost nothing. RapidFuzz then aligns the
tokens of the pairs found.
"""

from __future__ import annotations

import builtins
import io
import keyword
import tokenize
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from scipy import sparse
from sklearn.feature_extraction import FeatureHasher
from sklearn.preprocessing import normalize

from autograder.journal import Journal
from autograder.topics import UnknownTopic, find_topic

#: Tokens in a fragment: about a line of code.
FRAGMENT = 10
#: A fragment counts up to so many learners, or up to this share of the class where that is more.
RARE_LEARNERS, RARE_SHARE = 4, 0.005
#: Two submissions are shown when they share so many rare fragments (about four lines) and are this similar in them.
FEWEST_SHARED, LEAST_SIMILARITY = 20, 0.5
MOST_PAIRS = 100
#: A cell beyond this length is not compared: no answer needs it.
MOST_CHARACTERS = 60_000

_HASHES = 1 << 22
_HASHER = FeatureHasher(_HASHES, input_type="string", alternate_sign=False)
_LAYOUT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER
}  # fmt: skip
_PUBLIC_NAMES = {*keyword.kwlist, *dir(builtins)}


@dataclass(frozen=True)
class Side:
    """One submission of a pair: the lines of its code, and the numbers of those that hold the rare fragments, from 0."""

    learner: str
    submitted_at: str
    grading: int
    lines: list[str]
    marked: list[int]


@dataclass(frozen=True)
class Pair:
    """Two submissions that agree in what hardly anybody else wrote.

    Attributes:
        similarity: cosine of the weighted rare fragments, LEAST_SIMILARITY to 1.
        shared: rare fragments that both have.
        agreement: share of all tokens that are the same in the same order, names aside; high for the usual solution as well.
        first, second: by the time of handing in.
    """

    similarity: float
    shared: int
    agreement: float
    first: Side
    second: Side


def similar(journal: Journal, topic: str) -> list[Pair]:
    """The most similar submissions of a topic, each learner's last one, the most similar first; at most MOST_PAIRS."""
    rows = journal.db.execute(
        "SELECT learner, submitted_at, grading FROM standing WHERE topic = ? ORDER BY submitted_at, learner", (topic,)
    ).fetchall()
    codes = [journal.cells(row["grading"]) for row in rows]
    if len(codes) < 2:
        return []
    weights = _rare_fragments(codes, _known_code(topic))
    similarities = sparse.triu(weights @ weights.T, k=1).tocoo()
    strong = similarities.data >= LEAST_SIMILARITY
    order = np.argsort(-similarities.data[strong], kind="stable")
    pairs = []
    for first, second in zip(similarities.row[strong][order], similarities.col[strong][order], strict=True):
        rare = np.intersect1d(weights[[first]].indices, weights[[second]].indices)
        if len(rare) >= FEWEST_SHARED:
            sides = [_side(rows[own], codes[own], rare) for own in (first, second)]
            value = min(1.0, float((weights[[first]] @ weights[[second]].T).sum()))
            tokens = [[word for cell in codes[own] for word, _ in _tokens(cell)] for own in (first, second)]
            pairs.append(Pair(value, len(rare), Indel.normalized_similarity(*tokens), *sides))
        if len(pairs) == MOST_PAIRS:
            break
    return pairs


def _rare_fragments(codes: Sequence[Sequence[str]], known: Sequence[Sequence[str]]) -> sparse.csr_array:
    """Submissions x fragments: the weight of each rare fragment, every row of length 1."""
    fragments = _hashed(codes)
    learners = np.bincount(fragments.indices, minlength=_HASHES)[fragments.indices]
    common = learners > max(RARE_LEARNERS, RARE_SHARE * len(codes))
    if known:
        common |= np.isin(fragments.indices, _hashed(known).indices)
    fragments.data = np.where(common, 0, np.log(len(codes) / learners))
    fragments.eliminate_zeros()
    return sparse.csr_array(normalize(fragments))


def _side(row: Any, cells: Sequence[str], rare: NDArray[np.int32]) -> Side:
    marked: set[int] = set()
    first_line = 0
    for cell in cells:
        hashes = _HASHER.transform([[fragment] for fragment in _fragments(cell)] or [[]]).indices
        for start in np.flatnonzero(np.isin(hashes, rare)):
            marked.update(first_line + line for _, line in _tokens(cell)[start : start + FRAGMENT])
        first_line += cell.count("\n") + 1
    return Side(row["learner"], row["submitted_at"], row["grading"], "\n".join(cells).split("\n"), sorted(marked))


def _known_code(topic: str) -> list[list[str]]:
    """What everybody may have: the stub and the known answers, right and wrong; nothing where the topic is no longer there."""
    try:
        own = find_topic(topic)
    except UnknownTopic:
        return []
    hidden = [own.hidden_path / "alternatives.py", own.hidden_path / "misconceptions.py"]
    return [[path.read_text(encoding="utf-8")] for path in (own.stub_path, own.source_path, *hidden)]


def _hashed(codes: Iterable[Sequence[str]]) -> sparse.csr_array:
    """Which fragments each code has: codes x hashes, 1 where it has one."""
    fragments = ((fragment for cell in cells for fragment in _fragments(cell)) for cells in codes)
    counts = sparse.csr_array(_HASHER.transform(fragments))
    counts.data[:] = 1
    return counts


def _fragments(cell: str) -> list[str]:
    words = [word for word, _ in _tokens(cell)]
    return [" ".join(words[start : start + FRAGMENT]) for start in range(len(words) - FRAGMENT + 1)]


@lru_cache(maxsize=4096)
def _tokens(cell: str) -> list[tuple[str, int]]:
    """The tokens of a cell with their lines, names and strings replaced, docstrings left out; what is no Python ends it."""
    tokens: list[tuple[str, int]] = []
    previous = "\n"
    try:
        for token in tokenize.generate_tokens(io.StringIO(cell[:MOST_CHARACTERS]).readline):
            text = token.string
            if token.type in _LAYOUT:
                previous = "\n"
                continue
            if token.type == tokenize.STRING:
                text = "" if previous == "\n" else "''"
            elif token.type == tokenize.NAME and previous != "." and text not in _PUBLIC_NAMES:
                text = "name"
            if text:
                tokens.append((text, token.start[0] - 1))
            previous = text
    except (tokenize.TokenError, SyntaxError):
        pass
    return tokens
