"""Results of an IATI activity read: kinds, indicators, periods."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date

from kulan.exchange.iati_activities import (
    MEASURE_CODES,
    RESULT_CODES,
    Indicator,
    Period,
    Result,
)

_KINDS = {code: name for name, code in RESULT_CODES.items()}
_MEASURES = {code: name for name, code in MEASURE_CODES.items()}
_Texts = Callable[[ET.Element | None], dict[str, str]]
_LeaveOut = Callable[[str, str], None]


def results_of(element: ET.Element, texts: _Texts, leave_out: _LeaveOut) -> Result | None:
    """Return a result with its indicators; one without a known kind or an indicator is left out.

    Parameters
    ----------
    element
        The result.
    texts
        Reads narratives by language.
    leave_out
        Notes what stays behind, and why.
    """
    kind = _KINDS.get(element.get("type", ""))
    indicators = tuple(_indicator(one, texts, leave_out) for one in element.findall("indicator"))
    if kind is None or not indicators:
        leave_out("result", "of no known type, or without an indicator")
        return None
    for inner in element:
        if inner.tag not in ("title", "indicator"):
            leave_out(f"{inner.tag} of a result", "Kulan has no place for it")
    return Result(kind, texts(element.find("title")), indicators)


def _indicator(element: ET.Element, texts: _Texts, leave_out: _LeaveOut) -> Indicator:
    for inner in element:
        if inner.tag not in ("title", "period"):
            leave_out(f"{inner.tag} of an indicator", "Kulan has no place for it")
    periods = tuple(_period(one, leave_out) for one in element.findall("period"))
    measure = _MEASURES.get(element.get("measure", ""), "unit")
    return Indicator(texts(element.find("title")), measure, periods)


def _period(element: ET.Element, leave_out: _LeaveOut) -> Period:
    values = {}
    for name in ("target", "actual"):
        found = element.findall(name)
        values[name] = found[0].get("value", "") if found else ""
        for _ in found[1:]:
            leave_out(f"{name} of a period", "one value is kept")
        if found and len(found[0]):
            leave_out(f"what stands in a {name}", "Kulan keeps its value alone")
    first, last = (_day(element, name) for name in ("period-start", "period-end"))
    return Period(first, last, values["target"], values["actual"])


def _day(parent: ET.Element, name: str) -> date:
    found = parent.find(name)
    return date.fromisoformat("" if found is None else found.get("iso-date", "")[:10])
