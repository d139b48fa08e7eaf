"""The journal: every grading of every submission of a course, in one SQLite file beside its results; nothing is overwritten.

nbgrader's gradebook keeps a learner's last submission and a score for each exercise; the journal keeps the history: attempts,
diagnoses, fingerprints, the code. Words: an *attempt* is what a learner handed in at one time; a *grading* is one attempt under
one version of the hidden suite and one seed, stored once. The last grading of an attempt is the one that counts, and the last
attempt of a learner for a topic is where they *stand*: table `standing`, which is derived and refreshed with each grading.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from autograder.results import Result
from autograder.sandbox.lockdown import missing_layers

#: Where the journal of a course lies, from the course's folder.
JOURNAL_PATH = Path("results") / "journal.sqlite"

#: One letter for each status of a test or an exercise; NOT_ATTEMPTED stands where nothing was handed in.
STATUS_CODES = {
    "passed": "p",
    "failed": "f",
    "error": "e",
    "timeout": "t",
    "forbidden": "x",
    "not_started": "n",
    "ungraded": "u",
}
NOT_ATTEMPTED = "-"

_VERSION = 1
_BUSY_SECONDS = 60
_SCHEMA = """
CREATE TABLE grading (
    id INTEGER PRIMARY KEY,
    learner TEXT NOT NULL,
    topic TEXT NOT NULL,
    submitted_at TEXT NOT NULL,
    graded_at TEXT NOT NULL,
    regrading INTEGER NOT NULL,   -- whether the attempt had been graded before
    content_hash TEXT NOT NULL,
    suite_version TEXT NOT NULL,
    seed TEXT NOT NULL,
    run INTEGER REFERENCES run,
    points REAL NOT NULL,
    max_points REAL NOT NULL,
    ungraded INTEGER NOT NULL,    -- how many exercises could not be graded
    problem TEXT NOT NULL,
    missing_layers TEXT NOT NULL, -- of the sandbox, required ones only: without them points are no mark
    tests TEXT NOT NULL,          -- the status code of each test, in the order of suite.tests
    UNIQUE (learner, topic, submitted_at, content_hash, suite_version, seed)
);
CREATE INDEX grading_by_topic ON grading (topic, submitted_at, learner);
CREATE INDEX attempt_by_day ON grading (topic, substr(submitted_at, 1, 10)) WHERE NOT regrading;
CREATE INDEX grading_in_practice ON grading (id) WHERE missing_layers != '';
CREATE TABLE outcome (
    grading INTEGER NOT NULL REFERENCES grading,
    exercise TEXT NOT NULL,
    status TEXT NOT NULL,         -- a status code
    points REAL NOT NULL,
    max_points REAL NOT NULL,
    misconception TEXT,
    fingerprint TEXT,
    PRIMARY KEY (grading, exercise)
) WITHOUT ROWID;
CREATE TABLE document (
    grading INTEGER PRIMARY KEY REFERENCES grading,
    result BLOB,                  -- JSON of the Result, compressed
    cells BLOB                    -- JSON of the code cells, compressed
);
CREATE TABLE suite (
    topic TEXT NOT NULL,
    version TEXT NOT NULL,
    first_grading INTEGER NOT NULL,
    exercises TEXT NOT NULL,      -- JSON: their names, in the order of the topic
    tests TEXT NOT NULL,          -- JSON: [exercise, test] of each
    PRIMARY KEY (topic, version)
);
CREATE TABLE misconception (topic TEXT, name TEXT, text TEXT NOT NULL, PRIMARY KEY (topic, name));
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    finished_at TEXT,
    planned INTEGER NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0
);
CREATE VIEW attempt AS SELECT * FROM grading WHERE NOT EXISTS (
    SELECT 1 FROM grading AS later WHERE later.learner = grading.learner AND later.topic = grading.topic
    AND later.submitted_at = grading.submitted_at AND later.id > grading.id
);
CREATE TABLE standing (
    learner TEXT NOT NULL,
    topic TEXT NOT NULL,
    grading INTEGER NOT NULL REFERENCES grading,
    submitted_at TEXT NOT NULL,
    points REAL NOT NULL,
    max_points REAL NOT NULL,
    ungraded INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    without_progress INTEGER NOT NULL,  -- how many attempts came after the best one
    PRIMARY KEY (learner, topic)
) WITHOUT ROWID;
CREATE INDEX standing_by_topic ON standing (topic, submitted_at, learner, grading, points, max_points, ungraded);
"""
_REFRESH_STANDING = """
INSERT OR REPLACE INTO standing
SELECT learner, topic, id, submitted_at, points, max_points, ungraded, number, number - best FROM (
    SELECT *, first_value(number) OVER (PARTITION BY learner, topic ORDER BY share DESC, number) AS best,
        lead(number) OVER (PARTITION BY learner, topic ORDER BY number) AS next
    FROM (
        SELECT *, iif(max_points > 0, points / max_points, 0) AS share,
            row_number() OVER (PARTITION BY learner, topic ORDER BY submitted_at) AS number
        FROM attempt WHERE {which}
    )
) WHERE next IS NULL
"""


class NoJournal(Exception):
    """There is no journal at that place, or one that this version cannot read; the text says which."""


class Journal:
    """An open journal. One connection: open one for each thread, and close it, or use it as a context manager.

    Args:
        path: the file.
        create: make it, and its folder, where there is none.

    Raises:
        NoJournal: there is none, and `create` is off; or the file is no journal of this version.
    """

    def __init__(self, path: Path, create: bool = False):
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not path.exists():
            raise NoJournal(f"there is no {path}; it is written when submissions are graded")
        self.path = path
        self.db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self.db.row_factory = sqlite3.Row
        try:
            self.db.execute("PRAGMA synchronous = NORMAL")
            if self._version() == 0:
                self._make_tables()
            version = self._version()
        except sqlite3.DatabaseError as error:
            self.close()
            raise NoJournal(f"{path} cannot be used as a journal: {error}") from None
        if version != _VERSION:
            self.close()
            raise NoJournal(f"{path} was written by another version of this program (format {version})")

    def _version(self) -> int:
        return int(self.db.execute("PRAGMA user_version").fetchone()[0])

    def _make_tables(self) -> None:
        with suppress(sqlite3.OperationalError):  # where the file system cannot, or another process is doing it now
            self.db.execute("PRAGMA journal_mode = WAL")
        with self.transaction():
            if self._version() == 0:
                for statement in _SCHEMA.split(";\n"):
                    self.db.execute(statement)
                self.db.execute(f"PRAGMA user_version = {_VERSION}")

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing; other writers wait, readers do not."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def append(
        self,
        result: Result,
        cells: Sequence[str] = (),
        submitted_at: datetime | None = None,
        run: int | None = None,
    ) -> None:
        """Store a grading; one that is stored already is left as it is.

        Args:
            result: what came of it.
            cells: the code that was graded.
            submitted_at: when it was handed in, in UTC where it has no zone; by default when it was first graded.
            run: the run that it belongs to, as `plan` gave it.
        """
        learner, now = _storable(result.submission), timestamp(datetime.now(timezone.utc))
        with self.transaction():
            handed_in = timestamp(submitted_at) if submitted_at else self._first_graded(learner, result) or now
            ungraded = sum(own.status == "ungraded" for own in result.exercises)
            missing = "; ".join(missing_layers(result.layers)) if result.layers else ""
            attempt = (learner, result.topic, handed_in)
            stored = self.db.execute(
                "INSERT OR IGNORE INTO grading VALUES (NULL, ?, ?, ?, ?,"
                " EXISTS (SELECT 1 FROM grading WHERE learner = ? AND topic = ? AND submitted_at = ?),"
                " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(*attempt, now, *attempt),
                    *(result.content_hash, result.suite_version, result.seed, run),
                    *(result.points, result.max_points, ungraded, _storable(result.problem), missing),
                    "".join(STATUS_CODES[test.status] for test in result.tests),
                ),
            )
            if stored.rowcount:
                assert stored.lastrowid is not None
                self._append_details(stored.lastrowid, result, cells)
                self.db.execute(_REFRESH_STANDING.format(which="learner = ? AND topic = ?"), (learner, result.topic))
            self.db.execute(
                "UPDATE run SET done = done + 1, failed = failed + ?, updated_at = ? WHERE id = ?",
                (ungraded > 0, now, run),
            )

    def _append_details(self, grading: int, result: Result, cells: Sequence[str]) -> None:
        self.db.executemany(
            "INSERT INTO outcome VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(grading, own.exercise, STATUS_CODES[own.status], own.points, own.max_points),
                    own.diagnosis.misconception if own.diagnosis else None,
                    own.fingerprint,
                )
                for own in result.exercises
            ],
        )
        self.db.execute(
            "INSERT INTO document VALUES (?, ?, ?)", (grading, compressed(result.to_json()), compressed(list(cells)))
        )
        self.db.execute(
            "INSERT INTO suite VALUES (?, ?, ?, ?, ?)"  # what could not be graded has no tests, and may have come first
            " ON CONFLICT DO UPDATE SET tests = excluded.tests WHERE tests = '[]'",
            (
                *(result.topic, result.suite_version, grading),
                json.dumps([own.exercise for own in result.exercises]),
                json.dumps([[test.exercise, test.test] for test in result.tests]),
            ),
        )
        diagnoses = [own.diagnosis for own in result.exercises] + [test.diagnosis for test in result.tests]
        self.db.executemany(
            "INSERT OR REPLACE INTO misconception VALUES (?, ?, ?)",
            [(result.topic, own.misconception, own.text) for own in diagnoses if own],
        )

    def _first_graded(self, learner: str, result: Result) -> str | None:
        row = self.db.execute(
            "SELECT min(submitted_at) FROM grading WHERE learner = ? AND topic = ? AND content_hash = ?",
            (learner, result.topic, result.content_hash),
        ).fetchone()
        return str(row[0]) if row[0] else None

    def refresh_standings(self) -> None:
        """Derive every standing anew, after gradings were written in bulk."""
        with self.transaction():
            self.db.execute("DELETE FROM standing")
            self.db.execute(_REFRESH_STANDING.format(which="true"))

    def plan(self, submissions: int, run: int | None = None) -> int:
        """Announce so many submissions to grade: in a new run, or in one that is under way; returns the run."""
        now = timestamp(datetime.now(timezone.utc))
        with self.transaction():
            if run is None:
                started = self.db.execute(
                    "INSERT INTO run (started_at, updated_at, planned) VALUES (?, ?, ?)", (now, now, submissions)
                )
                assert started.lastrowid is not None
                return started.lastrowid
            self.db.execute(
                "UPDATE run SET planned = planned + ?, updated_at = ? WHERE id = ?", (submissions, now, run)
            )
            return run

    def finish(self, run: int) -> None:
        """Note that a run is over."""
        now = timestamp(datetime.now(timezone.utc))
        self.db.execute("UPDATE run SET finished_at = ?, updated_at = ? WHERE id = ?", (now, now, run))

    def result(self, grading: int) -> Result | None:
        """The Result of a grading; None where it was not kept."""
        row = self.db.execute("SELECT result FROM document WHERE grading = ?", (grading,)).fetchone()
        return Result.from_json(_decompressed(row["result"])) if row and row["result"] else None

    def cells(self, grading: int) -> list[str]:
        """The code cells that were graded, as the learner wrote them."""
        row = self.db.execute("SELECT cells FROM document WHERE grading = ?", (grading,)).fetchone()
        return list(_decompressed(row["cells"])) if row and row["cells"] else []


def timestamp(moment: datetime) -> str:
    """The moment in UTC as the journal writes it: "2026-01-31T23:59:59Z"; without a zone it is in UTC already."""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def compressed(data: Any) -> bytes:
    """Plain data as compressed JSON; half a surrogate pair, which is no Unicode and cannot be shown, becomes "?"."""
    return zlib.compress(json.dumps(data, ensure_ascii=False).encode(errors="replace"))


def _decompressed(data: bytes) -> Any:
    return json.loads(zlib.decompress(data))


def _storable(text: str) -> str:
    """Text as SQLite takes it: what is no Unicode, as file names may be, is written out."""
    return text.encode(errors="backslashreplace").decode()
