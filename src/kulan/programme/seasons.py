"""Which months matter for which species."""

import pandas as pd

from kulan.programme.loading import load
from kulan.programme.tables import SEASONS


def seasons() -> pd.DataFrame:
    """Return the calendar of births, rut and migration. See `tables.SEASONS`.

    `months` and `peak_months` are tuples of integers from 1 to 12 in order of time, so a season
    over the new year reads (11, 12, 1).
    """
    calendar = load(SEASONS)
    for name in ("months", "peak_months"):
        calendar[name] = calendar[name].map(lambda items: tuple(int(item) for item in items))
    return calendar
