"""Reading a record against its register: every fault is found at once, at the field that has it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from kulan.programme.actions import actors
from kulan.programme.areas import landscapes
from kulan.programme.dates import first_day
from kulan.programme.registers.fields import LISTS, Field, Register
from kulan.programme.states import range_states
from kulan.programme.terms import SPECIES_IDS
from kulan.words import N_

Data = dict[str, Any]
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ACTION = re.compile(r"([a-z0-9-]+:)?\d{1,2}\.\d{1,2}[a-z]?(\.[a-z0-9]+)*", re.ASCII)
_POINT = re.compile(r"(-?\d{1,2}(?:\.\d{1,6})?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d{1,6})?)", re.ASCII)
_MOST_LATITUDE, _MOST_LONGITUDE = 90, 180
EDITION = "cami-2021"
"""Edition meant where an action is named by its number alone."""
_ORDERED = (("valid_from", "valid_to"), ("begins", "ends"), ("promised_on", "delivered_on"))
LONGEST_LINE = 300
LONGEST_TEXT = 10_000
MOST_LINES = 200
_LONGEST_NUMBER = 9
_EARLIEST_YEAR = 1800
_LATEST_YEAR = 2200


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a record.

    Attributes
    ----------
    field
        Name of the field that has it.
    message
        What is wrong and what to write, in English, marked for translation; may name ``{value}``.
    value
        What was found.
    """

    field: str
    message: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read.

    Attributes
    ----------
    data
        The record in its one spelling, without empty fields and without what has a fault.
    problems
        All its faults; none where it may be kept.
    """

    data: Data
    problems: tuple[Problem, ...] = field(default=())


class _WrongError(ValueError):
    """A value that cannot be read; its message is told."""


def check(register: Register, given: Mapping[str, Any], stage: str = "") -> Checked:
    """Read a record as people write one.

    Parameters
    ----------
    register
        Which declares its fields.
    given
        Field to value: a text, a list, or nothing; lists may be texts of one item a line or parted
        by semicolons.
    stage
        Stage the record is in, whose needs it must meet.

    Returns
    -------
    Checked
        Reading its `data` again gives the same.

    Examples
    --------
    >>> from kulan.programme.registers import register
    >>> read = check(register("laws"), {"state": "KAZ", "topics": "hunting; trade"})
    >>> read.data
    {'state': 'KAZ', 'topics': ['hunting', 'trade']}
    >>> [problem.field for problem in read.problems]
    ['kind', 'title', 'citation']
    """
    data: Data = {}
    problems = [
        Problem(name, N_("This register has no field of this name."), name)
        for name in given
        if name not in {one.name for one in register.fields}
    ]
    for one in register.fields:
        try:
            value = _read(one, given.get(one.name))
        except _WrongError as error:
            problems.append(Problem(one.name, str(error), str(given[one.name])[:80]))
            continue
        if value not in ("", [], None):
            data[one.name] = value
        elif one.required:
            problems.append(Problem(one.name, N_("This is needed.")))
    problems += _out_of_order(data)
    problems += missing_for(register, stage, data, problems)
    return Checked(data, tuple(problems))


def missing_for(
    register: Register, stage: str, data: Mapping[str, Any], told: list[Problem] | None = None
) -> list[Problem]:
    """Return what a record lacks to be in a stage.

    Parameters
    ----------
    register, stage
        The stage, by its code.
    data
        The record.
    told
        Faults that are told already: their fields are not told again.
    """
    known = register.stage(stage)
    faulty = {problem.field for problem in told or []}
    return [
        Problem(name, N_("A record in this stage needs this."))
        for name in (known.needs if known else ())
        if not data.get(name) and name not in faulty
    ]


def _out_of_order(data: Data) -> list[Problem]:
    problems = [
        Problem(late, N_("This day is before the first one."), str(data[late]))
        for early, late in _ORDERED
        if early in data and late in data and _before(data[late], data[early])
    ]
    if data.get("women", 0) > data.get("participants", data.get("women", 0)):
        problems.append(Problem("women", N_("More than all participants.")))
    return problems


def _before(one: str, other: str) -> bool:
    """Whether a day, month or year is over before another begins."""
    shared = min(len(one), len(other))
    return one[:shared] < other[:shared]


def _read(one: Field, value: Any) -> Any:
    if one.kind in LISTS:
        return _read_list(one, value)
    text = "" if value is None else str(value).strip()
    if not text:
        return ""
    return _READERS[one.kind](one, text)


def _read_list(one: Field, value: Any) -> list[str]:
    if value is None:
        items = []
    elif isinstance(value, str):
        items = re.split(r"\r?\n" if one.kind == "lines" else r"[;\r\n]+", value)
    else:
        several = value if isinstance(value, list | tuple) else [value]
        items = [str(item) for item in several]
    clean = [" ".join(item.split()) for item in items]
    if len(clean) > MOST_LINES:
        raise _WrongError(N_("Too many: at most 200."))
    read = [_READERS[one.kind](one, item) for item in clean if item]
    unique = list(dict.fromkeys(read))
    return sorted(unique) if one.kind in {"states", "several_species", "records"} else unique


def _line(_: Field, text: str) -> str:
    if len(text) > LONGEST_LINE:
        raise _WrongError(N_("Too long: at most 300 characters."))
    return " ".join(text.split())


def _text(_: Field, text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise _WrongError(N_("Too long: at most 10,000 characters."))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _day(_: Field, text: str) -> str:
    try:
        if not _DAY.fullmatch(text) or not _EARLIEST_YEAR <= first_day(text).year <= _LATEST_YEAR:
            raise ValueError
    except ValueError:
        raise _WrongError(
            N_("Write a year, a month or a day: 2024, 2024-05 or 2024-05-17.")
        ) from None
    return text


def _whole(_: Field, text: str) -> int:
    bare = re.sub(r"[\s\u00a0\u202f]", "", text)
    if not bare.isascii() or not bare.isdigit() or len(bare) > 9:
        raise _WrongError(N_("Write a whole number from zero up."))
    return int(bare)


def _amount(_: Field, text: str) -> float:
    bare = re.sub(r"[\s\u00a0\u202f]", "", text)
    if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", bare, re.ASCII):
        raise _WrongError(N_("Write an amount with a point before its fraction: 12000.50."))
    return float(bare)


def _link(_: Field, text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    broken = re.search(r"[\s<>\"\\\x00-\x1f]", text) or len(text) > 2_000
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or broken:
        raise _WrongError(N_("Write a whole address that begins with https:// or http://."))
    return text


def _email(_: Field, text: str) -> str:
    if not _EMAIL.fullmatch(text) or len(text) > 254:
        raise _WrongError(N_("Write an e-mail address."))
    return text


def _state(_: Field, text: str) -> str:
    code = text.upper()
    if code not in set(range_states()["iso3"]):
        raise _WrongError(N_("This is not one of the 14 range states, by its three letters."))
    return code


def _species(_: Field, text: str) -> str:
    if text not in SPECIES_IDS:
        raise _WrongError(N_("There is no species of this name."))
    return text


def _choice(one: Field, text: str) -> str:
    if text not in dict(one.choices):
        raise _WrongError(N_("Choose one of the list."))
    return text


def _landscape(_: Field, text: str) -> str:
    if text not in set(landscapes()["landscape_id"]):
        raise _WrongError(N_("There is no landscape of this name."))
    return text


def _point(_: Field, text: str) -> str:
    found = _POINT.fullmatch(text)
    latitude, longitude = (float(one) for one in found.groups()) if found else (999.0, 0.0)
    if abs(latitude) > _MOST_LATITUDE or abs(longitude) > _MOST_LONGITUDE:
        raise _WrongError(N_("Write latitude and longitude, in degrees: 44.0, 56.5."))
    return f"{latitude}, {longitude}"


def _actor(_: Field, text: str) -> str:
    if text not in {one.actor_id for one in actors()}:
        raise _WrongError(N_("No action has a lead of this name."))
    return text


def _entry(_: Field, text: str) -> str:
    if not text.isascii() or not text.isdigit() or not 0 < len(text.lstrip("0")) <= _LONGEST_NUMBER:
        raise _WrongError(N_("Write the number of an entry of the books, such as 12."))
    return text.lstrip("0")


def _record(_: Field, text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise _WrongError(N_("This is not the number of a record.")) from None


def _action(_: Field, text: str) -> str:
    if not _ACTION.fullmatch(text):
        raise _WrongError(N_("Write the number of an action, such as 1.3."))
    return text if ":" in text else f"{EDITION}:{text}"


_READERS: dict[str, Callable[[Field, str], Any]] = {
    "line": _line,
    "text": _text,
    "lines": _line,
    "day": _day,
    "whole": _whole,
    "amount": _amount,
    "link": _link,
    "email": _email,
    "state": _state,
    "states": _state,
    "species": _species,
    "several_species": _species,
    "choice": _choice,
    "choices": _choice,
    "records": _record,
    "actions": _action,
    "landscape": _landscape,
    "entries": _entry,
    "actor": _actor,
    "point": _point,
}
