"""Who needs help: learners who stopped, who fell behind, who resubmit without progress."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Literal

from autograder.dashboard.roster import Roster
from autograder.journal import Journal, timestamp

#: A topic counts as past when its due date is over or, where it has none, when this share of the active class has handed it in.
PAST_SHARE = 0.5
#: Past topics missing at the end before somebody has stopped, and missing in between before somebody has fallen behind.
TOPICS_STOPPED, TOPICS_BEHIND = 2, 2
#: Attempts after the best one, in the topic handed in last, before somebody is stuck.
ATTEMPTS_STUCK = 2

Kind = Literal["never_started", "stopped", "stuck", "behind"]


@dataclass(frozen=True)
class Attention:
    """A learner to look after, and why.

    Attributes:
        kind: `never_started` nothing handed in; `stopped` nothing since a topic; `stuck` resubmits without progress;
            `behind` still active, with topics left out.
        topic: the one handed in last; empty where there is none.
        count: of past topics missing, or of attempts without progress.
        since: the time of the last submission; empty where there is none.
        text: the reason in words.
    """

    learner: str
    name: str
    kind: Kind
    topic: str
    count: int
    since: str
    text: str


def attention(journal: Journal, roster: Roster, now: datetime | None = None) -> list[Attention]:
    """Everybody who needs help, once each, the most urgent kind first and in it the most urgent learner.

    Args:
        now: decides which due dates are over; by default the present.
    """
    past = _past_topics(journal, roster, timestamp(now or datetime.now(timezone.utc)))
    standing = {
        row["learner"]: row
        for row in journal.db.execute(
            "SELECT learner, max(topic) AS furthest, max(submitted_at) AS since,"
            " sum(topic IN (SELECT value FROM json_each(?))) AS past FROM standing GROUP BY learner",
            (json.dumps(past),),
        )
    }
    stuck = {
        (row["learner"], row["submitted_at"]): row
        for row in journal.db.execute(
            "SELECT * FROM standing WHERE without_progress >= ? AND points < max_points", (ATTEMPTS_STUCK,)
        )
    }
    found = []
    for learner in sorted({*roster.names, *standing}):
        name, own = roster.names.get(learner) or learner, standing.get(learner)
        if own is None:
            if past:
                found.append(Attention(learner, name, "never_started", "", len(past), "", "has not handed in anything"))
            continue
        furthest, since = own["furthest"], own["since"]
        missing, missing_since = len(past) - own["past"], sum(topic > furthest for topic in past)
        if missing_since >= TOPICS_STOPPED:
            text = f"has handed in nothing after {furthest}: {missing_since} topics are missing since"
            found.append(Attention(learner, name, "stopped", furthest, missing_since, since, text))
        elif last := stuck.get((learner, since)):
            topic, times, share = last["topic"], last["without_progress"], last["points"] / last["max_points"]
            text = f"{times} more attempts at {topic} brought no progress beyond {share:.0%}"
            found.append(Attention(learner, name, "stuck", topic, times, since, text))
        elif missing >= TOPICS_BEHIND:
            text = f"is still active, but {missing} past topics are missing"
            found.append(Attention(learner, name, "behind", furthest, missing, since, text))
    order: list[Kind] = ["stopped", "stuck", "never_started", "behind"]
    return sorted(found, key=lambda own: (order.index(own.kind), -own.count, own.learner))


def _past_topics(journal: Journal, roster: Roster, now: str) -> list[str]:
    counts = dict(map(tuple, journal.db.execute("SELECT topic, count(*) FROM standing GROUP BY topic")))
    enough = PAST_SHARE * max(counts.values(), default=0)
    return sorted(
        topic
        for topic in {*counts, *roster.due}
        if (roster.due[topic] < now if topic in roster.due else counts[topic] >= enough)
    )
