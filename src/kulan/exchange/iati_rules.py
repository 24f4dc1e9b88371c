"""The rules of the IATI standard beyond its schema: what a valid file should still not do.

A file that breaks them is a valid file; what is broken is told as a warning, with the activity and
the element. The rules are those of the standard's ruleset and of its guidance for elements.

References
----------
International Aid Transparency Initiative (2018). IATI Rulesets, version 2.03: standard ruleset.
https://github.com/IATI/IATI-Rulesets/blob/version-2.03/rulesets/standard.json
International Aid Transparency Initiative (2018). IATI Standard, version 2.03: activity standard.
https://iatistandard.org/en/iati-standard/203/activity-standard/
"""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from kulan.exchange.iati_in import open_iati
from kulan.exchange.iati_parts import LANG
from kulan.exchange.iati_structure import fits
from kulan.exchange.plain_text import one_line
from kulan.words import N_

RULESET = "https://github.com/IATI/IATI-Rulesets/blob/version-2.03/rulesets/standard.json"
STANDARD = "https://iatistandard.org/en/iati-standard/203/activity-standard/"
SCHEMA = "https://github.com/IATI/IATI-Schemas/tree/version-2.03"

RULES: dict[str, tuple[str, str]] = {
    "no_start": (N_("No day says when it starts, planned or actual."), RULESET),
    "dates_order": (N_("It ends on {end}, before it starts on {start}."), RULESET),
    "date_ahead": (N_("{day} lies ahead, and this is for what has happened."), RULESET),
    "no_sector": (N_("No sector stands here, and not every transaction has one."), RULESET),
    "sector_twice": (N_("A sector stands here and in transactions; one of both."), STANDARD),
    "no_place": (N_("Neither a recipient country nor a region stands here or in every "
                    "transaction."), STANDARD),
    "place_twice": (N_("A recipient country or region stands here and in transactions; one of "
                       "both."), RULESET),
    "percent_missing": (N_("There are several, and not each has a percentage."), STANDARD),
    "percent_sum": (N_("The percentages make {sum}, not 100."), RULESET),
    "percent_range": (N_("{percent} % is not from 0 to 100."), RULESET),
    "identifier_prefix": (N_("The identifier {identifier} does not begin with {ref}- of the "
                             "reporting organisation, or an earlier one of it."), SCHEMA),
    "identifier_twice": (N_("The identifier {identifier} stands in the file twice."), SCHEMA),
    "reporters": (N_("Several organisations report in one file: {names}."), SCHEMA),
    "characters": (N_("{text} holds a character that identifiers do not: / & | ?"), RULESET),
    "nameless": (N_("Neither an identifier nor a name is given."), RULESET),
    "no_text": (N_("The text is empty."), STANDARD),
    "no_language": (N_("Nothing says in which language the text is."), RULESET),
    "no_currency": (N_("Nothing says of which currency the amount is."), RULESET),
    "long_budget": (N_("The budget is for longer than a year: {start} to {end}."), RULESET),
    "no_significance": (N_("A marker of the DAC needs a significance."), RULESET),
    "own_without_words": (N_("A code of an organisation's own list needs words."), RULESET),
    "percent_sign": (N_("{text} holds a sign; the number alone is wanted."), RULESET),
}  # fmt: skip
"""Each rule as a sentence about an element, English, and where the standard says it."""

_AMOUNTS = ("budget/value", "planned-disbursement/value", "transaction/value")
_LONGEST_BUDGET_DAYS = 366


@dataclass(frozen=True, slots=True)
class Warned:
    """A rule that is broken.

    Attributes
    ----------
    activity
        Number of the activity in the file, 1 for the first; 0 for the whole file.
    identifier
        The activity's identifier.
    element
        Where: ``transaction[2]/value``, counted among those of one name.
    rule
        Of `RULES`.
    values
        What stands in the places of its words.
    """

    activity: int
    identifier: str
    element: str
    rule: str
    values: tuple[tuple[str, str], ...] = ()


def check_file(path: Path, on: date, *, name: str = "") -> tuple[Warned, ...]:
    """Return every rule that a file of activities breaks.

    Parameters
    ----------
    path
        The file.
    on
        The day that counts as today.
    name
        Its name for messages; the path's own where empty.

    Raises
    ------
    InvalidFileError
        If it is not XML, holds no activities, or is of version 1.
    """
    return check_rules(open_iati(path, name or path.name), on)


def check_rules(root: ET.Element, on: date) -> tuple[Warned, ...]:
    """Return every rule that the activities of a file break, in their order.

    Parameters
    ----------
    root
        The file's outer element.
    on
        The day that counts as today.

    Examples
    --------
    >>> root = ET.fromstring("<iati-activities><iati-activity/></iati-activities>")
    >>> [one.rule for one in check_rules(root, date(2026, 5, 3))]
    ['no_start', 'no_sector', 'no_place']
    """
    found: list[Warned] = []
    activities = root.findall("iati-activity")
    for number, activity in enumerate(activities, start=1):
        identifier = _text(activity.find("iati-identifier"))
        for element, rule, values in _of_activity(activity, on):
            told = tuple((key, one_line(str(value))[:100]) for key, value in values.items())
            found.append(Warned(number, identifier, element, rule, told))
    counted = Counter(_text(one.find("iati-identifier")) for one in activities)
    for identifier, times in counted.items():
        if identifier and times > 1:
            twice = (("identifier", identifier),)
            found.append(Warned(0, identifier, "iati-identifier", "identifier_twice", twice))
    reporters = sorted({ref for one in activities if (ref := _ref(one.find("reporting-org")))})
    if len(reporters) > 1:
        names = (("names", ", ".join(reporters)[:200]),)
        found.append(Warned(0, "", "reporting-org", "reporters", names))
    return tuple(found)


_Broken = tuple[str, str, dict[str, object]]


def _of_activity(activity: ET.Element, on: date) -> Iterator[_Broken]:
    yield from _identifiers(activity)
    yield from _dates(activity, on)
    yield from _shared_out(activity)
    for name in ("recipient-country", "recipient-region"):
        yield from _ranges(activity, name)
    yield from _ranges(activity, "sector")
    yield from _ranges(activity, "capital-spend")
    yield from _organisations(activity)
    yield from _texts(activity)
    yield from _currencies(activity)
    yield from _codes(activity)


def _identifiers(activity: ET.Element) -> Iterator[_Broken]:
    identifier = _text(activity.find("iati-identifier"))
    ref = _ref(activity.find("reporting-org"))
    earlier = [one.get("ref", "") for one in activity.findall("other-identifier[@type='B1']")]
    if identifier and ref and not any(identifier.startswith(f"{one}-") for one in (ref, *earlier)):
        yield "iati-identifier", "identifier_prefix", {"identifier": identifier, "ref": ref}
    texts = [("iati-identifier", identifier)]
    for path in ("reporting-org", "participating-org", *_PARTIES):
        texts += [(where, one.get("ref", "")) for where, one in _each(activity, path)]
    for where, text in texts:
        if set(text) & set("/&|?"):
            yield where, "characters", {"text": text}


_PARTIES = ("transaction/provider-org", "transaction/receiver-org")


def _dates(activity: ET.Element, on: date) -> Iterator[_Broken]:
    days = {kind: _day(activity.find(f"activity-date[@type='{kind}']")) for kind in "1234"}
    if days["1"] is None and days["2"] is None:
        yield "activity-date", "no_start", {}
    for start, end in (("1", "3"), ("2", "4")):
        yield from _order("activity-date", days[start], days[end])
    for kind in ("2", "4"):
        yield from _not_ahead("activity-date", days[kind], on)
    updated = activity.get("last-updated-datetime", "")
    if fits(updated, "dateTime"):
        day = date.fromisoformat(updated.strip()[:10])
        yield from _not_ahead("@last-updated-datetime", day, on)
    for path in ("budget", "planned-disbursement", "result/indicator/period"):
        for where, one in _each(activity, path):
            first, last = _day(one.find("period-start")), _day(one.find("period-end"))
            yield from _order(where, first, last)
            if path == "budget" and first and last and (last - first).days > _LONGEST_BUDGET_DAYS:
                yield where, "long_budget", {"start": first, "end": last}
    for where, one in _each(activity, "transaction"):
        yield from _not_ahead(f"{where}/transaction-date", _day(one.find("transaction-date")), on)
        value = one.find("value")
        valued = None if value is None else _iso(value.get("value-date", ""))
        yield from _not_ahead(f"{where}/value", valued, on)


def _order(where: str, start: date | None, end: date | None) -> Iterator[_Broken]:
    if start and end and end < start:
        yield where, "dates_order", {"start": start, "end": end}


def _not_ahead(where: str, day: date | None, on: date) -> Iterator[_Broken]:
    if day and day > on:
        yield where, "date_ahead", {"day": day}


def _shared_out(activity: ET.Element) -> Iterator[_Broken]:
    """Give what is wrong with sectors and places: here or in every transaction, 100 together."""
    transactions = activity.findall("transaction")
    sectors = activity.findall("sector")
    of_transactions = [one.find("sector") is not None for one in transactions]
    if sectors and any(of_transactions):
        yield "sector", "sector_twice", {}
    if not sectors and not (transactions and all(of_transactions)):
        yield "sector", "no_sector", {}
    for vocabulary in sorted({one.get("vocabulary", "1") for one in sectors}):
        same = [one for one in sectors if one.get("vocabulary", "1") == vocabulary]
        yield from _hundred("sector", same)
    places = [*activity.findall("recipient-country"), *activity.findall("recipient-region")]
    placed = [
        one.find("recipient-country") is not None or one.find("recipient-region") is not None
        for one in transactions
    ]
    if places and any(placed):
        yield "recipient-country", "place_twice", {}
    if not places and not (transactions and all(placed)):
        yield "recipient-country", "no_place", {}
    yield from _hundred("recipient-country", _of_one_list(places))


def _of_one_list(places: list[ET.Element]) -> list[ET.Element]:
    """Return the places without regions told again in another list of regions than the first."""
    lists = [one.get("vocabulary", "1") for one in places if one.tag == "recipient-region"]
    return [
        one
        for one in places
        if one.tag == "recipient-country" or one.get("vocabulary", "1") == lists[0]
    ]


def _hundred(where: str, elements: list[ET.Element]) -> Iterator[_Broken]:
    percents = [one.get("percentage") for one in elements]
    if percents == [None] or not percents:
        return
    if None in percents:
        yield where, "percent_missing", {}
        return
    if all(fits(str(one), "decimal") for one in percents):
        whole = sum((Decimal(str(one).strip()) for one in percents), Decimal(0))
        if whole != 100:
            yield where, "percent_sum", {"sum": whole}


def _ranges(activity: ET.Element, name: str) -> Iterator[_Broken]:
    for where, one in _each(activity, name):
        percent = one.get("percentage", "")
        if fits(percent, "decimal") and not 0 <= Decimal(percent.strip()) <= 100:
            yield where, "percent_range", {"percent": percent}


def _organisations(activity: ET.Element) -> Iterator[_Broken]:
    for path in ("participating-org", "other-identifier/owner-org", *_PARTIES):
        for where, one in _each(activity, path):
            if not one.get("ref", "").strip() and not _narrated(one):
                yield where, "nameless", {}


def _texts(activity: ET.Element) -> Iterator[_Broken]:
    for name in ("reporting-org", "title", "description"):
        for where, one in _each(activity, name):
            if not _narrated(one):
                yield where, "no_text", {}
    if activity.get(LANG):
        return
    for where, one in _all(activity):
        if any(not inner.get(LANG) and _text(inner) for inner in one.findall("narrative")):
            yield where, "no_language", {}


def _currencies(activity: ET.Element) -> Iterator[_Broken]:
    if activity.get("default-currency"):
        return
    for path in (*_AMOUNTS, "crs-add/loan-status", "fss/forecast"):
        for where, one in _each(activity, path):
            if not one.get("currency"):
                yield where, "no_currency", {}


def _codes(activity: ET.Element) -> Iterator[_Broken]:
    for where, one in _each(activity, "policy-marker"):
        vocabulary = one.get("vocabulary", "1")
        if vocabulary == "1" and not one.get("significance"):
            yield where, "no_significance", {}
        if vocabulary == "99" and not _narrated(one):
            yield where, "own_without_words", {}
    for path in ("sector", "transaction/sector"):
        for where, one in _each(activity, path):
            if one.get("vocabulary") in ("98", "99") and not _narrated(one):
                yield where, "own_without_words", {}
    for where, one in _each(activity, "crs-add/loan-terms"):
        for name in ("rate-1", "rate-2"):
            if "%" in one.get(name, ""):
                yield f"{where}/@{name}", "percent_sign", {"text": one.get(name)}


def _each(above: ET.Element, path: str, before: str = "") -> Iterator[tuple[str, ET.Element]]:
    """Give the elements of a path with where each stands, counted where there are several."""
    name, _, rest = path.partition("/")
    found = above.findall(name)
    for number, one in enumerate(found, start=1):
        where = f"{before}{name}[{number}]" if len(found) > 1 else f"{before}{name}"
        if rest:
            yield from _each(one, rest, f"{where}/")
        else:
            yield where, one


def _all(above: ET.Element, before: str = "") -> Iterable[tuple[str, ET.Element]]:
    """Give every element of the standard's below another, with where it stands."""
    for name in dict.fromkeys(one.tag for one in above if re.match("[a-z]", str(one.tag))):
        for where, one in _each(above, str(name), before):
            yield where, one
            yield from _all(one, f"{where}/")


def _narrated(element: ET.Element) -> bool:
    return any(_text(one) for one in element.findall("narrative"))


def _text(element: ET.Element | None) -> str:
    return "" if element is None else "".join(element.itertext()).strip()


def _ref(element: ET.Element | None) -> str:
    return "" if element is None else element.get("ref", "").strip()


def _day(element: ET.Element | None) -> date | None:
    return None if element is None else _iso(element.get("iso-date", ""))


def _iso(text: str) -> date | None:
    return date.fromisoformat(text.strip()[:10]) if fits(text, "date") else None
