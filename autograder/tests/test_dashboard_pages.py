"""The pages without a browser: their texts, their escaping, the report."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.dashboard.items import FLAGS
from autograder.dashboard.languages import LANGUAGES, catalogue, preferred_language
from autograder.dashboard.pages import TEMPLATES, environment
from autograder.journal import JOURNAL_PATH, Journal
from autograder.results import STATUS_WORDS
from autograder.tests.classes import hand_in

ATTACK = "</script><script>alert(1)</script>\"'><img src=x>{{ 7 * 7 }}"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of a dozen learners, one of whom is hostile."""
    with Journal(tmp_path / JOURNAL_PATH, create=True) as journal:
        for name in [*(f"名字 {n}" for n in range(11)), ATTACK]:
            code = [f"def relu(x):\n    return {ATTACK!r}"]
            hand_in(
                journal, name, "01_activations", {"relu": "failed", "tanh": "passed"}, code=code, fingerprint="same"
            )
            hand_in(journal, name, "01_activations", {"relu": "failed", "tanh": "passed"}, day=2, mistake=ATTACK)
    return tmp_path


def texts_of_pages() -> Iterator[str]:
    """Every text of the templates, a plural by its singular."""
    for path in TEMPLATES.glob("*.html"):
        for _, _, found in environment("en").extract_translations(path.read_text(encoding="utf-8")):  # type: ignore[attr-defined]
            text = found if isinstance(found, str) else next(iter(found or ()), None)
            if text is not None:  # else it is one of FLAGS
                yield text


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_text_is_translated(language: str) -> None:
    translated = catalogue(language)
    assert set(translated) == {*texts_of_pages(), *FLAGS.values(), *STATUS_WORDS.values()}
    placeholder = re.compile(r"%\(\w+\)s|%%")
    for text, own in translated.items():
        assert sorted(placeholder.findall(own)) == sorted(placeholder.findall(text)), text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,en;q=0.9,zh;q=0.8", "en"), ("de, ZH", "zh"), ("", "en"), ("*", "en")],
)
def test_the_language_is_what_the_browser_asks_for(accepted: str, language: str) -> None:
    assert preferred_language(accepted) == language


def report(course: Path, *options: str) -> str:
    path = course / "report.html"
    run = CliRunner().invoke(main, ["report", str(course), "--output", str(path), *options])
    assert run.exit_code == 0, run.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path.read_text(encoding="utf-8")


class Elements(HTMLParser):
    """What a document consists of: its tags, what it loads, its addresses."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[str] = []
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.pages: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        self.tags.append(tag)
        self.loaded += [value for name in ("src", "srcset", "action", "style", "onclick") if (value := own.get(name))]
        if tag in ("a", "link") and own.get("href"):
            self.links.append(own["href"] or "")
        if own.get("data-page"):
            self.pages.append(own["data-page"] or "")


def test_the_report_loads_nothing_and_links_to_itself(course: Path) -> None:
    found = Elements(report(course))
    assert found.loaded == []
    assert not {"img", "iframe", "object", "form"} & set(found.tags)
    assert all(link.startswith(("#", "data:")) for link in found.links)
    assert {"class", "help", "grading", "mistakes/01_activations", "exercise/01_activations/relu"} < set(found.pages)
    assert sum(page.startswith("attempt/") for page in found.pages) == 24


def test_hostile_text_stays_text(course: Path) -> None:
    text = report(course)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<img src=x>" not in text
    assert Elements(text).tags.count("script") == 5  # four of ours and the data of the heat map


def test_pseudonyms_hide_names_and_stay_the_same(course: Path) -> None:
    first, second = report(course, "--pseudonyms"), report(course, "--pseudonyms", "--language", "zh")
    assert "名字" not in first + second
    assert "名字 3" in report(course)
    pattern = r"learner-[0-9a-f]{10}"
    assert set(re.findall(pattern, first)) == set(re.findall(pattern, second))
    assert len(set(re.findall(pattern, first))) == 12
    with Journal(course / JOURNAL_PATH) as journal:
        assert journal.db.execute("SELECT count(*) FROM grading WHERE learner LIKE '名字%'").fetchone()[0] == 22


def test_a_report_needs_a_course(tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["report", str(tmp_path), "-o", str(tmp_path / "report.html")])
    assert run.exit_code == 1
    assert "written when submissions are graded" in run.output
    assert not (tmp_path / "report.html").exists()
