"""A table of records brought from a file: what fits is taken, the rest is told line by line."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from kulan.errors import InvalidTableError, KulanError, TooLargeError
from kulan.exchange.table_rows import Row, read_rows
from kulan.programme.registers import Register
from kulan.report.reader import Reader
from kulan.web.policy import Viewer
from kulan.web.policy.registers import visible_records
from kulan.web.programme.registers.actions import Content, add, change, read_content
from kulan.web.programme.registers.models import Record

MOST_ROWS = 2_000
_OURS = ("record", "revision", "stage")


@dataclass
class Report:
    """What became of a table.

    Attributes
    ----------
    added, changed, unchanged
        How many lines.
    lost
        Number of the line in the file, and why it was not taken.
    unknown
        Columns the register has no field for; they were left out.
    problem
        Why nothing could be read at all.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    lost: list[tuple[int, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    problem: str = ""


def bring(viewer: Viewer, one: Register, body: bytes, reader: Reader) -> Report:
    """Take the lines of a table into a register.

    A line whose column ``record`` names a record changes that record, if its ``revision`` is still
    the record's; other lines are added. Nothing that changed meanwhile is overwritten.

    Parameters
    ----------
    viewer
        Who brings it: each line is held to what the viewer may write.
    one
        The register.
    body
        The file, XLSX or CSV: see `kulan.exchange.table_rows.read_rows`.
    reader
        For whom the report is.
    """
    report = Report()
    try:
        table = read_rows(body, MOST_ROWS)
    except (InvalidTableError, TooLargeError):
        report.problem = reader.say(
            "This is no table that can be read: an XLSX workbook, or a CSV file in UTF-8, with the "
            "names of the fields in its first line and between 1 and 2,000 lines below it."
        )
        return report
    known = {one_field.name for one_field in one.fields}
    report.unknown = [name for name in table.columns if name not in {*known, *_OURS}]
    for row in table.rows:
        if row.problem:
            told = reader.say(row.problem, column=row.column, value=row.value)
            report.lost.append((row.number, told))
        else:
            _take(viewer, one, row, report, reader)
    return report


def _take(viewer: Viewer, one: Register, row: Row, report: Report, reader: Reader) -> None:
    number, cells = row.number, row.cells
    given = {name: cells[name] for name in cells if name in {each.name for each in one.fields}}
    try:
        with transaction.atomic():
            record = _named(viewer, one, cells.get("record", ""), reader)
            stage = cells.get("stage") or (record.stage if record else one.first_stage)
            faults = _faults(viewer, one, given, stage, reader)
            if faults:
                report.lost.append((number, faults))
            elif record is None:
                house = viewer.organisation_id if "organisation" in one.kept_by else None
                add(viewer, one, Content(given, stage=stage, organisation_id=house))
                report.added += 1
            else:
                _change(viewer, record, given, cells.get("revision", ""), report)
    except KulanError as error:
        report.lost.append((number, str(error)))


def _named(viewer: Viewer, one: Register, text: str, reader: Reader) -> Record | None:
    if not text:
        return None
    try:
        uid = uuid.UUID(text)
    except ValueError:
        uid = None
    found = (
        visible_records(viewer, one.name).filter(uid=uid, withdrawn_at=None).first()
        if uid
        else None
    )
    if found is None:
        raise KulanError(reader.say("There is no record of this number."))
    return found


def _faults(
    viewer: Viewer, one: Register, given: dict[str, Any], stage: str, reader: Reader
) -> str:
    if stage and one.stage(stage) is None:
        return reader.say("There is no stage of this name.")
    problems = read_content(viewer, one, given, stage).problems
    told = []
    for problem in problems:
        message = reader.words.say(problem.message).replace("{value}", problem.value)
        told.append(f"{problem.field}: {message}")
    return " ".join(told)


def _change(
    viewer: Viewer, record: Record, given: dict[str, Any], revision: str, report: Report
) -> None:
    read = read_content(viewer, record.declared, given, record.stage).data
    if read == record.data:
        report.unchanged += 1
        return
    content = Content(given, audience=record.audience, organisation_id=record.organisation_id)
    change(viewer, record, content, revision=int(revision) if revision.isdigit() else 0)
    report.changed += 1
