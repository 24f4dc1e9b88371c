"""What a request asks for, read strictly: what is not understood is refused, never guessed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from math import isfinite

import shapely
from django.http import QueryDict

from kulan.errors import InvalidRequestError
from kulan.web.ogc.crs import CRS84, CRS84H, STORED, box_from, known_crs

DEFAULT_LIMIT, MOST_LIMIT = 100, 5_000
ALWAYS = ("f", "lang")
"""Parameters that every address takes."""
OF_ITEMS = (
    "limit",
    "after",
    "bbox",
    "bbox-crs",
    "datetime",
    "crs",
    "filter",
    "filter-lang",
    "filter-crs",
)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


@dataclass(frozen=True)
class Period:
    """From a day to a day; None where it is open."""

    first: date | None
    last: date | None


@dataclass(frozen=True)
class ItemsQuery:
    """What a request for items asks for.

    Attributes
    ----------
    limit
        Features on a page.
    after
        Name of the last feature of the page before; empty for the first page.
    boxes
        Shapes of which a feature must meet one; empty for all.
    period
        Time that a feature must meet; None for all.
    crs
        System of the coordinates in the answer.
    properties
        Value that each named property must have.
    filter_text, filter_language, filter_crs
        A filter in CQL2, and the system of its coordinates.
    """

    limit: int = DEFAULT_LIMIT
    after: str = ""
    boxes: tuple[shapely.Geometry, ...] = ()
    period: Period | None = None
    crs: str = STORED
    properties: Mapping[str, str] = field(default_factory=dict)
    filter_text: str = ""
    filter_language: str = "cql2-text"
    filter_crs: str = STORED


def check_known(asked: QueryDict, known: Iterable[str]) -> None:
    """Refuse parameters that an address does not take, and those given more than once.

    Raises
    ------
    InvalidRequestError
        Naming the first of them, and those there are.
    """
    known = sorted({*known, *ALWAYS})
    for name, values in asked.lists():
        if name not in known:
            raise InvalidRequestError(
                f"The parameter {name[:60]!r} is not known here; there are: {', '.join(known)}."
            )
        if len(values) > 1:
            raise InvalidRequestError(f"The parameter {name!r} is given {len(values)} times.")
        if "\x00" in values[0]:
            raise InvalidRequestError(f"The parameter {name!r} holds a character without a sign.")


def read_items_query(asked: QueryDict, queryables: Iterable[str]) -> ItemsQuery:
    """Read the parameters of a request for items.

    Raises
    ------
    InvalidRequestError
        If one is unknown, given twice, or not as the standard says.
    """
    names = frozenset(queryables)
    check_known(asked, (*OF_ITEMS, *names))
    if "filter" not in asked and ("filter-lang" in asked or "filter-crs" in asked):
        raise InvalidRequestError("filter-lang and filter-crs say how to read filter: give that.")
    language = asked.get("filter-lang", "cql2-text")
    if language not in ("cql2-text", "cql2-json"):
        raise InvalidRequestError(
            f"filter-lang names {language[:40]!r}; give cql2-text or cql2-json."
        )
    return ItemsQuery(
        limit=read_limit(asked),
        after=read_after(asked),
        boxes=read_boxes(asked),
        period=read_period(asked["datetime"]) if "datetime" in asked else None,
        crs=known_crs(asked["crs"], "crs") if "crs" in asked else STORED,
        properties={name: asked[name] for name in asked if name in names},
        filter_text=asked.get("filter", ""),
        filter_language=language,
        filter_crs=known_crs(asked.get("filter-crs", STORED), "filter-crs"),
    )


def read_limit(asked: QueryDict) -> int:
    """Return how many features a page has; the most there may be where more are asked for.

    Raises
    ------
    InvalidRequestError
        If it is no whole number, or below 1.
    """
    text = asked.get("limit", str(DEFAULT_LIMIT))
    if not re.fullmatch(r"[0-9]{1,12}", text) or int(text) < 1:
        raise InvalidRequestError(
            f"limit={text[:40]!r}; give a whole number from 1 to {MOST_LIMIT}."
        )
    return min(int(text), MOST_LIMIT)


def read_after(asked: QueryDict) -> str:
    """Return the name after which a page begins.

    Raises
    ------
    InvalidRequestError
        If it is longer than any name.
    """
    after = asked.get("after", "")
    if len(after) > 200:
        raise InvalidRequestError("after is longer than any name; follow the link named next.")
    return after


def read_boxes(asked: QueryDict) -> tuple[shapely.Geometry, ...]:
    """Return the box of a request as shapes in longitude and latitude; heights are left aside.

    Raises
    ------
    InvalidRequestError
        If it has not four or six numbers, or its system is not offered.
    """
    if "bbox" not in asked:
        if "bbox-crs" in asked:
            raise InvalidRequestError("bbox-crs says how to read bbox: give that too.")
        return ()
    text, name = asked["bbox"], asked.get("bbox-crs", CRS84)
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (4, 6) or not all(map(isfinite, numbers)):
        raise InvalidRequestError(
            f"bbox={text[:80]!r}; give four numbers (or six, with heights) between commas."
        )
    crs = CRS84 if name == CRS84H else known_crs(name, "bbox-crs")
    low, high = numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]
    return box_from((low[0], low[1], high[0], high[1]), crs)


def read_period(text: str) -> Period:
    """Read an instant, or an interval that may be open on one side, of RFC 3339.

    Raises
    ------
    InvalidRequestError
        If it is neither, or ends before it begins.

    Examples
    --------
    >>> read_period("2024-05-01/..").first
    datetime.date(2024, 5, 1)
    """
    begins, slash, ends = text.partition("/")
    if not slash:
        moment = read_moment(begins, "datetime")
        return Period(moment.date(), moment.date())
    first, last = (
        None if part in ("", "..") else read_moment(part, "datetime") for part in (begins, ends)
    )
    if first is None and last is None:
        raise InvalidRequestError(f"datetime={text[:60]!r} is open on both sides: leave it out.")
    if first and last and last < first:
        raise InvalidRequestError(f"datetime={text[:60]!r} ends before it begins.")
    return Period(first and first.date(), last and last.date())


def read_moment(text: str, parameter: str) -> datetime:
    """Read a date, or a date and time with its zone, of RFC 3339; a date is its midnight.

    Raises
    ------
    InvalidRequestError
        If it is neither.
    """
    try:
        if _DATE.fullmatch(text):
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InvalidRequestError(
        f"{parameter}: {text[:60]!r} is no date; write 2024-05-01 or 2024-05-01T08:00:00Z."
    )
