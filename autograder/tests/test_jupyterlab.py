"""The learner's notebook in a real JupyterLab in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page

from autograder.authoring import learner_notebook
from autograder.sample_class import Answers, notebook_with
from autograder.tests.jupyter import chromium, jupyterlab, needs_browser, shoot
from autograder.topics import find_topic

TOPIC = find_topic("01_activations")

pytestmark = needs_browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab on a folder with the untouched and the solved notebook."""
    folder = tmp_path_factory.mktemp("lab")
    nbformat.write(learner_notebook(TOPIC), folder / "untouched.ipynb")
    nbformat.write(notebook_with(TOPIC, Answers(TOPIC).solutions), folder / "solved.ipynb")
    with jupyterlab(folder) as address:
        yield address


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page(viewport={"width": 1280, "height": 1600})


def _run_all(page: Page, address: str, name: str) -> None:
    workspace = Path(name).stem  # one of its own, so that JupyterLab does not open the other notebook again
    page.goto(f"{address}/lab/workspaces/{workspace}/tree/{name}?reset")
    page.get_by_text("| Idle").wait_for(timeout=120_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()


def _wait_for_output(page: Page, text: str) -> None:
    """Wait for a text in the output of a cell; the same words stand in the source of the cell."""
    outputs = "Array.from(document.querySelectorAll('.jp-OutputArea-output'))"
    page.wait_for_function(
        f"text => {outputs}.some(output => output.textContent.includes(text))", arg=text, timeout=120_000
    )


def test_the_solved_notebook_passes_its_visible_tests(lab: str, page: Page) -> None:
    _run_all(page, lab, "solved.ipynb")
    _wait_for_output(
        page, "softmax passes its 4 visible tests."
    )  # a failure in any cell before would have stopped the run
    page.locator(".jp-OutputArea-output img").last.wait_for(timeout=60_000)
    shoot(page, "solved_notebook.png")


def test_the_untouched_notebook_says_what_is_missing(lab: str, page: Page) -> None:
    _run_all(page, lab, "untouched.ipynb")
    _wait_for_output(page, "NotImplementedError")
    shoot(page, "untouched_notebook.png")
