"""Terms of a layer in words: what holds now, and what a version changes by its release."""

from datetime import date
from typing import Any

from kulan.web.catalogue.actions import OF_LAYER
from kulan.web.catalogue.forms import DescribeForm
from kulan.web.catalogue.models import LayerVersion
from kulan.web.catalogue.themes import Audience, Theme
from kulan.words import Words


def terms_in_words(version: LayerVersion, words: Words) -> list[tuple[str, str, str]]:
    """Return each term's name, what holds now, and what will from the release on if that differs.

    Returns
    -------
    list
        In the order of `OF_LAYER`; the last is empty where nothing changes.
    """
    rows = []
    for name in OF_LAYER:
        now = _in_words(name, getattr(version.layer, name), words)
        then = _in_words(name, version.term(name), words)
        rows.append((str(DescribeForm.base_fields[name].label), now, "" if then == now else then))
    return rows


def _in_words(name: str, value: Any, words: Words) -> str:
    if name == "theme":
        return str(Theme(value).label)
    if name == "audience":
        return str(Audience(value).label)
    if isinstance(value, date):
        return words.day(value)
    return words.number(value) if value else "–"
