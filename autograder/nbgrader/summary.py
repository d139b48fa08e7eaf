"""What `nbgrader autograde` ends with: how many were graded, and who needs a look."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.results import Result
from autograder.sandbox.client import printable


def print_summary(course: CourseDirectory, results: Mapping[str, Result]) -> None:
    """Print to standard error what became of each submission of the assignment that was to be graded.

    Args:
        course: nbgrader's course directory, with the assignment and the learners of this run.
        results: by learner; who has none was left out by nbgrader, or failed.
    """
    counts = {"graded": 0, "graded before": 0}
    looks: dict[str, list[str]] = {"could not be graded": [], "failed": [], "no notebook": []}
    submitted = Path(course.format_path(course.submitted_directory, course.student_id, course.assignment_id))
    for folder in sorted(Path(course.root).glob(str(submitted.relative_to(course.root)))):
        student = folder.parts[-2]
        graded = Path(course.format_path(course.autograded_directory, student, course.assignment_id))
        if not any(folder.glob("*.ipynb")):
            looks["no notebook"].append(student)
        elif not graded.exists():
            looks["failed"].append(student)
        elif student not in results:
            counts["graded before"] += 1
        elif results[student].problem:
            looks["could not be graded"].append(f"{student}: {results[student].problem}")
        else:
            counts["graded"] += 1
    lines = [course.assignment_id, *(f"  {count:5}  {group}" for group, count in counts.items() if count)]
    for group, students in looks.items():
        lines += (
            [f"  {len(students):5}  {group}", *(f"           {student}" for student in students)] if students else []
        )
    if looks["could not be graded"]:
        lines.append("What could not be graded has no mark and waits for a person (formgrader, Manual Grading).")
    print("\n".join(map(_printable_line, lines)), file=sys.stderr)


def _printable_line(line: str) -> str:
    """A line whose indentation stays and in which nothing of a learner's controls the terminal."""
    return line[: len(line) - len(line.lstrip())] + printable(line)
