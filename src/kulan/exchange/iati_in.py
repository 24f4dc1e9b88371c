"""IATI 2.03 files read: activities as values, and an account of everything that was not taken."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import pandas as pd

from kulan.errors import InvalidFileError, KulanError, TooLargeError
from kulan.exchange.iati_activities import (
    DATE_CODES,
    ORGANISATION_CODES,
    OWN_NAMESPACE,
    RELATION_CODES,
    ROLES,
    STAGE_CODES,
    TRANSACTION_CODES,
    VERSION,
    VOCABULARIES,
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
from kulan.exchange.iati_results import results_of
from kulan.exchange.losses import Losses
from kulan.exchange.plain_text import one_line
from kulan.exchange.rows import Asked
from kulan.exchange.xml_files import check_xml
from kulan.programme import range_states
from kulan.programme.money.amounts import Money, money, smallest_unit
from kulan.programme.money.projects import Flow

MOST_ACTIVITIES = 5_000
MOST_BYTES = 50_000_000
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_OWN = f"{{{OWN_NAMESPACE}}}"
_STAGES = {code: name for name, code in STAGE_CODES.items()}
_KINDS = {code: name for name, code in ORGANISATION_CODES.items()} | {
    "23": "international_ngo", "24": "national_ngo", "30": "other", "71": "private_sector",
    "72": "private_sector", "73": "private_sector",
}  # fmt: skip
_ROLES = {code: name for name, code in ROLES.items()}
_DATES = {code: name for name, code in DATE_CODES.items()}
_TRANSACTIONS = {code: name for name, code in TRANSACTION_CODES.items()}
_RELATIONS = {code: name for name, code in RELATION_CODES.items()}
_ABOUT = {uri: name for name, uri in VOCABULARIES.items()}
_T = TypeVar("_T")


@dataclass(frozen=True)
class IatiReading:
    """What an IATI file held.

    Attributes
    ----------
    activities
        What Kulan can keep of each activity.
    left_out, changes
        Everything else, with the reason: see `kulan.exchange.tables.LEFT_OUT` and `CHANGES`; a row
        is an activity.
    """

    activities: tuple[Activity, ...]
    left_out: pd.DataFrame
    changes: pd.DataFrame


def read_iati(path: Path, *, name: str = "") -> IatiReading:
    """Read the activities of an IATI file, version 2.03 (2.01 and 2.02 are read as it).

    Nothing is lost without a word: what Kulan has no place for, and what it could not read, stands
    in the account.

    Parameters
    ----------
    path
        The file.
    name
        Its name for messages; the path's own where empty.

    Raises
    ------
    InvalidFileError
        If it is not XML, holds no activities, or is of version 1.
    TooLargeError
        If it is larger than `MOST_BYTES`, or holds more than `MOST_ACTIVITIES`.
    """
    called = name or path.name
    if path.stat().st_size > MOST_BYTES:
        raise TooLargeError(
            f"{called}: larger than {MOST_BYTES // 1_000_000} MB. Split it into several files."
        )
    check_xml(path, "iati-activities", Asked(called, None, (), None))
    root = ET.parse(path).getroot()  # noqa: S314 - see check_xml
    version = root.get("version", "")
    if not version.startswith("2."):
        raise InvalidFileError(
            f"{called}: version {version[:20] or 'not stated'} of IATI; Kulan reads {VERSION}. "
            "Publish it anew in version 2."
        )
    losses = Losses()
    if version != VERSION:
        losses.change(None, "version", f"{version[:20]} read as {VERSION}")
    found = [one for one in root if one.tag == "iati-activity"]
    for other in root:
        if other.tag != "iati-activity":
            losses.leave_out(None, _name(other), "not an activity")
    if len(found) > MOST_ACTIVITIES:
        raise TooLargeError(f"{called}: more than {MOST_ACTIVITIES} activities. Split the file.")
    activities = [_Reader(one, row, losses).activity() for row, one in enumerate(found, start=1)]
    return IatiReading(tuple(activities), losses.left_out_table(), losses.changes_table())


class _Reader:
    """Reads one activity; what no method has taken is left out with its name."""

    def __init__(self, element: ET.Element, row: int, losses: Losses) -> None:
        self.element, self.row, self.losses = element, row, losses
        self.language = element.get(_LANG, "en")[:2].lower()
        self.currency = element.get("default-currency", "")

    def activity(self) -> Activity:
        """Return the activity."""
        self._attributes()
        reporting = self._first("reporting-org")
        return Activity(
            identifier=_text(self._first("iati-identifier")),
            reporting=Party("") if reporting is None else self._party(reporting),
            title=self.texts(self._first("title")),
            description=self._description(),
            participants=tuple(self._each("participating-org", self._participant)),
            stage=self._stage(),
            dates=dict(self._each("activity-date", self._date)),
            language=self.language,
            countries=tuple(self._each("recipient-country", self._country)),
            places=tuple(self._each("location", self._place)),
            sectors=tuple(self._each("sector", self._sector)),
            tags=tuple(self._each("tag", self._tag)),
            flows=(
                *self._each("budget", self._planned("budget")),
                *self._each("planned-disbursement", self._planned("planned")),
                *self._each("transaction", self._transaction),
            ),
            related=tuple(self._each("related-activity", self._related)),
            documents=tuple(self._each("document-link", self._document)),
            results=tuple(
                self._each("result", lambda one: results_of(one, self.texts, self.leave_out))
            ),
            currency=self.currency,
            updated=self._updated(),
        )

    def leave_out(self, what: str, reason: str) -> None:
        """Note that something stays behind."""
        self.losses.leave_out([self.row], one_line(what)[:200], reason)

    def texts(self, parent: ET.Element | None) -> dict[str, str]:
        """Return an element's narratives by language; of two in one language the first."""
        found: dict[str, str] = {}
        for one in [] if parent is None else parent.findall("narrative"):
            language = one.get(_LANG, self.language)[:2].lower()
            text = _text(one)
            if not text:
                continue
            if language in found:
                self.leave_out(f"a second text in {language}: {text[:60]}", "one is kept")
            else:
                found[language] = text
        return found

    def _attributes(self) -> None:
        known = {_LANG, "default-currency", "last-updated-datetime"}
        for name, value in self.element.attrib.items():
            if name not in known:
                self.leave_out(f"{_local(name)}={value}", "Kulan has no place for it")
        taken = {
            "iati-identifier", "reporting-org", "title", "description", "participating-org",
            "activity-status", "activity-date", "recipient-country", "location", "sector", "tag",
            "budget", "planned-disbursement", "transaction", "related-activity", "document-link",
            "result",
        }  # fmt: skip
        for one in self.element:
            if one.tag not in taken:
                self.leave_out(_name(one), "Kulan has no place for it")

    def _first(self, name: str) -> ET.Element | None:
        found = self.element.findall(name)
        for _ in found[1:]:
            self.leave_out(name, "it stands there twice, and the first is kept")
        return found[0] if found else None

    def _each(self, name: str, read: Callable[[ET.Element], _T | None]) -> Iterator[_T]:
        """Give what each element of a name holds; one that cannot be read is left out."""
        for one in self.element.findall(name):
            try:
                found = read(one)
            except (KulanError, ValueError, InvalidOperation) as problem:
                self.leave_out(name, one_line(str(problem))[:200] or "cannot be read")
            else:
                if found is not None:
                    yield found

    def _party(self, one: ET.Element) -> Party:
        kind = one.get("type", "")
        if kind and kind not in _KINDS:
            self.leave_out(f"type {kind} of an organisation", "no kind that Kulan knows")
        names = self.texts(one)
        for language in list(names)[1:]:
            self.leave_out(f"name of an organisation in {language}", "one name is kept")
        return Party(next(iter(names.values()), ""), one.get("ref", ""), _KINDS.get(kind, ""))

    def _participant(self, one: ET.Element) -> Participant | None:
        role = one.get("role", "")
        if role not in _ROLES:
            self.leave_out("participating-org", f"no role {role!r}")
            return None
        for name in ("activity-id", "crs-channel-code"):
            if name in one.attrib:
                self.leave_out(f"{name} of an organisation", "Kulan has no place for it")
        return Participant(self._party(one), _ROLES[role])

    def _description(self) -> dict[str, str]:
        """Return the general description, else the first; the others are left out."""
        found = self.element.findall("description")
        general = [one for one in found if one.get("type", "1") == "1"]
        chosen = next(iter(general or found), None)
        for one in found:
            if one is not chosen:
                kind = one.get("type", "1")
                self.leave_out(f"description of type {kind}", "one description is kept")
        return self.texts(chosen)

    def _stage(self) -> str:
        one = self._first("activity-status")
        code = "" if one is None else one.get("code", "")
        if code not in _STAGES:
            self.losses.change([self.row], "activity-status", f"{code[:20]!r} taken as running")
        return _STAGES.get(code, "running")

    def _date(self, one: ET.Element) -> tuple[str, date] | None:
        name = _DATES.get(one.get("type", ""))
        if name is None:
            self.leave_out("activity-date", f"no type {one.get('type', '')[:20]!r}")
            return None
        if self.texts(one):
            self.leave_out("text of an activity-date", "Kulan has no place for it")
        return name, _day(one)

    def _country(self, one: ET.Element) -> Country | None:
        table = range_states()
        iso3 = dict(zip(table["iso2"], table["iso3"], strict=True)).get(one.get("code", ""))
        if iso3 is None:
            self.leave_out(f"recipient-country {one.get('code', '')}", "not a range state")
            return None
        share = _share(one)
        if share is None and "percentage" in one.attrib:
            share = _percent(one.attrib["percentage"])
        return Country(iso3, share)

    def _place(self, one: ET.Element) -> Place | None:
        for inner in one:
            if inner.tag not in ("name", "point", "exactness"):
                self.leave_out(f"{inner.tag} of a location", "Kulan has no place for it")
        exactness = one.find("exactness")
        exact = exactness is not None and exactness.get("code") == "1"
        name = next(iter(self.texts(one.find("name")).values()), "")
        pos = _text(one.find("point/pos"))
        if not pos:
            return Place(name, exact=exact)
        latitude, longitude = (Decimal(part) for part in pos.split())
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            raise ValueError(f"no place on Earth: {pos[:60]}")
        return Place(name, longitude, latitude, exact)

    def _sector(self, one: ET.Element) -> Sector | None:
        if not one.get("code"):
            self.leave_out("sector", "without a code")
            return None
        given = one.get("percentage")
        return Sector(
            one.get("code", ""),
            one.get("vocabulary", "1"),
            None if given is None else _number(given),
        )

    def _tag(self, one: ET.Element) -> Tagged | None:
        about = _ABOUT.get(one.get("vocabulary-uri", ""))
        if about is None or not one.get("code"):
            self.leave_out(f"tag {one.get('code', '')}", "of a vocabulary that is not Kulan's")
            return None
        title = next(iter(self.texts(one).values()), "")
        return Tagged(about, one.get("code", ""), title, _share(one))

    def _planned(self, kind: str) -> Callable[[ET.Element], Flow | None]:
        def read(one: ET.Element) -> Flow:
            end = one.find("period-end")
            return Flow(
                kind,
                self._value(one),
                _day(one.find("period-start")),
                None if end is None else _day(end),
                provider=one.get(f"{_OWN}provider", "") or self._organisation(one, "provider-org"),
                receiver=one.get(f"{_OWN}receiver", "") or self._organisation(one, "receiver-org"),
                description=one.get(f"{_OWN}description", ""),
                reference=one.get(f"{_OWN}reference", ""),
            )

        return read

    def _transaction(self, one: ET.Element) -> Flow | None:
        kind_element = one.find("transaction-type")
        code = "" if kind_element is None else kind_element.get("code", "")
        if code not in _TRANSACTIONS:
            self.leave_out(f"transaction of type {code[:20]!r}", "Kulan keeps no such transactions")
            return None
        taken = (
            "transaction-type", "transaction-date", "value", "description", "provider-org",
            "receiver-org",
        )  # fmt: skip
        for inner in one:
            if inner.tag not in taken:
                self.leave_out(f"{_name(inner)} of a transaction", "Kulan has no place for it")
        own_kind = one.get(f"{_OWN}kind") == "cofinance" and code == "11"
        return Flow(
            "cofinance" if own_kind else _TRANSACTIONS[code],
            self._value(one),
            _day(one.find("transaction-date")),
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

    def _value(self, one: ET.Element) -> Money:
        value = one.find("value")
        if value is None:
            raise ValueError("without a value")
        currency = value.get("currency", "") or self.currency
        amount = _number(_text(value))
        unit = smallest_unit(currency)
        if amount % unit:
            amount_before, amount = amount, amount.quantize(unit)
            detail = f"rounded to {unit} {currency}, first {amount_before}"
            self.losses.change([self.row], "amount", detail)
        return money(amount, currency)

    def _related(self, one: ET.Element) -> Related | None:
        relation = _RELATIONS.get(one.get("type", ""))
        if relation is None or not one.get("ref"):
            self.leave_out("related-activity", "without a reference or a known relation")
            return None
        return Related(one.get("ref", ""), relation)

    def _document(self, one: ET.Element) -> Document | None:
        url = one.get("url", "").strip()
        if not url.startswith(("http://", "https://")):
            self.leave_out(f"document {url[:80]}", "not an address on the web")
            return None
        categories = [inner.get("code", "") for inner in one.findall("category")]
        for extra in categories[1:]:
            self.leave_out(f"category {extra} of a document", "one category is kept")
        if one.find("description") is not None:
            self.leave_out("description of a document", "Kulan has no place for it")
        language, day = one.find("language"), one.find("document-date")
        return Document(
            url,
            self.texts(one.find("title")),
            category=next(iter(categories), "A12"),
            media_type=one.get("format", "text/html"),
            language="" if language is None else language.get("code", ""),
            day=None if day is None else _day(day),
        )

    def _updated(self) -> datetime | None:
        given = self.element.get("last-updated-datetime")
        if not given:
            return None
        try:
            found = datetime.fromisoformat(given)
        except ValueError:
            self.leave_out(f"last-updated-datetime={given}", "no moment in time")
            return None
        return found if found.tzinfo else None


def _text(element: ET.Element | None) -> str:
    return "" if element is None else "".join(element.itertext()).strip()


def _day(element: ET.Element | None) -> date:
    given = "" if element is None else element.get("iso-date", "")
    try:
        return date.fromisoformat(given[:10])
    except ValueError:
        raise ValueError(f"no date: {given[:40]!r}") from None


def _number(text: str) -> Decimal:
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(f"no number: {text[:40]!r}") from None
    if not found.is_finite():
        raise ValueError(f"no number: {text[:40]!r}")
    return found


def _percent(text: str) -> Fraction | None:
    share = Fraction(_number(text)) / 100
    return share if 0 < share <= 1 else None


def _share(element: ET.Element) -> Fraction | None:
    given = element.get(f"{_OWN}share")
    if given is None:
        return None
    try:
        share = Fraction(given)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"no share: {given[:40]!r}") from None
    return share if 0 < share <= 1 else None


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _name(element: ET.Element) -> str:
    return _local(str(element.tag))
