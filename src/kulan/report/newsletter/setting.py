"""Sets a letter: as HTML for mail programs, as plain text, and as a tagged PDF."""

import textwrap
from dataclasses import asdict
from functools import cache
from importlib.resources import files

from jinja2 import Environment, Template

from kulan.report.document import printable
from kulan.report.fonts import FAMILIES
from kulan.report.newsletter.letter import Letter
from kulan.report.pdf import typeset

_TEMPLATES = files("kulan.report") / "templates"
_WIDTH = 72


def letter_html(letter: Letter) -> str:
    """Return a letter as HTML of plain tables; it loads nothing and every text is escaped.

    Its style stands in the head: mail programs want it in the elements, and whoever sends the
    letter puts it there (`css-inline`).
    """
    return _template().render(letter=letter)


def letter_text(letter: Letter) -> str:
    """Return a letter as plain text, in lines that mail programs do not break.

    Examples
    --------
    >>> told = Letter("en", "Newsletter no. 1", "May", (), (), "", "2026-06-01", {"empty": "None."})
    >>> letter_text(told).splitlines()
    ['NEWSLETTER NO. 1', 'May', '', 'None.']
    """
    lines = [*_wrapped(letter.title.upper()), *_wrapped(letter.subtitle), ""]
    for paragraph in letter.introduction:
        lines += [*_wrapped(paragraph), ""]
    if not letter.sections:
        lines += [letter.labels["empty"], ""]
    for section in letter.sections:
        lines += [f"{section.title.upper()} ({section.count})", "-" * 40, ""]
        for item in section.items:
            lines += [*_wrapped(item.title, "* "), *_wrapped(item.about, "  ")]
            for paragraph in item.paragraphs:
                lines += _wrapped(paragraph, "  ")
            lines += [f"  {item.link}", ""] if item.link else [""]
    if letter.address:
        lines += [f"{letter.labels['web']}: {letter.address}", ""]
    if letter.leave:
        lines += [f"{letter.labels['leave']}: {letter.leave}", ""]
    if "made" in letter.labels:
        lines += [letter.labels["made"]]
    return printable("\n".join(lines).rstrip() + "\n")


def letter_pdf(letter: Letter) -> bytes:
    """Return a letter as a tagged PDF (PDF/UA-1) with its fonts in it; the same for the same."""
    values = {**asdict(letter), "fonts": list(FAMILIES), "tofu": ""}
    template = (_TEMPLATES / "newsletter.typ").read_bytes()
    return typeset(template, values, letter.on, letter.labels["tofu"])


def _wrapped(text: str, first: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )


@cache
def _template() -> Template:
    text = (_TEMPLATES / "newsletter.html.j2").read_text(encoding="utf-8")
    return Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=_printable
    ).from_string(text)


def _printable(value: object) -> object:
    """Take control characters out of texts, which no page can hold."""
    return printable(value) if type(value) is str else value
