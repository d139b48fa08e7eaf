"""The views of the dashboard: what each asks the journal, and what its page needs besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from inspect import signature
from typing import Any, NamedTuple

from autograder.dashboard.attention import attention
from autograder.dashboard.exercises import exercise
from autograder.dashboard.items import FLAGS, items
from autograder.dashboard.learners import changes, evidence, learner
from autograder.dashboard.overview import HISTOGRAM_BINS, TopicProgress, overview
from autograder.dashboard.roster import Roster, topics_of
from autograder.dashboard.similarity import similar
from autograder.journal import Journal

#: A longer time than this is shown by the week.
MOST_DAYS = 45
#: About so many columns of a chart have their label written below.
LABELS = 6
#: Each topic's submissions are shown from so many days before it is due to so many after.
DAYS_BEFORE_DUE, DAYS_AFTER_DUE = 10, 3


class Column(NamedTuple):
    """A column of a chart: its label in full, its height, the label below it, what is marked above it."""

    label: str
    number: int
    written: str = ""
    mark: str = ""


def find(journal: Journal, roster: Roster, view: str, *arguments: str) -> dict[str, Any]:
    """What the page of a view shows.

    Args:
        view: a key of VIEWS, followed by what its function takes.

    Raises:
        LookupError: there is no such view, or nothing of that name in the journal.
        ValueError: the same, where a query of the journal says so.
    """
    try:
        signature(VIEWS[view]).bind(journal, roster, *arguments)
    except (KeyError, TypeError):
        raise LookupError("there is no page of that name") from None
    return VIEWS[view](journal, roster, *arguments)


def class_view(journal: Journal, roster: Roster) -> dict[str, Any]:
    """Where the class stands; the rows of the heat map, and who solved what, come later."""
    data = overview(journal, roster)
    columns = [(topic, name) for topic, names in topics_of(journal).items() for name in names]
    return {
        "data": data,
        "heat_map": {
            "columns": [{"topic": topic, "exercise": name} for topic, name in columns],
            "total": data.learners,
        },
        "histogram": _histogram(data.histogram),
        "timeline": _timeline(data.topics),
        "around_due": {topic.topic: _around_due(topic) for topic in data.topics if topic.due},
    }


def mistakes_view(journal: Journal, roster: Roster, topic: str = "") -> dict[str, Any]:
    topic, topics = _chosen(journal, topic)
    return {
        "topic": topic,
        "topics": list(topics),
        "exercises": [exercise(journal, topic, name) for name in topics[topic]],
    }


def exercises_view(journal: Journal, roster: Roster, topic: str = "") -> dict[str, Any]:
    topic, topics = _chosen(journal, topic)
    return {"topic": topic, "topics": list(topics), "data": items(journal, roster, topic), "flag_texts": FLAGS}


def exercise_view(journal: Journal, roster: Roster, topic: str, name: str) -> dict[str, Any]:
    return {"data": exercise(journal, topic, name)}


def help_view(journal: Journal, roster: Roster) -> dict[str, Any]:
    return {"data": attention(journal, roster)}


def learner_view(journal: Journal, roster: Roster, name: str) -> dict[str, Any]:
    return {"data": learner(journal, roster, name)}


def attempt_view(journal: Journal, roster: Roster, name: str, grading: str) -> dict[str, Any]:
    """One attempt of a learner, and what changed in it since the one before."""
    own = learner(journal, roster, name)
    for history in own.topics:
        for number, attempt in enumerate(history.attempts):
            if str(attempt.grading) == grading:
                before = history.attempts[number - 1].grading if number else None
                return {
                    "learner": own,
                    "history": history,
                    "number": number + 1,
                    "attempt": attempt,
                    "evidence": evidence(journal, attempt.grading),
                    "changes": _changes(journal, before, attempt.grading),
                }
    raise LookupError(f"{name!r} has no attempt {grading!r}")


def similar_view(journal: Journal, roster: Roster, topic: str = "") -> dict[str, Any]:
    topic, topics = _chosen(journal, topic)
    return {"topic": topic, "topics": list(topics), "pairs": similar(journal, topic)}


def grading_view(journal: Journal, roster: Roster) -> dict[str, Any]:
    data = overview(journal, roster)
    return {"run": data.run, "failures": data.failures, "failures_in_all": data.failures_in_all}


def _chosen(journal: Journal, topic: str) -> tuple[str, dict[str, list[str]]]:
    """The topic asked for, by default the latest, and all topics with their exercises."""
    topics = topics_of(journal)
    topic = topic or max(topics, default="")
    if topic not in topics:
        raise LookupError(f"nothing of {topic or 'any topic'} has been graded")
    return topic, topics


def _changes(journal: Journal, before: int | None, after: int) -> list[str] | str:
    """The lines that changed; in place of them "first" or "too long"."""
    if before is None:
        return "first"
    try:
        return changes(journal, before, after)
    except ValueError:
        return "too long"


def _histogram(counts: Sequence[int]) -> list[Column]:
    width = 100 // HISTOGRAM_BINS
    return [
        Column(f"{width * n} – {width * (n + 1)} %", count, f"{width * n} %" if n % 4 == 0 else "")
        for n, count in enumerate(counts)
    ]


def _timeline(topics: Iterable[TopicProgress]) -> list[Column]:
    """All submissions by the day, or by the week where that were too many columns, with the topics that fell due."""
    topics = list(topics)
    counts: Counter[date] = Counter()
    for topic in topics:
        for day, number in zip(topic.days, topic.submissions, strict=True):
            counts[date.fromisoformat(day)] += number
    if not counts:
        return []
    due = {topic.topic.split("_")[0]: date.fromisoformat(topic.due[:10]) for topic in topics if topic.due}
    first, last = min(counts), max(counts)
    days = 1 if (last - first).days < MOST_DAYS else 7
    starts = [first + timedelta(n) for n in range(0, (last - first).days + 1, days)]
    step = -(-len(starts) // LABELS)
    columns = []
    for number, start in enumerate(starts):
        span = [start + timedelta(n) for n in range(days)]
        mark = ", ".join(topic for topic, day in due.items() if day in span)
        label = f"{start} – {span[-1]}" if days > 1 else f"{start}"
        written = f"{start:%m-%d}" if number % step == 0 else ""
        columns.append(Column(label, sum(counts[day] for day in span), written, mark))
    return columns


def _around_due(topic: TopicProgress) -> list[Column]:
    counts = dict(zip(topic.days, topic.submissions, strict=True))
    due = date.fromisoformat(topic.due[:10])
    days = [due + timedelta(n) for n in range(-DAYS_BEFORE_DUE, DAYS_AFTER_DUE + 1)]
    return [Column(str(day), counts.get(str(day), 0), mark="due" if day == due else "") for day in days]


VIEWS: dict[str, Callable[..., dict[str, Any]]] = {
    "class": class_view,
    "mistakes": mistakes_view,
    "exercises": exercises_view,
    "exercise": exercise_view,
    "help": help_view,
    "learner": learner_view,
    "attempt": attempt_view,
    "similar": similar_view,
    "grading": grading_view,
}
