"""A course as people live it, in JupyterLab and Chromium: release, answer, submit, grade, comment, read the feedback."""

from __future__ import annotations

import os
import pwd
import shutil
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, Page

from autograder.authoring import ANSWER
from autograder.known_answers import misconceptions_of
from autograder.nbgrader.course import write_course
from autograder.sample_class import Answers
from autograder.tests.jupyter import chromium, jupyterlab, needs_browser, shoot
from autograder.topics import find_topic

TOPIC = find_topic("01_activations")
LEARNER = pwd.getpwuid(os.getuid()).pw_name  # to nbgrader a learner is who their operating system says
ANSWERS = {
    "sigmoid": Answers(TOPIC).solutions["sigmoid"],
    "tanh": misconceptions_of(TOPIC).source("tanh__infinity_by_infinity"),
}
WRITTEN = "Without one, layers collapse: $W_2(W_1 x) = (W_2 W_1)x$. <img src=x onerror=alert(1)>"
COMMENT = "Right. Now name one, and say what its slope does."
_SECONDS = 180_000

pytestmark = needs_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def open_page(browser: Browser) -> Page:
    """A page that must ask nobody but this machine, and on which no script fails and no learner's text opens a dialog."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(_SECONDS)

    def check(url: str) -> None:
        assert url.startswith(("http://127.0.0.1", "data:", "blob:")), f"{url} was asked for"

    page.on("request", lambda request: check(request.url))
    page.on("pageerror", lambda error: pytest.fail(f"a script of the page failed: {error}"))
    page.on("dialog", lambda dialog: pytest.fail(f"a text of the learner's ran: {dialog.message}"))
    return page


def open_lab(browser: Browser, address: str, menu: str) -> Page:
    """JupyterLab, with what an entry of its menu Nbgrader opens."""
    page = open_page(browser)
    page.goto(f"{address}/lab?reset")
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.locator(".lm-Menu").get_by_text(menu, exact=True).click()
    return page


def press(page: Page, button: str) -> None:
    """Press one of formgrader's buttons, and read its message of success away."""
    page.locator(f"td.{button} a").click()
    page.locator(".modal-dialog", has_text="Success").get_by_role("button", name="OK").click()
    page.locator(".modal-backdrop").wait_for(state="detached")


def write_cell(page: Page, containing: str, text: str) -> None:
    cell = page.locator(".jp-Cell", has_text=containing).first
    cell.dblclick()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def open_notebook_of_assignment(page: Page) -> None:
    """Unfold the fetched assignment and open its notebook; the list may be drawn anew while one is at it."""
    notebook = page.locator("#fetched_assignments_list").get_by_text(TOPIC.stem, exact=True)
    for _ in range(10):
        page.wait_for_timeout(3000)
        if notebook.is_visible():
            break
        page.locator("a.assignment-notebooks-link").click()
    notebook.click(timeout=10_000)


@pytest.mark.xfail(strict=False, reason="nbgrader's assignment list does not always unfold what was just fetched")
def test_a_course_from_release_to_feedback(browser: Browser, tmp_path: Path) -> None:
    course, desk = tmp_path / "deep-learning", tmp_path / "desk"
    write_course(course, [TOPIC])
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.GradeSubmission.counterexamples = True\n")
    desk.mkdir()
    shutil.copy(course / "learners" / "nbgrader_config.py", desk)
    with jupyterlab(course) as instructors, jupyterlab(desk) as learners:
        _release(browser, instructors)
        _answer_and_submit(browser, learners)
        _grade(browser, instructors)
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
            grades = {
                grade.name: grade
                for grade in gradebook.find_submission_notebook(TOPIC.stem, TOPIC.name, LEARNER).grades
            }
            assert grades["sigmoid"].score == grades["sigmoid"].max_score
            assert 0 < grades["tanh"].score < grades["tanh"].max_score
            assert (grades["relu"].score, grades[ANSWER].score) == (0, 2)
            total = sum(grade.score for grade in grades.values())
        _read_feedback(browser, learners, total)


def _release(browser: Browser, address: str) -> None:
    page = open_lab(browser, address, "Formgrader")
    formgrader = page.frame_locator("iframe")
    formgrader.get_by_text(TOPIC.name).wait_for()
    shoot(page, "course_1_formgrader.png")
    page.goto(f"{address}/formgrader/manage_assignments")
    press(page, "assign")
    press(page, "release")
    page.locator("td.status", has_text="released").wait_for()
    page.close()


def _answer_and_submit(browser: Browser, address: str) -> None:
    page = open_lab(browser, address, "Assignment List")
    page.get_by_role("button", name="Fetch", exact=True).click()
    page.get_by_role("button", name="Submit", exact=True).wait_for()
    shoot(page, "course_2_assignment_list.png")
    open_notebook_of_assignment(page)
    page.get_by_text("| Idle").wait_for()
    for exercise, answer in ANSWERS.items():
        write_cell(page, f"def {exercise}(", answer)
    write_cell(page, "YOUR ANSWER HERE", WRITTEN)
    page.keyboard.press("Control+Enter")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.get_by_text("sigmoid passes its 3 visible tests.").last.wait_for()
    failure = page.locator(
        ".jp-OutputArea-output", has_text="tanh is not right yet: 1 of its 2 visible tests failed"
    ).first
    failure.scroll_into_view_if_needed()
    shoot(page, "course_3_visible_tests.png")
    page.keyboard.press("Control+S")
    page.locator(".lm-TabBar-tab.jp-mod-dirty").wait_for(state="detached")
    page.locator(".jp-NotebookPanel-toolbar").get_by_text("Validate").click()
    dialog = page.locator(".jp-Dialog")
    dialog.wait_for()
    shoot(page, "course_4_validate.png")
    dialog.get_by_text("tanh is not right yet: 1 of its 2 visible tests failed").wait_for()
    dialog.get_by_text("relu is not written yet").last.scroll_into_view_if_needed()
    assert "sigmoid is not" not in dialog.inner_text()
    shoot(page, "course_4_validate.png")
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    page.locator(".lm-TabBar-tabLabel", has_text="Assignments").click()
    page.get_by_role("button", name="Submit", exact=True).click()
    page.locator("#submitted_assignments_list .list_item").first.wait_for()
    shoot(page, "course_5_submitted.png")
    page.close()


def _grade(browser: Browser, address: str) -> None:
    page = open_page(browser)
    page.goto(f"{address}/formgrader/manage_assignments")
    press(page, "collect")
    page.locator("td.num-submissions a").click()
    page.locator("td.autograde a").click()
    start = time.monotonic()
    with urllib.request.urlopen(f"{address}/api/status", timeout=60) as answer:
        assert answer.status == 200
    answered = time.monotonic() - start
    page.locator(".modal-dialog", has_text="Success").get_by_role("button", name="OK").click()
    assert answered < time.monotonic() - start  # the server answered while the submission was graded
    page.goto(f"{address}/formgrader/gradebook/{TOPIC.name}/{TOPIC.stem}")
    page.locator("td.name a.name-hidden").click()
    page.get_by_text("A call that it answers wrongly").first.scroll_into_view_if_needed()
    shoot(page, "course_6_marked_notebook.png")
    score, comment = page.locator(f"input#{ANSWER}"), page.locator(f"textarea#{ANSWER}-comment")
    comment.scroll_into_view_if_needed()
    score.fill("2")
    score.press("Tab")
    comment.fill(COMMENT)
    comment.press("Tab")
    page.locator(".comment-saved:visible").first.wait_for()
    page.wait_for_timeout(1500)  # formgrader glides to the next answer
    comment.scroll_into_view_if_needed()
    shoot(page, "course_7_comment.png")
    page.goto(f"{address}/formgrader/manage_assignments")
    press(page, "generate-feedback")
    press(page, "release-feedback")
    page.close()


def _read_feedback(browser: Browser, address: str, total: float) -> None:
    page = open_lab(browser, address, "Assignment List")
    page.get_by_role("button", name="Fetch Feedback").click()
    page.get_by_text("(view feedback)").click()
    page.locator(".jp-DirListing-item", has_text=f"{TOPIC.stem}.html").dblclick()
    feedback = page.frame_locator("iframe")
    feedback.get_by_text(f"{TOPIC.stem} (Score: {total}").wait_for()
    feedback.get_by_text(COMMENT).wait_for()
    assert feedback.locator("math").count() > 10
    assert feedback.get_by_text("Mark scheme").count() == 0
    feedback.get_by_text("A call that it answers wrongly").first.scroll_into_view_if_needed()
    shoot(page, "course_8_feedback.png")
    page.close()
