"""The values in a filter of CQL2: each of the kind of the property it is compared with."""

import json
from datetime import date
from functools import lru_cache
from math import isfinite
from typing import Any

import shapely
from django.db.models import CharField, Lookup, TextField
from django.db.models.fields.json import KeyTextTransform

from kulan.errors import InvalidRequestError
from kulan.web.ogc.crs import box_from, from_crs
from kulan.web.ogc.parameters import read_moment

_LONGEST_TEXT, _MOST_WILDCARDS, _MOST_VERTICES = 500, 10, 2_000
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def flipped(operation: str) -> str:
    """Return the comparison that says the same with its sides exchanged."""
    return _FLIPPED.get(operation, operation)


def check_kind(value: Any, kind: str) -> Any:
    """Return a value that a property of a kind can be compared with.

    Raises
    ------
    InvalidRequestError
        If it is of another kind.
    """
    if kind == "date":
        return day_of(value).isoformat() if not isinstance(value, str) else _text(value)
    fits = {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": _is_number(value),
        "number": _is_number(value),
    }[kind]
    if not fits:
        shown = json.dumps(value, default=str)[:60]
        raise InvalidRequestError(f"filter: {shown} is compared with a property of kind {kind}.")
    return _text(value) if kind == "string" else value


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and abs(value) < 1e300 and isfinite(value)


def _text(value: str) -> str:
    if len(value) > _LONGEST_TEXT or "\x00" in value:
        raise InvalidRequestError(f"filter: a text has at most {_LONGEST_TEXT} plain characters.")
    return value


def day_of(value: Any) -> date:
    """Return the day of ``{"date": ...}`` or ``{"timestamp": ...}``.

    Raises
    ------
    InvalidRequestError
        If it is neither.
    """
    told = value if isinstance(value, dict) else {}
    text = told.get("date", told.get("timestamp"))
    if not isinstance(text, str):
        raise InvalidRequestError(
            "filter: a date is compared with DATE('...') or TIMESTAMP('...')."
        )
    return read_moment(text, "filter").date()


def moment_of(value: Any) -> tuple[date | None, date | None]:
    """Return the first and the last day of an instant or an interval; None where it is open.

    Raises
    ------
    InvalidRequestError
        If it is neither, or open on both sides.
    """
    ends = value.get("interval") if isinstance(value, dict) else None
    if ends is None:
        day = day_of(value)
        return day, day
    if not isinstance(ends, list) or len(ends) != 2:
        raise InvalidRequestError("filter: an interval has two ends.")
    first, last = (_end_of(one) for one in ends)
    if first is None and last is None:
        raise InvalidRequestError("filter: an interval is open on one side at most.")
    return first, last


def _end_of(value: Any) -> date | None:
    if value == "..":
        return None
    return read_moment(value, "filter").date() if isinstance(value, str) else day_of(value)


def shape_of(value: Any, crs: str) -> tuple[shapely.Geometry, ...]:
    """Return a shape of a filter, or its two parts about the antimeridian, in degrees.

    Raises
    ------
    InvalidRequestError
        If it is none, has too many vertices, or is not valid.
    """
    told = value if isinstance(value, dict) else {}
    if "bbox" in told:
        return _box(told["bbox"], crs)
    try:
        shape = shapely.from_geojson(json.dumps(told))
    except (shapely.errors.ShapelyError, ValueError, RecursionError):
        shape = None
    if shape is None or shape.is_empty:
        raise InvalidRequestError("filter: a shape is well-known text, GeoJSON, or BBOX of it.")
    if shapely.get_num_coordinates(shape) > _MOST_VERTICES:
        raise InvalidRequestError(f"filter: a shape has at most {_MOST_VERTICES} vertices.")
    shape = from_crs(shapely.force_2d(shape), crs)
    if not shapely.is_valid(shape) or not all(map(isfinite, shape.bounds)):
        raise InvalidRequestError("filter: the shape crosses itself, or is not closed.")
    return (shape,)


def _box(numbers: Any, crs: str) -> tuple[shapely.Geometry, ...]:
    if (
        not isinstance(numbers, list)
        or len(numbers) not in (4, 6)
        or not all(_is_number(one) for one in numbers)
    ):
        raise InvalidRequestError("filter: BBOX has four numbers, or six with heights.")
    low, high = numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]
    return box_from((low[0], low[1], high[0], high[1]), crs)


def like_pattern(value: Any) -> str:
    r"""Return the pattern of LIKE: ``%`` any text, ``_`` any sign, ``\`` before either itself.

    Raises
    ------
    InvalidRequestError
        If it is no text, or has more wildcards than a comparison has time for.
    """
    if not isinstance(value, str):
        raise InvalidRequestError("filter: LIKE compares with a text.")
    if value.count("%") > _MOST_WILDCARDS:
        raise InvalidRequestError(f"filter: LIKE takes at most {_MOST_WILDCARDS} signs %.")
    if (len(value) - len(value.rstrip("\\"))) % 2:
        raise InvalidRequestError("filter: the pattern of LIKE ends within an escape.")
    return _text(value)


def is_like(text: str | None, pattern: str) -> bool:
    r"""Whether a text is as a pattern of LIKE says, in time that does not run away.

    Examples
    --------
    >>> is_like("Fence 5", "Fen%_"), is_like("Fence 5", "fence%"), is_like("50%", "50\\%")
    (True, False, True)
    """
    if text is None:
        return False
    wanted = _signs(pattern)
    at = place = 0
    star, retry = -1, 0
    while at < len(text):
        if place < len(wanted) and wanted[place] == ("%", True):
            star, retry, place = place, at, place + 1
        elif place < len(wanted) and (wanted[place] in (("_", True), (text[at], False))):
            at, place = at + 1, place + 1
        elif star >= 0:
            retry += 1
            at, place = retry, star + 1
        else:
            return False
    return all(one == ("%", True) for one in wanted[place:])


@lru_cache(maxsize=64)
def _signs(pattern: str) -> list[tuple[str, bool]]:
    """Return each sign of a pattern, and whether it is a wildcard."""
    found, escaped = [], False
    for sign in pattern:
        if escaped:
            found.append((sign, False))
            escaped = False
        elif sign == "\\":
            escaped = True
        else:
            found.append((sign, sign in "%_"))
    return found


@CharField.register_lookup
@TextField.register_lookup
class Like(Lookup):
    """Texts as a pattern of CQL2's LIKE says, capitals and small letters told apart."""

    lookup_name = "cql2_like"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return the condition; SQLite's own LIKE does not tell capitals from small letters."""
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        if connection.vendor == "sqlite":
            sql = f"kulan_like({left}, {right})"
        else:
            sql = f"{left} LIKE {right}"
        return sql, [*left_parameters, *right_parameters]


KeyTextTransform.register_lookup(Like)


def add_functions(sender: Any, connection: Any, **_: Any) -> None:  # noqa: ARG001
    """Give a new connection to SQLite its function of LIKE; called for every new connection."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("kulan_like", 2, is_like, deterministic=True)
