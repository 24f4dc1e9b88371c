"""A register as a table: what its reader reads, nothing more."""

import json
from typing import Any

import pandas as pd

from kulan.exchange.safe_cells import write_csv, write_xlsx
from kulan.programme.registers import Register
from kulan.web.policy.registers import Sight
from kulan.web.programme.registers.models import Record

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def write_register(one: Register, records: list[Record], sight: Sight, ending: str) -> bytes:
    """Return records as CSV, XLSX or JSON; codes are left as codes, so that they can come back.

    Parameters
    ----------
    one
        The register.
    records
        Of `kulan.web.policy.registers.visible_records`.
    sight
        Of whoever asked.
    ending
        ``csv``, ``xlsx`` or ``json``.
    """
    rows = [
        {"record": str(row.uid), "revision": row.revision, "stage": row.stage, **sight.data(row)}
        for row in records
    ]
    if ending == "json":
        told = {"register": one.name, "records": rows}
        return json.dumps(told, ensure_ascii=False, indent=1).encode()
    names = ["record", "revision", "stage", *(field.name for field in one.fields)]
    table = pd.DataFrame({name: [_cell(one, name, row) for row in rows] for name in names})
    return write_csv(table) if ending == "csv" else write_xlsx(table, one.name)


def _cell(one: Register, name: str, row: dict[str, Any]) -> Any:
    value = row.get(name)
    if isinstance(value, list):
        separator = "\n" if one.field(name).kind == "lines" else "; "
        return separator.join(value)
    return "" if value is None else value
