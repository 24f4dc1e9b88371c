"""One activity of an IATI file read: what Kulan understands, what goes out again as it came."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from kulan.errors import KulanError
from kulan.exchange.iati_activities import (
    Activity,
    Country,
    Document,
    Participant,
    Party,
    Place,
    Related,
    Sector,
    Tagged,
)
from kulan.exchange.iati_parts import (
    ABOUT,
    DATES,
    KINDS,
    LANG,
    OWN,
    RELATIONS,
    ROLE_NAMES,
    STAGES,
    TRANSACTIONS,
    day_of,
    local,
    name_of,
    number_in,
    percent_in,
    share_of,
    text_of,
)
from kulan.exchange.iati_results import results_of
from kulan.exchange.iati_structure import ACTIVITY, attribute_fault, faults, places, rank
from kulan.exchange.losses import Losses
from kulan.exchange.plain_text import one_line
from kulan.programme import range_states
from kulan.programme.money.amounts import Money, money, smallest_unit
from kulan.programme.money.projects import Flow

_SCRIPTS = ("javascript:", "vbscript:", "data:")
NO_PLACE = "Kulan has no place for it"


class _UnsafeError(ValueError):
    """Something that is not written again, though the schema would have it."""


class ActivityReader:
    """Reads one activity, each of its elements once.

    An element that is as the schema asks goes out again as it came, whether Kulan understands it
    or not, until what Kulan understands of it is changed. Of an element that is not as the schema
    asks, what Kulan understands is written anew; the rest is lost, and said to be.

    Attributes
    ----------
    values
        Each element that is written again, with what Kulan reads of it; None: nothing.
    """

    def __init__(self, element: ET.Element, row: int, losses: Losses, kept: Losses) -> None:
        """Take the element, its number in the file, and where losses and kept things are noted."""
        self.element, self.row, self.losses, self.kept = element, row, losses, kept
        self.language = (element.get(LANG) or "en")[:2].lower()
        self.currency = element.get("default-currency", "")
        self.values: list[tuple[ET.Element, Any]] = []
        self._read: dict[str, list[Any]] = {}
        self._seen: set[str] = set()
        self._sound = True
        self._general = self._general_description()

    def activity(self) -> Activity:
        """Return the activity."""
        attributes = self._attributes()
        for child in sorted(self.element, key=rank):
            self._child(child)
        every: Callable[[str], list[Any]] = lambda name: self._read.get(name, [])  # noqa: E731
        party = next(iter(every("reporting-org")), Party(""))
        return Activity(
            identifier=next(iter(every("iati-identifier")), ""),
            reporting=party,
            title=next(iter(every("title")), {}),
            description=next(iter(every("description")), {}),
            participants=tuple(every("participating-org")),
            stage=next(iter(every("activity-status")), "running"),
            dates=dict(every("activity-date")),
            language=self.language,
            countries=tuple(every("recipient-country")),
            places=tuple(every("location")),
            sectors=tuple(every("sector")),
            tags=tuple(every("tag")),
            flows=(*every("budget"), *every("planned-disbursement"), *every("transaction")),
            related=tuple(every("related-activity")),
            documents=tuple(every("document-link")),
            results=tuple(every("result")),
            currency=self.currency,
            updated=self._updated(),
            original=self._original(attributes),
        )

    def note(self, what: str, reason: str) -> None:
        """Note what Kulan does not show: it is kept where its element is, and lost where not."""
        noted = self.kept if self._sound else self.losses
        noted.leave_out([self.row], one_line(what)[:200], reason)

    def _lose(self, what: str, reason: str) -> None:
        self.losses.leave_out([self.row], one_line(what)[:200], one_line(reason)[:200])

    def texts(self, parent: ET.Element | None) -> dict[str, str]:
        """Return an element's narratives by language; of two in one language the first."""
        found: dict[str, str] = {}
        for one in [] if parent is None else parent.findall("narrative"):
            language = (one.get(LANG) or self.language)[:2].lower()
            text = text_of(one)
            if not text:
                continue
            if language in found:
                self.note(f"a second text in {language}: {text[:60]}", "one is shown")
            else:
                found[language] = text
        return found

    def _child(self, child: ET.Element) -> None:
        """Read one element; note what is not shown of it, or why it cannot be written again."""
        tag = str(child.tag)
        wrong = faults(child, f"{ACTIVITY}/{tag}")
        place = places().get(f"{ACTIVITY}/{tag}")
        if place is not None and place.at_most == 1 and tag in self._seen:
            self._lose(tag, "it stands there twice, and the first is kept")
            return
        self._seen.add(tag)
        self._sound = not wrong
        try:
            value = self._value(tag, child)
        except _UnsafeError as problem:
            self._lose(str(problem), "an address that would run a program in a browser")
            return
        if value is not None:
            self._read.setdefault(tag, []).append(value)
        if not wrong:
            self.values.append((child, value))
        elif value is None:
            self._lose(name_of(child), wrong[0])
        else:
            self._lose(
                f"{tag} as it stood", f"{wrong[0]}; what Kulan understands of it is written anew"
            )

    def _value(self, tag: str, child: ET.Element) -> Any:
        """Return what Kulan reads of an element; None, and a note, where it reads nothing."""
        read = self._readers.get(tag)
        if read is None:
            if self._sound:
                self.note(name_of(child), NO_PLACE)
            return None
        try:
            return read(self, child)
        except _UnsafeError:
            raise
        except (KulanError, ValueError, InvalidOperation) as problem:
            self.note(tag, one_line(str(problem))[:200] or "cannot be read")
            return None

    def _attributes(self) -> dict[str, str]:
        """Return the activity's attributes that are written again."""
        known = {LANG, "default-currency", "last-updated-datetime"}
        found = {}
        for name, value in self.element.attrib.items():
            fault = attribute_fault(name, value, places()[ACTIVITY])
            if fault:
                self._lose(f"{local(name)}={value}", fault)
                continue
            found[name] = value
            if name not in known:
                self.note(f"{local(name)}={value}", NO_PLACE)
        text = (self.element.text or "") + "".join(one.tail or "" for one in self.element)
        if text.strip():
            self._lose(f"text: {text.strip()}", "between elements the standard has no text")
        return found

    def _original(self, attributes: Mapping[str, str]) -> str:
        """Return the activity as it can be written again."""
        made = ET.Element(ACTIVITY, dict(attributes))
        made.extend(one for one, _ in self.values)
        for one in made.iter():  # the file's own layout is not kept
            one.tail = None
            if len(one) and not (one.text or "").strip():
                one.text = None
        return ET.tostring(made, encoding="unicode")

    def _party(self, one: ET.Element) -> Party:
        kind = one.get("type", "")
        if kind and kind not in KINDS:
            self.note(f"type {kind} of an organisation", "no kind that Kulan knows")
        names = self.texts(one)
        for language in list(names)[1:]:
            self.note(f"name of an organisation in {language}", "one name is shown")
        return Party(next(iter(names.values()), ""), one.get("ref", ""), KINDS.get(kind, ""))

    def _participant(self, one: ET.Element) -> Participant | None:
        role = one.get("role", "")
        if role not in ROLE_NAMES:
            self.note("participating-org", f"no role {role!r}")
            return None
        for name in ("activity-id", "crs-channel-code"):
            if name in one.attrib:
                self.note(f"{name} of an organisation", NO_PLACE)
        return Participant(self._party(one), ROLE_NAMES[role])

    def _general_description(self) -> ET.Element | None:
        found = self.element.findall("description")
        general = [one for one in found if one.get("type", "1") == "1"]
        return next(iter(general or found), None)

    def _description(self, one: ET.Element) -> dict[str, str] | None:
        """Return the general description, else the first; the others are not shown."""
        if one is self._general:
            return self.texts(one)
        self.note(f"description of type {one.get('type', '1')}", "one description is shown")
        return None

    def _stage(self, one: ET.Element) -> str:
        code = one.get("code", "")
        if code not in STAGES:
            self.losses.change([self.row], "activity-status", f"{code[:20]!r} taken as running")
        return STAGES.get(code, "running")

    def _date(self, one: ET.Element) -> tuple[str, date] | None:
        name = DATES.get(one.get("type", ""))
        if name is None or name in self._seen:
            reason = "no such type" if name is None else "one day of a type is shown"
            self.note(f"activity-date of type {one.get('type', '')[:20]!r}", reason)
            return None
        if self.texts(one):
            self.note("text of an activity-date", NO_PLACE)
        day = day_of(one)
        self._seen.add(name)
        return name, day

    def _country(self, one: ET.Element) -> Country | None:
        table = range_states()
        iso3 = dict(zip(table["iso2"], table["iso3"], strict=True)).get(one.get("code", ""))
        if iso3 is None:
            self.note(f"recipient-country {one.get('code', '')}", "not a range state")
            return None
        share = share_of(one)
        if share is None and "percentage" in one.attrib:
            share = percent_in(one.attrib["percentage"])
        return Country(iso3, share)

    def _place(self, one: ET.Element) -> Place | None:
        for inner in one:
            if inner.tag not in ("name", "point", "exactness"):
                self.note(f"{inner.tag} of a location", NO_PLACE)
        exactness = one.find("exactness")
        exact = exactness is not None and exactness.get("code") == "1"
        name = next(iter(self.texts(one.find("name")).values()), "")
        pos = text_of(one.find("point/pos"))
        if not pos:
            return Place(name, exact=exact)
        latitude, longitude = (Decimal(part) for part in pos.split())
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            raise ValueError(f"no place on Earth: {pos[:60]}")
        return Place(name, longitude, latitude, exact)

    def _sector(self, one: ET.Element) -> Sector | None:
        if not one.get("code"):
            self.note("sector", "without a code")
            return None
        given = one.get("percentage")
        return Sector(
            one.get("code", ""),
            one.get("vocabulary", "1"),
            None if given is None else number_in(given),
        )

    def _tag(self, one: ET.Element) -> Tagged | None:
        about = ABOUT.get(one.get("vocabulary-uri", ""))
        if about is None or not one.get("code"):
            self.note(f"tag {one.get('code', '')}", "of a vocabulary that is not Kulan's")
            return None
        title = next(iter(self.texts(one).values()), "")
        return Tagged(about, one.get("code", ""), title, share_of(one))

    def _planned(self, one: ET.Element) -> Flow:
        end = one.find("period-end")
        return Flow(
            "budget" if one.tag == "budget" else "planned",
            self._amount(one),
            day_of(one.find("period-start")),
            None if end is None else day_of(end),
            provider=one.get(f"{OWN}provider", "") or self._organisation(one, "provider-org"),
            receiver=one.get(f"{OWN}receiver", "") or self._organisation(one, "receiver-org"),
            description=one.get(f"{OWN}description", ""),
            reference=one.get(f"{OWN}reference", ""),
        )

    def _transaction(self, one: ET.Element) -> Flow | None:
        kind_element = one.find("transaction-type")
        code = "" if kind_element is None else kind_element.get("code", "")
        if code not in TRANSACTIONS:
            self.note(f"transaction of type {code[:20]!r}", "Kulan knows no such transactions")
            return None
        taken = (
            "transaction-type", "transaction-date", "value", "description", "provider-org",
            "receiver-org",
        )  # fmt: skip
        for inner in one:
            if inner.tag not in taken:
                self.note(f"{name_of(inner)} of a transaction", NO_PLACE)
        own_kind = one.get(f"{OWN}kind") == "cofinance" and code == "11"
        return Flow(
            "cofinance" if own_kind else TRANSACTIONS[code],
            self._amount(one),
            day_of(one.find("transaction-date")),
            provider=self._organisation(one, "provider-org"),
            receiver=self._organisation(one, "receiver-org"),
            description=next(iter(self.texts(one.find("description")).values()), ""),
            reference=one.get("ref", ""),
        )

    def _organisation(self, one: ET.Element, name: str) -> str:
        found = one.find(name)
        if found is None:
            return ""
        return next(iter(self.texts(found).values()), "") or found.get("ref", "")

    def _amount(self, one: ET.Element) -> Money:
        value = one.find("value")
        if value is None:
            raise ValueError("without a value")
        currency = value.get("currency", "") or self.currency
        amount = number_in(text_of(value))
        unit = smallest_unit(currency)
        if amount % unit:
            amount_before, amount = amount, amount.quantize(unit)
            detail = f"rounded to {unit} {currency}, first {amount_before}"
            self.losses.change([self.row], "amount", detail)
        return money(amount, currency)

    def _related(self, one: ET.Element) -> Related | None:
        relation = RELATIONS.get(one.get("type", ""))
        if relation is None or not one.get("ref"):
            self.note("related-activity", "without a reference or a known relation")
            return None
        return Related(one.get("ref", ""), relation)

    def _document(self, one: ET.Element) -> Document | None:
        url = one.get("url", "").strip()
        if not url.startswith(("http://", "https://")):
            if url.lower().startswith(_SCRIPTS):
                raise _UnsafeError(f"document {url[:80]}")
            self.note(f"document {url[:80]}", "not an address on the web")
            return None
        categories = [inner.get("code", "") for inner in one.findall("category")]
        for extra in categories[1:]:
            self.note(f"category {extra} of a document", "one category is shown")
        if one.find("description") is not None:
            self.note("description of a document", NO_PLACE)
        language, day = one.find("language"), one.find("document-date")
        return Document(
            url,
            self.texts(one.find("title")),
            category=next(iter(categories), "A12"),
            media_type=one.get("format", "text/html"),
            language="" if language is None else language.get("code", ""),
            day=None if day is None else day_of(day),
        )

    def _result(self, one: ET.Element) -> Any:
        return results_of(one, self.texts, self.note)

    def _updated(self) -> datetime | None:
        given = self.element.get("last-updated-datetime", "")
        try:
            found = datetime.fromisoformat(given)
        except ValueError:
            return None  # what is no moment is among what is lost
        return found if found.tzinfo else None

    _readers: Mapping[str, Callable[["ActivityReader", ET.Element], Any]] = {
        "iati-identifier": lambda _, one: text_of(one),
        "reporting-org": _party,
        "title": texts,
        "description": _description,
        "participating-org": _participant,
        "activity-status": _stage,
        "activity-date": _date,
        "recipient-country": _country,
        "location": _place,
        "sector": _sector,
        "tag": _tag,
        "budget": _planned,
        "planned-disbursement": _planned,
        "transaction": _transaction,
        "related-activity": _related,
        "document-link": _document,
        "result": _result,
    }
