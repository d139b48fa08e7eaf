"""The learner's notebook in a real JupyterLab in a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, sync_playwright

from autograder.authoring import learner_notebook
from autograder.sample_class import Answers, notebook_with
from autograder.topics import ROOT, find_topic

TOPIC = find_topic("01_activations")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SCREENSHOTS = ROOT / "build" / "screenshots"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]


@pytest.fixture(scope="module")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab on a folder with the untouched and the solved notebook; its address."""
    folder = tmp_path_factory.mktemp("lab")
    nbformat.write(learner_notebook(TOPIC), folder / "untouched.ipynb")
    nbformat.write(notebook_with(TOPIC, Answers(TOPIC).solutions), folder / "solved.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
    ]
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(folder / ".config"),
        "JUPYTER_RUNTIME_DIR": str(folder / ".run"),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options], cwd=folder, env=environment, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/api/status")
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*quiet, "--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser.new_page(viewport={"width": 1280, "height": 1600})
        browser.close()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(address, timeout=5)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _run_all(page: Page, address: str, name: str) -> None:
    workspace = Path(name).stem  # one of its own, so that JupyterLab does not open the other notebook again
    page.goto(f"{address}/lab/workspaces/{workspace}/tree/{name}?reset")
    page.get_by_text("| Idle").wait_for(timeout=120_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()


def _shoot(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / name)


def _wait_for_output(page: Page, text: str) -> None:
    """Wait for a text in the output of a cell; the same words stand in the source of the cell."""
    outputs = "Array.from(document.querySelectorAll('.jp-OutputArea-output'))"
    page.wait_for_function(
        f"text => {outputs}.some(output => output.textContent.includes(text))", arg=text, timeout=120_000
    )


def test_the_solved_notebook_passes_its_visible_tests(jupyterlab: str, page: Page) -> None:
    _run_all(page, jupyterlab, "solved.ipynb")
    _wait_for_output(
        page, "softmax passes its 4 visible tests."
    )  # a failure in any cell before would have stopped the run
    page.locator(".jp-OutputArea-output img").last.wait_for(timeout=60_000)
    _shoot(page, "solved_notebook.png")


def test_the_untouched_notebook_says_what_is_missing(jupyterlab: str, page: Page) -> None:
    _run_all(page, jupyterlab, "untouched.ipynb")
    _wait_for_output(page, "NotImplementedError")
    _shoot(page, "untouched_notebook.png")
