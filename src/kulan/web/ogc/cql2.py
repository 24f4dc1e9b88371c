"""A filter of CQL2 as a condition on the renditions its reader sees, and on nothing else.

OGC 21-065r2 (2024), Common Query Language (CQL2). A condition on a property that a feature has not
is neither true nor false (three-valued logic), and so is its negation: such a feature is not found.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from kulan.errors import InvalidRequestError
from kulan.web.ogc.cql2_text import DEEPEST, LONGEST, Node, read_text
from kulan.web.ogc.cql2_values import (
    check_kind,
    flipped,
    like_pattern,
    moment_of,
    shape_of,
)
from kulan.web.ogc.queryables import COLUMNS, GEOMETRY

_MOST_PARTS, _MOST_LISTED = 100, 200
_LOOKUPS = {"=": "exact", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
EVERYTHING, NOTHING = Q(pk__isnull=False), Q(pk__in=())


@dataclass
class Condition:
    """A filter, ready for a query: ``rows.alias(**aliases).filter(where)``."""

    where: Q = field(default_factory=Q)
    aliases: dict[str, Any] = field(default_factory=dict)


def condition(text: str, language: str, kinds: Mapping[str, str], crs: str) -> Condition:
    """Read a filter.

    Parameters
    ----------
    text
        The filter.
    language
        ``cql2-text`` or ``cql2-json``.
    kinds
        Properties it may name, with their kinds; see `kulan.web.ogc.queryables`.
    crs
        System of its coordinates.

    Raises
    ------
    InvalidRequestError
        If it cannot be read, names a property that is not there, or compares what is not alike.
    """
    node = read_text(text) if language == "cql2-text" else _read_json(text)
    compiler = _Compiler(kinds, crs)
    where = compiler.boolean(node, negated=False, depth=0)
    return Condition(where, compiler.aliases)


def _read_json(text: str) -> Node:
    if len(text) > 4 * LONGEST:
        raise InvalidRequestError(f"filter has {len(text)} characters; {4 * LONGEST} are read.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidRequestError("filter: it is no JSON, as cql2-json is.") from None


class _Compiler:
    """Turns the nodes of one filter into conditions; negation is carried down to the leaves."""

    def __init__(self, kinds: Mapping[str, str], crs: str) -> None:
        self.kinds, self.crs, self.parts = kinds, crs, 0
        self.aliases: dict[str, Any] = {}
        self.leaves: dict[str, Callable[[list[Node], bool], Q]] = {
            **dict.fromkeys(("=", "<", "<=", ">", ">="), self.compared),
            "like": self.like,
            "between": self.between,
            "in": self.listed,
            "isNull": self.null,
            "s_intersects": self.intersects,
        }

    def boolean(self, node: Node, *, negated: bool, depth: int) -> Q:
        self.parts += 1
        if self.parts > _MOST_PARTS or depth > DEEPEST:
            raise InvalidRequestError(
                f"filter has more than {_MOST_PARTS} parts or {DEEPEST} levels: ask for less."
            )
        if isinstance(node, bool):
            return EVERYTHING if node != negated else NOTHING
        operation, arguments = _operation(node)
        if operation == "not":
            (inner,) = _exactly(arguments, 1, operation)
            return self.boolean(inner, negated=not negated, depth=depth + 1)
        if operation in ("and", "or"):
            return self.joined(operation, arguments, negated=negated, depth=depth)
        return self.leaf(operation, arguments, negated=negated)

    def joined(self, operation: str, arguments: list[Node], *, negated: bool, depth: int) -> Q:
        if len(arguments) < 2:
            raise InvalidRequestError(f"filter: {operation!r} joins two conditions or more.")
        found = [self.boolean(one, negated=negated, depth=depth + 1) for one in arguments]
        # by De Morgan, a negated conjunction is a disjunction of negations
        together = (operation == "and") != negated
        whole = found[0]
        for one in found[1:]:
            whole = (whole & one) if together else (whole | one)
        return whole

    def leaf(self, operation: str, arguments: list[Node], *, negated: bool) -> Q:
        if operation == "<>":
            return self.compared("=", arguments, not negated)
        if operation in _LOOKUPS:
            return self.compared(operation, arguments, negated)
        if operation.startswith("t_"):
            return self.in_time(operation, arguments, negated)
        known = self.leaves.get(operation)
        if known is None:
            raise InvalidRequestError(f"filter: the operation {operation[:40]!r} is not offered.")
        return known(arguments, negated)

    def property(self, node: Node) -> tuple[str, str]:
        """Return the look-up of a property and its kind."""
        name = node.get("property") if isinstance(node, dict) else None
        if not isinstance(name, str):
            raise InvalidRequestError("filter: a property is compared with a value.")
        kind = self.kinds.get(name)
        if kind is None:
            raise InvalidRequestError(
                f"filter: {name[:60]!r} is no property to filter by; see the queryables."
            )
        if name in COLUMNS:
            return COLUMNS[name][0], kind
        alias = f"asked_{list(self.kinds).index(name)}"
        self.aliases[alias] = KeyTransform(name, "properties")
        return alias, kind

    def known(self, column: str, kind: str) -> Q:
        """Return the condition that a feature has the property."""
        if kind in ("string", "date") and column not in self.aliases:
            return ~Q(**{column: ""})
        return Q(**{f"{column}__isnull": False})

    def sure(self, column: str, kind: str, test: Q, negated: bool) -> Q:
        return self.known(column, kind) & (~test if negated else test)

    def compared(self, operation: str, arguments: list[Node], negated: bool) -> Q:
        left, right = _exactly(arguments, 2, operation)
        if not (isinstance(left, dict) and "property" in left):
            left, right, operation = right, left, flipped(operation)
        column, kind = self.property(left)
        value = check_kind(right, kind)
        test = Q(**{f"{column}__{_LOOKUPS[operation]}": value})
        return self.sure(column, kind, test, negated)

    def like(self, arguments: list[Node], negated: bool) -> Q:
        left, right = _exactly(arguments, 2, "like")
        column, kind = self.property(left)
        if kind != "string":
            raise InvalidRequestError("filter: LIKE compares texts.")
        text = column
        if column in self.aliases:
            text = f"{column}_text"
            self.aliases[text] = KeyTextTransform(left["property"], "properties")
        return self.sure(column, kind, Q(**{f"{text}__cql2_like": like_pattern(right)}), negated)

    def between(self, arguments: list[Node], negated: bool) -> Q:
        if len(arguments) == 2 and isinstance(arguments[1], list):
            arguments = [arguments[0], *arguments[1]]
        left, low, high = _exactly(arguments, 3, "between")
        column, kind = self.property(left)
        low, high = check_kind(low, kind), check_kind(high, kind)
        test = Q(**{f"{column}__gte": low}) & Q(**{f"{column}__lte": high})
        return self.sure(column, kind, test, negated)

    def listed(self, arguments: list[Node], negated: bool) -> Q:
        left, values = _exactly(arguments, 2, "in")
        column, kind = self.property(left)
        if not isinstance(values, list) or not 1 <= len(values) <= _MOST_LISTED:
            raise InvalidRequestError(f"filter: IN takes 1 to {_MOST_LISTED} values.")
        test = Q(**{f"{column}__in": [check_kind(one, kind) for one in values]})
        return self.sure(column, kind, test, negated)

    def null(self, arguments: list[Node], negated: bool) -> Q:
        (left,) = _exactly(arguments, 1, "isNull")
        if isinstance(left, dict) and left.get("property") == GEOMETRY:
            return EVERYTHING if negated else NOTHING
        known = self.known(*self.property(left))
        return known if negated else ~known

    def intersects(self, arguments: list[Node], negated: bool) -> Q:
        left, right = _exactly(arguments, 2, "s_intersects")
        if not (isinstance(left, dict) and "property" in left):
            left, right = right, left
        if not isinstance(left, dict) or left.get("property") != GEOMETRY:
            raise InvalidRequestError(
                f"filter: S_INTERSECTS compares the property {GEOMETRY!r} with a shape."
            )
        test = Q()
        for shape in shape_of(right, self.crs):
            test |= Q(geometry__intersects=shape)
        return ~test if negated else test

    def in_time(self, operation: str, arguments: list[Node], negated: bool) -> Q:
        """Compare a feature's days with a time; a date of it is the whole of what it names."""
        left, right = _exactly(arguments, 2, operation)
        column, kind = self.property(left)
        if kind != "date":
            raise InvalidRequestError("filter: functions of time compare dates.")
        first, last = moment_of(right)
        return self.sure(column, kind, _in_time(operation, column, first, last), negated)


def _in_time(operation: str, column: str, first: Any, last: Any) -> Q:
    after = Q() if last is None else _begins_after(column, last)
    before = Q() if first is None else _ends_before(column, first)
    apart = (after if last else NOTHING) | (before if first else NOTHING)
    tests = {
        "t_after": after if last else NOTHING,
        "t_before": before if first else NOTHING,
        "t_disjoint": apart,
        "t_intersects": ~apart,
        "t_equals": Q(**{column: first.isoformat()}) if first and first == last else NOTHING,
        "t_during": (
            (_begins_after(column, first) if first else EVERYTHING)
            & (_ends_before(column, last) if last else EVERYTHING)
        ),
    }
    if operation not in tests:
        raise InvalidRequestError(f"filter: the operation {operation[:40]!r} is not offered.")
    return tests[operation]


def _begins_after(column: str, last: Any) -> Q:
    """Return the condition that what a column says begins after a day."""
    return Q(**{f"{column}__gt": last.isoformat()})


def _ends_before(column: str, first: Any) -> Q:
    """Return the condition that what a column says is over before a day."""
    day = first.isoformat()
    within = Q(**{column: day[:7]}) | Q(**{column: day[:4]})
    return Q(**{f"{column}__lt": day}) & ~within


def _operation(node: Node) -> tuple[str, list[Node]]:
    if not isinstance(node, dict) or not isinstance(node.get("op"), str):
        raise InvalidRequestError("filter: a condition has 'op' and 'args'.")
    arguments = node.get("args")
    if not isinstance(arguments, list):
        raise InvalidRequestError("filter: 'args' is a list.")
    return node["op"], arguments


def _exactly(arguments: list[Node], count: int, operation: str) -> list[Node]:
    if len(arguments) != count:
        raise InvalidRequestError(
            f"filter: {operation!r} takes {count} arguments, not {len(arguments)}."
        )
    return arguments
