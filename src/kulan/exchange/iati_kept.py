"""An activity written over the one it was read from: what Kulan does not understand goes out again.

Each element that a file had stays as it was while Kulan still says the same of it, with everything
in it that Kulan does not show. What Kulan says otherwise takes its place. What Kulan never
understood stays.
"""

import xml.etree.ElementTree as ET
from datetime import datetime
from typing import Any

from kulan.exchange.iati_activities import Activity
from kulan.exchange.iati_parts import LANG, name_of
from kulan.exchange.iati_reader import ActivityReader
from kulan.exchange.iati_structure import rank
from kulan.exchange.losses import Losses

_UPDATED = "last-updated-datetime"


def read_original(text: str) -> Activity:
    """Return what Kulan understands of an activity that a reading kept.

    Examples
    --------
    >>> read_original("<iati-activity><activity-status code='4'/></iati-activity>").stage
    'closed'
    """
    return ActivityReader(original_of(text), 1, Losses(), Losses()).activity()


def names_in(text: str) -> tuple[str, ...]:
    """Return the names of the elements of an activity that a reading kept, one after another.

    Examples
    --------
    >>> names_in("<iati-activity><location/><x:y xmlns:x='urn:x'/></iati-activity>")
    ('location', 'y')
    """
    return tuple(name_of(one) for one in original_of(text))


def without(text: str, name: str) -> str:
    """Return an activity that a reading kept, without its elements of a name.

    Examples
    --------
    >>> without("<iati-activity><contact-info/><location/></iati-activity>", "contact-info")
    '<iati-activity><location /></iati-activity>'
    """
    activity = original_of(text)
    for one in [one for one in activity if name_of(one) == name]:
        activity.remove(one)
    return ET.tostring(activity, encoding="unicode")


def original_of(text: str) -> ET.Element:
    """Return the activity that a reading kept as text."""
    return ET.fromstring(text)  # noqa: S314 - read by us, and written by us


def language_of(original: ET.Element) -> str:
    """Return the language of its texts without one, as `iati_out` compares it; empty for none."""
    return (original.get(LANG) or "")[:2].lower()


def overlaid(fresh: ET.Element, original: ET.Element) -> ET.Element:
    """Return what an activity is now, as an element.

    Parameters
    ----------
    fresh
        Everything Kulan says of the activity; its texts name their language where it is not that
        of the original.
    original
        The activity as it was read.
    """
    before, now = _values(original), _values(fresh)
    made = ET.Element(original.tag, dict(original.attrib))
    updated, was = fresh.get(_UPDATED), original.get(_UPDATED)
    if updated and (not was or _moment(was) != _moment(updated)):
        made.set(_UPDATED, updated)
    left = list(now)
    stay: list[ET.Element] = []
    for element, value in before:
        at = None if value is None else _place_of(str(element.tag), value, left)
        if value is None:
            stay.append(element)
        elif at is not None:
            stay.append(element)
            left.pop(at)
    made.extend(sorted([*stay, *(element for element, _ in left)], key=rank))
    return made


def _moment(text: str) -> datetime:
    """Return a moment to the second: finer ones are not written."""
    return datetime.fromisoformat(text).replace(microsecond=0)


def _values(element: ET.Element) -> list[tuple[ET.Element, Any]]:
    reader = ActivityReader(element, 1, Losses(), Losses())
    reader.activity()
    return reader.values


def _place_of(tag: str, value: Any, among: list[tuple[ET.Element, Any]]) -> int | None:
    for at, (element, other) in enumerate(among):
        if element.tag == tag and other == value:
            return at
    return None
