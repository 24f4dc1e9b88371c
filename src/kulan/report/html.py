"""The report as one HTML file: no request leaves it, and every text is escaped."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import BaseLoader, Environment, TemplateNotFound
from markupsafe import Markup

from kulan.report.compose import compose
from kulan.report.document import Document, as_ranges, printable, recipes_of_columns
from kulan.report.document import Table as TableBlock
from kulan.screening import Scene
from kulan.screening.findings import Screening
from kulan.words import Words

_TEMPLATES = files("kulan.report") / "templates"
FOLD_AFTER_ROWS = 25
"""Rows of a table that are seen at once; the others unfold."""


def write_html(screening: Screening, scene: Scene, words: Words) -> bytes:
    """Write the report as a self-contained HTML page.

    The page asks for nothing from the network and runs one script, its own, by its hash; without
    the script everything can still be read.

    Parameters
    ----------
    screening
        What was found.
    scene
        What there is to draw.
    words
        The language.

    Returns
    -------
    bytes
        UTF-8; the same for the same findings.
    """
    return set_html(compose(screening, scene, words))


def set_html(document: Document) -> bytes:
    """Set a composed report as HTML."""
    style, script = _text("report.css"), _text("report.js")
    page = _environment().get_template("report.html.j2")
    text = page.render(
        document=document,
        labels=document.labels,
        style=Markup(style),  # noqa: S704 - a file of ours
        script=Markup(script),  # noqa: S704 - a file of ours
        script_hash=_hash_of(script),
        fold_after=FOLD_AFTER_ROWS,
        recipe_notes=lambda table: _recipe_notes(table, document),
        kind_of=lambda block: type(block).__name__,
        safe_svg=Markup,  # the maps escape every text they take in
    )
    return text.encode()


def set_fragment(document: Document) -> str:
    """Set a document's sections as HTML to stand inside a page; it brings no style or script."""
    return (
        _environment()
        .get_template("fragment.html.j2")
        .render(
            document=document,
            labels=document.labels,
            fold_after=FOLD_AFTER_ROWS,
            recipe_notes=lambda table: _recipe_notes(table, document),
            kind_of=lambda block: type(block).__name__,
            safe_svg=Markup,  # maps and charts escape every text they take in
        )
    )


def _recipe_notes(table: TableBlock, document: Document) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return, for each column of figures, its runs of recipes: words and first number."""
    notes = []
    for title, keys in recipes_of_columns(table):
        numbers = [document.recipe_numbers[key] for key in keys]
        runs = as_ranges(numbers).split(", ")
        notes.append((title, [(run, int(run.split("–")[0])) for run in runs]))
    return notes


def _hash_of(script: str) -> str:
    """Return the script's hash as the page's content security policy names it."""
    digest = hashlib.sha256(script.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()


@cache
def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=_Templates(),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )


def _printable(value: object) -> object:
    """Take control characters out of texts, which no page can hold."""
    return printable(value) if type(value) is str else value


class _Templates(BaseLoader):
    """Templates of the package, wherever it is installed."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, None]:
        """Return a template's text."""
        del environment
        if not (_TEMPLATES / template).is_file():
            raise TemplateNotFound(template)
        return _text(template), template, None
