"""The course that is shown: where nbgrader's configuration says it lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from autograder.dashboard.roster import Roster, read_roster
from autograder.journal import JOURNAL_PATH, Journal

_CONFIG = "nbgrader_config.py"


@dataclass(frozen=True)
class Course:
    """A course of nbgrader: its folder, its name, and its gradebook as SQLAlchemy addresses it."""

    folder: Path
    name: str
    db_url: str

    @classmethod
    def at(cls, folder: Path) -> Course:
        """The course in a folder, by the configuration in it."""
        config = (
            PyFileConfigLoader(_CONFIG, path=str(folder)).load_config() if (folder / _CONFIG).exists() else Config()
        )
        config.CourseDirectory.root = str(folder.resolve())
        return cls._of(config)

    @classmethod
    def of_nbgrader(cls) -> Course:
        """The course that nbgrader and formgrader work on here."""
        app = NbGrader()
        app.load_config_file()
        return cls._of(app.config)

    @classmethod
    def _of(cls, config: Config) -> Course:
        directory = CourseDirectory(config=config)
        folder = Path(directory.root)
        return cls(folder, directory.course_id or folder.name, directory.db_url)

    @property
    def journal_path(self) -> Path:
        return self.folder / JOURNAL_PATH

    def open(self) -> tuple[Journal, Roster]:
        """Its journal, to be closed, and its roster.

        Raises:
            NoJournal: nothing has been graded in this course, or this is no course.
        """
        return Journal(self.journal_path), read_roster(self.db_url)
