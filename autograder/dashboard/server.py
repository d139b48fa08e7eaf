"""The dashboard inside the instructor's Jupyter: pages behind the same login, for those who may read `grades`.

A Jupyter server extension. Every handler asks Jupyter's authorizer for the resource `grades`; queries and templates run in
threads, so that the server goes on serving everything else. What needs SciPy is imported when it is first asked for: that takes
a second, for which the start of Jupyter need not wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict
from http.client import responses
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, unquote, urlencode

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from tornado import web
from traitlets import Unicode
from traitlets.config import Configurable

from autograder.dashboard.course import Course
from autograder.dashboard.languages import LANGUAGES, preferred_language
from autograder.dashboard.matrix import matrix, solved_shares
from autograder.dashboard.pages import STATIC, render
from autograder.dashboard.roster import Roster
from autograder.journal import Journal, NoJournal

if TYPE_CHECKING:
    from autograder.dashboard.tables import Table

T = TypeVar("T")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
#: The most rows of the heat map in one answer.
MOST_ROWS = 500


class Dashboard(Configurable):
    """Which course is shown; `c.Dashboard.course` in Jupyter's configuration."""

    course = Unicode(help="The course's folder; by default the one that nbgrader works on").tag(config=True)

    def open_course(self) -> Course:
        return Course.at(Path(self.course)) if self.course else Course.of_nbgrader()


class ServedLinks:
    """Addresses below the dashboard's own; a language that was chosen stays chosen."""

    def __init__(self, base: str, chosen_language: str):
        self._base = base
        self._query = f"?language={chosen_language}" if chosen_language else ""

    def page(self, *parts: str) -> str:
        return self._base + "/".join(quote(part, safe="") for part in parts) + self._query

    def table(self, table: str, **of: str) -> str:
        return f"{self._base}table/{table}?{urlencode(of)}"

    def asset(self, name: str) -> str:
        return f"{self._base}static/{name}"


class GradesHandler(JupyterHandler):
    """What all handlers share: who may, what the browser may, and queries in threads."""

    auth_resource = "grades"
    course: Course

    def initialize(self, course: Course) -> None:
        self.course = course

    @property
    def content_security_policy(self) -> str:
        return f"{super().content_security_policy}; {POLICY}"

    @property
    def parts(self) -> list[str]:
        """The parts of the address below the dashboard's own."""
        path = self.request.path.removeprefix(self.base_url).partition("/")[2]
        return [unquote(part) for part in path.split("/")]

    def page(self, view: str, arguments: Sequence[str] = (), **found: Any) -> str:
        chosen = self.get_query_argument("language", "")
        language = (
            chosen if chosen in LANGUAGES else preferred_language(self.request.headers.get("Accept-Language", ""))
        )
        links = ServedLinks(url_path_join(self.base_url, "autograder/"), chosen)
        about = {"view": view, "arguments": arguments, "course": self.course.name}
        return render("page.html", language, links, **about, **found)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say what is wrong on a page of ours: Jupyter's own has scripts that our policy forbids."""
        error = kwargs.get("exc_info", (None, None))[1]
        said = isinstance(error, web.HTTPError) and error.log_message
        message = error.log_message % error.args if said else responses.get(status_code, "error")
        self.finish(self.page("error", [str(status_code)], message=message))

    async def ask(self, query: Callable[[Journal, Roster], T]) -> T:
        """What a query finds, without holding up the server; 404 where there is nothing of that name."""

        def ask() -> T:
            journal, roster = self.course.open()
            with journal:
                return query(journal, roster)

        try:
            return await asyncio.to_thread(ask)
        except (NoJournal, LookupError, ValueError) as error:
            raise web.HTTPError(404, "%s", str(error)) from None


class PageHandler(GradesHandler):
    """A view as a page."""

    @web.authenticated
    @authorized
    async def get(self, *_: str) -> None:
        view, *arguments = [part for part in self.parts if part] or ["class"]

        def find(journal: Journal, roster: Roster) -> dict[str, Any]:
            from autograder.dashboard.views import find

            return find(journal, roster, view, *arguments)

        found = await self.ask(find)
        self.finish(await asyncio.to_thread(self.page, view, arguments, xsrf_token=self.xsrf_token.decode(), **found))


class MatrixHandler(GradesHandler):
    """A window of the rows of the heat map."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        sort = self.get_query_argument("sort", "name")
        descending = self.get_query_argument("descending", "") == "true"
        try:
            offset, limit = (max(0, int(self.get_query_argument(name))) for name in ("offset", "limit"))
        except ValueError:
            raise web.HTTPError(400, "offset and limit are numbers of rows") from None
        window = await self.ask(
            lambda journal, roster: matrix(journal, roster, None, sort, descending, offset, min(limit, MOST_ROWS))
        )
        self.finish({"rows": [asdict(row) for row in window.rows]})


class SolvedHandler(GradesHandler):
    """The share of the class that solved each exercise, in the order of the heat map's columns."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.finish({"solved": await self.ask(lambda journal, _: solved_shares(journal))})


class TableHandler(GradesHandler):
    """A table as CSV."""

    @web.authenticated
    @authorized
    async def get(self, table: Table) -> None:
        of = {name: self.get_query_argument(name, "") for name in ("topic", "exercise", "learner")}

        def write(journal: Journal, roster: Roster) -> str:
            from autograder.dashboard.tables import table_csv

            return table_csv(journal, roster, table, **of)

        text = await self.ask(write)
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_attachment_header("-".join(filter(None, (table, *of.values()))) + ".csv")
        self.finish(text.encode("utf-8-sig"))  # Excel takes it for something else without the mark


class MisconceptionHandler(GradesHandler):
    """A cluster of the same unknown mistake, named: the beginning of a misconception for the author's hidden suite."""

    @web.authenticated
    @authorized
    async def post(self, *_: str) -> None:
        topic, name, fingerprint = self.parts[1:]
        mistake = self.get_body_argument("name")

        def stub(journal: Journal, _: Roster) -> str:
            from autograder.dashboard.exercises import exercise, misconception_stub

            clusters = exercise(journal, topic, name).clusters
            code = next((cluster.code for cluster in clusters if cluster.fingerprint == fingerprint), None)
            if code is None:
                raise LookupError(f"no learners share the mistake {fingerprint!r} in {name} any more")
            try:
                return misconception_stub(name, mistake, code)
            except ValueError as error:
                raise web.HTTPError(400, "%s", str(error)) from None

        text = await self.ask(stub)
        self.set_header("Content-Type", "text/x-python; charset=utf-8")
        self.set_attachment_header(f"{name}__{mistake}.py")
        self.finish(text)


class OfferedHandler(GradesHandler):
    """Whether there is anything to show, for JupyterLab's launcher."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.finish({"offered": self.course.journal_path.exists()})


class StaticHandler(GradesHandler, web.StaticFileHandler):
    """Styles and scripts."""

    def initialize(self, course: Course, path: str) -> None:  # type: ignore[override]
        GradesHandler.initialize(self, course)
        web.StaticFileHandler.initialize(self, path)

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:  # type: ignore[override]
        await web.StaticFileHandler.get(self, path)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "autograder.dashboard.server"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    course = {"course": Dashboard(parent=app).open_course()}
    base = url_path_join(app.base_url, "autograder")
    handlers: list[Any] = [
        (f"{base}/static/(.*)", StaticHandler, {**course, "path": str(STATIC)}),
        (f"{base}/matrix", MatrixHandler, course),
        (f"{base}/solved", SolvedHandler, course),
        (f"{base}/table/([a-z]+)", TableHandler, course),
        (f"{base}/misconception/([^/]+)/([^/]+)/([^/]+)", MisconceptionHandler, course),
        (f"{base}/offered", OfferedHandler, course),
        (f"{base}/?(.*)", PageHandler, course),
    ]
    app.web_app.add_handlers(".*$", handlers)
