"""Pages: templates, filled with what the views found, in a language. Every text in them is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder.dashboard.languages import LANGUAGES, translations
from autograder.journal import STATUS_CODES
from autograder.results import STATUS_WORDS

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "pages"


class Links(Protocol):
    """Where pages and tables are: addresses of a server, or places in a report."""

    def page(self, *parts: str) -> str: ...

    def table(self, table: Any, **of: str) -> str: ...


@cache
def environment(language: str) -> Environment:
    """The templates in a language."""
    own = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    gettext, ngettext = translations(language)
    own.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    own.filters["time"] = readable_time
    words = {status: gettext(word) for status, word in STATUS_WORDS.items()}
    own.globals |= {
        "language": language,
        "languages": LANGUAGES,
        "words": words,
        "words_by_code": {STATUS_CODES[status]: word for status, word in words.items()},
    }
    return own


def render(template: str, language: str, links: Links, **context: Any) -> str:
    """A page."""
    return environment(language).get_template(template).render(links=links, **context)


def readable_time(stamp: str) -> str:
    """ "2026-01-31T23:59:59Z" as "2026-01-31 23:59", in UTC as in the journal."""
    return stamp[:16].replace("T", " ")
