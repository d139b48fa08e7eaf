"""Grade files where they lie: notebooks and `.py` files, or the folders that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.authoring import has_answers
from autograder.grading.engine import grade_all, new_seed
from autograder.grading.judge import suite_version, ungraded
from autograder.results import Result
from autograder.sandbox.lockdown import REQUIRED_LAYERS
from autograder.submission import Submission, UnreadableSubmission, read_submission
from autograder.topics import Topic, UnknownTopic, all_topics, find_topic


def grade_files(
    paths: Sequence[Path],
    topic: Topic | None = None,
    seed: str | None = None,
    required_layers: Sequence[str] = REQUIRED_LAYERS,
) -> Iterator[Result]:
    """Grade submissions.

    Args:
        paths: notebooks and `.py` files; a folder stands for each file of a topic in it that has answers.
        topic: the topic of all of them; by default the one that a file or its folder is named after.
        seed: the secret seed; by default a new one.
        required_layers: names of the layers of the lock-down without which nothing is graded.

    Yields:
        The results, those of unreadable files first.

    Raises:
        UnknownTopic: the topic of a file cannot be told.
    """
    seed = seed or new_seed()
    work: list[tuple[Topic, Submission]] = []
    for path, is_named in _files(paths):
        own = topic or _topic_of(path)
        try:
            submission = read_submission(path)
        except UnreadableSubmission as error:
            yield ungraded(str(path), own, str(error), seed=seed, suite_version=suite_version(own))
            continue
        if is_named or has_answers(path):
            work.append((own, submission))
    for _, result in grade_all(work, seed, required_layers):
        yield result


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """The files to be graded, and whether each was named itself; of a folder, those that a topic's file could be."""
    for path in paths:
        if not path.is_dir():
            yield path, True
            continue
        names = {f"{topic.stem}{suffix}" for topic in all_topics() for suffix in (".py", ".ipynb")}
        yield from ((file, False) for file in sorted(path.rglob("*")) if file.name in names)


def _topic_of(path: Path) -> Topic:
    for name in (path.resolve().parent.name, path.stem):
        try:
            return find_topic(name)
        except UnknownTopic:
            continue
    raise UnknownTopic(f"the name of {path} does not say which topic it is; use --topic")
