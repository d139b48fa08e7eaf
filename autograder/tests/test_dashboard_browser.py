"""The dashboard in a real JupyterLab and a real browser, on a class with hostile learners."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from autograder import results
from autograder.benchmarks.synthetic_class import due_dates, fill
from autograder.cli import main
from autograder.journal import JOURNAL_PATH, Journal
from autograder.nbgrader.course import find_scripts_of_this_python
from autograder.results import Diagnosis, ExerciseResult, Result
from autograder.tests.jupyter import chromium, jupyterlab, needs_browser
from autograder.topics import find_topic

TOPICS = [find_topic("01"), find_topic("03")]
LEARNERS = 130
TOKEN = "secret"
ATTACK = '</script><img src=x onerror="hacked=1"><script>hacked=1</script>{{ 7 * 7 }}\'"&amp;'
ATTACKER = f"mallory {ATTACK}"
COPIED = "\n".join(f"    total_{n} = sorted([x, {n}])[{n % 2}] ** {n} - len(str(x)) * {n + 3} % 7" for n in range(12))
CONFIG = """
from pathlib import Path
from jupyter_server.auth import Authorizer

class GradesUnlessForbidden(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        return resource != "grades" or not Path("no-grades").exists()

c.ServerApp.authorizer_class = GradesUnlessForbidden
"""
VIEWS = {
    "class": "Where does the class stand?",
    "mistakes/01_activations": "What do they not understand?",
    "exercise/01_activations/relu": "What do they not understand about relu?",
    "exercises/01_activations": "Which exercises and tests are bad?",
    "help": "Who needs help?",
    "learner/learner-00003": "learner-00003",
    "attempt/ATTACK": "Attempt 2 of 2",
    "similar/01_activations": "Whose work is nearly identical?",
    "grading": "Is grading running?",
    "learner/nobody": "This cannot be shown",
}

pytestmark = needs_browser


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose class has been graded; one learner attacks whoever looks, two have the same code."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.course_id = "deep <b>learning</b>"\n'
    )
    (folder / ".config").mkdir()
    (folder / ".config" / "jupyter_server_config.py").write_text(CONFIG)
    with Journal(folder / JOURNAL_PATH, create=True) as journal:
        fill(journal, TOPICS, LEARNERS, code_of=TOPICS[:1])
        for day in (1, 2):
            journal.append(attack(day), [f"def relu(x):\n    return {ATTACK!r} * {day}"], datetime(2026, 3, day))
        for learner in ("alice", "bob"):
            same = Result(learner, "01_activations", learner, "", "seed")
            same.exercises = [ExerciseResult("relu", "failed", 0, 1, fingerprint="the same mistake")]
            journal.append(same, [f"def relu(x):\n{COPIED}\n    return total_3"], datetime(2026, 1, 30))
    find_scripts_of_this_python()
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        gradebook.add_student("never", first_name=ATTACK, last_name="Seen")
        for name, due in due_dates(TOPICS).items():
            gradebook.add_assignment(name, duedate=due.replace(tzinfo=None))
    return folder


def attack(day: int) -> Result:
    """What hostile text can be in: the name, the code, what tests say, why something could not be graded."""
    tests = [results.TestResult(ATTACK, "relu", "failed", 0, 1, ATTACK, ATTACK, Diagnosis("relu__leaks", "You leak."))]
    exercises = [ExerciseResult("relu", "failed", 0, 1), ExerciseResult("tanh", "ungraded", 0, 1)]
    problem = ATTACK if day == 2 else ""
    return Result(ATTACKER, "01_activations", f"day {day}", "", "seed", {}, problem, exercises, tests)


@pytest.fixture(scope="module")
def dashboard(course: Path) -> Iterator[str]:
    with jupyterlab(course, TOKEN) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, dashboard: str) -> Iterator[Page]:
    """A page of an instructor who has logged in. Afterwards: no request left this machine, nothing went wrong in a script."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=f"{dashboard}/autograder/")
    page = context.new_page()
    requests: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.extend(_refusals(message)))
    page.goto(f"{dashboard}/autograder/?token={TOKEN}")
    yield page
    context.close()
    assert all(url.startswith((dashboard, "data:", "blob:", "file:")) for url in requests), requests
    assert not errors


def _refusals(message: ConsoleMessage) -> list[str]:
    return [message.text] if "Content Security Policy" in message.text else []


def _open(page: Page, view: str, course: Path) -> None:
    if "ATTACK" in view:
        with Journal(course / JOURNAL_PATH) as journal:
            row = journal.db.execute("SELECT max(id) FROM grading WHERE learner = ?", (ATTACKER,)).fetchone()
        page.goto("learner/x")  # nothing of that name; the address of the attempt is made as a browser makes it
        page.evaluate(
            "([name, id]) => { location.href = '../attempt/' + encodeURIComponent(name) + '/' + id }",
            [ATTACKER, row[0]],
        )
        page.wait_for_url("**/attempt/**")
    else:
        page.goto(view)


def _check_accessibility(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("colours", "language"), [("light", "en"), ("dark", "zh-CN")])
def test_every_view_is_accessible_and_fits(page: Page, course: Path, view: str, language: str, colours: Any) -> None:
    page.emulate_media(color_scheme=colours)
    page.set_extra_http_headers({"Accept-Language": f"{language},en;q=0.5"})
    _open(page, view, course)
    if language == "en":
        expect(page.get_by_role("heading", level=1)).to_have_text(VIEWS[view])
    assert page.evaluate("document.documentElement.lang") == ("en" if language == "en" else "zh-Hans")
    for details in page.locator("details").all():
        details.evaluate("own => { own.open = true }")
    _check_accessibility(page)
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_language_that_was_chosen_stays(page: Page) -> None:
    page.goto("class")
    page.get_by_role("link", name="中文").click()
    page.get_by_role("link", name="评分", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("正在评分吗？")


@pytest.mark.parametrize("view", ["class", "help", "grading", "attempt/ATTACK", "similar/01_activations"])
def test_hostile_text_is_shown_and_does_nothing(page: Page, course: Path, view: str) -> None:
    _open(page, view, course)
    expect(page.locator(".course")).to_have_text("deep <b>learning</b>")
    if view == "class":
        page.locator(".heatmap select").first.select_option("name")
        page.locator(".heatmap-viewport").press("End")
    else:
        assert view.startswith("similar") or ATTACK in page.locator("main").inner_text()
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.locator("img").count() == 0


def test_the_policy_stops_what_escaping_would_let_through(browser: Browser, dashboard: str) -> None:
    page = browser.new_page()
    page.goto(f"{dashboard}/autograder/?token={TOKEN}")
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.hacked = 1";
            document.body.append(script);
            document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.hacked = 1'>");
            document.body.insertAdjacentHTML("beforeend", "<p style='color: red' id=styled>x</p>");
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.locator("#styled").evaluate("own => getComputedStyle(own).color") != "rgb(255, 0, 0)"
    page.close()


def test_the_heat_map_works_by_keyboard(page: Page) -> None:
    page.goto("class")
    page.get_by_label("Sort by").select_option("name")
    heat_map = page.get_by_role("application", name="Heat map")
    said = page.get_by_role("status")
    heat_map.focus()
    heat_map.press("ArrowDown")
    expect(said).to_contain_text("alice · 01_activations · sigmoid: ")
    heat_map.press("ArrowRight")
    heat_map.press("ArrowRight")
    expect(said).to_have_text("alice · 01_activations · relu: wrong (0 %)")
    heat_map.press("ArrowDown")
    expect(said).to_have_text("bob · 01_activations · relu: wrong (0 %)")
    heat_map.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("bob")


def test_the_heat_map_loads_what_it_shows(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/matrix" in request.url else None)
    page.goto("class")
    page.get_by_label("Sort by").select_option("name")
    page.locator(".heatmap select").nth(2).select_option("03_metrics")
    page.wait_for_load_state("networkidle")
    assert not any("offset=100" in url for url in asked)
    page.get_by_text("Show who solved what as a table").click()
    expect(page.get_by_role("row", name="01_activations relu")).to_contain_text("%")
    viewport = page.locator(".heatmap-viewport")
    with page.expect_response(lambda response: "offset=100" in response.url):
        viewport.evaluate("own => own.scrollTo(0, own.scrollHeight)")
    viewport.press("ArrowDown")
    viewport.press("PageDown")
    viewport.press("PageDown")
    expect(page.get_by_role("status")).to_contain_text("Seen · 03_metrics · confusion_matrix: nothing handed in")


def test_the_way_through_by_keyboard(page: Page) -> None:
    page.goto("help")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Download as CSV")).to_be_focused()


def test_a_table_sorts(page: Page) -> None:
    page.goto("exercises/01_activations")
    head = page.get_by_role("columnheader", name="difficulty")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    values = "cells => cells.map(cell => Number(cell.dataset.value))"
    shown = page.locator("table").first.locator("tbody td:nth-of-type(2)").evaluate_all(values)
    assert shown == sorted(shown, reverse=True)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")


def test_a_table_is_downloaded_as_it_is(page: Page) -> None:
    page.goto("class")
    with page.expect_download() as download:
        page.get_by_role("link", name="Statuses as CSV").click()
    assert download.value.suggested_filename == "statuses.csv"
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = {row["learner"]: row for row in csv.DictReader(file)}
    assert len(rows) >= LEARNERS + 3
    assert (rows[ATTACKER]["01_activations/relu"], rows[ATTACKER]["01_activations/tanh"]) == ("failed", "ungraded")


def test_a_named_mistake_becomes_a_misconception(page: Page) -> None:
    page.goto("exercise/01_activations/relu")
    cluster = page.locator("article").filter(has_text="the same mis")
    cluster.get_by_label("Name of the mistake").fill("too_much")
    with page.expect_download() as download:
        cluster.get_by_role("button", name="Download the new misconception").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "def relu__too_much(x):" in text
    assert "total_3" in text


def test_grading_is_followed_live(page: Page, course: Path) -> None:
    page.goto("grading")
    expect(page.locator("#run")).to_contain_text("The last run was over")
    with Journal(course / JOURNAL_PATH) as journal:
        run = journal.plan(3)
        late = Result("late", "03_metrics", "", "", "seed", exercises=[ExerciseResult("auc", "passed", 1, 1)])
        journal.append(late, [], datetime.now(timezone.utc), run)
        expect(page.get_by_role("progressbar")).to_have_attribute("value", "1", timeout=10_000)
        expect(page.get_by_role("progressbar")).to_have_attribute("max", "3")
        journal.finish(run)


def test_who_may_see_grades(page: Page, browser: Browser, dashboard: str, course: Path) -> None:
    routes = [
        *VIEWS,
        "",
        "matrix?offset=0&limit=9",
        "solved",
        "table/points",
        "offered",
        "static/dashboard.js",
        "nothing",
    ]
    stranger = browser.new_context(base_url=f"{dashboard}/autograder/")
    for route in routes:
        answer = stranger.request.get(route, max_redirects=0)
        assert (answer.status, "/login" in answer.headers.get("location", "")) == (302, True), route
    assert page.request.get("class").status == 200
    name: dict[str, str | float | bool] = {"name": "leaks"}
    mistake = "misconception/01_activations/relu/the%20same%20mistake"
    assert page.request.post(mistake, form=name).status == 403  # without the token against forgery
    (course / "no-grades").touch()
    try:
        assert {page.request.get(route).status for route in routes} == {403}
        token = {"Authorization": f"token {TOKEN}"}
        assert page.request.post(mistake, form=name, headers=token).status == 403
        assert page.request.get(f"{dashboard}/api/contents").status == 200
    finally:
        (course / "no-grades").unlink()
    assert page.request.post(mistake, form=name, headers=token).status == 200
    assert page.request.post(mistake, form={"name": "no name"}, headers=token).status == 400
    assert page.request.get("static/..%2fserver.py").status in (403, 404)
    for nothing in (
        "nothing",
        "learner",
        "learner/a/b",
        "exercise/01_activations/nothing",
        "table/nothing",
        "attempt/x/1",
    ):
        assert page.request.get(nothing).status == 404, nothing
    assert page.request.get("matrix?offset=first&limit=9").status == 400


def test_jupyterlab_opens_it(page: Page, dashboard: str) -> None:
    page.goto(f"{dashboard}/lab/workspaces/dashboard?reset")
    page.get_by_role("button", name="Class Dashboard").or_(page.get_by_title("Where the class stands")).first.click(
        timeout=60_000
    )
    frame = page.frame_locator("#autograder-dashboard iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Where does the class stand?", timeout=30_000)
    page.get_by_role("menuitem", name="Nbgrader").click()
    expect(page.get_by_role("menuitem", name="Class Dashboard")).to_be_visible()


@pytest.mark.parametrize(("language", "heading"), [("en", "Where does the class stand?"), ("zh", "班级进展如何？")])
def test_the_report_is_the_dashboard_in_a_file(
    page: Page, course: Path, tmp_path: Path, language: str, heading: str
) -> None:
    path = tmp_path / "report.html"
    run = CliRunner().invoke(main, ["report", str(course), "-o", str(path), "--language", language])
    assert run.exit_code == 0, run.output
    page.goto(path.as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    _check_accessibility(page)
    heat_map = page.get_by_role("application")
    heat_map.press("ArrowDown")
    heat_map.press("Enter")
    expect(page.locator("section:visible h1")).to_contain_text("learner-")
    page.locator("section:visible .attempts a").first.click()
    expect(page.locator("section:visible h1")).not_to_contain_text("learner-")
    _check_accessibility(page)
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.locator("img").count() == 0
