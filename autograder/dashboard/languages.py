"""The languages of the dashboard: English stands in the templates, every other one in `translations/`."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "translations"

#: Each language as it calls itself.
LANGUAGES = {"en": "English", "zh": "中文"}


@cache
def catalogue(language: str) -> dict[str, str]:
    """The texts of a language by their English form; empty for English itself."""
    if language == "en":
        return {}
    texts: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return texts


def translations(language: str) -> tuple[Callable[[str], str], Callable[[str, str, int], str]]:
    """`gettext` and `ngettext` of a language; a text with a plural is listed by its singular."""
    texts = catalogue(language)

    def gettext(text: str) -> str:
        return texts.get(text, text)

    def ngettext(singular: str, plural: str, number: int) -> str:
        return texts.get(singular) or (singular if number == 1 else plural)

    return gettext, ngettext


def preferred_language(accepted: str) -> str:
    """The first of our languages in a browser's `Accept-Language`, which lists the preferred ones first; else English."""
    wanted = (item.strip()[:2].lower() for item in accepted.split(","))
    return next((language for language in wanted if language in LANGUAGES), "en")
