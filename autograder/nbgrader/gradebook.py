"""nbgrader's gradebook with several graders at once, and with one course in it.

Importing this module makes SQLite wait for its turn, and keeps a second course out, in every gradebook that this process opens.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Course, Gradebook
from nbgrader.converters.base import NbGraderException
from sqlalchemy import Connection, Engine, event, select

#: nbgrader enters this course whenever it opens a gradebook without naming one.
_UNNAMED = "default_course"
#: SQLite's own five seconds pass when a dozen graders write to a slow disk.
_BUSY_SECONDS = 120


@event.listens_for(Engine, "connect")
def _wait_for_other_writers(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")


@event.listens_for(Course, "before_insert")
def _keep_other_courses_out(_mapper: Any, connection: Connection, course: Course) -> None:
    """nbgrader's assignments have one namespace: those of a second course would silently become those of the first."""
    others = connection.execute(select(Course.id).where(Course.id.not_in([course.id, _UNNAMED]))).scalars().all()
    if course.id != _UNNAMED and others:
        raise NbGraderException(
            f"this gradebook is that of the course {others[0]!r}, so {course.id!r} cannot use it: give each course a database of "
            "its own (c.CourseDirectory.db_url), or its old name back (c.CourseDirectory.course_id)"
        )


class Claims:
    """The submissions that this process is grading: another grader who wants one of them waits until this process ends.

    Args:
        course: the course's folder, which all its graders share.
    """

    def __init__(self, course: Path):
        self._file = os.open(course / ".autograde.lock", os.O_RDWR | os.O_CREAT, 0o666)

    def take(self, db_url: str, course_id: str, assignment: str, students: Sequence[str]) -> None:
        """Claim submissions, and enter their learners, whom two graders must not enter at once, into the gradebook."""
        fcntl.lockf(self._file, fcntl.LOCK_EX, 1, 0)
        with Gradebook(db_url, course_id) as gradebook:
            for student in students:
                gradebook.update_or_create_student(student)
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, 0)
        # everybody takes them in the same order, so that no two wait for each other
        for place in sorted({1 + zlib.crc32(f"{assignment}/{student}".encode()) for student in students}):
            fcntl.lockf(self._file, fcntl.LOCK_EX, 1, place)
