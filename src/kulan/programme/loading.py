"""Read the package's own tables once, and hand out copies."""

from functools import cache
from importlib.resources import files

import pandas as pd

from kulan.schemas import Table, read_table

DATA = files("kulan.programme") / "data"


def load(table: Table) -> pd.DataFrame:
    """Return a fresh copy of one of the package's tables.

    Parameters
    ----------
    table
        Its declaration; the file in `programme/data` bears its name without the area's.
    """
    return _read_once(table).copy()


@cache
def _read_once(table: Table) -> pd.DataFrame:
    return read_table(DATA / f"{table.name.removeprefix('programme_')}.csv", table)
