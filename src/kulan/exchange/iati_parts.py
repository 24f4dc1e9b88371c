"""Small parts of IATI files read: texts, days, numbers, shares, and codes the other way round."""

import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from kulan.exchange.iati_activities import (
    DATE_CODES,
    ORGANISATION_CODES,
    OWN_NAMESPACE,
    RELATION_CODES,
    ROLES,
    STAGE_CODES,
    TRANSACTION_CODES,
    VOCABULARIES,
)
from kulan.words import N_

REASONS = (
    N_("Kulan has no place for it"),
    N_("one is shown"),
    N_("one name is shown"),
    N_("one description is shown"),
    N_("one category is shown"),
    N_("one value is kept"),
    N_("one day of a type is shown"),
    N_("no such type"),
    N_("no kind that Kulan knows"),
    N_("not a range state"),
    N_("of a vocabulary that is not Kulan's"),
    N_("Kulan knows no such transactions"),
    N_("Kulan keeps its value alone"),
    N_("without a reference or a known relation"),
    N_("not an address on the web"),
    N_("an address that would run a program in a browser"),
    N_("it stands there twice, and the first is kept"),
    N_("remarks for programs and readers of the file are not kept"),
    N_("not an activity"),
    N_("of the file's frame"),
)
"""Reasons of an account that are whole sentences or phrases; others name what stood in the file."""

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
OWN = f"{{{OWN_NAMESPACE}}}"
STAGES = {code: name for name, code in STAGE_CODES.items()}
KINDS = {code: name for name, code in ORGANISATION_CODES.items()} | {
    "23": "international_ngo", "24": "national_ngo", "30": "other", "71": "private_sector",
    "72": "private_sector", "73": "private_sector",
}  # fmt: skip
ROLE_NAMES = {code: name for name, code in ROLES.items()}
DATES = {code: name for name, code in DATE_CODES.items()}
TRANSACTIONS = {code: name for name, code in TRANSACTION_CODES.items()}
RELATIONS = {code: name for name, code in RELATION_CODES.items()}
ABOUT = {uri: name for name, uri in VOCABULARIES.items()}


def text_of(element: ET.Element | None) -> str:
    """Return an element's text without the space around it; empty for none."""
    return "" if element is None else "".join(element.itertext()).strip()


def day_of(element: ET.Element | None) -> date:
    """Return the day of an element; refuse what is none."""
    given = "" if element is None else element.get("iso-date", "")
    try:
        return date.fromisoformat(given[:10])
    except ValueError:
        raise ValueError(f"no date: {given[:40]!r}") from None


def number_in(text: str) -> Decimal:
    """Return the number in a text; refuse what is none."""
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(f"no number: {text[:40]!r}") from None
    if not found.is_finite():
        raise ValueError(f"no number: {text[:40]!r}")
    return found


def percent_in(text: str) -> Fraction | None:
    """Return a percentage as a share; None where it is no part of a whole."""
    share = Fraction(number_in(text)) / 100
    return share if 0 < share <= 1 else None


def share_of(element: ET.Element) -> Fraction | None:
    """Return the exact share that Kulan wrote beside the standard's; None where there is none."""
    given = element.get(f"{OWN}share")
    if given is None:
        return None
    try:
        share = Fraction(given)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"no share: {given[:40]!r}") from None
    return share if 0 < share <= 1 else None


def local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2]


def name_of(element: ET.Element) -> str:
    """Return an element's name without its namespace."""
    return local(str(element.tag))
