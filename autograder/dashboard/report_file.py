"""The dashboard as one HTML file: every page in it, no asset from elsewhere, to open or to send."""

from __future__ import annotations

import hmac
import secrets
import sqlite3
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from autograder.dashboard.course import Course
from autograder.dashboard.learners import learner
from autograder.dashboard.matrix import matrix, solved_shares
from autograder.dashboard.pages import STATIC, readable_time, render
from autograder.dashboard.roster import Roster, topics_of
from autograder.dashboard.tables import Table, table_csv
from autograder.dashboard.views import find
from autograder.journal import Journal, timestamp

#: In a larger class the pages of single learners would make the file too large for a browser; they are left out.
MOST_LEARNER_PAGES = 200


def write_report(course: Course, output: Path, language: str, pseudonyms: bool) -> None:
    """Write the report on a course, whole or not at all, for nobody else to read.

    Args:
        language: a key of `autograder.dashboard.languages.LANGUAGES`.
        pseudonyms: rename the learners, with the same pseudonyms in each report on the course.

    Raises:
        NoJournal: nothing has been graded in this course, or this is no course.
    """
    journal, roster = course.open()
    with journal:
        if pseudonyms:
            with _pseudonymous(journal, roster) as renamed:
                text = _report(*renamed, course.name, language, pseudonyms)
        else:
            text = _report(journal, roster, course.name, language, pseudonyms)
    with tempfile.NamedTemporaryFile("w", dir=output.parent, suffix=".tmp", delete=False, encoding="utf-8") as file:
        file.write(text)
    Path(file.name).replace(output)


def _report(journal: Journal, roster: Roster, course: str, language: str, pseudonyms: bool) -> str:
    links = _ReportLinks(journal, roster)
    sections = []
    for view, *arguments in links.pages:
        found = find(journal, roster, view, *arguments)
        if view == "class":
            found["heat_map"] |= {
                "rows": [asdict(row) for row in matrix(journal, roster, limit=found["data"].learners).rows],
                "solved": solved_shares(journal),
            }
        html = render(f"{view}.html", language, links, view=view, xsrf_token="", **found)
        sections.append({"address": "/".join((view, *arguments)), "view": view, "html": html})
    style = (STATIC / "dashboard.css").read_text(encoding="utf-8")
    theme, *scripts = (
        (STATIC / name).read_text(encoding="utf-8") for name in ("theme.js", "report.js", "dashboard.js", "heatmap.js")
    )
    return render(
        "report.html",
        language,
        links,
        view="class",
        course=course,
        sections=sections,
        style=style,
        theme=theme,
        scripts=scripts,
        policy=_policy(style, [theme, *scripts]),
        time=readable_time(timestamp(datetime.now(timezone.utc))),
        pseudonyms=pseudonyms,
    )


class _ReportLinks:
    """Places in the report, and tables as addresses that hold their data."""

    def __init__(self, journal: Journal, roster: Roster):
        self._journal, self._roster = journal, roster
        topics = topics_of(journal)
        self.latest = max(topics, default="")
        by_topic = [(view, topic) for view in ("mistakes", "exercises", "similar") for topic in topics]
        exercises = [("exercise", topic, name) for topic, names in topics.items() for name in names]
        self.pages: list[tuple[str, ...]] = [("class",), *by_topic, *exercises, ("help",), ("grading",)]
        learners = roster.learners(journal)
        if len(learners) <= MOST_LEARNER_PAGES:
            for name in learners:
                histories = learner(journal, roster, name).topics
                attempts = [str(attempt.grading) for history in histories for attempt in history.attempts]
                self.pages += [("learner", name), *(("attempt", name, attempt) for attempt in attempts)]
        self._known = set(self.pages)

    def page(self, *parts: str) -> str:
        """The place of a page; of a view by topic, that of the latest one; empty where the report lacks it."""
        if parts == ("learner", "LEARNER"):  # the pattern that the heat map fills in
            return "#learner/LEARNER" if ("learner",) in {page[:1] for page in self.pages} else ""
        place = next((page for page in (parts, (*parts, self.latest)) if page in self._known), None)
        return "#" + "/".join(quote(part, safe="") for part in place) if place else ""

    def table(self, table: Table, **of: str) -> str:
        text = table_csv(self._journal, self._roster, table, **of).encode("utf-8-sig")
        return f"data:text/csv;charset=utf-8;base64,{b64encode(text).decode()}"


def _policy(style: str, scripts: list[str]) -> str:
    """A Content-Security-Policy under which exactly these run."""

    def hashed(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; style-src {hashed(style)}; script-src {' '.join(map(hashed, scripts))}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@contextmanager
def _pseudonymous(journal: Journal, roster: Roster) -> Iterator[tuple[Journal, Roster]]:
    """A copy of the journal in which learners have pseudonyms, made with a secret key that stays beside the journal."""
    key = _key_beside(journal.path)

    def pseudonym(name: str) -> str:
        return "learner-" + hmac.new(key, name.encode(), sha256).hexdigest()[:10]

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / journal.path.name
        copy = sqlite3.connect(path)
        journal.db.backup(copy)
        copy.create_function("pseudonym", 1, pseudonym, deterministic=True)
        with copy:
            for table in ("grading", "standing"):
                copy.execute(f"UPDATE {table} SET learner = pseudonym(learner)")
        copy.close()
        with Journal(path) as renamed:
            yield renamed, Roster({pseudonym(name): "" for name in roster.names}, roster.due)


def _key_beside(journal: Path) -> bytes:
    path = journal.with_name("pseudonyms.key")
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()
