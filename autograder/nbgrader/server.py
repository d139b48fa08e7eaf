"""Keep JupyterLab and formgrader usable while a submission is graded: formgrader's Autograde button works in the background.

nbgrader's own handler grades inside the Jupyter server, which answers nobody else meanwhile. This extension is loaded before
nbgrader's, and takes that one request from it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from nbgrader.server_extensions.formgrader.apihandlers import AutogradeHandler
from nbgrader.server_extensions.formgrader.base import check_notebook_dir, check_xsrf
from tornado import web

#: Submissions that are graded at once, however many buttons are pressed.
_AT_ONCE = asyncio.Semaphore(2)


class BackgroundAutogradeHandler(AutogradeHandler):
    """Runs `nbgrader autograde` for one submission, and answers as nbgrader's handler does."""

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    async def post(self, assignment_id: str, student_id: str) -> None:
        course = self.coursedir
        options = [f"--assignment={assignment_id}", f"--student={student_id}", f"--course-dir={course.root}", "--force"]
        async with _AT_ONCE:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "autograder.cli", "nbgrader", "autograde", *options, f"--db={course.db_url}"),
                cwd=course.root,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            log, _ = await process.communicate()
        outcome = {"success": process.returncode == 0, "log": log.decode(errors="replace")}
        outcome |= {} if outcome["success"] else {"error": outcome["log"]}
        self.write(json.dumps(outcome))  # as text: nbgrader's page parses it itself


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": "autograder.nbgrader.server"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    """Take formgrader's Autograde request from nbgrader; for Jupyter Server, which calls it when it starts."""
    address = url_path_join(app.web_app.settings["base_url"], r"/formgrader/api/submission/([^/]+)/([^/]+)/autograde")
    app.web_app.add_handlers(".*$", [(address, BackgroundAutogradeHandler)])
