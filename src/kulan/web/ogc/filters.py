"""What a request asks for, as conditions on the columns of the renditions its reader sees."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTransform

from kulan.errors import InvalidRequestError
from kulan.web.catalogue.models import Rendition
from kulan.web.ogc.cql2 import condition
from kulan.web.ogc.parameters import ItemsQuery, Period
from kulan.web.ogc.queryables import COLUMNS, as_kind
from kulan.web.ogc.sight import Sight


def filtered(sight: Sight, query: ItemsQuery, kinds: Mapping[str, str]) -> QuerySet[Rendition]:
    """Return the features that a request asks for.

    Raises
    ------
    InvalidRequestError
        If a value is not of its property's kind, or the filter cannot be read.
    """
    rows = sight.rows
    if query.boxes:
        meets = Q()
        for box in query.boxes:
            meets |= Q(geometry__intersects=box)
        rows = rows.filter(meets)
    if query.period:
        rows = rows.filter(in_period(query.period))
    for name, text in query.properties.items():
        rows = _with_property(rows, name, text, kinds[name])
    if query.filter_text:
        asked = condition(query.filter_text, query.filter_language, kinds, query.filter_crs)
        rows = rows.alias(**asked.aliases).filter(asked.where)
    return rows


def _with_property(
    rows: QuerySet[Rendition], name: str, text: str, kind: str
) -> QuerySet[Rendition]:
    value = as_kind(text, kind)
    if value is None or text == "":
        raise InvalidRequestError(f"{name}={text[:60]!r}; give a value of the kind {kind}.")
    if name in COLUMNS:
        return rows.filter(**{COLUMNS[name][0]: value})
    return rows.alias(asked=KeyTransform(name, "properties")).filter(asked=value)


def in_period(period: Period) -> Q:
    """Return the condition that a feature's time meets a period; those without a time do not.

    A feature's dates are as fine as its reader may know: ``2024-05`` is the whole of May.
    """
    meets = ~Q(date_from="", date_to="")
    if period.last is not None:
        last = period.last.isoformat()
        begun = Q(date_from__lte=last) & ~Q(date_from="")
        meets &= begun | Q(date_from="", date_to__lte=last)
    if period.first is not None:
        meets &= _ends_from("date_to", period.first) | (
            Q(date_to="") & _ends_from("date_from", period.first)
        )
    return meets


def _ends_from(column: str, first: date) -> Q:
    """Return the condition that the last day of what a column says is not before a day."""
    day = first.isoformat()
    same = Q(**{column: day[:7]}) | Q(**{column: day[:4]})
    return Q(**{f"{column}__gte": day}) | same
