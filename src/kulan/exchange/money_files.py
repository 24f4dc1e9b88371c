"""Money of the programme from and into a folder of CSV files; see `kulan.programme.money.tables`.

A folder holds what there is of needs.csv, projects.csv, shares.csv, flows.csv, rates.csv, calls.csv
and, where projects came from IATI, activities.xml.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from kulan.errors import InvalidFileError, InvalidTableError
from kulan.exchange.safe_cells import original_text, safe_text
from kulan.programme.money import (
    Call,
    Closing,
    Eligibility,
    Entry,
    Flow,
    Line,
    Need,
    Posted,
    Project,
    Rate,
    Rates,
    money,
)
from kulan.programme.money.audit import Record
from kulan.programme.money.tables import (
    MONEY_CALLS,
    MONEY_FLOWS,
    MONEY_JOURNAL,
    MONEY_NEEDS,
    MONEY_PROJECTS,
    MONEY_RATES,
    MONEY_SHARES,
)
from kulan.schemas import Table, read_table

FILES: dict[str, Table] = {
    "needs.csv": MONEY_NEEDS,
    "projects.csv": MONEY_PROJECTS,
    "shares.csv": MONEY_SHARES,
    "flows.csv": MONEY_FLOWS,
    "rates.csv": MONEY_RATES,
    "calls.csv": MONEY_CALLS,
}
"""Name of each file to its table."""
ACTIVITIES = "activities.xml"


@dataclass(frozen=True)
class MoneyFolder:
    """What a folder of money holds; what a file is missing for is empty."""

    needs: tuple[Need, ...]
    projects: tuple[Project, ...]
    rates: Rates
    calls: tuple[Call, ...]


def read_money(folder: Path) -> MoneyFolder:
    """Read a folder of money.

    Parameters
    ----------
    folder
        With files named as in `FILES`; none of them must be there, but one.

    Raises
    ------
    InvalidFileError
        If the folder holds none of the files.
    InvalidTableError
        If a file is not as its table is declared, or contradicts itself.
    """
    if not any((folder / name).is_file() for name in FILES):
        raise InvalidFileError(
            f"{folder} holds none of {', '.join(FILES)}. Name the folder with such files; "
            "docs/reference/tables.md says what they hold."
        )
    return MoneyFolder(
        needs=tuple(map(_need, table_in(folder, "needs.csv"))),
        projects=_projects(folder),
        rates=Rates(tuple(map(_rate, table_in(folder, "rates.csv")))),
        calls=tuple(map(_call, table_in(folder, "calls.csv"))),
    )


def table_in(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of one file of the folder; none where it is not there."""
    path = folder / name
    return rows_of(path, FILES[name]) if path.is_file() else []


def rows_of(path: Path, table: Table) -> list[dict[str, Any]]:
    """Return the rows of a file, with empty texts for what is empty.

    Raises
    ------
    InvalidTableError
        If it is not as the table is declared.
    """
    if not path.read_text("utf-8-sig").strip():
        raise InvalidTableError(f"{path}: empty. The first line holds the names of the columns.")
    if len(path.read_text("utf-8-sig").splitlines()) == 1:
        return []
    frame = read_table(path, table)
    rows: list[dict[Any, Any]] = frame.astype(object).to_dict("records")
    optional = {one.name: "" for one in table.columns if one.kind not in ("list", "integer")}
    return [optional | {str(name): _cell(value) for name, value in row.items()} for row in rows]


def write_rows(rows: Iterable[Mapping[str, Any]], table: Table) -> bytes:
    """Return rows as a CSV file of a table."""
    text = io.StringIO()
    writer = csv.DictWriter(text, table.column_names, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: safe_text(str(value)) for name, value in row.items()})
    return text.getvalue().encode()


def flows_in(folder: Path) -> dict[str, list[Flow]]:
    """Return the money of each project of a folder."""
    found: dict[str, list[Flow]] = defaultdict(list)
    for row in table_in(folder, "flows.csv"):
        found[row["project"]].append(
            Flow(
                row["kind"],
                money(row["amount"], row["currency"]),
                _day(row["day"]),
                _day(row["last_day"]) if row["last_day"] else None,
                row["provider"],
                row["receiver"],
                row["description"],
                row["reference"],
            )
        )
    return found


def shares_in(folder: Path) -> dict[str, dict[str, dict[str, Fraction | None]]]:
    """Return what each project of a folder serves: dimension to code to share."""
    found: dict[str, dict[str, dict[str, Fraction | None]]] = defaultdict(lambda: defaultdict(dict))
    for row in table_in(folder, "shares.csv"):
        found[row["project"]][row["dimension"]][row["code"]] = _share(row["share"])
    return found


def read_journal(path: Path) -> tuple[Record, ...]:
    """Return the books in a file, see `kulan.programme.money.tables.MONEY_JOURNAL`.

    Raises
    ------
    InvalidTableError
        If the file is not as declared, or rows of one record differ in what is the record's.
    """
    of_record: dict[int, list[dict[str, Any]]] = {}
    for row in rows_of(path, MONEY_JOURNAL):
        of_record.setdefault(int(row["number"]), []).append(row)
    return tuple(_record(rows, path) for _, rows in sorted(of_record.items()))


def journal_rows(records: Iterable[Record]) -> list[dict[str, Any]]:
    """Return the books as rows of `kulan.programme.money.tables.MONEY_JOURNAL`."""
    found = []
    for one in records:
        row: dict[str, Any] = {
            "number": one.number, "entered_by": one.entered_by, "approved_by": one.approved_by,
            "posted_at": one.at, "previous": one.previous, "hash": one.hash, "reverses": 0,
        }  # fmt: skip
        if isinstance(one, Closing):
            found.append(row | {"kind": "closing", "day": one.last_day.isoformat()})
            continue
        entry = one.entry
        row |= {
            "kind": "entry", "day": entry.day.isoformat(), "text": entry.text,
            "document": entry.document, "reverses": entry.reverses,
        }  # fmt: skip
        found += [
            row
            | {
                "account": line.account, "fund": line.fund, "side": line.side,
                "amount": str(line.money.amount), "currency": line.money.currency,
            }
            for line in entry.lines
        ]  # fmt: skip
    return found


_OF_RECORD = (
    "kind", "day", "text", "document", "reverses", "entered_by", "approved_by", "posted_at",
    "previous", "hash",
)  # fmt: skip


def _record(rows: Sequence[dict[str, Any]], path: Path) -> Record:
    first = rows[0]
    number = int(first["number"])
    if any(row[name] != first[name] for row in rows for name in _OF_RECORD):
        raise InvalidTableError(
            f"{path}: the rows of record {number} differ in more than their lines. Take the file "
            "anew from where the books are kept."
        )
    signed = (
        first["entered_by"], first["approved_by"], first["posted_at"], first["previous"],
        first["hash"],
    )  # fmt: skip
    day = _day(first["day"])
    if first["kind"] == "closing":
        return Closing(number, day, *signed)
    lines = tuple(
        Line(row["account"], row["fund"], row["side"], money(row["amount"], row["currency"]))
        for row in rows
    )
    entry = Entry(day, first["text"], lines, first["document"], int(first["reverses"]))
    return Posted(number, entry, *signed)


def _projects(folder: Path) -> tuple[Project, ...]:
    shares, flows = shares_in(folder), flows_in(folder)
    rows = table_in(folder, "projects.csv")
    unknown = sorted({*shares, *flows} - {row["project"] for row in rows})
    if unknown:
        raise InvalidTableError(
            f"{folder}: shares.csv or flows.csv name projects that projects.csv does not hold: "
            f"{', '.join(unknown[:5])}."
        )
    return tuple(
        Project(
            row["project"],
            row["title"],
            tuple(flows.get(row["project"], ())),
            part_of=row["part_of"],
            stage=row["stage"],
            **{
                name: shares.get(row["project"], {}).get(dimension, {})
                for name, dimension in _DIMENSION_OF.items()
            },
        )
        for row in rows
    )


_DIMENSION_OF = {
    "actions": "action", "states": "state", "species": "species", "landscapes": "landscape",
}  # fmt: skip


def _need(row: dict[str, Any]) -> Need:
    return Need(
        row["action"],
        money(row["low"], row["currency"]),
        money(row["high"], row["currency"]),
        _day(row["day"]),
        row["source"],
        states=dict.fromkeys(row.get("states", ())),
        species=dict.fromkeys(row.get("species", ())),
        landscapes=dict.fromkeys(row.get("landscapes", ())),
        part=row["part"],
    )


def _rate(row: dict[str, Any]) -> Rate:
    rate = _decimal(row["rate"])
    return Rate(row["of"], row["to"], rate, _day(row["first"]), _day(row["last"]), row["source"])


def _call(row: dict[str, Any]) -> Call:
    bounds = [
        money(row[name], row["currency"]) if row[name] else None for name in ("smallest", "largest")
    ]
    lists = ("states", "species", "themes", "organisation_kinds")
    return Call(
        row["call"],
        row["title"],
        row["donor"],
        _day(row["opens"]) if row["opens"] else None,
        _day(row["closes"]) if row["closes"] else None,
        Eligibility(
            **{name: tuple(row.get(name, ())) for name in lists},
            smallest=bounds[0],
            largest=bounds[1],
            cofinance_percent=_decimal(row["cofinance_percent"] or "0"),
        ),
        row["source"],
        row["champion"],
    )


def _cell(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return tuple(value)
    if isinstance(value, str):
        return original_text(value)
    return "" if value is None or pd.isna(value) else value


def _decimal(digits: str) -> Decimal:
    try:
        found = Decimal(str(digits))
    except InvalidOperation:
        raise InvalidTableError(f"{digits!r} is no amount; write digits with a point.") from None
    if not found.is_finite():
        raise InvalidTableError(f"{digits!r} is no amount; write digits with a point.")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidTableError(f"{text!r} is no day; write it as 2024-05-03.") from None


def _share(text: str) -> Fraction | None:
    try:
        return Fraction(text) if text else None
    except (ValueError, ZeroDivisionError):
        raise InvalidTableError(f"{text!r} is no share; write 1/3 or 0.25.") from None
