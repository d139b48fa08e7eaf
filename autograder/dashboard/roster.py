"""Who is in the class and what is due when, from nbgrader's gradebook; and everybody else who has handed something in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.engine import make_url

from autograder.journal import Journal, timestamp


@dataclass(frozen=True)
class Roster:
    """What the gradebook knows; empty where there is none.

    Attributes:
        names: for each learner's id the name to show, which may be empty.
        due: for each topic with a due date its time, as the journal writes times.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    due: Mapping[str, str] = field(default_factory=dict)

    def learners(self, journal: Journal) -> list[str]:
        """The ids of all who are enrolled or have handed in, sorted."""
        seen = (row[0] for row in journal.db.execute("SELECT DISTINCT learner FROM standing"))
        return sorted({*self.names, *seen})


def read_roster(db_url: str) -> Roster:
    """The roster in nbgrader's gradebook.

    Args:
        db_url: the gradebook, as nbgrader's `CourseDirectory.db_url`.
    """
    from nbgrader.api import Assignment, Student

    url = make_url(db_url)
    if url.drivername == "sqlite" and not Path(url.database or "").exists():
        return Roster()
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            students = connection.execute(select(Student.id, Student.first_name, Student.last_name)).all()
            assignments = connection.execute(select(Assignment.name, Assignment.duedate)).all()
    finally:
        engine.dispose()
    names = {str(learner): " ".join(part for part in name if part) for learner, *name in students}
    return Roster(names, {str(topic): timestamp(due) for topic, due in assignments if due is not None})


def topics_of(journal: Journal) -> dict[str, list[str]]:
    """The topics in which somebody has handed in, by number, each with its exercises as they were graded last."""
    suites = journal.db.execute("SELECT topic, exercises FROM suite ORDER BY topic, version != '', first_grading")
    return {row["topic"]: json.loads(row["exercises"]) for row in suites}
