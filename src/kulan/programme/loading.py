"""Read the package's own tables once, and hand out copies."""

from functools import cache
from importlib.resources import files

import pandas as pd

from kulan.schemas import Table, read_table

DATA = files("kulan.programme") / "data"


def load(file_name: str, table: Table) -> pd.DataFrame:
    """Return a fresh copy of one of the package's tables.

    Parameters
    ----------
    file_name
        Name of the CSV file in `programme/data`.
    table
        Its declaration.
    """
    return _read_once(file_name, table).copy()


@cache
def _read_once(file_name: str, table: Table) -> pd.DataFrame:
    return read_table(DATA / file_name, table)
