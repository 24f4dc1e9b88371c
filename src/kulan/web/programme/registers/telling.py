"""What a record says, in the reader's words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kulan.errors import KulanError
from kulan.programme.actions import action, actors
from kulan.programme.areas import landscapes
from kulan.programme.registers import AREA_NAMES, Field, Register
from kulan.report.reader import Reader
from kulan.web.programme.registers.models import Record

STAGE_LOOKS = {
    "signed": "badge-good", "in_force": "badge-good", "held": "badge-good",
    "delivered": "badge-good", "in_use": "badge-good", "published": "badge-good",
    "not_kept": "badge-bad", "cancelled": "badge-caution", "ended": "badge-caution",
    "replaced": "badge-caution", "out_of_use": "badge-caution",
    "illustrative": "badge-caution", "recognised": "badge-good", "given_up": "badge-caution",
}  # fmt: skip
"""Look of a stage's badge; the others are plain."""


@dataclass(frozen=True)
class Told:
    """A field in words.

    Attributes
    ----------
    name, title
        The field and its heading.
    lines
        What it holds, one or several.
    kind
        Of the field: the page sets links as links.
    level
        Who reads it.
    """

    name: str
    title: str
    lines: tuple[str, ...]
    kind: str
    level: str


def fields_told(one: Register, seen: Mapping[str, Any], reader: Reader) -> list[Told]:
    """Return what a viewer reads of a record, in words; fields that name records are left out."""
    return [
        Told(field.name, reader.words.say(field.title), lines_of(field, seen[field.name], reader),
             field.kind, field.level)
        for field in one.fields
        if field.name in seen and field.kind != "records"
    ]  # fmt: skip


def lines_of(field: Field, value: Any, reader: Reader) -> tuple[str, ...]:
    """Return the value of a field in words."""
    several = value if isinstance(value, list) else [value]
    told = [_told(field, item, reader) for item in several]
    listed = field.kind in {"states", "several_species"}
    return tuple(sorted(told)) if listed else tuple(told)


def _told(field: Field, value: Any, reader: Reader) -> str:
    words = reader.words
    tellers: dict[str, Callable[[Any], str]] = {
        "state": reader.state,
        "states": reader.state,
        "species": reader.species,
        "several_species": reader.species,
        "choice": lambda code: words.say(dict(field.choices).get(code, code)),
        "choices": lambda code: words.say(dict(field.choices).get(code, code)),
        "day": reader.day,
        "whole": words.number,
        "amount": lambda sum_: words.number(sum_, 0 if float(sum_).is_integer() else 2),
        "actions": lambda key: action_told(key, words.language),
        "actor": lambda key: actor_told(key, words.language),
        "landscape": lambda key: landscape_told(key, reader),
    }
    return tellers.get(field.kind, str)(value)


def action_told(key: str, language: str) -> str:
    """Return the number and the title of an action."""
    edition, _, action_id = key.partition(":")
    try:
        return f"{action_id} {action(action_id, edition).title(language)}"
    except KulanError:
        return key


def actor_told(actor_id: str, language: str) -> str:
    """Return the name of a lead of actions."""
    return next((one.title(language) for one in actors() if one.actor_id == actor_id), actor_id)


def landscape_told(landscape_id: str, reader: Reader) -> str:
    """Return the name of a landscape of the Atlas, in the reader's language where it has one."""
    name = _landscape_names().get(landscape_id, landscape_id)
    return reader.words.say(name) if landscape_id in AREA_NAMES else name


@cache
def _landscape_names() -> dict[str, str]:
    table = landscapes()
    return dict(zip(table["landscape_id"], table["name"], strict=True))


def landscapes_told(reader: Reader) -> list[tuple[str, str]]:
    """Return the landscapes of the Atlas with their names, in order."""
    named = [(code, landscape_told(code, reader)) for code in _landscape_names()]
    return sorted(named, key=lambda pair: pair[1])


def heading(record: Record, reader: Reader, data: Mapping[str, Any] | None = None) -> str:
    """Return what a record is called: its naming fields, which everyone who sees it reads."""
    return title_of(record.declared, record.data if data is None else data, reader)


def title_of(declared: Register, content: Mapping[str, Any], reader: Reader) -> str:
    """Return what content of a register is called."""
    area = AREA_NAMES.get(content.get("landscape", ""), "")
    if area and content.get("title") == area:  # as Kulan carries it: told in the reader's words
        return reader.words.say(area)
    parts = []
    for name in declared.heading:
        if content.get(name):
            parts += lines_of(declared.field(name), content[name], reader)
    if declared.name == "species-focal-points" and not content.get("state"):
        parts.append(reader.words.say("whole range"))
    return " · ".join(parts) or reader.words.say(declared.title)
