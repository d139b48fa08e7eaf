"""Markdown in the pages of nbgrader: learners' HTML cannot do anything in them, and mathematics shows without the internet."""

from __future__ import annotations

import re

import nh3
from jinja2 import pass_context
from jinja2.runtime import Context
from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_MAX_FORMULA = 4000
_MATHML = {
    *(
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "mtext",
        "mspace",
        "ms",
        "mfrac",
        "msqrt",
        "mroot",
        "mstyle",
        "mpadded",
        "mphantom",
    ),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mtable", "mtr", "mtd", "menclose"),
}
_MATHML_ATTRIBUTES = {
    *(
        "accent",
        "columnalign",
        "columnlines",
        "columnspacing",
        "depth",
        "display",
        "displaystyle",
        "fence",
        "form",
        "height",
    ),
    *(
        "linebreak",
        "linethickness",
        "lspace",
        "mathvariant",
        "maxsize",
        "minsize",
        "movablelimits",
        "notation",
        "rowlines",
    ),
    *("rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width"),
}
_ATTRIBUTES = {**nh3.ALLOWED_ATTRIBUTES, **dict.fromkeys(_MATHML, _MATHML_ATTRIBUTES)}


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """nbconvert's filter of this name, with harmless HTML and MathML in its answer; other than inlined images load nothing."""
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = _Renderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return nh3.clean(
        MarkdownWithMath(renderer=renderer).render(source),
        tags=nh3.ALLOWED_TAGS | _MATHML,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "data"},
        attribute_filter=_harmless,
    )


def _harmless(tag: str, attribute: str, value: str) -> str | None:
    """The value of an attribute, or None where it is left out: images come with the notebook, links lead elsewhere."""
    is_data = value.strip().lower().startswith("data:")
    if attribute in ("src", "href", "cite") and is_data != (tag == "img"):
        return None
    return value


class _Renderer(IPythonRenderer):
    """Renders mathematics as MathML, which browsers show by themselves."""

    def inline_math(self, body: str) -> str:
        return self._math(body, "inline")

    def block_math(self, body: str) -> str:
        return self._math(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        return self._math(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")

    def image(self, text: str, url: str, title: str | None = None) -> str:
        name = url.removeprefix("attachment:")
        if name != url and name not in self.attachments:
            return str(self.escape_html(text))  # nbconvert refuses a notebook that lacks an attachment
        return str(super().image(text, url, title))

    def _math(self, formula: str, display: str) -> str:
        try:
            if len(formula) > _MAX_FORMULA:
                raise ValueError
            return str(convert(_known(formula), display=display))
        except Exception:  # the converter raises whatever it meets in a broken formula
            return f"<code>{self.escape_html(formula)}</code>"


def _known(formula: str) -> str:
    """A formula in commands that the converter has."""
    return re.sub(r"\\arg(?![a-zA-Z])", r"\\mathrm{arg}", re.sub(r"\\operatorname\*?\s*{", r"\\mathrm{", formula))
