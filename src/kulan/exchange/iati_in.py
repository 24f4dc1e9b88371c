"""IATI 2.03 files read: activities as values, and an account of everything that was not taken."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

import pandas as pd

from kulan.errors import InvalidFileError, TooLargeError
from kulan.exchange.iati_activities import VERSION, Activity
from kulan.exchange.iati_parts import local, name_of
from kulan.exchange.iati_reader import ActivityReader
from kulan.exchange.losses import Losses
from kulan.exchange.plain_text import one_line
from kulan.exchange.rows import Asked
from kulan.exchange.xml_files import check_xml

MOST_ACTIVITIES = 5_000
MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class IatiReading:
    """What an IATI file held.

    Attributes
    ----------
    activities
        What Kulan understands of each activity, and what it keeps to be written again as it came.
    kept
        What is kept and not understood, with the reason: see `kulan.exchange.tables.LEFT_OUT`; a
        row is an activity.
    left_out, changes
        What is not kept, and what was altered: see `LEFT_OUT` and `CHANGES` there.
    """

    activities: tuple[Activity, ...]
    kept: pd.DataFrame
    left_out: pd.DataFrame
    changes: pd.DataFrame


def read_iati(path: Path, *, name: str = "") -> IatiReading:
    """Read the activities of an IATI file, version 2.03 (2.01 and 2.02 are read as it).

    Nothing is lost without a word. What Kulan has no place for is kept with its activity, and
    `write_iati` writes it again; what is not as the published schema asks cannot be, and stands in
    the account.

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
    root = open_iati(path, called)
    losses, kept = Losses(), Losses()
    if root.get("version") != VERSION:
        losses.change(None, "version", f"{root.get('version', '')[:20]} read as {VERSION}")
    for what in _outside(path):
        losses.leave_out(None, what, _REMARK)
    _root_attributes(root, losses)
    found, row = [], 0
    for one in root:
        if one.tag == "iati-activity":
            row += 1
            found.append(_without_remarks(one, row, losses))
        elif isinstance(one.tag, str):
            losses.leave_out(None, name_of(one), "not an activity")
        else:
            losses.leave_out(None, _told(one), _REMARK)
    if len(found) > MOST_ACTIVITIES:
        raise TooLargeError(f"{called}: more than {MOST_ACTIVITIES} activities. Split the file.")
    activities = [
        ActivityReader(one, row, losses, kept).activity() for row, one in enumerate(found, start=1)
    ]
    return IatiReading(
        tuple(activities), kept.left_out_table(), losses.left_out_table(), losses.changes_table()
    )


_REMARK = "remarks for programs and readers of the file are not kept"


def open_iati(path: Path, called: str) -> ET.Element:
    """Return the outer element of a file of activities, once it is known to be safe.

    Raises
    ------
    InvalidFileError
        If it is not XML, holds no activities, or is of version 1.
    """
    check_xml(path, "iati-activities", Asked(called, None, (), None))
    target = ET.TreeBuilder(insert_comments=True, insert_pis=True)
    root = ET.parse(path, ET.XMLParser(target=target)).getroot()  # noqa: S314 - see check_xml
    version = root.get("version", "")
    if not version.startswith("2."):
        raise InvalidFileError(
            f"{called}: version {version[:20] or 'not stated'} of IATI; Kulan reads {VERSION}. "
            "Publish it anew in version 2."
        )
    return root


def _root_attributes(root: ET.Element, losses: Losses) -> None:
    for name, value in root.attrib.items():
        if name not in ("version", "generated-datetime"):
            losses.leave_out(None, f"{local(name)}={one_line(value)[:100]}", "of the file's frame")


def _without_remarks(element: ET.Element, row: int, losses: Losses) -> ET.Element:
    """Return the activity without comments and instructions; each is noted, and no text lost."""
    for parent in list(element.iter()):
        before: ET.Element | None = None
        for one in list(parent):
            if isinstance(one.tag, str):
                before = one
                continue
            losses.leave_out([row], _told(one), _REMARK)
            if before is None:
                parent.text = (parent.text or "") + (one.tail or "")
            else:
                before.tail = (before.tail or "") + (one.tail or "")
            parent.remove(one)
    return element


def _told(remark: ET.Element) -> str:
    return f"remark: {one_line(remark.text or '')[:80]}"


def _outside(path: Path) -> list[str]:
    """Return the remarks that stand before and after the outer element."""
    found: list[str] = []
    parser, depth = expat.ParserCreate(), 0

    def step(by: int) -> None:
        nonlocal depth
        depth += by

    def remark(*words: str) -> None:
        if depth == 0:
            found.append(f"remark: {one_line(' '.join(words))[:80]}")

    parser.StartElementHandler = lambda *_: step(1)
    parser.EndElementHandler = lambda _: step(-1)
    parser.CommentHandler = parser.ProcessingInstructionHandler = remark
    with path.open("rb") as file:
        parser.ParseFile(file)
    return found
